"""What a database has to be able to do: Dialect."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Protocol

from sqlalchemy.engine import URL, Connection, Engine

from assessments.storage.guards import Trigger

WRITES = "haetae_writes"
"""Execution option of an engine whose transactions take the write lock at once."""
PATIENCE = "haetae_patience_seconds"
"""Execution option: how long to wait for it, in seconds; BUSY_SECONDS where it is not set."""
ASIDE = "haetae_aside"
"""Execution option: writes, and waits for no other writer; for what is no part of any record."""
REACH = "haetae_reach"
"""Execution option: the units at which whoever begins the transaction holds a role; None: it is the program's own work."""
BUSY_SECONDS = 30


class Dialect(Protocol):
    """One kind of database. Every method raises what SQLAlchemy raises."""

    name: str
    guards: Mapping[str, Trigger]
    """Name → trigger: those that every database has, and its own."""
    starts_with_all_tables: bool
    """A new one gets the tables as they are today; elsewhere they are made by all migrations, one after the other."""

    is_shared: bool
    """Whether servers on several machines may use it at once."""

    def engine(self, url: URL) -> Engine:
        """Transactions of it see one moment and write nothing; with `WRITES` they wait for all other writers."""

    def end_reading(self, connection: Connection) -> None:
        """At the good end of a transaction that only read, before it is rolled back like every one that is not committed."""

    def file_of(self, url: URL) -> Path | None:
        """The file that holds everything. None: in memory, or on a server that keeps it."""

    def is_damaged(self, connection: Connection) -> bool:
        """What the database itself finds wrong with what it holds."""

    def triggers(self, connection: Connection) -> dict[str, str]:
        """Name → how it was made, of every trigger that is there."""

    def trigger_statements(self) -> dict[str, str]:
        """Name → how it has to be made, of every one of `guards`."""

    def walls(self, connection: Connection) -> dict[str, str]:
        """Table → the wall around its rows (`walls`), of every one that is there."""

    def wall_statements(self) -> dict[str, tuple[str, str]]:
        """Table → its wall, as `walls` tells it, and the statement that builds it; empty where there are none."""

    def lower(self, connection: Connection) -> str:
        """Until `raise_again` the transaction sees everything. Returns what that is to be told."""

    def raise_again(self, connection: Connection, reach: str) -> None:
        """The transaction sees what it saw before `lower`."""

    def dropping(self, name: str) -> str:
        """The statement that takes a trigger away, if it is there."""

    def columns_of(self, connection: Connection, table: str) -> set[str]:
        """Names; empty where there is no such table."""

    def loosen_references(self, connection: Connection, *, are_loose: bool) -> None:
        """Outside a transaction: a table that a migration rebuilds must not drag its children along."""

    def broken_references(self, connection: Connection) -> int:
        """How many rows refer to one that is not there."""

    def grant(self, connection: Connection, user: str) -> None:
        """Lets a user who owns no table read and write rows, and of what is append-only only add some."""

    def worded(self, statement: str) -> str:
        """A statement in SQLite's words in those of this database: lists in JSON, texts and objects joined from rows."""

    def go_on_counting(self, connection: Connection, tables: Sequence[str]) -> None:
        """Of rows that were put in with their `id`: the next one of each table gets a number beyond all of them."""

    def write_back(self, engine: Engine) -> bool:
        """Sees to it that erased data is gone from what the database keeps beside its tables. False: somebody reads it still."""
