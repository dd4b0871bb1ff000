"""A double click on any button that does something: one deed in the history, and its success on the screen."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from assessments.decision_log import making
from tests.browser.conftest import Server, Visitor

pytestmark = [pytest.mark.browser, pytest.mark.slow]

EXAMPLE, CHAIR, OFFICER = "면접길잡이", "example-chair", "example-officer"
SEALED = '[data-testid="stExpander"]'
ROOT = Path(__file__).parents[2]
ANSWERS = {"ai_system": "yes", "korea_link": "in_korea", "defence": "no", "areas": "hiring"}


@dataclass
class Clicks:
    """Somebody whose every press is a double click, and the history of what came of it."""

    server: Server
    visitor: Visitor

    @property
    def page(self) -> Page:
        return self.visitor.page

    def events(self, after: int = 0) -> list[tuple[int, str]]:
        with closing(
            sqlite3.connect(f"file:{self.server.home / 'haetae.db'}?mode=ro", uri=True, timeout=30)
        ) as database:
            rows = database.execute("SELECT seq, kind FROM event WHERE seq > ? ORDER BY seq", (after,)).fetchall()
        return [(int(number), str(kind)) for number, kind in rows]

    def __call__(self, button: Locator | str, *kinds: str, news: str = ".h-notice.h-good", says: str = "") -> None:
        """kinds: of the events that one press leaves. news, says: what shows the success."""
        if isinstance(button, str):
            button = self.page.get_by_role("button", name=button, exact=True)
        last = max((number for number, _kind in self.events()), default=0)
        self.page.evaluate(
            "(news) => { for (const old of document.querySelectorAll(news)) { old.dataset.old = 'yes'; } }", news
        )
        self.visitor.settled()
        button.dblclick()
        shown = self.page.locator(f"{news}:not([data-old])").filter(has_text=says)
        expect(shown.first).to_be_visible(timeout=300_000)
        self.visitor.settled()
        expect(self.page.locator(".h-notice.h-bad")).to_have_count(0)
        expect(self.page.locator(news).filter(has_text=says).first).to_be_visible()
        came = [kind for _number, kind in self.events(last)]
        assert came == [*kinds], (str(button), came)

    def field(self, ending: str) -> Locator:
        return self.page.locator(f'[data-field$=":form:{ending}"]').first

    def type(self, ending: str, text: str) -> None:
        self.field(ending).locator("input, textarea").first.fill(text)

    def choose(self, ending: str, value: str) -> None:
        self.field(ending).locator(f'input[value="{value}"], input:not([value])').first.check()

    def open(self, key: str) -> None:
        """A fold, if it is not open; what is inside is drawn once it is."""
        fold = self.page.locator(f'[class*="st-key-{key}-fold"]').first
        if fold.locator("details").first.get_attribute("open") is None:
            fold.locator("summary").first.click()
        fold.get_by_role("button").first.wait_for()
        self.visitor.settled()

    def attach(self, path: Path) -> None:
        self.page.locator('input[type="file"]').first.set_input_files(path)
        expect(self.page.get_by_text(path.name).first).to_be_visible()


@pytest.fixture
def clicks(server: Server, visitor: Visitor) -> Clicks:
    return Clicks(server, visitor)


def test_a_double_click_on_any_button_is_one_deed_and_shows_its_success(clicks: Clicks, tmp_path: Path) -> None:
    visitor = clicks.visitor.sign_in("hana")
    number = visitor.number_of(EXAMPLE)
    draft, twin = _register(clicks)
    _answers(clicks, draft, twin)
    _log(clicks, twin, tmp_path)
    _draft(clicks, number)
    _steps(clicks, number)
    visitor.sign_in("hana").go(f"/assessment?assessment={twin}")
    clicks.open(f"delete-{twin}")
    clicks("이 초안 삭제하기", "delete_draft")
    _record(clicks, number, tmp_path)


def _register(clicks: Clicks) -> tuple[str, str]:
    """An operator and a system of its own with two drafts; their numbers."""
    visitor, page = clicks.visitor, clicks.page
    visitor.go("/systems")
    clicks.open("register-operator")
    clicks.type("operator-new-name", "두번 주식회사")
    clicks("사업자 등록하기", "register_operator")
    operator = page.url.partition("operator=")[2].partition("&")[0]
    clicks.open(f"register-{operator}")
    clicks.type(f"system-new-{operator}-name_ko", "두번 시스템")
    clicks("시스템 등록하기", "register_system")
    address = f"/systems?operator={operator}"
    visitor.go(address)
    clicks.open(f"operator-{operator}")
    clicks.type(f"operator-{operator}-supervisor_name", "한지우")
    clicks("저장", "change_operator")
    visitor.go(address)
    page.locator("summary").filter(has_text="정보 수정").last.click()
    page.locator('[data-field*=":form:system-"][data-field$="-version"]').locator("input").fill("2.0")
    clicks("저장", "change_system")
    drafts = []
    for label in ("시작", "하나 더 시작"):
        visitor.go(address)
        visitor.open_fold("평가 시작")
        page.get_by_role("radiogroup", name="영역").get_by_text("채용", exact=True).click()
        if label != "시작":
            page.get_by_role("button", name="시작", exact=True).dblclick()
            expect(
                page.get_by_text("이미 이 영역의 초안이 있습니다").or_(page.get_by_role("button", name=label)).first
            ).to_be_visible()
        clicks(label, "start_assessment")
        drafts.append(page.url.partition("assessment=")[2].partition("&")[0])
    return drafts[0], drafts[1]


def _answers(clicks: Clicks, draft: str, twin: str) -> None:
    """Several questions at once, and those that the other draft has answered."""
    visitor, page = clicks.visitor, clicks.page
    section = "questionnaire=hiring&section=oversight_redress"
    visitor.go(f"/answer?assessment={draft}&{section}")
    together = page.locator('[class*="st-key-together-"]').filter(has=page.get_by_role("button")).first
    count = int("".join(filter(str.isdigit, together.inner_text().partition(":")[0])))
    clicks(together.get_by_role("button").first, *["record_response"] * count)
    visitor.go(f"/answer?assessment={twin}&{section}")
    clicks(page.get_by_role("button", name="이 답변 사용").first, "record_response")


def _log(clicks: Clicks, number: str, folder: Path) -> None:
    """Handed in and dropped; handed in, confirmed, counted, held against a trigger, withdrawn."""
    visitor, page = clicks.visitor, clicks.page
    log = folder / "rubber-stamp.csv"
    making.write(making.make(making.Style("rubber-stamp"), 12, 3_000, 7), log, "rubber-stamp")
    for is_last in (False, True):
        visitor.go(f"/log?assessment={number}")
        page.locator(".h-upload input").set_input_files(log)
        page.locator(".h-upload button").dblclick()
        expect(page.get_by_text("올린 기록: rubber-stamp.csv").first).to_be_visible()
        visitor.settled()
        if not is_last:
            page.get_by_role("button", name="파일 버리기").dblclick()
            expect(page.locator(".h-upload")).to_be_visible()
    confirm = page.get_by_role("button", name="예, 맞습니다")
    confirm.dblclick()
    expect(confirm).to_have_count(0)
    expect(page.get_by_text("행을 읽는 중")).to_have_count(0)
    clicks("집계하기", "set_log")
    clicks.open("mark")
    of = f"mark-{number}-1-new-"
    for name, text in (("value", "3"), ("on", "2026-01-02"), ("reason", "지난 분기 표본 조사")):
        clicks.type(of + name, text)
    clicks("자체 기준 저장하기", "set_log_triggers")
    page.locator('[class*="st-key-mark-out-"] summary').first.click()
    clicks("자체 기준 삭제하기", "set_log_triggers")
    clicks.open("log-withdraw")
    clicks.type(f"log-{number}-1-why", "표본이 작습니다.")
    clicks("철회", "remove_log")


def _draft(clicks: Clicks, number: str) -> None:
    """Scenarios, measures, files, marks and an explanation in the next revision of the example."""
    visitor, page = clicks.visitor, clicks.page
    visitor.go(f"/assessment?assessment={number}")
    visitor.open_fold("새 개정판 시작")
    clicks("개정 2판 열기", "void_approval", "revise")

    visitor.go(f"/impacts?assessment={number}")
    clicks.open("scenario-new")
    key = f"scenario-{number}-2-new-"
    clicks.choose(f"{key}rights", "평등권")
    visitor.settled()
    clicks.type(f"{key}text", "누구에게 무슨 일이")
    clicks("시나리오 추가하기", "set_scenarios")
    clicks.open("scenario-s4")
    clicks.type(f"scenario-{number}-2-s4-direct", "지원자")
    clicks(page.get_by_role("button", name="시나리오 저장").last, "set_scenarios")
    clicks.open("measure-new")
    key = f"measure-{number}-2-new-"
    clicks.type(f"{key}text", "다시 본다")
    clicks.choose(f"{key}kind", "prevention")
    clicks("관리방안 추가하기", "set_measures")
    for name, text in (("owner", "인사팀"), ("out", "yes")):
        clicks.open("measure-m9")
        field = clicks.field(f"measure-{number}-2-m9-{name}")
        field.locator("input").check() if name == "out" else field.locator("input").fill(text)
        clicks(page.get_by_role("button", name="관리방안 저장").last, "set_measures")
    clicks.open("scenario-s4")
    clicks.field(f"scenario-out-{number}-2-s4-sure").locator("input").check()
    clicks(page.locator('[class*="st-key-scenario-s4-remove"] button').last, "set_scenarios")

    visitor.go(f"/involvement?assessment={number}&section=time")
    files = page.locator('[class*="st-key-e"][class*="-attach-fold"]').first
    files.locator("summary").click()
    visitor.settled()
    clicks.attach(ROOT / "examples" / "evidence" / "bias-test.pdf")
    page.locator('[data-field*=":form:e"][data-field$="-new-for"]').first.locator("input").first.check()
    clicks(page.get_by_role("button", name="파일 첨부하기").first, "add_evidence")
    page.locator('[class*="st-key-e"][class*="-again-fold"] summary').first.click()
    visitor.settled()
    page.locator('[data-field*=":form:e"][data-field$="-again-which"] select').first.select_option(index=1)
    page.locator('[data-field*=":form:e"][data-field$="-again-for"]').first.locator("input").last.check()
    clicks(page.get_by_role("button", name="이 항목에도 지정").first, "name_evidence")
    page.locator('[class*="-remove-"][class*="-fold"] summary').last.click()
    clicks(page.get_by_role("button", name="파일 삭제").locator("visible=true").last, "remove_evidence")

    visitor.go(f"/answer?assessment={number}&questionnaire=hiring&section=functions")
    box = page.locator(f".st-key-a{number}-2-hiring-automatic_cutoff-box")
    box.get_by_text("예", exact=True).click()
    expect(box.locator(".f-mark")).to_contain_text("저장됨")
    visitor.go(f"/review?assessment={number}")
    unexplained = page.locator("summary").filter(has_text="둘 다 맞는 이유 설명하기")
    unexplained.first.wait_for()
    while unexplained.count():
        unexplained.first.click()
        visitor.settled()
        page.locator('[data-field*=":form:explain-"][data-field$="-text"] textarea').first.fill("모두 다시 봅니다.")
        clicks(page.get_by_role("button", name="설명 저장").first, "explain")
    of = f"w{number}-2-new-"
    for is_last in (False, True):
        clicks.open(f"w{number}-2-new")
        clicks.field(f"{of}path").locator("select").select_option(index=1)
        clicks.type(f"{of}reason", "이름")
        clicks("표시", "set_withheld")
        if not is_last:
            clicks(page.get_by_role("button", name="표시 해제").first, "set_withheld")


def _steps(clicks: Clicks, number: str) -> None:
    """Submitted, returned, submitted again, decided on, signed off and sealed, copied, revised and withdrawn."""
    visitor, page = clicks.visitor, clicks.page
    for is_last in (False, True):
        visitor.sign_in("hana").go(f"/review?assessment={number}")
        clicks("개정 2판을 심의위원회에 제출", "submit")
        visitor.sign_in(CHAIR).go(f"/decide?assessment={number}")
        if not is_last:
            clicks.open(f"return-{number}-2")
            clicks.type(f"return-{number}-2-reason", "3번을 고치십시오.")
            clicks("작성자에게 반려", "return_to_author")
    page.locator('[class*="st-key-mark-"][class*="-fold"] summary').first.click()
    visitor.settled()
    page.locator('[data-field*=":form:mark-"][data-field$="-which"]').first.locator("input").first.check()
    clicks(page.get_by_role("button", name="표시 저장").first, "review_evidence")
    clicks.choose(f"decide-{number}-2-ruling", "approved")
    clicks.type(f"decide-{number}-2-reason", "근거가 충분합니다.")
    clicks("결정 저장", "record_decision")
    visitor.sign_in(OFFICER).go(f"/decide?assessment={number}")
    clicks("결재하고 보고서 봉인", "sign_off", "keep_report", news=SEALED, says="보고서를 봉인하고 등록하였습니다")
    clicks("일부를 제외한 사본 만들기", "keep_report", news="td a", says="개정 2판의 일부 제외 사본")
    visitor.sign_in("hana").go(f"/assessment?assessment={number}")
    visitor.open_fold("새 개정판 시작")
    clicks("개정 3판 열기", "void_approval", "revise")
    visitor.open_fold("철회")
    clicks("평가 철회", "withdraw")


def _record(clicks: Clicks, number: str, folder: Path) -> None:
    """The record of a report, opened as a draft; answers of a screening, dropped."""
    visitor, page = clicks.visitor, clicks.page
    answer = page.request.get(f"{visitor.address}/files/report/{number}/record.json")
    assert answer.ok, answer.status
    record = folder / "record.json"
    record.write_bytes(answer.body())
    visitor.go("/systems")
    clicks.open("import")
    clicks.attach(record)
    before = clicks.events()
    page.get_by_role("button", name="초안으로 열기").dblclick()
    expect(page.get_by_text("초안을 열었습니다").first).to_be_visible()
    visitor.settled()
    came = [kind for _number, kind in clicks.events(before[-1][0])]
    assert came.count("start_assessment") == 1, came
    page.goto(f"{visitor.address}/screening")
    for name, value in ANSWERS.items():
        page.locator("label").filter(has=page.locator(f"input[name={name}][value={value}]")).click()
    page.locator("form.screening button").click()
    page.locator("a.act").click()
    visitor.settled()
    clicks("이 답변 버리기")
