"""Decisions of a period, each of a revision, whatever became of it later: of_period, entries."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select, true, tuple_
from sqlmodel import Session

from assessments.model import AISystem, Ruling, Status
from assessments.rules.sampling import Decision
from assessments.storage import mapping
from assessments.storage.lists import SYSTEM_COLUMNS, Scope
from assessments.storage.tables import AssessmentRow, RevisionRow, SystemRow, table_of
from questionnaires.wording import seoul_midnight

_ASSESSMENT, _REVISION, _SYSTEM = table_of(AssessmentRow), table_of(RevisionRow), table_of(SystemRow)
_JOINED = _REVISION.join(_ASSESSMENT, _ASSESSMENT.c.id == _REVISION.c.assessment_id).join(
    _SYSTEM, _SYSTEM.c.id == _ASSESSMENT.c.system_id
)


@dataclass(frozen=True)
class DecidedRevision:
    """One decision in a list."""

    assessment: int
    revision: int
    status: Status
    ruling: Ruling
    decided_at: datetime
    decided_by: str
    """Name; empty: it was erased."""
    system: AISystem


def of_period(session: Session, scope: Scope, first: date, last: date) -> tuple[Decision, ...]:
    """From the first day to the end of the last one in Korea, in archived assessments too; by their numbers."""
    held = scope.reading("read_assessment")
    query = (
        select(_REVISION.c.assessment_id, _REVISION.c.number)
        .select_from(_JOINED)
        .where(
            _REVISION.c.decided_at >= seoul_midnight(first),
            _REVISION.c.decided_at < seoul_midnight(last + timedelta(days=1)),
            true() if held is None else _SYSTEM.c.unit_id.in_(held),
        )
        .order_by(_REVISION.c.assessment_id, _REVISION.c.number)
    )
    return tuple((row.assessment_id, row.number) for row in session.execute(query))


def entries(session: Session, decisions: Sequence[Decision]) -> tuple[DecidedRevision, ...]:
    """In this order."""
    wanted = tuple_(_REVISION.c.assessment_id, _REVISION.c.number).in_(decisions)
    columns = ("assessment_id", "number", "status", "ruling", "decided_at", "decided_by_name")
    query = select(*(_REVISION.c[name] for name in columns), *SYSTEM_COLUMNS).select_from(_JOINED).where(wanted)
    rows = {(row.assessment_id, row.number): row for row in session.execute(query)}
    return tuple(
        DecidedRevision(
            row.assessment_id,
            row.number,
            Status(row.status),
            Ruling(row.ruling),
            row.decided_at,
            row.decided_by_name or "",
            mapping.labelled_system(row),
        )
        for row in map(rows.__getitem__, decisions)
    )
