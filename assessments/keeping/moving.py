"""An installation's data from one database to another: move. Both may be of any kind that `dialects` knows.

The source is never changed, and locked against writers for the whole time unless it is only copied. Rows are copied table by
table, as they are stored, in the order of their keys, a portion a transaction: what was interrupted goes on where it stopped.
Only once every table has the same rows there as here, by number and by digest, are triggers and version set, without which
nothing opens the target.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Column, MetaData, Select, Table, delete, func, inspect, select, text, tuple_
from sqlalchemy.engine import Connection
from sqlalchemy.types import TypeDecorator

from assessments.errors import AssessmentError
from assessments.storage import history, migration
from assessments.storage.database import Database
from questionnaires.texts import texts_of

TEXTS = texts_of(__file__)
AT_ONCE = 2000
"""Rows copied in one transaction."""
_MARK = "moving"
"""Table of a target that is not complete: whose data it is getting."""
PARENT = "parent_id"
"""Column of a table whose rows hang from one another."""
Tell = Callable[[float, str], None]
"""Called with the share of all rows done, 0 to 1, and the table at work."""


@dataclass(frozen=True)
class Moved:
    """What was copied, and the head of the history there."""

    tables: int
    rows: int
    copied: int
    """Rows that this run copied; the others were there from an interrupted one."""
    events: int


def move(
    source: Database, target: Database, tell: Tell = lambda _share, _table: None, *, is_copy: bool = False
) -> Moved:
    """is_copy: the source stays in use, and what is copied is what it held at the beginning.

    Raises: AssessmentError where the source is not prepared for this program, or the target holds something else.
    """
    tables = [_plain(table) for table in migration.every_table().sorted_tables]
    with source.reading() if is_copy else source.transaction() as session:
        here = session.connection()
        _check_source(here, tables)
        _begin(target, _identity(here))
        counts = {table.name: _count(here, table) for table in tables}
        whole, before, copied = max(1, sum(counts.values())), 0, 0
        for table in tables:
            of_table = 0
            for rows in _missing(here, target, table):
                with target.copying() as there:
                    there.execute(table.insert(), rows)
                of_table += len(rows)
                tell((before + of_table) / whole, table.name)
            before, copied = before + counts[table.name], copied + of_table
        with target.copying() as there:
            differing = [
                table.name for table in tables if _digest(here, select(table)) != _digest(there, select(table))
            ]
        if differing:
            raise AssessmentError(TEXTS.told("not_the_same", tables=", ".join(differing)))
        with target.copying() as there:
            there.execute(text(f"DROP TABLE {_MARK}"))
            migration.complete(there, target.dialect)
        with target.reading() as there:
            verified = history.verify(there)
            if not verified.is_intact or history.checkpoint(there) != history.checkpoint(session):
                raise AssessmentError(TEXTS.told("moved_history_not_intact", count=len(verified.faults)))
    return Moved(len(tables), sum(counts.values()), copied, verified.events)


def summaries(connection: Connection) -> dict[str, tuple[int, str]]:
    """Table → how many rows it has, and a digest of them all."""
    tables = map(_plain, migration.every_table().sorted_tables)
    return {table.name: _digest(connection, select(table)) for table in tables}


def _plain(table: Table) -> Table:
    """The same table with its columns as they are stored, so that nothing is read and written anew on the way."""
    columns = [
        Column(
            column.name,
            column.type.impl_instance if isinstance(column.type, TypeDecorator) else column.type,
            primary_key=column.primary_key,
            autoincrement=False,
        )
        for column in table.columns
    ]
    return Table(table.name, MetaData(), *columns)


def _check_source(connection: Connection, tables: Sequence[Table]) -> None:
    """Raises: AssessmentError where it has another version, or a table that nothing here would copy."""
    state = migration.state(connection)
    if state != migration.head():
        raise AssessmentError(TEXTS.told("source_not_prepared", state=state or "–", head=migration.head()))
    unknown = set(inspect(connection).get_table_names()) - {table.name for table in tables} - {migration.VERSION_TABLE}
    if unknown:
        raise AssessmentError(TEXTS.told("unknown_tables", tables=", ".join(sorted(unknown))))


def _identity(connection: Connection) -> str:
    """Of an installation: the hash of its first event."""
    return str(connection.execute(text("SELECT hash FROM event ORDER BY seq LIMIT 1")).scalar() or "")


def _begin(target: Database, identity: str) -> None:
    """Makes the tables, or finds those of an interrupted move of the same installation."""
    with target.copying() as there:
        names = inspect(there).get_table_names()
        if not names:
            migration.every_table().create_all(there)
            there.execute(text(f"CREATE TABLE {_MARK} (source VARCHAR NOT NULL)"))
            there.execute(text(f"INSERT INTO {_MARK} VALUES (:source)"), {"source": identity})  # noqa: S608 - our own name
            return
        if _MARK not in names:
            raise AssessmentError(TEXTS.told("target_not_empty_database", count=len(names)))
        if there.execute(text(f"SELECT source FROM {_MARK}")).scalar() != identity:  # noqa: S608 - our own name
            raise AssessmentError(TEXTS.told("target_of_another"))


def _count(connection: Connection, table: Table) -> int:
    return int(connection.execute(select(func.count()).select_from(table)).scalar_one())


def _missing(here: Connection, target: Database, table: Table) -> Iterator[Sequence[dict[str, object]]]:
    """The rows that the target lacks, in portions. What is there but is no beginning of what is here is removed first."""
    key = list(table.primary_key.columns)
    every = select(table).order_by(*key)
    with target.copying() as there:
        last = there.execute(select(*key).order_by(*(column.desc() for column in key)).limit(1)).first()
        if last is not None and _digest(here, every.where(tuple_(*key) <= tuple_(*last))) != _digest(there, every):
            there.execute(delete(table))
            last = None
    lacking = every if last is None else every.where(tuple_(*key) > tuple_(*last))
    rows = here.execute(lacking.execution_options(yield_per=AT_ONCE)).mappings().partitions()
    portions = ([dict(row) for row in portion] for portion in rows)
    if PARENT in table.columns:
        yield from ([row] for row in _parents_first([row for portion in portions for row in portion]))
        return
    yield from portions


def _digest(connection: Connection, rows: Select[Any]) -> tuple[int, str]:
    """How many rows there are, and a digest of them all in whatever order: what a server sorts by is its own matter.

    They are read in portions; the connection itself stays as it was, for it deletes too.
    """
    count, total = 0, 0
    for row in connection.execute(rows.execution_options(yield_per=AT_ONCE)):
        line = json.dumps([_told(value) for value in row], ensure_ascii=False)
        total += int.from_bytes(hashlib.sha256(line.encode()).digest(), "big")
        count += 1
    return count, f"{total % 2**256:064x}"


def _told(value: object) -> object:
    if isinstance(value, bytes | memoryview):
        return bytes(value).hex()
    return value.isoformat() if isinstance(value, date) else value


def _parents_first(rows: Sequence[dict[str, object]]) -> Iterator[dict[str, object]]:
    """Rows of a tree, each after the one that it hangs from."""
    left, placed = list(rows), set()
    while left:
        ready = [row for row in left if row[PARENT] is None or row[PARENT] in placed]
        if not ready:  # a circle, which the database refuses
            ready = left
        yield from ready
        placed |= {row["id"] for row in ready}
        left = [row for row in left if row["id"] not in placed]
