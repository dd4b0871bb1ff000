"""How committees decide and what they leave besides a decision: settings, votes, and the conditions of an approval one by one."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, UniqueConstraint
from sqlmodel import Field

from assessments.model import Ballot
from assessments.storage.columns import JsonText, UtcTime
from assessments.storage.tables import Table, digest, of_revision, one_of


class CommitteeRow(Table, table=True):
    """How the committee of a unit, and of those below it that have none of their own, decides."""

    __tablename__ = "committee"
    __table_args__ = (
        ForeignKeyConstraint(["unit_id"], ["unit.id"]),
        CheckConstraint("quorum >= 1", name="quorum_counts_from_one"),
    )
    unit_id: int = Field(primary_key=True)
    quorum: int
    chair_votes: bool
    """False: at a tie only."""


class VoteRow(Table, table=True):
    """A vote as it was cast, never changed: the last of a person on a submission is the one that stands."""

    __tablename__ = "vote"
    __table_args__ = (
        of_revision(),
        ForeignKeyConstraint(["seq"], ["event.seq"]),
        one_of("ballot", Ballot),
        digest("content_sha256"),
        CheckConstraint("length(reason) > 0", name="has_reason"),
        Index("ix_vote_revision_id", "revision_id", "submission", "seq"),
    )
    seq: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    """Number of its event in the history."""
    revision_id: int
    submission: int
    """As of the revision: number of the event that submitted what it is about."""
    content_sha256: str
    person_id: str
    person_name: str
    as_chair: bool
    ballot: str
    reason: str
    conditions: Any = Field(sa_type=JsonText, nullable=False)
    points: Any = Field(sa_type=JsonText, nullable=False)
    at: datetime = Field(sa_type=UtcTime)
    person_position: str = Field(default="", sa_column_kwargs={"server_default": ""})


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
