"""What was submitted is kept each time, so that it can be told what changed since."""

import sqlalchemy as sa
from alembic import op

from assessments.storage import append_only
from assessments.storage.columns import JsonText, UtcTime

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    op.create_table(
        "submission",
        sa.Column("revision_id", sa.Integer(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("content", JsonText(), nullable=False),
        sa.Column("content_sha256", sa.String(), nullable=False),
        sa.Column("by_id", sa.String(), nullable=False),
        sa.Column("by_name", sa.String(), nullable=False),
        sa.Column("at", UtcTime(), nullable=False),
        sa.CheckConstraint("length(content_sha256) = 64", name=op.f("ck_submission_content_sha256_is_sha256")),
        sa.CheckConstraint("round >= 1", name=op.f("ck_submission_round_counts_from_one")),
        sa.ForeignKeyConstraint(["revision_id"], ["revision.id"], name=op.f("fk_submission_revision_id")),
        sa.PrimaryKeyConstraint("revision_id", "round", name=op.f("pk_submission")),
    )
    append_only.create(op.get_bind())
