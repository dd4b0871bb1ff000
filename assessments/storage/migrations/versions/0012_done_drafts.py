"""A deed says which drafts of a browser it was done on."""

import sqlalchemy as sa
from alembic import op

from assessments.storage.columns import UtcTime

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    op.create_table(
        "done_draft",
        sa.Column("actor_id", sa.String(), nullable=False),
        sa.Column("nonce", sa.String(), nullable=False),
        sa.Column("field", sa.String(), nullable=False),
        sa.Column("at", UtcTime(), nullable=False),
        sa.PrimaryKeyConstraint("actor_id", "nonce", name=op.f("pk_done_draft")),
    )
    op.create_index(op.f("ix_done_draft_at"), "done_draft", ["at"], unique=False)
