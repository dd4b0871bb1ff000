"""What was approved, as it was judged then: kept beside the projection, which goes on with the next revision. keep, of, fill.

Derived like the projection, for lists only; what was decided stands in the revision.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import and_, bindparam, insert, select
from sqlmodel import Session

from assessments import editions
from assessments.errors import QuestionnaireChangedError
from assessments.model import Level, Outcome, Ruling, Status
from assessments.rules.findings import derive
from assessments.storage import reader
from assessments.storage.entries import SignedRevision
from assessments.storage.tables import ProjectionRow, RevisionRow, table_of
from assessments.storage.work_tables import SignedResultRow
from questionnaires.wording import seoul_day

_SIGNED, _REVISION, _RESULT = table_of(SignedResultRow), table_of(RevisionRow), table_of(ProjectionRow)
_LAST_SIGNED = (
    select(
        _REVISION.c.assessment_id,
        _REVISION.c.number,
        _REVISION.c.ruling,
        _REVISION.c.signed_at,
        _RESULT.c.revision.label("newest"),
        _RESULT.c.status.label("status_of_newest"),
        _SIGNED.c.outcome,
        _SIGNED.c.contested,
        _SIGNED.c.level,
    )
    .join(_RESULT, _RESULT.c.assessment_id == _REVISION.c.assessment_id)
    .outerjoin(
        _SIGNED, and_(_SIGNED.c.assessment_id == _REVISION.c.assessment_id, _SIGNED.c.revision == _REVISION.c.number)
    )
    .where(_REVISION.c.assessment_id.in_(bindparam("numbers", expanding=True)), _REVISION.c.signed_by_id.is_not(None))
    .order_by(_REVISION.c.number)
)


def keep(session: Session, assessment_id: int) -> None:
    """The results of the newest revision, which was signed off just now."""
    results = select(
        _RESULT.c.assessment_id, _RESULT.c.revision, _RESULT.c.outcome, _RESULT.c.contested, _RESULT.c.level
    )
    columns = ["assessment_id", "revision", "outcome", "contested", "level"]
    session.connection().execute(
        insert(_SIGNED).from_select(columns, results.where(_RESULT.c.assessment_id == assessment_id))
    )


def of(session: Session, assessment_ids: Sequence[int]) -> Mapping[int, SignedRevision]:
    """Assessment → what was signed off last and holds on while a later revision is at work; left out: there is nothing such."""
    if not assessment_ids:
        return {}
    rows = session.execute(_LAST_SIGNED, {"numbers": list(assessment_ids)}).all()
    last = {row.assessment_id: row for row in rows}
    return {
        number: _read(row)
        for number, row in last.items()
        if row.number != row.newest and row.status_of_newest != Status.SIGNED_OFF
    }


def fill(session: Session) -> None:
    """Of homes from before this was kept; a revision whose questionnaires are gone stays without."""
    missing = session.execute(
        select(_REVISION.c.assessment_id, _REVISION.c.number)
        .outerjoin(
            _SIGNED,
            and_(_SIGNED.c.assessment_id == _REVISION.c.assessment_id, _SIGNED.c.revision == _REVISION.c.number),
        )
        .where(_REVISION.c.signed_by_id.is_not(None), _SIGNED.c.revision.is_(None))
        .order_by(_REVISION.c.assessment_id, _REVISION.c.number)
    ).all()
    for assessment_id, number in missing:
        assessment = reader.get_assessment(session, assessment_id, number)
        day = assessment.day_judged(seoul_day(assessment.updated_at or assessment.created_at))  # type: ignore[arg-type]
        try:
            findings = derive(editions.questionnaires(assessment), assessment, judged_on=day)
        except QuestionnaireChangedError:
            continue
        columns = {
            "assessment_id": assessment_id,
            "revision": number,
            "outcome": findings.determination.with_claim.outcome.value,
            "contested": findings.determination.with_claim.contested,
            "level": findings.risk.level.value,
        }
        session.connection().execute(insert(_SIGNED), columns)


def _read(row: Any) -> SignedRevision:
    return SignedRevision(
        row.number,
        Ruling(row.ruling),
        row.signed_at,
        Outcome(row.outcome) if row.outcome else None,
        bool(row.contested),
        Level(row.level) if row.level else None,
    )
