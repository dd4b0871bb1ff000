"""What is stored about AI systems beside their details, and who is to review what."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index
from sqlmodel import Field

from assessments.storage.columns import UtcTime
from assessments.storage.life_tables import of_assessment
from assessments.storage.tables import Table


def of_system() -> ForeignKeyConstraint:
    return ForeignKeyConstraint(["system_id"], ["ai_system.id"])


class IncidentRow(Table, table=True):
    """Something that went wrong with a system; what was written of it stands in the history alone."""

    __tablename__ = "incident"
    __table_args__ = (of_system(), Index("ix_incident_system_id", "system_id", "is_open", "on_day"))
    seq: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    """Event that stated it."""
    system_id: int
    on_day: date
    """When it happened."""
    is_open: bool


class SystemEventRow(Table, table=True):
    """Which events are about a system; an event itself names assessments only."""

    __tablename__ = "system_event"
    __table_args__ = (of_system(),)
    system_id: int = Field(primary_key=True)
    seq: int = Field(primary_key=True)


class AssignedReviewRow(Table, table=True):
    """Who of the committee is to review a submitted revision."""

    __tablename__ = "assigned_review"
    __table_args__ = (of_assessment(),)
    assessment_id: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    submission: int
    """The event that submitted it: what is submitted again is assigned anew."""
    person_id: str = Field(index=True)
    by_id: str
    by_name: str
    at: datetime = Field(sa_type=UtcTime)


class MadeRow(Table, table=True):
    """All that this database holds was made for measuring or for showing, and says nothing about any organisation."""

    __tablename__ = "made_data"
    __table_args__ = (CheckConstraint("id = 1", name="only_once"),)
    id: int = Field(default=1, primary_key=True)
    assessments: int
    at: datetime = Field(sa_type=UtcTime)
