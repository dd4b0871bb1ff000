"""What is stored about an assessment after its decision: days, changes, follow-ups, later logs, its end, holds, carried answers."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index
from sqlmodel import Field

from assessments.rules.lifecycle import Cause, ChangeKind
from assessments.storage.columns import JsonText, UtcTime
from assessments.storage.tables import Table, digest, of_revision, one_of


def of_assessment() -> ForeignKeyConstraint:
    return ForeignKeyConstraint(["assessment_id"], ["assessment.id"])


class ReassessmentRow(Table, table=True):
    """A day of reassessment as somebody set it; the newest counts."""

    __tablename__ = "reassessment_day"
    __table_args__ = (of_assessment(), CheckConstraint("length(reason) > 0", name="says_why"))
    id: int | None = Field(default=None, primary_key=True)
    assessment_id: int = Field(index=True)
    on_day: date
    reason: str
    by_id: str
    by_name: str
    at: datetime = Field(sa_type=UtcTime)


class MaterialChangeRow(Table, table=True):
    """A material change of the system that somebody stated."""

    __tablename__ = "material_change"
    __table_args__ = (
        of_assessment(),
        one_of("kind", ChangeKind),
        CheckConstraint("length(text) > 0", name="says_what"),
    )
    id: int | None = Field(default=None, primary_key=True)
    assessment_id: int = Field(index=True)
    answered_after: int
    """A decision on a later revision than this one has taken it into account."""
    kind: str
    text: str
    on_day: date
    by_id: str
    by_name: str
    at: datetime = Field(sa_type=UtcTime)


class FollowUpRow(Table, table=True):
    """A measure or a condition is done, or open again; the newest line counts."""

    __tablename__ = "follow_up"
    __table_args__ = (
        of_assessment(),
        CheckConstraint("cause IN ('measure', 'condition')", name="cause_known"),
        CheckConstraint("length(text) > 0", name="says_what"),
        CheckConstraint("NOT is_done OR length(evidence) > 0", name="done_is_shown"),
        Index("ix_follow_up_evidence", "evidence"),
    )
    id: int | None = Field(default=None, primary_key=True)
    assessment_id: int = Field(index=True)
    cause: str
    which: str
    about: str
    """The text of the measure or condition it was said of."""
    is_done: bool
    on_day: date
    text: str
    evidence: str
    """Of the decided revision, or of `proof`. Empty: it was opened again."""
    by_id: str
    by_name: str
    at: datetime = Field(sa_type=UtcTime)


class ProofRow(Table, table=True):
    """A file that was attached after the decision, to show that something was done."""

    __tablename__ = "proof"
    __table_args__ = (of_assessment(), digest("sha256"), CheckConstraint("size > 0", name="size_is_positive"))
    id: str = Field(primary_key=True)
    assessment_id: int = Field(index=True)
    title: str
    file_name: str
    stored_name: str = Field(index=True)
    sha256: str
    size: int
    media_type: str
    by_id: str
    by_name: str
    at: datetime = Field(sa_type=UtcTime)


class WatchedLogRow(Table, table=True):
    """A decision log that was counted after the decision; no part of what was decided."""

    __tablename__ = "watched_log"
    __table_args__ = (of_revision(), digest("sha256"))
    id: int | None = Field(default=None, primary_key=True)
    revision_id: int = Field(index=True)
    sha256: str
    kept: Any = Field(sa_type=JsonText)
    by_id: str
    by_name: str
    at: datetime = Field(sa_type=UtcTime)


class RetiredRow(Table, table=True):
    """The system is no longer offered or used."""

    __tablename__ = "retired"
    __table_args__ = (of_assessment(), CheckConstraint("length(reason) > 0", name="says_why"))
    assessment_id: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    on_day: date
    reason: str
    by_id: str
    by_name: str
    at: datetime = Field(sa_type=UtcTime)


class ArchivedRow(Table, table=True):
    """Out of the lists unless they are asked for it; to be read as ever."""

    __tablename__ = "archived"
    __table_args__ = (of_assessment(), CheckConstraint("length(reason) > 0", name="says_why"))
    assessment_id: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    reason: str
    by_id: str
    by_name: str
    at: datetime = Field(sa_type=UtcTime)


class LegalHoldRow(Table, table=True):
    """Nothing of the assessment is given up until two people have released it."""

    __tablename__ = "legal_hold"
    __table_args__ = (
        of_assessment(),
        CheckConstraint("length(reason) > 0", name="says_why"),
        CheckConstraint("(first_by_id IS NULL) = (first_at IS NULL)", name="first_whole"),
        CheckConstraint("(second_by_id IS NULL) = (second_at IS NULL)", name="second_whole"),
        CheckConstraint("second_by_id IS NULL OR first_by_id IS NOT NULL", name="second_after_first"),
        CheckConstraint("second_by_id IS NULL OR second_by_id <> first_by_id", name="two_people"),
        CheckConstraint("first_by_id IS NULL OR length(first_reason) > 0", name="first_says_why"),
        CheckConstraint("second_by_id IS NULL OR length(second_reason) > 0", name="second_says_why"),
    )
    id: int | None = Field(default=None, primary_key=True)
    assessment_id: int = Field(index=True)
    reason: str
    by_id: str
    by_name: str
    at: datetime = Field(sa_type=UtcTime)
    first_by_id: str | None = None
    first_by_name: str | None = None
    first_reason: str | None = None
    first_at: datetime | None = Field(default=None, sa_type=UtcTime, nullable=True)
    second_by_id: str | None = None
    second_by_name: str | None = None
    second_reason: str | None = None
    second_at: datetime | None = Field(default=None, sa_type=UtcTime, nullable=True)


class CarriedRow(Table, table=True):
    """Something that a reassessment took over from the revision before, and that is to be confirmed or changed."""

    __tablename__ = "carried"
    __table_args__ = (of_revision(),)
    revision_id: int = Field(primary_key=True)
    questionnaire: str = Field(primary_key=True)
    """Empty: a list, which `question` names."""
    question: str = Field(primary_key=True)
    lock_version: int
    """Of the answer as it was taken over: a later version was written in this revision."""
    by_id: str | None = None
    """Who confirmed it. None: nobody has."""
    by_name: str | None = None
    at: datetime | None = Field(default=None, sa_type=UtcTime, nullable=True)


class DutyRow(Table, table=True):
    """For lists and reminders: what is open of each decided assessment, derived with each deed, never read by a rule."""

    __tablename__ = "duty"
    __table_args__ = (
        of_assessment(),
        one_of("cause", Cause),
        Index("ix_duty_day", "on_day", "assessment_id"),
        Index("ix_duty_cause", "cause", "on_day", "assessment_id"),
    )
    assessment_id: int = Field(primary_key=True)
    cause: str = Field(primary_key=True)
    which: str = Field(primary_key=True)
    revision: int
    on_day: date
    text: str
    owner: str
    owner_id: str
