"""Units, accounts and their roles; every operator and AI system belongs to a unit, those of before to the first."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from assessments.storage import append_only
from assessments.storage.columns import UtcTime

revision = "0010"
down_revision = "0009"
FIRST_NAME = "기본 조직 · Default organisation"


def upgrade() -> None:
    op.create_table(
        "unit",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("parent_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("length(name) > 0", name=op.f("ck_unit_has_name")),
        sa.CheckConstraint("parent_id IS NULL OR parent_id <> id", name=op.f("ck_unit_is_not_its_own_parent")),
        sa.ForeignKeyConstraint(["parent_id"], ["unit.id"], name=op.f("fk_unit_parent_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unit")),
    )
    op.create_index(op.f("ix_unit_parent_id"), "unit", ["parent_id"])
    op.get_bind().execute(sa.text("INSERT INTO unit (id, name) VALUES (1, :name)"), {"name": FIRST_NAME})
    op.create_table(
        "account",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("created_at", UtcTime(), nullable=False),
        sa.CheckConstraint("length(name) > 0", name=op.f("ck_account_has_name")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_account_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account")),
    )
    op.create_index(op.f("ix_account_unit_id"), "account", ["unit_id"])
    op.create_table(
        "role_grant",
        sa.Column("account_id", sa.String(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.CheckConstraint(
            "role IN ('product_manager', 'contributor', 'committee_member', 'chair', 'signing_officer', 'auditor', "
            "'administrator')",
            name=op.f("ck_role_grant_role_known"),
        ),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_role_grant_account_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_role_grant_unit_id")),
        sa.PrimaryKeyConstraint("account_id", "unit_id", "role", name=op.f("pk_role_grant")),
    )
    op.create_index(op.f("ix_role_grant_unit_id"), "role_grant", ["unit_id"])
    _rebuilt(
        "operator",
        (
            sa.Column("id", sa.Integer(), nullable=False),
            sa.Column("unit_id", sa.Integer(), nullable=False),
            sa.Column("name", sa.String(), nullable=False),
            sa.Column("registration_number", sa.String(), nullable=False),
            sa.Column("address", sa.String(), nullable=False),
            sa.Column("representative", sa.String(), nullable=False),
            sa.Column("supervisor_name", sa.String(), nullable=False),
            sa.Column("supervisor_contact", sa.String(), nullable=False),
            sa.Column("separation", sa.Integer(), nullable=False),
            sa.Column("is_example", sa.Boolean(), nullable=False),
            sa.Column("created_at", UtcTime(), nullable=False),
            sa.Column("updated_at", UtcTime(), nullable=False),
            sa.Column("updated_by", sa.String(), nullable=False),
            sa.CheckConstraint("length(name) > 0", name=op.f("ck_operator_has_name")),
            sa.CheckConstraint("separation IN (2, 3)", name=op.f("ck_operator_separation_known")),
            sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_operator_unit_id")),
            sa.PrimaryKeyConstraint("id", name=op.f("pk_operator")),
        ),
        {"ix_operator_name": ("name", "id"), "ix_operator_unit_id": ("unit_id",)},
    )
    _rebuilt(
        "ai_system",
        (
            sa.Column("id", sa.Integer(), nullable=False),
            sa.Column("operator_id", sa.Integer(), nullable=False),
            sa.Column("unit_id", sa.Integer(), nullable=False),
            sa.Column("name_ko", sa.String(), nullable=False),
            sa.Column("name_en", sa.String(), nullable=False),
            sa.Column("version", sa.String(), nullable=False),
            sa.Column("summary_ko", sa.String(), nullable=False),
            sa.Column("summary_en", sa.String(), nullable=False),
            sa.Column("created_at", UtcTime(), nullable=False),
            sa.Column("updated_at", UtcTime(), nullable=False),
            sa.Column("updated_by", sa.String(), nullable=False),
            sa.CheckConstraint("length(name_ko) > 0 OR length(name_en) > 0", name=op.f("ck_ai_system_has_name")),
            sa.ForeignKeyConstraint(["operator_id"], ["operator.id"], name=op.f("fk_ai_system_operator_id")),
            sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_ai_system_unit_id")),
            sa.PrimaryKeyConstraint("id", name=op.f("pk_ai_system")),
        ),
        {
            "ix_ai_system_name": ("operator_id", "name_ko", "id"),
            "ix_ai_system_operator_id": ("operator_id",),
            "ix_ai_system_unit_id": ("unit_id",),
        },
    )
    append_only.create(op.get_bind())


def _rebuilt(table: str, parts: Sequence[sa.schema.SchemaItem], indices: dict[str, tuple[str, ...]]) -> None:
    """With its column `unit_id`, for a column that refers to something and is never empty cannot be added in place."""
    names = ", ".join(part.name for part in parts if isinstance(part, sa.Column) and part.name != "unit_id")
    op.execute(f"CREATE TEMPORARY TABLE former AS SELECT {names} FROM {table}")  # noqa: S608 - our own names
    op.drop_table(table)
    op.create_table(table, *parts)
    op.execute(f"INSERT INTO {table} (unit_id, {names}) SELECT 1, {names} FROM former")  # noqa: S608
    op.execute("DROP TABLE former")
    for name, columns in indices.items():
        op.create_index(name, table, list(columns))
