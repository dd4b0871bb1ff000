"""What follows after a decision: days of reassessment, changes, follow-ups, later logs, holds, and what a reassessment took over."""

import sqlalchemy as sa
from alembic import op

from assessments.storage import append_only
from assessments.storage.columns import JsonText, UtcTime

revision = "0016"
down_revision = "0018"


def upgrade() -> None:
    op.create_table(
        "archived",
        sa.Column("assessment_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("by_id", sa.String(), nullable=False),
        sa.Column("by_name", sa.String(), nullable=False),
        sa.Column("at", UtcTime(), nullable=False),
        sa.CheckConstraint("length(reason) > 0", name=op.f("ck_archived_says_why")),
        sa.ForeignKeyConstraint(["assessment_id"], ["assessment.id"], name=op.f("fk_archived_assessment_id")),
        sa.PrimaryKeyConstraint("assessment_id", name=op.f("pk_archived")),
    )
    op.create_table(
        "duty",
        sa.Column("assessment_id", sa.Integer(), nullable=False),
        sa.Column("cause", sa.String(), nullable=False),
        sa.Column("which", sa.String(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("on_day", sa.Date(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("owner", sa.String(), nullable=False),
        sa.Column("owner_id", sa.String(), nullable=False),
        sa.CheckConstraint(
            "cause IN ('reassessment', 'change', 'edition', 'evidence', 'measure', 'condition', 'log')",
            name=op.f("ck_duty_cause_known"),
        ),
        sa.ForeignKeyConstraint(["assessment_id"], ["assessment.id"], name=op.f("fk_duty_assessment_id")),
        sa.PrimaryKeyConstraint("assessment_id", "cause", "which", name=op.f("pk_duty")),
    )
    op.create_index("ix_duty_day", "duty", ["on_day", "assessment_id"], unique=False)
    op.create_table(
        "follow_up",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("assessment_id", sa.Integer(), nullable=False),
        sa.Column("cause", sa.String(), nullable=False),
        sa.Column("which", sa.String(), nullable=False),
        sa.Column("about", sa.String(), nullable=False),
        sa.Column("is_done", sa.Boolean(), nullable=False),
        sa.Column("on_day", sa.Date(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("evidence", sa.String(), nullable=False),
        sa.Column("by_id", sa.String(), nullable=False),
        sa.Column("by_name", sa.String(), nullable=False),
        sa.Column("at", UtcTime(), nullable=False),
        sa.CheckConstraint("cause IN ('measure', 'condition')", name=op.f("ck_follow_up_cause_known")),
        sa.CheckConstraint("NOT is_done OR length(evidence) > 0", name=op.f("ck_follow_up_done_is_shown")),
        sa.CheckConstraint("length(text) > 0", name=op.f("ck_follow_up_says_what")),
        sa.ForeignKeyConstraint(["assessment_id"], ["assessment.id"], name=op.f("fk_follow_up_assessment_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_follow_up")),
    )
    op.create_index(op.f("ix_follow_up_assessment_id"), "follow_up", ["assessment_id"], unique=False)
    op.create_index("ix_follow_up_evidence", "follow_up", ["evidence"], unique=False)
    op.create_table(
        "legal_hold",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("assessment_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("by_id", sa.String(), nullable=False),
        sa.Column("by_name", sa.String(), nullable=False),
        sa.Column("at", UtcTime(), nullable=False),
        sa.Column("first_by_id", sa.String(), nullable=True),
        sa.Column("first_by_name", sa.String(), nullable=True),
        sa.Column("first_reason", sa.String(), nullable=True),
        sa.Column("first_at", UtcTime(), nullable=True),
        sa.Column("second_by_id", sa.String(), nullable=True),
        sa.Column("second_by_name", sa.String(), nullable=True),
        sa.Column("second_reason", sa.String(), nullable=True),
        sa.Column("second_at", UtcTime(), nullable=True),
        sa.CheckConstraint("(first_by_id IS NULL) = (first_at IS NULL)", name=op.f("ck_legal_hold_first_whole")),
        sa.CheckConstraint("(second_by_id IS NULL) = (second_at IS NULL)", name=op.f("ck_legal_hold_second_whole")),
        sa.CheckConstraint(
            "first_by_id IS NULL OR length(first_reason) > 0", name=op.f("ck_legal_hold_first_says_why")
        ),
        sa.CheckConstraint("length(reason) > 0", name=op.f("ck_legal_hold_says_why")),
        sa.CheckConstraint(
            "second_by_id IS NULL OR first_by_id IS NOT NULL", name=op.f("ck_legal_hold_second_after_first")
        ),
        sa.CheckConstraint(
            "second_by_id IS NULL OR length(second_reason) > 0", name=op.f("ck_legal_hold_second_says_why")
        ),
        sa.CheckConstraint(
            "second_by_id IS NULL OR second_by_id <> first_by_id", name=op.f("ck_legal_hold_two_people")
        ),
        sa.ForeignKeyConstraint(["assessment_id"], ["assessment.id"], name=op.f("fk_legal_hold_assessment_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_legal_hold")),
    )
    op.create_index(op.f("ix_legal_hold_assessment_id"), "legal_hold", ["assessment_id"], unique=False)
    op.create_table(
        "material_change",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("assessment_id", sa.Integer(), nullable=False),
        sa.Column("answered_after", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("on_day", sa.Date(), nullable=False),
        sa.Column("by_id", sa.String(), nullable=False),
        sa.Column("by_name", sa.String(), nullable=False),
        sa.Column("at", UtcTime(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('function', 'people', 'purpose', 'other')", name=op.f("ck_material_change_kind_known")
        ),
        sa.CheckConstraint("length(text) > 0", name=op.f("ck_material_change_says_what")),
        sa.ForeignKeyConstraint(["assessment_id"], ["assessment.id"], name=op.f("fk_material_change_assessment_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_material_change")),
    )
    op.create_index(op.f("ix_material_change_assessment_id"), "material_change", ["assessment_id"], unique=False)
    op.create_table(
        "proof",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("assessment_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("file_name", sa.String(), nullable=False),
        sa.Column("stored_name", sa.String(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("media_type", sa.String(), nullable=False),
        sa.Column("by_id", sa.String(), nullable=False),
        sa.Column("by_name", sa.String(), nullable=False),
        sa.Column("at", UtcTime(), nullable=False),
        sa.CheckConstraint("length(sha256) = 64", name=op.f("ck_proof_sha256_is_sha256")),
        sa.CheckConstraint("size > 0", name=op.f("ck_proof_size_is_positive")),
        sa.ForeignKeyConstraint(["assessment_id"], ["assessment.id"], name=op.f("fk_proof_assessment_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proof")),
    )
    op.create_index(op.f("ix_proof_assessment_id"), "proof", ["assessment_id"], unique=False)
    op.create_index(op.f("ix_proof_stored_name"), "proof", ["stored_name"], unique=False)
    op.create_table(
        "reassessment_day",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("assessment_id", sa.Integer(), nullable=False),
        sa.Column("on_day", sa.Date(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("by_id", sa.String(), nullable=False),
        sa.Column("by_name", sa.String(), nullable=False),
        sa.Column("at", UtcTime(), nullable=False),
        sa.CheckConstraint("length(reason) > 0", name=op.f("ck_reassessment_day_says_why")),
        sa.ForeignKeyConstraint(["assessment_id"], ["assessment.id"], name=op.f("fk_reassessment_day_assessment_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reassessment_day")),
    )
    op.create_index(op.f("ix_reassessment_day_assessment_id"), "reassessment_day", ["assessment_id"], unique=False)
    op.create_table(
        "retired",
        sa.Column("assessment_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("on_day", sa.Date(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("by_id", sa.String(), nullable=False),
        sa.Column("by_name", sa.String(), nullable=False),
        sa.Column("at", UtcTime(), nullable=False),
        sa.CheckConstraint("length(reason) > 0", name=op.f("ck_retired_says_why")),
        sa.ForeignKeyConstraint(["assessment_id"], ["assessment.id"], name=op.f("fk_retired_assessment_id")),
        sa.PrimaryKeyConstraint("assessment_id", name=op.f("pk_retired")),
    )
    op.create_table(
        "carried",
        sa.Column("revision_id", sa.Integer(), nullable=False),
        sa.Column("questionnaire", sa.String(), nullable=False),
        sa.Column("question", sa.String(), nullable=False),
        sa.Column("lock_version", sa.Integer(), nullable=False),
        sa.Column("by_id", sa.String(), nullable=True),
        sa.Column("by_name", sa.String(), nullable=True),
        sa.Column("at", UtcTime(), nullable=True),
        sa.ForeignKeyConstraint(["revision_id"], ["revision.id"], name=op.f("fk_carried_revision_id")),
        sa.PrimaryKeyConstraint("revision_id", "questionnaire", "question", name=op.f("pk_carried")),
    )
    op.create_table(
        "watched_log",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("revision_id", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("kept", JsonText(), nullable=False),
        sa.Column("by_id", sa.String(), nullable=False),
        sa.Column("by_name", sa.String(), nullable=False),
        sa.Column("at", UtcTime(), nullable=False),
        sa.CheckConstraint("length(sha256) = 64", name=op.f("ck_watched_log_sha256_is_sha256")),
        sa.ForeignKeyConstraint(["revision_id"], ["revision.id"], name=op.f("fk_watched_log_revision_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_watched_log")),
    )
    op.create_index(op.f("ix_watched_log_revision_id"), "watched_log", ["revision_id"], unique=False)
    append_only.create(op.get_bind())
