"""The triggers of `guards` in a database: create, drop, missing. A table that is rebuilt by a migration loses its triggers."""

from __future__ import annotations

from sqlalchemy.engine import Connection

from assessments.storage.dialects.known import dialect_of
from assessments.storage.guards import LATER


def create(connection: Connection) -> None:
    """Makes those that are not there yet, of the tables and columns that are: later migrations add them with theirs."""
    dialect = dialect_of(connection.engine.url)
    there = dialect.triggers(connection)
    columns = {trigger.table: dialect.columns_of(connection, trigger.table) for trigger in dialect.guards.values()}
    for name, statement in dialect.trigger_statements().items():
        table, column = LATER.get(name, (dialect.guards[name].table, ""))
        is_its_time = column in columns[table] if column else bool(columns[table])
        if name not in there and is_its_time:
            connection.connection.cursor().execute(statement)


def drop(connection: Connection, name: str) -> None:
    """Takes one away that is to be made anew; a migration does that, for `create` leaves what is there."""
    connection.connection.cursor().execute(dialect_of(connection.engine.url).dropping(name))


def missing(connection: Connection) -> tuple[str, ...]:
    """Names of triggers that are not there, or not as they were made."""
    dialect = dialect_of(connection.engine.url)
    there = dialect.triggers(connection)
    return tuple(name for name, statement in dialect.trigger_statements().items() if there.get(name) != statement)
