"""The screen of official documents: what is missing, written, entered and offered, and to whom."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from assessments import actions, viewing
from assessments.rules.requesting import StepKind
from pages._frame import shared
from questionnaires import load, wording
from tests.office import AT, KIM, LEE, PARK, SEO, Office
from tests.screens import Visitors

OF = "documents-1-facts-"
STEP = "documents-1-step-"


@pytest.fixture(autouse=True)
def _clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shared, "now", lambda: AT)


def facts(office: Office) -> viewing.RequestFacts:
    with office.database.reading() as session:
        return viewing.paperwork(session, KIM, 1).facts


@pytest.mark.slow
def test_what_is_missing_is_named_and_what_is_written_fills_it_in(office: Office, visitors: Visitors) -> None:
    office.start()
    screen = visitors.sign_in(SEO).open("documents", assessment=1)
    assert "기재되지 않음" in screen.html and "/files/document/1/request.hwpx?language=ko" in screen.html
    screen.type(f"{OF}registration_number", "1248100998").type(f"{OF}country", "대한민국").click(f"{OF}go").sound()
    assert facts(office).values == {"registration_number": "124-81-00998", "country": "대한민국"}
    again = visitors.open("documents", assessment=1)
    assert "서두리님이 마지막으로 작성" in again.html
    history = visitors.open("history", assessment=1).html
    assert "공식 문서에 필요한 내용 작성" in history and "124-81-00998" in history and "개발 국가" in history


@pytest.mark.slow
def test_what_cannot_be_right_is_refused_in_words(office: Office, visitors: Visitors) -> None:
    office.start()
    screen = visitors.sign_in(KIM).open("documents", assessment=1)
    screen.type(f"{OF}registration_number", "124-81-00999").type(f"{OF}contact_email", "x").click(f"{OF}go")
    assert "마지막 자리" in screen.html and "전자우편 주소의 형식" in screen.html
    assert facts(office).values == {}


@pytest.mark.slow
def test_what_the_record_holds_is_not_written_down_a_second_time(office: Office, visitors: Visitors) -> None:
    office.start()
    visitors.sign_in(KIM).open("documents", assessment=1).type(f"{OF}country", "대한민국").click(f"{OF}go").sound()
    assert set(facts(office).values) <= {"country", "kind"}


@pytest.mark.slow
def test_what_answers_settle_is_shown_and_not_asked(
    office: Office, visitors: Visitors, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(load, "FOLDER", Path(load.__file__).parent)
    number = office.start()
    with office.database.transaction() as session:
        actions.set_request_facts(session, number, {"notice_ways": "posted", "country": "대한민국"}, KIM, AT, seen=None)
    office.answer(number, "duties.notice_methods", ("product", "screen"))
    screen = visitors.sign_in(KIM).open("documents", assessment=1)
    assert "평가의 답변에 따라 정해집니다" in screen.html
    assert "제품, 계약서, 설명서 또는 이용약관에 적음, 이용자의 화면이나 단말기에 표시" in screen.html
    assert screen.field(f"{OF}notice_ways") is None and screen.field(f"{OF}operator_type") is not None
    screen.type(f"{OF}base_model", "없음").click(f"{OF}go").sound()
    assert facts(office).values == {"base_model": "없음", "country": "대한민국"}


@pytest.mark.slow
def test_the_request_is_entered_step_by_step_and_the_clock_is_shown(office: Office, visitors: Visitors) -> None:
    office.start()
    screen = visitors.sign_in(PARK).open("documents", assessment=1).unfold("documents-1-step-fold")
    assert "보낸 요청이 없습니다" in screen.html
    screen.type(f"{STEP}on", "2026-11-20").click(f"{STEP}go").sound()
    shown = visitors.open("documents", assessment=1)
    assert "과학기술정보통신부의 회신 기한은 2026. 12. 20.입니다." in shown.html.replace("\u00a0", " ")
    assert "30일, 시행령 제25조" in shown.html
    assert "요청의 진행 단계" in shown.html and "사고" not in shown.html
    assert "회신 기한은" in visitors.sign_in(LEE).open("home").html
    assert "요청을 보냄" in visitors.open("history", assessment=1).html


@pytest.mark.slow
def test_the_committee_s_screen_tells_the_clocks_and_opens_all_of_them(office: Office, visitors: Visitors) -> None:
    numbers = [office.start() for _ in range(6)]
    with office.database.transaction() as session:
        for days, number in enumerate(numbers):
            on = AT.date() - timedelta(days=30 + days)
            actions.note_request_step(session, number, StepKind.SENT, on, KIM, AT)
    screen = visitors.sign_in(LEE).open("portfolio", status="draft")
    assert "회신 기한은" in screen.html and '<span class="h-count">6</span>' in screen.html
    assert screen.html.count("/documents?assessment=") == 5
    assert "이 가운데 5건은 회신 기한이 지났으나" in screen.html
    address = "/portfolio?status=draft&amp;confirmation=all#confirmation"
    assert address in screen.html and "법 제33조 확인 요청 전체" in screen.html
    assert visitors.open("portfolio", status="draft", confirmation="all").html.count("/documents?assessment=") == 6
    assert "/documents?assessment=" not in visitors.open("portfolio", status="submitted").html


def test_a_late_reply_and_the_end_of_the_objection_are_told(
    office: Office, visitors: Visitors, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.start()
    with office.database.transaction() as session:
        actions.note_request_step(session, 1, StepKind.SENT, AT.date(), KIM, AT)
    monkeypatch.setattr(shared, "now", lambda: AT + timedelta(days=31))
    assert "기한 지남" in visitors.sign_in(KIM).open("documents", assessment=1).html
    with office.database.transaction() as session:
        at = AT + timedelta(days=31)
        actions.note_request_step(session, 1, StepKind.REPLIED, at.date(), KIM, at, outcome="high_impact")
    english = visitors.sign_in(KIM, "en").open("documents", assessment=1).html
    assert f"Re-confirmation can be requested until {wording.day(date(2027, 1, 1), 'en')}" in english


@pytest.mark.slow
def test_the_committee_reads_and_only_who_may_seals(office: Office, visitors: Visitors) -> None:
    number = office.signed_off()
    reader = visitors.sign_in(LEE).open("documents", assessment=number)
    assert not reader.has_button(f"{OF}go") and f"/files/document/{number}/rights.docx" in reader.html
    screen = visitors.sign_in(KIM).open("documents", assessment=number).unfold(f"documents-{number}-seal-fold")
    screen.choose_in_form(f"documents-{number}-seal-kind", "request").click(f"documents-{number}-seal-go")
    assert "채워지지 않은 항목이 있어 봉인할 수 없습니다" in screen.html
