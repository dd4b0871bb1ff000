"""Dashboards count what stands where, and which assessments have a decision log."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0017"


def upgrade() -> None:
    op.add_column("projection", sa.Column("has_log", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.execute(
        "UPDATE projection SET has_log = EXISTS (SELECT 1 FROM decision_log JOIN revision ON revision.id = decision_log.revision_id"
        " WHERE revision.assessment_id = projection.assessment_id AND revision.number = projection.revision)"
    )
    columns = ["domain", "contested", "outcome", "open_required", "level", "status", "has_log"]
    op.create_index("ix_projection_cube", "projection", columns, unique=False)
    op.create_index(op.f("ix_decision_log_at"), "decision_log", ["at"], unique=False)
