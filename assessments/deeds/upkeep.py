"""Deeds on what the register says of an AI system beside its details: set_upkeep, state_incident, follow_incident."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from assessments import authority
from assessments.content.answers import clean_text
from assessments.errors import (
    AlreadyDoneError,
    IncompleteError,
    InvalidAnswerError,
    NotFoundError,
    StaleAssessmentError,
)
from assessments.model import Actor, Person, Upkeep
from assessments.rights import Kind
from assessments.storage import history, reader, system_life, units, writer
from assessments.storage.database import Session
from questionnaires.texts import texts_of
from questionnaires.wording import seoul_day

TEXTS = texts_of(__file__)


def set_upkeep(
    session: Session, system_id: int, upkeep: Upkeep, actor: Actor, at: datetime, *, seen: Upkeep | None = None
) -> None:
    """Says who answers for a system, its legal role, where it stands in its life and since when it is used.

    No draft changes by it, and nobody becomes its author. seen: what the actor started from.

    Raises: NotAllowedError, NotFoundError, InvalidAnswerError, StaleAssessmentError.
    """
    actor = authority.over(session, system_id, "set_upkeep", actor)
    before = system_life.upkeep(session, system_id)
    if seen not in (None, before):
        raise StaleAssessmentError(
            TEXTS.told("changed_by_others", change=reader.last_change_of_system(session, system_id))
        )
    if upkeep == before:
        return
    owner = None
    if upkeep.owner_id and upkeep.owner_id != before.owner_id:
        owner = owner_at(session, units.path_of(session, Kind.SYSTEM, system_id), upkeep.owner_id)
    values = told(system_id, before, upkeep, owner)
    writer.set_upkeep(session, system_id, upkeep, actor.person, at)
    event = history.add_event(session, "set_upkeep", actor, at, values=values)
    system_life.note(session, [system_id], event.seq)


def state_incident(session: Session, system_id: int, on: date, text: str, actor: Actor, at: datetime) -> int:
    """States that something went wrong with a system, and when. Returns its number.

    Raises: NotAllowedError, NotFoundError, IncompleteError, InvalidAnswerError.
    """
    actor = authority.over(session, system_id, system_life.STATED, actor)
    text = clean_text(text, "text")
    if not text:
        raise IncompleteError(TEXTS.told("incident_without_text"))
    if on > seoul_day(at):
        raise InvalidAnswerError(TEXTS.told("incident_ahead", day=on, today=seoul_day(at)))
    values = {"system": system_id, "on": on.isoformat(), "text": text}
    event = history.add_event(session, system_life.STATED, actor, at, values=values)
    system_life.add_incident(session, system_id, event.seq, on)
    system_life.note(session, [system_id], event.seq)
    return event.seq


def follow_incident(session: Session, number: int, text: str, actor: Actor, at: datetime, *, closes: bool) -> None:
    """States what was done about an incident. closes: nothing is left to do; else it is open, or open again.

    Raises: NotAllowedError, NotFoundError, IncompleteError, AlreadyDoneError.
    """
    incident = system_life.incident_system(session, number)
    if incident is None:
        raise _no_incident(number)
    system_id, is_open = incident
    try:
        actor = authority.over(session, system_id, system_life.FOLLOWED, actor)
    except NotFoundError:
        raise _no_incident(number) from None
    text = clean_text(text, "text")
    if not text:
        raise IncompleteError(TEXTS.told("incident_step_without_text"))
    if closes and not is_open:
        raise AlreadyDoneError(TEXTS.told("incident_closed_already"))
    values = {"system": system_id, "incident": number, "text": text, "closes": closes}
    event = history.add_event(session, system_life.FOLLOWED, actor, at, values=values)
    system_life.set_open(session, number, is_open=not closes)
    system_life.note(session, [system_id], event.seq)


# --- parts ---------------------------------------------------------------------------------------------------


def told(system_id: int, before: Upkeep, after: Upkeep, owner: Person | None) -> dict[str, Any]:
    """What the event says. owner: who answers for it from now on; None: as before, or nobody."""
    values: dict[str, Any] = {"system": system_id, "old": _told(before), "new": _told(after)}
    if owner is not None:
        values["person"] = {"id": owner.id, "name": owner.name}
    return values


def owner_at(session: Session, path: Sequence[int], owner_id: str) -> Person:
    """Whoever answers for a system holds a role where it lies: in a unit of its path. Raises: InvalidAnswerError."""
    for person in units.people_at(session, path):
        if person.id == owner_id:
            return person
    raise InvalidAnswerError(TEXTS.told("no_such_owner", name=owner_id))


def _told(upkeep: Upkeep) -> dict[str, str | None]:
    return {
        "owner_id": upkeep.owner_id,
        "legal_role": upkeep.legal_role.value if upkeep.legal_role else None,
        "stage": upkeep.stage.value if upkeep.stage else None,
        "started_on": upkeep.started_on.isoformat() if upkeep.started_on else None,
    }


def _no_incident(number: int) -> NotFoundError:
    return NotFoundError(TEXTS.told("no_such_incident", number=number))
