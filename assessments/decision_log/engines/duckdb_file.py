"""A DuckDB file, opened for reading: opened. DuckDB works in this process; what it keeps beside the file goes with its folder."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any

from assessments.decision_log.engines.engine import FAR, Engine, Narrow, Place, Words, functions, table_of
from assessments.decision_log.engines.repeating import repeated
from assessments.decision_log.reading.faults import refused

_MEMORY = "1GB"
"""Of DuckDB; the rest of what it may take is what comes out."""
_BATCH_ROWS = 1 << 20
_STORE = "haetae_store"
"""The database of stored rows, attached to the one that is read."""


@contextmanager
def opened(ibis: Any, place: Place, folder: str) -> Iterator[Engine]:
    """Raises: LogRefusedError where the file is missing; else what DuckDB says."""
    path = Path(place.address)
    if not path.is_file():
        raise refused("engine_no_file", path=path.name)
    stamped = _stamp(path)
    backend = _connected(ibis, path, folder)
    own = functions(
        ibis,
        {
            "epoch_us": (["timestamp"], "int64"),
            "sha256": (["string"], "string"),
            "nfc_normalize": (["string"], "string"),
            "url_encode": (["string"], "string"),
            "array_extract": (["string", "int64"], "string"),
            "hash": (["string", "int64", "int64", "boolean"], "uint64"),
        },
    )
    words = Words(
        partial(_micros, ibis, own["epoch_us"]),
        own["sha256"],
        own["nfc_normalize"],
        "\\1 \\2",
        "\\1",
        own["hash"],
        is_usual=partial(_is_usual, ibis, own),
    )
    numbers = count()

    def keep(table: Any) -> Any:
        """As a temporary table, which goes with the connection."""
        return backend.create_table(f"haetae_kept_{next(numbers)}", table, temp=True)

    def store(table: Any) -> Any:
        """In a file beside the folder's others: rows that a temporary table puts out of memory are written anew after each reading."""
        return backend.create_table(f"haetae_kept_{next(numbers)}", table, database=(_STORE, "main"))

    narrow = Narrow(partial(_repeated, backend, folder), partial(_replace, backend))
    table = table_of(backend, place)
    try:
        yield Engine(
            place,
            f"DuckDB {backend.version}",
            table,
            words,
            keep,
            lambda rows: rows,
            store,
            stamp=partial(_stamp, path, stamped),
            stamped=stamped,
            narrow=narrow,
        )
    finally:
        backend.disconnect()


def _connected(ibis: Any, path: Path, folder: str) -> Any:
    try:
        backend = ibis.duckdb.connect(
            path,
            read_only=True,
            temp_directory=folder,
            memory_limit=_MEMORY,
            preserve_insertion_order=False,
            autoinstall_known_extensions=False,
        )
    except Exception as error:
        if "lock" in str(error) and type(error).__name__ == "IOException":
            raise refused("engine_locked", path=path.name) from error
        raise
    held = str(Path(folder, "store.duckdb")).replace("'", "''")
    backend.raw_sql(f"ATTACH '{held}' AS {_STORE} (READ_WRITE)")
    # To try which compression suits each column takes longer than all that is read of them afterwards.
    backend.raw_sql("SET force_compression = 'uncompressed'")
    backend.raw_sql("PRAGMA disable_checkpoint_on_shutdown")
    return backend


def _stamp(path: Path, before: tuple[int, ...] | None = None) -> tuple[int, ...] | None:
    """Of another file under the same name nothing is said: the one that was opened is still read, as it was."""
    try:
        now = path.stat()
    except FileNotFoundError:
        return before
    stamp = (now.st_ino, now.st_size, now.st_mtime_ns)
    return before if before and before[0] != now.st_ino else stamp


def _micros(ibis: Any, epoch_us: Any, column: Any) -> Any:
    """DuckDB takes a time without end for none at all, and would squeeze seconds and milliseconds into nanoseconds."""
    if column.type().scale in (0, 3):
        column = column.cast(column.type().copy(scale=6))
    middle, far = ibis.timestamp("2000-01-01"), int(FAR) * 1_000_000
    middle = middle.cast(column.type())
    return epoch_us(column).fill_null(ibis.cases((column > middle, far), (column <= middle, -far)))


def _is_usual(ibis: Any, own: Any, case: Any) -> Any:
    """Of letters, digits and `-._~` (which an address on the web holds as they are), with a digit at its end.

    Without M at its beginning, and without E unless it begins with a letter, as no number does. All of that costs
    DuckDB half of what the shortest regular expression costs.
    """
    last = own["array_extract"](case, ibis.literal(-1).cast("int64"))
    is_plain = (own["url_encode"](case) == case) & (last >= "0") & (last <= "9")
    is_plain &= ~((case >= "M") & (case < "N"))
    # A case expression looks at what comes later only in the rows that are left; a test beside others is made in all rows.
    return ibis.cases((case >= "A", is_plain), (case.contains("e") | case.contains("E"), False), else_=is_plain)


def _repeated(backend: Any, folder: str, rows: Any, name: str) -> Any | None:
    """Found by sorting, outside DuckDB, whose grouping by as many numbers takes ten times as long."""
    import pyarrow as pa

    batches = backend.con.sql(backend.compile(rows.select(name))).to_arrow_reader(_BATCH_ROWS)
    own, is_there = f"{rows.op().name}_repeated", False
    for numbers in repeated((batch.column(0).to_numpy() for batch in batches), Path(folder)):
        backend.con.register("haetae_numbers", pa.table({name: numbers}))
        into = f'INSERT INTO "{own}"' if is_there else f'CREATE TEMPORARY TABLE "{own}" AS'
        backend.raw_sql(f"{into} FROM haetae_numbers")
        backend.con.unregister("haetae_numbers")
        is_there = True
    return backend.table(own, database=("temp", "main")) if is_there else None


def _replace(backend: Any, rows: Any, numbers: Any, name: str, others: Any) -> None:
    place = rows.op()
    stored = f'"{place.namespace.catalog}"."{place.namespace.database}"."{place.name}"'
    backend.raw_sql(f'DELETE FROM {stored} WHERE "{name}" IN (FROM "{numbers.op().name}")')  # noqa: S608, own names
    backend.raw_sql(f"INSERT INTO {stored} {backend.compile(others.select(*rows.columns))}")
