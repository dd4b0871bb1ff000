"""Rows of a decision log in chunks, whatever the file is: Table, Chunk, open_table."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet

from assessments.decision_log.reading.choices import Remark, SheetReading
from assessments.decision_log.reading.chunks import Chunk, Table
from assessments.decision_log.reading.columns import LogMapping
from assessments.decision_log.reading.faults import LogRefusedError, refused
from assessments.decision_log.reading.meaning import is_count, is_total
from assessments.decision_log.reading.sniffing import Kind, Sniffed
from assessments.decision_log.reading.times import EXCEL_1900

MAX_ROWS = 10_000_000
_BLOCK = 4 * 1024 * 1024
_ROWS = 65_536
MADE_KEY = b"haetae.made"
"""Key of a Parquet file's metadata that marks a made log."""


def open_table(path: Path, sniffed: Sniffed, mapping: LogMapping | None = None) -> Table:
    """Raises: LogRefusedError; OSError."""
    if sniffed.kind is Kind.PARQUET:
        return ParquetTable(path)
    if sniffed.kind is Kind.XLSX:
        from assessments.decision_log.reading.workbook import WorkbookTable

        return WorkbookTable(path, mapping)
    return CsvTable(path, sniffed, is_total(mapping or LogMapping()))


class CsvTable:
    """Text with delimiters; every column is read as text, so that nothing is guessed."""

    epoch = EXCEL_1900
    sheets: tuple[SheetReading, ...] = ()
    unreadable: Mapping[str, str] = {}
    lists: frozenset[str] = frozenset()
    rows = 0

    def __init__(self, path: Path, sniffed: Sniffed, is_total: Callable[[str], bool]) -> None:
        self.path, self.sniffed, self.is_total = path, sniffed, is_total
        self.headers, self.comments = sniffed.headers, sniffed.comments
        self.remarks = tuple(Remark(key) for key in sniffed.remarks)

    def chunks(self, wanted: Sequence[str], few: Sequence[str] = ()) -> Iterator[Chunk]:
        names = [f"c{place}" for place in range(self.sniffed.width)]
        chosen = {header: names[self.headers.index(header)] for header in wanted}
        wrong: list[int] = []
        totals: set[int] = set()

        def skip(row: Any) -> str:
            wrong.append(int(row.number) - 1)
            name, *others = str(row.text or "").split(self.sniffed.delimiter)
            if self.is_total(name[:40]) and all(map(is_count, others)):
                totals.add(wrong[-1])
            return "skip"

        with self.path.open("rb") as file:
            file.seek(self.sniffed.body_offset)
            if self.sniffed.body_offset >= self.sniffed.size:
                return
            record, seen = 0, 0
            try:
                reader = pyarrow.csv.open_csv(
                    file,
                    read_options=pyarrow.csv.ReadOptions(
                        use_threads=False, block_size=_BLOCK, column_names=names, encoding=self.sniffed.encoding
                    ),
                    parse_options=pyarrow.csv.ParseOptions(
                        delimiter=self.sniffed.delimiter,
                        newlines_in_values=True,
                        ignore_empty_lines=False,
                        invalid_row_handler=skip,
                    ),
                    convert_options=pyarrow.csv.ConvertOptions(
                        column_types={name: pa.string() for name in chosen.values()},
                        include_columns=list(chosen.values()),
                        strings_can_be_null=False,
                    ),
                )
                for batch in reader:
                    records, record = _numbered(record, batch.num_rows, wrong[seen:])
                    columns = {header: batch.column(name) for header, name in chosen.items()}
                    share = min(1.0, file.tell() / self.sniffed.size)
                    yield Chunk(records, columns, wrong[seen:], share, frozenset(totals))
                    seen = len(wrong)
            except pa.ArrowInvalid as error:
                raise self._unreadable(record, str(error)) from None
            if wrong[seen:]:
                yield Chunk(np.empty(0, np.int64), {}, wrong[seen:], 1.0, frozenset(totals))

    def _unreadable(self, record: int, why: str) -> LogRefusedError:
        line = self.sniffed.body_line + record
        if "straddl" in why:
            return refused("long_row", name=self.path.name, line=f"{line:,}", bytes=f"{_BLOCK:,}")
        return refused("no_table", name=self.path.name, line=f"{line:,}", why=why.splitlines()[0][:120])


def _numbered(record: int, rows: int, wrong: Sequence[int]) -> tuple[npt.NDArray[np.int64], int]:
    """Numbers of the next rows when those in `wrong` are left out, and the number after them."""
    numbers = np.arange(record, record + rows + len(wrong), dtype=np.int64)
    if wrong:
        numbers = np.setdiff1d(numbers, np.asarray(wrong, np.int64), assume_unique=True)[:rows]
    after = int(numbers[-1]) + 1 if rows else record
    return numbers, max(after, max(wrong, default=-1) + 1) if wrong else after


class ParquetTable:
    """Columns with types; only those wanted are read. Lists become one text each."""

    epoch = EXCEL_1900
    sheets: tuple[SheetReading, ...] = ()
    remarks: tuple[Remark, ...] = ()

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            self.file = pyarrow.parquet.ParquetFile(path, memory_map=False, pre_buffer=False)
            schema = self.file.schema_arrow
            self.headers = tuple(schema.names)
        except Exception as error:  # a damaged file fails in several ways, names that are no UTF-8 among them
            raise refused("no_parquet", name=path.name, why=_first_line(error)) from None
        self.rows = self.file.metadata.num_rows
        refuse_rows(path.name, self.rows)
        self.unreadable: Mapping[str, str] = {
            field.name: str(field.type)[:60] for field in schema if not _is_readable(field.type)
        }
        self.lists = frozenset(field.name for field in schema if pa.types.is_nested(field.type))
        made = (schema.metadata or {}).get(MADE_KEY)
        self.comments: tuple[str, ...] = (made.decode("utf-8", "replace"),) if made else ()

    def chunks(self, wanted: Sequence[str], few: Sequence[str] = ()) -> Iterator[Chunk]:
        total = max(1, self.rows)
        record = 0
        coded = [name for name in few if pa.types.is_string(self.file.schema_arrow.field(name).type)]
        try:
            file = pyarrow.parquet.ParquetFile(self.path, memory_map=False, pre_buffer=False, read_dictionary=coded)
            for batch in file.iter_batches(batch_size=_ROWS, columns=list(wanted), use_threads=True):
                records = np.arange(record, record + batch.num_rows, dtype=np.int64)
                record += batch.num_rows
                for name in wanted:
                    batch.column(name).validate(full=True)  # texts that are no UTF-8 come from a damaged file
                columns = {name: _flat(batch.column(name)) for name in wanted}
                yield Chunk(records, columns, share=record / total)
        except Exception as error:  # as above
            raise refused("damaged_parquet", name=self.path.name, row=f"{record:,}", why=_first_line(error)) from None


def _first_line(error: Exception) -> str:
    return next(iter(str(error).splitlines()), type(error).__name__)[:120]


def _is_readable(kind: Any) -> bool:
    if pa.types.is_dictionary(kind):
        return _is_readable(kind.value_type)
    if pa.types.is_list(kind) or pa.types.is_large_list(kind):
        return not pa.types.is_nested(kind.value_type) and _is_readable(kind.value_type)
    return any(
        holds(kind)
        for holds in (
            pa.types.is_string,
            pa.types.is_large_string,
            pa.types.is_string_view,
            pa.types.is_integer,
            pa.types.is_floating,
            pa.types.is_decimal,
            pa.types.is_boolean,
            pa.types.is_timestamp,
            pa.types.is_date,
            pa.types.is_time,
            pa.types.is_duration,
            pa.types.is_null,
        )
    )


def _flat(column: Any) -> Any:
    """A column of lists as one text each."""
    if not pa.types.is_nested(column.type):
        return column
    return pa.array(
        [
            None if value is None else "; ".join("" if part is None else str(part) for part in value)
            for value in column.to_pylist()
        ],
        pa.string(),
    )


def refuse_rows(name: str, rows: int) -> None:
    """Raises: LogRefusedError where there are more rows than are read."""
    if rows > MAX_ROWS:
        raise refused("too_many_rows", name=name, rows=f"{rows:,}", most=f"{MAX_ROWS:,}")
