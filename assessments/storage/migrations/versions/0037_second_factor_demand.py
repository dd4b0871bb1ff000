"""A unit can demand a second factor; a session knows whether one was shown in it. Those that are open now count as without."""

import sqlalchemy as sa
from alembic import op

from assessments.storage.columns import JsonText

revision = "0037"
down_revision = "0035"


def upgrade() -> None:
    op.create_table(
        "second_factor_demand",
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("roles", JsonText(), nullable=False),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_second_factor_demand_unit_id")),
        sa.PrimaryKeyConstraint("unit_id", name=op.f("pk_second_factor_demand")),
    )
    op.add_column("login_session", sa.Column("with_second", sa.Boolean(), nullable=False, server_default=sa.false()))
