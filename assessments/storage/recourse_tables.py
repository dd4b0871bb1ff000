"""What is stored of the requests of people concerned: which there are, and which events are about them.

What people wrote stands in the history alone, so that erasing it there erases it everywhere.
"""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index
from sqlmodel import Field

from assessments.rules.recourse import State
from assessments.storage.columns import UtcTime
from assessments.storage.register_tables import of_system
from assessments.storage.tables import Table, one_of

NO_DAY = date.max
"""In place of a due day: none is set. It sorts behind all others."""


class RequestRow(Table, table=True):
    """A request about a decision of a system, as far as lists and due days need it."""

    __tablename__ = "request"
    __table_args__ = (
        of_system(),
        one_of("state", State),
        CheckConstraint("due_on >= received_on", name="due_after_receipt"),
        CheckConstraint("closed_on >= received_on", name="closed_after_receipt"),
        CheckConstraint("(state = 'open') = (closed_on IS NULL)", name="closed_has_day"),
        CheckConstraint("extensions >= 0", name="extensions_count"),
        Index("ix_request_due", "state", "due_on", "seq"),
        Index("ix_request_system_id", "system_id", "state", "due_on"),
        Index("ix_request_received", "received_on", "seq"),
        Index("ix_request_owner_id", "owner_id", "state", "due_on"),
    )
    seq: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    """Event that stated it."""
    system_id: int
    kind: str
    received_on: date
    due_on: date
    """NO_DAY: none is set."""
    extensions: int
    owner_id: str
    state: str
    closed_on: date | None = None
    outcome: str
    """Of an answer its outcome, of a refusal its ground; empty while it is open, and where it was withdrawn."""
    changed: bool | None = None
    """Whether the decision was changed. NULL: nobody looked at it again."""


class RequestEventRow(Table, table=True):
    """Which events are about a request; an event itself names assessments only."""

    __tablename__ = "request_event"
    __table_args__ = (ForeignKeyConstraint(["request"], ["request.seq"]),)
    request: int = Field(primary_key=True)
    seq: int = Field(primary_key=True)


class RequestReminderRow(Table, table=True):
    """One reminder of one request for one person."""

    __tablename__ = "request_reminder"
    __table_args__ = (
        ForeignKeyConstraint(["request"], ["request.seq"]),
        ForeignKeyConstraint(["person_id"], ["account.id"]),
    )
    person_id: str = Field(primary_key=True)
    request: int = Field(primary_key=True)
    on_day: date = Field(primary_key=True)
    stage: int = Field(primary_key=True)
    """Days before its day; negative: after it."""
    taken_at: datetime | None = Field(default=None, sa_type=UtcTime, nullable=True)
    """Since when somebody is sending it. None: nobody is."""
    sent_at: datetime | None = Field(default=None, sa_type=UtcTime, nullable=True)
    tries: int = 0
    failure: str = ""
    """Why it was not taken the last time."""
