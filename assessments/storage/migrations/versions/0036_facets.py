"""Dashboards count what facets leave in an index alone, and which assessments have open conditions is kept beside their results."""

import sqlalchemy as sa
from alembic import op

from assessments.storage import append_only, guards

revision = "0036"
down_revision = "0037"

_CELL = ("contested", "outcome", "open_required", "level", "has_log")
_ASKED = (*_CELL, "owner_id", "decided_on", "inherent", "impact", "claim", "evidence", "conditions")
INDICES: dict[str, tuple[tuple[str, ...], str]] = {
    "ix_projection_facets": (("domain", "updated_at", "status", "unit_id", "reassess_on", *_ASKED), ""),
    "ix_projection_recent": (("status", "domain", "updated_at", "unit_id", "reassess_on", *_ASKED), ""),
    "ix_projection_changed": (
        ("updated_at", "assessment_id", "unit_id", "reassess_on", "domain", "status", *_ASKED),
        "",
    ),
    "ix_projection_conditions": (
        ("unit_id", "domain", "status", "updated_at", "reassess_on", *_ASKED),
        "conditions > 0",
    ),
}
"""Name → columns, and which rows; empty: all."""


def upgrade() -> None:
    op.add_column("projection", sa.Column("conditions", sa.Integer(), nullable=False, server_default="0"))
    op.execute(f"UPDATE projection SET conditions = {guards.CONDITIONS}")  # noqa: S608 - our own names
    for name in ("ix_projection_groups", "ix_projection_recent", "ix_projection_changed"):
        op.drop_index(name, "projection")
    for name, (columns, rows) in INDICES.items():
        op.create_index(name, "projection", list(columns), unique=False, sqlite_where=sa.text(rows) if rows else None)
    append_only.create(op.get_bind())
