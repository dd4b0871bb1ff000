"""Official documents of an assessment that were sealed, with what was frozen in them. What people wrote for them stands in the history."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, LargeBinary
from sqlmodel import Field

from assessments.storage.columns import JsonText, UtcTime
from assessments.storage.tables import Table, digest


class OfficialDocumentRow(Table, table=True):
    """A sealed official document."""

    __tablename__ = "official_document"
    __table_args__ = (
        ForeignKeyConstraint(["assessment_id"], ["assessment.id"]),
        CheckConstraint("kind IN ('request', 'publication', 'notices', 'rights')", name="kind_known"),
        CheckConstraint("language IN ('ko', 'en')", name="language_known"),
        digest("content_sha256"),
        digest("file_sha256"),
    )
    seq: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    """Event that kept it."""
    assessment_id: int = Field(index=True)
    revision: int
    kind: str
    language: str
    content: Any = Field(sa_type=JsonText, nullable=False)
    content_sha256: str
    file: bytes = Field(sa_type=LargeBinary)
    file_sha256: str
    at: datetime = Field(sa_type=UtcTime)
