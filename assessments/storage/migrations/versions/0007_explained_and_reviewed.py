"""Explanations of what consistency checks find, and the committee's marks on evidence."""

import sqlalchemy as sa
from alembic import op

from assessments.storage import append_only
from assessments.storage.columns import UtcTime

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    op.create_table(
        "explanation",
        sa.Column("revision_id", sa.Integer(), nullable=False),
        sa.Column("check_id", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("by_id", sa.String(), nullable=False),
        sa.Column("by_name", sa.String(), nullable=False),
        sa.Column("at", UtcTime(), nullable=False),
        sa.CheckConstraint("length(text) > 0", name=op.f("ck_explanation_says_something")),
        sa.ForeignKeyConstraint(["revision_id"], ["revision.id"], name=op.f("fk_explanation_revision_id")),
        sa.PrimaryKeyConstraint("revision_id", "check_id", name=op.f("pk_explanation")),
    )
    op.create_table(
        "evidence_review",
        sa.Column("revision_id", sa.Integer(), nullable=False),
        sa.Column("evidence", sa.String(), nullable=False),
        sa.Column("mark", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("by_id", sa.String(), nullable=False),
        sa.Column("by_name", sa.String(), nullable=False),
        sa.Column("at", UtcTime(), nullable=False),
        sa.CheckConstraint(
            "mark IN ('sufficient', 'not_sufficient', 'not_looked_at')", name=op.f("ck_evidence_review_mark_known")
        ),
        sa.CheckConstraint(
            "mark <> 'not_sufficient' OR length(reason) > 0",
            name=op.f("ck_evidence_review_not_sufficient_says_why"),
        ),
        sa.ForeignKeyConstraint(["revision_id"], ["revision.id"], name=op.f("fk_evidence_review_revision_id")),
        sa.PrimaryKeyConstraint("revision_id", "evidence", name=op.f("pk_evidence_review")),
    )
    append_only.create(op.get_bind())
