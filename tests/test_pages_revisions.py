"""What changed, on screen: each answer old and new, revisions as they were, and two states side by side."""

from __future__ import annotations

import re

import pytest

from assessments import actions
from assessments.model import Impact, Measure, ReturnPoint, Ruling, Scenario
from tests.office import AT, KIM, LEE, PARK, PDF, Office
from tests.screens import Visitors

SAME = "바뀐 내용이 없습니다"


def _revise(office: Office, number: int) -> None:
    with office.database.transaction() as session:
        actions.revise(session, number, KIM, AT)


def _decide(office: Office, number: int) -> None:
    seen = office.read(number).content_sha256 or ""
    with office.database.transaction() as session:
        actions.record_decision(session, number, Ruling.APPROVED, "충분하다.", (), seen, LEE, AT)


@pytest.mark.slow
def test_the_committee_is_shown_each_answer_that_changed_since_it_was_last_submitted(
    office: Office, visitors: Visitors
) -> None:
    number = office.start()
    office.submit(number)
    assert "처음 제출하는 평가" in visitors.sign_in(LEE).open("decide", assessment=number).html
    with office.database.transaction() as session:
        actions.return_to_author(session, number, "안내를 고치십시오.", LEE, AT)
    assert SAME in visitors.sign_in(KIM).open("review", assessment=number).html
    told = office.read(number).responses["hiring"]["told"]
    office.answer(number, "hiring.told", f"{told.answer} 두 번 알린다.", told.lock_version)
    office.submit(number)
    shown = visitors.sign_in(LEE).open("decide", assessment=number).html
    assert "바뀐 내용 1건" in shown and SAME not in shown
    assert "<ins> 두 번 알린다.</ins>" in shown and "개정 1판 1차 제출" in shown
    assert shown.index("직전 제출 이후 바뀐 내용") < shown.index("남은 사항") < shown.rindex("결정 대상")


@pytest.mark.slow
def test_an_unchanged_revision_is_said_to_be_unchanged(office: Office, visitors: Visitors) -> None:
    number = office.start()
    office.submit(number)
    _decide(office, number)
    _revise(office, number)
    office.submit(number)
    shown = visitors.sign_in(LEE).open("decide", assessment=number).html
    assert SAME in shown and "개정 1판 1차 제출" in shown


@pytest.mark.slow
def test_every_kind_of_change_is_shown_with_both_sides(office: Office, visitors: Visitors) -> None:
    number = office.start()
    office.submit(number)
    _decide(office, number)
    _revise(office, number)
    scenarios = [Scenario("s1", "지원자가 떨어진다", "지원자", impacts=(Impact("평등권", "차별"),))]
    with office.database.transaction() as session:
        actions.set_scenarios(session, number, scenarios, KIM, AT)
        actions.set_measures(session, number, [Measure("m1", "다시 본다", "인사팀")], KIM, AT)
        actions.add_evidence(session, number, actions.Upload("지정서", "증빙.pdf", PDF), KIM, AT)
    people = office.read(number).responses["hiring"]["people"]
    office.answer(number, "hiring.people", None, people.lock_version)
    shown = visitors.sign_in(KIM).open("revisions", assessment=number).html
    for words in ("지원자가 떨어진다", "차별", "다시 본다", "인사팀", "증빙.pdf", "답변 없음", "120"):
        assert words in shown, words
    assert "바뀐 내용 4건" in shown
    turned = visitors.open("revisions", assessment=number, old="now", new="1.1").html
    assert "바뀐 내용 4건" in turned and turned != shown
    same = visitors.open("revisions", assessment=number, old="1.1", new="1.1").html
    assert SAME in same


@pytest.mark.slow
def test_any_revision_is_read_as_it_was(office: Office, visitors: Visitors) -> None:
    number = office.start()
    office.submit(number)
    _decide(office, number)
    _revise(office, number)
    told = office.read(number).responses["hiring"]["told"]
    office.answer(number, "hiring.told", "이제는 다르다.", told.lock_version)
    old = visitors.sign_in(PARK).open("revisions", assessment=number, read=1)
    assert str(told.answer) in old.html and "이제는 다르다." not in old.html and "충분하다." in old.html
    assert not [button for button in old.app.button if button.key]
    assert "h-strip" in old.html, "the results of then"
    now = visitors.open("revisions", assessment=number, read=2)
    assert "이제는 다르다." in now.html and "충분하다." not in now.html


@pytest.mark.first_in_check
@pytest.mark.parametrize("query", [{"read": "99"}, {"read": "x"}, {"old": "9.9", "new": "<b>"}])
def test_an_address_that_names_nothing_shows_the_list(
    office: Office, visitors: Visitors, query: dict[str, str]
) -> None:
    number = office.start()
    office.submit(number)
    shown = visitors.sign_in(KIM).open("revisions", assessment=number, **query).html
    assert "개정 1판" in shown and "<b>" not in shown


@pytest.mark.slow
def test_a_change_far_down_a_long_answer_is_shown_and_nothing_of_it_is_cut(office: Office, visitors: Visitors) -> None:
    number = office.start()
    long = " ".join(f"낱말{count}" for count in range(2_000))
    told = office.answer(number, "hiring.told", f"{long} 끝말")
    office.submit(number)
    with office.database.transaction() as session:
        actions.return_to_author(session, number, "고치십시오.", LEE, AT)
    told = office.answer(number, "hiring.told", f"{long} 새말", told.lock_version)
    shown = visitors.sign_in(KIM).open("review", assessment=number).html
    assert "<del> 끝말</del>" in shown and "<ins> 새말</ins>" in shown and "낱말1999" in shown
    office.answer(number, "hiring.told", " ".join(f"다른{count}" for count in range(2_000)), told.lock_version)
    other = visitors.open("review", assessment=number).html
    assert "다른1999" in other and "<del>" not in other[other.index("h-changes") :]


@pytest.mark.slow
def test_no_name_of_the_program_stands_among_the_changes(office: Office, visitors: Visitors) -> None:
    number = office.start()
    measures = [Measure("m1", "다시 본다"), Measure("m2", "알린다")]
    with office.database.transaction() as session:
        actions.set_measures(session, number, measures, KIM, AT)
        evidence = actions.add_evidence(session, number, actions.Upload("지정서", "a.pdf", PDF), KIM, AT)
    office.submit(number)
    with office.database.transaction() as session:
        actions.return_to_author(
            session, number, "고치십시오.", LEE, AT, points=[ReturnPoint("evidence", "하나 더 내십시오.")]
        )
        actions.set_measures(session, number, measures[::-1], KIM, AT)
        actions.name_evidence(session, number, evidence.id, "authority", KIM, AT)
    shown = visitors.sign_in(KIM).open("review", assessment=number).html
    changes = shown[shown.index("h-changes") :]
    assert "1. 알린다" in changes and "2. 다시 본다" in changes
    assert not re.search(r">[^<]*\b(m1|m2|ev-[0-9a-f]+)\b", changes[: changes.index("</table>")])
    history = visitors.open("history", assessment=number).html
    assert "증빙자료: 하나 더 내십시오." in history and "evidence:" not in history
