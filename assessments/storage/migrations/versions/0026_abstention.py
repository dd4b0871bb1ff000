"""A member may abstain: another ballot is another constraint, so the table of votes is made anew, with every vote in it."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from assessments.storage import append_only
from assessments.storage.columns import JsonText, UtcTime

revision = "0026"
down_revision = "0025"


def upgrade() -> None:
    op.execute("CREATE TEMPORARY TABLE former AS SELECT * FROM vote")
    op.drop_table("vote")
    op.create_table("vote", *_vote())
    names = ", ".join(part.name for part in _vote() if isinstance(part, sa.Column))
    op.execute(f"INSERT INTO vote ({names}) SELECT {names} FROM former ORDER BY seq")  # noqa: S608 - our own names
    op.execute("DROP TABLE former")
    op.create_index("ix_vote_revision_id", "vote", ["revision_id", "submission", "seq"])
    append_only.create(op.get_bind())


def _vote() -> Sequence[sa.schema.SchemaItem]:
    return (
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
            "ballot IN ('approve', 'approve_with_conditions', 'reject', 'return', 'abstain', 'recused')",
            name=op.f("ck_vote_ballot_known"),
        ),
        sa.CheckConstraint("length(content_sha256) = 64", name=op.f("ck_vote_content_sha256_is_sha256")),
        sa.CheckConstraint("length(reason) > 0", name=op.f("ck_vote_has_reason")),
        sa.ForeignKeyConstraint(["revision_id"], ["revision.id"], name=op.f("fk_vote_revision_id")),
        sa.ForeignKeyConstraint(["seq"], ["event.seq"], name=op.f("fk_vote_seq")),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_vote")),
    )
