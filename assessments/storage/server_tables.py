"""What several servers of one database have in common beside the work itself: InstallationRow, RateLimitRow."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlmodel import Field

from assessments.storage.columns import JsonText, UtcTime
from assessments.storage.tables import Table


class InstallationRow(Table, table=True):
    """Something that every server must have alike, and which server said so."""

    __tablename__ = "installation"
    name: str = Field(primary_key=True)
    value: str
    """A digest or an id, never the thing itself."""
    machine: str
    at: datetime = Field(sa_type=UtcTime)


class RateLimitRow(Table, table=True):
    """When something was tried, as far back as it counts. Only where several servers count together."""

    __tablename__ = "rate_limit"
    key: str = Field(primary_key=True)
    """A digest: no name and no address stands here as it is."""
    times: Any = Field(sa_type=JsonText, nullable=False)
    """Seconds since 1970 by the clock of the database, oldest first."""
    ends_at: float = Field(index=True)
    """From when on none of it counts."""
