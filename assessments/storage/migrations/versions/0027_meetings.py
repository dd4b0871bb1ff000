"""Meetings of committees, the events that are about them, and their sealed documents."""

import sqlalchemy as sa
from alembic import op

from assessments.storage import append_only
from assessments.storage.columns import JsonText, UtcTime

revision = "0027"
down_revision = "0026"


def upgrade() -> None:
    op.create_table(
        "meeting",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("on_day", sa.Date(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("minutes", JsonText(), nullable=True),
        sa.Column("minutes_sha256", sa.String(), nullable=True),
        sa.CheckConstraint("state IN ('open', 'closed', 'cancelled')", name=op.f("ck_meeting_state_known")),
        sa.CheckConstraint("length(minutes_sha256) = 64", name=op.f("ck_meeting_minutes_sha256_is_sha256")),
        sa.CheckConstraint("number >= 1", name=op.f("ck_meeting_number_counts_from_one")),
        sa.CheckConstraint("(state = 'closed') = (minutes IS NOT NULL)", name=op.f("ck_meeting_closed_has_minutes")),
        sa.CheckConstraint(
            "(minutes IS NULL) = (minutes_sha256 IS NULL)", name=op.f("ck_meeting_minutes_with_digest")
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_meeting_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting")),
        sa.UniqueConstraint("unit_id", "number", name=op.f("uq_meeting_unit_id_number")),
    )
    op.create_index("ix_meeting_unit_id", "meeting", ["unit_id", "state", "on_day"], unique=False)
    op.create_table(
        "meeting_event",
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"], name=op.f("fk_meeting_event_meeting_id")),
        sa.PrimaryKeyConstraint("meeting_id", "seq", name=op.f("pk_meeting_event")),
    )
    op.create_table(
        "meeting_document",
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("content", JsonText(), nullable=False),
        sa.Column("content_sha256", sa.String(), nullable=False),
        sa.Column("file", sa.LargeBinary(), nullable=False),
        sa.Column("file_sha256", sa.String(), nullable=False),
        sa.Column("at", UtcTime(), nullable=False),
        sa.CheckConstraint("kind IN ('paper', 'minutes')", name=op.f("ck_meeting_document_kind_known")),
        sa.CheckConstraint("language IN ('ko', 'en')", name=op.f("ck_meeting_document_language_known")),
        sa.CheckConstraint("length(content_sha256) = 64", name=op.f("ck_meeting_document_content_sha256_is_sha256")),
        sa.CheckConstraint("length(file_sha256) = 64", name=op.f("ck_meeting_document_file_sha256_is_sha256")),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"], name=op.f("fk_meeting_document_meeting_id")),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_meeting_document")),
    )
    op.create_index(op.f("ix_meeting_document_meeting_id"), "meeting_document", ["meeting_id"], unique=False)
    append_only.create(op.get_bind())
