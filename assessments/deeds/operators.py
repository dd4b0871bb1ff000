"""Deeds on organisations and AI systems; re-exported by `actions`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime

from assessments import authority
from assessments.content.texts import cleaned
from assessments.deeds import upkeep
from assessments.errors import IncompleteError, StaleAssessmentError
from assessments.model import Actor, AISystem, Operator, Person, Upkeep
from assessments.storage import history, reader, system_life, wording, writer
from assessments.storage.database import Session
from assessments.storage.entries import Change
from questionnaires.texts import texts_of

TEXTS = texts_of(__file__)
NOTHING_SAID = Upkeep()
"""Of a system that is new."""


def register_operator(
    session: Session, operator: Operator, actor: Actor, at: datetime, *, unit: int | None = None
) -> int:
    """Returns the new organisation's id. unit None: where the actor registers.

    Raises: NotAllowedError, NotFoundError, IncompleteError, InvalidAnswerError.
    """
    unit = authority.choose_unit(session, "register_operator", actor, unit)
    actor = authority.over(session, unit, "register_operator", actor)
    operator = _checked_operator(operator)
    operator_id = writer.add_operator(session, unit, operator, actor.person, at)
    values = {"operator": {**asdict(operator), "id": operator_id}, "unit": unit}
    history.add_event(session, "register_operator", actor, at, values=values)
    return operator_id


def change_operator(
    session: Session, operator_id: int, operator: Operator, actor: Actor, at: datetime, *, seen: Operator | None = None
) -> None:
    """Changes it in all drafts, whose author the actor thereby becomes; submitted revisions keep what they had.

    seen: the values the actor started from.

    Raises: NotAllowedError, NotFoundError, IncompleteError, InvalidAnswerError, StaleAssessmentError.
    """
    actor = authority.over(session, operator_id, "change_operator", actor)
    before = reader.get_operator(session, operator_id)
    if seen not in (None, before):
        raise _stale(reader.last_change_of_operator(session, operator_id))
    after = replace(_checked_operator(operator), id=operator_id)
    writer.change_operator(session, operator_id, after, actor.person, at)
    if before != after:
        _count_as_author(session, wording.drafts_of_operator(session, operator_id), actor)
    values = {"old": asdict(before), "new": asdict(after)}
    history.add_event(session, "change_operator", actor, at, values=values)


def register_system(
    session: Session, operator_id: int, system: AISystem, actor: Actor, at: datetime, *, unit: int | None = None
) -> int:
    """Returns the new system's id. unit: the operator's or one below; None: where the actor registers.

    Raises: NotAllowedError, NotFoundError, IncompleteError, InvalidAnswerError.
    """
    return register_systems(session, [registering(session, operator_id, system, actor, unit=unit)], at)[0]


@dataclass(frozen=True)
class Registering:
    """An AI system that may be registered, and whose right it is."""

    operator_id: int
    unit: int
    system: AISystem
    actor: Actor
    upkeep: Upkeep = NOTHING_SAID
    """Set as `set_upkeep` sets it, with an event of its own where it says anything."""
    owner: Person | None = None
    upkeep_by: Actor | None = None
    """Whose right that is. None: nothing is set."""


def registering(
    session: Session, operator_id: int, system: AISystem, actor: Actor, *, unit: int | None = None
) -> Registering:
    """What `register_system` checks. Raises: as that does."""
    below = authority.check_operator(session, operator_id, actor)
    unit = authority.choose_unit(session, "register_system", actor, unit, below)
    actor = authority.over(session, unit, "register_system", actor)
    return Registering(operator_id, unit, _checked_system(system), actor)


def register_systems(session: Session, systems: Sequence[Registering], at: datetime) -> list[int]:
    """Their ids, in their order; written in one go."""
    rows = [writer.NewSystem(new.unit, new.operator_id, new.system, new.upkeep, new.actor.person) for new in systems]
    numbers = writer.add_systems(session, rows, at)
    adding: list[history.Adding] = []
    about: list[int] = []
    for number, new in zip(numbers, systems, strict=True):
        system = {**asdict(new.system), "id": number}
        values = {"operator_id": new.operator_id, "system": system, "unit": new.unit}
        adding.append(history.Adding("register_system", new.actor, values))
        about.append(number)
        if new.upkeep_by is not None and new.upkeep != NOTHING_SAID:
            values = upkeep.told(number, NOTHING_SAID, new.upkeep, new.owner)
            adding.append(history.Adding("set_upkeep", new.upkeep_by, values))
            about.append(number)
    events = history.add_events(session, adding, at)
    system_life.note_each(session, [(number, event.seq) for number, event in zip(about, events, strict=True)])
    return numbers


def change_system(
    session: Session, system_id: int, system: AISystem, actor: Actor, at: datetime, *, seen: AISystem | None = None
) -> None:
    """Like change_operator. Raises: the same."""
    actor = authority.over(session, system_id, "change_system", actor)
    before = reader.get_system(session, system_id)
    if seen not in (None, before):
        raise _stale(reader.last_change_of_system(session, system_id))
    after = replace(_checked_system(system), id=system_id)
    writer.change_system(session, system_id, after, actor.person, at)
    if before != after:
        _count_as_author(session, wording.drafts_of_system(session, system_id), actor)
    values = {"old": asdict(before), "new": asdict(after)}
    event = history.add_event(session, "change_system", actor, at, values=values)
    system_life.note(session, [system_id], event.seq)


def _count_as_author(session: Session, drafts: Sequence[int], actor: Actor) -> None:
    """The decision covers these texts too, so whoever wrote them must not decide."""
    for assessment_id in drafts:
        writer.add_author(session, reader.get_assessment(session, assessment_id), actor.person)


def _checked_operator(operator: Operator) -> Operator:
    operator = cleaned(operator, "operator")
    if not operator.name:
        raise IncompleteError(TEXTS.told("operator_without_name"))
    if operator.separation not in (2, 3):
        raise IncompleteError(TEXTS.told("separation_two_or_three"))
    return operator


def _checked_system(system: AISystem) -> AISystem:
    ai_system = cleaned(system, "system")
    if not ai_system.name_ko and not ai_system.name_en:
        raise IncompleteError(TEXTS.told("system_without_name"))
    return ai_system


def _stale(change: Change) -> StaleAssessmentError:
    return StaleAssessmentError(TEXTS.told("changed_by_others", change=change))
