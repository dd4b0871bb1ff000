"""The database: `transaction()` for deeds, `reading()` for looking, `prepare()` once at start; `is_damaged()` after trouble.

SQLite in the home folder unless HAETAE_DATABASE_URL names another place; what differs between kinds of databases stands in
`dialects`. `transaction()` takes the write lock at once, with 30 s of patience, so that what a deed checks still holds when
it writes; `reading()` sees one moment and never waits behind a writer.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Collection, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from sqlalchemy.engine import Connection, Engine, make_url
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlmodel import Session

from assessments import timing
from assessments.errors import AssessmentError
from assessments.home import home
from assessments.storage import evidence_files, migration, walls
from assessments.storage.dialects.dialect import ASIDE, BUSY_SECONDS, PATIENCE, REACH, WRITES
from assessments.storage.dialects.known import dialect_of
from assessments.storage.failures import damaged, explained, too_busy
from questionnaires.problems import InvalidFileError

__all__ = [
    "BUSY_SECONDS",
    "Database",
    "Session",
    "aside",
    "configure",
    "is_damaged",
    "is_on_server",
    "leave",
    "open_database",
    "prepare",
    "reading",
    "transaction",
]

OWNER = "HAETAE_DATABASE_OWNER_URL"
"""Variable of the environment: address of a server with the user that owns the tables."""
SOUND_SECONDS = 60
"""How long the result of a full-file check is reused, so that repeated errors do not each read the whole file."""
SNAPSHOT = "haetae_snapshot"
"""In the info of a session that only reads: what it reads stays the same until its end."""


class Database:
    """One database; thread-safe."""

    def __init__(self, url: str) -> None:
        self.url = make_url(url)
        self.dialect = dialect_of(self.url)
        self.engine = self.dialect.engine(self.url)
        self._writing = self.engine.execution_options(**{WRITES: True})
        self._turn = threading.Lock()
        self._writer: int | None = None
        self._looked: tuple[float, bool] | None = None

    @property
    def path(self) -> str | None:
        """Path of the database file. None: in memory, or on a server."""
        file = self.dialect.file_of(self.url)
        return str(file) if file else None

    @property
    def is_in_memory(self) -> bool:
        """It is gone with this process, as in examples and tests."""
        return self.dialect.name == "sqlite" and self.path is None

    @property
    def is_there(self) -> bool:
        """Whether anything was ever kept in it; a file is not made by looking."""
        if self.path is not None:
            return Path(self.path).is_file()
        if self.is_in_memory:
            return False
        with explained(), self.engine.connect() as connection:
            return migration.state(connection) is not None

    @property
    def name(self) -> str:
        """Its file, below the home folder where it lies there; of a server host and database. Empty: in memory."""
        if self.path is None:
            return "" if self.is_in_memory else f"{self.url.host or ''}/{self.url.database}"
        file, folder = Path(self.path).resolve(), home()
        return str(file.relative_to(folder) if file.is_relative_to(folder) else file)

    @contextmanager
    def transaction(
        self, patience_seconds: float = BUSY_SECONDS, reach: Collection[int] | None = None
    ) -> Iterator[Session]:
        """One atomic deed: commits at the end, rolls back on any exception.

        patience_seconds: how long to wait for other writers, first of this process, then of other processes.
        reach: the units at which whoever began it holds a role; where the database has walls, nothing outside them and those
        below is in it. None: it is the program's own work.

        Raises: AssessmentError if nothing could be saved (disk full, no permission, too busy), with the remedy.
        """
        options, began = {PATIENCE: patience_seconds, REACH: reach}, time.perf_counter()
        engine = self._writing.execution_options(**options)
        with self._one_writer(patience_seconds), explained(), self._damage_reported(), _session(engine) as session:
            session.info[evidence_files.DATABASE] = self.name
            walls.note(session, reach)
            try:
                migration.check_known(session.connection())
                timing.took(timing.WRITE_WAIT, time.perf_counter() - began)
                yield session
                session.flush()
            except BaseException:
                session.rollback()
                evidence_files.undo(session.info)
                raise
            try:
                session.commit()
            except BaseException as error:
                session.rollback()
                if _is_surely_undone(error):  # else its files stay with their marks, by which the next start decides
                    evidence_files.undo(session.info)
                raise
            evidence_files.carry_out(session.info)

    @contextmanager
    def reading(self, reach: Collection[int] | None = None) -> Iterator[Session]:
        """A consistent snapshot of the database; writes inside it are discarded. reach: as in `transaction`."""
        began = time.perf_counter()
        engine = self.engine if reach is None else self.engine.execution_options(**{REACH: reach})
        with explained(), self._damage_reported(), _session(engine, autoflush=False) as session:
            walls.note(session, reach)
            migration.check_known(session.connection())
            timing.took(timing.READ_WAIT, time.perf_counter() - began)
            session.info[SNAPSHOT] = True
            yield session
            self.dialect.end_reading(session.connection())

    @contextmanager
    def aside(self) -> Iterator[Connection]:
        """A transaction that waits for no other writer, for what is no part of any record; where several servers share a database."""
        with explained(), self.engine.execution_options(**{ASIDE: True}).begin() as connection:
            yield connection

    @contextmanager
    def copying(self) -> Iterator[Connection]:
        """A transaction on a database that is not complete yet, which nobody else has opened: `assessments.keeping.moving`."""
        with explained(), self._writing.begin() as connection:
            yield connection

    def is_damaged(self) -> bool:
        """Whether the database finds itself damaged; asked at most once a minute."""
        now = time.monotonic()
        if self._looked is None or now - self._looked[0] > SOUND_SECONDS:
            self._looked = (now, self._quick_check())
        return self._looked[1]

    def _quick_check(self) -> bool:
        if self.path is not None and not self.is_there:
            return False  # and no file is made by looking
        try:
            with self.engine.connect() as connection:
                return self.dialect.is_damaged(connection)
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
            migration.upgrade(self.engine, self._writing, self.dialect)

    def write_back(self) -> bool:
        """Sees to it that erased data is gone from all the database's files. False: blocked by a reader."""
        with explained():
            return self.dialect.write_back(self.engine)

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


def _is_surely_undone(error: BaseException) -> bool:
    """Whether a commit that failed saved nothing: the database said so. A server that is gone may have saved it before."""
    return isinstance(error, DBAPIError) and not error.connection_invalidated


def _session(engine: Engine, *, autoflush: bool = True) -> Session:
    """Objects are always re-read, because some rows are written by plain SQL behind the ORM's back."""
    return Session(engine, expire_on_commit=False, autoflush=autoflush, execution_options={"populate_existing": True})


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
    """Configures the database and migrates its tables. Raises: like Database.prepare.

    On a server as the owner of the tables that HAETAE_DATABASE_OWNER_URL names: the program's own user then owns nothing, and
    can neither change a table nor take a trigger away.
    """
    database, owner = configure(url), os.environ.get(OWNER)
    if owner and database.path is None and not database.is_in_memory:
        with closing(Database(owner)) as owned:
            owned.prepare()
            with owned.copying() as connection:
                owned.dialect.grant(connection, database.url.username or "")
    database.prepare()
    return database


def is_damaged() -> bool:
    """Like Database.is_damaged, for the database in use; False if there is none."""
    with _Current.lock:
        database = _Current.database
    return database is not None and database.is_damaged()


def is_on_server() -> bool:
    """Whether the database in use lies on a server, which several programs on any machine may share."""
    used = current()
    return used.path is None and not used.is_in_memory


def current() -> Database:
    """The database in use; the default one if none was configured."""
    with _Current.lock:
        if _Current.database is None:
            _Current.database = open_database()
        return _Current.database


@contextmanager
def transaction(patience_seconds: float = BUSY_SECONDS, reach: Collection[int] | None = None) -> Iterator[Session]:
    """Like Database.transaction, on the database in use."""
    with current().transaction(patience_seconds, reach) as session:
        yield session


@contextmanager
def aside() -> Iterator[Connection]:
    """Like Database.aside, on the database in use."""
    with current().aside() as connection:
        yield connection


@contextmanager
def reading(reach: Collection[int] | None = None) -> Iterator[Session]:
    """Like Database.reading, on the database in use."""
    with current().reading(reach) as session:
        yield session
