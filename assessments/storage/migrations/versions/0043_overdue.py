"""Sums know how many conditions are overdue, and how many assessments have which gravest impact."""

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

from assessments.storage import append_only, guards
from questionnaires.wording import seoul_day

revision = "0043"
down_revision = "0042"

_COUNTED = ("projection_conditions", "duty_counted_insert", "duty_counted_delete", "duty_counted_update")
_SUMMING = (
    *("projection_sum_insert", "projection_sum_delete", "projection_sum_less", "projection_sum_more"),
    "portfolio_now_empty",
)
_DAYS = ("overdue_on", "next_on")


def upgrade() -> None:
    for name in (*_COUNTED, *_SUMMING):  # they keep what is new too
        append_only.drop(op.get_bind(), name)
    op.add_column("projection", sa.Column("overdue", sa.Integer(), server_default="0", nullable=False))
    for column in _DAYS:
        op.add_column("projection", sa.Column(column, sa.Date(), nullable=True))
    today = seoul_day(datetime.now(UTC)).isoformat()  # any day will do: what differs from it is counted when asked
    overdue = guards.overdue(f"'{today}'")
    op.execute(f"UPDATE projection SET {overdue} WHERE conditions > 0")  # noqa: S608 - our own names
    op.add_column("portfolio_now", sa.Column("overdue", sa.Integer(), server_default="0", nullable=False))
    op.execute("DELETE FROM portfolio_now")
    op.execute(guards.ALL_ADDED_UP)
    for column in _DAYS:
        there = sa.text(f"{column} IS NOT NULL")
        name = f"ix_projection_{column.removesuffix('_on')}"
        op.create_index(name, "projection", [column], sqlite_where=there, postgresql_where=there)
    op.create_table(
        "impact_now",
        sa.Column("impact", sa.String(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        *(sa.Column(name, sa.String(), nullable=False) for name in ("domain", "verdict", "level", "status")),
        sa.Column("has_log", sa.Boolean(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint(*guards.IMPACT_KEYS, name=op.f("pk_impact_now")),
    )
    op.execute(guards.IMPACTS_ADDED_UP)
    append_only.create(op.get_bind())
