"""SQLite: one file, nothing to administer. WAL, synchronous=FULL (an approval must not vanish with the power), foreign keys on.

A transaction that writes takes the write lock at once (BEGIN IMMEDIATE), so that what a deed checks still holds when it
writes; one that reads sees one moment and never waits behind a writer.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from sqlalchemy import create_engine, event, text
from sqlalchemy.engine import URL, Connection, Engine
from sqlalchemy.exc import DatabaseError, OperationalError
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.pool import StaticPool

from assessments.storage import searching
from assessments.storage.dialects.dialect import BUSY_SECONDS, PATIENCE, WRITES
from assessments.storage.expressions import DaysBetween, JsonField, Literally, NumbersOf, Position, Unindexed
from assessments.storage.guards import TRIGGERS, Trigger

KEPT_KIB = 16 * 1024
"""Of the file, by each connection: what one screen reads again and again is read from the file once. SQLite's own 2 MiB hold
the indices of some thousand assessments, and beyond that half of a query's time goes into reading the same pages anew."""


class SQLite:
    name = "sqlite"
    guards = TRIGGERS
    starts_with_all_tables = False
    is_shared = False

    def engine(self, url: URL) -> Engine:
        arguments: dict[str, Any] = {"connect_args": {"timeout": BUSY_SECONDS, "check_same_thread": False}}
        if self.file_of(url) is None:
            arguments["poolclass"] = StaticPool
        else:
            arguments |= {"pool_size": 10, "max_overflow": 40, "pool_timeout": BUSY_SECONDS, "pool_use_lifo": True}
        engine = create_engine(url, **arguments)
        if self.file_of(url) is not None:
            event.listen(engine, "do_connect", _made_private)
        event.listen(engine, "connect", _connected)
        event.listen(engine, "begin", _begin)
        return engine

    def end_reading(self, connection: Connection) -> None:
        """What was written in it is rolled back."""

    def file_of(self, url: URL) -> Path | None:
        return None if not url.database or url.database == ":memory:" else Path(url.database)

    def is_damaged(self, connection: Connection) -> bool:
        """What the quick check of the whole file finds; it reads every page once."""
        try:
            return bool(connection.exec_driver_sql("PRAGMA quick_check(1)").scalar() != "ok")
        except OperationalError:
            raise  # full, locked or gone
        except DatabaseError:
            return True

    def triggers(self, connection: Connection) -> dict[str, str]:
        rows = connection.execute(text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"))
        return {row.name: row.sql for row in rows}

    def trigger_statements(self) -> dict[str, str]:
        return {name: _statement(trigger) for name, trigger in self.guards.items()}

    def walls(self, connection: Connection) -> dict[str, str]:
        return {}

    def wall_statements(self) -> dict[str, tuple[str, str]]:
        return {}

    def lower(self, connection: Connection) -> str:
        return ""

    def raise_again(self, connection: Connection, reach: str) -> None:
        """There is none."""

    def dropping(self, name: str) -> str:
        return f"DROP TRIGGER IF EXISTS {name}"

    def columns_of(self, connection: Connection, table: str) -> set[str]:
        return set(connection.execute(text("SELECT name FROM pragma_table_info(:it)"), {"it": table}).scalars())

    def loosen_references(self, connection: Connection, *, are_loose: bool) -> None:
        raw = connection.connection.cursor()
        raw.execute(f"PRAGMA foreign_keys = {'OFF' if are_loose else 'ON'}")
        raw.close()

    def broken_references(self, connection: Connection) -> int:
        return len(connection.execute(text("PRAGMA foreign_key_check")).fetchall())

    def grant(self, connection: Connection, user: str) -> None:
        """A file has no users."""

    def worded(self, statement: str) -> str:
        return statement

    def go_on_counting(self, connection: Connection, tables: Sequence[str]) -> None:
        """It does by itself."""

    def write_back(self, engine: Engine) -> bool:
        """Checkpoints and truncates the WAL."""
        with engine.connect() as connection:
            connection.rollback()  # a checkpoint is refused inside a transaction
            raw = connection.connection.cursor()
            try:
                raw.execute("PRAGMA busy_timeout = 2000")
                return bool(raw.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0] == 0)
            except sqlite3.OperationalError:
                return False
            finally:
                raw.execute(f"PRAGMA busy_timeout = {BUSY_SECONDS * 1000}")
                raw.close()


def _statement(trigger: Trigger) -> str:
    """Names are `append_only`'s own, so nothing can slip into it."""
    condition = f"WHEN {trigger.when} " if trigger.when else ""
    body = trigger.does or f"SELECT RAISE(ABORT, '{trigger.refuses}')"
    return f"CREATE TRIGGER {trigger.name} {trigger.moment} ON {trigger.table} {condition}BEGIN {body}; END"


def _made_private(_dialect: object, _record: object, arguments: list[Any], _named: dict[str, Any]) -> None:
    """Creates a new file readable by its owner only; SQLite gives the WAL and its index the same permissions."""
    with suppress(OSError):  # where it cannot be made SQLite says so itself
        os.close(os.open(Path(str(arguments[0])), os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))


def _connected(connection: sqlite3.Connection, _record: object) -> None:
    searching.register(connection)
    connection.isolation_level = None  # the driver begins nothing by itself; _begin does
    cursor = connection.cursor()
    for pragma in (
        f"busy_timeout = {BUSY_SECONDS * 1000}",
        "journal_mode = WAL",
        "synchronous = FULL",
        "foreign_keys = ON",
        "secure_delete = ON",
        f"cache_size = {-KEPT_KIB}",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin(connection: Connection) -> None:
    options = connection.get_execution_options()
    if not options.get(WRITES, False):
        connection.exec_driver_sql("BEGIN")
        return
    patience = options.get(PATIENCE, BUSY_SECONDS)
    if patience == BUSY_SECONDS:
        connection.exec_driver_sql("BEGIN IMMEDIATE")
        return
    connection.exec_driver_sql(f"PRAGMA busy_timeout = {int(patience * 1000)}")
    try:
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    finally:
        connection.exec_driver_sql(f"PRAGMA busy_timeout = {BUSY_SECONDS * 1000}")


# --- how it words `expressions` -----------------------------------------------------------------------------------


@compiles(Unindexed, "sqlite")
def _unindexed(element: Unindexed, compiler: Any, **more: Any) -> str:
    """By the sign, which changes nothing else."""
    return f"+{compiler.process(element.clauses, **more)}"


@compiles(Position, "sqlite")
def _position(element: Position, compiler: Any, **more: Any) -> str:
    return f"instr({compiler.process(element.clauses, **more)})"


@compiles(JsonField, "sqlite")
def _json_field(element: JsonField, compiler: Any, **more: Any) -> str:
    text, *names = element.clauses
    return f"json_extract({compiler.process(text, **more)}, '$.{'.'.join(name.value for name in names)}')"


@compiles(DaysBetween, "sqlite")
def _days_between(element: DaysBetween, compiler: Any, **more: Any) -> str:
    first, last = (compiler.process(day, **more) for day in element.clauses)
    return f"CAST(julianday({last}) - julianday({first}) AS INTEGER)"


@compiles(Literally, "sqlite")
def _literally(element: Literally, _compiler: Any, **_more: Any) -> str:
    return element.words


@compiles(NumbersOf, "sqlite")
def _numbers_of(element: NumbersOf, compiler: Any, **more: Any) -> str:
    return f"json_each({compiler.process(element.clauses, **more)})"
