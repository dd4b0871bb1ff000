"""Bringing a database up to this program: upgrade, backup. A newer one is refused, an older one backed up first."""

from __future__ import annotations

import os
import secrets
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect, text
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.exc import DatabaseError, OperationalError

from assessments.errors import AssessmentError, NewerDatabaseError
from assessments.storage import append_only
from assessments.storage.failures import damaged
from questionnaires.texts import texts_of

TEXTS = texts_of(__file__)
SCRIPTS = Path(__file__).parent / "migrations"
FORMER = {"0030": "0004", "0020": "0005"}
"""State as release 0.2.0 numbered it → the same state as it is numbered since."""


def upgrade(reading: Engine, writing: Engine, file: Path | None) -> None:
    """Looks whether the file is whole; runs what is missing, under the write lock, all or nothing; then checks the triggers.

    reading, writing: engines on the same database; transactions of `writing` take the write lock at once.
    file: where it lies. None: in memory.

    Raises: NewerDatabaseError; AssessmentError where the file is damaged or another program's, or a trigger is missing.
    """
    own = head()
    with reading.connect() as connection:
        before = _current(connection)
        if is_damaged(connection):
            raise damaged()
    if before != own and before is not None and file is not None:
        backup(file, _backup_path(file, before))
    with writing.connect() as connection, _loose_references(connection), connection.begin():
        if _current(connection) != own:
            if before in FORMER:
                _renumber(connection, before, FORMER[before])
            config = _config()
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
            _check_references(connection)
        _check_triggers(connection)


def is_damaged(connection: Connection) -> bool:
    """What SQLite's quick check of the whole file finds; it reads every page once."""
    try:
        return bool(connection.exec_driver_sql("PRAGMA quick_check(1)").scalar() != "ok")
    except OperationalError:
        raise  # full, locked or gone
    except DatabaseError:
        return True


def check_known(connection: Connection) -> None:
    """The state of the database is one that this program knows; a newer server may have changed it meanwhile.

    Raises: NewerDatabaseError.
    """
    try:
        state = connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar()
    except OperationalError:  # no such table: whoever reads on is told that nothing is prepared
        return
    if state is not None and not is_known(state):
        raise _newer(state)


def is_at_head(connection: Connection) -> bool:
    """Whether the tables are those of this program, no earlier ones and no later ones."""
    return _current(connection) == head()


@cache
def _known(scripts: Path) -> tuple[frozenset[str], str | None]:
    """Every state that this program knows, and its own."""
    known = ScriptDirectory(str(scripts))
    return frozenset(script.revision for script in known.walk_revisions()), known.get_current_head()


def is_known(state: str) -> bool:
    """Whether this program can bring a database of that state up to its own."""
    return state in FORMER or state in _known(SCRIPTS)[0]


def head() -> str:
    """The state that this program brings a database to."""
    return _known(SCRIPTS)[1] or ""


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


@contextmanager
def _loose_references(connection: Connection) -> Iterator[None]:
    """Foreign keys off, which only works outside a transaction: a rebuilt table must not drag its children along."""
    raw = connection.connection.cursor()
    raw.execute("PRAGMA foreign_keys = OFF")
    try:
        yield
    finally:
        raw.execute("PRAGMA foreign_keys = ON")
        raw.close()


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(SCRIPTS).replace("%", "%%"))
    return config


def _current(connection: Connection) -> str | None:
    """None: an empty database. Raises: NewerDatabaseError; AssessmentError where the tables are not Haetae's."""
    revision = MigrationContext.configure(connection).get_current_revision()
    if revision is None and inspect(connection).get_table_names():
        raise AssessmentError(TEXTS.told("foreign_tables"))
    if revision is not None and not is_known(revision):
        raise _newer(revision)
    return revision


def _renumber(connection: Connection, former: str, state: str) -> None:
    connection.exec_driver_sql("UPDATE alembic_version SET version_num = ? WHERE version_num = ?", (state, former))


def _newer(state: str) -> NewerDatabaseError:
    return NewerDatabaseError(TEXTS.told("newer_database", state=state, head=head()))


def _backup_path(database: Path, before: str) -> Path:
    moment = datetime.now(UTC).strftime("%Y%m%dT%H%M%S%fZ")
    return database.parent / "backups" / f"{database.stem}-{before}-{moment}.db"


def _check_references(connection: Connection) -> None:
    broken = connection.execute(text("PRAGMA foreign_key_check")).fetchall()
    if broken:
        raise AssessmentError(TEXTS.told("broken_references", count=len(broken)))


def _check_triggers(connection: Connection) -> None:
    missing = append_only.missing(connection)
    if missing:
        raise AssessmentError(TEXTS.told("history_unprotected", missing=", ".join(missing)))
