"""Lists, the queue and searches find what they need in an index alone, also in some units of many."""

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0023"


def upgrade() -> None:
    for name in ("ix_projection_changed", "ix_projection_queue"):
        op.drop_index(name, "projection")
    op.create_index("ix_projection_changed", "projection", ["updated_at", "assessment_id", "unit_id"], unique=False)
    waits = sa.text("+status IN ('submitted', 'decided')")
    columns = ["since", "assessment_id", "unit_id"]
    op.create_index("ix_projection_queue", "projection", columns, unique=False, sqlite_where=waits)
    op.create_index("ix_ai_system_folded", "ai_system", ["folded", "id", "operator_id", "unit_id"], unique=False)
