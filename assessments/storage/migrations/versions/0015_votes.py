"""Votes of committees and their settings; a signing officer may refuse, and states four things.

The table of revisions is made anew, since a new status is a new constraint.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from assessments.storage import append_only
from assessments.storage.columns import JsonText, UtcTime

revision = "0015"
down_revision = "0016"
_STATUSES = "'draft', 'submitted', 'returned', 'decided', 'signed_off', 'refused', 'superseded', 'withdrawn'"


def upgrade() -> None:
    op.create_table(
        "committee",
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("quorum", sa.Integer(), nullable=False),
        sa.Column("chair_votes", sa.Boolean(), nullable=False),
        sa.CheckConstraint("quorum >= 1", name=op.f("ck_committee_quorum_counts_from_one")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_committee_unit_id")),
        sa.PrimaryKeyConstraint("unit_id", name=op.f("pk_committee")),
    )
    _rebuilt("revision", _revision(), ())
    _rebuilt("projection", _projection(), _PROJECTION_INDICES)
    op.execute(
        "UPDATE revision SET submission = (SELECT max(seq) FROM event WHERE event.assessment_id = revision.assessment_id "
        "AND event.revision = revision.number AND kind = 'submit') WHERE content_sha256 IS NOT NULL"
    )
    op.create_table(
        "vote",
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("revision_id", sa.Integer(), nullable=False),
        sa.Column("submission", sa.Integer(), nullable=False),
        sa.Column("content_sha256", sa.String(), nullable=False),
        sa.Column("person_id", sa.String(), nullable=False),
        sa.Column("person_name", sa.String(), nullable=False),
        sa.Column("as_chair", sa.Boolean(), nullable=False),
        sa.Column("ballot", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("conditions", JsonText(), nullable=False),
        sa.Column("points", JsonText(), nullable=False),
        sa.Column("at", UtcTime(), nullable=False),
        sa.CheckConstraint(
            "ballot IN ('approve', 'approve_with_conditions', 'reject', 'return', 'recused')",
            name=op.f("ck_vote_ballot_known"),
        ),
        sa.CheckConstraint("length(content_sha256) = 64", name=op.f("ck_vote_content_sha256_is_sha256")),
        sa.CheckConstraint("length(reason) > 0", name=op.f("ck_vote_has_reason")),
        sa.ForeignKeyConstraint(["revision_id"], ["revision.id"], name=op.f("fk_vote_revision_id")),
        sa.ForeignKeyConstraint(["seq"], ["event.seq"], name=op.f("fk_vote_seq")),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_vote")),
    )
    op.create_index("ix_vote_revision_id", "vote", ["revision_id", "submission", "seq"])
    append_only.create(op.get_bind())


def _revision() -> Sequence[sa.schema.SchemaItem]:
    return (
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("assessment_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("on_day", sa.Date(), nullable=False),
        sa.Column("lock_version", sa.Integer(), nullable=False),
        sa.Column("created_at", UtcTime(), nullable=False),
        sa.Column("updated_at", UtcTime(), nullable=False),
        sa.Column("updated_by", sa.String(), nullable=False),
        sa.Column("content_sha256", sa.String(), nullable=True),
        sa.Column("frozen", JsonText(), nullable=True),
        sa.Column("submitted_by_id", sa.String(), nullable=True),
        sa.Column("submitted_by_name", sa.String(), nullable=True),
        sa.Column("submitted_at", UtcTime(), nullable=True),
        sa.Column("submission", sa.Integer(), nullable=True),
        sa.Column("origin", sa.String(), nullable=True),
        sa.Column("ruling", sa.String(), nullable=True),
        sa.Column("decision_reason", sa.String(), nullable=True),
        sa.Column("decision_conditions", JsonText(), nullable=True),
        sa.Column("decided_by_id", sa.String(), nullable=True),
        sa.Column("decided_by_name", sa.String(), nullable=True),
        sa.Column("decided_at", UtcTime(), nullable=True),
        sa.Column("decided_sha256", sa.String(), nullable=True),
        sa.Column("committee", JsonText(), nullable=True),
        sa.Column("signed_by_id", sa.String(), nullable=True),
        sa.Column("signed_by_name", sa.String(), nullable=True),
        sa.Column("signed_at", UtcTime(), nullable=True),
        sa.Column("signed_sha256", sa.String(), nullable=True),
        sa.Column("signed_statements", JsonText(), nullable=True),
        sa.Column("refused_by_id", sa.String(), nullable=True),
        sa.Column("refused_by_name", sa.String(), nullable=True),
        sa.Column("refused_at", UtcTime(), nullable=True),
        sa.Column("refusal_reason", sa.String(), nullable=True),
        sa.Column("refused_to", sa.String(), nullable=True),
        sa.CheckConstraint(f"status IN ({_STATUSES})", name=op.f("ck_revision_status_known")),
        sa.CheckConstraint(
            "ruling IN ('approved', 'approved_with_conditions', 'rejected')", name=op.f("ck_revision_ruling_known")
        ),
        sa.CheckConstraint("origin IN ('recorded', 'stated')", name=op.f("ck_revision_origin_known")),
        sa.CheckConstraint(
            "refused_to IN ('nowhere', 'author', 'committee')", name=op.f("ck_revision_refused_to_known")
        ),
        sa.CheckConstraint("length(content_sha256) = 64", name=op.f("ck_revision_content_sha256_is_sha256")),
        sa.CheckConstraint("length(decided_sha256) = 64", name=op.f("ck_revision_decided_sha256_is_sha256")),
        sa.CheckConstraint("length(signed_sha256) = 64", name=op.f("ck_revision_signed_sha256_is_sha256")),
        sa.CheckConstraint("number >= 1", name=op.f("ck_revision_number_counts_from_one")),
        sa.CheckConstraint(
            "status NOT IN ('draft', 'returned') OR content_sha256 IS NULL",
            name=op.f("ck_revision_editable_is_not_frozen"),
        ),
        sa.CheckConstraint(
            "(content_sha256 IS NULL) = (frozen IS NULL)", name=op.f("ck_revision_frozen_with_digest")
        ),
        sa.CheckConstraint(
            "status NOT IN ('submitted', 'decided', 'signed_off', 'refused') OR content_sha256 IS NOT NULL",
            name=op.f("ck_revision_submitted_is_frozen"),
        ),
        sa.CheckConstraint(
            "status NOT IN ('decided', 'signed_off', 'refused') OR ruling IS NOT NULL",
            name=op.f("ck_revision_decided_has_ruling"),
        ),
        sa.CheckConstraint(
            "(status = 'refused') = (refused_to IS NOT NULL)", name=op.f("ck_revision_refused_says_why")
        ),
        sa.CheckConstraint(
            "status <> 'signed_off' OR signed_sha256 IS NOT NULL", name=op.f("ck_revision_signed_off_is_signed")
        ),
        sa.ForeignKeyConstraint(["assessment_id"], ["assessment.id"], name=op.f("fk_revision_assessment_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_revision")),
        sa.UniqueConstraint("assessment_id", "number", name=op.f("uq_revision_assessment_id_number")),
    )


def _projection() -> Sequence[sa.schema.SchemaItem]:
    return (
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
        sa.Column("updated_at", UtcTime(), nullable=False),
        sa.CheckConstraint("level IN ('low', 'medium', 'high', 'very_high')", name=op.f("ck_projection_level_known")),
        sa.CheckConstraint(
            "outcome IN ('high_impact', 'not_high_impact', 'cannot_determine')",
            name=op.f("ck_projection_outcome_known"),
        ),
        sa.CheckConstraint(f"status IN ({_STATUSES})", name=op.f("ck_projection_status_known")),
        sa.ForeignKeyConstraint(["assessment_id"], ["assessment.id"], name=op.f("fk_projection_assessment_id")),
        sa.PrimaryKeyConstraint("assessment_id", name=op.f("pk_projection")),
    )


_PROJECTION_INDICES = (
    ("ix_projection_groups", ("domain", "level", "status", "score")),
    ("ix_projection_recent", ("status", "domain", "updated_at")),
    ("ix_projection_score", ("score",)),
    ("ix_projection_changed", ("updated_at", "assessment_id")),
    ("ix_projection_waiting", ("status", "updated_at", "assessment_id")),
)


def _rebuilt(
    table: str, parts: Sequence[sa.schema.SchemaItem], indices: Sequence[tuple[str, tuple[str, ...]]]
) -> None:
    """With the columns that it had; new ones are empty."""
    former = {row[1] for row in op.get_bind().exec_driver_sql(f"PRAGMA table_info('{table}')")}
    names = ", ".join(part.name for part in parts if isinstance(part, sa.Column) and part.name in former)
    op.execute(f"CREATE TEMPORARY TABLE former AS SELECT {names} FROM {table}")  # noqa: S608 - our own names
    op.drop_table(table)
    op.create_table(table, *parts)
    op.execute(f"INSERT INTO {table} ({names}) SELECT {names} FROM former")  # noqa: S608
    op.execute("DROP TABLE former")
    for name, columns in indices:
        op.create_index(name, table, list(columns))
