"""What the database itself refuses: altering the history and the register, editing a submitted revision.

A table that is rebuilt by a migration loses its triggers; `missing` is asked at every start.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from sqlalchemy import text
from sqlalchemy.engine import Connection

APPEND_ONLY = ("event", "sealed_report")
CONTENT = ("response", "evidence", "scenario", "measure", "withheld", "decision_log")


def _never(table: str, deed: str) -> str:
    return (
        f"CREATE TRIGGER {table}_no_{deed.lower()} BEFORE {deed} ON {table} "
        f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
    )


def _only_editable(table: str, deed: str) -> str:
    """Names are this module's own, so nothing can slip into the statement."""
    rows = {"INSERT": "NEW.revision_id", "UPDATE": "OLD.revision_id, NEW.revision_id", "DELETE": "OLD.revision_id"}
    frozen = f"SELECT 1 FROM revision WHERE id IN ({rows[deed]}) AND status NOT IN ('draft', 'returned')"  # noqa: S608
    return (
        f"CREATE TRIGGER {table}_frozen_{deed.lower()} BEFORE {deed} ON {table} WHEN EXISTS ({frozen}) "
        f"BEGIN SELECT RAISE(ABORT, 'a submitted revision is not edited'); END"
    )


def _all() -> Iterator[str]:
    for table in APPEND_ONLY:
        for deed in ("UPDATE", "DELETE"):
            yield _never(table, deed)
    yield _never("event_value", "DELETE")
    yield (
        "CREATE TRIGGER event_value_only_erased BEFORE UPDATE ON event_value "
        "WHEN NEW.seq <> OLD.seq OR NEW.name <> OLD.name OR NEW.value IS NOT NULL OR NEW.salt IS NOT NULL "
        "BEGIN SELECT RAISE(ABORT, 'a value of the history is kept or erased, never changed'); END"
    )
    for table in CONTENT:
        for deed in ("INSERT", "UPDATE", "DELETE"):
            yield _only_editable(table, deed)


SQLITE: Mapping[str, str] = {statement.split()[2]: statement for statement in _all()}
"""Name → statement."""


def create(connection: Connection) -> None:
    """Makes those that are not there yet, of the tables that are: later migrations add tables with theirs."""
    tables = set(connection.execute(text("SELECT name FROM sqlite_master WHERE type = 'table'")).scalars())
    there = set(connection.execute(text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).scalars())
    for name, statement in SQLITE.items():
        if name not in there and statement.partition(" ON ")[2].split()[0] in tables:
            connection.execute(text(statement))


def missing(connection: Connection) -> tuple[str, ...]:
    """Names of triggers that are not there, or not as they were made."""
    rows = connection.execute(text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"))
    found = {row.name: row.sql for row in rows}
    return tuple(name for name, statement in SQLITE.items() if found.get(name) != statement)
