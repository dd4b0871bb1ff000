"""What a redacted copy leaves out, and which sealed reports are such copies."""

import sqlalchemy as sa
from alembic import op

from assessments.storage import append_only

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.create_table(
        "withheld",
        sa.Column("revision_id", sa.Integer(), nullable=False),
        sa.Column("path", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("salt", sa.String(), nullable=False),
        sa.CheckConstraint("kind IN ('trade_secret', 'personal')", name=op.f("ck_withheld_kind_known")),
        sa.ForeignKeyConstraint(["revision_id"], ["revision.id"], name=op.f("fk_withheld_revision_id")),
        sa.PrimaryKeyConstraint("revision_id", "path", name=op.f("pk_withheld")),
    )
    op.add_column("sealed_report", sa.Column("redacts", sa.String(), nullable=True))  # in place: its triggers stay
    append_only.create(op.get_bind())
