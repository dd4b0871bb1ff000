"""Meetings of committees and their sealed documents, held against what the history tells of them: compared."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import select

from assessments.content.canonical import digest
from assessments.keeping.audit_findings import Finding, Harm, Thing, finding
from assessments.rules.meetings import State
from assessments.storage import event_lines, meetings
from assessments.storage.database import Session
from assessments.storage.entries import EventChoice, EventLine
from assessments.storage.meeting_tables import MeetingDocumentRow, MeetingEventRow, MeetingRow
from assessments.storage.tables import table_of

_STEPS = (meetings.CONVENED, meetings.CHANGED, meetings.CLOSED, meetings.CANCELLED)
_ALL = (*_STEPS, meetings.AGENDA, meetings.ATTENDANCE, meetings.MINUTE, meetings.ADDED, meetings.KEPT)


def compared(session: Session) -> Iterator[Finding]:
    """Values that were erased say nothing."""
    lines = [line for kind in _ALL for line in event_lines.events(session, choice=EventChoice(kind=kind))]
    lines.sort(key=lambda line: line.seq)
    yield from _meetings(session, lines)
    yield from _documents(session, [line for line in lines if line.kind == meetings.KEPT])


def _meetings(session: Session, lines: Sequence[EventLine]) -> Iterator[Finding]:
    """Each has the day, the state and the minutes that its events give it, and those events are listed as its own."""
    rows = session.connection().execute(select(table_of(MeetingRow)))
    held = {row.id: row for row in rows}
    of_meeting = {row.seq: row.meeting_id for row in session.connection().execute(select(table_of(MeetingEventRow)))}
    stated: dict[int, dict[str, Any]] = {}
    astray: set[int] = {of_meeting[seq] for seq in of_meeting.keys() - {line.seq for line in lines}}
    for line in lines:
        number = line.values.get("meeting", of_meeting.get(line.seq))
        if number is None:
            continue
        if of_meeting.get(line.seq) != number:
            astray.add(number)
        stated.setdefault(number, {}).update(_stated(line))
    for number in sorted(stated.keys() | held.keys() | astray):
        columns, row = stated.get(number), held.get(number)
        if row is None:
            yield finding(Thing.MEETING, Harm.MISSING, number)
        elif columns is None:
            yield finding(Thing.MEETING, Harm.ADDED, number)
        elif number in astray or _differs(columns, row):
            yield finding(Thing.MEETING, Harm.ALTERED, number)


def _stated(line: EventLine) -> dict[str, Any]:
    """Columns of the meeting as far as this event gives them; None: erased."""
    values = line.values
    match line.kind:
        case meetings.CONVENED:
            return {"state": State.OPEN.value, "on_day": values.get("on"), "unit_id": values.get("unit")}
        case meetings.CHANGED:
            return {"on_day": values.get("on")}
        case meetings.CLOSED:
            return {"state": State.CLOSED.value, "minutes_sha256": values.get("minutes_sha256")}
        case meetings.CANCELLED:
            return {"state": State.CANCELLED.value}
    return {}


def _differs(columns: Mapping[str, Any], row: Any) -> bool:
    held = {
        "state": row.state,
        "on_day": row.on_day.isoformat(),
        "unit_id": row.unit_id,
        "minutes_sha256": row.minutes_sha256,
    }
    if any(value is not None and held[name] != value for name, value in columns.items()):
        return True
    return row.minutes is not None and digest(row.minutes) != row.minutes_sha256


def _documents(session: Session, lines: Sequence[EventLine]) -> Iterator[Finding]:
    """Each is, file and frozen content, what its digests in the history say."""
    held = {row.seq: row for row in session.connection().execute(select(table_of(MeetingDocumentRow)))}
    stated = {line.seq: line for line in lines}
    for seq in sorted(held.keys() | stated.keys()):
        row, line = held.get(seq), stated.get(seq)
        if row is None:
            yield finding(Thing.DOCUMENT, Harm.MISSING, seq)
        elif line is None:
            yield finding(Thing.DOCUMENT, Harm.ADDED, seq)
        else:
            digests = {"content_sha256": digest(row.content), "file_sha256": hashlib.sha256(row.file).hexdigest()}
            names = ("content_sha256", "file_sha256", "meeting", "kind", "language")
            columns = {"meeting": row.meeting_id, "kind": row.kind, "language": row.language, **digests}
            if any(line.values.get(name) not in (None, columns[name]) for name in names):
                yield finding(Thing.DOCUMENT, Harm.ALTERED, seq)
