"""The life of an assessment with a clock that is given: decided in one year, followed up, watched, held, and assessed again in the next."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from assessments import actions, people, reminding, viewing
from assessments.decision_log.kept_log import KeptLog
from assessments.decision_log.reading.columns import LogMapping
from assessments.decision_log.statistics.analysis import analyse
from assessments.decision_log.triggers import Figure, Trigger, Triggers
from assessments.errors import IncompleteError, NotAllowedError, WrongStatusError
from assessments.home import home
from assessments.keeping import auditing
from assessments.mail import Mailbox, Security
from assessments.model import Condition, Measure, Response, Ruling, Statement, Status
from assessments.rules import lifecycle
from assessments.rules.carrying import Mark
from assessments.rules.lifecycle import Cause, ChangeKind
from assessments.storage import units
from tests import mail_server
from tests.logs import in_memory
from tests.mail_server import Post
from tests.office import ADA, ANSWERS, CHO, KIM, LEE, PARK, PDF, SEO, Office

OWN = Trigger(figure=Figure.DIVERGENCE_RATE, at_least="5", on=date(2026, 11, 1), reason="우리 기준")
MEASURE = Measure("m1", "두 사람이 다시 본다.", "서두리", date(2027, 1, 31))
CONDITION = Condition("이의 제기 창구를 연다.", "서두리", date(2027, 2, 28))


def noon(day: str) -> datetime:
    """In Seoul."""
    return datetime.fromisoformat(f"{day}T03:00:00").replace(tzinfo=UTC)


def log(departures: int) -> KeptLog:
    """Of 400 decisions so many departures from what the AI said."""
    return KeptLog(analyse(in_memory([place < departures for place in range(400)])), LogMapping(columns={}))


class Clock:
    """Whatever day it is, the mail server is asked what arrives then."""

    def __init__(self, office: Office, post: Post) -> None:
        self.office, self.post, self.at = office, post, noon("2026-11-21")
        self.mailbox = Mailbox("127.0.0.1", post.port, Security.NONE, "haetae@example.com")

    def turn(self, day: str) -> datetime:
        self.at = noon(day)
        return self.at

    def mails(self, day: str) -> dict[str, str]:
        """Address → text of what arrives on that day, whatever was sent before; the server looks twice."""
        self.turn(day)
        seen = len(self.post.messages)
        for _ in range(2):
            assert not reminding.send(self.mailbox, self.at).failures
        came = dict(zip(self.post.to[seen:], self.post.messages[seen:], strict=True))
        assert len(came) == len(self.post.messages) - seen, "one message a person"
        return {address: message.get_content() for address, message in came.items()}

    def triggers(self, number: int) -> list[Cause]:
        with self.office.database.reading() as session:
            duties = viewing.duties(session, KIM, number, self.at.date())
        return [duty.cause for duty in lifecycle.triggers(duties, self.at.date())]


@pytest.fixture
def staffed(office: Office) -> Office:
    for actor in (KIM, SEO, LEE, CHO, PARK, ADA):
        people.add_person(home(), actor.id, actor.name, sorted(actor.roles))
        with office.database.transaction() as session:
            units.change_account(session, actor.id, email=f"{actor.id}@example.com")
    return office


@pytest.mark.slow
def test_from_an_assessment_in_one_year_to_its_reassessment_in_the_next(staffed: Office) -> None:
    with mail_server.running() as post:
        clock = Clock(staffed, post)
        number = _decided_with_a_condition(staffed, clock)
        _condition_overdue_then_done(staffed, clock, number)
        hold = _held(staffed, clock, number)
        _log_beyond_its_trigger(staffed, clock, number)
        assert clock.mails("2027-10-22") == {"kim@example.com": clock_text(post)}, "a month before"
        assert Cause.REASSESSMENT not in clock.triggers(number)
        assert set(clock.mails("2027-11-21")) == {"kim@example.com"}
        assert Cause.REASSESSMENT in clock.triggers(number)
        _assessed_again(staffed, clock, number)
        _released_by_two(staffed, clock, number, hold)
        assert clock.mails("2028-01-15") == {}, "nothing is due of what was decided before"
    with staffed.database.reading() as session:
        made = auditing.audit(session, lambda _: None, notes=False)
    assert made.is_intact, made.findings


def clock_text(post: Post) -> str:
    return str(post.messages[-1].get_content())


def _decided_with_a_condition(office: Office, clock: Clock) -> int:
    at = clock.turn("2026-11-21")
    number = office.start()
    with office.database.transaction() as session:
        actions.set_measures(session, number, [MEASURE], KIM, at)
        actions.set_log(session, number, replace(log(40), triggers=Triggers(triggers=(OWN,))), KIM, at)
        actions.add_evidence(
            session, number, actions.Upload("지정서", "a.pdf", PDF, expires_on=date(2028, 3, 31)), KIM, at
        )
    frozen = office.submit(number)
    with office.database.transaction() as session:
        ruling, reason = Ruling.APPROVED_WITH_CONDITIONS, "조건을 붙여 승인한다."
        actions.record_decision(session, number, ruling, reason, [CONDITION], frozen, LEE, at)
    office.sign(number, frozen)
    assert clock.triggers(number) == []
    return number


def _condition_overdue_then_done(office: Office, clock: Clock, number: int) -> None:
    assert set(clock.mails("2027-01-01")) == {"seo@example.com"}, "the measure, a month before"
    with office.database.transaction() as session:
        shown = actions.Upload("수료 명단", "b.pdf", PDF)
        actions.follow_up(
            session, number, Cause.MEASURE, "m1", date(2027, 1, 1), "두 사람을 두었다.", shown, SEO, clock.at
        )
    assert set(clock.mails("2027-01-30")) == {"seo@example.com"}, "the condition, a month before"
    assert clock.mails("2027-02-01") == {}, "the measure is done"
    assert set(clock.mails("2027-02-22")) == {"seo@example.com"}
    assert clock.triggers(number) == []
    assert set(clock.mails("2027-03-01")) == {"seo@example.com"}
    assert clock.triggers(number) == [Cause.CONDITION], "overdue"
    late = clock.mails("2027-03-15")
    assert set(late) == {"seo@example.com", "kim@example.com"}, "and the manager once it is two weeks late"
    assert "기한 지남" in late["kim@example.com"] and "overdue" in late["kim@example.com"]
    with office.database.reading() as session:
        (condition,) = [
            one for one in viewing.duties(session, SEO, number, clock.at.date()) if one.cause is Cause.CONDITION
        ]
    with office.database.transaction() as session:
        shown = actions.Upload("창구 사진", "c.pdf", PDF)
        on, at = date(2027, 3, 20), clock.turn("2027-03-20")
        actions.follow_up(session, number, Cause.CONDITION, condition.which, on, "열었다.", shown, SEO, at)
    assert clock.triggers(number) == [] and clock.mails("2027-04-30") == {}


def _held(office: Office, clock: Clock, number: int) -> int:
    at = clock.turn("2027-05-03")
    with office.database.transaction() as session:
        hold = actions.place_hold(session, number, "노동위원회 사건", CHO, at)
        begun = viewing.last_event(session, ADA, number, "start_assessment")
    assert begun is not None
    for deed in (
        lambda s: actions.archive(s, number, "치운다.", KIM, at),
        lambda s: actions.erase_values(s, begun.seq, ["domain"], "요청", ADA, at),
    ):
        with pytest.raises(WrongStatusError, match="legal hold"), office.database.transaction() as session:
            deed(session)
    return hold


def _log_beyond_its_trigger(office: Office, clock: Clock, number: int) -> None:
    at = clock.turn("2027-06-01")
    with office.database.transaction() as session:
        actions.watch_log(session, number, log(40), SEO, at)
    assert clock.triggers(number) == [], "a tenth departs, and a twentieth was asked for"
    at = clock.turn("2027-09-01")
    with office.database.transaction() as session:
        actions.watch_log(session, number, log(2), SEO, at)
        actions.state_change(session, number, ChangeKind.FUNCTION, "모형을 바꾸었다.", date(2027, 8, 30), SEO, at)
    assert clock.triggers(number) == [Cause.CHANGE, Cause.LOG]
    came = clock.mails("2027-09-01")
    assert set(came) == {"kim@example.com"}
    assert "자체 기준을 벗어난 결정 기록" in came["kim@example.com"] and "Material change" in came["kim@example.com"]
    clock.mails("2027-09-15")


def _assessed_again(office: Office, clock: Clock, number: int) -> None:
    at = clock.turn("2027-11-22")
    with office.database.transaction() as session:
        assert actions.reassess(session, number, "한 해가 지났고 모형이 바뀌었다.", KIM, at) == 2
        told = viewing.assessment(session, KIM, number).responses["hiring"]["told"]
        marks = viewing.marks(session, KIM, viewing.assessment(session, KIM, number))
    assert set(marks.values()) == {Mark.TO_CONFIRM}
    assert {"measures", "evidence", "log", "hiring.told", "involvement.relies"} <= set(marks)
    with pytest.raises(IncompleteError, match="not confirmed yet"), office.database.transaction() as session:
        actions.submit(session, number, KIM, at)
    with office.database.transaction() as session:
        changed = Response("told", "새 모형을 쓴다고 알린다.", lock_version=told.lock_version)
        actions.record_response(session, number, "hiring", changed, KIM, at)
        actions.set_measures(session, number, [replace(MEASURE, is_in_place=True)], KIM, at)
        newer = replace(log(60), triggers=Triggers(triggers=(OWN,)))
        actions.set_log(session, number, newer, KIM, at)
        actions.confirm(session, number, [f"hiring.{name}" for name in ANSWERS["hiring"]], KIM, at)
        actions.confirm(session, number, ["involvement.relies", "involvement.named", "evidence"], SEO, at)
        marks = viewing.marks(session, KIM, viewing.assessment(session, KIM, number))
    assert {where for where, mark in marks.items() if mark is Mark.CHANGED} == {"hiring.told", "measures", "log"}
    assert Mark.TO_CONFIRM not in marks.values() and marks["hiring.people"] is Mark.UNCHANGED
    with office.database.transaction() as session:
        actions.submit(session, number, KIM, at)
    frozen = office.read(number).content_sha256 or ""
    at = clock.turn("2027-12-01")
    with office.database.transaction() as session:
        actions.record_decision(session, number, Ruling.APPROVED, "충분하다.", [], frozen, LEE, at)
    assert office.read(number, 1).status is Status.SIGNED_OFF, "in force until the new one is signed"
    with office.database.transaction() as session:
        actions.sign_off(session, number, frozen, list(Statement), PARK, at)
    assert [office.read(number, one).status for one in (1, 2)] == [Status.SUPERSEDED, Status.SIGNED_OFF]
    assert clock.triggers(number) == []
    with office.database.reading() as session:
        after = viewing.aftermath(session, KIM, number, at.date())
    assert after.reassess_on == date(2028, 12, 1)


def _released_by_two(office: Office, clock: Clock, number: int, hold: int) -> None:
    at = clock.turn("2028-01-10")
    with office.database.transaction() as session:
        assert not actions.release_hold(session, number, hold, "사건이 끝났다.", CHO, at)
    with pytest.raises(NotAllowedError), office.database.transaction() as session:
        actions.release_hold(session, number, hold, "그래도", CHO, at)
    with office.database.transaction() as session:
        assert actions.release_hold(session, number, hold, "확인하였다.", PARK, at)
        actions.retire(session, number, date(2028, 1, 10), "계약이 끝났다.", KIM, at)
        actions.archive(session, number, "보관한다.", KIM, at)
    with office.database.reading() as session:
        assert viewing.assessments(session, KIM).total == 0
        assert viewing.assessments(session, KIM, archived=True).total == 1
        assert viewing.assessment(session, KIM, number, 1).decision is not None, "and it is read as before"
