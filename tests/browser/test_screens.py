"""Every screen, wide and narrow, in Korean and English: nothing scrolls sideways; pictures go to HAETAE_SCREENSHOTS."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.browser.conftest import Server, Visitor, complaints_checked

pytestmark = pytest.mark.browser

SCREENS = {
    "home": "/",
    "systems": "/systems",
    "tasks": "/assessment?assessment=1",
    "tasks-draft": "/assessment?assessment=2",
    "answer-draft": "/answer?assessment=2&section=functions",
    "answer-read": "/answer?assessment=1&section=scope",
    "answer-numbers": "/answer?assessment=2&section=people_severity",
    "involvement": "/involvement?assessment=1",
    "part-read": "/involvement?assessment=1&section=divergence",
    "part-draft": "/involvement?assessment=2&section=authority",
    "review": "/review?assessment=1",
    "review-draft": "/review?assessment=2",
    "decide": "/decide?assessment=1",
    "verify": "/verify",
    "history": "/history?assessment=1",
}


@pytest.fixture(scope="module", autouse=True)
def draft(server: Server, browser: Browser) -> None:
    """A second assessment with one answer, so that drafts are seen too."""
    context = browser.new_context()
    page = context.new_page()
    visitor = Visitor(page, server.address).sign_in("example-author").go("/systems")
    page.get_by_role("button", name="평가 시작").first.click()
    page.get_by_role("button", name="시작", exact=True).click()
    page.get_by_text("평가 2번 초안을 열었습니다").wait_for()
    visitor.go("/answer?assessment=2&section=scope")
    page.locator(".st-key-a2-1-hiring-used_in_hiring-box").get_by_text("모집부터 선발까지").click()
    page.locator(".st-key-a2-1-hiring-used_in_hiring-box .h-saved").wait_for()
    context.close()


@pytest.mark.parametrize("language", ["ko", "en"])
@pytest.mark.parametrize("width", [1280, 390])
def test_no_screen_scrolls_sideways_and_its_language_is_said(
    server: Server, browser: Browser, width: int, language: str
) -> None:
    context = browser.new_context(viewport={"width": width, "height": 900})
    with complaints_checked(context) as page:
        visitor = Visitor(page, server.address)
        page.goto(f"{server.address}/language/{language}")
        page.goto(f"{server.address}/enter")
        _keep(visitor, f"enter-{width}-{language}")
        visitor.sign_in("example-author", language)
        for name, path in SCREENS.items():
            visitor.go(path)
            assert page.evaluate("document.documentElement.lang") == language
            wide = page.evaluate(_WIDEST)
            assert wide <= width, f"{name}: {wide} px at {width} px"
            assert page.locator("h1").count() == 1, name
            assert page.locator(".h-notice.h-bad").count() == 0, name
            _keep(visitor, f"{name}-{width}-{language}")
    context.close()


_WIDEST = """() => {
  const main = document.querySelector('[data-testid="stMain"]');
  return Math.max(document.documentElement.scrollWidth, main ? main.scrollWidth : 0,
    ...[...document.querySelectorAll('.stHtml *')].filter(e => e.offsetParent && getComputedStyle(e).position !== 'absolute')
      .map(e => Math.ceil(e.getBoundingClientRect().right)));
}"""


def _keep(visitor: Visitor, name: str) -> None:
    """A picture of the whole screen, where somebody wants to look at it."""
    folder = os.environ.get("HAETAE_SCREENSHOTS")
    if not folder:
        return
    page, size = visitor.page, visitor.page.viewport_size or {"width": 1280, "height": 900}
    height = page.evaluate(
        "Math.max(document.documentElement.scrollHeight, document.querySelector('[data-testid=\"stMain\"]')?.scrollHeight || 0)"
    )
    page.set_viewport_size({"width": size["width"], "height": min(int(height), 7000)})
    page.wait_for_timeout(250)
    Path(folder).mkdir(parents=True, exist_ok=True)
    page.screenshot(path=Path(folder) / f"{name}.png")
    page.set_viewport_size(size)
