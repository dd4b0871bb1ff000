"""The projection: results of each assessment's newest revision for lists and dashboards. save, set_status, rebuild.

Derived in the same transaction as what it is derived from; no rule ever reads it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, delete, insert, update
from sqlmodel import Session, col, select

from assessments import results
from assessments.derived import Findings
from assessments.errors import QuestionnaireChangedError
from assessments.model import Assessment, Status
from assessments.rules import ENGINE
from assessments.storage import reader
from assessments.storage.tables import AssessmentRow, EventRow, ProjectionRow, table_of

_PROJECTION = table_of(ProjectionRow)
_ADD = insert(_PROJECTION)
_CHANGE = update(_PROJECTION).where(_PROJECTION.c.assessment_id == bindparam("which"))


@dataclass(frozen=True)
class Rebuilt:
    """What `rebuild` did."""

    assessments: int
    left: tuple[int, ...]
    """Assessments whose pinned questionnaires changed or are gone; their rows stay as they were."""


def save(session: Session, assessment: Assessment, at: datetime, findings: Findings | None = None) -> None:
    """Keeps the results; found None: derives them. Raises: QuestionnaireChangedError; InvalidFileError."""
    if findings is None:
        findings = results.of(assessment, at)
    columns: dict[str, Any] = {
        "revision": assessment.revision,
        "domain": assessment.domain,
        "status": assessment.status.value,
        "outcome": findings.determination.with_claim.outcome.value,
        "contested": findings.determination.with_claim.contested,
        "level": findings.risk.level.value,
        "score": findings.risk.residual.high,
        "open_required": sum(gap.is_required for gap in findings.gaps),
        "has_log": assessment.log is not None,
        "engine": ENGINE,
        "updated_at": at,
        "since": _since(assessment, at),
    }
    connection = session.connection()
    if not connection.execute(_CHANGE, {**columns, "which": assessment.id}).rowcount:
        connection.execute(_ADD, {**columns, "assessment_id": assessment.id})


def set_status(session: Session, assessment_id: int, status: Status, at: datetime) -> None:
    """Of a step that leaves the content, and so the results, as they are."""
    columns = {"status": status.value, "updated_at": at, "since": at}
    session.connection().execute(_CHANGE, {**columns, "which": assessment_id})


def _since(assessment: Assessment, at: datetime) -> datetime:
    """What is added to it while it waits changes nothing in that."""
    begun = {
        Status.SUBMITTED: assessment.submitted_at,
        Status.DECIDED: assessment.decision.at if assessment.decision else None,
    }
    return begun.get(assessment.status) or at


def drop(session: Session, assessment_id: int) -> None:
    """The assessment is in no list any more."""
    session.connection().execute(delete(_PROJECTION).where(_PROJECTION.c.assessment_id == assessment_id))


def rebuild(session: Session) -> Rebuilt:
    """Derives every row anew, at the time of each revision's last change."""
    done, left = 0, []
    deleted = set(session.exec(select(EventRow.assessment_id).where(EventRow.kind == "delete_draft")))
    for assessment_id in session.exec(select(AssessmentRow.id).order_by(col(AssessmentRow.id))).all():
        if assessment_id in deleted:
            continue
        assessment = reader.get_assessment(session, assessment_id or 0)
        if assessment.updated_at is None:
            continue
        try:
            save(session, assessment, assessment.updated_at)
            done += 1
        except QuestionnaireChangedError:
            left.append(assessment_id or 0)
    return Rebuilt(done, tuple(left))
