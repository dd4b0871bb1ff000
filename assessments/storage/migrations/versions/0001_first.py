"""The first tables, and the triggers that protect history, register and submitted revisions."""

import sqlalchemy as sa
from alembic import op

from assessments.storage import append_only

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "event",
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("format", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("at", sa.String(32), nullable=False),
        sa.Column("assessment_id", sa.Integer(), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=True),
        sa.Column("digests", sa.Text(), nullable=False),
        sa.Column("previous", sa.String(), nullable=False),
        sa.Column("hash", sa.String(), nullable=False),
        sa.CheckConstraint("length(hash) = 64", name=op.f("ck_event_hash_is_sha256")),
        sa.CheckConstraint("length(previous) = 64", name=op.f("ck_event_previous_is_sha256")),
        sa.CheckConstraint("seq >= 1", name=op.f("ck_event_seq_counts_from_one")),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_event")),
    )
    op.create_index("ix_event_assessment_id", "event", ["assessment_id", "seq"], unique=False)
    op.create_table(
        "login_session",
        sa.Column("token_sha256", sa.String(), nullable=False),
        sa.Column("actor_id", sa.String(), nullable=False),
        sa.Column("created_at", sa.String(32), nullable=False),
        sa.Column("seen_at", sa.String(32), nullable=False),
        sa.CheckConstraint("length(token_sha256) = 64", name=op.f("ck_login_session_token_sha256_is_sha256")),
        sa.PrimaryKeyConstraint("token_sha256", name=op.f("pk_login_session")),
    )
    op.create_index(op.f("ix_login_session_actor_id"), "login_session", ["actor_id"], unique=False)
    op.create_table(
        "operator",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("registration_number", sa.String(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("representative", sa.String(), nullable=False),
        sa.Column("supervisor_name", sa.String(), nullable=False),
        sa.Column("supervisor_contact", sa.String(), nullable=False),
        sa.Column("separation", sa.Integer(), nullable=False),
        sa.Column("is_example", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.String(32), nullable=False),
        sa.Column("updated_at", sa.String(32), nullable=False),
        sa.Column("updated_by", sa.String(), nullable=False),
        sa.CheckConstraint("length(name) > 0", name=op.f("ck_operator_has_name")),
        sa.CheckConstraint("separation IN (2, 3)", name=op.f("ck_operator_separation_known")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_operator")),
    )
    op.create_table(
        "ai_system",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("operator_id", sa.Integer(), nullable=False),
        sa.Column("name_ko", sa.String(), nullable=False),
        sa.Column("name_en", sa.String(), nullable=False),
        sa.Column("version", sa.String(), nullable=False),
        sa.Column("summary_ko", sa.String(), nullable=False),
        sa.Column("summary_en", sa.String(), nullable=False),
        sa.Column("created_at", sa.String(32), nullable=False),
        sa.Column("updated_at", sa.String(32), nullable=False),
        sa.Column("updated_by", sa.String(), nullable=False),
        sa.CheckConstraint("length(name_ko) > 0 OR length(name_en) > 0", name=op.f("ck_ai_system_has_name")),
        sa.ForeignKeyConstraint(["operator_id"], ["operator.id"], name=op.f("fk_ai_system_operator_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ai_system")),
    )
    op.create_index(op.f("ix_ai_system_operator_id"), "ai_system", ["operator_id"], unique=False)
    op.create_table(
        "event_value",
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("salt", sa.String(), nullable=True),
        sa.Column("value", sa.String(), nullable=True),
        sa.CheckConstraint("(value IS NULL) = (salt IS NULL)", name=op.f("ck_event_value_erased_whole")),
        sa.ForeignKeyConstraint(["seq"], ["event.seq"], name=op.f("fk_event_value_seq")),
        sa.PrimaryKeyConstraint("seq", "name", name=op.f("pk_event_value")),
    )
    op.create_table(
        "assessment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("system_id", sa.Integer(), nullable=False),
        sa.Column("domain", sa.String(), nullable=False),
        sa.Column("created_at", sa.String(32), nullable=False),
        sa.ForeignKeyConstraint(["system_id"], ["ai_system.id"], name=op.f("fk_assessment_system_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assessment")),
    )
    op.create_index(op.f("ix_assessment_system_id"), "assessment", ["system_id"], unique=False)
    op.create_table(
        "projection",
        sa.Column("assessment_id", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("domain", sa.String(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.Column("contested", sa.Boolean(), nullable=False),
        sa.Column("level", sa.String(), nullable=False),
        sa.Column("score", sa.Integer(), nullable=False),
        sa.Column("open_required", sa.Integer(), nullable=False),
        sa.Column("engine", sa.Integer(), nullable=False),
        sa.Column("updated_at", sa.String(32), nullable=False),
        sa.CheckConstraint("level IN ('low', 'medium', 'high', 'very_high')", name=op.f("ck_projection_level_known")),
        sa.CheckConstraint(
            "outcome IN ('high_impact', 'not_high_impact', 'cannot_determine')",
            name=op.f("ck_projection_outcome_known"),
        ),
        sa.CheckConstraint(
            "status IN ('draft', 'submitted', 'returned', 'decided', 'signed_off', 'superseded', 'withdrawn')",
            name=op.f("ck_projection_status_known"),
        ),
        sa.ForeignKeyConstraint(["assessment_id"], ["assessment.id"], name=op.f("fk_projection_assessment_id")),
        sa.PrimaryKeyConstraint("assessment_id", name=op.f("pk_projection")),
    )
    op.create_index("ix_projection_groups", "projection", ["domain", "level", "status", "score"], unique=False)
    op.create_index("ix_projection_recent", "projection", ["status", "domain", "updated_at"], unique=False)
    op.create_index("ix_projection_score", "projection", ["score"], unique=False)
    op.create_table(
        "revision",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("assessment_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("on_day", sa.Date(), nullable=False),
        sa.Column("lock_version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.String(32), nullable=False),
        sa.Column("updated_at", sa.String(32), nullable=False),
        sa.Column("updated_by", sa.String(), nullable=False),
        sa.Column("content_sha256", sa.String(), nullable=True),
        sa.Column("frozen", sa.Text(), nullable=True),
        sa.Column("submitted_by_id", sa.String(), nullable=True),
        sa.Column("submitted_by_name", sa.String(), nullable=True),
        sa.Column("submitted_at", sa.String(32), nullable=True),
        sa.Column("origin", sa.String(), nullable=True),
        sa.Column("ruling", sa.String(), nullable=True),
        sa.Column("decision_reason", sa.String(), nullable=True),
        sa.Column("decision_conditions", sa.Text(), nullable=True),
        sa.Column("decided_by_id", sa.String(), nullable=True),
        sa.Column("decided_by_name", sa.String(), nullable=True),
        sa.Column("decided_at", sa.String(32), nullable=True),
        sa.Column("decided_sha256", sa.String(), nullable=True),
        sa.Column("signed_by_id", sa.String(), nullable=True),
        sa.Column("signed_by_name", sa.String(), nullable=True),
        sa.Column("signed_at", sa.String(32), nullable=True),
        sa.Column("signed_sha256", sa.String(), nullable=True),
        sa.CheckConstraint("origin IN ('recorded', 'stated')", name=op.f("ck_revision_origin_known")),
        sa.CheckConstraint(
            "ruling IN ('approved', 'approved_with_conditions', 'rejected')", name=op.f("ck_revision_ruling_known")
        ),
        sa.CheckConstraint(
            "status <> 'signed_off' OR signed_sha256 IS NOT NULL", name=op.f("ck_revision_signed_off_is_signed")
        ),
        sa.CheckConstraint(
            "status IN ('draft', 'submitted', 'returned', 'decided', 'signed_off', 'superseded', 'withdrawn')",
            name=op.f("ck_revision_status_known"),
        ),
        sa.CheckConstraint(
            "status NOT IN ('decided', 'signed_off') OR ruling IS NOT NULL", name=op.f("ck_revision_decided_has_ruling")
        ),
        sa.CheckConstraint(
            "status NOT IN ('draft', 'returned') OR content_sha256 IS NULL",
            name=op.f("ck_revision_editable_is_not_frozen"),
        ),
        sa.CheckConstraint(
            "status NOT IN ('submitted', 'decided', 'signed_off') OR content_sha256 IS NOT NULL",
            name=op.f("ck_revision_submitted_is_frozen"),
        ),
        sa.CheckConstraint("(content_sha256 IS NULL) = (frozen IS NULL)", name=op.f("ck_revision_frozen_with_digest")),
        sa.CheckConstraint("length(content_sha256) = 64", name=op.f("ck_revision_content_sha256_is_sha256")),
        sa.CheckConstraint("length(decided_sha256) = 64", name=op.f("ck_revision_decided_sha256_is_sha256")),
        sa.CheckConstraint("length(signed_sha256) = 64", name=op.f("ck_revision_signed_sha256_is_sha256")),
        sa.CheckConstraint("number >= 1", name=op.f("ck_revision_number_counts_from_one")),
        sa.ForeignKeyConstraint(["assessment_id"], ["assessment.id"], name=op.f("fk_revision_assessment_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_revision")),
        sa.UniqueConstraint("assessment_id", "number", name=op.f("uq_revision_assessment_id_number")),
    )
    op.create_table(
        "author",
        sa.Column("revision_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("person_name", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["revision_id"], ["revision.id"], name=op.f("fk_author_revision_id")),
        sa.PrimaryKeyConstraint("revision_id", "person_id", name=op.f("pk_author")),
    )
    op.create_table(
        "evidence",
        sa.Column("revision_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("file_name", sa.String(), nullable=False),
        sa.Column("stored_name", sa.String(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("media_type", sa.String(), nullable=False),
        sa.Column("part", sa.String(), nullable=False),
        sa.Column("question", sa.String(), nullable=False),
        sa.Column("on_day", sa.Date(), nullable=True),
        sa.Column("expires_on", sa.Date(), nullable=True),
        sa.Column("by_id", sa.String(), nullable=False),
        sa.Column("by_name", sa.String(), nullable=False),
        sa.Column("at", sa.String(32), nullable=False),
        sa.CheckConstraint("length(sha256) = 64", name=op.f("ck_evidence_sha256_is_sha256")),
        sa.CheckConstraint("size > 0", name=op.f("ck_evidence_size_is_positive")),
        sa.ForeignKeyConstraint(["revision_id"], ["revision.id"], name=op.f("fk_evidence_revision_id")),
        sa.PrimaryKeyConstraint("revision_id", "id", name=op.f("pk_evidence")),
    )
    op.create_index(op.f("ix_evidence_id"), "evidence", ["id"], unique=False)
    op.create_index(op.f("ix_evidence_stored_name"), "evidence", ["stored_name"], unique=False)
    op.create_table(
        "measure",
        sa.Column("revision_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("owner", sa.String(), nullable=False),
        sa.Column("due", sa.Date(), nullable=True),
        sa.Column("is_in_place", sa.Boolean(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("scenarios", sa.Text(), nullable=False),
        sa.CheckConstraint("kind IN ('prevention', 'mitigation', 'recovery')", name=op.f("ck_measure_kind_known")),
        sa.ForeignKeyConstraint(["revision_id"], ["revision.id"], name=op.f("fk_measure_revision_id")),
        sa.PrimaryKeyConstraint("revision_id", "id", name=op.f("pk_measure")),
    )
    op.create_table(
        "pinned_edition",
        sa.Column("revision_id", sa.Integer(), nullable=False),
        sa.Column("questionnaire", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("version", sa.String(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.CheckConstraint("length(sha256) = 64", name=op.f("ck_pinned_edition_sha256_is_sha256")),
        sa.ForeignKeyConstraint(["revision_id"], ["revision.id"], name=op.f("fk_pinned_edition_revision_id")),
        sa.PrimaryKeyConstraint("revision_id", "questionnaire", name=op.f("pk_pinned_edition")),
    )
    op.create_table(
        "response",
        sa.Column("revision_id", sa.Integer(), nullable=False),
        sa.Column("questionnaire", sa.String(), nullable=False),
        sa.Column("question", sa.String(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("by_id", sa.String(), nullable=False),
        sa.Column("by_name", sa.String(), nullable=False),
        sa.Column("at", sa.String(32), nullable=False),
        sa.Column("lock_version", sa.Integer(), nullable=False),
        sa.CheckConstraint("lock_version >= 1", name=op.f("ck_response_lock_version_counts_from_one")),
        sa.ForeignKeyConstraint(["revision_id"], ["revision.id"], name=op.f("fk_response_revision_id")),
        sa.PrimaryKeyConstraint("revision_id", "questionnaire", "question", name=op.f("pk_response")),
    )
    op.create_table(
        "scenario",
        sa.Column("revision_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("affected_direct", sa.String(), nullable=False),
        sa.Column("affected_indirect", sa.String(), nullable=False),
        sa.Column("affected_unintended", sa.String(), nullable=False),
        sa.Column("impacts", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["revision_id"], ["revision.id"], name=op.f("fk_scenario_revision_id")),
        sa.PrimaryKeyConstraint("revision_id", "id", name=op.f("pk_scenario")),
    )
    op.create_table(
        "sealed_report",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("assessment_id", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("stored_name", sa.String(), nullable=False),
        sa.Column("file_sha256", sa.String(), nullable=False),
        sa.Column("record_sha256", sa.String(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("by_id", sa.String(), nullable=False),
        sa.Column("by_name", sa.String(), nullable=False),
        sa.Column("at", sa.String(32), nullable=False),
        sa.CheckConstraint("length(file_sha256) = 64", name=op.f("ck_sealed_report_file_sha256_is_sha256")),
        sa.CheckConstraint("length(record_sha256) = 64", name=op.f("ck_sealed_report_record_sha256_is_sha256")),
        sa.ForeignKeyConstraint(
            ["assessment_id", "revision"],
            ["revision.assessment_id", "revision.number"],
            name=op.f("fk_sealed_report_assessment_id_revision"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sealed_report")),
        sa.UniqueConstraint("file_sha256", name=op.f("uq_sealed_report_file_sha256")),
    )
    op.create_index("ix_sealed_report_assessment_id", "sealed_report", ["assessment_id", "revision"], unique=False)
    append_only.create(op.get_bind())
