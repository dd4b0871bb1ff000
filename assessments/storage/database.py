"""The database: `transaction()` for deeds, `reading()` for looking, `prepare()` once at start; `is_damaged()` after trouble.

SQLite unless HAETAE_DATABASE_URL names another place: WAL, synchronous=FULL (an approval must not vanish with
the power), foreign keys on, 30 s of patience. `transaction()` takes the write lock at once (BEGIN IMMEDIATE), so
that what a deed checks still holds when it writes; `reading()` sees one moment and never waits behind a writer.
"""

from __future__ import annotations

import os
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from sqlalchemy import create_engine, event
from sqlalchemy.engine import Connection, Engine, make_url
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.pool import StaticPool
from sqlmodel import Session

from assessments import timing
from assessments.errors import AssessmentError
from assessments.home import home
from assessments.storage import evidence_files, migration, searching
from assessments.storage.failures import damaged, explained, too_busy
from questionnaires.problems import InvalidFileError
from questionnaires.texts import texts_of

TEXTS = texts_of(__file__)


__all__ = [
    "Database",
    "Session",
    "configure",
    "is_damaged",
    "leave",
    "open_database",
    "prepare",
    "reading",
    "transaction",
]

BUSY_SECONDS = 30
SOUND_SECONDS = 60
"""How long the result of a full-file check is reused, so that repeated errors do not each read the whole file."""
SNAPSHOT = "haetae_snapshot"
"""In the info of a session that only reads: what it reads stays the same until its end."""
_WRITES = "haetae_writes"
_PATIENCE = "haetae_patience_seconds"


class Database:
    """One database; thread-safe."""

    def __init__(self, url: str) -> None:
        self.url = make_url(url)
        if self.url.get_backend_name() != "sqlite":
            raise AssessmentError(TEXTS.told("not_sqlite", kind=self.url.get_backend_name()))
        self.engine = _engine(url, in_memory=self.path is None)
        self._writing = self.engine.execution_options(**{_WRITES: True})
        self._turn = threading.Lock()
        self._writer: int | None = None
        self._looked: tuple[float, bool] | None = None

    @property
    def path(self) -> str | None:
        """Path of the database file. None: in memory."""
        name = self.url.database
        return None if not name or name == ":memory:" else name

    @property
    def name(self) -> str:
        """Its file, below the home folder where it lies there. Empty: in memory."""
        if self.path is None:
            return ""
        file, folder = Path(self.path).resolve(), home()
        return str(file.relative_to(folder) if file.is_relative_to(folder) else file)

    @contextmanager
    def transaction(self, patience_seconds: float = BUSY_SECONDS) -> Iterator[Session]:
        """One atomic deed: commits at the end, rolls back on any exception.

        patience_seconds: how long to wait for other writers, first of this process, then of other processes.

        Raises: AssessmentError if nothing could be saved (disk full, no permission, too busy), with the remedy.
        """
        engine, began = self._writing.execution_options(**{_PATIENCE: patience_seconds}), time.perf_counter()
        with self._one_writer(patience_seconds), explained(), self._damage_reported(), _session(engine) as session:
            session.info[evidence_files.DATABASE] = self.name
            try:
                migration.check_known(session.connection())
                timing.took(timing.WRITE_WAIT, time.perf_counter() - began)
                yield session
                session.commit()
            except BaseException:
                session.rollback()
                evidence_files.undo(session.info)
                raise
            evidence_files.carry_out(session.info)

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A consistent snapshot of the database; writes inside it are discarded."""
        began = time.perf_counter()
        with explained(), self._damage_reported(), _session(self.engine, autoflush=False) as session:
            migration.check_known(session.connection())
            timing.took(timing.READ_WAIT, time.perf_counter() - began)
            session.info[SNAPSHOT] = True
            yield session

    def is_damaged(self) -> bool:
        """Whether SQLite's quick_check finds the file damaged; runs at most once a minute."""
        now = time.monotonic()
        if self._looked is None or now - self._looked[0] > SOUND_SECONDS:
            self._looked = (now, self._quick_check())
        return self._looked[1]

    def _quick_check(self) -> bool:
        try:
            with self.engine.connect() as connection:
                return migration.is_damaged(connection)
        except OperationalError:  # it cannot be opened: full, locked or gone, which is said where it is met
            return False
        except DBAPIError:
            return True

    @contextmanager
    def _damage_reported(self) -> Iterator[None]:
        """Corrupt rows can raise any error; if the file is damaged, the damage is reported instead."""
        try:
            yield
        except (AssessmentError, InvalidFileError, DBAPIError):
            raise
        except Exception as error:
            if self.is_damaged():
                raise damaged() from error
            raise

    def prepare(self) -> None:
        """Migrates the tables to this program's version, after a backup.

        Raises: NewerDatabaseError; AssessmentError if the file is damaged or no Haetae database, or a trigger is missing.
        """
        with explained():
            migration.upgrade(self.engine, self._writing, Path(self.path) if self.path else None)

    def write_back(self) -> bool:
        """Checkpoints and truncates the WAL, so that erased data is in neither file. False: blocked by a reader."""
        with explained(), self.engine.connect() as connection:
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

    def close(self) -> None:
        self.engine.dispose()

    @contextmanager
    def _one_writer(self, patience_seconds: float) -> Iterator[None]:
        """Queues the writers of this process, which is fairer than SQLite's busy waiting; other processes wait for the file lock."""
        me = threading.get_ident()
        if self._writer == me:
            raise RuntimeError("transaction() inside transaction(): a deed is one act; pass the session on.")
        if not self._turn.acquire(timeout=patience_seconds):
            raise too_busy()
        self._writer = me
        try:
            yield
        finally:
            self._writer = None
            self._turn.release()


def _session(engine: Engine, *, autoflush: bool = True) -> Session:
    """Objects are always re-read, because some rows are written by plain SQL behind the ORM's back."""
    return Session(engine, expire_on_commit=False, autoflush=autoflush, execution_options={"populate_existing": True})


def _engine(url: str, *, in_memory: bool) -> Engine:
    arguments: dict[str, Any] = {"connect_args": {"timeout": BUSY_SECONDS, "check_same_thread": False}}
    if in_memory:
        arguments["poolclass"] = StaticPool
    else:
        arguments |= {"pool_size": 10, "max_overflow": 40, "pool_timeout": BUSY_SECONDS}
    engine = create_engine(url, **arguments)
    if not in_memory:
        event.listen(engine, "do_connect", _made_private)
    event.listen(engine, "connect", _connected)
    event.listen(engine, "begin", _begin)
    return engine


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
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin(connection: Connection) -> None:
    options = connection.get_execution_options()
    if not options.get(_WRITES, False):
        connection.exec_driver_sql("BEGIN")
        return
    patience = options.get(_PATIENCE, BUSY_SECONDS)
    if patience == BUSY_SECONDS:
        connection.exec_driver_sql("BEGIN IMMEDIATE")
        return
    connection.exec_driver_sql(f"PRAGMA busy_timeout = {int(patience * 1000)}")
    try:
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    finally:
        connection.exec_driver_sql(f"PRAGMA busy_timeout = {BUSY_SECONDS * 1000}")


# --- the database of this installation ------------------------------------------------------------------


class _Current:
    """The database in use, and the lock that guards replacing it."""

    database: Database | None = None
    lock = threading.Lock()


def default_url() -> str:
    """The URL in HAETAE_DATABASE_URL, else that of haetae.db in the home folder."""
    return os.environ.get("HAETAE_DATABASE_URL") or f"sqlite:///{home() / 'haetae.db'}"


def open_database(url: str | None = None) -> Database:
    """A separate database, not the one that this module's `transaction()` and `reading()` use."""
    return Database(url or default_url())


def configure(url: str | None = None) -> Database:
    """Makes this the database that `transaction()` and `reading()` use."""
    database = open_database(url)
    with _Current.lock:
        before, _Current.database = _Current.database, database
    if before is not None:
        before.close()
    return database


def leave() -> None:
    """Closes the database in use; the next one is opened when configured or first needed."""
    with _Current.lock:
        before, _Current.database = _Current.database, None
    if before is not None:
        before.close()


def prepare(url: str | None = None) -> Database:
    """Configures the database and migrates its tables. Raises: like Database.prepare."""
    database = configure(url)
    database.prepare()
    return database


def is_damaged() -> bool:
    """Like Database.is_damaged, for the database in use; False if there is none."""
    with _Current.lock:
        database = _Current.database
    return database is not None and database.is_damaged()


def current() -> Database:
    """The database in use; the default one if none was configured."""
    with _Current.lock:
        if _Current.database is None:
            _Current.database = open_database()
        return _Current.database


@contextmanager
def transaction(patience_seconds: float = BUSY_SECONDS) -> Iterator[Session]:
    """Like Database.transaction, on the database in use."""
    with current().transaction(patience_seconds) as session:
        yield session


@contextmanager
def reading() -> Iterator[Session]:
    """Like Database.reading, on the database in use."""
    with current().reading() as session:
        yield session
