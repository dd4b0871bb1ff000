"""Writers of what is remarked on a revision: set_explanations, set_evidence_review."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, insert
from sqlmodel import Session

from assessments.model import Assessment, EvidenceReview, Explanation, Person
from assessments.storage.remark_tables import EvidenceReviewRow, ExplanationRow
from assessments.storage.tables import table_of
from assessments.storage.writer import revision_of, set_rows, touch


def set_explanations(
    session: Session, assessment: Assessment, explanations: Sequence[Explanation], by: Person, at: datetime
) -> None:
    """Replaces all; each with whoever gave it."""
    rows = [
        {
            "check_id": explanation.check,
            "text": explanation.text,
            "by_id": (explanation.by or by).id,
            "by_name": (explanation.by or by).name,
            "at": explanation.at or at,
        }
        for explanation in explanations
    ]
    set_rows(session, assessment, table_of(ExplanationRow), rows, by, at)


def set_evidence_review(session: Session, assessment: Assessment, review: EvidenceReview) -> None:
    """Replaces the mark on this piece of evidence."""
    table, revision_id = table_of(EvidenceReviewRow), revision_of(session, assessment).id
    connection = session.connection()
    connection.execute(
        delete(table).where((table.c.revision_id == revision_id) & (table.c.evidence == review.evidence))
    )
    columns = {
        "revision_id": revision_id,
        "evidence": review.evidence,
        "mark": review.mark.value,
        "reason": review.reason,
        "by_id": review.by.id,
        "by_name": review.by.name,
        "at": review.at,
    }
    connection.execute(insert(table), columns)
    touch(session, revision_id, review.by, review.at)
