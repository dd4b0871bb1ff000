"""Starting an assessment: what it is asked for, where it leads, and which answers of a screening go into it."""

from __future__ import annotations

from pathlib import Path

import pytest

from assessments.storage import accounts, database
from tests.office import KIM, Office, open_credit_office
from tests.screens import Screen, Visitors

SCREENED = {"ai_system": "yes", "korea_link": "in_korea", "defence": "no", "areas": ["loan_screening"]}


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Office:
    return open_credit_office(tmp_path, monkeypatch)


def screened(visitors: Visitors) -> Screen:
    """Somebody whose answers of a screening wait, with the form to start an assessment."""
    token = visitors.sign_in(KIM).cookies["haetae_session"]
    with database.transaction() as session:
        accounts.set_screening(session, token, SCREENED)
    return visitors.open("systems").unfold("start-1-fold")


def test_no_domain_is_chosen_by_the_program(visitors: Visitors) -> None:
    screen = visitors.sign_in(KIM).open("systems").unfold("start-1-fold")
    assert screen.app.radio(key="start-1-domain").value is None


def test_answers_of_a_screening_are_shown_where_they_wait_and_name_the_domain(visitors: Visitors) -> None:
    screen = screened(visitors)
    assert "평가 대상 확인의 답변이 기다리고 있습니다" in screen.html and "대출 심사" in screen.html
    assert screen.app.radio(key="start-1-domain").value == "credit"


@pytest.mark.slow
def test_an_assessment_started_from_a_screening_takes_its_answers_and_nobody_else_does(
    office: Office, visitors: Visitors
) -> None:
    screened(visitors).click("start-1-go")
    assert office.read(1).answers("area") == SCREENED | {"areas": ("loan_screening",)}
    screen = visitors.open("systems")
    assert "평가 대상 확인의 답변이 기다리고 있습니다" not in screen.html
    screen.unfold("start-1-fold").choose_in_form("start-1-domain", "hiring").click("start-1-go")
    assert office.read(2).domain == "hiring" and office.read(2).answers("area") == {}


@pytest.mark.slow
def test_an_assessment_started_without_them_leaves_them_waiting(office: Office, visitors: Visitors) -> None:
    screened(visitors).choose_in_form("start-1-domain", "hiring").click("start-1-bare")
    assert office.read(1).answers("area") == {}
    assert "평가 대상 확인의 답변이 기다리고 있습니다" in visitors.open("systems").html


@pytest.mark.slow
def test_they_are_dropped_when_asked_and_with_the_session(visitors: Visitors) -> None:
    token = visitors.sign_in(KIM).cookies["haetae_session"]
    screened(visitors).click("screened-drop")
    with database.reading() as session:
        assert accounts.screening_of(session, visitors.cookies["haetae_session"]) == {}
    with database.transaction() as session:
        accounts.set_screening(session, token, SCREENED)
        accounts.close_session(session, token)
    with database.reading() as session:
        assert accounts.screening_of(session, token) == {}


@pytest.mark.slow
def test_starting_leads_into_the_assessment(visitors: Visitors) -> None:
    screen = visitors.sign_in(KIM).open("systems").unfold("start-1-fold")
    screen.choose_in_form("start-1-domain", "credit").click("start-1-go")
    assert "평가 1번 초안을 열었습니다" in screen.html
    assert 'class="h-strip"' in screen.html and "scope" in screen.app.query_params["section"]


@pytest.mark.slow
def test_a_second_draft_of_a_domain_is_opened_only_when_asked_twice(office: Office, visitors: Visitors) -> None:
    for _ in range(2):
        screen = visitors.sign_in(KIM).open("systems").unfold("start-1-fold")
        screen.choose_in_form("start-1-domain", "credit").click("start-1-go")
    assert "작성 중인 평가가 이미 있습니다" in screen.html and "평가 1번 이어서 하기" in screen.html
    screen.click("start-1-more")
    assert office.read(2).domain == "credit"


@pytest.mark.slow
@pytest.mark.parametrize(("button", "answered"), [("start-1-more", {}), ("start-1-more-screened", SCREENED)])
def test_a_second_draft_takes_the_answers_of_a_screening_only_when_that_is_chosen(
    office: Office, visitors: Visitors, button: str, answered: dict[str, object]
) -> None:
    visitors.sign_in(KIM).open("systems").unfold("start-1-fold").choose_in_form("start-1-domain", "credit").click(
        "start-1-go"
    )
    screened(visitors).click("start-1-bare").click(button)
    answers = office.read(2).answers("area")
    assert {name: [*held] if isinstance(held, tuple) else held for name, held in answers.items()} == answered
