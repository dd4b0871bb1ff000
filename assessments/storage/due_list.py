"""What is due of decided assessments, over all of them: due_for one person, and everything, for reminders."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, false, or_, select, true
from sqlmodel import Session

from assessments.model import Actor, Role
from assessments.rules.lifecycle import Cause, Duty
from assessments.storage import following, mapping
from assessments.storage.entries import DueEntry
from assessments.storage.life_tables import ArchivedRow, DutyRow
from assessments.storage.lists import Scope
from assessments.storage.tables import (
    AssessmentRow,
    EditionRow,
    OperatorRow,
    RevisionRow,
    SystemRow,
    table_of,
)

MANAGERS = frozenset({Role.PRODUCT_MANAGER})
"""See to what has no owner, and to what its owner does not see to."""
_DUTY, _ASSESSMENT, _SYSTEM = table_of(DutyRow), table_of(AssessmentRow), table_of(SystemRow)
_OPERATOR, _REVISION, _PINNED = table_of(OperatorRow), table_of(RevisionRow), table_of(EditionRow)
_ARCHIVED = table_of(ArchivedRow)
_SYSTEM_COLUMNS = tuple(column.label(f"system_{column.name}") for column in _SYSTEM.c)
_JOINED = _DUTY.join(_ASSESSMENT, _ASSESSMENT.c.id == _DUTY.c.assessment_id).join(
    _SYSTEM, _SYSTEM.c.id == _ASSESSMENT.c.system_id
)


def due_for(session: Session, actor: Actor, today: date, days: int) -> tuple[DueEntry, ...]:
    """What somebody has to see to that is due or comes up within so many days, the earliest first.

    Owners see to what is theirs, product managers to everything in their units.
    """
    scope = Scope.of(session, actor)
    readable = scope.reading("read_assessment")
    is_own = or_(_DUTY.c.owner_id == actor.id, and_(_DUTY.c.owner_id == "", _DUTY.c.owner == actor.name))
    is_managed = _in(scope.holding(MANAGERS))
    entries = [*_entries(session, and_(_in(readable), or_(is_own, is_managed)), today, days)]
    entries += _of_editions(session, is_managed, today)
    return tuple(sorted(entries, key=_place))


def everything(session: Session, today: date, days: int) -> tuple[DueEntry, ...]:
    """The same of everybody."""
    entries = [*_entries(session, true(), today, days), *_of_editions(session, true(), today)]
    return tuple(sorted(entries, key=_place))


def readable_by(session: Session, actor: Actor, today: date, days: int) -> tuple[DueEntry, ...]:
    """All that is due or comes up of the assessments that somebody may read."""
    narrowed = _in(Scope.of(session, actor).reading("read_assessment"))
    entries = [*_entries(session, narrowed, today, days), *_of_editions(session, narrowed, today)]
    return tuple(sorted(entries, key=_place))


def _in(held: Collection[int] | None) -> ColumnElement[bool]:
    """The system lies in one of these units. None: in any."""
    return true() if held is None else _SYSTEM.c.unit_id.in_(held)


def _entries(session: Session, narrowed: ColumnElement[bool], today: date, days: int) -> Iterator[DueEntry]:
    until = today + timedelta(days=min(days, (date.max - today).days))
    query = (
        select(_DUTY, *_SYSTEM_COLUMNS)
        .select_from(_JOINED)
        .where(narrowed, _DUTY.c.on_day <= until, _DUTY.c.assessment_id.not_in(select(_ARCHIVED.c.assessment_id)))
    )
    for row in session.connection().execute(query):
        yield _entry(row, Duty(Cause(row.cause), row.which, row.on_day, row.text, row.owner, row.owner_id))


def _of_editions(session: Session, narrowed: ColumnElement[bool], today: date) -> Iterator[DueEntry]:
    """Decided assessments of which a newer edition of some questionnaire is in force; each has a day of reassessment."""
    domains = session.connection().execute(select(_ASSESSMENT.c.domain).distinct()).scalars().all()
    for domain in domains:
        editions = following.in_force(domain, today)
        others = [
            and_(_PINNED.c.questionnaire == name, _PINNED.c.version != edition.version)
            for name, edition in editions.items()
        ]
        query = (
            select(_DUTY, _PINNED.c.questionnaire, *_SYSTEM_COLUMNS)
            .select_from(
                _JOINED.join(
                    _REVISION,
                    and_(_REVISION.c.assessment_id == _DUTY.c.assessment_id, _REVISION.c.number == _DUTY.c.revision),
                ).join(_PINNED, _PINNED.c.revision_id == _REVISION.c.id)
            )
            .where(narrowed, _DUTY.c.cause == Cause.REASSESSMENT.value, _ASSESSMENT.c.domain == domain)
            .where(or_(false(), *others))
        )
        for row in session.connection().execute(query):
            edition = editions[row.questionnaire]
            yield _entry(row, Duty(Cause.EDITION, row.questionnaire, edition.since, edition.version))


def _entry(row: Any, duty: Duty) -> DueEntry:
    return DueEntry(row.assessment_id, row.system_unit_id, mapping.labelled_system(row), duty)


def _place(entry: DueEntry) -> tuple[date, int, int, str]:
    causes: Mapping[Cause, int] = {cause: place for place, cause in enumerate(Cause)}
    return entry.duty.reached_on, entry.assessment_id, causes[entry.duty.cause], entry.duty.which
