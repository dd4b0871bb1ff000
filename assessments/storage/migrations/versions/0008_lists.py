"""Indices for lists that are read by the page."""

from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    op.create_index("ix_projection_changed", "projection", ["updated_at", "assessment_id"])
    op.create_index("ix_projection_waiting", "projection", ["status", "updated_at", "assessment_id"])
    op.create_index("ix_operator_name", "operator", ["name", "id"])
    op.create_index("ix_ai_system_name", "ai_system", ["operator_id", "name_ko", "id"])
