"""The queue's tables on PostgreSQL, in a schema of their own: prepare, address.

They are procrastinate's, and brought up to the installed release by its own migrations; the schema's comment says of which
release they are, and which migration was the last. Whoever owns the tables makes them (HAETAE_DATABASE_OWNER_URL), and the
program's user may use them.
"""

from __future__ import annotations

import os
import re
from contextlib import closing, nullcontext
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import psycopg
from psycopg.sql import SQL, Identifier, Literal

from assessments.errors import AssessmentError
from assessments.storage import database
from assessments.storage.database import Database
from jobs import places
from questionnaires.legible import legible
from questionnaires.texts import texts_of

TEXTS = texts_of(__file__)
NAME = "haetae_queue"
_LOCK = 0x4861_6575
"""Number of the advisory lock of whoever makes or changes them."""
_GRANTS = (
    "GRANT USAGE ON SCHEMA {schema} TO {user}",
    "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA {schema} TO {user}",
    "GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA {schema} TO {user}",
    "GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA {schema} TO {user}",
)
_NUMBER = re.compile(r"\d+")


def prepare() -> None:
    """Makes the tables, or brings them up to the installed release; nothing where jobs are done in the server.

    Raises: AssessmentError where procrastinate is not installed, the tables are missing and the program's user may not make
    them, or they are of a later release.
    """
    if not places.is_elsewhere():
        return
    own, program, owner = _installed(), database.current(), os.environ.get(database.OWNER)
    user = program.url.username or ""
    try:
        with (
            closing(Database(owner)) if owner else nullcontext(program) as by,
            psycopg.connect(_conninfo(by), autocommit=True) as connection,
        ):
            _bring_up(connection, own, user if owner else "")
    except psycopg.errors.InsufficientPrivilege as error:
        raise AssessmentError(TEXTS.told("queue_not_there", variable=database.OWNER)) from error
    except psycopg.OperationalError as error:
        raise AssessmentError(TEXTS.told("queue_unreachable", why=legible(str(error).strip()))) from error


def address() -> str:
    """For connections that see the queue's tables and no others."""
    options = f"-c search_path={NAME} -c timezone=UTC"
    return psycopg.conninfo.make_conninfo(
        _conninfo(database.current()), options=options, application_name="haetae-work"
    )


def _installed() -> str:
    try:
        return version("procrastinate")
    except PackageNotFoundError:
        raise AssessmentError(TEXTS.told("procrastinate_missing")) from None


def _conninfo(used: Database) -> str:
    return psycopg.conninfo.make_conninfo(used.url.set(drivername="postgresql").render_as_string(hide_password=False))


def _bring_up(connection: psycopg.Connection, own: str, user: str) -> None:
    """user: to be given the right to use them; empty: it owns them. Each step stands by itself, and is noted with it."""
    connection.execute(SQL("SELECT pg_advisory_lock({})").format(Literal(_LOCK)))
    release, last = _there(connection)
    if release and _numbers(release) > _numbers(own):
        raise AssessmentError(TEXTS.told("queue_newer", there=release, own=own))
    if not release:
        steps = [(_files()[-1].name, _whole())]
    else:
        steps = [(file.name, file.read_text("utf-8")) for file in _files() if file.name > last]
    if steps:
        connection.execute(SQL("CREATE SCHEMA IF NOT EXISTS {}").format(Identifier(NAME)))
        connection.execute(SQL("SET search_path TO {}").format(Identifier(NAME)))
    for name, statements in steps:
        noted = SQL("COMMENT ON SCHEMA {} IS {}").format(Identifier(NAME), Literal(f"procrastinate {own} {name}"))
        connection.execute(f"{statements}\n;{noted.as_string(connection)}".encode())
    if user:
        for what in _GRANTS:
            connection.execute(SQL(what).format(schema=Identifier(NAME), user=Identifier(user)))


def _there(connection: psycopg.Connection) -> tuple[str, str]:
    """Release and last migration of the tables that are there; empty: there are none."""
    comment = connection.execute(
        "SELECT obj_description(oid, 'pg_namespace') FROM pg_namespace WHERE nspname = %s", [NAME]
    ).fetchone()
    _, release, last = str(comment[0]).split(" ") if comment and comment[0] else ("", "", "")
    return release, last


def _numbers(release: str) -> tuple[int, ...]:
    return tuple(int(number) for number in _NUMBER.findall(release)[:3])


def _whole() -> str:
    from procrastinate.schema import SchemaManager

    return SchemaManager.get_schema()


def _files() -> list[Path]:
    """The migrations, in their order; a file's name begins with its release."""
    from procrastinate.schema import SchemaManager

    return sorted(Path(SchemaManager.get_migrations_path()).glob("*.sql"))
