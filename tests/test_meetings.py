"""A committee's meeting: convened with what waits, kept in minutes by reference, closed for good."""

from __future__ import annotations

import json
from datetime import timedelta

import icalendar
import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from assessments import actions, agenda, calendar_file, viewing
from assessments.deeds import meeting as meeting_deeds
from assessments.deeds.meeting import Sealed
from assessments.errors import (
    IncompleteError,
    InvalidAnswerError,
    NotAllowedError,
    NotFoundError,
    StaleAssessmentError,
    WrongStatusError,
)
from assessments.keeping import audit_meetings
from assessments.model import FIRST_UNIT, Actor, Ballot, Committee, Grant, Person, Role
from assessments.rules import meetings as rules
from assessments.rules.meetings import Attendance, Form, Item, Presence, State, Subject
from assessments.rules.requesting import StepKind
from assessments.storage import units
from assessments.storage.dialects.sqlite import SQLite
from assessments.storage.units import Account
from pages._server import committee_documents
from questionnaires.wording import seoul_day
from tests.office import ADA, AT, AUD, CHO, KIM, LEE, Office

DAY = seoul_day(AT)
MIN = Actor("min", "민하준", frozenset({Role.COMMITTEE_MEMBER}))


@pytest.fixture
def seated(office: Office) -> Office:
    """A committee of a chair and two members, with accounts."""
    with office.database.transaction() as session:
        for person in (CHO, LEE, MIN):
            grants = frozenset(Grant(role, FIRST_UNIT) for role in person.roles)
            units.add_account(session, Account(person.id, FIRST_UNIT, person.name, "", True, AT, grants))
        actions.set_committee(session, FIRST_UNIT, Committee(2), ADA, AT)
    return office


def convened(office: Office, **more: object) -> int:
    with office.database.transaction() as session:
        return actions.convene_meeting(session, FIRST_UNIT, DAY, Form.IN_PERSON, "3층 회의실", CHO, AT, **more)


def view(office: Office, number: int, actor: Actor = CHO) -> viewing.MeetingView:
    with office.database.reading() as session:
        return viewing.meeting(session, actor, number)


def attended(office: Office, number: int) -> None:
    presences = {
        "cho": (Presence.PRESENT, ""),
        "lee": (Presence.REMOTE, "15:20"),
        "min": (Presence.ABSENT, "15:20"),
    }
    with office.database.transaction() as session:
        actions.set_attendance(session, number, presences, "간사 1명", LEE, AT)


def closed(office: Office, number: int) -> None:
    attended(office, number)
    with office.database.transaction() as session:
        seen = viewing.meeting(session, CHO, number).proceedings.meeting.seen
        actions.close_meeting(session, number, seen, CHO, AT)


# --- the agenda ----------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_the_agenda_begins_with_what_waits(seated: Office) -> None:
    waiting, draft = seated.start(), seated.start()
    seated.submit(waiting)
    meeting = view(seated, convened(seated)).proceedings.meeting
    assert [(item.subject, item.assessment) for item in meeting.items] == [(Subject.DECISION, waiting)]
    assert (meeting.number, meeting.on, meeting.place, meeting.state) == (1, DAY, "3층 회의실", State.OPEN)
    assert draft


def test_requests_under_art_33_are_on_the_agenda_while_something_can_be_done(seated: Office) -> None:
    """The Ministry is late, or re-confirmation can still be asked for; neither before nor after."""
    sent, late, replied, over = (seated.start() for _ in range(4))
    with seated.database.transaction() as session:
        for number, days in ((sent, 3), (late, 31), (replied, 20), (over, 40)):
            actions.note_request_step(session, number, StepKind.SENT, DAY - timedelta(days=days), KIM, AT)
        for number, days in ((replied, 10), (over, 11)):
            on = DAY - timedelta(days=days)
            actions.note_request_step(session, number, StepKind.REPLIED, on, KIM, AT, outcome="high_impact")
    number = convened(seated)
    items = view(seated, number).proceedings.meeting.items
    yesterday = (DAY - timedelta(days=1)).isoformat()
    assert [(item.subject, item.assessment, item.which) for item in items] == [
        (Subject.CONFIRMATION, late, f"reply {yesterday}"),
        (Subject.CONFIRMATION, replied, f"objection {DAY.isoformat()}"),
    ]
    assert sent and over
    blocks = committee_documents.minutes(view(seated, number), "ko", AT).data["blocks"]
    told = json.dumps(blocks, ensure_ascii=False).replace("\u00a0", " ")
    assert "법 제33조 확인 요청" in told and "재확인" in told and "시행령 제25조" in told


@pytest.mark.slow
def test_the_chair_orders_strikes_and_adds(seated: Office) -> None:
    first, second = seated.start(), seated.start()
    seated.submit(first)
    seated.submit(second)
    number = convened(seated)
    with seated.database.transaction() as session:
        actions.add_item(session, number, " 위원회 운영 규정 ", CHO, AT)
        actions.move_item(session, number, 3, CHO, AT, up=True)
        actions.strike_item(session, number, 1, CHO, AT, again=False)
        assert actions.fill_agenda(session, number, CHO, AT) == 0  # what was struck does not come back by itself
    meeting = view(seated, number).proceedings.meeting
    assert [(item.number, item.text) for item in meeting.on_agenda] == [(3, "위원회 운영 규정"), (2, "")]
    third = seated.start()
    seated.submit(third)
    with seated.database.transaction() as session:
        assert actions.fill_agenda(session, number, CHO, AT) == 1
        actions.strike_item(session, number, 1, CHO, AT, again=True)
    assert {item.assessment for item in view(seated, number).proceedings.meeting.on_agenda} == {
        None,
        first,
        second,
        third,
    }


@pytest.mark.slow
def test_what_did_not_go_on_the_agenda_at_first_goes_on_it_next(
    seated: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Some of each kind at a time, also behind one that was struck; only when nothing is left it says so."""
    monkeypatch.setattr(agenda, "MOST_DECISIONS", 1)
    monkeypatch.setattr(meeting_deeds, "MOST_ITEMS", 3)
    assessments = [seated.start() for _ in range(4)]
    for assessment in assessments[:3]:
        seated.submit(assessment)
    number = convened(seated)
    assert [item.assessment for item in view(seated, number).proceedings.meeting.items] == assessments[:1]
    with seated.database.transaction() as session:
        actions.strike_item(session, number, 1, CHO, AT, again=False)
        assert [actions.fill_agenda(session, number, CHO, AT) for _ in range(3)] == [1, 1, 0]
    assert [item.assessment for item in view(seated, number).proceedings.meeting.on_agenda] == assessments[1:3]
    seated.submit(assessments[3])
    with seated.database.transaction() as session, pytest.raises(InvalidAnswerError):
        actions.fill_agenda(session, number, CHO, AT)


def test_moving_passes_over_struck_items_and_stops_at_the_ends() -> None:
    items = [Item(1, Subject.OWN), Item(2, Subject.OWN, is_struck=True), Item(3, Subject.OWN)]
    assert [item.number for item in rules.moved(items, 3, up=True)] == [3, 1, 2]
    assert [item.number for item in rules.moved(items, 1, up=True)] == [1, 2, 3]


@pytest.mark.slow
def test_what_was_resubmitted_is_another_matter(seated: Office) -> None:
    assessment = seated.start()
    frozen = seated.submit(assessment)
    number = convened(seated)
    with seated.database.transaction() as session:
        for member in (LEE, MIN):
            actions.cast_vote(session, assessment, Ballot.RETURN, "고치십시오.", frozen, member, AT)
        seen = viewing.assessment(session, CHO, assessment).votes[-1].seq
        actions.close_vote(session, assessment, "고치십시오.", frozen, seen, CHO, AT)
    seated.submit(assessment)
    with seated.database.transaction() as session:
        assert actions.fill_agenda(session, number, CHO, AT) == 1
    outcomes = view(seated, number).outcomes
    assert [len(outcomes[item].votes) for item in (1, 2)] == [2, 0]
    assert outcomes[1].decision and outcomes[1].decision.kind == "return_to_author"


# --- minutes -------------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_minutes_refer_to_votes_and_never_change(seated: Office) -> None:
    assessment = seated.start()
    frozen = seated.submit(assessment)
    number = convened(seated)
    with seated.database.transaction() as session:
        for member in (LEE, MIN):
            actions.cast_vote(session, assessment, Ballot.APPROVE, "근거가 충분하다.", frozen, member, AT)
        actions.take_minutes(session, number, 1, "자료를 설명했다.", "표결에 따른다.", LEE, AT)
    closed(seated, number)
    after = view(seated, number)
    assert [vote.reason for vote in after.outcomes[1].votes] == ["근거가 충분하다."] * 2
    with seated.database.transaction() as session:  # a later vote is no part of them
        actions.cast_vote(session, assessment, Ballot.REJECT, "생각이 바뀌었다.", frozen, LEE, AT)
    again = view(seated, number)
    assert again.outcomes == after.outcomes
    assert again.proceedings.meeting.minutes[1].discussion == "자료를 설명했다."
    assert [each.left for each in again.proceedings.meeting.attendance] == [
        "",
        "15:20",
        "",
    ]  # who was absent left nothing
    for deed in (
        lambda s: actions.take_minutes(s, number, 1, "다르게", "", LEE, AT),
        lambda s: actions.add_item(s, number, "하나 더", CHO, AT),
        lambda s: actions.cancel_meeting(s, number, "취소", CHO, AT),
    ):
        with seated.database.transaction() as session, pytest.raises(WrongStatusError):
            deed(session)
    with seated.database.transaction() as session:
        actions.add_addendum(session, number, "3쪽의 이름을 바로잡는다.", CHO, AT)
    assert [addendum.text for addendum in view(seated, number).proceedings.addenda] == ["3쪽의 이름을 바로잡는다."]


@pytest.mark.first_in_check
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE meeting SET on_day = '2020-01-01'",
        "UPDATE meeting SET state = 'open', minutes = NULL, minutes_sha256 = NULL",
        "DELETE FROM meeting",
        "DELETE FROM meeting_event",
        "INSERT INTO meeting_event SELECT 1, min(seq) FROM event",
        "INSERT OR REPLACE INTO meeting SELECT id, unit_id, number, '2020-01-01', state, minutes, minutes_sha256 FROM meeting",
    ],
)
def test_the_database_keeps_closed_minutes(seated: Office, statement: str) -> None:
    closed(seated, convened(seated))
    with seated.database.transaction() as session, pytest.raises(IntegrityError):
        session.connection().execute(text(statement))


def test_the_chair_closes_what_the_chair_saw_and_when_all_is_said(seated: Office) -> None:
    number = convened(seated)
    with seated.database.transaction() as session:
        seen = viewing.meeting(session, CHO, number).proceedings.meeting.seen
        with pytest.raises(IncompleteError, match="민하준"):
            actions.close_meeting(session, number, seen, CHO, AT)
    attended(seated, number)
    with seated.database.transaction() as session, pytest.raises(StaleAssessmentError):
        actions.close_meeting(session, number, seen, CHO, AT)


def test_a_meeting_ahead_is_not_closed(seated: Office) -> None:
    with seated.database.transaction() as session:
        number = actions.convene_meeting(session, FIRST_UNIT, DAY + timedelta(days=7), Form.REMOTE, "", CHO, AT)
        seen = viewing.meeting(session, CHO, number).proceedings.meeting.seen
        with pytest.raises(WrongStatusError):
            actions.close_meeting(session, number, seen, CHO, AT)


def test_everybody_on_the_committee_is_accounted_for() -> None:
    members = [Person("a", "가"), Person("b", "나")]
    assert rules.missing(members, [Attendance(members[0], Presence.ABSENT)]) == (members[1],)
    assert rules.taking_part([Attendance(members[0], Presence.ABSENT), Attendance(members[1], Presence.REMOTE)]) == 1


def test_what_is_erased_of_minutes_is_gone_everywhere(seated: Office) -> None:
    number = convened(seated)
    with seated.database.transaction() as session:
        actions.add_item(session, number, "홍길동의 민원", CHO, AT)
        actions.take_minutes(session, number, 1, "홍길동이 말했다.", "", LEE, AT)
    closed(seated, number)
    with seated.database.transaction() as session:
        for line in viewing.meeting_events(session, CHO, number):
            names = [name for name in ("discussion", "texts") if name in line.values]
            if names:
                actions.erase_values(session, line.seq, names, "개인정보", ADA, AT)
    meeting = view(seated, number).proceedings.meeting
    assert (meeting.items[0].text, meeting.minutes[1].discussion) == ("", "")


# --- who -----------------------------------------------------------------------------------------------------


def test_members_the_chair_and_auditors_read_and_nobody_else(seated: Office) -> None:
    number = convened(seated)
    for reader in (CHO, LEE, AUD):
        assert view(seated, number, reader).proceedings.meeting.id == number
    with pytest.raises(NotAllowedError):
        view(seated, number, KIM)
    with seated.database.transaction() as session:
        other = units.add_unit(session, "다른 회사", None)
    stranger = Actor("x", "남", frozenset({Role.CHAIR}), frozenset({Grant(Role.CHAIR, other)}))
    with pytest.raises(NotFoundError):
        view(seated, number, stranger)
    with seated.database.reading() as session:
        assert viewing.meetings_of(session, stranger, 9) == ()
        assert [entry.id for entry in viewing.meetings_of(session, AUD, 9)] == [number]


def test_the_last_meeting_is_the_last_that_was_closed(seated: Office) -> None:
    with seated.database.transaction() as session:
        below = actions.add_unit(session, "대출", FIRST_UNIT, ADA, AT)
    number = convened(seated)
    with seated.database.reading() as session:
        assert viewing.last_meeting(session, CHO, FIRST_UNIT) is None
    closed(seated, number)
    with seated.database.reading() as session:
        assert [viewing.last_meeting(session, CHO, unit) for unit in (0, FIRST_UNIT, below)] == [DAY] * 3
        assert viewing.last_meeting(session, KIM, FIRST_UNIT) is None


# --- what a check of the home finds --------------------------------------------------------------------------


def kept(office: Office, number: int) -> int:
    content = {"kind": "paper", "made": "여기"}
    with office.database.transaction() as session:
        return actions.keep_document(session, number, Sealed("paper", "ko", content, b"%PDF-1.7 sealed"), CHO, AT)


@pytest.mark.sqlite
@pytest.mark.first_in_check
@pytest.mark.parametrize(
    ("damage", "found_harm"),
    [
        ("UPDATE meeting SET on_day = '2020-01-01'", ("meeting", "altered")),
        ("UPDATE meeting SET minutes = '{}'", ("meeting", "altered")),
        ("INSERT INTO meeting VALUES (9, 1, 9, '2026-01-01', 'open', NULL, NULL)", ("meeting", "added")),
        ("DELETE FROM meeting_event WHERE seq = (SELECT max(seq) FROM meeting_event)", ("meeting", "altered")),
        ("UPDATE meeting_document SET file = x'25504446'", ("document", "altered")),
        ("UPDATE meeting_document SET content = '{}'", ("document", "altered")),
        ("DELETE FROM meeting_document", ("document", "missing")),
    ],
)
def test_a_meeting_that_is_not_as_the_history_tells_is_found(
    seated: Office, damage: str, found_harm: tuple[str, str]
) -> None:
    number = convened(seated)
    kept(seated, number)
    closed(seated, number)
    with seated.database.reading() as session:
        assert not list(audit_meetings.compared(session))
    with seated.database.transaction() as session:
        for name in [name for name in SQLite().trigger_statements() if name.startswith("meeting")]:
            session.connection().execute(text(f"DROP TRIGGER {name}"))
        session.connection().execute(text(damage))
        (finding,) = audit_meetings.compared(session)
    assert (finding.thing, finding.harm) == found_harm


def test_a_paper_is_made_before_the_end_and_sealed_minutes_after_it(seated: Office) -> None:
    number = convened(seated)
    minutes = Sealed("minutes", "ko", {"kind": "minutes"}, b"%PDF-1.7 sealed")
    with seated.database.transaction() as session, pytest.raises(WrongStatusError):
        actions.keep_document(session, number, minutes, CHO, AT)
    closed(seated, number)
    with pytest.raises(WrongStatusError):
        kept(seated, number)


@pytest.mark.slow
def test_what_came_to_something_else_is_on_the_agenda_once(office: Office) -> None:
    signed, decided_on = office.signed_off(), office.signed_off()
    with office.database.transaction() as session:
        actions.revise(session, signed, KIM, AT)
        actions.revise(session, decided_on, KIM, AT)
    office.submit(decided_on)
    items = view(office, convened(office)).proceedings.meeting.items
    assert [(item.subject, item.assessment, item.which.split()[0]) for item in items if item.assessment == signed] == [
        (Subject.CHANGE, signed, "voided")
    ]
    assert [item.subject for item in items if item.assessment == decided_on] == [Subject.DECISION]


@pytest.mark.slow
def test_a_calendar_holds_the_meetings_ahead_and_tells_of_those_cancelled(seated: Office) -> None:
    first = convened(seated)
    with seated.database.transaction() as session:
        second = actions.convene_meeting(session, FIRST_UNIT, DAY + timedelta(days=9), Form.REMOTE, "", CHO, AT)
        late = actions.convene_meeting(session, FIRST_UNIT, DAY + timedelta(days=99), Form.REMOTE, "", CHO, AT)
        actions.cancel_meeting(session, second, "다음 달에", CHO, AT)
    with seated.database.reading() as session:
        assert viewing.meetings_ahead(session, KIM, DAY, 30) == (), "authors read no meetings"
        ahead = viewing.meetings_ahead(session, CHO, DAY, 30)
        later = viewing.meetings_ahead(session, CHO, DAY + timedelta(days=1), 100)
    assert [meeting.id for meeting in ahead] == [first, second]
    assert [meeting.id for meeting in later] == [second, late], "what is over is left out"
    made = calendar_file.calendar_of((), "ko", "https://h.example.com", AT, ahead)
    events = icalendar.Calendar.from_ical(made).walk("VEVENT")
    unit = ahead[0].unit
    assert [(event["SUMMARY"], event["DTSTART"].dt, event.get("STATUS")) for event in events] == [
        (f"제1차 위원회 ({unit})", DAY, None),
        (f"제2차 위원회 ({unit})", DAY + timedelta(days=9), "CANCELLED"),
    ]
    assert (events[0]["LOCATION"], "LOCATION" in events[1]) == ("3층 회의실", False)
    assert events[0]["URL"] == f"https://h.example.com/meeting?meeting={first}"
    closed(seated, first)
    with seated.database.reading() as session:
        assert [meeting.id for meeting in viewing.meetings_ahead(session, CHO, DAY, 30)] == [second]
