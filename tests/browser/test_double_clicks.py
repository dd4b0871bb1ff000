"""A double click on any button that does something: one deed in the history, and its success on the screen."""

from __future__ import annotations

import os
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pyotp
import pytest
from playwright.sync_api import Locator, Page, expect
from sqlalchemy import delete
from sqlmodel import Session, col

from assessments import actions
from assessments.decision_log import making
from assessments.file import assessment_file
from assessments.model import Actor, AISystem, Committee, Operator, Response, ReturnPoint, Role, Ruling, Statement
from assessments.people import add_person, find_person
from assessments.storage import credentials, log_imports, reader
from assessments.storage.tables import SecondFactorRow
from tests import doors
from tests.browser.conftest import Server, Visitor
from tests.office import PDF
from tests.pressed import DOUBLE_CLICKED, pattern_of

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
    pressed: set[str] = field(default_factory=set)
    """Patterns of the keys of what was double-clicked."""

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
        refused = self.page.locator(".h-notice.h-bad")
        self.page.evaluate(
            "(news) => { for (const old of document.querySelectorAll(news)) { old.dataset.old = 'yes'; } }",
            f"{news}, .h-notice.h-bad",
        )
        self.visitor.settled()
        self.double(button)
        shown = self.page.locator(f"{news}:not([data-old])").filter(has_text=says)
        new = shown.or_(self.page.locator(".h-notice.h-bad:not([data-old])"))
        expect(new.first).to_be_visible(timeout=300_000)
        expect(refused).to_have_count(0)
        self.visitor.settled()
        expect(self.page.locator(".h-notice.h-bad")).to_have_count(0)
        expect(self.page.locator(news).filter(has_text=says).first).to_be_visible()
        came = [kind for _number, kind in self.events(last)]
        assert came == [*kinds], (str(button), came)

    def double(self, button: Locator | str) -> None:
        """Whatever comes of it."""
        if isinstance(button, str):
            button = self.page.get_by_role("button", name=button, exact=True)
        button.wait_for()
        classes = button.locator('xpath=ancestor::*[contains(@class, "st-key-")]').all()
        key = next(
            (key for around in reversed(classes) if (key := pattern_of(around.get_attribute("class") or ""))), ""
        )
        assert key, str(button)
        self.pressed.add(key)
        button.dblclick()

    def are_all_of(self, what: str) -> None:
        """Every button that is promised to have been double-clicked was."""
        assert self.pressed >= set(DOUBLE_CLICKED[what]), set(DOUBLE_CLICKED[what]) - self.pressed

    def field(self, ending: str) -> Locator:
        return self.page.locator(f'[data-field$=":form:{ending}"]').first

    def type(self, ending: str, text: str) -> None:
        self.field(ending).locator("input, textarea").first.fill(text)

    def choose(self, ending: str, value: str) -> None:
        self.field(ending).locator(f'input[value="{value}"], input:not([value])').first.check()

    def tick_all(self, beginning: str) -> None:
        """Every box of a form whose fields have keys that begin so."""
        for box in self.page.locator(f'[data-field*=":form:{beginning}"] input[type="checkbox"]').all():
            box.check()

    def open(self, key: str) -> None:
        """A fold, if it is not open; what is inside is drawn once it is."""
        fold = self.page.locator(f".st-key-{key}-fold").first
        if fold.locator("details").first.get_attribute("open") is None:
            fold.locator("summary").first.click()
        fold.locator("button:visible").first.wait_for()
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
    clicks.are_all_of("an assessment")


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
            clicks.double("시작")
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
            clicks.double(page.get_by_role("button", name="파일 버리기"))
            expect(page.locator(".h-upload")).to_be_visible()
    confirm = page.get_by_role("button", name="예, 맞습니다")
    clicks.double(confirm)
    expect(confirm).to_have_count(0)
    visitor.log_read(number, lambda mapping: mapping.columns)
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
    clicks.tick_all(f"sign-{number}-2-")
    clicks("결재하고 보고서 봉인", "sign_off", "keep_report", news=SEALED, says="보고서를 봉인하고 등록하였습니다")
    clicks("일부를 제외한 사본 만들기", "keep_report", news="td a", says="개정 2판의 일부 제외 사본")
    visitor.sign_in("hana").go(f"/assessment?assessment={number}")
    visitor.open_fold("새 개정판 시작")
    clicks("개정 3판 열기", "void_approval", "revise")
    clicks.open(f"withdraw-{number}")
    clicks.type(f"withdraw-{number}-3-reason", "쓰지 않습니다.")
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
    clicks.double(page.get_by_role("button", name="초안으로 열기"))
    expect(page.get_by_text("초안을 열었습니다").first).to_be_visible()
    visitor.settled()
    came = [kind for _number, kind in clicks.events(before[-1][0])]
    assert came.count("start_assessment") == 1, came
    _screened(visitor)
    clicks("이 답변 버리기")


def _screened(visitor: Visitor) -> None:
    page = visitor.page
    page.goto(f"{visitor.address}/screening")
    for name, value in ANSWERS.items():
        page.locator("label").filter(has=page.locator(f"input[name={name}][value={value}]")).click()
    page.locator("form.screening button").click()
    page.locator("a.act").click()
    visitor.settled()


# --- a log that is read ----------------------------------------------------------------------------------------------------

HEADERS = "접수번호,AI결과,최종결정,검토자,성별\n"


def _log_of(folder: Path, name: str, reviewers: tuple[str, str], headers: str = HEADERS) -> Path:
    """Half of the decisions by each."""
    rows = (f"A-{number},승인,승인,{reviewers[number % 2]},남\n" for number in range(30))
    file = folder / name
    file.write_text(headers + "".join(rows), "utf-8")
    return file


def _hand_in(clicks: Clicks, number: str, file: Path) -> None:
    page = clicks.visitor.go(f"/log?assessment={number}").page
    page.locator(".h-upload input").set_input_files(file)
    page.locator(".h-upload button").click()
    expect(page.get_by_text(f"올린 기록: {file.name}").first).to_be_visible()


@contextmanager
def _places_taken(server: Server) -> Iterator[None]:
    """By logs of two other assessments, so that the next one waits for its turn."""
    at = datetime.now(UTC)
    with doors.database_at(server.home) as opened:
        with opened.transaction() as session:
            for assessment in (1, 3):
                row = log_imports.LogImportRow(
                    assessment_id=assessment,
                    revision=1,
                    folder=f"of-{assessment}",
                    name="다른 기록.csv",
                    arrived_at=at,
                    stage=log_imports.Stage.COUNTING,
                    run="other",
                    owner=os.getpid(),
                    asked_at=at,
                    seen_at=at + timedelta(days=1),
                )
                log_imports.put(session, row)
        yield
        with opened.transaction() as session:
            session.execute(delete(log_imports.LogImportRow).where(col(log_imports.LogImportRow.run) == "other"))


def test_a_double_click_while_a_log_is_read_is_one_deed(clicks: Clicks, tmp_path: Path) -> None:
    visitor, page = clicks.visitor.sign_in("hana"), clicks.page
    number = visitor.start("채용")
    earlier = _log_of(tmp_path, "앞선 기록.csv", ("자동심사봇", "이나"))
    with _places_taken(clicks.server):
        _hand_in(clicks, number, earlier)
        clicks.double("파일 버리기")
        expect(page.locator(".h-upload")).to_be_visible()
        visitor.settled()
        expect(page.locator(".h-notice.h-bad")).to_have_count(0)
        _hand_in(clicks, number, earlier)
        with doors.database_at(clicks.server.home) as opened, opened.transaction() as session:
            row = log_imports.find_import(session, int(number), 1)
            assert row is not None and row.id is not None and row.run is not None
            error = {"ko": "읽다가 끊겼습니다.", "en": "It was broken off."}
            assert log_imports.end(session, row.id, row.run, log_imports.Stage.FAILED, error=error)
        expect(page.get_by_text("읽다가 끊겼습니다.")).to_be_visible()
        visitor.settled()
        clicks.double("다시 시도")
        expect(page.get_by_text("차례가 되면")).to_be_visible()
        expect(page.get_by_text("읽다가 끊겼습니다.")).to_have_count(0)

    question = page.get_by_text("다음 검토자는 사람입니까?")
    confirm = page.get_by_role("button", name="예, 맞습니다")
    for answer in ("사람이 아닙니다", "사람입니다"):
        confirm.wait_for()
        visitor.log_read(number)
        clicks.double(confirm)
        expect(confirm).to_have_count(0)
        question.wait_for()
        visitor.log_read(number, lambda mapping: mapping.columns)
        clicks.double(answer)
        expect(question).to_have_count(0)
        visitor.log_read(number, lambda mapping: mapping.automatic_reviewers or mapping.human_reviewers)
        if answer != "사람입니다":
            clicks("집계하기", "set_log")
            _hand_in(clicks, number, _log_of(tmp_path, "다음 기록.csv", ("자동심사봇", "이나")))
            fresh = page.get_by_role("button", name="머리글부터 다시 추정하기")
            fresh.wait_for()
            visitor.log_read(number)
            clicks.double(fresh)
            expect(fresh).to_have_count(0)
            visitor.log_read(number, lambda mapping: not mapping.columns)

    before = clicks.events()
    with _places_taken(clicks.server):
        page.get_by_role("button", name="집계하기").click()
        stop = page.get_by_role("button", name="중단", exact=True)
        stop.wait_for()
        clicks.double(stop)
        expect(stop).to_have_count(0)
        expect(page.get_by_role("button", name="집계하기")).to_be_visible()
    visitor.settled()
    expect(page.locator(".h-notice.h-bad")).to_have_count(0)
    assert clicks.events(before[-1][0]) == []
    clicks.are_all_of("a log that is read")


# --- a start from the screening --------------------------------------------------------------------------------------------


def test_a_double_click_on_a_start_with_waiting_answers_starts_one_assessment(clicks: Clicks) -> None:
    visitor, page = clicks.visitor.sign_in("hana"), clicks.page
    hana = find_person(clicks.server.home, "hana")
    assert hana is not None
    at = datetime.now(UTC)
    with doors.database_at(clicks.server.home) as opened, opened.transaction() as session:
        operator = actions.register_operator(session, Operator(name="확인 주식회사"), hana, at)
        actions.register_system(session, operator, AISystem(name_ko="확인 시스템"), hana, at)

    def opened_fold(domain: str) -> None:
        visitor.go(f"/systems?operator={operator}").open_fold("평가 시작")
        page.get_by_role("radiogroup", name="영역").get_by_text(domain, exact=True).click()

    answers = ["record_response"] * len(ANSWERS)
    _screened(visitor)
    opened_fold("채용")
    clicks("그 답변 없이 시작", "start_assessment")
    opened_fold("채용")
    page.get_by_role("button", name="평가 대상 확인의 답변으로 시작").click()
    more = page.get_by_role("button", name="평가 대상 확인의 답변으로 하나 더 시작")
    more.wait_for()
    clicks(more, "start_assessment", *answers)
    clicks.are_all_of("a start from the screening")


# --- a report that is not sealed yet ---------------------------------------------------------------------------------------


def test_a_double_click_on_the_seal_makes_one_report(clicks: Clicks) -> None:
    visitor = clicks.visitor
    people = {name: find_person(clicks.server.home, name) for name in ("hana", CHAIR, OFFICER)}
    with doors.database_at(clicks.server.home) as opened:
        for person, deed in (
            ("hana", actions.revise),
            ("hana", actions.submit),
            (CHAIR, _approved),
            (OFFICER, _signed),
        ):
            actor = people[person]
            assert actor is not None
            with opened.transaction() as session:
                deed(session, SEALED_LATE, actor, datetime.now(UTC))
    visitor.sign_in(OFFICER).go(f"/decide?assessment={SEALED_LATE}")
    clicks("보고서 봉인", "keep_report", news=SEALED, says="보고서를 봉인하고 등록하였습니다")
    clicks.are_all_of("a report that is not sealed yet")


def test_a_double_click_votes_closes_and_refuses_once(clicks: Clicks) -> None:
    """In a committee of two, of which the chair is one."""
    add_person(clicks.server.home, "lee", "이서준", [Role.COMMITTEE_MEMBER])
    add_person(clicks.server.home, "ada", "안다온", [Role.ADMINISTRATOR])
    hana, ada = (find_person(clicks.server.home, name) for name in ("hana", "ada"))
    assert hana is not None and ada is not None
    number, at = SEALED_LATE, datetime.now(UTC)
    with doors.database_at(clicks.server.home) as opened, opened.transaction() as session:
        revision = actions.revise(session, number, hana, at)
        actions.submit(session, number, hana, at)
        actions.set_committee(session, 1, Committee(2), ada, at)
    try:
        for person in ("lee", CHAIR):
            page = clicks.visitor.sign_in(person).go(f"/decide?assessment={number}").page
            page.locator(f'[data-field*=":form:vote-{number}-"] input[value="approve"]').first.check()
            page.locator(f'[data-field*=":form:vote-{number}-"][data-field$="-reason"] textarea').first.fill(
                "충분합니다."
            )
            clicks("표결하기", "cast_vote")
        page.locator(f'[data-field*=":form:close-{number}-"] textarea').first.fill("만장일치입니다.")
        clicks("표결 종료", "record_decision")
        clicks.visitor.sign_in(OFFICER).go(f"/decide?assessment={number}")
        clicks.open(f"refuse-{number}-{revision}")
        clicks.type(f"refuse-{number}-{revision}-reason", "더 논의하십시오.")
        clicks.choose(f"refuse-{number}-{revision}-goal", "nowhere")
        clicks("결재 거부", "refuse_sign_off")
    finally:
        with doors.database_at(clicks.server.home) as opened, opened.transaction() as session:
            actions.set_committee(session, 1, None, ada, datetime.now(UTC))
    clicks.are_all_of("a vote and a refusal")


def test_a_double_click_in_the_register_and_the_queue_is_one_deed(clicks: Clicks, tmp_path: Path) -> None:
    visitor = clicks.visitor.sign_in("hana").go("/system?system=1")
    clicks.open("entry-1")
    clicks.field("entry-1-stage").locator('input[value="in_use"]').check()
    clicks("저장", "set_upkeep")
    clicks.open("incident-new-1")
    clicks.type("incident-new-1-text", "순위를 잘못 매겼습니다.")
    clicks("기록", "state_incident")
    number = max(number for number, kind in clicks.events() if kind == "state_incident")
    visitor.go("/system?system=1")
    clicks.open(f"incident-{number}")
    clicks.type(f"incident-{number}-text", "고쳤습니다.")
    clicks("기록", "follow_incident")
    with closing(sqlite3.connect(clicks.server.home / "haetae.db")) as database:
        operator = database.execute("SELECT name FROM operator WHERE id = 1").fetchone()[0]
    for place, label in enumerate(("가져오기", "잘못된 행은 빼고 가져오기")):
        table = tmp_path / f"table-{place}.csv"
        table.write_text(f"사업자,시스템 이름(한국어)\n{operator},표 시스템 {place}\n", "utf-8")
        visitor.go("/register")
        clicks.open("table")
        clicks.attach(table)
        clicks("결과 미리 보기", news=".h-notice.h-note", says="새 시스템 1개")
        clicks(label, "register_system")
    hana = find_person(clicks.server.home, "hana")
    assert hana is not None
    with doors.database_at(clicks.server.home) as opened, opened.transaction() as session:
        taken = actions.take_over(session, reader.get_assessment(session, SEALED_LATE), hana, datetime.now(UTC))
        actions.submit(session, taken.assessment_id, hana, datetime.now(UTC))
    visitor.sign_in(CHAIR).go("/queue")
    clicks.open("assign")
    clicks.field("assign-all").locator("input").check()
    clicks.field("assign-who").locator(f'input[value="{CHAIR}"], select').first.check()
    clicks("배정", "assign_review")
    clicks.are_all_of("the register and the review queue")


def test_a_double_click_marks_a_point_of_a_return_once(clicks: Clicks) -> None:
    hana, chair = (find_person(clicks.server.home, name) for name in ("hana", CHAIR))
    assert hana is not None and chair is not None
    number, points = 3, [ReturnPoint("scenarios", "한 가지를 더 적으십시오.")]
    with doors.database_at(clicks.server.home) as opened, opened.transaction() as session:
        at = datetime.now(UTC)
        actions.revise(session, number, hana, at)
        actions.submit(session, number, hana, at)
        actions.return_to_author(session, number, "보완하십시오.", chair, at, points=points)
    page = clicks.visitor.sign_in("hana").go(f"/review?assessment={number}").page
    page.locator(f'[data-field*=":form:point-{number}-"] textarea').first.fill("더 적었습니다.")
    clicks(page.locator(".st-key-point-1-go button"), "answer_point")
    clicks.are_all_of("a point of a return")


def test_a_double_click_after_a_decision_is_one_deed(clicks: Clicks, tmp_path: Path) -> None:
    people = [find_person(clicks.server.home, name) for name in ("example-author", CHAIR, OFFICER)]
    with doors.database_at(clicks.server.home) as opened, opened.transaction() as session:
        own, other = (
            actions.load_stated(session, assessment_file.read_file(file), [person for person in people if person], at)
            for file in (ROOT / "examples" / "hiring.yaml", ROOT / "examples" / "medical.yaml")
            for at in (datetime.now(UTC),)
        )
    visitor, page = clicks.visitor.sign_in("hana").go(f"/followup?assessment={own}"), clicks.page
    clicks.open(f"after-day-{own}")
    clicks.type(f"after-day-{own}-1-on", "2026-12-24")
    clicks.type(f"after-day-{own}-1-reason", "새 모형이 옵니다.")
    clicks("재평가일 지정", "set_reassessment")
    clicks.open(f"after-change-{own}")
    clicks.choose(f"after-change-{own}-1-kind", "function")
    clicks.type(f"after-change-{own}-1-text", "모형을 바꾸었습니다.")
    clicks.type(f"after-change-{own}-1-on", "2026-11-20")
    clicks("변경 기록", "state_change")
    done = re.search(r"st-key-(after-done-[\w-]+)-fold", page.content())
    assert done is not None
    key, proof = done[1], tmp_path / "명단.pdf"
    proof.write_bytes(PDF)
    clicks.open(key)
    clicks.type(f"{key}-field-text", "교육을 마쳤습니다.")
    clicks.type(f"{key}-field-on", "2026-11-20")
    page.locator(f'.st-key-{key}-fold input[type="file"]').set_input_files(proof)
    expect(page.get_by_text("명단.pdf").first).to_be_visible()
    clicks("이행 기록", "add_proof", "follow_up")
    again = key.replace("after-done", "after-open")
    clicks.open(again)
    clicks.type(f"{again}-field-reason", "한 사람이 빠졌습니다.")
    clicks("다시 열기", "reopen_follow_up")
    visitor.sign_in(CHAIR).go(f"/followup?assessment={own}")
    clicks.open(f"after-hold-{own}")
    clicks.type(f"after-hold-{own}-reason", "노동위원회 사건")
    clicks("보존조치 실시", "place_hold")
    for person in (CHAIR, OFFICER):
        visitor.sign_in(person).go(f"/followup?assessment={own}")
        clicks.open(f"after-release-{own}-1")
        clicks.type(f"after-release-{own}-1-field-reason", "끝났습니다.")
        clicks("해제 동의", "release_hold")
    visitor.sign_in("hana").go(f"/followup?assessment={own}")
    clicks.open(f"after-reassess-{own}")
    clicks.type(f"after-reassess-{own}-1-reason", "모형이 바뀌었습니다.")
    clicks("시작", "reassess")
    visitor.go(f"/answer?assessment={own}")
    clicks(page.get_by_role("button", name="그대로임을 확인", exact=True).first, "confirm")
    clicks(page.get_by_role("button", name="모두 그대로임을 확인").first, "confirm")
    visitor.go(f"/followup?assessment={other}")
    for name, kind in (("retire", "retire"), ("archive", "archive"), ("back", "unarchive"), ("resume", "resume")):
        clicks.open(f"after-{name}-{other}")
        if name == "retire":
            clicks.type(f"after-retire-{other}-field-on", "2026-11-20")
        clicks.type(f"after-{name}-{other}-field-reason", "계약이 끝났습니다.")
        clicks(page.locator(f".st-key-after-{name}-{other}-fold button").last, kind)
    clicks.are_all_of("what follows a decision")


def test_a_double_click_restores_an_answer_once(clicks: Clicks) -> None:
    hana = find_person(clicks.server.home, "hana")
    assert hana is not None
    number, at = int(clicks.visitor.sign_in("hana").start("채용")), datetime.now(UTC)
    with doors.database_at(clicks.server.home) as opened, opened.transaction() as session:
        for seen, note in enumerate(("처음 메모", "나중 메모")):
            response = Response("influence", None, note=note, lock_version=seen)
            actions.record_response(session, number, "hiring", response, hana, at)
    written = clicks.events()[-2][0]
    clicks.visitor.go(f"/history?assessment={number}&restore={written}")
    clicks(clicks.page.get_by_role("button", name="이 답변으로 되돌리기"), "restore_response")
    clicks.are_all_of("an answer restored")


def test_a_double_click_gives_a_section_once(clicks: Clicks) -> None:
    visitor, page = clicks.visitor.sign_in("hana"), clicks.page
    number = visitor.start("채용")
    visitor.go(f"/assessment?assessment={number}")
    visitor.open_fold("부분 맡기기")
    key = f"section-give-{number}"
    for name in ("place", "person"):
        clicks.field(f"{key}-{name}").locator("select").select_option(index=1)
    clicks.type(f"{key}-due", "2099-12-31")
    clicks("맡기기", "give_section")
    clicks(page.get_by_role("button", name="완료로 표시").first, "finish_section")
    clicks(page.get_by_role("button", name="거두기", exact=True).first, "take_back_section")
    clicks.are_all_of("a section given to somebody")


def test_a_double_click_writes_a_comment_once(clicks: Clicks) -> None:
    chair = find_person(clicks.server.home, CHAIR)
    assert chair is not None
    number, visitor, page = 3, clicks.visitor.sign_in("hana"), clicks.page
    visitor.go(f"/comments?assessment={number}&at=assessment")
    clicks.type(f"comment-{number}-assessment-text", "한 가지를 묻습니다.")
    clicks("의견 남기기", "comment")
    reply = page.locator('[class*="st-key-thread-"][class*="-reply-fold"] summary').first
    reply.click()
    page.locator('[data-field*=":form:thread-"] textarea').first.fill("덧붙입니다.")
    clicks("답글 남기기", "reply_comment")
    page.locator("summary").filter(has_text="고치기·거두기").first.click()
    page.locator('[data-field*=":form:own-"] textarea').first.fill("고쳐 묻습니다.")
    clicks(page.get_by_role("button", name="고친 내용 저장").first, "correct_comment")
    clicks(page.get_by_role("button", name="이 의견 거두기").first, "withdraw_comment")
    clicks("해결로 표시", "resolve_comment")
    clicks("다시 열기", "reopen_comment")
    with doors.database_at(clicks.server.home) as opened, opened.transaction() as session:
        actions.comment(session, number, "assessment", "보십시오.", chair, datetime.now(UTC), mentions=["hana"])
    visitor.go("/")
    clicks("확인함", "see_mention")
    clicks.are_all_of("comments")


SEALED_LATE = 1
"""Another of the examples."""


def _approved(session: Session, number: int, actor: Actor, at: datetime) -> None:
    digest = reader.get_assessment(session, number).content_sha256
    actions.record_decision(session, number, Ruling.APPROVED, "근거가 충분합니다.", (), digest, actor, at)


def _signed(session: Session, number: int, actor: Actor, at: datetime) -> None:
    actions.sign_off(session, number, reader.get_assessment(session, number).content_sha256, list(Statement), actor, at)


# --- people, units and where things belong ---------------------------------------------------------------------------------


def test_a_double_click_of_an_administrator_is_one_deed(clicks: Clicks) -> None:
    add_person(clicks.server.home, "eun", "안다은", [Role.ADMINISTRATOR])
    visitor, page = clicks.visitor.sign_in("eun").go("/people"), clicks.page
    clicks.open("person-add")
    clicks.type("person-new-id", "new-one")
    clicks.type("person-new-name", "새사람")
    clicks.choose("person-new-roles", "contributor")
    clicks("구성원 추가하기", "add_person", "make_link")
    with doors.database_at(clicks.server.home) as opened, opened.transaction() as session:
        at = datetime.now(UTC)
        credentials.set_password(session, "new-one", doors.password_hash(), at)
        session.add(SecondFactorRow(actor_id="new-one", secret="A" * 32, created_at=at, confirmed_at=at, last_step=0))
        doors.accounts.open_session(session, "new-one", at)
    visitor.go("/people?q=new-one")
    clicks.open("roles-new-one")
    clicks.field("role-new-one-role").locator("select").select_option("auditor")
    clicks("역할 부여하기", "give_role")
    clicks(page.get_by_role("button", name="회수: ").first, "take_role")
    clicks.open("entry-new-one")
    clicks("새 비밀번호 설정 링크 만들기", "make_link")
    clicks(page.locator('[class*="st-key-link-bare-"] button'), "make_link", "drop_second_factor")
    clicks("모든 로그인 종료", "end_sessions")
    clicks("사용 중지", "disable_person")
    clicks("다시 사용", "enable_person")
    clicks.open("person-new-one")
    clicks.type("person-new-one-name", "새이름")
    clicks("저장", "change_person")

    visitor.go("/units")
    for name in ("심사부", "여신부"):
        clicks.open("unit-below-1")
        clicks.type("unit-below-1-name", name)
        clicks("부서 추가하기", "add_unit")
    clicks.open("unit-name-2")
    clicks.type("unit-name-2-name", "심사본부")
    clicks("저장", "change_unit")
    clicks.open("unit-move-3")
    clicks.field("unit-move-3-to").locator("select").select_option("2")
    clicks("옮기기", "move_unit")

    visitor.go("/systems?operator=1")
    clicks.open("system-move-1")
    clicks.field("system-move-1-to").locator("select").select_option("2")
    clicks("옮기기", "move_system")
    visitor.go("/systems?operator=1")
    clicks.open("operator-move-1")
    clicks.field("operator-move-1-to").locator("select").select_option("3")
    clicks("옮기기", "move_operator")
    clicks.are_all_of("people, units and where things belong")


# --- one's own account, in plain forms ------------------------------------------------------------------------------------


def test_a_double_click_on_a_form_of_ones_account_is_one_deed(clicks: Clicks) -> None:
    visitor, page, home = clicks.visitor, clicks.page, clicks.server.home
    add_person(home, "rae", "이래아", [Role.CONTRIBUTOR])
    pressed: set[str] = set()

    def double(action: str, says: str) -> None:
        form = page.locator(f'form[action="{action}"]').first
        fold = form.locator("xpath=ancestor::details")
        if fold.count() and fold.get_attribute("open") is None:
            fold.locator("summary").click()
        for entry in form.locator('input[name="password"], input[name="old"]').all():
            entry.fill(doors.PASSWORD)
        form.get_by_role("button").last.dblclick()
        pressed.add(action)
        expect(page.get_by_text(says).first).to_be_visible()
        expect(page.locator(".problem")).to_have_count(0)

    with doors.database_at(home) as opened, opened.transaction() as session:
        credentials.set_password(session, "rae", doors.password_hash(), datetime.now(UTC))
        for _session in range(3):
            doors.accounts.open_session(session, "rae", datetime.now(UTC))
    page.goto(f"{visitor.address}/language/ko")
    visitor.let_in("rae")
    page.goto(f"{visitor.address}/account")
    double("/account/session", "로그인을 종료하였습니다")
    expect(page.locator(".sessions li")).to_have_count(3)
    double("/account/others", "로그인을 종료하였습니다")
    expect(page.locator(".sessions li")).to_have_count(1)
    double("/account/second", "인증 앱")
    page.get_by_label("인증 번호").fill(pyotp.TOTP(page.locator(".steps code").inner_text().replace(" ", "")).now())
    double("/account/second/set-up", "복구 코드")
    expect(page.locator(".codes li")).to_have_count(10)
    page.goto(f"{visitor.address}/account")
    double("/account/recovery-codes", "복구 코드")
    expect(page.locator(".codes li")).to_have_count(10)
    page.goto(f"{visitor.address}/account")
    double("/account/second/off", "2단계 인증을 해제하였습니다")
    page.locator("#new").fill(doors.PASSWORD + " 더")
    double("/account/password", "비밀번호를 변경하였습니다")
    page.goto(f"{visitor.address}/leave")
    double("/leave", "로그인")
    assert pressed == OWN


OWN = {
    "/account/session",
    "/account/others",
    "/account/second",
    "/account/second/set-up",
    "/account/recovery-codes",
    "/account/second/off",
    "/account/password",
    "/leave",
}
