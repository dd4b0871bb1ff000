"""Impacts are summed by level before measures and claim too; the index by unit and cell knows the last change."""

import sqlalchemy as sa
from alembic import op

from assessments.storage import append_only, guards

revision = "0044"
down_revision = "0043"

_WORDS = ("domain", "verdict", "level", "status", "inherent", "claim")


def upgrade() -> None:
    op.drop_index("ix_projection_cell", "projection")
    op.create_index("ix_projection_cell", "projection", ["unit_id", "cell", "updated_at"])
    op.create_table(
        "impact_cell_now",
        sa.Column("impact", sa.String(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        *(sa.Column(name, sa.String(), nullable=False) for name in _WORDS[:4]),
        sa.Column("has_log", sa.Boolean(), nullable=False),
        *(sa.Column(name, sa.String(), nullable=False) for name in _WORDS[4:]),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint(*guards.IMPACT_CELL_KEYS, name=op.f("pk_impact_cell_now")),
    )
    op.execute(guards.IMPACT_CELLS.added_up)
    append_only.create(op.get_bind())
