"""Requests of people concerned by a decision, the events that are about them, and the reminders of their due days."""

import sqlalchemy as sa
from alembic import op

from assessments.storage import append_only
from assessments.storage.columns import UtcTime

revision = "0033"
down_revision = "0029"


def upgrade() -> None:
    op.create_table(
        "request",
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("system_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("extensions", sa.Integer(), nullable=False),
        sa.Column("owner_id", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.Column("changed", sa.Boolean(), nullable=True),
        sa.CheckConstraint(
            "state IN ('open', 'answered', 'refused', 'withdrawn')", name=op.f("ck_request_state_known")
        ),
        sa.CheckConstraint("due_on >= received_on", name=op.f("ck_request_due_after_receipt")),
        sa.CheckConstraint("closed_on >= received_on", name=op.f("ck_request_closed_after_receipt")),
        sa.CheckConstraint("(state = 'open') = (closed_on IS NULL)", name=op.f("ck_request_closed_has_day")),
        sa.CheckConstraint("extensions >= 0", name=op.f("ck_request_extensions_count")),
        sa.ForeignKeyConstraint(["system_id"], ["ai_system.id"], name=op.f("fk_request_system_id")),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_request")),
    )
    for name, columns in (
        ("ix_request_due", ["state", "due_on", "seq"]),
        ("ix_request_system_id", ["system_id", "state", "due_on"]),
        ("ix_request_received", ["received_on", "seq"]),
        ("ix_request_owner_id", ["owner_id", "state", "due_on"]),
    ):
        op.create_index(name, "request", columns, unique=False)
    op.create_table(
        "request_event",
        sa.Column("request", sa.Integer(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["request"], ["request.seq"], name=op.f("fk_request_event_request")),
        sa.PrimaryKeyConstraint("request", "seq", name=op.f("pk_request_event")),
    )
    op.create_table(
        "request_reminder",
        sa.Column("person_id", sa.String(), nullable=False),
        sa.Column("request", sa.Integer(), nullable=False),
        sa.Column("on_day", sa.Date(), nullable=False),
        sa.Column("stage", sa.Integer(), nullable=False),
        sa.Column("taken_at", UtcTime(), nullable=True),
        sa.Column("sent_at", UtcTime(), nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("failure", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["request"], ["request.seq"], name=op.f("fk_request_reminder_request")),
        sa.ForeignKeyConstraint(["person_id"], ["account.id"], name=op.f("fk_request_reminder_person_id")),
        sa.PrimaryKeyConstraint("person_id", "request", "on_day", "stage", name=op.f("pk_request_reminder")),
    )
    append_only.create(op.get_bind())
