"""Reminders also of sections given and of comments that name somebody: more causes are another constraint."""

import sqlalchemy as sa
from alembic import op

from assessments.storage.columns import UtcTime

revision = "0028"
down_revision = "0027"


def upgrade() -> None:
    parts: tuple[sa.schema.SchemaItem, ...] = (
        sa.Column("person_id", sa.String(), nullable=False),
        sa.Column("assessment_id", sa.Integer(), nullable=False),
        sa.Column("cause", sa.String(), nullable=False),
        sa.Column("which", sa.String(), nullable=False),
        sa.Column("on_day", sa.Date(), nullable=False),
        sa.Column("stage", sa.Integer(), nullable=False),
        sa.Column("taken_at", UtcTime(), nullable=True),
        sa.Column("sent_at", UtcTime(), nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("failure", sa.String(), nullable=False),
        sa.CheckConstraint(
            "cause IN ('reassessment', 'change', 'edition', 'evidence', 'measure', 'condition', 'log', "
            "'section', 'mention')",
            name=op.f("ck_reminder_cause_known"),
        ),
        sa.ForeignKeyConstraint(["assessment_id"], ["assessment.id"], name=op.f("fk_reminder_assessment_id")),
        sa.ForeignKeyConstraint(["person_id"], ["account.id"], name=op.f("fk_reminder_person_id")),
        sa.PrimaryKeyConstraint(
            "person_id", "assessment_id", "cause", "which", "on_day", "stage", name=op.f("pk_reminder")
        ),
    )
    op.execute("CREATE TEMPORARY TABLE former AS SELECT * FROM reminder")
    op.drop_table("reminder")
    op.create_table("reminder", *parts)
    names = ", ".join(part.name for part in parts if isinstance(part, sa.Column))
    op.execute(f"INSERT INTO reminder ({names}) SELECT {names} FROM former")  # noqa: S608 - our own names
    op.execute("DROP TABLE former")
