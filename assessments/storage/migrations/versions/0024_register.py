"""The register says of an AI system who made it, on which model it rests, who answers for it, and where it stands in its life."""

import sqlalchemy as sa
from alembic import op

from assessments.storage.columns import UtcTime
from assessments.storage.searching import folded

revision = "0024"
down_revision = "0022"

FORMER = (
    *("id", "operator_id", "unit_id", "name_ko", "name_en", "version", "summary_ko", "summary_en"),
    *("created_at", "updated_at", "updated_by"),
)
INDICES = {
    "ix_ai_system_name": ("operator_id", "name_ko", "id"),
    "ix_ai_system_operator_id": ("operator_id",),
    "ix_ai_system_unit_id": ("unit_id",),
    "ix_ai_system_owner_id": ("owner_id",),
}


def upgrade() -> None:
    names = ", ".join(FORMER)
    op.execute(f"CREATE TEMPORARY TABLE former AS SELECT {names} FROM ai_system")  # noqa: S608 - our own names
    op.drop_table("ai_system")
    op.create_table(
        "ai_system",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("operator_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        *(sa.Column(name, sa.String(), nullable=False) for name in ("name_ko", "name_en", "version")),
        *(sa.Column(name, sa.String(), nullable=False) for name in ("summary_ko", "summary_en")),
        sa.Column("created_at", UtcTime(), nullable=False),
        sa.Column("updated_at", UtcTime(), nullable=False),
        sa.Column("updated_by", sa.String(), nullable=False),
        *(sa.Column(name, sa.String(), nullable=False, server_default="") for name in ("vendor", "model", "owner_id")),
        sa.Column("legal_role", sa.String(), nullable=True),
        sa.Column("stage", sa.String(), nullable=True),
        sa.Column("started_on", sa.Date(), nullable=True),
        sa.Column("folded", sa.String(), nullable=False, server_default=""),
        sa.CheckConstraint("length(name_ko) > 0 OR length(name_en) > 0", name=op.f("ck_ai_system_has_name")),
        sa.CheckConstraint(
            "legal_role IN ('developer', 'using_operator', 'developer_and_using_operator', 'user')",
            name=op.f("ck_ai_system_legal_role_known"),
        ),
        sa.CheckConstraint(
            "stage IN ('planned', 'in_use', 'changed', 'retired')", name=op.f("ck_ai_system_stage_known")
        ),
        sa.ForeignKeyConstraint(["operator_id"], ["operator.id"], name=op.f("fk_ai_system_operator_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_ai_system_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ai_system")),
    )
    op.execute(f"INSERT INTO ai_system ({names}) SELECT {names} FROM former")  # noqa: S608
    op.execute("DROP TABLE former")
    for name, columns in INDICES.items():
        op.create_index(name, "ai_system", list(columns), unique=False)
    connection = op.get_bind()
    systems = connection.execute(sa.text("SELECT id, name_ko, name_en FROM ai_system")).all()
    if systems:
        connection.execute(
            sa.text("UPDATE ai_system SET folded = :folded WHERE id = :id"),
            [{"id": row.id, "folded": folded(f"{row.name_ko}\n{row.name_en}")} for row in systems],
        )
