"""What the register says of a system beside its details, and its incidents: deeds, history, what a check of the home finds."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from assessments import actions
from assessments.errors import (
    AlreadyDoneError,
    IncompleteError,
    InvalidAnswerError,
    NotSavedError,
    StaleAssessmentError,
)
from assessments.keeping import audit_following
from assessments.model import FIRST_UNIT, Grant, LegalRole, Role, Stage, Upkeep
from assessments.storage import event_lines, reader, system_life, units
from assessments.storage.units import Account
from tests.office import ADA, AT, KIM, LEE, Office


@pytest.fixture
def begun(office: Office) -> Office:
    """With a system, and a draft about it."""
    office.start()
    return office


@pytest.fixture
def owned(begun: Office) -> Office:
    """Somebody with a role where the system lies, and somebody without any."""
    office = begun
    with office.database.transaction() as session:
        for person, grants in (("boss", {Grant(Role.PRODUCT_MANAGER, FIRST_UNIT)}), ("guest", set())):
            units.add_account(session, Account(person, FIRST_UNIT, f"{person} 님", "", True, AT, frozenset(grants)))
    return office


FULL = Upkeep("boss", LegalRole.USING_OPERATOR, Stage.IN_USE, date(2026, 3, 1))


def test_the_entry_changes_without_touching_a_draft(owned: Office) -> None:
    before = owned.read(1)
    with owned.database.transaction() as session:
        actions.set_upkeep(session, 1, FULL, ADA, AT)
    with owned.database.reading() as session:
        assert system_life.upkeep(session, 1) == FULL
        (line, *_) = system_life.events(session, 1)
    assert (line.kind, line.values["person"]["name"]) == ("set_upkeep", "boss 님")
    assert line.values["old"] == {"owner_id": "", "legal_role": None, "stage": None, "started_on": None}
    assert owned.read(1) == before  # an administrator who names an owner becomes no author


def test_an_unchanged_entry_leaves_no_event(owned: Office) -> None:
    for _ in range(2):
        with owned.database.transaction() as session:
            actions.set_upkeep(session, 1, FULL, ADA, AT)
    with owned.database.reading() as session:
        assert len(system_life.events(session, 1, kinds=("set_upkeep",))) == 1


@pytest.mark.parametrize("person", ["guest", "unknown"])
def test_an_owner_holds_a_role_where_the_system_lies(owned: Office, person: str) -> None:
    with owned.database.transaction() as session, pytest.raises(InvalidAnswerError):
        actions.set_upkeep(session, 1, Upkeep(person), ADA, AT)


def test_an_owner_who_left_stays_until_another_is_named(owned: Office) -> None:
    with owned.database.transaction() as session:
        actions.set_upkeep(session, 1, FULL, ADA, AT)
        units.change_account(session, "boss", is_active=False)
        actions.set_upkeep(session, 1, Upkeep("boss", stage=Stage.RETIRED), ADA, AT)


def test_what_another_changed_meanwhile_is_not_overwritten(owned: Office) -> None:
    with owned.database.transaction() as session:
        actions.set_upkeep(session, 1, FULL, ADA, AT)
        with pytest.raises(StaleAssessmentError):
            actions.set_upkeep(session, 1, Upkeep(), KIM, AT, seen=Upkeep())


def test_an_incident_is_followed_up_and_closed(begun: Office) -> None:
    with begun.database.transaction() as session:
        number = actions.state_incident(session, 1, AT.date(), "순위를 잘못 매겼다.", KIM, AT)
        actions.follow_incident(session, number, "원인을 찾는다.", LEE, AT, closes=False)
        actions.follow_incident(session, number, "고쳤다.", KIM, AT, closes=True)
        with pytest.raises(AlreadyDoneError):
            actions.follow_incident(session, number, "고쳤다.", KIM, AT, closes=True)
    with begun.database.reading() as session:
        (incident,) = system_life.incidents(session, 1)
        assert not system_life.open_incidents(session, [1])
        kinds = [line.kind for line in system_life.events(session, 1)]
    assert (incident.text, incident.on, incident.is_open) == ("순위를 잘못 매겼다.", AT.date(), False)
    assert [(step.text, step.by, step.is_open) for step in incident.steps] == [
        ("원인을 찾는다.", LEE.person, True),
        ("고쳤다.", KIM.person, False),
    ]
    assert kinds == ["follow_incident", "follow_incident", "state_incident", "register_system"]


def test_an_incident_says_what_happened_and_not_ahead_of_time(begun: Office) -> None:
    with begun.database.transaction() as session:
        with pytest.raises(IncompleteError):
            actions.state_incident(session, 1, AT.date(), "  ", KIM, AT)
        with pytest.raises(InvalidAnswerError):
            actions.state_incident(session, 1, AT.date() + timedelta(days=1), "내일", KIM, AT)


def test_what_is_erased_of_an_incident_is_gone_everywhere(begun: Office) -> None:
    with begun.database.transaction() as session:
        number = actions.state_incident(session, 1, AT.date(), "홍길동의 서류가 사라졌다.", KIM, AT)
        actions.erase_values(session, number, ["text"], "개인정보", ADA, AT)
    with begun.database.reading() as session:
        (incident,) = system_life.incidents(session, 1)
        assert incident.text == ""
        assert not list(audit_following.compared(session))


@pytest.mark.sqlite
@pytest.mark.parametrize(
    ("damage", "harm"),
    [
        ("UPDATE incident SET is_open = 0", "altered"),
        ("UPDATE incident SET on_day = '2020-01-01'", "altered"),
        ("DELETE FROM incident", "missing"),
        ("INSERT INTO incident VALUES (1, 1, '2026-01-01', 1)", "added"),
    ],
)
def test_an_incident_that_is_not_as_the_history_tells_is_found(begun: Office, damage: str, harm: str) -> None:
    with begun.database.transaction() as session:
        actions.state_incident(session, 1, AT.date(), "멈추었다.", KIM, AT)
    with begun.database.reading() as session:
        assert not list(audit_following.compared(session))
    with begun.database.transaction() as session:
        for name in ("incident_kept", "incident_no_delete"):
            session.connection().execute(text(f"DROP TRIGGER {name}"))
        session.connection().execute(text(damage))
        (finding,) = audit_following.compared(session)
    assert (finding.thing, finding.harm) == ("incident", harm)


def test_the_database_keeps_incidents_and_what_events_are_about(begun: Office) -> None:
    with begun.database.transaction() as session:
        actions.state_incident(session, 1, AT.date(), "멈추었다.", KIM, AT)
    for statement in (
        "DELETE FROM incident",
        "UPDATE incident SET on_day = '2020-01-01'",
        "DELETE FROM system_event",
        "UPDATE system_event SET seq = 99",
    ):
        with pytest.raises((IntegrityError, NotSavedError)), begun.database.transaction() as session:
            session.connection().execute(text(statement))


def test_every_change_of_a_system_is_among_its_events(begun: Office) -> None:
    with begun.database.transaction() as session:
        below = units.add_unit(session, "아래", FIRST_UNIT)
        system = reader.get_system(session, 1)
        actions.change_system(session, 1, system, ADA, AT)
        actions.move_operator(session, 1, below, ADA, AT)
        actions.move_system(session, 1, units.add_unit(session, "더 아래", below), ADA, AT)
    with begun.database.reading() as session:
        kinds = {line.kind for line in event_lines.events(session) if "system" in line.kind or "operator" in line.kind}
        told = {line.kind for line in system_life.events(session, 1)}
    assert told == kinds - {"register_operator", "change_operator"}
