"""Several servers of one database: what all of them must have alike, how often was tried, and on which machine a log is read."""

import sqlalchemy as sa
from alembic import op

from assessments.storage.columns import JsonText, UtcTime

revision = "0038"
down_revision = "0036"


def upgrade() -> None:
    op.create_table(
        "installation",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("value", sa.String(), nullable=False),
        sa.Column("machine", sa.String(), nullable=False),
        sa.Column("at", UtcTime(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_installation")),
    )
    op.create_table(
        "rate_limit",
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("times", JsonText(), nullable=False),
        sa.Column("ends_at", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_rate_limit")),
    )
    op.create_index(op.f("ix_rate_limit_ends_at"), "rate_limit", ["ends_at"])
    op.add_column("log_import", sa.Column("machine", sa.String(), nullable=True))
