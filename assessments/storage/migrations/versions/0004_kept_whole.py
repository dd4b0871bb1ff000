"""What is decided is not replaced: the triggers of authors, pinned editions, assessments and revisions."""

from alembic import op

from assessments.storage import append_only

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    append_only.create(op.get_bind())
