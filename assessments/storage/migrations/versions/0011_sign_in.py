"""Passwords, one-time links, second factors; sessions that were opened without a password end."""

import sqlalchemy as sa
from alembic import op

from assessments.storage.columns import JsonText, UtcTime

revision = "0011"
down_revision = "0010"


def _digest(table: str, column: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(f"length({column}) = 64", name=op.f(f"ck_{table}_{column}_is_sha256"))


def upgrade() -> None:
    op.drop_index("ix_login_session_actor_id", table_name="login_session")
    op.drop_table("login_session")
    op.create_table(
        "login_session",
        sa.Column("token_sha256", sa.String(), nullable=False),
        sa.Column("handle", sa.String(), nullable=False),
        sa.Column("actor_id", sa.String(), nullable=False),
        sa.Column("created_at", UtcTime(), nullable=False),
        sa.Column("seen_at", UtcTime(), nullable=False),
        sa.Column("confirmed_at", UtcTime(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("browser", sa.String(), nullable=False),
        sa.Column("screening", JsonText(), nullable=True),
        _digest("login_session", "token_sha256"),
        sa.PrimaryKeyConstraint("token_sha256", name=op.f("pk_login_session")),
        sa.UniqueConstraint("handle", name=op.f("uq_login_session_handle")),
    )
    op.create_index(op.f("ix_login_session_actor_id"), "login_session", ["actor_id"], unique=False)
    op.create_table(
        "password",
        sa.Column("actor_id", sa.String(), nullable=False),
        sa.Column("hash", sa.String(), nullable=False),
        sa.Column("set_at", UtcTime(), nullable=False),
        sa.PrimaryKeyConstraint("actor_id", name=op.f("pk_password")),
    )
    op.create_table(
        "one_time_link",
        sa.Column("token_sha256", sa.String(), nullable=False),
        sa.Column("actor_id", sa.String(), nullable=False),
        sa.Column("purpose", sa.String(), nullable=False),
        sa.Column("created_at", UtcTime(), nullable=False),
        sa.Column("ends_at", UtcTime(), nullable=False),
        _digest("one_time_link", "token_sha256"),
        sa.CheckConstraint("purpose IN ('first', 'reset', 'start')", name=op.f("ck_one_time_link_purpose_known")),
        sa.PrimaryKeyConstraint("token_sha256", name=op.f("pk_one_time_link")),
    )
    op.create_index(op.f("ix_one_time_link_actor_id"), "one_time_link", ["actor_id"], unique=False)
    op.create_table(
        "second_factor",
        sa.Column("actor_id", sa.String(), nullable=False),
        sa.Column("secret", sa.String(), nullable=False),
        sa.Column("created_at", UtcTime(), nullable=False),
        sa.Column("confirmed_at", UtcTime(), nullable=True),
        sa.Column("last_step", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("actor_id", name=op.f("pk_second_factor")),
    )
    op.create_table(
        "recovery_code",
        sa.Column("code_sha256", sa.String(), nullable=False),
        sa.Column("actor_id", sa.String(), nullable=False),
        _digest("recovery_code", "code_sha256"),
        sa.PrimaryKeyConstraint("code_sha256", name=op.f("pk_recovery_code")),
    )
    op.create_index(op.f("ix_recovery_code_actor_id"), "recovery_code", ["actor_id"], unique=False)
    op.create_table(
        "outside_identity",
        sa.Column("issuer", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("actor_id", sa.String(), nullable=False),
        sa.Column("linked_at", UtcTime(), nullable=False),
        sa.PrimaryKeyConstraint("issuer", "subject", name=op.f("pk_outside_identity")),
    )
    op.create_index(op.f("ix_outside_identity_actor_id"), "outside_identity", ["actor_id"], unique=False)
    op.create_table(
        "passkey",
        sa.Column("credential_id", sa.String(), nullable=False),
        sa.Column("actor_id", sa.String(), nullable=False),
        sa.Column("public_key", sa.String(), nullable=False),
        sa.Column("uses", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("created_at", UtcTime(), nullable=False),
        sa.Column("used_at", UtcTime(), nullable=True),
        sa.PrimaryKeyConstraint("credential_id", name=op.f("pk_passkey")),
    )
    op.create_index(op.f("ix_passkey_actor_id"), "passkey", ["actor_id"], unique=False)
    op.create_table(
        "sign_in_attempt",
        sa.Column("token_sha256", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("memory", JsonText(), nullable=False),
        sa.Column("ends_at", UtcTime(), nullable=False),
        _digest("sign_in_attempt", "token_sha256"),
        sa.PrimaryKeyConstraint("token_sha256", name=op.f("pk_sign_in_attempt")),
    )
