"""Sums know whose day of reassessment has come; some indices hold the cell; steps of requests and refusals have one."""

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

from assessments.storage import append_only, guards
from questionnaires.wording import seoul_day

revision = "0042"
down_revision = "0041"

_ASKED = (
    *("contested", "outcome", "open_required", "level", "has_log", "owner_id", "decided_on"),
    *("inherent", "impact", "claim", "evidence", "conditions"),
)
_LYING = ("domain", "status", "unit_id", "reassess_on", "updated_at", "assessment_id")
_LED = ("impact", "decided_on")
_SUMMING = (
    *("projection_sum_insert", "projection_sum_delete", "projection_sum_less", "projection_sum_more"),
    "portfolio_now_empty",
)


def upgrade() -> None:
    for name in _SUMMING:  # they keep these sums too
        append_only.drop(op.get_bind(), name)
    for column in ("ahead_on", "came_on"):
        op.add_column("projection", sa.Column(column, sa.Date(), nullable=True))
    today = seoul_day(datetime.now(UTC)).isoformat()  # any day will do: what differs from it is counted when asked
    op.execute(f"UPDATE projection SET came_on = reassess_on WHERE reassess_on <= '{today}'")  # noqa: S608 - a day
    op.execute(f"UPDATE projection SET ahead_on = reassess_on WHERE reassess_on > '{today}'")  # noqa: S608
    for column in ("come", "accepted_come"):
        op.add_column("portfolio_now", sa.Column(column, sa.Integer(), server_default="0", nullable=False))
    op.execute("DELETE FROM portfolio_now")
    op.execute(guards.EVERY_ADDED_UP)
    for column in _LED:
        name = f"ix_projection_{column.removesuffix('_on')}"
        op.drop_index(name, "projection")
        op.create_index(name, "projection", [column, *_LYING, *(other for other in _ASKED if other != column), "cell"])
    op.drop_index("ix_projection_changed", "projection")
    changed = ["updated_at", "assessment_id", "unit_id", "reassess_on", "domain", "status", *_ASKED, "cell"]
    op.create_index("ix_projection_changed", "projection", changed)
    refused = sa.text("status = 'refused'")
    keys = ["assessment_id", "number"]
    op.create_index("ix_revision_refused", "revision", keys, sqlite_where=refused, postgresql_where=refused)
    for column in ("ahead_on", "came_on"):
        there = sa.text(f"{column} IS NOT NULL")
        name = f"ix_projection_{column.removesuffix('_on')}"
        op.create_index(name, "projection", [column], sqlite_where=there, postgresql_where=there)
    steps = sa.text("kind = 'note_request_step'")
    op.create_index("ix_event_request_step", "event", ["assessment_id"], sqlite_where=steps, postgresql_where=steps)
    append_only.create(op.get_bind())
