"""The request of Act Art. 33: whose turn it is, until when, what can be entered next, and the deeds that enter it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments import actions, calendar_file, viewing
from assessments.errors import (
    AssessmentError,
    IncompleteError,
    InvalidAnswerError,
    NotAllowedError,
    StaleAssessmentError,
    WrongStatusError,
)
from assessments.keeping import auditing
from assessments.model import Actor, Grant, Role
from assessments.rules import requesting
from assessments.rules.requesting import Step, StepKind, Waiting
from assessments.storage import units
from assessments.storage.facets import Facets
from questionnaires.confirmation import form
from tests.office import ADA, AT, KIM, LEE, PARK, SEO, Office, open_office

PERIODS = form().periods
SENT = date(2026, 12, 1)


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Office:
    return open_office(tmp_path, monkeypatch)


def step(kind: StepKind, on: date, until: date | None = None) -> Step:
    return Step(0, kind, on, KIM.person, AT, until)


# --- the clock -------------------------------------------------------------------------------------------------


def test_the_longest_way_through_takes_thirty_thirty_ten_and_thirty_days() -> None:
    """Guideline FAQ IV-1: about 90 days in all, with the ten in which an objection can be made."""
    steps = [step(StepKind.SENT, SENT)]
    assert requesting.standing(steps, PERIODS).until == date(2026, 12, 31)
    steps.append(step(StepKind.EXTENDED, date(2026, 12, 31), date(2027, 1, 30)))
    assert requesting.standing(steps, PERIODS).until == date(2027, 1, 30) == requesting.latest_extension(steps, PERIODS)
    steps.append(step(StepKind.REPLIED, date(2027, 1, 30)))
    replied = requesting.standing(steps, PERIODS)
    assert (replied.until, replied.waiting) == (date(2027, 2, 9), Waiting.OPERATOR)
    assert not replied.is_late(date(2027, 2, 9)) and replied.is_late(date(2027, 2, 10))
    steps.append(step(StepKind.SENT_AGAIN, date(2027, 2, 9)))
    assert requesting.standing(steps, PERIODS).until == date(2027, 3, 11)
    steps.append(step(StepKind.REPLIED_AGAIN, date(2027, 3, 11)))
    over = requesting.standing(steps, PERIODS)
    assert (over.until, over.waiting) == (None, Waiting.NOBODY)


def test_a_struck_entry_does_not_count() -> None:
    steps = [step(StepKind.SENT, SENT), step(StepKind.REPLIED, SENT), step(StepKind.STRUCK, SENT)]
    assert requesting.standing(steps, PERIODS).period == "reply"
    assert StepKind.REPLIED in requesting.possible(steps)
    assert requesting.possible([*steps, step(StepKind.STRUCK, SENT)]) == (StepKind.SENT,)


@given(st.lists(st.sampled_from(list(StepKind)), max_size=12), st.dates(min_value=date(2026, 1, 22)))
def test_whatever_was_entered_a_day_is_waited_for_only_with_a_period(kinds: list[StepKind], on: date) -> None:
    standing = requesting.standing([step(kind, on) for kind in kinds if kind is not StepKind.EXTENDED], PERIODS)
    assert (standing.until is None) == (standing.period == "")
    assert standing.until is None or standing.until >= on


def test_the_end_of_the_calendar_is_reached_and_not_passed() -> None:
    assert requesting.standing([step(StepKind.SENT, date.max)], PERIODS).until == date.max


# --- the register ----------------------------------------------------------------------------------------------


def enter(
    office: Office, number: int, kind: StepKind, on: date, by: Actor = KIM, at: datetime = AT, **more: object
) -> int:
    with office.database.transaction() as session:
        return actions.note_request_step(session, number, kind, on, by, at, **more)  # type: ignore[arg-type]


def paperwork(office: Office, number: int) -> viewing.Paperwork:
    with office.database.reading() as session:
        return viewing.paperwork(session, KIM, number)


def test_what_happened_is_entered_in_its_order_and_stands_in_the_history(office: Office) -> None:
    number, today = office.start(), AT.date()
    enter(office, number, StepKind.SENT, today - timedelta(days=40), PARK)
    until = today + timedelta(days=20)
    enter(office, number, StepKind.EXTENDED, today - timedelta(days=11), until=until, text="사안이 복잡함")
    enter(office, number, StepKind.REPLIED, today, outcome="high_impact", text="공문 1호")
    view = paperwork(office, number)
    assert [each.kind for each in view.steps] == [StepKind.SENT, StepKind.EXTENDED, StepKind.REPLIED]
    assert (view.steps[1].until, view.steps[2].outcome) == (until, "high_impact")
    assert view.standing.until == today + timedelta(days=10)
    with office.database.reading() as session:
        assert auditing.audit(session, lambda _: None, notes=False).is_intact


@pytest.mark.parametrize(
    ("kind", "days", "more", "error"),
    [
        (StepKind.REPLIED, 0, {"outcome": "high_impact"}, WrongStatusError),
        (StepKind.STRUCK, 0, {"text": "x"}, WrongStatusError),
        (StepKind.SENT, 1, {}, InvalidAnswerError),
    ],
)
def test_what_cannot_have_happened_is_refused(
    office: Office, kind: StepKind, days: int, more: dict[str, object], error: type[AssessmentError]
) -> None:
    with pytest.raises(error):
        enter(office, office.start(), kind, AT.date() + timedelta(days=days), **more)


def test_an_entry_says_what_it_needs_to_say(office: Office) -> None:
    number, today = office.start(), AT.date()
    enter(office, number, StepKind.SENT, today - timedelta(days=3))
    for more, error in (
        ({}, IncompleteError),
        ({"until": today + timedelta(days=40)}, IncompleteError),
        ({"until": today, "text": "사유"}, InvalidAnswerError),
        ({"until": today + timedelta(days=58), "text": "사유"}, InvalidAnswerError),
    ):
        with pytest.raises(error):
            enter(office, number, StepKind.EXTENDED, today, **more)
    for outcome in ("", "maybe"):
        with pytest.raises(IncompleteError):
            enter(office, number, StepKind.REPLIED, today, outcome=outcome)
    with pytest.raises(InvalidAnswerError):
        enter(office, number, StepKind.REPLIED, today - timedelta(days=4), outcome="high_impact")
    with pytest.raises(IncompleteError):
        enter(office, number, StepKind.STRUCK, today)
    with pytest.raises(StaleAssessmentError):
        enter(office, number, StepKind.REPLIED, today, outcome="high_impact", seen=1)
    assert len(paperwork(office, number).steps) == 1


def test_the_committee_enters_nothing(office: Office) -> None:
    with pytest.raises(NotAllowedError):
        enter(office, office.start(), StepKind.SENT, AT.date(), LEE)


# --- what documents need ---------------------------------------------------------------------------------------


def write(office: Office, number: int, values: dict[str, str], by: Actor = KIM, seen: int | None = None) -> None:
    with office.database.transaction() as session:
        actions.set_request_facts(session, number, values, by, datetime.now(UTC), seen=seen)


def test_what_is_written_replaces_what_was_and_numbers_are_written_officially(office: Office) -> None:
    number = office.start()
    write(
        office,
        number,
        {"registration_number": "1248100998", "contact_phone": "02-123-4567", "country": " 대한민국 "},
        SEO,
    )
    facts = paperwork(office, number).facts
    assert facts.values == {
        "registration_number": "124-81-00998",
        "contact_phone": "02-123-4567",
        "country": "대한민국",
    }
    assert facts.by == SEO.person
    write(office, number, {"country": "프랑스", "operator_type": "using_operator\ndeveloper"}, seen=facts.seen)
    assert paperwork(office, number).facts.values == {"country": "프랑스", "operator_type": "developer\nusing_operator"}
    with pytest.raises(StaleAssessmentError):
        write(office, number, {}, seen=facts.seen)


def test_all_that_is_wrong_is_said_at_once_in_words(office: Office) -> None:
    number = office.start()
    wrong = {
        "registration_number": "124-81-00999",
        "contact_email": "nobody",
        "contact_phone": "전화",
        "requested_on": "1. Dez.",
        "kind": "both",
        "country": "두\n줄",
        "unheard_of": "x",
    }
    with pytest.raises(InvalidAnswerError) as refused:
        write(office, number, wrong)
    assert set(refused.value.where.split(", ")) == set(wrong)
    for words in ("마지막 자리", "전자우편", "전화번호", "2026-12-01처럼", "목록에서", "한 줄로", "unheard_of"):
        assert words in refused.value.text.ko
    assert paperwork(office, number).facts.values == {}


def test_erasing_an_event_erases_what_documents_know(office: Office) -> None:
    number = office.start()
    write(office, number, {"contact_name": "홍길동", "country": "대한민국"})
    seen = paperwork(office, number).facts.seen
    with office.database.transaction() as session:
        actions.erase_values(session, seen, ["contact_name"], "요청", ADA, AT)
    assert paperwork(office, number).facts.values == {"country": "대한민국"}


# --- what comes up -----------------------------------------------------------------------------------------------


def test_requests_under_way_reach_who_may_read_them_and_their_calendars(office: Office) -> None:
    number, over, none = office.start(), office.start(), office.start()
    enter(office, number, StepKind.SENT, AT.date() - timedelta(days=31))
    enter(office, over, StepKind.SENT, AT.date())
    enter(office, over, StepKind.STRUCK, AT.date(), text="잘못 적음")
    with office.database.transaction() as session:
        elsewhere = units.add_unit(session, "다른 회사", None)
    far = Actor("far", "먼 사람", frozenset(), frozenset({Grant(Role.PRODUCT_MANAGER, elsewhere)}))
    with office.database.reading() as session:
        (request,) = viewing.requests_under_way(session, LEE)
        assert viewing.requests_under_way(session, far) == ()
    assert (request.assessment, request.standing.is_late(AT.date())) == (number, True) and none
    made = (
        calendar_file.calendar_of((), "ko", "https://h.example.com", AT, (), (request,)).decode().replace("\r\n ", "")
    )
    assert f"UID:{number}-request@haetae" in made and "DTSTART;VALUE=DATE:20261120" in made
    assert f"/documents?assessment={number}" in made and "과학기술정보통신부장관의 회신 기한" in made


def test_requests_under_way_are_narrowed_as_the_screen_is_and_end_with_their_last_day(office: Office) -> None:
    number, other = office.start(), office.start()
    enter(office, number, StepKind.SENT, AT.date() - timedelta(days=20))
    enter(office, number, StepKind.REPLIED, AT.date() - timedelta(days=10), outcome="high_impact")
    enter(office, other, StepKind.SENT, AT.date() - timedelta(days=31))
    office.submit(other)

    def told(today: date | None = None, **facets: object) -> list[int]:
        chosen = Facets(**facets) if facets else None  # type: ignore[arg-type]
        with office.database.reading() as session:
            return [each.assessment for each in viewing.requests_under_way(session, LEE, chosen, today=today)]

    assert told() == told(AT.date()) == [other, number]
    assert told(AT.date() + timedelta(days=1)) == [other]
    assert (told(status="draft"), told(status="submitted"), told(unit=1)) == ([number], [other], [other, number])
    assert told(unit=99) == told(domain="credit") == []
