"""What is remarked on a revision: why two things hold all the same, and what the committee found of the evidence."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint
from sqlmodel import Field

from assessments.model import EvidenceMark
from assessments.storage.columns import UtcTime
from assessments.storage.tables import Table, of_revision, one_of


class EvidenceReviewRow(Table, table=True):
    """The committee's latest mark on one piece of evidence of a submitted revision."""

    __tablename__ = "evidence_review"
    __table_args__ = (
        of_revision(),
        one_of("mark", EvidenceMark),
        CheckConstraint("mark <> 'not_sufficient' OR length(reason) > 0", name="not_sufficient_says_why"),
    )
    revision_id: int = Field(primary_key=True)
    evidence: str = Field(primary_key=True)
    mark: str
    reason: str
    by_id: str
    by_name: str
    at: datetime = Field(sa_type=UtcTime)


class ExplanationRow(Table, table=True):
    """Why two things hold that a consistency check takes for impossible together."""

    __tablename__ = "explanation"
    __table_args__ = (of_revision(), CheckConstraint("length(text) > 0", name="says_something"))
    revision_id: int = Field(primary_key=True)
    check_id: str = Field(primary_key=True)
    """`questionnaire.check`."""
    text: str
    by_id: str
    by_name: str
    at: datetime = Field(sa_type=UtcTime)
