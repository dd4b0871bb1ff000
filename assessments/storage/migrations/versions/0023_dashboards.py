"""Dashboards count by unit, owner and period, by risk before measures, gravest impact, claim and editions, from the projection alone."""

import sqlalchemy as sa
from alembic import op

from assessments.storage import append_only, guards
from assessments.storage.columns import UtcTime

revision = "0023"
down_revision = "0028"

INDICES = {
    "ix_projection_cell": ("unit_id", "cell"),
    "ix_projection_impact": ("unit_id", "impact"),
    "ix_projection_pinned": ("domain", "pinned"),
}
OF_SYSTEM = "FROM assessment JOIN ai_system ON ai_system.id = assessment.system_id WHERE assessment.id = projection.assessment_id"
NEWEST = "FROM revision WHERE revision.assessment_id = projection.assessment_id AND revision.number = projection.revision"


def upgrade() -> None:
    for name, kind, default in (
        ("unit_id", sa.Integer(), "0"),
        ("owner_id", sa.String(), ""),
        ("cell", sa.String(), ""),
        ("inherent", sa.String(), ""),
        ("impact", sa.String(), ""),
        ("claim", sa.String(), ""),
        ("evidence", sa.Integer(), "0"),
        ("pinned", sa.String(), ""),
    ):
        op.add_column("projection", sa.Column(name, kind, nullable=False, server_default=default))
    for name in ("decided_on", "reassess_on"):
        op.add_column("projection", sa.Column(name, sa.Date(), nullable=True))
    op.add_column("projection", sa.Column("result_at", UtcTime(), nullable=True))
    of_newest = f"(SELECT id {NEWEST})"
    pinned = f"SELECT questionnaire || '=' || version AS one FROM pinned_edition WHERE revision_id = {of_newest} ORDER BY questionnaire"
    op.execute(
        f"UPDATE projection SET unit_id = (SELECT ai_system.unit_id {OF_SYSTEM}), owner_id = (SELECT ai_system.owner_id {OF_SYSTEM}), cell = {guards.CELL}, "
        f"evidence = (SELECT count(*) FROM evidence WHERE revision_id = {of_newest}), "
        f"pinned = coalesce((SELECT ' ' || group_concat(one, ' ') || ' ' FROM ({pinned})), ''), "
        f"decided_on = (SELECT date(decided_at, '+9 hours') {NEWEST}), result_at = updated_at, "
        "reassess_on = (SELECT on_day FROM duty WHERE duty.assessment_id = projection.assessment_id AND cause = 'reassessment')"
    )
    for name, columns in INDICES.items():
        op.create_index(name, "projection", list(columns), unique=False)
    op.create_index("ix_projection_revised", "projection", ["assessment_id"], unique=False, sqlite_where=sa.text("revision > 1"))
    op.create_index("ix_duty_cause", "duty", ["cause", "on_day", "assessment_id"], unique=False)
    op.create_index("ix_pinned_edition_kind", "pinned_edition", ["questionnaire", "version"], unique=False)
    append_only.create(op.get_bind())
