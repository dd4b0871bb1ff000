"""Work that is done in its turn is a row: who asked for what, who does it, how far it is."""

import sqlalchemy as sa
from alembic import op

from assessments.storage.columns import JsonText, UtcTime

revision = "0039"
down_revision = "0038"

OPEN = sa.text("stage IN ('waiting', 'running')")


def upgrade() -> None:
    op.create_table(
        "job",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("about", sa.String(), nullable=False),
        sa.Column("arguments", JsonText(), nullable=False),
        sa.Column("material", sa.LargeBinary(), nullable=True),
        sa.Column("by", JsonText(), nullable=True),
        sa.Column("asked_at", UtcTime(length=32), nullable=False),
        sa.Column("stage", sa.String(), nullable=False),
        sa.Column("run", sa.String(), nullable=True),
        sa.Column("worker", sa.String(), nullable=False),
        sa.Column("begun", sa.Integer(), nullable=False),
        sa.Column("seen_at", UtcTime(length=32), nullable=True),
        sa.Column("step", sa.String(), nullable=False),
        sa.Column("thousandths", sa.Integer(), nullable=False),
        sa.Column("result", JsonText(), nullable=True),
        sa.Column("made", sa.LargeBinary(), nullable=True),
        sa.Column("error", JsonText(), nullable=True),
        sa.Column("ended_at", UtcTime(length=32), nullable=True),
        sa.CheckConstraint("stage IN ('waiting', 'running', 'done', 'failed', 'stopped')", name=op.f("ck_job_stage_known")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_job")),
    )
    op.create_index("uq_job_open", "job", ["kind", "about"], unique=True, sqlite_where=OPEN, postgresql_where=OPEN)
    op.create_index("ix_job_ended", "job", ["ended_at"])
