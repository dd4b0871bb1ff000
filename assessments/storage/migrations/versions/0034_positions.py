"""People have a position and department: of their account, and as it stood when they wrote, voted, decided and signed."""

import sqlalchemy as sa
from alembic import op

from assessments.storage import append_only

revision = "0034"
down_revision = "0031"

COLUMNS = (
    ("account", "position"),
    ("operator", "supervisor_position"),
    ("author", "person_position"),
    ("vote", "person_position"),
    ("revision", "decided_by_position"),
    ("revision", "signed_by_position"),
)


def upgrade() -> None:
    for table, column in COLUMNS:
        op.add_column(table, sa.Column(column, sa.String(), nullable=False, server_default=""))
    for trigger in ("revision_decided", "revision_signed"):
        op.execute(f"DROP TRIGGER IF EXISTS {trigger}")  # they hold the positions too
    append_only.create(op.get_bind())
