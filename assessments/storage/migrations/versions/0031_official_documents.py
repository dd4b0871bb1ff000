"""Official documents of an assessment that were sealed, with what was frozen in them."""

import sqlalchemy as sa
from alembic import op

from assessments.storage import append_only
from assessments.storage.columns import JsonText, UtcTime

revision = "0031"
down_revision = "0032"


def upgrade() -> None:
    kinds = "kind IN ('request', 'publication', 'notices', 'rights')"
    op.create_table(
        "official_document",
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("assessment_id", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("content", JsonText(), nullable=False),
        sa.Column("content_sha256", sa.String(), nullable=False),
        sa.Column("file", sa.LargeBinary(), nullable=False),
        sa.Column("file_sha256", sa.String(), nullable=False),
        sa.Column("at", UtcTime(), nullable=False),
        sa.CheckConstraint(kinds, name=op.f("ck_official_document_kind_known")),
        sa.CheckConstraint("language IN ('ko', 'en')", name=op.f("ck_official_document_language_known")),
        sa.CheckConstraint("length(content_sha256) = 64", name=op.f("ck_official_document_content_sha256_is_sha256")),
        sa.CheckConstraint("length(file_sha256) = 64", name=op.f("ck_official_document_file_sha256_is_sha256")),
        sa.ForeignKeyConstraint(
            ["assessment_id"], ["assessment.id"], name=op.f("fk_official_document_assessment_id")
        ),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_official_document")),
    )
    op.create_index(op.f("ix_official_document_assessment_id"), "official_document", ["assessment_id"], unique=False)
    append_only.create(op.get_bind())
