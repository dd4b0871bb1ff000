"""What was stored after decisions, held against what the history tells of it: compared. Values that were erased say nothing."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from sqlalchemy import select, text

from assessments.content.canonical import digest
from assessments.keeping.audit_findings import Finding, Harm, Thing, finding
from assessments.keeping.audit_told import events_of
from assessments.storage import event_lines, system_life
from assessments.storage.database import Session
from assessments.storage.entries import EventChoice
from assessments.storage.register_tables import IncidentRow
from assessments.storage.tables import table_of

_Lines = dict[tuple[str, object], dict[str, Any]]
"""Table and key of a row → its columns, as far as the history tells them."""
_DEEDS = (
    "set_reassessment",
    "state_change",
    "follow_up",
    "reopen_follow_up",
    "add_proof",
    "watch_log",
    "retire",
    "resume",
    "archive",
    "unarchive",
    "place_hold",
    "release_hold",
)
_TABLES = (
    "reassessment_day",
    "material_change",
    "follow_up",
    "proof",
    "watched_log",
    "retired",
    "archived",
    "legal_hold",
)
_COUNTED = ("reassessment_day", "follow_up")
"""Known by their place among the rows of their assessment, for the history does not name their number."""


def compared(session: Session) -> Iterator[Finding]:
    """Rows that the history tells otherwise, or not at all, and rows that it tells of and that are not there."""
    stated, held = _lines_told(session), _lines_held(session)
    for table, key in sorted(stated.keys() | held.keys(), key=str):
        line, row = stated.get((table, key)), held.get((table, key))
        which = f"{table} {key if not isinstance(key, tuple) else '/'.join(map(str, key))}"
        if row is None:
            yield finding(Thing.FOLLOWING, Harm.CUT_OFF, which)
        elif line is None or any(value is not None and row.get(name) != value for name, value in line.items()):
            yield finding(Thing.FOLLOWING, Harm.ALTERED, which)
    yield from _incidents(session)


def _incidents(session: Session) -> Iterator[Finding]:
    """Each incident stands in the table as it was stated, and is open or closed as the last step about it says."""
    held = {row.seq: row for row in session.connection().execute(select(table_of(IncidentRow)))}
    stated = {line.seq: line for line in event_lines.events(session, choice=EventChoice(kind=system_life.STATED))}
    steps = event_lines.events(session, choice=EventChoice(kind=system_life.FOLLOWED))  # the newest first
    last = {line.values.get("incident"): line.values.get("closes") for line in reversed(steps)}
    for seq in sorted(stated.keys() | held.keys()):
        line, row = stated.get(seq), held.get(seq)
        if row is None:
            yield finding(Thing.INCIDENT, Harm.MISSING, seq)
        elif line is None:
            yield finding(Thing.INCIDENT, Harm.ADDED, seq)
        else:
            values = (line.values.get("system"), line.values.get("on"))
            columns = (row.system_id, row.on_day.isoformat())
            differs = any(value is not None and value != column for value, column in zip(values, columns, strict=True))
            closes = last.get(seq, False)
            if differs or (closes is not None and row.is_open is bool(closes)):
                yield finding(Thing.INCIDENT, Harm.ALTERED, seq)


def _lines_told(session: Session) -> _Lines:
    lines: _Lines = {}
    counts: dict[tuple[str, int], int] = {}

    def next_place(table: str, assessment_id: int) -> tuple[str, object]:
        counts[table, assessment_id] = counts.get((table, assessment_id), 0) + 1
        return table, (assessment_id, counts[table, assessment_id])

    for kind, (assessment_id, _revision), at, values in events_of(session, _DEEDS):
        who = {"by_id": (values.get("actor") or {}).get("id"), "at": at}
        match kind:
            case "set_reassessment":
                lines[next_place("reassessment_day", assessment_id)] = (
                    _columns(values, on_day="new", reason="reason") | who
                )
            case "state_change":
                lines["material_change", values.get("change")] = (
                    _columns(values, kind="kind", text="text", on_day="on") | who | {"assessment_id": assessment_id}
                )
            case "follow_up" | "reopen_follow_up":
                columns = _columns(
                    values, cause="cause", which="which", about="about", on_day="on", text="text", evidence="shown_by"
                )
                is_done = {"is_done": int(kind == "follow_up")}
                lines[next_place("follow_up", assessment_id)] = columns | who | is_done
            case "add_proof":
                proof = values.get("proof") or {}
                lines["proof", proof.get("id")] = _columns(proof, sha256="sha256", stored_name="stored_name") | who
            case "watch_log":
                lines["watched_log", values.get("watched")] = (
                    _columns(values, sha256="sha256", kept="kept_sha256") | who
                )
            case "retire":
                lines["retired", assessment_id] = _columns(values, on_day="on", reason="reason") | who
            case "archive":
                lines["archived", assessment_id] = _columns(values, reason="reason") | who
            case "resume" | "unarchive":
                lines.pop(("retired" if kind == "resume" else "archived", assessment_id), None)
            case "place_hold":
                hold = _columns(values, reason="reason") | who | {"assessment_id": assessment_id}
                lines["legal_hold", values.get("hold")] = hold
            case "release_hold":
                hold = lines.setdefault(("legal_hold", values.get("hold")), {})
                side = "second" if "first_at" in hold else "first"
                hold |= {
                    f"{side}_by_id": who["by_id"],
                    f"{side}_reason": values.get("reason"),
                    f"{side}_at": at,
                }
    for hold in (line for (table, _key), line in lines.items() if table == "legal_hold"):
        for side in ("first", "second"):
            hold.setdefault(f"{side}_is_empty", f"{side}_at" not in hold)
    return lines


def _lines_held(session: Session) -> _Lines:
    lines: _Lines = {}
    for table in _TABLES:
        counts: dict[int, int] = {}
        order = "id" if table not in ("retired", "archived") else "assessment_id"
        rows = session.connection().execute(text(f"SELECT * FROM {table} ORDER BY {order}"))  # noqa: S608 - fixed names
        for row in rows.mappings():
            columns: dict[str, Any] = {name: _told(value) for name, value in row.items()}
            key: object = columns.get("id", columns.get("assessment_id"))
            if table in _COUNTED:
                counts[columns["assessment_id"]] = counts.get(columns["assessment_id"], 0) + 1
                key = (columns["assessment_id"], counts[columns["assessment_id"]])
            elif table in ("retired", "archived"):
                key = columns["assessment_id"]
            elif table == "watched_log":
                columns["kept"] = digest(json.loads(columns["kept"]))
            elif table == "legal_hold":
                columns |= {f"{side}_is_empty": columns[f"{side}_at"] is None for side in ("first", "second")}
            lines[table, key] = columns
    return lines


def _told(value: object) -> object:
    """As events tell it: a day by its text."""
    return value.isoformat() if isinstance(value, date) else value


def _columns(values: Mapping[str, Any], **names: str) -> dict[str, Any]:
    """Column → what the event says under that name."""
    return {column: values.get(name) for column, name in names.items()}
