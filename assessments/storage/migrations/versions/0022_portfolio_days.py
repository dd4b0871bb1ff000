"""How many assessments stood where, day by day."""

import sqlalchemy as sa
from alembic import op

from assessments.storage import append_only

revision = "0022"
down_revision = "0021"


def upgrade() -> None:
    words = ("domain", "verdict", "level", "status")
    op.create_table(
        "portfolio_day",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        *(sa.Column(word, sa.String(), nullable=False) for word in words),
        sa.Column("has_log", sa.Boolean(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.CheckConstraint("count > 0", name=op.f("ck_portfolio_day_counts")),
        sa.PrimaryKeyConstraint("day", "unit_id", *words, "has_log", name=op.f("pk_portfolio_day")),
    )
    append_only.create(op.get_bind())
