"""The engine in which a log lies, opened for reading: place_of, opened.

What the engines call differently stands in `Words`; all else is said through Ibis. No password is taken on a command line: libpq has
its own places for one (PGPASSFILE, PGSERVICE, PGPASSWORD).
"""

from __future__ import annotations

import errno
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from tempfile import TemporaryDirectory, gettempdir
from typing import Any
from urllib.parse import unquote

from assessments.decision_log.engines import duckdb_file, spark
from assessments.decision_log.engines.engine import FAR, Engine, Place, Words, functions, table_of
from assessments.decision_log.reading.faults import LogRefusedError, refused
from assessments.decision_log.texts import TEXTS
from questionnaires.vocabulary import Text

DRIVERS = {"duckdb": "duckdb", "postgresql": "psycopg", "spark": "pyspark"}
"""Kind of engine → the package through which it is spoken to."""
_LOCKS = {"duckdb": "engines", "postgresql": "engines", "spark": "spark"}
"""Kind of engine → whose lock file holds these packages."""
_OF_VALUES = {"ArithmeticException", "DateTimeException", "NumberFormatException"}
"""Errors of Spark that come of what stands in a row."""
_OF_ROOM = {"DiskFull", "MemoryError", "OutOfMemory", "OutOfMemoryException"}
"""Errors of the drivers that come of memory or a disk that is full."""
_ALL_ROWS = 2**62


def place_of(text: str, table: str) -> Place:
    """Raises: LogRefusedError where it names no engine, or carries a password."""
    kind, _, address = text.partition(":")
    if kind not in DRIVERS or not address:
        raise refused("engine_unknown", text=kind[:40])
    if any(_holds_password(part) for part in (address, table)):
        raise refused("engine_password", kind=kind)
    if kind == "spark":
        spark.check_address(address)
    return Place(kind, address, table)


def _holds_password(text: str) -> bool:
    """Whether someone's name and a word stand before an @, or something is called a password or a token."""
    plain = re.sub(r"\s", "", unquote(text)).lower()
    return bool(re.search(r"//[^@?]*:[^?]*@", plain) or re.search(r"(password|passwd|secret|token)[\w.]*=", plain))


def check_driver(place: Place) -> None:
    """Raises: LogRefusedError where the packages are not there, which only those install who count in engines."""
    if find_spec("ibis") is None or find_spec(DRIVERS[place.kind]) is None:
        raise _no_driver(place)


def _no_driver(place: Place) -> LogRefusedError:
    return refused("engine_driver", kind=place.kind, lock=f"requirements-{_LOCKS[place.kind]}.lock")


@contextmanager
def opened(place: Place) -> Iterator[Engine]:
    """Raises: LogRefusedError where the driver, the engine, the table or the right to read it is missing."""
    check_driver(place)
    import ibis

    opening = {"duckdb": duckdb_file.opened, "postgresql": _postgresql, "spark": spark.opened}[place.kind]
    with TemporaryDirectory(prefix="haetae-engine-") as folder:
        try:
            with opening(ibis, place, folder) as engine, _standing_still(engine):
                yield engine
        except LogRefusedError:
            raise
        except ImportError as error:
            raise _no_driver(place) from error
        except Exception as error:  # each engine has its own kinds of error; its first line says what is wrong
            if _is_of_a_value(error):
                raise refused("engine_value", where=place.shown, table=place.table, why=type(error).__name__) from None
            if _is_for_want_of_room(error):
                raise refused(
                    "engine_no_room", where=place.shown, table=place.table, why=_why(error), room=_room(place)
                ) from error
            raise refused("engine_failed", where=place.shown, table=place.table, why=_why(error)) from error


@contextmanager
def _standing_still(engine: Engine) -> Iterator[None]:
    """Raises: LogRefusedError where the files of the table were written to meanwhile, whatever the engine made of that."""
    try:
        yield
    except LogRefusedError:
        raise
    except Exception as error:
        if _is_changed(engine):
            raise refused("engine_changed", table=engine.place.table) from error
        raise
    if _is_changed(engine):
        raise refused("engine_changed", table=engine.place.table)


def _is_changed(engine: Engine) -> bool:
    try:
        return engine.stamp() != engine.stamped
    except Exception:  # whoever cannot look any more (the connection is gone) has another error to tell
        return False


def _is_of_a_value(error: Exception) -> bool:
    """Whether it may quote what stands in a row, which may be a name: by the classes of PEP 249, or in the words of Spark."""
    kinds = {kind.__name__ for kind in type(error).__mro__}
    return (
        "DataError" in kinds
        or bool(kinds & _OF_VALUES)
        or bool(re.search(r"\[(CAST|NUMERIC|DATETIME|CANNOT_PARSE|INVALID)\w*", str(error)))
    )


def _is_for_want_of_room(error: Exception) -> bool:
    """Of memory or on a disk, by the classes of the drivers, or as every system says it."""
    kinds = {kind.__name__ for kind in type(error).__mro__}
    return bool(kinds & _OF_ROOM) or os.strerror(errno.ENOSPC) in str(error)


def _room(place: Place) -> Text:
    is_here = place.kind == "duckdb" or (place.kind == "spark" and not place.address.startswith("//"))
    return TEXTS.text("engine_room_here", folder=gettempdir()) if is_here else TEXTS.text("engine_room_there")


def _why(error: Exception) -> str:
    """The engine's own words, without the statement, which holds the salt of names."""
    lines = (line.strip(" :") for line in str(error).splitlines())
    first = next((line for line in lines if line and not line.startswith("An error occurred while calling")), "")
    return f"{type(error).__name__}: {first[:160]}" if "sha" not in first.lower() else type(error).__name__


@contextmanager
def _postgresql(ibis: Any, place: Place, folder: str) -> Iterator[Engine]:
    import psycopg

    options = "-c default_transaction_read_only=on -c default_transaction_isolation=repeatable\\ read"
    address = place.address if place.address.startswith("//") else f"//{place.address}"
    connection = psycopg.connect(f"postgresql:{address}", options=options, application_name="haetae log import")
    try:
        connection.execute("SELECT 1")  # in one transaction from here: what others write meanwhile is not seen
        backend = ibis.postgres.from_connection(connection)
        own = functions(
            ibis,
            {
                "date_part": (["string", "timestamp"], "float64"),
                "sha256": (["binary"], "binary"),
                "convert_to": (["string", "string"], "binary"),
                "encode": (["binary", "string"], "string"),
                "normalize": (["string"], "string"),
            },
        )
        words = Words(
            lambda column: (own["date_part"]("epoch", column).clip(-FAR, FAR) * 1_000_000).round().cast("int64"),
            lambda column: own["encode"](own["sha256"](own["convert_to"](column, "UTF8")), "hex"),
            own["normalize"],
            "\\1 \\2",
            "\\1",
        )
        yield Engine(
            place,
            f"PostgreSQL {backend.version}",
            table_of(backend, place),
            words,
            lambda table: table,
            lambda table: table.limit(_ALL_ROWS),
        )
    finally:
        connection.close()
