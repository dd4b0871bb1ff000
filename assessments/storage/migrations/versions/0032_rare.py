"""Dashboards find in an index what few have, or all that they count by: logs, days, owners, accepted risks, editions, lacking evidence."""

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0033"

INDICES: dict[str, tuple[tuple[str, ...], str]] = {
    "ix_projection_pinned": (("domain", "pinned", "status", "unit_id"), ""),
    "ix_projection_logged": (("assessment_id",), "has_log = 1"),
    "ix_projection_decided": (("decided_on",), ""),
    "ix_projection_owner": (("owner_id", "status", "unit_id"), ""),
    "ix_projection_again": (("level", "status", "reassess_on", "unit_id"), "reassess_on IS NOT NULL"),
    "ix_projection_unproven": (("status", "unit_id"), "evidence = 0"),
}
"""Name → columns, and which rows; empty: all."""


def upgrade() -> None:
    op.drop_index("ix_projection_pinned", "projection")
    for name, (columns, rows) in INDICES.items():
        op.create_index(name, "projection", list(columns), unique=False, sqlite_where=sa.text(rows) if rows else None)
