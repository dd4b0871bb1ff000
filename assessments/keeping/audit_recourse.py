"""Requests of people concerned, held against what the history tells of them: compared. Values that were erased say nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import select

from assessments.keeping.audit_findings import Finding, Harm, Thing, finding
from assessments.rules.recourse import State
from assessments.storage import event_lines, recourse
from assessments.storage.database import Session
from assessments.storage.entries import EventChoice, EventLine
from assessments.storage.recourse_tables import NO_DAY, RequestEventRow, RequestRow
from assessments.storage.tables import table_of

_ALL = (recourse.STATED, recourse.GIVEN, recourse.EXTENDED, *recourse.CLOSING)


def compared(session: Session) -> Iterator[Finding]:
    """Each has the days, the state and the result that its events give it, and those events are listed as its own."""
    lines = [line for kind in _ALL for line in event_lines.events(session, choice=EventChoice(kind=kind))]
    lines.sort(key=lambda line: line.seq)
    held = {row.seq: row for row in session.connection().execute(select(table_of(RequestRow)))}
    of_request = {row.seq: row.request for row in session.connection().execute(select(table_of(RequestEventRow)))}
    stated: dict[int, dict[str, Any]] = {}
    astray = {of_request[seq] for seq in of_request.keys() - {line.seq for line in lines}}
    for line in lines:
        number = line.seq if line.kind == recourse.STATED else line.values.get("request", of_request.get(line.seq))
        if number is None:
            continue
        if of_request.get(line.seq) != number:
            astray.add(number)
        columns = stated.setdefault(number, {"extensions": 0})
        columns |= _stated(line)
        columns["extensions"] += line.kind == recourse.EXTENDED
    for number in sorted(stated.keys() | held.keys() | astray):
        columns_told, row = stated.get(number), held.get(number)
        if row is None:
            yield finding(Thing.REQUEST, Harm.MISSING, number)
        elif columns_told is None:
            yield finding(Thing.REQUEST, Harm.ADDED, number)
        elif number in astray or _differs(columns_told, row):
            yield finding(Thing.REQUEST, Harm.ALTERED, number)


def _stated(line: EventLine) -> dict[str, Any]:
    """Columns of the request as far as this event gives them; None: erased."""
    values, owner = line.values, (line.values.get("person") or {}).get("id")
    match line.kind:
        case recourse.STATED:
            due = values.get("due") or (NO_DAY.isoformat() if "due" in values else None)
            return {
                "system_id": values.get("system"),
                "kind": values.get("kind"),
                "received_on": values.get("received"),
                "due_on": due,
                "owner_id": owner,
                "state": State.OPEN.value,
            }
        case recourse.GIVEN:
            return {"owner_id": owner}
        case recourse.EXTENDED:
            return {"due_on": values.get("until")}
    return {
        "state": recourse.CLOSING[line.kind].value,
        "closed_on": values.get("on"),
        "outcome": values.get("outcome", values.get("ground")),
        "changed": values.get("changed"),
    }


def _differs(stated: Mapping[str, Any], row: Any) -> bool:
    days = {name: getattr(row, name).isoformat() for name in ("received_on", "due_on")}
    held = {
        **{
            name: getattr(row, name)
            for name in ("system_id", "kind", "owner_id", "state", "outcome", "changed", "extensions")
        },
        **days,
        "closed_on": row.closed_on.isoformat() if row.closed_on else None,
    }
    return any(value is not None and held[name] != value for name, value in stated.items())
