"""What a committee looks for among assessments, by deeds; since a day; and that units and owners are followed."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from datetime import date, timedelta

import pytest

from assessments import actions, people, viewing
from assessments.decision_log.triggers import Triggers
from assessments.home import home
from assessments.keeping import starting
from assessments.model import Condition, Grant, RefusalGoal, Role, Ruling, Upkeep
from assessments.storage import projection, units
from assessments.storage.concerns import Concern
from assessments.storage.facets import Facets, Quarter
from questionnaires import wording
from questionnaires.wording import seoul_day
from tests.office import AT, CHO, KIM, LEE, PARK, SEO, Office, both
from tests.screens import Visitors
from tests.test_following import MARK, YEAR_ON, log
from tests.test_meetings import closed, convened, seated

__all__ = ["seated"]
"""A fixture."""
EVERYBODY = both(KIM, LEE)
DAY = seoul_day(AT)


def of(office: Office, concern: Concern, since: date | None = None, today: date = DAY) -> list[int]:
    """Numbers of the list, which is as long as its figure."""
    facets = Facets(concern=concern.value, since=since, today=today)
    with office.database.reading() as session:
        listed = viewing.assessments(session, EVERYBODY, facets=facets)
        shown = viewing.portfolio(session, EVERYBODY, facets, today, 5)
    assert shown.total == listed.total == len(listed.entries)
    return sorted(assessment.id for assessment in listed.entries)


@pytest.mark.slow
def test_a_correction_takes_the_approval_with_it_and_a_reassessment_does_not(office: Office) -> None:
    corrected, reassessed = office.signed_off(), office.signed_off()
    assert of(office, Concern.VOIDED) == []
    with office.database.transaction() as session:
        actions.revise(session, corrected, KIM, AT)
        actions.reassess(session, reassessed, "한 해가 지났다.", KIM, AT)
    assert of(office, Concern.VOIDED) == of(office, Concern.VOIDED, DAY) == [corrected]
    assert of(office, Concern.VOIDED, DAY + timedelta(days=1)) == [], "that was before the day"
    frozen = office.submit(corrected)
    assert of(office, Concern.VOIDED) == [corrected]
    office.decide(corrected, frozen)
    assert of(office, Concern.VOIDED) == [], "it was decided on anew"


@pytest.mark.slow
def test_another_result_is_told_with_the_day_on_which_it_came(office: Office) -> None:
    number = office.signed_off()
    with office.database.transaction() as session:
        actions.revise(session, number, KIM, AT)
    office.answer(number, "hiring.review", "real", seen=1)
    assert of(office, Concern.MOVED) == of(office, Concern.MOVED, DAY) == [number]
    assert of(office, Concern.MOVED, DAY + timedelta(days=1)) == []
    with sqlite3.connect(home() / "haetae.db") as connection:
        (came,) = connection.execute("SELECT result_at FROM projection").fetchone()
    later = AT + timedelta(days=40)
    with office.database.transaction() as session:
        actions.record_response(session, number, "hiring", office.read(number).responses["hiring"]["told"], KIM, later)
    with sqlite3.connect(home() / "haetae.db") as connection:
        assert connection.execute("SELECT result_at FROM projection").fetchone() == (came,), "a text moves no result"
    assert of(office, Concern.MOVED, DAY + timedelta(days=2)) == []


@pytest.mark.slow
def test_a_log_beyond_its_trigger_is_told_from_the_day_on_which_it_was_counted(office: Office) -> None:
    number = office.start()
    with office.database.transaction() as session:
        actions.set_log(session, number, replace(log(departs=80), triggers=Triggers(triggers=(MARK,))), KIM, AT)
    frozen = office.submit(number)
    office.decide(number, frozen)
    office.sign(number, frozen)
    assert of(office, Concern.LOG) == []
    with office.database.transaction() as session:
        actions.watch_log(session, number, log(departs=1), SEO, YEAR_ON)
    day = seoul_day(YEAR_ON)
    assert of(office, Concern.LOG) == of(office, Concern.LOG, day) == [number]
    assert of(office, Concern.LOG, day + timedelta(days=1)) == []


@pytest.mark.sqlite
@pytest.mark.slow
def test_an_older_edition_is_told_from_the_day_on_which_the_newer_is_in_force(office: Office) -> None:
    number, other = office.start(), office.start()
    assert of(office, Concern.EDITION) == []
    with sqlite3.connect(home() / "haetae.db") as connection:
        connection.execute(
            "UPDATE projection SET pinned = replace(pinned, ' hiring=1.0 ', ' hiring=0.9 ') WHERE assessment_id = ?",
            (other,),
        )
    assert of(office, Concern.EDITION) == [other] != [number]
    assert of(office, Concern.EDITION, date(2000, 1, 1)) == [other] and of(office, Concern.EDITION, DAY) == []


@pytest.mark.slow
def test_an_accepted_risk_ends_with_its_reassessment_or_its_system(office: Office) -> None:
    low, high = office.signed_off(), office.signed_off()
    with sqlite3.connect(home() / "haetae.db") as connection:
        connection.execute("UPDATE projection SET level = 'low' WHERE assessment_id = ?", (low,))
        connection.execute("UPDATE projection SET level = 'very_high' WHERE assessment_id = ?", (high,))
    assert of(office, Concern.ACCEPTED) == [high]
    with office.database.reading() as session:
        accepted = viewing.portfolio(session, EVERYBODY, Facets(), DAY, 5).accepted
    (risk,) = accepted.entries
    assert (risk.assessment_id, risk.reason, risk.by, risk.owner) == (high, "충분하다.", LEE.name, "")
    assert (accepted.total, accepted.reached) == (1, 0)
    assert of(office, Concern.EXPIRED) == [] and of(office, Concern.EXPIRED, today=risk.until) == [low, high]
    with office.database.reading() as session:
        assert viewing.portfolio(session, EVERYBODY, Facets(), risk.until, 5).accepted.reached == 1
    with office.database.transaction() as session:
        actions.retire(session, high, DAY, "쓰지 않는다.", KIM, AT)
    assert of(office, Concern.ACCEPTED) == [] and of(office, Concern.EXPIRED, today=risk.until) == [low]


@pytest.mark.slow
def test_conditions_stand_until_they_are_met_the_earliest_first(office: Office) -> None:
    number = office.start()
    frozen = office.submit(number)
    days = (DAY + timedelta(days=9), DAY + timedelta(days=3))
    with office.database.transaction() as session:
        conditions = [Condition(f"조건 {day}", "법무팀", day) for day in days]
        actions.record_decision(session, number, Ruling.APPROVED_WITH_CONDITIONS, "조건부", conditions, frozen, LEE, AT)
    assert of(office, Concern.CONDITION) == [number]
    with office.database.reading() as session:
        shown = viewing.portfolio(session, EVERYBODY, Facets(), days[1] + timedelta(days=1), 5)
    assert [entry.duty.on for entry in shown.conditions.entries] == sorted(days)
    assert (shown.conditions.total, shown.conditions.reached) == (2, 1)
    assert not {entry.duty.cause for entry in shown.due.entries} & {
        entry.duty.cause for entry in shown.conditions.entries
    }


@pytest.mark.slow
def test_what_lies_still_and_what_came_without_evidence_is_told(office: Office) -> None:
    draft, handed_in = office.start(), office.start()
    office.submit(handed_in)
    assert of(office, Concern.STILL) == [] and of(office, Concern.STILL, today=DAY + timedelta(days=31)) == [draft]
    assert of(office, Concern.NO_EVIDENCE) == [handed_in]


def test_owner_and_unit_of_a_system_are_followed(office: Office) -> None:
    number = office.start()
    assert of(office, Concern.NO_OWNER) == [number]
    with office.database.transaction() as session:
        unit = actions.add_unit(session, "다른 부서", 1, people.command_line(session), AT)
        system = office.read(number).system.id or 0
        grants = frozenset({Grant(Role.PRODUCT_MANAGER, 1)})
        units.add_account(session, units.Account(KIM.id, 1, KIM.name, "", True, AT, grants))
        actions.set_upkeep(session, system, Upkeep(owner_id=KIM.id), KIM, AT)
        actions.move_system(session, system, unit, people.command_line(session), AT)
    assert of(office, Concern.NO_OWNER) == []
    with office.database.reading() as session:
        for facets, total in ((Facets(owner=KIM.id), 1), (Facets(owner="lee"), 0), (Facets(unit=unit), 1)):
            assert viewing.portfolio(session, EVERYBODY, facets, DAY, 1).total == total
        assert viewing.owners(session, EVERYBODY) == {KIM.id: KIM.name}


@pytest.mark.sqlite
@pytest.mark.slow
def test_a_home_from_before_is_derived_at_its_next_start(office: Office) -> None:
    number = office.signed_off()

    def row() -> tuple[object, ...]:
        with sqlite3.connect(home() / "haetae.db") as connection:
            query = "SELECT inherent, claim, pinned, evidence, decided_on, reassess_on, cell, unit_id FROM projection"
            (only,) = connection.execute(query).fetchall()
        return tuple(only)

    before = row()
    assert all(before[:3])
    with sqlite3.connect(home() / "haetae.db") as connection:
        connection.execute("UPDATE projection SET inherent = '', claim = ''")
    starting.prepare()
    assert row() == before
    with office.database.transaction() as session:
        projection.rebuild(session)
    assert row() == before and office.read(number).revision == 1


@pytest.mark.parametrize(
    ("day", "quarter", "begins"),
    [
        (date(2026, 1, 1), "2026-Q1", date(2026, 1, 1)),
        (date(2026, 6, 30), "2026-Q2", date(2026, 4, 1)),
        (date(2026, 12, 31), "2026-Q4", date(2026, 10, 1)),
    ],
)
def test_quarters_follow_one_another(day: date, quarter: str, begins: date) -> None:
    own = Quarter.of(day)
    assert (str(own), own.begins, Quarter.read(quarter)) == (quarter, begins, own)
    assert own.after.before == own and own.begins <= day < own.after.begins
    assert Quarter.read("2026-Q5") is Quarter.read("") is None


@pytest.mark.slow
def test_the_portfolio_tells_what_changed_since_the_last_meeting(
    office: Office, visitors: Visitors, request: pytest.FixtureRequest
) -> None:
    """Unless another day is chosen; and its figures open what came since that day."""
    number = office.signed_off()
    request.getfixturevalue("seated")
    screen = visitors.sign_in(CHO).open("portfolio").html
    assert "달라진 내용" in screen and "이후 달라진 내용" not in screen
    closed(office, convened(office))
    with office.database.transaction() as session:
        actions.revise(session, number, KIM, AT)
    screen = visitors.open("portfolio").html
    day = wording.day(DAY, "ko")
    assert f"{day} 이후 달라진 내용" in screen
    address = f"/portfolio?since={DAY.isoformat()}&amp;concern=voided#list"
    assert address in screen
    assert '<span class="h-count">1</span>' in visitors.open("portfolio", concern="voided", since=DAY.isoformat()).html
    assert f"{day} 이후" not in visitors.open("portfolio", since="month").html


@pytest.mark.slow
def test_a_refused_signature_is_told_until_something_is_signed_off_or_the_matter_ends(office: Office) -> None:
    refused, gone = office.start(), office.start()
    for number, goal in ((refused, RefusalGoal.AUTHOR), (gone, RefusalGoal.NOWHERE)):
        frozen = office.submit(number)
        office.decide(number, frozen)
        assert of(office, Concern.REFUSED) == ([] if number == refused else [refused])
        with office.database.transaction() as session:
            actions.refuse_sign_off(session, number, "근거가 약하다.", goal, frozen, PARK, AT)
    assert of(office, Concern.REFUSED) == [refused, gone]
    frozen = office.submit(refused)
    office.decide(refused, frozen)
    assert of(office, Concern.REFUSED) == [refused, gone], "the next revision is decided on and not signed"
    office.sign(refused, frozen)
    assert of(office, Concern.REFUSED) == [gone]
