"""What is stored of a committee's meetings: which there are, which events are about them, and their sealed documents.

What people wrote stands in the history alone, so that erasing it there erases it everywhere; a document that was sealed
stays what it was.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, LargeBinary, UniqueConstraint
from sqlmodel import Field

from assessments.rules.meetings import State
from assessments.storage.columns import JsonText, UtcTime
from assessments.storage.tables import Table, digest, one_of

KINDS = ("paper", "minutes")


class MeetingRow(Table, table=True):
    """A meeting of a unit's committee."""

    __tablename__ = "meeting"
    __table_args__ = (
        ForeignKeyConstraint(["unit_id"], ["unit.id"]),
        UniqueConstraint("unit_id", "number"),
        one_of("state", State),
        digest("minutes_sha256"),
        CheckConstraint("number >= 1", name="number_counts_from_one"),
        CheckConstraint("(state = 'closed') = (minutes IS NOT NULL)", name="closed_has_minutes"),
        CheckConstraint("(minutes IS NULL) = (minutes_sha256 IS NULL)", name="minutes_with_digest"),
        Index("ix_meeting_unit_id", "unit_id", "state", "on_day"),
    )
    id: int | None = Field(default=None, primary_key=True)
    unit_id: int
    number: int
    on_day: date
    state: str
    minutes: Any = Field(default=None, sa_type=JsonText, nullable=True)
    """Numbers of the events that the closed minutes consist of. None: they are not closed."""
    minutes_sha256: str | None = None


class MeetingEventRow(Table, table=True):
    """Which events are about a meeting; an event itself names assessments only."""

    __tablename__ = "meeting_event"
    __table_args__ = (ForeignKeyConstraint(["meeting_id"], ["meeting.id"]),)
    meeting_id: int = Field(primary_key=True)
    seq: int = Field(primary_key=True)


class MeetingDocumentRow(Table, table=True):
    """A sealed document of a meeting, with what was frozen in it."""

    __tablename__ = "meeting_document"
    __table_args__ = (
        ForeignKeyConstraint(["meeting_id"], ["meeting.id"]),
        CheckConstraint("kind IN ('paper', 'minutes')", name="kind_known"),
        CheckConstraint("language IN ('ko', 'en')", name="language_known"),
        digest("content_sha256"),
        digest("file_sha256"),
    )
    seq: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    """Event that kept it."""
    meeting_id: int = Field(index=True)
    kind: str
    language: str
    content: Any = Field(sa_type=JsonText, nullable=False)
    content_sha256: str
    file: bytes = Field(sa_type=LargeBinary)
    file_sha256: str
    at: datetime = Field(sa_type=UtcTime)
