"""A table of verified reports read back: read → Table. The file may come from anybody: only our columns are taken, each of its type."""

from __future__ import annotations

import csv
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from datetime import time as clock_time
from pathlib import Path
from typing import Any

from assessments.errors import AssessmentError
from assessments.register_file.columns import FORMULA_STARTS
from exports.collection.columns import Column, Kind, Row, Value, columns, finding_columns
from exports.collection.row import read_value
from exports.collection.writing import FORMATS, findings_beside
from questionnaires.legible import legible
from questionnaires.texts import texts_of

TEXTS = texts_of(__file__)
_NEEDED = {"verdict", "path", "reason_en", "facts"}


@dataclass(frozen=True)
class Table:
    rows: tuple[Row, ...]
    findings: tuple[Row, ...]


def read(file: Path) -> Table:
    """Raises: AssessmentError where it is no such table; OSError."""
    suffix = file.suffix.lower()
    if suffix not in FORMATS or not file.is_file():
        if not file.exists():
            raise FileNotFoundError(2, "No such file or directory", str(file))
        raise AssessmentError(TEXTS.told("no_table", file=legible(str(file))))
    try:
        if suffix == ".xlsx":
            sheets = _xlsx(file)
            return Table(tuple(_rows(sheets[0], columns())), tuple(_rows(sheets[1], finding_columns())))
        raw = _csv if suffix == ".csv" else _parquet
        beside = findings_beside(file)
        findings = tuple(_rows(raw(beside), finding_columns())) if beside.is_file() else ()
        return Table(tuple(_rows(raw(file), columns())), findings)
    except (AssessmentError, OSError):
        raise
    except Exception:  # whatever the library that reads it makes of a file that is none
        raise AssessmentError(TEXTS.told("no_table", file=legible(str(file)))) from None


Lines = Iterable[Sequence[Any]]


def _rows(lines: Lines, of: Sequence[Column]) -> Iterator[Row]:
    """Raises: ValueError."""
    through = iter(lines)
    names = {title: column for column in of for title in (column.id, column.title.ko, column.title.en)}
    placed = [names.get(str(title)) for title in next(through, ())]
    present = {column.id for column in placed if column}
    if of is columns() and not present >= _NEEDED:
        raise ValueError("columns are missing")
    codes = {
        column.id: {text: code for code, words in column.words.items() for text in (words.ko, words.en)}
        for column in of
    }
    for line in through:
        row: Row = {column.id: None for column in of}
        for column, cell in zip(placed, line, strict=False):
            if column is not None:
                row[column.id] = _value(column, cell, codes[column.id])
        yield row


def _value(column: Column, cell: Any, codes: dict[str, str]) -> Value:
    if cell is None or cell == "":
        return None
    if column.kind is Kind.TEXT:
        text = legible(cell, sys.maxsize)
        return codes.get(text, text)
    if column.kind in (Kind.DAY, Kind.MOMENT) and isinstance(cell, date):
        if column.kind is Kind.DAY:
            return cell.date() if isinstance(cell, datetime) else cell
        # a spreadsheet has no moment of midnight: it reads as the day
        at = cell if isinstance(cell, datetime) else datetime.combine(cell, clock_time())
        return at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC)
    return read_value(column.kind, _OF_TEXT[column.kind](cell) if isinstance(cell, str) else cell)


_OF_TEXT: dict[Kind, Callable[[str], Any]] = {
    Kind.NUMBER: int,
    Kind.SHARE: float,
    Kind.FLAG: lambda text: {"true": True, "false": False}[text],
    Kind.DAY: str,
    Kind.MOMENT: str,
}


def _csv(file: Path) -> Iterator[list[str]]:
    csv.field_size_limit(1 << 20)
    with file.open(encoding="utf-8-sig", newline="") as stream:
        for line in csv.reader(stream):
            yield [
                cell[1:] if cell[:1] == "'" and cell[1:].startswith(("'", *FORMULA_STARTS)) else cell for cell in line
            ]


def _parquet(file: Path) -> Iterator[Sequence[Any]]:
    from pyarrow import parquet

    with parquet.ParquetFile(file) as opened:
        names = opened.schema_arrow.names
        yield names
        for part in opened.iter_batches(2_000):
            yield from zip(*(column.to_pylist() for column in part.columns), strict=True)


def _xlsx(file: Path) -> list[list[list[Any]]]:
    from python_calamine import CalamineWorkbook

    with CalamineWorkbook.from_path(str(file)) as book:
        return [book.get_sheet_by_index(place).to_python(skip_empty_area=False) for place in (0, 1)]
