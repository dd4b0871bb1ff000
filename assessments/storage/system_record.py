"""What a system's assessments hold, over all of them: logs, measures, conditions, each of the revision that counts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import and_, func, select
from sqlmodel import Session

from assessments.decision_log import kept_log
from assessments.decision_log.kept_log import KeptLog
from assessments.storage.committee_tables import ConditionRow
from assessments.storage.life_tables import FollowUpRow, WatchedLogRow
from assessments.storage.tables import AssessmentRow, LogRow, MeasureRow, ProjectionRow, RevisionRow, table_of

MOST = 50
"""Of a system's assessments, logs, measures and conditions."""
_ASSESSMENT, _REVISION, _RESULT = table_of(AssessmentRow), table_of(RevisionRow), table_of(ProjectionRow)
_LOG, _WATCHED, _MEASURE = table_of(LogRow), table_of(WatchedLogRow), table_of(MeasureRow)
_CONDITION, _DONE = table_of(ConditionRow), table_of(FollowUpRow)


@dataclass(frozen=True)
class LogLine:
    """A decision log of one of the system's assessments."""

    assessment_id: int
    revision: int
    at: datetime
    is_later: bool
    """Handed in after the decision."""
    log: KeptLog


@dataclass(frozen=True)
class MeasureLine:
    """A measure of an assessment's newest revision."""

    assessment_id: int
    text: str
    owner: str
    due: date | None
    is_in_place: bool
    """As the assessment says, or as was stated after the decision."""


@dataclass(frozen=True)
class ConditionLine:
    """A condition of an approval, of the newest revision that has any."""

    assessment_id: int
    text: str
    owner: str
    due: date | None
    is_done: bool


def logs(session: Session, system_id: int) -> tuple[LogLine, ...]:
    """Over time, the oldest first; of several revisions with the same log the first."""
    lines: dict[tuple[int, str], LogLine] = {}
    for table, is_later in ((_LOG, False), (_WATCHED, True)):
        query = (
            select(_REVISION.c.assessment_id, _REVISION.c.number, table.c.sha256, table.c.kept, table.c.at)
            .join(_REVISION, _REVISION.c.id == table.c.revision_id)
            .join(_ASSESSMENT, _ASSESSMENT.c.id == _REVISION.c.assessment_id)
            .where(_ASSESSMENT.c.system_id == system_id)
            .order_by(table.c.at.desc())
            .limit(MOST)
        )
        for row in reversed(session.execute(query).all()):
            line = LogLine(row.assessment_id, row.number, row.at, is_later, kept_log.from_json(row.kept))
            lines.setdefault((row.assessment_id, row.sha256), line)
    return tuple(sorted(lines.values(), key=lambda line: line.at))


def measures(session: Session, system_id: int) -> tuple[MeasureLine, ...]:
    """What is planned first, the earliest day at the head."""
    query = (
        select(_MEASURE, _RESULT.c.assessment_id)
        .join(_REVISION, _REVISION.c.id == _MEASURE.c.revision_id)
        .join(
            _RESULT,
            and_(_RESULT.c.assessment_id == _REVISION.c.assessment_id, _RESULT.c.revision == _REVISION.c.number),
        )
        .join(_ASSESSMENT, _ASSESSMENT.c.id == _RESULT.c.assessment_id)
        .where(_ASSESSMENT.c.system_id == system_id)
        .order_by(
            _MEASURE.c.is_in_place, func.coalesce(_MEASURE.c.due, "9999"), _RESULT.c.assessment_id, _MEASURE.c.position
        )
        .limit(MOST)
    )
    done = _done(session, system_id, "measure")
    return tuple(
        MeasureLine(
            row.assessment_id, row.text, row.owner, row.due, row.is_in_place or (row.assessment_id, row.id) in done
        )
        for row in session.execute(query)
    )


def conditions(session: Session, system_id: int) -> tuple[ConditionLine, ...]:
    """What is open first, the earliest day at the head."""
    later = _CONDITION.alias("later")
    newest = (
        select(func.max(later.c.revision)).where(later.c.assessment_id == _CONDITION.c.assessment_id).scalar_subquery()
    )
    query = (
        select(_CONDITION)
        .join(_ASSESSMENT, _ASSESSMENT.c.id == _CONDITION.c.assessment_id)
        .where(_ASSESSMENT.c.system_id == system_id, _CONDITION.c.revision == newest)
        .order_by(func.coalesce(_CONDITION.c.due, "9999"), _CONDITION.c.id)
        .limit(MOST)
    )
    done = _done(session, system_id, "condition")
    lines = [
        ConditionLine(row.assessment_id, row.text, row.owner, row.due, (row.assessment_id, str(row.id)) in done)
        for row in session.execute(query)
    ]
    return tuple(sorted(lines, key=lambda line: line.is_done))


def _done(session: Session, system_id: int, cause: str) -> set[tuple[Any, str]]:
    """Assessment and id of what was last said to be done."""
    query = (
        select(_DONE.c.assessment_id, _DONE.c.which, _DONE.c.is_done)
        .join(_ASSESSMENT, _ASSESSMENT.c.id == _DONE.c.assessment_id)
        .where(_ASSESSMENT.c.system_id == system_id, _DONE.c.cause == cause)
        .order_by(_DONE.c.id)
    )
    last = {(row.assessment_id, row.which): row.is_done for row in session.execute(query)}
    return {key for key, is_done in last.items() if is_done}
