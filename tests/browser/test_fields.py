"""Nothing typed is lost: whatever happens while somebody writes, every field keeps its words and its mark tells the truth.

Each event of EVENTS happens right after a long answer, a note, a number and a choice were written, before anything rests. What
counts is what the database holds in the end, and that no mark ever said *saved* of anything else.
"""

from __future__ import annotations

import json
import os
import socket
import sqlite3
import threading
import time
import warnings
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from dataclasses import dataclass
from functools import partial

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect
from playwright.sync_api import Error as PlaywrightError

from tests.browser.conftest import (
    HOMES,
    PATIENCE_MS,
    READY,
    Server,
    Visitor,
    complaints_checked,
    context_of,
    free_port,
    open_address,
)

pytestmark = pytest.mark.browser

KILLS = int(os.environ.get("HAETAE_KILLS", "200" if os.environ.get("HAETAE_TORTURE") else "20"))
TEXT, NUMBER, CHOICE = "time_statement", "time_minutes", "time_practicable"
OFFLINE = "연결이 끊겼습니다. 입력하신 내용은 이 브라우저에 보관되며, 다시 연결되면 저장됩니다."


class Relay:
    """A network between browser and server that can be cut."""

    def __init__(self, to: int) -> None:
        self.to, self.port = to, free_port()
        self.is_open = True
        self._pairs: list[socket.socket] = []
        self._listener = socket.create_server(("127.0.0.1", self.port))
        threading.Thread(target=self._accept, daemon=True).start()

    def cut(self) -> None:
        self.is_open = False
        for end in self._pairs:
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
        self._pairs.clear()

    def mend(self) -> None:
        self.is_open = True

    def close(self) -> None:
        self.cut()
        self._listener.close()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                near, _ = self._listener.accept()
                try:
                    assert self.is_open
                    far = socket.create_connection(("127.0.0.1", self.to))
                except (AssertionError, OSError):
                    near.close()
                    continue
                self._pairs += [near, far]
                for one, other in ((near, far), (far, near)):
                    threading.Thread(target=self._pass_on, args=(one, other), daemon=True).start()

    def _pass_on(self, one: socket.socket, other: socket.socket) -> None:
        with suppress(OSError):
            while content := one.recv(65536):
                other.sendall(content)
        for end in (one, other):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()


@dataclass
class Desk:
    """A claim's page on time, with a field of each kind, and the database behind it."""

    server: Server
    relay: Relay
    visitor: Visitor
    number: str

    @property
    def page(self) -> Page:
        return self.visitor.page

    @property
    def path(self) -> str:
        return f"/involvement?assessment={self.number}&section=time"

    def box(self, question: str) -> Locator:
        return self.page.locator(f".st-key-a{self.number}-1-involvement-{question}-box")

    def write(self, words: str, minutes: int, option: str) -> None:
        """All four fields, the long answer last; nothing is waited for."""
        self.box(CHOICE).get_by_role("radio").nth(int(option)).check()
        self.box(NUMBER).get_by_role("textbox").first.fill(str(minutes))
        note = self.box(TEXT).locator("details.f-note")
        if note.get_attribute("open") is None:
            note.locator("summary").click()
        note.get_by_role("textbox").fill(f"비고 {words}")
        answer = self.box(TEXT).get_by_role("textbox").first
        answer.fill("")
        answer.press_sequentially(words)

    def stored(self) -> dict[str, tuple[object, str]]:
        """Question → answer and note, as they lie in the database."""
        with closing(
            sqlite3.connect(f"file:{self.server.home / 'haetae.db'}?mode=ro", uri=True, timeout=30)
        ) as database:
            rows = database.execute(
                "SELECT question, answer, note FROM response JOIN revision ON revision.id = revision_id"
                " WHERE assessment_id = ? AND questionnaire = 'involvement'",
                (int(self.number),),
            ).fetchall()
        return {question: (json.loads(answer) if answer else None, note) for question, answer, note in rows}

    def holds(self, words: str, minutes: int, option: str) -> bool:
        stored = self.stored()
        chosen = self.box(CHOICE).get_by_role("radio").nth(int(option)).get_attribute("value")
        return (
            stored.get(TEXT) == (words, f"비고 {words}")
            and stored.get(NUMBER, (None,))[0] == minutes
            and stored.get(CHOICE, (None,))[0] == chosen
        )

    def shows(self, words: str, minutes: int, option: str) -> None:
        expect(self.box(TEXT).get_by_role("textbox").first).to_have_value(words)
        expect(self.box(TEXT).locator(".f-note textarea")).to_have_value(f"비고 {words}")
        expect(self.box(NUMBER).get_by_role("textbox").first).to_have_value(f"{minutes:,}")
        expect(self.box(CHOICE).get_by_role("radio").nth(int(option))).to_be_checked()
        for question in (TEXT, NUMBER, CHOICE):
            expect(self.box(question).locator(".f-mark")).to_contain_text("저장됨")

    def marks_tell_the_truth(self) -> None:
        """What stands under a field that says *saved* lies in the database."""
        texts = self.box(TEXT).locator(".f-mark, textarea")
        mark, words = texts.nth(1).get_attribute("data-state"), texts.first.input_value()
        if mark == "saved" and "저장됨" in texts.nth(1).inner_text():
            assert (self.stored().get(TEXT, ("",))[0] or "") == words.strip()

    def come_back(self) -> None:
        self.visitor.go(self.path)


def until(is_so: Callable[[], bool], what: str | Callable[[], str]) -> None:
    deadline = time.monotonic() + PATIENCE_MS / 1000
    while not is_so():
        assert time.monotonic() < deadline, what if isinstance(what, str) else what()
        time.sleep(0.05)


@pytest.fixture(scope="module")
def relay(server: Server) -> Iterator[Relay]:
    network = Relay(server.port)
    HOMES[f"http://127.0.0.1:{network.port}"] = server.home
    yield network
    network.close()


@pytest.fixture(scope="module")
def number(server: Server, browser: Browser) -> str:
    """An assessment whose claim relies on people, so that all its parts are asked."""
    context = context_of(browser)
    visitor = Visitor(context.new_page(), server.address).sign_in("hana")
    number = visitor.start("채용")
    page = visitor.go(f"/involvement?assessment={number}&section=claim").page
    box = page.locator('[class*="-relies_on_people-box"]')
    box.get_by_text("예", exact=True).click()
    expect(box.locator(".f-mark")).to_contain_text("저장됨")
    context.close()
    return number


@pytest.fixture
def desk(server: Server, relay: Relay, browser: Browser, number: str) -> Iterator[Desk]:
    context = context_of(browser, viewport={"width": 1280, "height": 900})
    with complaints_checked(context) as page:
        visitor = Visitor(page, f"http://127.0.0.1:{relay.port}").sign_in("hana")
        yield Desk(server, relay, visitor, number)
    context.close()


# --- what may happen while somebody writes ------------------------------------------------------------------------------


def _reload(desk: Desk) -> None:
    desk.page.reload()


def _back(desk: Desk) -> None:
    desk.page.go_back()
    desk.page.go_forward()


def _in_app_link(desk: Desk) -> None:
    desk.page.get_by_role("link", name="작업 목록").first.click()
    expect(desk.page.locator("h1")).to_have_text("작업 목록")
    desk.come_back()


def _tab_closed(desk: Desk) -> None:
    context = desk.page.context
    desk.page.close()
    desk.visitor.page = context.new_page()
    desk.come_back()


def _other_language(desk: Desk) -> None:
    desk.page.get_by_role("link", name="English").click()
    expect(desk.page.locator("html")).to_have_attribute("lang", "en")
    desk.visitor.open("/language/ko")
    desk.come_back()


def _signed_out_elsewhere(desk: Desk) -> None:
    other = desk.page.context.new_page()
    open_address(other, desk.visitor.address + "/leave")
    other.get_by_role("button").click()
    desk.page.wait_for_url("**/enter*")
    other.close()
    desk.visitor.sign_in("hana")
    desk.come_back()


def _network_away(desk: Desk) -> None:
    desk.relay.cut()
    expect(desk.page.locator(".f-banner")).to_have_text(OFFLINE)
    assert desk.page.get_by_role("dialog").count() == 0
    desk.marks_tell_the_truth()
    focused = desk.page.evaluate("document.activeElement.tagName")
    assert focused == "TEXTAREA"  # what is typed on goes where it went
    desk.relay.mend()


def _killed(desk: Desk) -> None:
    desk.server.kill()
    desk.server.start()


EVENTS = (
    _reload, _back, _in_app_link, _tab_closed, _other_language, _signed_out_elsewhere, _network_away, _killed,
)  # fmt: skip


def test_whatever_happens_right_after_the_last_key_every_field_keeps_its_words(desk: Desk) -> None:
    desk.visitor.go(f"/assessment?assessment={desk.number}")  # what is one step back
    desk.come_back()
    for turn, event in enumerate(EVENTS, 1):
        written = (f"{turn}째 글: {event.__name__} *별표*", 1_000 + turn, str(turn % 3))
        desk.write(*written)
        desk.marks_tell_the_truth()
        event(desk)
        desk.marks_tell_the_truth()
        until(lambda written=written: desk.holds(*written), f"{event.__name__}: {desk.stored()}")  # type: ignore[misc]
        desk.shows(*written)


@pytest.mark.parametrize("was_saved", [False, True], ids=["nothing_saved_before", "something_saved_before"])
def test_what_is_written_while_the_server_is_away_is_saved_by_the_next(desk: Desk, was_saved: bool) -> None:
    desk.come_back()
    if was_saved:
        desk.write("한 번 저장된 글", 7, "0")
        until(lambda: desk.holds("한 번 저장된 글", 7, "0"), "not saved")
    desk.server.kill()
    written = (f"서버가 없을 때 쓴 글 {was_saved}", 12_000 + was_saved, str(1 + was_saved))
    desk.write(*written)
    expect(desk.box(TEXT).locator(".f-mark")).to_contain_text("연결 없음")
    expect(desk.page.locator(".f-banner")).to_be_visible()
    assert not desk.holds(*written)
    desk.server.start()
    until(lambda: desk.holds(*written), "not saved by the next server")
    desk.shows(*written)


def test_a_page_whose_server_goes_before_its_fields_came_loads_itself_anew(
    server: Server, browser: Browser, number: str
) -> None:
    context = context_of(browser)
    visitor = Visitor(context.new_page(), server.address).sign_in("hana")
    page, held = visitor.page, []
    page.route("**/BidiComponent*.js", lambda route: held.append((route, route.fetch())))
    page.goto(f"{server.address}/involvement?assessment={number}&section=time")
    page.wait_for_selector(READY)
    assert held, "what draws fields comes as a script of its own"
    server.kill()
    page.wait_for_function("() => document.documentElement.dataset.socket === 'lost'")
    for route, response in held:  # fields are drawn now, where no server is
        route.fulfill(response=response)
    expect(page.get_by_text("not connected to a server").first).to_be_attached()
    page.unroute("**/BidiComponent*.js")
    server.start()
    expect(page.locator(f".st-key-a{number}-1-involvement-{TEXT}-box textarea").first).to_be_visible()
    context.close()


def test_of_two_people_the_later_keeps_the_words_until_one_text_is_chosen(desk: Desk, browser: Browser) -> None:
    desk.come_back()
    desk.write("처음 글", 3, "0")
    until(lambda: desk.holds("처음 글", 3, "0"), "not saved")
    desk.relay.cut()
    desk.box(TEXT).get_by_role("textbox").first.fill("나중 사람의 글")
    context = context_of(browser)
    other = Visitor(context.new_page(), desk.server.address).sign_in("example-author")
    other.go(desk.path)
    theirs = other.page.locator(f".st-key-a{desk.number}-1-involvement-{TEXT}-box")
    theirs.get_by_role("textbox").first.fill("먼저 사람의 글")
    expect(theirs.locator(".f-mark")).to_contain_text("윤서아")
    desk.relay.mend()
    conflict = desk.box(TEXT).locator(".f-conflict")
    expect(conflict).to_contain_text("먼저 사람의 글")
    expect(conflict).not_to_contain_text("UTC")
    expect(desk.box(TEXT).locator(".f-mark")).to_contain_text("저장하지 못함")
    desk.page.reload()
    expect(conflict).to_contain_text("먼저 사람의 글")
    expect(desk.box(TEXT).get_by_role("textbox").first).to_have_value("나중 사람의 글")
    assert desk.stored()[TEXT][0] == "먼저 사람의 글"
    conflict.get_by_role("button", name="내가 쓴 내용 유지").click()
    until(lambda: desk.stored()[TEXT][0] == "나중 사람의 글", "not chosen")
    expect(conflict).to_be_hidden()
    context.close()


def test_a_page_that_was_drawn_before_another_tab_saved_shows_what_is_saved(desk: Desk) -> None:
    """As of a page that was gone so long that another tab took its words up: it would show an older text and let it be gone on from."""
    desk.come_back()
    other, held = desk.page.context.new_page(), []
    other.route("**/BidiComponent*.js", lambda route: held.append((route, route.fetch())))
    other.goto(f"{desk.visitor.address}{desk.path}")
    other.wait_for_selector(READY)
    assert held, "what draws fields comes as a script of its own"
    desk.box(TEXT).get_by_role("textbox").first.fill("그사이 쓴 글")
    until(lambda: desk.stored().get(TEXT, ("",))[0] == "그사이 쓴 글", "not saved")
    expect(desk.box(TEXT).locator(".f-mark")).to_contain_text("저장됨")
    for route, response in held:
        route.fulfill(response=response)
    field = other.locator(f".st-key-a{desk.number}-1-involvement-{TEXT}-box textarea").first
    expect(field).to_have_value("그사이 쓴 글")
    other.close()


def test_words_are_saved_without_leaving_the_field_and_checkboxes_as_fast_as_one_ticks(desk: Desk) -> None:
    desk.come_back()
    answer = desk.box(TEXT).get_by_role("textbox").first
    answer.fill("")
    answer.press_sequentially("쉬지 않고 쓰는 동안에도 저장되는 글", delay=150)
    assert desk.stored()[TEXT][0], "nothing was saved while somebody wrote on"
    expect(desk.box(TEXT).locator(".f-mark")).to_contain_text("저장됨")
    assert desk.stored()[TEXT][0] == "쉬지 않고 쓰는 동안에도 저장되는 글"
    desk.visitor.go(f"/involvement?assessment={desk.number}&section=logs")
    powers = desk.box("logs_content")
    for place in range(4):
        powers.get_by_role("checkbox").nth(place).check()
    until(lambda: len(desk.stored().get("logs_content", ((),))[0] or ()) == 4, "not all four")  # type: ignore[arg-type]
    desk.page.reload()
    expect(powers.get_by_role("checkbox").nth(3)).to_be_checked()
    powers.get_by_role("checkbox").last.check()  # we do not know: alone
    expect(powers.locator("input:checked")).to_have_count(1)


def test_what_cannot_be_saved_stays_and_is_said_at_its_field_and_on_other_screens(desk: Desk) -> None:
    desk.come_back()
    field = desk.box(NUMBER).get_by_role("textbox").first
    field.fill("3.7")
    field.blur()
    mark = desk.box(NUMBER).locator(".f-mark")
    expect(mark).to_contain_text("소수는 적을 수 없습니다")
    expect(field).to_have_attribute("aria-invalid", "true")
    assert (mark.get_attribute("id") or "?") in (field.get_attribute("aria-describedby") or "").split()
    desk.visitor.go("/")
    unsaved = desk.page.locator(".f-kept")
    expect(unsaved).to_contain_text("저장되지 않은 답변 1개")
    unsaved.get_by_role("link").click()
    expect(field).to_have_value("3.7")
    field.fill("1만 2천")
    field.blur()
    expect(field).to_have_value("12,000")
    expect(mark).to_contain_text("읽은 값: 12,000")
    desk.visitor.go("/")
    desk.page.wait_for_timeout(2500)
    expect(unsaved).to_be_hidden()


def test_too_long_a_paste_is_cut_in_front_of_ones_eyes_and_a_removed_entry_comes_back(desk: Desk) -> None:
    desk.come_back()
    box = desk.box(TEXT)
    answer = box.get_by_role("textbox").first
    answer.fill("가" * 20_003)
    expect(box.locator(".f-problem").filter(has_text="20,000자까지 적을 수 있어 뒤의 3자를")).to_be_visible()
    expect(box.locator(".f-count").first).to_have_text("20,000자 중 20,000자")
    expect(box.locator(".f-mark")).to_contain_text("저장됨")
    answer.fill("짧게")
    expect(box.locator(".f-mark")).to_contain_text("저장됨")
    page = desk.visitor.go(f"/answer?assessment={desk.number}&questionnaire=impact&section=training_data").page
    register = page.locator(f".st-key-a{desk.number}-1-impact-data_register-box")
    register.get_by_role("button", name="항목 추가").click()
    register.get_by_role("textbox").first.fill("이력서")
    expect(register.locator(".f-mark")).to_contain_text("저장됨")
    register.get_by_role("button", name="이 항목 삭제").click()
    register.get_by_role("button", name="취소").click()
    expect(register.locator(".f-row")).to_have_count(1)
    register.get_by_role("button", name="이 항목 삭제").click()
    register.get_by_role("button", name="삭제", exact=True).click()
    expect(register.locator(".f-row")).to_have_count(0)
    register.get_by_role("button", name="되돌리기").click()
    expect(register.get_by_role("textbox").first).to_have_value("이력서")
    expect(register.locator(".f-mark")).to_contain_text("저장됨")
    page.reload()
    expect(register.get_by_role("textbox").first).to_have_value("이력서")


def test_a_form_keeps_what_was_typed_until_its_deed_is_done(desk: Desk) -> None:
    page = desk.visitor.go("/systems").page
    fold = page.get_by_text("사업자 등록", exact=True).last
    name = page.get_by_role("textbox", name="사업자 명칭")
    button = page.get_by_role("button", name="사업자 등록하기")
    fold.click()
    name.fill("해태 저축은행")
    page.reload()
    expect(name).to_have_value("해태 저축은행")
    restored = page.locator(".f-news:visible").filter(has_text="에 적은 초안, 저장 안 됨")
    restored.get_by_role("button", name="버리기").click()
    expect(name).to_have_value("")
    name.fill("해태 캐피탈")
    page.evaluate("document.documentElement.dataset.old = 'yes'")
    desk.server.kill()
    desk.server.start()
    expect(page.locator("html")).not_to_have_attribute("data-old", "yes")  # it loaded itself anew
    expect(name).to_have_value("해태 캐피탈")
    expect(restored).to_be_visible()
    button.click()
    expect(page.get_by_text("저장하였습니다: 해태 캐피탈").or_(page.get_by_text("해태 캐피탈")).first).to_be_visible()
    desk.visitor.go("/systems")
    fold.click()
    expect(name).to_have_value("")
    expect(page.get_by_role("heading", name="해태 캐피탈")).to_have_count(1)


# --- a server that dies again and again -----------------------------------------------------------------------------------

TYPING = """() => {
  const box = sessionStorage.getItem("typing-in");
  if (!box) { return; }
  const truth = () => sessionStorage.getItem("typed") || "";
  const fault = (text) => sessionStorage.setItem("fault", (sessionStorage.getItem("fault") || "") + text + "\\n");
  let began = Date.now(), ready = false, beats = 0;
  setInterval(() => {
    const field = document.querySelector(`.${box} .f-written textarea`), mark = document.querySelector(`.${box} .f-mark`);
    if (!field || !mark) { return; }
    if (!ready) {  // words come back into the field by themselves
      if (field.value.trim() !== truth().trim()) {
        if (Date.now() - began > 60000) { fault(`back: ${JSON.stringify(field.value)} for ${JSON.stringify(truth())}`); began = Infinity; }
        return;
      }
      ready = true;
    }
    if (mark.dataset.state === "saved") { sessionStorage.setItem("saved", field.value.trim()); }
    if (sessionStorage.getItem("rest")) { return; }
    if (document.activeElement !== field) { field.focus(); }
    field.setSelectionRange(field.value.length, field.value.length);
    if (++beats > 8 && beats % 10) { return; }  // fast at first, then slowly, so that it ends below what a field takes
    const count = Number(sessionStorage.getItem("count") || 0) + 1;
    const isTyped = document.execCommand("insertText", false, `${/\\S$/.test(field.value) ? " " : ""}${count} `);
    if (!isTyped) { return; }  // a field that goes takes no key
    sessionStorage.setItem("count", String(count));
    sessionStorage.setItem("typed", field.value);
    if (mark.dataset.state === "saved") { fault("an old mark stood under " + field.value); }
  }, 90);
}"""
FIELDS = ("overview", "purpose", "field", "use_steps", "period_and_frequency")


def test_five_pages_type_while_the_server_is_killed_again_and_again(
    server: Server, browser: Browser, number: str
) -> None:
    context = context_of(browser)
    Visitor(context.new_page(), server.address).sign_in("hana")
    context.add_init_script(f"({TYPING})()")
    pages = [_typist(context, server, number, question) for question in FIELDS]
    for turn in range(KILLS):
        pages[0].wait_for_timeout(300 + 97 * turn % 1700)  # at another moment of its saving each time
        server.kill()
        stored = _impact(server, number)
        for page, question in zip(pages, FIELDS, strict=True):
            saved = _remembered(page, "saved")
            there = stored.get(question, "")
            assert there.startswith(saved), (
                f"kill {turn}, {question}: marked saved …{saved[-60:]}, stored …{there[-60:]}"
            )
            assert not _remembered(page, "fault"), f"kill {turn}, {question}"
        server.start()
        for page, question in zip(pages, FIELDS, strict=True):  # the page is there again and types on
            address = f"{server.address}/answer?assessment={number}&questionnaire=impact&section=target"
            types_on = partial(_types_on, page, _remembered(page, "count"), address, [time.monotonic()])
            until(types_on, partial(_state, page, f"kill {turn}, {question}"))
    for page in pages:
        until(partial(_rests, page), "the page never stands still")
    for page, question in zip(pages, FIELDS, strict=True):
        expect(page.locator(f".st-key-a{number}-1-impact-{question}-box .f-mark")).to_contain_text("저장됨")
        assert not page.evaluate("sessionStorage.getItem('fault')"), question
        typed = page.evaluate("sessionStorage.getItem('typed')").strip()
        assert _impact(server, number)[question] == typed
        words = typed.split()
        assert words == [str(count) for count in range(1, len(words) + 1)]
    context.close()


def _remembered(page: Page, name: str) -> str:
    """Empty also while the page is between two documents."""
    with suppress(PlaywrightError):
        return str(page.evaluate("(name) => sessionStorage.getItem(name) || ''", name))
    return ""


def _rests(page: Page) -> bool:
    """Types no more. False: it is between two documents."""
    with suppress(PlaywrightError):
        page.evaluate("sessionStorage.setItem('rest', '1')")
        return True
    return False


def _types_on(page: Page, count: str, address: str, since: list[float]) -> bool:
    """A page that was killed while it loaded itself anew stands on the browser's own, or between two documents for good, or before
    one of which the head of the answer came and nothing else: its reader opens it again, and of the last two it is told. since: when
    it last showed a document."""
    is_there = False
    with suppress(PlaywrightError):
        is_there = bool(page.evaluate("document.documentElement !== null"))
    is_stuck = not is_there and time.monotonic() - since[0] > 20
    if is_stuck:
        warnings.warn(f"The browser stood between two documents on its way to {page.url}", stacklevel=2)
    if is_there or is_stuck:
        since[:] = [time.monotonic()]
    if is_stuck or page.url.startswith("chrome-error:"):
        with suppress(PlaywrightError):
            page.goto(address, timeout=PATIENCE_MS / 3)
    return _remembered(page, "count") not in ("", count)


def _state(page: Page, what: str) -> str:
    """As far as it can be told; a document of which nothing arrived has no element either."""
    looks = (
        "document.readyState",
        "JSON.stringify({...sessionStorage})",
        "JSON.stringify(performance.getEntriesByType('navigation'))",
        "String(document.documentElement?.outerHTML).slice(0, 3000)",
    )
    seen = [f"{what} is still: {page.url}"]
    for look in looks:
        try:
            seen.append(f"{look}: {page.evaluate(look)}")
        except PlaywrightError as error:
            seen.append(f"{look}: {error}")
    return "\n".join(seen)


def _typist(context: BrowserContext, server: Server, number: str, question: str) -> Page:
    page = context.new_page()
    Visitor(page, server.address).go(f"/answer?assessment={number}&questionnaire=impact&section=target")
    page.evaluate("(box) => sessionStorage.setItem('typing-in', box)", f"st-key-a{number}-1-impact-{question}-box")
    page.evaluate(TYPING)
    return page


def _impact(server: Server, number: str) -> dict[str, str]:
    with closing(sqlite3.connect(f"file:{server.home / 'haetae.db'}?mode=ro", uri=True, timeout=30)) as database:
        rows = database.execute(
            "SELECT question, answer FROM response JOIN revision ON revision.id = revision_id"
            " WHERE assessment_id = ? AND questionnaire = 'impact'",
            (int(number),),
        ).fetchall()
    return {question: str(json.loads(answer) or "") for question, answer in rows if answer}
