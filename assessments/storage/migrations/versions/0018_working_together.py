"""Comments with mentions, sections given to people, and who is here now."""

import sqlalchemy as sa
from alembic import op

from assessments.storage.columns import UtcTime

revision = "0018"
down_revision = "0014"


def upgrade() -> None:
    op.create_index("ix_event_kind", "event", ["assessment_id", "kind", "seq"])
    op.create_table(
        "mention",
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.String(), nullable=False),
        sa.Column("assessment_id", sa.Integer(), nullable=False),
        sa.Column("thread", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["assessment_id"], ["assessment.id"], name=op.f("fk_mention_assessment_id")),
        sa.PrimaryKeyConstraint("seq", "person_id", name=op.f("pk_mention")),
    )
    op.create_index(op.f("ix_mention_person_id"), "mention", ["person_id"], unique=False)
    op.create_index(op.f("ix_mention_assessment_id"), "mention", ["assessment_id"], unique=False)
    op.create_table(
        "given_section",
        sa.Column("assessment_id", sa.Integer(), nullable=False),
        sa.Column("place", sa.String(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.String(), nullable=False),
        sa.Column("due", sa.Date(), nullable=False),
        sa.Column("by_id", sa.String(), nullable=False),
        sa.Column("by_name", sa.String(), nullable=False),
        sa.Column("at", UtcTime(), nullable=False),
        sa.Column("done_at", UtcTime(), nullable=True),
        sa.ForeignKeyConstraint(["assessment_id"], ["assessment.id"], name=op.f("fk_given_section_assessment_id")),
        sa.PrimaryKeyConstraint("assessment_id", "place", name=op.f("pk_given_section")),
    )
    op.create_index(op.f("ix_given_section_person_id"), "given_section", ["person_id"], unique=False)
    op.create_table(
        "presence",
        sa.Column("assessment_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.String(), nullable=False),
        sa.Column("at", UtcTime(), nullable=False),
        sa.ForeignKeyConstraint(["assessment_id"], ["assessment.id"], name=op.f("fk_presence_assessment_id")),
        sa.PrimaryKeyConstraint("assessment_id", "person_id", name=op.f("pk_presence")),
    )
