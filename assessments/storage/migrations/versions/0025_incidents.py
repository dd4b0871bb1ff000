"""Incidents of systems, which events are about a system, who reviews what, and the mark of a home whose data was made."""

import json
from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from alembic import op

from assessments.storage import append_only
from assessments.storage.columns import UtcTime
from assessments.storage.searching import folded

revision = "0025"
down_revision = "0024"

OF_SYSTEMS = ("register_system", "change_system", "move_system", "move_operator")


def upgrade() -> None:
    op.create_table(
        "incident",
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("system_id", sa.Integer(), nullable=False),
        sa.Column("on_day", sa.Date(), nullable=False),
        sa.Column("is_open", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["system_id"], ["ai_system.id"], name=op.f("fk_incident_system_id")),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_incident")),
    )
    op.create_index("ix_incident_system_id", "incident", ["system_id", "is_open", "on_day"], unique=False)
    op.create_table(
        "system_event",
        sa.Column("system_id", sa.Integer(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["system_id"], ["ai_system.id"], name=op.f("fk_system_event_system_id")),
        sa.PrimaryKeyConstraint("system_id", "seq", name=op.f("pk_system_event")),
    )
    op.create_table(
        "assigned_review",
        sa.Column("assessment_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("submission", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.String(), nullable=False),
        sa.Column("by_id", sa.String(), nullable=False),
        sa.Column("by_name", sa.String(), nullable=False),
        sa.Column("at", UtcTime(), nullable=False),
        sa.ForeignKeyConstraint(["assessment_id"], ["assessment.id"], name=op.f("fk_assigned_review_assessment_id")),
        sa.PrimaryKeyConstraint("assessment_id", name=op.f("pk_assigned_review")),
    )
    op.create_index(op.f("ix_assigned_review_person_id"), "assigned_review", ["person_id"], unique=False)
    op.create_table(
        "made_data",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("assessments", sa.Integer(), nullable=False),
        sa.Column("at", UtcTime(), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_made_data_only_once")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_made_data")),
    )
    op.add_column("projection", sa.Column("since", UtcTime(), nullable=False, server_default=""))
    newest = "revision.assessment_id = projection.assessment_id AND revision.number = projection.revision"
    begun = "CASE projection.status WHEN 'submitted' THEN submitted_at WHEN 'decided' THEN decided_at END"
    op.execute(
        f"UPDATE projection SET since = coalesce((SELECT {begun} FROM revision WHERE {newest}), updated_at)"  # noqa: S608
    )
    waits = sa.text("status IN ('submitted', 'decided')")
    op.create_index("ix_projection_queue", "projection", ["since", "assessment_id"], unique=False, sqlite_where=waits)
    op.add_column("operator", sa.Column("folded", sa.String(), nullable=False, server_default=""))
    connection = op.get_bind()
    operators = connection.execute(sa.text("SELECT id, name, registration_number FROM operator")).all()
    if operators:
        connection.execute(
            sa.text("UPDATE operator SET folded = :folded WHERE id = :id"),
            [{"id": row.id, "folded": folded(f"{row.name}\n{row.registration_number}")} for row in operators],
        )
    known = set(connection.execute(sa.text("SELECT id FROM ai_system")).scalars())
    events = sorted({(system, seq) for system, seq in _events(connection) if system in known})
    if events:
        connection.execute(
            sa.text("INSERT INTO system_event (system_id, seq) VALUES (:system, :seq)"),
            [{"system": system, "seq": seq} for system, seq in events],
        )
    append_only.create(connection)


def _events(connection: sa.Connection) -> Iterator[tuple[int, int]]:
    """System and event; a value that was erased names none."""
    kinds = ", ".join(f"'{kind}'" for kind in OF_SYSTEMS)
    rows = connection.execute(
        sa.text(
            "SELECT event.seq, event.kind, name, value FROM event JOIN event_value ON event_value.seq = event.seq "  # noqa: S608
            f"WHERE kind IN ({kinds}) AND name IN ('system', 'systems', 'new') AND value IS NOT NULL"
        )
    )
    for seq, kind, name, value in rows:
        content: Any = json.loads(value)
        if name == "systems" and isinstance(content, list):
            yield from ((int(system), seq) for system in content)
        elif isinstance(content, dict) and isinstance(content.get("id"), int):
            yield content["id"], seq
        elif kind == "move_system" and name == "system":
            yield int(content), seq
