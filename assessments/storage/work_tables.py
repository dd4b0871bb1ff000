"""How people work on an assessment together, and what lists show of it: no content, no evidence."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index
from sqlmodel import Field

from assessments.model import Level, Outcome
from assessments.storage.columns import UtcTime
from assessments.storage.tables import Table, one_of


class MentionRow(Table, table=True):
    """Somebody named in a comment who has not answered or looked at it yet; the comment itself is an event."""

    __tablename__ = "mention"
    __table_args__ = (ForeignKeyConstraint(["assessment_id"], ["assessment.id"]),)
    seq: int = Field(primary_key=True)
    """Event that wrote the comment."""
    person_id: str = Field(primary_key=True, index=True)
    assessment_id: int = Field(index=True)
    thread: int
    """Event that began its thread."""


class GivenSectionRow(Table, table=True):
    """A section of a revision that somebody is to fill in by a day."""

    __tablename__ = "given_section"
    __table_args__ = (ForeignKeyConstraint(["assessment_id"], ["assessment.id"]),)
    assessment_id: int = Field(primary_key=True)
    place: str = Field(primary_key=True)
    revision: int
    """In which it was given; a later one begins without."""
    person_id: str = Field(index=True)
    due: date
    by_id: str
    by_name: str
    at: datetime = Field(sa_type=UtcTime)
    done_at: datetime | None = Field(default=None, sa_type=UtcTime, nullable=True)


class PresenceRow(Table, table=True):
    """When somebody had an assessment open last, give or take half a minute."""

    __tablename__ = "presence"
    __table_args__ = (ForeignKeyConstraint(["assessment_id"], ["assessment.id"]),)
    assessment_id: int = Field(primary_key=True)
    person_id: str = Field(primary_key=True)
    at: datetime = Field(sa_type=UtcTime)


class SignedResultRow(Table, table=True):
    """For lists: the results of a revision as they were when it was signed off, derived, never read by a rule."""

    __tablename__ = "signed_result"
    __table_args__ = (
        ForeignKeyConstraint(["assessment_id", "revision"], ["revision.assessment_id", "revision.number"]),
        one_of("outcome", Outcome),
        one_of("level", Level),
    )
    assessment_id: int = Field(primary_key=True)
    revision: int = Field(primary_key=True)
    outcome: str
    contested: bool
    level: str


class PortfolioDayRow(Table, table=True):
    """How many assessments stood where on a day, as counted then; never counted anew, whatever changes later."""

    __tablename__ = "portfolio_day"
    __table_args__ = (
        CheckConstraint("count > 0", name="counts"),
        Index(
            "ix_portfolio_day_results",
            *("day", "verdict", "level", "unit_id", "domain", "status", "has_log", "count"),
        ),
    )
    day: date = Field(primary_key=True)
    unit_id: int = Field(primary_key=True)
    domain: str = Field(primary_key=True)
    verdict: str = Field(primary_key=True)
    level: str = Field(primary_key=True)
    status: str = Field(primary_key=True)
    has_log: bool = Field(primary_key=True)
    count: int


class PortfolioNowRow(Table, table=True):
    """How many assessments stand where now: sums over the projection by unit and cell, kept by triggers, never written by hand."""

    __tablename__ = "portfolio_now"
    cell: str = Field(primary_key=True)
    unit_id: int = Field(primary_key=True)
    number: int
    again: int
    """With a day of reassessment."""
    accepted: int
    """Approved with a high residual risk that is borne."""
    conditional: int
    """With open conditions, however many."""
    conditions: int
    """All that are open."""
    unowned: int
    """For which nobody answers."""
    unproven: int
    """Handed in without a file."""
    come: int = Field(sa_column_kwargs={"server_default": "0"})
    """Whose day of reassessment was seen to have come."""
    accepted_come: int = Field(sa_column_kwargs={"server_default": "0"})
    """The same of those whose risk is borne."""
    overdue: int = Field(sa_column_kwargs={"server_default": "0"})
    """All open conditions that were seen to be past their day."""


class ImpactNowRow(Table, table=True):
    """How many assessments have which gravest impact now, by what most filters say; kept by triggers, never written by hand."""

    __tablename__ = "impact_now"
    impact: str = Field(primary_key=True)
    unit_id: int = Field(primary_key=True)
    domain: str = Field(primary_key=True)
    verdict: str = Field(primary_key=True)
    level: str = Field(primary_key=True)
    """Or that it is not rated."""
    status: str = Field(primary_key=True)
    has_log: bool = Field(primary_key=True)
    number: int


class ImpactCellNowRow(Table, table=True):
    """The same by the level before measures and the claim too, which fewer filters say."""

    __tablename__ = "impact_cell_now"
    impact: str = Field(primary_key=True)
    unit_id: int = Field(primary_key=True)
    domain: str = Field(primary_key=True)
    verdict: str = Field(primary_key=True)
    level: str = Field(primary_key=True)
    status: str = Field(primary_key=True)
    has_log: bool = Field(primary_key=True)
    inherent: str = Field(primary_key=True)
    """Level before measures, missing answers taken at their worst. Empty: not derived yet, as the claim."""
    claim: str = Field(primary_key=True)
    number: int
