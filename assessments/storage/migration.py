"""Bringing a database up to this program: upgrade, backup. A newer one is refused, an older one backed up first."""

from __future__ import annotations

import os
import re
import secrets
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import MetaData, insert, inspect, text
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.exc import OperationalError

from assessments.errors import AssessmentError, NewerDatabaseError
from assessments.storage import append_only, walls
from assessments.storage.account_tables import UnitRow
from assessments.storage.dialects.dialect import Dialect
from assessments.storage.failures import damaged
from assessments.storage.tables import Table, table_of
from questionnaires.texts import texts_of

if TYPE_CHECKING:
    from alembic.config import Config

TEXTS = texts_of(__file__)
SCRIPTS = Path(__file__).parent / "migrations"
VERSION_TABLE = "alembic_version"
_STATED = re.compile(r"""^(revision|down_revision) = ["'](\w+)["']$""", re.MULTILINE)
"""Where a step of ours says which state it makes, and of which."""
FORMER = {"0030": "0004", "0020": "0005"}
"""State as release 0.2.0 numbered it → the same state as it is numbered since."""


def upgrade(reading: Engine, writing: Engine, dialect: Dialect) -> None:
    """Looks whether the file is whole; runs what is missing, under the write lock, all or nothing; then checks the triggers.

    reading, writing: engines on the same database; transactions of `writing` take the write lock at once.

    Raises: NewerDatabaseError; AssessmentError where the file is damaged or another program's, or a trigger is missing.
    """
    own = head()
    with reading.connect() as connection:
        before = _current(connection)
        if dialect.is_damaged(connection):
            raise damaged()
    file = dialect.file_of(reading.url)
    if before != own and before is not None and file is not None:
        backup(file, _backup_path(file, before))
    with writing.connect() as connection, _loose_references(connection, dialect), connection.begin():
        if _current(connection) != own:
            if before in FORMER:
                _renumber(connection, before, FORMER[before])
            config = _config()
            config.attributes["connection"] = connection
            from alembic import command

            if before is None and dialect.starts_with_all_tables:
                _create_all(connection)
                command.stamp(config, "head")
                append_only.create(connection)
            command.upgrade(config, "head")
            walls.create(connection)
            _check_references(dialect.broken_references(connection))
        _check_triggers(connection)


def state(connection: Connection) -> str | None:
    """Of a database, by its number. None: it is not prepared."""
    if not inspect(connection).has_table(VERSION_TABLE):
        return None
    number: str | None = connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar()
    return number


def check_known(connection: Connection) -> None:
    """The state of the database is one that this program knows; a newer server may have changed it meanwhile.

    Raises: NewerDatabaseError.
    """
    try:
        state = connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar()
    except OperationalError as error:  # no such table: whoever reads on is told that nothing is prepared
        if error.connection_invalidated:  # the server is gone
            raise
        return
    if state is not None and not is_known(state):
        raise _newer(state)


def is_at_head(connection: Connection) -> bool:
    """Whether the tables are those of this program, no earlier ones and no later ones."""
    return _current(connection) == head()


@cache
def _known(scripts: Path) -> tuple[frozenset[str], str]:
    """Every state that this program knows, and its own, which no other follows.

    Read as text: a server and each command ask for it, and Alembic, which runs the steps, takes longer to load than they to begin.
    """
    steps = [dict(_STATED.findall(file.read_text("utf-8"))) for file in (scripts / "versions").glob("*.py")]
    states = {step["revision"] for step in steps}
    (last,) = states - {step.get("down_revision") for step in steps}
    return frozenset(states), last


def every_table() -> MetaData:
    """Of all modules here, some of which declare a table beside its statements."""
    for module in Path(__file__).parent.glob("[!_]*.py"):
        import_module(f"{__package__}.{module.stem}")
    return Table.metadata


def is_known(state: str) -> bool:
    """Whether this program can bring a database of that state up to its own."""
    return state in FORMER or state in _known(SCRIPTS)[0]


def head() -> str:
    """The state that this program brings a database to."""
    return _known(SCRIPTS)[1]


def backup(source: Path, target: Path) -> Path:
    """A complete copy through SQLite itself, for a copied file can miss committed rows; only the owner may read it."""
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = target.with_name(f".{target.name}.{secrets.token_hex(4)}")
    os.close(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    try:
        with closing(sqlite3.connect(source)) as old, closing(sqlite3.connect(draft)) as new:
            old.backup(new)
        draft.rename(target)
    finally:
        draft.unlink(missing_ok=True)
    return target


def complete(connection: Connection, dialect: Dialect) -> None:
    """Makes a database of tables that were filled by hand: triggers, numbers that go on, version."""
    from alembic import command

    tables = every_table().sorted_tables
    dialect.go_on_counting(connection, [table.name for table in tables if "id" in table.primary_key.columns])
    append_only.create(connection)
    walls.create(connection)
    config = _config()
    config.attributes["connection"] = connection
    command.stamp(config, "head")
    _check_triggers(connection)


@contextmanager
def _loose_references(connection: Connection, dialect: Dialect) -> Iterator[None]:
    dialect.loosen_references(connection, are_loose=True)
    try:
        yield
    finally:
        dialect.loosen_references(connection, are_loose=False)


def _create_all(connection: Connection) -> None:
    """Every table with what the migrations would have put into them: the first unit, whose number the next one follows."""
    every_table().create_all(connection)
    name = " · ".join(TEXTS["first_unit"][language] for language in ("ko", "en"))
    connection.execute(insert(table_of(UnitRow)).values(name=name))


def _config() -> Config:
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(SCRIPTS).replace("%", "%%"))
    return config


def _current(connection: Connection) -> str | None:
    """None: an empty database. Raises: NewerDatabaseError; AssessmentError where the tables are not Haetae's."""
    revision = state(connection)
    if revision is None and inspect(connection).get_table_names():
        raise AssessmentError(TEXTS.told("foreign_tables"))
    if revision is not None and not is_known(revision):
        raise _newer(revision)
    return revision


def _renumber(connection: Connection, former: str, state: str) -> None:
    statement = text("UPDATE alembic_version SET version_num = :state WHERE version_num = :former")
    connection.execute(statement, {"state": state, "former": former})


def _newer(state: str) -> NewerDatabaseError:
    return NewerDatabaseError(TEXTS.told("newer_database", state=state, head=head()))


def _backup_path(database: Path, before: str) -> Path:
    moment = datetime.now(UTC).strftime("%Y%m%dT%H%M%S%fZ")
    return database.parent / "backups" / f"{database.stem}-{before}-{moment}.db"


def _check_references(broken: int) -> None:
    if broken:
        raise AssessmentError(TEXTS.told("broken_references", count=broken))


def _check_triggers(connection: Connection) -> None:
    missing = (*append_only.missing(connection), *walls.missing(connection))
    if missing:
        raise AssessmentError(TEXTS.told("history_unprotected", missing=", ".join(missing)))
