"""Dashboards count days of reassessment by what an assessment is, and walk along its changes, in an index alone."""

import sqlalchemy as sa
from alembic import op

revision = "0035"
down_revision = "0034"

INDICES: dict[str, tuple[tuple[str, ...], str]] = {
    "ix_projection_again": (
        (
            *("level", "status", "reassess_on", "unit_id"),
            *("domain", "outcome", "contested", "open_required", "has_log"),
        ),
        "reassess_on IS NOT NULL",
    ),
    "ix_projection_changed": (("updated_at", "assessment_id", "unit_id", "reassess_on"), ""),
    "ix_projection_cube": (
        (
            *("domain", "contested", "outcome", "open_required", "level", "status", "has_log"),
            *("unit_id", "reassess_on", "impact"),
        ),
        "",
    ),
    "ix_projection_revised": (("assessment_id", "status", "revision"), "revision > 1"),
}
"""Name → columns, and which rows; empty: all."""


def upgrade() -> None:
    for name, (columns, rows) in INDICES.items():
        op.drop_index(name, "projection")
        op.create_index(name, "projection", list(columns), unique=False, sqlite_where=sa.text(rows) if rows else None)
