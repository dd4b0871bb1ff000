"""PostgreSQL: a server that several programs share, for an organisation that has outgrown one machine.

Whoever writes takes one advisory lock for the whole transaction, so that what a deed checks still holds when it writes and
the chain of the history does not fork; who reads sees one moment and can write nothing. The first tables are those of today;
later migrations are the same as everywhere.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import psycopg
from psycopg.abc import Buffer
from psycopg.adapt import Loader
from psycopg.pq import TransactionStatus
from sqlalchemy import create_engine, event, text
from sqlalchemy.engine import URL, Connection, Engine
from sqlalchemy.ext.compiler import compiles

from assessments.storage.dialects.dialect import ASIDE, BUSY_SECONDS, PATIENCE, REACH, WRITES
from assessments.storage.expressions import DaysBetween, JsonField, Literally, NumbersOf, Position, Unindexed
from assessments.storage.guards import APPEND_ONLY, CELL, TRIGGERS, Trigger
from assessments.storage.walled import LINKS, WALLED, Way

WRITE_LOCK = 0x4861_6574_6165
"""Number of the advisory lock of all that write: the letters of Haetae."""
_WORDED = (
    (
        r"\bSELECT value FROM json_each\(:ids\)",
        "SELECT CAST(value AS integer) FROM json_array_elements_text(CAST(:ids AS json))",
    ),
    (r"\bjson_each\((:\w+)\)", r"json_array_elements_text(CAST(\1 AS json))"),
    (r"\bgroup_concat\(", "string_agg("),
    (r"\bchar\(", "chr("),
    (r"\bjson_group_object\((\w+), (\w+)\)", r"CAST(json_object_agg(\1, \2) AS text)"),
)
"""Pattern of SQLite's words → what replaces it."""
_COMPARED = re.compile(r"\bIS NOT (?=NEW\.)")
_CELL = CELL.replace("|| has_log", "|| CAST(has_log AS integer)")

_GUARDS: Mapping[str, Trigger] = {
    **TRIGGERS,
    **{
        name: Trigger(name, "BEFORE TRUNCATE", table, refuses=f"{table} is append-only")
        for table in APPEND_ONLY
        for name in (f"{table}_no_truncate",)
    },
}
"""TRUNCATE asks no trigger of a row."""
_EVERYTHING = "(SELECT current_setting('haetae.reach', true)) = 'everything'"
"""What a transaction sees stands in settings that end with it: everything, or rows of these units and, of operators, those above."""
_OF_UNITS = text(
    "WITH RECURSIVE below AS (SELECT id FROM unit WHERE id = ANY (CAST(:units AS integer[])) "
    "UNION SELECT unit.id FROM unit JOIN below ON unit.parent_id = below.id), "
    "above AS (SELECT id, parent_id FROM unit WHERE id IN (SELECT id FROM below) "
    "UNION SELECT unit.id, unit.parent_id FROM unit JOIN above ON unit.id = above.parent_id) "
    "SELECT set_config('haetae.units', CAST(ARRAY(SELECT id FROM below) AS text), true), "
    "set_config('haetae.above', CAST(ARRAY(SELECT id FROM above) AS text), true), set_config('haetae.reach', "
    "CASE WHEN (SELECT count(*) FROM below) = (SELECT count(*) FROM unit) THEN 'everything' ELSE 'units' END, true)"
)
"""Who holds a role everywhere is spared the looking at each row."""
_AS_OWNER = " SECURITY DEFINER SET search_path = public, pg_temp"
"""Of a trigger that works on rows that no wall shows yet: as the owner of the tables."""
_KEYS = {"request": "seq", "event": "seq"}
"""Tables whose key is not called id."""
_STATED = re.compile(r'::\w+(\[\])?|\bAS "?\w+"?|[\s()]')
"""What the server adds when it tells a condition."""


class PostgreSQL:
    name = "postgresql"
    guards = _GUARDS
    starts_with_all_tables = True
    is_shared = True

    def engine(self, url: URL) -> Engine:
        engine = create_engine(
            url.set(drivername="postgresql+psycopg"),
            pool_size=10,
            max_overflow=40,
            pool_timeout=BUSY_SECONDS,
            pool_pre_ping=True,
            connect_args={"options": "-c timezone=UTC", "application_name": "haetae"},
        )
        event.listen(engine, "connect", _connected)
        event.listen(engine, "begin", _begin)
        return engine

    def end_reading(self, connection: Connection) -> None:
        """Commits, for at a ROLLBACK the driver has the server forget every statement that it has planned."""
        with suppress(psycopg.Error):  # what was read is read
            connection.connection.dbapi_connection.commit()  # type: ignore[union-attr]

    def file_of(self, url: URL) -> Path | None:
        return None

    def is_damaged(self, connection: Connection) -> bool:
        """The server looks after its own files."""
        return False

    def triggers(self, connection: Connection) -> dict[str, str]:
        """Those that are on, put together as `_made` writes them from what the server says of trigger and function."""
        rows = connection.execute(
            text(
                "SELECT tgname, tgtype, relname, prosrc, prosecdef, proconfig, lanname, proowner = relowner AS of_owner, "
                "(SELECT string_agg(attname, ', ' ORDER BY place) FROM "
                "unnest(tgattr::int2[]) WITH ORDINALITY AS of(number, place) JOIN pg_attribute ON attrelid = tgrelid "
                "AND attnum = of.number) AS columns FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid "
                "JOIN pg_proc ON pg_proc.oid = tgfoid JOIN pg_language ON pg_language.oid = prolang "
                "WHERE NOT tgisinternal AND tgenabled = 'O' AND tgqual IS NULL "
                "AND relnamespace = current_schema()::regnamespace"
            )
        )
        return {
            row.tgname: _made(
                row.tgname, _moment(row.tgtype, row.columns), row.relname, row.prosrc, _whose(row), row.lanname
            )
            for row in rows
        }

    def trigger_statements(self) -> dict[str, str]:
        return {
            name: _made(name, trigger.moment, trigger.table, _body(trigger), _AS_OWNER if trigger.does else "")
            for name, trigger in self.guards.items()
        }

    def walls(self, connection: Connection) -> dict[str, str]:
        rows = connection.execute(
            text(
                "SELECT relname, relrowsecurity, polname, polpermissive, polroles = '{0}' AS for_all, polcmd, "
                "pg_get_expr(polqual, polrelid) AS shown, pg_get_expr(polwithcheck, polrelid) AS taken "
                "FROM pg_class LEFT JOIN pg_policy ON polrelid = pg_class.oid WHERE relkind = 'r' "
                "AND relnamespace = current_schema()::regnamespace AND (relrowsecurity OR polrelid IS NOT NULL) "
                "ORDER BY relname, polname"
            )
        )
        there: dict[str, str] = {}
        for row in rows:
            is_usual = row.relrowsecurity and row.polpermissive and row.for_all and row.polcmd == "*"
            wall = _wall(row.polname or "", row.shown or "", row.taken or "") if is_usual else "off"
            there[row.relname] = there.get(row.relname, "") + wall
        return there

    def wall_statements(self) -> dict[str, tuple[str, str]]:
        return {table: _wall_around(table, way) for table, way in WALLED.items()}

    def lower(self, connection: Connection) -> str:
        reach = connection.exec_driver_sql("SELECT current_setting('haetae.reach', true)").scalar()
        connection.exec_driver_sql("SELECT set_config('haetae.reach', 'everything', true)")
        return str(reach or "")

    def raise_again(self, connection: Connection, reach: str) -> None:
        if connection.connection.dbapi_connection.info.transaction_status != TransactionStatus.INERROR:  # type: ignore[union-attr]
            connection.execute(text("SELECT set_config('haetae.reach', :reach, true)"), {"reach": reach})

    def dropping(self, name: str) -> str:
        """With its function."""
        return f"DROP FUNCTION IF EXISTS {name}() CASCADE"

    def columns_of(self, connection: Connection, table: str) -> set[str]:
        query = "SELECT column_name FROM information_schema.columns WHERE table_schema = current_schema() AND table_name = :it"
        return set(connection.execute(text(query), {"it": table}).scalars())

    def loosen_references(self, connection: Connection, *, are_loose: bool) -> None:
        """Nothing is rebuilt here: a column is altered where it stands."""

    def broken_references(self, connection: Connection) -> int:
        """None, for they are held to at every statement."""
        return 0

    def grant(self, connection: Connection, user: str) -> None:
        name = connection.dialect.identifier_preparer.quote(user)
        added_to = ", ".join(f'"{table}"' for table in APPEND_ONLY)
        for statement in (
            f"GRANT USAGE ON SCHEMA public TO {name}",
            f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {name}",
            f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {name}",
            f"REVOKE UPDATE, DELETE ON {added_to} FROM {name}",
            f"REVOKE DELETE ON event_value FROM {name}",
            f"REVOKE INSERT, UPDATE, DELETE ON alembic_version FROM {name}",
        ):
            connection.exec_driver_sql(statement)

    def worded(self, statement: str) -> str:
        for words, own in _WORDED:
            statement = re.sub(words, own, statement)
        return statement

    def go_on_counting(self, connection: Connection, tables: Sequence[str]) -> None:
        for table in tables:
            sequence = connection.execute(
                text("SELECT pg_get_serial_sequence(:it, 'id')"), {"it": f'"{table}"'}
            ).scalar()
            if sequence:
                last = f'SELECT setval(:it, max(id)) FROM "{table}" HAVING max(id) IS NOT NULL'  # noqa: S608 - our own names
                connection.execute(text(last), {"it": sequence})

    def write_back(self, engine: Engine) -> bool:
        """Removes what was erased from the pages of the values."""
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("VACUUM event_value")
        return True


class _Plain(Loader):
    """A sum of whole numbers is one, here as in SQLite."""

    def load(self, data: Buffer) -> int | float:
        text = bytes(data).decode()
        return int(text) if text.lstrip("-").isdigit() else float(text)


def _connected(connection: psycopg.Connection, _record: object) -> None:
    connection.adapters.register_loader("numeric", _Plain)


def _begin(connection: Connection) -> None:
    options = connection.get_execution_options()
    if options.get("isolation_level") == "AUTOCOMMIT":
        return
    if options.get(ASIDE, False):  # a count that a power cut takes along harms nobody, and the disk is not waited for
        connection.exec_driver_sql(f"SET LOCAL lock_timeout = {BUSY_SECONDS * 1000}")
        connection.exec_driver_sql("SET LOCAL synchronous_commit = off")
        return
    if not options.get(WRITES, False):
        connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        _say_whose(connection, options.get(REACH))
        return
    patience = options.get(PATIENCE, BUSY_SECONDS)
    connection.exec_driver_sql(f"SET LOCAL lock_timeout = {max(1, int(patience * 1000))}")
    connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({WRITE_LOCK})")
    _say_whose(connection, options.get(REACH))


def _say_whose(connection: Connection, units: Collection[int] | None) -> None:
    """units: at which a person holds a role, which holds in all units below. None: the program's own work."""
    if units is None:
        connection.exec_driver_sql("SELECT set_config('haetae.reach', 'everything', true)")
        return
    connection.execute(_OF_UNITS, {"units": sorted(units)})


def _wall_around(table: str, way: Way) -> tuple[str, str]:
    """The wall, and how it is built. Names are those of `walled`, so nothing can slip into it."""
    if way.to == "unit":
        shown = taken = _is_of(way.column, "units")
    else:
        shown = taken = _is_there(way.to, _KEYS.get(way.to, "id"), f"{table}.{way.column}")
    if table == "operator":
        shown = _is_of(way.column, "above")  # answers for systems of the units below it
    elif table == "projection":
        taken = _is_there("assessment", "id", "projection.assessment_id")  # its unit is put in by a trigger
    elif table == "event":
        taken = f"{shown} OR assessment_id IS NULL"
        shown = " OR ".join((shown, *(_is_there(link, "seq", "event.seq") for link in LINKS)))
    elif table == "event_value":
        taken = ""  # of an event that is only just added; nothing of another one can be changed
    shown, taken = f"{_EVERYTHING} OR {shown}", f"{_EVERYTHING} OR {taken}" if taken else "true"
    name = f"{table}_wall"
    statement = (
        f'ALTER TABLE "{table}" ENABLE ROW LEVEL SECURITY; DROP POLICY IF EXISTS {name} ON "{table}"; '
        f'CREATE POLICY {name} ON "{table}" USING ({shown}) WITH CHECK ({taken})'
    )
    return _wall(name, shown, taken), statement


def _is_of(column: str, setting: str) -> str:
    return f"{column} = ANY ((SELECT (NULLIF(current_setting('haetae.{setting}', true), ''))::integer[])::integer[])"


def _is_there(table: str, key: str, column: str) -> str:
    """As far as whoever asks sees it: the other table has its own wall."""
    return f"EXISTS (SELECT 1 FROM {table} WHERE {table}.{key} = {column})"  # noqa: S608 - our own names


def _wall(name: str, shown: str, taken: str) -> str:
    """As it is compared: without what the server adds."""
    return " ".join((name, *(_STATED.sub("", condition).replace('"', "") for condition in (shown, taken))))


def _body(trigger: Trigger) -> str:
    condition = _COMPARED.sub("IS DISTINCT FROM ", trigger.when) or "TRUE"
    if trigger.does:
        return f"BEGIN IF {condition} THEN {trigger.does.replace(CELL, _CELL)}; END IF; RETURN NULL; END"
    returned = "OLD" if trigger.moment.endswith("DELETE") else "NEW"
    refusal = f"RAISE EXCEPTION USING MESSAGE = '{trigger.refuses}', ERRCODE = 'integrity_constraint_violation'"
    return f"BEGIN IF {condition} THEN {refusal}; END IF; RETURN {returned}; END"


def _moment(kind: int, columns: str | None) -> str:
    """kind: pg_trigger.tgtype, whose bits say when and of what."""
    deeds = (("INSERT", 4), ("DELETE", 8), ("UPDATE", 16), ("TRUNCATE", 32))
    deed = " OR ".join(name for name, bit in deeds if kind & bit)
    return f"{'BEFORE' if kind & 2 else 'AFTER'} {deed}{f' OF {columns}' if columns else ''}"


def _whose(row: Any) -> str:
    """As whom a function of a trigger does its work, and where it looks for names, in the words of `_AS_OWNER`."""
    settings = "".join(f" SET {setting.replace('=', ' = ', 1)}" for setting in row.proconfig or ())
    if not row.prosecdef:
        return settings
    return f" SECURITY DEFINER{'' if row.of_owner else ' of another'}{settings}"


def _made(name: str, moment: str, table: str, body: str, whose: str, language: str = "plpgsql") -> str:
    """Function and trigger. Names are those of `guards`, so nothing can slip into it. whose: nothing, or `_AS_OWNER`."""
    each = "STATEMENT" if moment.endswith("TRUNCATE") else "ROW"
    return (
        f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE {language}{whose} AS $body${body}$body$; "
        f'CREATE TRIGGER {name} {moment} ON "{table}" FOR EACH {each} EXECUTE FUNCTION {name}()'
    )


# --- how it words `expressions` -----------------------------------------------------------------------------------


@compiles(Unindexed, "postgresql")
def _unindexed(element: Unindexed, compiler: Any, **more: Any) -> str:
    """It knows from its own figures how many rows there are of what, and chooses by them."""
    return str(compiler.process(element.clauses, **more))


@compiles(Position, "postgresql")
def _position(element: Position, compiler: Any, **more: Any) -> str:
    return f"strpos({compiler.process(element.clauses, **more)})"


@compiles(JsonField, "postgresql")
def _json_field(element: JsonField, compiler: Any, **more: Any) -> str:
    text, *names = element.clauses
    path = ",".join(name.value for name in names)
    field = f"(CAST({compiler.process(text, **more)} AS json) #>> '{{{path}}}')"
    return f"CASE {field} WHEN 'true' THEN '1' WHEN 'false' THEN '0' ELSE {field} END"


@compiles(DaysBetween, "postgresql")
def _days_between(element: DaysBetween, compiler: Any, **more: Any) -> str:
    first, last = (compiler.process(day, **more) for day in element.clauses)
    return f"({last} - {first})"


@compiles(Literally, "postgresql")
def _literally(element: Literally, _compiler: Any, **_more: Any) -> str:
    return element.words.lstrip("+").replace("has_log = 1", "has_log")


@compiles(NumbersOf, "postgresql")
def _numbers_of(element: NumbersOf, compiler: Any, **more: Any) -> str:
    numbers = compiler.process(element.clauses, **more)
    return f"(SELECT CAST(value AS integer) AS value FROM json_array_elements_text(CAST({numbers} AS json)))"  # noqa: S608 - a parameter
