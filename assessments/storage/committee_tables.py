"""What a committee leaves besides its decision: the conditions of an approval, one by one, for whoever sees to them."""

from __future__ import annotations

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, UniqueConstraint
from sqlmodel import Field

from assessments.storage.tables import Table


class ConditionRow(Table, table=True):
    """A condition of an approval, as it was decided; what was done about it stands elsewhere."""

    __tablename__ = "condition"
    __table_args__ = (
        ForeignKeyConstraint(["assessment_id", "revision"], ["revision.assessment_id", "revision.number"]),
        UniqueConstraint("assessment_id", "revision", "number"),
        CheckConstraint("length(text) > 0", name="says_something"),
        CheckConstraint("number >= 1", name="number_counts_from_one"),
        Index("ix_condition_due", "due", "id"),
        Index("ix_condition_owner_id", "owner_id", "due"),
    )
    id: int | None = Field(default=None, primary_key=True)
    assessment_id: int
    revision: int
    number: int
    """Its place in the decision, from 1."""
    text: str
    owner_id: str
    """Of the owner's account; empty: somebody without one."""
    owner: str
    """Empty: decided before owners were asked for, or stated in a file."""
    due: date | None = None
    """None: as for the owner."""
