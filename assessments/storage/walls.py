"""A second wall beneath the rights, on databases that can build one: of a transaction that a person began, the database itself
shows and takes only rows of the units that they reach, whatever statement is put to it. create, missing, lowered.

Which tables have one says `walled`. A transaction says whom it is for when it begins (`dialects`); one that says nothing sees
no row of these tables. SQLite has no walls: whoever has its file has everything.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager

from sqlalchemy.engine import Connection
from sqlmodel import Session

from assessments.storage.dialects.known import dialect_of

WALLED = "haetae_walled"
"""In the info of a session that a person began."""


def create(connection: Connection) -> None:
    """Builds those that are not there, or not as they have to be; of tables that are not there yet a later migration does."""
    dialect = dialect_of(connection.engine.url)
    there = dialect.walls(connection)
    for table, (wall, statement) in dialect.wall_statements().items():
        if there.get(table) != wall and dialect.columns_of(connection, table):
            connection.connection.cursor().execute(statement)


def missing(connection: Connection) -> tuple[str, ...]:
    """Names of walls that are not there, or not as they were built, and of those that nobody built here."""
    dialect = dialect_of(connection.engine.url)
    there, wanted = dialect.walls(connection), dialect.wall_statements()
    return tuple(
        f"{table}_wall"
        for table in sorted({*there, *wanted})
        if table not in wanted or there.get(table) != wanted[table][0]
    )


def note(session: Session, reach: Collection[int] | None) -> None:
    """Of a transaction that has just been begun. reach: None where it is the program's own."""
    if reach is not None:
        session.info[WALLED] = True


@contextmanager
def lowered(session: Session) -> Iterator[None]:
    """What is of the whole installation, such as the chain of the history, is read as it is, whoever began the transaction."""
    if WALLED not in session.info:
        yield
        return
    dialect, connection = dialect_of(session.connection().engine.url), session.connection()
    reach = dialect.lower(connection)
    del session.info[WALLED]
    try:
        yield
    finally:
        session.info[WALLED] = True
        dialect.raise_again(connection, reach)
