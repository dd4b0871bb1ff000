"""Sums by unit and cell are kept beside the results, and the day of the condition that is due first; indices hold what is asked of them."""

import sqlalchemy as sa
from alembic import op

from assessments.storage import append_only, guards

revision = "0041"
down_revision = "0040"

_ASKED = (
    *("contested", "outcome", "open_required", "level", "has_log", "owner_id", "decided_on"),
    *("inherent", "impact", "claim", "evidence", "conditions"),
)
_LYING = ("domain", "status", "unit_id", "reassess_on", "updated_at", "assessment_id")
INDICES: dict[str, tuple[tuple[str, ...], str]] = {
    "ix_projection_conditions": (
        ("condition_on", "assessment_id", "unit_id", "domain", "status", "updated_at", "reassess_on", *_ASKED),
        "conditions > 0",
    ),
    "ix_projection_impact": (("impact", *_LYING, *(name for name in _ASKED if name != "impact")), ""),
    "ix_projection_decided": (("decided_on", *_LYING, *(name for name in _ASKED if name != "decided_on")), ""),
    "ix_projection_owner": (
        (
            *("owner_id", "status", "unit_id", "domain", "reassess_on", "updated_at", "assessment_id"),
            *(name for name in _ASKED if name != "owner_id"),
        ),
        "",
    ),
    "ix_projection_again": (
        ("reassess_on", "assessment_id", "unit_id", "domain", "status", "updated_at", *_ASKED),
        "reassess_on IS NOT NULL",
    ),
    "ix_projection_unproven": (
        ("status", "unit_id", "domain", "updated_at", "assessment_id", "reassess_on", *_ASKED),
        "evidence = 0",
    ),
    "ix_projection_revised": (
        ("status", "assessment_id", "revision", "result_at", "unit_id", "domain", "updated_at", "reassess_on", *_ASKED),
        "revision > 1",
    ),
}
"""Name → columns, and which rows; empty: all."""
_COUNTED = ("projection_conditions", "duty_counted_insert", "duty_counted_delete", "duty_counted_update")


def upgrade() -> None:
    op.add_column("projection", sa.Column("condition_on", sa.Date(), nullable=True))
    for name in _COUNTED:  # they keep that day too
        append_only.drop(op.get_bind(), name)
    op.execute(f"UPDATE projection SET condition_on = {guards.CONDITION_ON} WHERE conditions > 0")  # noqa: S608 - our own names
    sums = tuple(guards.SUMS)
    op.create_table(
        "portfolio_now",
        sa.Column("cell", sa.String(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in sums),
        sa.PrimaryKeyConstraint("cell", "unit_id", name=op.f("pk_portfolio_now")),
    )
    op.execute(guards.ADDED_UP)
    op.drop_index("ix_projection_cube", "projection")
    for name, (columns, rows) in INDICES.items():
        op.drop_index(name, "projection")
        where = sa.text(rows) if rows else None
        op.create_index(name, "projection", list(columns), sqlite_where=where, postgresql_where=where)
    of_days = ["day", "verdict", "level", "unit_id", "domain", "status", "has_log", "count"]
    op.create_index("ix_portfolio_day_results", "portfolio_day", of_days)
    append_only.create(op.get_bind())
