"""Answers of a screening wait in the session of who wants to start from them."""

import sqlalchemy as sa
from alembic import op

from assessments.storage.columns import JsonText

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    op.add_column("login_session", sa.Column("screening", JsonText(), nullable=True))
