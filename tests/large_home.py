"""A home with many assessments, made from a few by copying their rows: grow. `python -m tests.large_home HOME COUNT`.

Every copy is a system of its own with all its revisions, answers, results and the events that led to them, in one chain of
hashes. Names differ, times lie apart, so that lists have something to sort and to find.
"""

from __future__ import annotations

import hashlib
import json
import os
import sqlite3
import sys
from collections.abc import Iterator, Sequence
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import rfc8785

from assessments.storage.columns import utc_text
from assessments.storage.dialects.sqlite import SQLite
from assessments.storage.guards import SUMS_ADDED_UP
from assessments.storage.searching import folded

OF_REVISION = (
    "pinned_edition",
    "author",
    "response",
    "evidence",
    "scenario",
    "measure",
    "explanation",
    "evidence_review",
    "decision_log",
    "withheld",
)
Row = dict[str, Any]


def grow(path: Path, count: int, *, with_events: bool = True) -> None:
    """Copies the assessments of a database, one after another, until there are so many. Nobody may use it meanwhile."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.row_factory = sqlite3.Row
        connection.execute("PRAGMA synchronous = OFF")
        connection.execute("BEGIN IMMEDIATE")
        for (
            name
        ) in SQLite().trigger_statements():  # they refuse to write into what is frozen, and that is what a copy is
            connection.execute(f"DROP TRIGGER {name}")
        _Copies(connection, with_events=with_events).until(count)
        for table, added_up in SUMS_ADDED_UP.items():
            connection.execute(f"DELETE FROM {table}")
            connection.execute(added_up)
        for statement in SQLite().trigger_statements().values():
            connection.execute(statement)
        connection.execute("COMMIT")


class _Copies:
    def __init__(self, connection: sqlite3.Connection, *, with_events: bool) -> None:
        self._connection = connection
        self._assessments = self._rows("SELECT * FROM assessment ORDER BY id")
        self._known = {row["id"]: _Known(self, row, with_events=with_events) for row in self._assessments}
        self._next = {
            table: connection.execute(f"SELECT coalesce(max(id), 0) + 1 FROM {table}").fetchone()[0]
            for table in ("ai_system", "assessment", "revision")
        }
        last = connection.execute("SELECT seq, hash FROM event ORDER BY seq DESC LIMIT 1").fetchone()
        self._seq, self._previous = (last["seq"], last["hash"]) if last else (0, "0" * 64)

    def until(self, count: int) -> None:
        there = len(self._assessments)
        for number in range(there, count):
            self._copy(self._known[self._assessments[number % there]["id"]], number)

    def _copy(self, known: _Known, number: int) -> None:
        system, assessment = self._id("ai_system"), self._id("assessment")
        later = timedelta(minutes=number)
        name_ko, name_en = f"{known.system['name_ko']} {number}", f"{known.system['name_en'] or 'System'} {number}"
        names = {"name_ko": name_ko, "name_en": name_en, "folded": folded(f"{name_ko}\n{name_en}")}
        self._add("ai_system", [{**known.system, "id": system, **names}])
        self._add("assessment", [{**known.assessment, "id": assessment, "system_id": system}])
        changed = utc_text(datetime.fromisoformat(known.projection["updated_at"]) + later)
        for revision, content in known.revisions:
            made = self._id("revision")
            self._add("revision", [{**revision, "id": made, "assessment_id": assessment, "updated_at": changed}])
            for table, rows in content.items():
                self._add(table, [{**row, "revision_id": made} for row in rows])
        self._add("projection", [{**known.projection, "assessment_id": assessment, "updated_at": changed}])
        for event, values in known.events:
            self._chain({**event, "assessment_id": assessment}, values)

    def _chain(self, event: Row, values: Sequence[Row]) -> None:
        self._seq += 1
        hashed = {name: value for name, value in event.items() if name != "hash"}
        hashed |= {"seq": self._seq, "previous": self._previous}
        derived = hashlib.sha256(rfc8785.dumps({**hashed, "digests": json.loads(event["digests"])})).hexdigest()
        self._add("event", [{**hashed, "hash": derived}])
        self._add("event_value", [{**value, "seq": self._seq} for value in values])
        self._previous = derived

    def _id(self, table: str) -> int:
        self._next[table] += 1
        return self._next[table] - 1

    def _rows(self, query: str, *given: object) -> list[Row]:
        return [dict(row) for row in self._connection.execute(query, given)]

    def _add(self, table: str, rows: Sequence[Row]) -> None:
        if rows:
            columns = list(rows[0])
            marks = ", ".join("?" * len(columns))
            statement = f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({marks})"
            self._connection.executemany(statement, [tuple(row.values()) for row in rows])


class _Known:
    """An assessment with everything that belongs to it."""

    def __init__(self, copies: _Copies, assessment: Row, *, with_events: bool) -> None:
        number = assessment["id"]
        self.assessment = assessment
        (self.system,) = copies._rows("SELECT * FROM ai_system WHERE id = ?", assessment["system_id"])
        (self.projection,) = copies._rows("SELECT * FROM projection WHERE assessment_id = ?", number)
        self.revisions = [
            (revision, dict(_content(copies, revision["id"])))
            for revision in copies._rows("SELECT * FROM revision WHERE assessment_id = ? ORDER BY number", number)
        ]
        self.events: list[tuple[Row, list[Row]]] = []
        if with_events:
            for event in copies._rows("SELECT * FROM event WHERE assessment_id = ? ORDER BY seq", number):
                self.events.append((event, copies._rows("SELECT * FROM event_value WHERE seq = ?", event["seq"])))


def _content(copies: _Copies, revision_id: int) -> Iterator[tuple[str, list[Row]]]:
    for table in OF_REVISION:
        yield table, copies._rows(f"SELECT * FROM {table} WHERE revision_id = ?", revision_id)


if __name__ == "__main__":
    os.environ["HAETAE_HOME"] = sys.argv[1]
    from assessments.home import home
    from commands.serve import furnish

    furnish(home(), with_examples=True)
    grow(home() / "haetae.db", int(sys.argv[2]))
