"""A PostgreSQL of the tests' own, for the tests that run on both databases: is_meant, fresh, kept.

Each process that runs tests has its server, as an ordinary user, on a socket in a temporary folder; it does not wait for the
disk, for no test pulls its plug. Each test has a database of its own, copied from one that is prepared.
"""

from __future__ import annotations

import atexit
import os
import pwd
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from itertools import count
from pathlib import Path
from tempfile import mkdtemp

import psycopg
from psycopg.sql import SQL, Identifier
from sqlalchemy.engine import URL

from assessments.storage.database import Database

VARIABLE = "HAETAE_TEST_DATABASE"
"""`postgresql`: the tests that keep something run on it; else on SQLite."""
_HURRIED = (
    *("fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_connections=120"),
    *("wal_level=minimal", "max_wal_senders=0", "max_wal_size=256MB", "autovacuum=off"),
)
_ROOM_BYTES = 2 * 2**30
USER = "haetae"
ACTING = USER
"""Who the program under test is; a test may make it the owner of the tables."""
_NUMBERS = count(1)
_MINE: list[str] = []


def is_meant() -> bool:
    return os.environ.get(VARIABLE) == "postgresql"


def programs() -> Path | None:
    """Where the server's programs are; the newest. None: nowhere."""
    places = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda place: int(place.parts[-3]))
    return places[-1].parent if places else None


def as_its_user(*command: str) -> list[str]:
    """A server refuses to run as root."""
    return ["runuser", "-u", "postgres", "--", *command] if os.geteuid() == 0 else list(command)


def _in_memory() -> Path | None:
    """Where files lie in memory, if there is room: a database is 400 files, which a disk's file system takes longer to make and to
    delete than the server to fill. None: nowhere."""
    memory = Path("/dev/shm")
    return memory if memory.is_dir() and shutil.disk_usage(memory).free > _ROOM_BYTES else None


class Server:
    """One that runs as long as this process. folder: holds the data and the socket; made where none is given."""

    def __init__(self, *settings: str, folder: Path | None = None, small: bool = False) -> None:
        """small: for a disk of a hundred megabytes."""
        own = programs()
        if own is None:
            raise FileNotFoundError("PostgreSQL is not installed (Debian: apt install postgresql)")
        self._programs, self.folder = own, folder or Path(mkdtemp(prefix="haetae-pg-", dir=_in_memory()))
        if os.geteuid() == 0:
            user = pwd.getpwnam("postgres")
            os.chown(self.folder, user.pw_uid, user.pw_gid)
        self._settings = ("listen_addresses=", f"unix_socket_directories={self.folder}", *settings)
        made = ("--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "--username=owner", "--no-sync")
        self._run("initdb", "-D", self._data, *made, *(("--wal-segsize=1",) if small else ()))
        self.start()
        atexit.register(self._remove)

    @property
    def _data(self) -> str:
        return str(self.folder / "data")

    def _run(self, program: str, *arguments: str, is_needed: bool = True) -> None:
        command = as_its_user(str(self._programs / program), *arguments)
        told = None if is_needed else subprocess.DEVNULL
        subprocess.run(command, check=is_needed, stdout=subprocess.DEVNULL, stderr=told, cwd="/")

    def start(self) -> None:
        settings = " ".join(f"-c {setting}" for setting in self._settings)
        self._run("pg_ctl", "-D", self._data, "-l", str(self.folder / "log"), "-o", settings, "-w", "start")

    @property
    def process(self) -> int:
        """The id of its first process."""
        return int((self.folder / "data" / "postmaster.pid").read_text().split()[0])

    def kill(self) -> None:
        """As when the power goes."""
        self._run("pg_ctl", "-D", self._data, "-m", "immediate", "-w", "stop")

    def _remove(self) -> None:
        self._run("pg_ctl", "-D", self._data, "-m", "immediate", "stop", is_needed=False)
        shutil.rmtree(self.folder, ignore_errors=True)

    def address(self, name: str, user: str = "owner") -> str:
        url = URL.create("postgresql+psycopg", user, database=name, query={"host": str(self.folder)})
        return url.render_as_string(hide_password=False)

    @contextmanager
    def asked(self, name: str = "postgres", user: str = "owner") -> Iterator[psycopg.Connection]:
        """A connection past the program."""
        with psycopg.connect(host=str(self.folder), user=user, dbname=name, autocommit=True) as connection:
            yield connection


@cache
def server() -> Server:
    """The one that most tests share."""
    return Server(*_HURRIED)


@cache
def _managing() -> psycopg.Connection:
    """Stays open: to open one takes the server as long as to copy a database."""
    return psycopg.connect(host=str(server().folder), user="owner", dbname="postgres", autocommit=True)


def address(name: str, user: str = "owner") -> str:
    return server().address(name, user)


def copied(template: str, name: str = "") -> str:
    """A database like another one, which nobody is connected to. Returns its name."""
    name = name or f"t{next(_NUMBERS)}"
    made = SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY FILE_COPY")  # as files, half as dear as through the log
    _managing().execute(made.format(Identifier(name), Identifier(template)))
    return name


@cache
def prepared() -> str:
    """The name of a database with its tables."""
    made = Database(address(copied("template0", "prepared")))
    made.prepare()
    make_user()
    with made.copying() as connection:
        made.dialect.grant(connection, USER)
    made.close()
    return "prepared"


def make_user() -> None:
    """The program's, who owns nothing."""
    with server().asked() as connection:
        if not connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", (USER,)).fetchone():
            connection.execute(SQL("CREATE ROLE {} LOGIN").format(Identifier(USER)))


def fresh(template: str = "") -> str:
    """The address of a new database, prepared or like a template, for the program's user; the one before it goes."""
    for name in _MINE:
        _managing().execute(SQL("DROP DATABASE {} WITH (FORCE)").format(Identifier(name)))
    _MINE[:] = [copied(template or prepared())]
    return address(_MINE[0], ACTING)


def kept() -> str:
    """A copy of the newest database as it is now, which nobody is connected to. Returns its name."""
    return copied(_MINE[0], f"kept{next(_NUMBERS)}")
