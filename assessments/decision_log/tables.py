"""Rows of a decision log in chunks, whatever the file is: Table, Chunk, open_table."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet

from assessments.decision_log.faults import LogRefusedError
from assessments.decision_log.sniffing import Kind, Sniffed

MAX_ROWS = 10_000_000
_BLOCK = 4 * 1024 * 1024
_ROWS = 65_536
MADE_KEY = b"haetae.made"
"""Key of a Parquet file's metadata that marks a made log."""


@dataclass(frozen=True)
class Chunk:
    """Some rows, in the order of the file."""

    records: npt.NDArray[np.int64]
    """Number of each row; 0 is the first row after the header."""
    columns: dict[str, Any]
    """Header → pyarrow array: text, or in Parquet whatever the file holds."""
    wrong_width: list[int] = field(default_factory=list)
    """Records among or just before these that have more or fewer columns than the header."""
    share: float = 0.0
    """Of the file that is read with it, 0 to 1."""


class Table(Protocol):
    """A file whose headers are known and whose rows can be read once."""

    headers: tuple[str, ...]
    comments: tuple[str, ...]

    def chunks(self, wanted: Sequence[str]) -> Iterator[Chunk]:
        """Only these columns. Raises: LogRefusedError."""
        ...


def open_table(path: Path, sniffed: Sniffed) -> Table:
    """Raises: LogRefusedError; OSError."""
    if sniffed.kind is Kind.PARQUET:
        return ParquetTable(path)
    if sniffed.kind is Kind.XLSX:
        from assessments.decision_log.workbook import WorkbookTable

        return WorkbookTable(path)
    return CsvTable(path, sniffed)


class CsvTable:
    """Text with delimiters; every column is read as text, so that nothing is guessed."""

    def __init__(self, path: Path, sniffed: Sniffed) -> None:
        self.path, self.sniffed = path, sniffed
        self.headers, self.comments = sniffed.headers, sniffed.comments

    def chunks(self, wanted: Sequence[str]) -> Iterator[Chunk]:
        names = [f"c{place}" for place in range(len(self.headers))]
        chosen = {header: names[self.headers.index(header)] for header in wanted}
        wrong: list[int] = []

        def skip(row: Any) -> str:
            wrong.append(int(row.number) - 1)
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
                    yield Chunk(records, columns, wrong[seen:], share)
                    seen = len(wrong)
            except pa.ArrowInvalid as error:
                raise self._unreadable(record, str(error)) from None
            if wrong[seen:]:
                yield Chunk(np.empty(0, np.int64), {}, wrong[seen:], 1.0)

    def _unreadable(self, record: int, why: str) -> LogRefusedError:
        line = self.sniffed.body_line + record
        return LogRefusedError(
            f"{self.path.name}: after about line {line:,} the text cannot be read as a table "
            f"({why.splitlines()[0][:120]}). Look for a quotation mark that is opened and not closed, then export again.",
            f"{self.path.name}: 약 {line:,}행 뒤부터 표로 읽을 수 없습니다. 닫히지 않은 큰따옴표가 있는지 확인하고 다시 내보내십시오.",
        )


def _numbered(record: int, rows: int, wrong: Sequence[int]) -> tuple[npt.NDArray[np.int64], int]:
    """Numbers of the next rows when those in `wrong` are left out, and the number after them."""
    numbers = np.arange(record, record + rows + len(wrong), dtype=np.int64)
    if wrong:
        numbers = np.setdiff1d(numbers, np.asarray(wrong, np.int64), assume_unique=True)[:rows]
    after = int(numbers[-1]) + 1 if rows else record
    return numbers, max(after, max(wrong, default=-1) + 1) if wrong else after


class ParquetTable:
    """Columns with types; only those wanted are read."""

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            self.file = pyarrow.parquet.ParquetFile(path, memory_map=False, pre_buffer=False)
        except (pa.ArrowException, OSError) as error:
            raise LogRefusedError(
                f"{path.name} cannot be read as Parquet ({str(error).splitlines()[0][:120]}). Export it again.",
                f"{path.name}을(를) Parquet으로 읽을 수 없습니다. 다시 내보내십시오.",
            ) from None
        refuse_rows(path.name, self.file.metadata.num_rows)
        schema = self.file.schema_arrow
        self.headers = tuple(schema.names)
        made = (schema.metadata or {}).get(MADE_KEY)
        self.comments: tuple[str, ...] = (made.decode("utf-8", "replace"),) if made else ()

    def chunks(self, wanted: Sequence[str]) -> Iterator[Chunk]:
        total = max(1, self.file.metadata.num_rows)
        record = 0
        try:
            for batch in self.file.iter_batches(batch_size=_ROWS, columns=list(wanted), use_threads=False):
                records = np.arange(record, record + batch.num_rows, dtype=np.int64)
                record += batch.num_rows
                yield Chunk(records, {name: batch.column(name) for name in wanted}, share=record / total)
        except (pa.ArrowException, OSError) as error:
            raise LogRefusedError(
                f"{self.path.name} is damaged after row {record:,} ({str(error).splitlines()[0][:120]}). Export it again.",
                f"{self.path.name}이(가) {record:,}행 뒤에서 손상되었습니다. 다시 내보내십시오.",
            ) from None


def refuse_rows(name: str, rows: int) -> None:
    """Raises: LogRefusedError where there are more rows than are read."""
    if rows > MAX_ROWS:
        raise LogRefusedError(
            f"{name} has {rows:,} rows; at most {MAX_ROWS:,} are read. Split it by period.",
            f"{name}에 {rows:,}행이 있습니다. {MAX_ROWS:,}행까지 읽습니다. 기간별로 나누십시오.",
        )
