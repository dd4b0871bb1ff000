"""What a revision keeps of a decision log."""

import sqlalchemy as sa
from alembic import op

from assessments.storage import append_only

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.create_table(
        "decision_log",
        sa.Column("revision_id", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("kept", sa.Text(), nullable=False),
        sa.Column("by_id", sa.String(), nullable=False),
        sa.Column("by_name", sa.String(), nullable=False),
        sa.Column("at", sa.String(32), nullable=False),
        sa.CheckConstraint("length(sha256) = 64", name=op.f("ck_decision_log_sha256_is_sha256")),
        sa.ForeignKeyConstraint(["revision_id"], ["revision.id"], name=op.f("fk_decision_log_revision_id")),
        sa.PrimaryKeyConstraint("revision_id", name=op.f("pk_decision_log")),
    )
    append_only.create(op.get_bind())
