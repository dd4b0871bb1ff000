"""The projection: results of each assessment's newest revision for lists and dashboards. save, saved_once, set_status, fill, rebuild.

Derived in the same transaction as what it is derived from; no rule ever reads it.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, delete, insert, update
from sqlalchemy import select as select_rows
from sqlmodel import Session, col, select

from assessments import derivation, editions
from assessments.derived import Findings
from assessments.errors import QuestionnaireChangedError
from assessments.model import Assessment, Status
from assessments.rules import ENGINE, impacts
from assessments.rules.findings import scales_of
from assessments.storage import reader
from assessments.storage.tables import AssessmentRow, EventRow, ProjectionRow, table_of

_PROJECTION = table_of(ProjectionRow)
_ADD = insert(_PROJECTION)
_RESULTS = select_rows(_PROJECTION.c.outcome, _PROJECTION.c.contested, _PROJECTION.c.level, _PROJECTION.c.result_at)
_CHANGE = update(_PROJECTION).where(_PROJECTION.c.assessment_id == bindparam("which"))
_LATER = "results_saved_later"
"""In `Session.info`, while `saved_once` lasts: number of an assessment → when it was changed last."""


@dataclass(frozen=True)
class Rebuilt:
    """What `rebuild` did."""

    assessments: int
    left: tuple[int, ...]
    """Assessments whose pinned questionnaires changed or are gone; their rows stay as they were."""


def save(session: Session, assessment: Assessment, at: datetime, findings: Findings | None = None) -> None:
    """Keeps the results; found None: derives them. Raises: QuestionnaireChangedError; InvalidFileError."""
    if (later := session.info.get(_LATER)) is not None:
        later[assessment.id] = at
        return
    if findings is None:
        findings = derivation.of(assessment, at)
    scales = scales_of(editions.questionnaires(assessment)) if assessment.scenarios else None
    gravest = impacts.gravest(assessment.scenarios, scales) if scales else None
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
        "inherent": findings.risk.inherent_level.value,
        "impact": f"{gravest.severity}-{gravest.likelihood}" if gravest else "",
        "claim": findings.claim.whole.value,
        "evidence": len(assessment.evidence),
        "pinned": _pinned(assessment),
        "decided_on": assessment.decision.day if assessment.decision else None,
    }
    connection = session.connection()
    before = connection.execute(_RESULTS.where(_PROJECTION.c.assessment_id == assessment.id)).first()
    if before is None:
        connection.execute(_ADD, {**columns, "assessment_id": assessment.id, "result_at": at})
        return
    stays = all(getattr(before, name) == columns[name] for name in ("outcome", "contested", "level"))
    columns["result_at"] = before.result_at if stays else at
    connection.execute(_CHANGE, {**columns, "which": assessment.id})


@contextmanager
def saved_once(session: Session) -> Iterator[None]:
    """What many deeds in a row change is derived once, when all are done, and not after each of them.

    Raises, at the end: as `save`.
    """
    later: dict[int, datetime] = {}
    session.info[_LATER] = later
    try:
        yield
    finally:
        del session.info[_LATER]
    for assessment_id, at in later.items():
        save(session, reader.get_assessment(session, assessment_id), at)


def set_status(session: Session, after: Assessment, at: datetime) -> None:
    """Of a step that leaves the content, and so the results, as they are."""
    columns = {
        "status": after.status.value,
        "updated_at": at,
        "since": at,
        "decided_on": after.decision.day if after.decision else None,
    }
    session.connection().execute(_CHANGE, {**columns, "which": after.id})


def fill(session: Session) -> None:
    """Of homes from before risk and claim were counted; a row whose questionnaires are gone stays without."""
    missing = select_rows(_PROJECTION.c.assessment_id, _PROJECTION.c.updated_at).where(_PROJECTION.c.inherent == "")
    for assessment_id, updated_at in session.execute(missing).all():
        assessment = reader.get_assessment(session, assessment_id)
        try:
            save(session, assessment, updated_at)
        except QuestionnaireChangedError:
            continue


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


def _pinned(assessment: Assessment) -> str:
    names = sorted(f"{edition.id}={edition.version}" for edition in assessment.editions)
    return f" {' '.join(names)} " if names else ""
