"""What was approved keeps its results for lists while the next revision is at work."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0015"


def upgrade() -> None:
    op.create_table(
        "signed_result",
        sa.Column("assessment_id", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.Column("contested", sa.Boolean(), nullable=False),
        sa.Column("level", sa.String(), nullable=False),
        sa.CheckConstraint(
            "outcome IN ('high_impact', 'not_high_impact', 'cannot_determine')",
            name=op.f("ck_signed_result_outcome_known"),
        ),
        sa.CheckConstraint(
            "level IN ('low', 'medium', 'high', 'very_high')", name=op.f("ck_signed_result_level_known")
        ),
        sa.ForeignKeyConstraint(
            ["assessment_id", "revision"],
            ["revision.assessment_id", "revision.number"],
            name=op.f("fk_signed_result_assessment_id_revision"),
        ),
        sa.PrimaryKeyConstraint("assessment_id", "revision", name=op.f("pk_signed_result")),
    )
    op.execute(
        "INSERT INTO signed_result (assessment_id, revision, outcome, contested, level) "
        "SELECT assessment_id, revision, outcome, contested, level FROM projection WHERE status = 'signed_off'"
    )
