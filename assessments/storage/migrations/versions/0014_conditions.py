"""The conditions of an approval as rows of their own; those of earlier decisions without owner and day."""

import json

import sqlalchemy as sa
from alembic import op

from assessments.storage import append_only

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    op.create_table(
        "condition",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("assessment_id", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("owner_id", sa.String(), nullable=False),
        sa.Column("owner", sa.String(), nullable=False),
        sa.Column("due", sa.Date(), nullable=True),
        sa.CheckConstraint("length(text) > 0", name=op.f("ck_condition_says_something")),
        sa.CheckConstraint("number >= 1", name=op.f("ck_condition_number_counts_from_one")),
        sa.ForeignKeyConstraint(
            ["assessment_id", "revision"],
            ["revision.assessment_id", "revision.number"],
            name=op.f("fk_condition_assessment_id_revision"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_condition")),
        sa.UniqueConstraint("assessment_id", "revision", "number", name=op.f("uq_condition_assessment_id_revision_number")),
    )
    op.create_index("ix_condition_due", "condition", ["due", "id"])
    op.create_index("ix_condition_owner_id", "condition", ["owner_id", "due"])
    _take_over()
    append_only.create(op.get_bind())


def _take_over() -> None:
    connection = op.get_bind()
    decided = connection.execute(
        sa.text("SELECT assessment_id, number, decision_conditions FROM revision WHERE ruling IS NOT NULL ORDER BY id")
    ).all()
    rows = [
        {"assessment": row.assessment_id, "revision": row.number, "number": number, "text": text}
        for row in decided
        for number, text in enumerate(json.loads(row.decision_conditions or "null") or (), start=1)
    ]
    if rows:
        into = "INSERT INTO condition (assessment_id, revision, number, text, owner_id, owner) "
        connection.execute(sa.text(into + "VALUES (:assessment, :revision, :number, :text, '', '')"), rows)
