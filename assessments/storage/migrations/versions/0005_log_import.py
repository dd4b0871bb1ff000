"""Decision logs on their way in."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.create_table(
        "log_import",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("assessment_id", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("folder", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("arrived_at", sa.String(32), nullable=False),
        sa.Column("stage", sa.String(), nullable=False),
        sa.Column("run", sa.String(), nullable=True),
        sa.Column("owner", sa.Integer(), nullable=True),
        sa.Column("asked_at", sa.String(32), nullable=True),
        sa.Column("is_waiting", sa.Boolean(), nullable=False),
        sa.Column("seen_at", sa.String(32), nullable=True),
        sa.Column("thousandths", sa.Integer(), nullable=False),
        sa.Column("result", sa.Text(), nullable=True),
        sa.Column("error", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "stage IN ('looking', 'arrived', 'counting', 'done', 'failed')", name=op.f("ck_log_import_stage_known")
        ),
        sa.ForeignKeyConstraint(
            ["assessment_id", "revision"],
            ["revision.assessment_id", "revision.number"],
            name=op.f("fk_log_import_assessment_id_revision"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_log_import")),
        sa.UniqueConstraint("assessment_id", "revision", name=op.f("uq_log_import_assessment_id_revision")),
    )
