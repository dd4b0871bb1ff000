"""Which reminders were sent: a row for each, taken before it is sent, so that none is sent twice."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import ForeignKeyConstraint
from sqlmodel import Field

from assessments.rules.lifecycle import Cause
from assessments.storage.columns import UtcTime
from assessments.storage.tables import Table, one_of


class Work(StrEnum):
    """What waits for somebody while an assessment is at work."""

    SECTION = "section"
    """A section that they were given."""
    MENTION = "mention"
    """A comment that names them."""


class ReminderRow(Table, table=True):
    """One reminder of one duty, or of work that waits, for one person."""

    __tablename__ = "reminder"
    __table_args__ = (
        ForeignKeyConstraint(["assessment_id"], ["assessment.id"]),
        ForeignKeyConstraint(["person_id"], ["account.id"]),
        one_of("cause", (*Cause, *Work)),
    )
    person_id: str = Field(primary_key=True)
    assessment_id: int = Field(primary_key=True)
    cause: str = Field(primary_key=True)
    which: str = Field(primary_key=True)
    on_day: date = Field(primary_key=True)
    stage: int = Field(primary_key=True)
    """Days before its day, of work told at once more than any; negative: after it."""
    taken_at: datetime | None = Field(default=None, sa_type=UtcTime, nullable=True)
    """Since when somebody is sending it. None: nobody is."""
    sent_at: datetime | None = Field(default=None, sa_type=UtcTime, nullable=True)
    tries: int = 0
    failure: str = ""
    """Why it was not taken the last time."""
