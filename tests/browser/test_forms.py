"""Every form keeps its draft: what was entered is there again whatever happened, and gone once the form's deed is done."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect
from playwright.sync_api import Error as PlaywrightError

from assessments.model import Role
from assessments.people import add_person
from tests.browser.conftest import (
    COMMAND,
    PATIENCE_MS,
    Server,
    Visitor,
    complaints_checked,
    context_of,
    free_port,
    open_address,
)

pytestmark = pytest.mark.browser
EXAMPLE = "면접길잡이"
RIGHT = "평등권"


@dataclass(frozen=True)
class Form:
    """A form that is left half filled."""

    path: str
    opener: str
    """What opens it; empty: it is open."""
    key: str
    """How the keys of its fields begin."""
    entries: dict[str, str]
    """End of a field's key → words, or the value of an option or a tick."""

    def field(self, page: Page, name: str) -> Locator:
        return page.locator(f'[data-field$=":form:{self.key}{name}"]')

    def fill(self, visitor: Visitor) -> None:
        page = visitor.go(self.path).page
        if self.opener:
            page.get_by_text(self.opener, exact=True).first.click()
        for name, entry in self.entries.items():
            box = self.field(page, name)
            box.wait_for()
            if box.locator("select").count():
                box.locator("select").select_option(entry)
            elif box.get_by_role("textbox").count():
                box.get_by_role("textbox").fill(entry)
            else:
                tick = box.locator(f'input[value="{entry}"], input:not([value])')
                for _ in range(5):  # a form that has just opened may still move under the pointer
                    with suppress(PlaywrightError):
                        tick.check()
                        break
                expect(tick).to_be_checked()

    def is_back(self, page: Page) -> None:
        """All of it, each with the offer to discard it; nothing has to be opened for that."""
        for name, entry in self.entries.items():
            box = self.field(page, name)
            expect(box.get_by_role("button", name="버리기")).to_be_visible()
            if box.locator("select, textarea, input[type=text]").count():
                expect(box.locator("select, textarea, input[type=text]")).to_have_value(entry)
            else:
                expect(box.locator(f'input[value="{entry}"], input:not([value])')).to_be_checked()

    def is_gone(self, page: Page) -> None:
        """Nothing is drawn of it or kept in the browser."""
        expect(page.locator(f'[data-field*=":form:{self.key}"] .f-news:visible')).to_have_count(0)
        page.wait_for_function("key => !JSON.stringify(localStorage).includes(`:form:${key}`)", arg=self.key)


PLACES = """(label) => {
  const main = document.querySelector('[data-testid="stMain"]');
  window.places = [];
  const look = () => {
    for (const button of document.querySelectorAll("button")) {
      if (button.textContent.trim() !== label || getComputedStyle(button).visibility !== "visible") { continue; }
      const place = Math.round(button.getBoundingClientRect().top + main.scrollTop);
      if (window.places.at(-1) !== place) { window.places.push(place); }
    }
    requestAnimationFrame(look);
  };
  look();
}"""
"""Keeps in window.places how far down the button of this label was seen, each time it moved."""


def draft_forms(number: str) -> list[Form]:
    """number: assessment of the first system, open as revision 2."""
    impacts, new = f"/impacts?assessment={number}", f"scenario-{number}-2-new-"
    measure, evidence = f"measure-{number}-2-", f"e{number}-2-authority-new-"
    judged = {"rights": RIGHT, f"{RIGHT}-effect": "낮은 등급", f"{RIGHT}-before-scale": "high"}
    return [
        Form("/systems", "사업자 등록", "operator-new-", {"name": "반만 적은 사업자", "separation": "2"}),
        Form("/systems?operator=1", "사업자 정보 수정", "operator-1-", {"supervisor_name": "한지우"}),
        Form("/systems?operator=1", "시스템 등록", "system-new-1-", {"name_ko": "새 시스템", "summary_ko": "하나\n둘"}),
        Form("/systems?operator=1", "정보 수정", "system-1-1-", {"name_en": "Half a name"}),
        Form(impacts, "시나리오 추가", new, {"text": "누구에게", "direct": "지원자", **judged}),
        Form(
            impacts,
            "관리방안 추가",
            f"{measure}new-",
            {"text": "본다", "kind": "prevention", "due": "2027년 1월 말"},
        ),
        Form(impacts, "관리방안 1 고치기", f"{measure}m1-", {"owner": "인사팀", "out": "yes"}),
        Form(
            f"/review?assessment={number}",
            "제외할 값 표시",
            f"w{number}-2-new-",
            {"kind": "personal", "reason": "이름"},
        ),
        Form(
            f"/involvement?assessment={number}&section=time",
            "파일 첨부",
            evidence,
            {"title": "반만", "on": "2026. 3. 2.", "for": "reasons"},
        ),
    ]


def revised(visitor: Visitor) -> str:
    """The example's next revision, open as a draft."""
    page = visitor.sign_in("hana").page
    number = visitor.number_of(EXAMPLE)
    visitor.go(f"/assessment?assessment={number}")
    visitor.open_fold("새 개정판 시작")
    page.get_by_role("button", name="개정 2판 열기").click()
    expect(page.get_by_text("개정 2판 초안을 열었습니다").first).to_be_visible()
    return number


def test_a_form_that_was_half_filled_comes_back_whole(server: Server, visitor: Visitor) -> None:
    number, page = revised(visitor), visitor.page
    forms = draft_forms(number)
    for form in forms:
        form.fill(visitor)
    page.reload()
    forms[-1].is_back(page)
    server.kill()
    server.start()
    forms[-1].is_back(page)
    for form in forms:
        visitor.go(form.path)
        form.is_back(page)

    scenario = forms[4]
    visitor.go(scenario.path)
    for happens in EVENTS.values():
        happens(visitor, scenario.path)
        scenario.is_back(page)

    visitor.sign_in("example-author").go("/systems")
    page.get_by_text("사업자 등록", exact=True).first.click()
    expect(forms[0].field(page, "name").get_by_role("textbox")).to_have_value("")
    _deeds(visitor.sign_in("hana"), forms)


def _back(visitor: Visitor, _path: str) -> None:
    visitor.go("/glossary").page.go_back()


def _link(visitor: Visitor, path: str) -> None:
    visitor.page.get_by_role("link", name="내 할 일").first.click()
    visitor.settled().go(path)


def _closed(visitor: Visitor, path: str) -> None:
    """The words are those of the browser, not of the window."""
    visitor.page.evaluate("sessionStorage.clear()")
    visitor.page.goto("about:blank")
    visitor.go(path)


def _signed_out_elsewhere(visitor: Visitor, path: str) -> None:
    other = visitor.page.context.new_page()
    open_address(other, f"{visitor.address}/leave")
    other.locator("form button").first.click()
    other.wait_for_url("**/enter*")
    other.close()
    visitor.sign_in("hana").go(path)


def _language(visitor: Visitor, path: str) -> None:
    visitor.open("/language/en")
    visitor.open("/language/ko")
    visitor.go(path)


def _offline(visitor: Visitor, path: str) -> None:
    visitor.page.context.set_offline(True)
    visitor.page.wait_for_timeout(300)
    visitor.page.context.set_offline(False)
    visitor.go(path)


EVENTS: dict[str, Callable[[Visitor, str], None]] = {
    "back button": _back,
    "link": _link,
    "language": _language,
    "closed tab": _closed,
    "signed out elsewhere": _signed_out_elsewhere,
    "no network": _offline,
}


def _deeds(visitor: Visitor, forms: list[Form]) -> None:
    """What is refused stays, with the reason at its field; what is done is gone, also after a reload."""
    page, measure = visitor.page, forms[5]
    visitor.go(measure.path)
    measure.is_back(page)
    page.get_by_role("button", name="관리방안 추가하기").click()
    due = measure.field(page, "due").get_by_role("textbox")
    expect(due).to_have_attribute("aria-invalid", "true")
    expect(due).to_have_accessible_description(re.compile("날짜로 읽을 수 없습니다"))
    expect(due).to_be_focused()
    due.fill("2027. 1. 31.")
    page.get_by_role("button", name="관리방안 추가하기").click()
    expect(page.get_by_text("저장하였습니다").first).to_be_visible()
    measure.is_gone(page)
    visitor.go(measure.path)
    measure.is_gone(page)
    page.get_by_role("button", name="시나리오 추가하기").click()
    expect(page.locator(".st-key-scenario-s4")).to_contain_text("누구에게")
    forms[4].is_gone(page)

    visitor.go("/systems")
    forms[0].is_back(page)
    page.get_by_role("button", name="사업자 등록하기").click()
    expect(page.get_by_text("저장함: 반만 적은 사업자").or_(page.get_by_text("반만 적은 사업자")).first).to_be_visible()
    forms[0].is_gone(page)


def test_a_forms_button_comes_when_nothing_above_it_grows_any_more(visitor: Visitor) -> None:
    """Otherwise a press meets what has moved below it, such as the button that deletes."""
    page = visitor.sign_in("hana").page
    number = visitor.start("채용")
    page.context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": 6})
    visitor.go(f"/impacts?assessment={number}")
    page.evaluate(PLACES, "관리방안 추가하기")
    visitor.open_fold("관리방안 추가")
    page.get_by_role("button", name="관리방안 추가하기").wait_for()
    visitor.settled()
    assert len(page.evaluate("window.places")) == 1


DYING = f"""
import os, runpy, sys
from assessments.home import home
from pages._frame import pressing

def in_this_process(_program, words, environment):
    os.environ.update(environment)
    sys.argv = words[2:]
    runpy.run_module("streamlit", run_name="__main__", alter_sys=True)

os.execve = in_this_process

tell = pressing.tell

def told_by_nobody(*what, **more):
    if (home() / "dies-after-a-deed").exists():
        os.kill(os.getpid(), 9)
    tell(*what, **more)

pressing.tell = told_by_nobody
{COMMAND}
"""
"""A server that dies when a deed is committed, before it can say so."""


@pytest.fixture
def dying(furnished: Path, tmp_path: Path) -> Iterator[Server]:
    home = tmp_path / "home"
    shutil.copytree(furnished, home)
    running = Server(free_port(), home, code=DYING)
    add_person(home, "hana", "김하나", [Role.PRODUCT_MANAGER])
    try:
        running.start()
        yield running
    finally:
        running.stop()


def test_a_deed_whose_server_died_before_it_could_say_so_is_not_offered_again(dying: Server, browser: Browser) -> None:
    context = context_of(browser, viewport={"width": 1280, "height": 900})
    with complaints_checked(context) as page:
        visitor = Visitor(page, dying.address).sign_in("hana").go("/systems")
        visitor.open_fold("사업자 등록")
        name = page.get_by_role("textbox", name="사업자 명칭")
        name.fill("한 번뿐인 저축은행")
        until = dying.home / "dies-after-a-deed"
        until.touch()
        page.get_by_role("button", name="사업자 등록하기").click()
        assert dying.process is not None
        dying.process.wait(timeout=PATIENCE_MS / 1000)
        assert "operator-new-name" in page.evaluate("JSON.stringify(localStorage)"), "the browser was told of nothing"
        until.unlink()
        page.evaluate("document.documentElement.dataset.old = 'yes'")
        dying.start()
        expect(page.locator("html")).not_to_have_attribute("data-old", "yes")  # it loaded itself anew
        page.wait_for_function("() => !JSON.stringify(localStorage).includes('operator-new-name')")
        visitor.settled()
        expect(page.locator(".f-news:visible")).to_have_count(0)
        visitor.go("/systems")
        expect(page.get_by_role("heading", name="한 번뿐인 저축은행")).to_have_count(1)
        expect(name).to_have_count(0)  # nothing opened the form again
        visitor.open_fold("사업자 등록")
        expect(name).to_have_value("")
    context.close()
