"""The engine in which a log lies, opened for reading: opened, Engine, Place.

An engine is one of three. What they call differently stands in `Words`; all else is said through Ibis. No password is taken on a
command line: each engine has its own place for one (libpq: PGPASSFILE, PGSERVICE or PGPASSWORD; Spark: its configuration).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import urlsplit

from assessments.decision_log.reading.faults import LogRefusedError, refused

KINDS = ("duckdb", "postgresql", "spark")
_MEMORY = "1200MB"
_NAME = re.compile(r"[^.]+(?:\.[^.]+){0,2}")


@dataclass(frozen=True)
class Place:
    """Where a log lies, as it was said."""

    kind: str
    address: str
    """What stands behind the kind."""
    table: str

    @property
    def shown(self) -> str:
        """Without a user's name or anything behind a question mark, in which secrets stand."""
        parts = urlsplit(f"//{self.address.removeprefix('//')}") if self.kind != "duckdb" else None
        if parts is None:
            return f"duckdb:{Path(self.address).name}"
        where = parts.hostname or ""
        port = f":{parts.port}" if parts.port else ""
        return f"{self.kind}:{where}{port}{parts.path}"


def place_of(text: str, table: str) -> Place:
    """Raises: LogRefusedError where it names no engine, or carries a password."""
    kind, _, address = text.partition(":")
    if kind not in KINDS or not address:
        raise refused("engine_unknown", text=kind[:40])
    if kind != "duckdb" and (re.search(r"//[^/@]*:[^/@]*@", address) or "password=" in address.lower()):
        raise refused("engine_password", kind=kind)
    return Place(kind, address, table)


@dataclass(frozen=True)
class Words:
    """What the engines call differently, as functions of Ibis columns."""

    micros: Callable[[Any], Any]
    """Microseconds since 1970 of a timestamp."""
    sha256: Callable[[Any], Any]
    """Of a text, as hexadecimal signs."""
    composed: Callable[[Any], Any]
    """NFC, where the engine knows it; else the text as it is."""
    short: Callable[[list[Any]], Any] | None
    """One whole number of 64 bits for several columns, or nothing shorter is known."""


@dataclass(frozen=True)
class Engine:
    """Open for reading."""

    place: Place
    version: str
    table: Any
    """An Ibis table."""
    words: Words
    keep: Callable[[Any], Any]
    """A small result, so that it is not reckoned again with every question; as it is where nothing may be kept."""


@contextmanager
def opened(place: Place) -> Iterator[Engine]:
    """Raises: LogRefusedError where the driver, the engine, the table or the right to read it is missing."""
    try:
        import ibis
    except ImportError:
        raise refused("engine_driver", kind=place.kind) from None
    opening = {"duckdb": _duckdb, "postgresql": _postgresql, "spark": _spark}[place.kind]
    with TemporaryDirectory(prefix="haetae-engine-") as folder:
        try:
            with opening(ibis, place, folder) as engine:
                yield engine
        except LogRefusedError:
            raise
        except ImportError as error:
            raise refused("engine_driver", kind=place.kind) from error
        except Exception as error:  # each engine has its own kinds of error; its first line says what is wrong
            raise refused("engine_failed", where=place.shown, table=place.table, why=_why(error)) from error


def _why(error: Exception) -> str:
    """The engine's own words, without the statement, which holds the salt of names."""
    first = next((line.strip() for line in str(error).splitlines() if line.strip()), "")
    return f"{type(error).__name__}: {first[:160]}" if "sha" not in first.lower() else type(error).__name__


def _functions(ibis: Any, signatures: dict[str, tuple[list[str], str]]) -> dict[str, Any]:
    """Functions that an engine has and Ibis has no name for."""
    made = {}
    for name, (takes, gives) in signatures.items():

        def stub(*columns: Any) -> Any: ...

        stub.__name__ = name
        made[name] = ibis.udf.scalar.builtin(stub, name=name, signature=(tuple(takes), gives))
    return made


def _names(place: Place) -> tuple[str, tuple[str, ...]]:
    if not _NAME.fullmatch(place.table):
        raise refused("engine_table_name", table=place.table[:80])
    *above, name = place.table.split(".")
    return name, tuple(above)


def _table(backend: Any, place: Place) -> Any:
    name, above = _names(place)
    if not above:
        return backend.table(name)
    return backend.table(name, database=above if len(above) > 1 else above[0])


@contextmanager
def _duckdb(ibis: Any, place: Place, folder: str) -> Iterator[Engine]:
    path = Path(place.address)
    if not path.is_file():
        raise refused("engine_no_file", path=path.name)
    backend = ibis.duckdb.connect(
        path,
        read_only=True,
        temp_directory=folder,
        memory_limit=_MEMORY,
        preserve_insertion_order=False,
        autoinstall_known_extensions=False,
    )
    own = _functions(
        ibis,
        {
            "epoch_us": (["timestamp"], "int64"),
            "sha256": (["string"], "string"),
            "nfc_normalize": (["string"], "string"),
        },
    )
    words = Words(own["epoch_us"], own["sha256"], own["nfc_normalize"], lambda columns: ibis.struct(dict(zip("abcd", columns, strict=False))).hash())
    try:
        yield Engine(place, f"DuckDB {backend.version}", _table(backend, place), words, lambda table: table.cache())
    finally:
        backend.disconnect()


@contextmanager
def _postgresql(ibis: Any, place: Place, folder: str) -> Iterator[Engine]:
    import psycopg

    options = "-c default_transaction_read_only=on -c default_transaction_isolation=repeatable\\ read"
    address = place.address if place.address.startswith("//") else f"//{place.address}"
    connection = psycopg.connect(f"postgresql:{address}", options=options, application_name="haetae log import")
    try:
        backend = ibis.postgres.from_connection(connection)
        own = _functions(
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
            lambda column: (own["date_part"]("epoch", column) * 1_000_000).round().cast("int64"),
            lambda column: own["encode"](own["sha256"](own["convert_to"](column, "UTF8")), "hex"),
            own["normalize"],
            None,
        )
        yield Engine(place, f"PostgreSQL {backend.version}", _table(backend, place), words, lambda table: table)
    finally:
        connection.close()


@contextmanager
def _spark(ibis: Any, place: Place, folder: str) -> Iterator[Engine]:
    from pyspark.sql import SparkSession

    builder = SparkSession.builder.appName("haetae log import")
    session = builder.master(_master(place.address)).config("spark.sql.session.timeZone", "UTC").getOrCreate()
    session.conf.set("spark.sql.session.timeZone", "UTC")
    try:
        backend = ibis.pyspark.connect(session)
        own = _functions(
            ibis, {"unix_micros": (["timestamp"], "int64"), "sha2": (["string", "int32"], "string"), "xxhash64": (["string"] * 4, "int64")}
        )
        words = Words(own["unix_micros"], lambda column: own["sha2"](column, 256), lambda column: column, None)
        if "/" in place.table:
            session.read.parquet(place.table).createOrReplaceTempView("haetae_log")
            table = backend.table("haetae_log")
        else:
            table = _table(backend, place)
        yield Engine(place, f"Spark {session.version}", table, words, lambda table: table.cache())
    finally:
        session.stop()


def _master(address: str) -> str:
    return address if address.startswith(("local", "yarn", "k8s")) else f"spark:{address}" if address.startswith("//") else f"spark://{address}"
