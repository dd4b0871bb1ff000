"""Every screen, wide and narrow, in Korean and English: nothing scrolls sideways; pictures go to HAETAE_SCREENSHOTS."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.conftest import PATIENCE_MS, Server, Visitor, complaints_checked

pytestmark = pytest.mark.browser

SCREENS = {
    "home": "/",
    "systems": "/systems",
    "tasks": "/assessment?assessment={done}",
    "tasks-draft": "/assessment?assessment={draft}",
    "answer-draft": "/answer?assessment={draft}&section=functions",
    "impacts": "/impacts?assessment={done}",
    "impacts-draft": "/impacts?assessment={draft}",
    "answer-read": "/answer?assessment={done}&section=scope",
    "answer-numbers": "/answer?assessment={draft}&section=people_severity",
    "area-draft": "/answer?assessment={draft}&questionnaire=area",
    "impact-draft": "/answer?assessment={draft}&questionnaire=impact&section=target",
    "impact-rows": "/answer?assessment={draft}&questionnaire=impact&section=training_data",
    "impact-read": "/answer?assessment={done}&questionnaire=impact&section=training_data",
    "involvement": "/involvement?assessment={done}",
    "part-read": "/involvement?assessment={done}&section=divergence",
    "part-draft": "/involvement?assessment={draft}&section=authority",
    "review": "/review?assessment={done}",
    "review-draft": "/review?assessment={draft}",
    "decide": "/decide?assessment={done}",
    "history": "/history?assessment={done}",
}


@pytest.fixture(scope="module")
def numbers(server: Server, browser: Browser) -> dict[str, str]:
    """A finished assessment, and a draft with one answer."""
    context = browser.new_context()
    context.set_default_timeout(PATIENCE_MS)
    visitor = Visitor(context.new_page(), server.address).sign_in("example-author")
    done, draft = visitor.number_of("면접길잡이"), visitor.start("채용")
    page = visitor.go(f"/answer?assessment={draft}&section=scope").page
    used = page.locator(f".st-key-a{draft}-1-hiring-used_in_hiring-box")
    used.get_by_text("모집부터 선발까지").click()
    used.locator(".h-saved").wait_for()
    context.close()
    return {"done": done, "draft": draft}


@pytest.mark.parametrize("language", ["ko", "en"])
@pytest.mark.parametrize("width", [1280, 390])
def test_no_screen_scrolls_sideways_and_its_language_is_said(
    server: Server, browser: Browser, numbers: dict[str, str], width: int, language: str
) -> None:
    context = browser.new_context(viewport={"width": width, "height": 900})
    context.set_default_timeout(PATIENCE_MS)
    with complaints_checked(context) as page:
        visitor = Visitor(page, server.address)
        page.goto(f"{server.address}/language/{language}")
        page.goto(f"{server.address}/enter")
        _keep(visitor, f"enter-{width}-{language}")
        visitor.sign_in("example-author", language)
        for name, path in SCREENS.items():
            visitor.go(path.format(**numbers))
            expect(page.locator("html"), name).to_have_attribute("lang", language)
            wide = page.evaluate(_WIDEST)
            assert wide <= width, f"{name}: {wide} px at {width} px"
            expect(page.locator("h1"), name).to_have_count(1)
            expect(page.locator(".h-notice.h-bad"), name).to_have_count(0)
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
