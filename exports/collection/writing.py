"""The table of verified reports in a file: write. XLSX with the findings on a second sheet; CSV and Parquet with a second file.

Numbers are numbers, days days, yes and no is one. Texts out of reports stay texts: no cell of them becomes a formula. Rows are
written as they come, so that a table of a hundred thousand takes no more memory than one of ten. The file is replaced as a whole.
"""

from __future__ import annotations

import csv
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from datetime import date, datetime
from pathlib import Path
from typing import Any

from assessments.errors import AssessmentError
from exports.collection.columns import Column, Kind, Row, Value, columns, finding_columns
from exports.forms.spreadsheet_csv import harmless
from exports.forms.xlsx import MOST_CHARACTERS
from questionnaires.legible import legible
from questionnaires.texts import texts_of

TEXTS = texts_of(__file__)
FORMATS = (".xlsx", ".csv", ".parquet")
MOST_ROWS = 1_048_575
"""Of a sheet, below its head."""
_ROWS_AT_ONCE = 2_000
"""Of a part of a Parquet file."""
Rows = Iterable[Row]


def findings_beside(table: Path) -> Path:
    """Where the findings of a CSV or Parquet table stand."""
    return table.with_name(f"{table.stem}.findings{table.suffix}")


def check_format(table: Path) -> None:
    """Raises: AssessmentError."""
    if table.suffix.lower() not in FORMATS:
        raise AssessmentError(TEXTS.told("format_unknown", file=legible(table.name)))


def write(table: Path, rows: Callable[[], Rows], findings: Sequence[Row], language: str, count: int) -> list[Path]:
    """The files that were written. rows: gives them anew each time. Raises: AssessmentError; what stood there before stays."""
    check_format(table)
    suffix = table.suffix.lower()
    if suffix == ".xlsx" and count > MOST_ROWS:
        raise AssessmentError(TEXTS.told("too_many_rows", most=f"{MOST_ROWS:,}", count=f"{count:,}"))
    with_second = suffix != ".xlsx"
    files = [table, findings_beside(table)] if with_second else [table]
    drafts = [file.with_name(f".{file.name}.{os.getpid()}.part") for file in files]
    try:
        if suffix == ".xlsx":
            _xlsx(drafts[0], rows(), findings, language)
        else:
            put = _csv if suffix == ".csv" else _parquet
            put(drafts[0], columns(), rows(), language)
            put(drafts[1], finding_columns(), findings, language)
        for draft, file in zip(drafts, files, strict=True):
            with draft.open("rb") as written:
                os.fsync(written.fileno())
            os.replace(draft, file)
    except OSError as error:
        why = error.strerror or str(error)
        raise AssessmentError(TEXTS.told("table_full", file=legible(str(table)), why=legible(why))) from None
    finally:
        for draft in drafts:
            with suppress(OSError):
                draft.unlink()
    return files


# --- XLSX -------------------------------------------------------------------------------------------------------------


def _xlsx(file: Path, rows: Rows, findings: Sequence[Row], language: str) -> None:
    import xlsxwriter
    from xlsxwriter.exceptions import XlsxWriterException

    settings = {
        "constant_memory": True,
        "tmpdir": str(file.parent),
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    book = xlsxwriter.Workbook(str(file), settings)
    try:
        formats = _formats(book)
        _sheet(book, TEXTS["reports"][language], columns(), rows, formats, language)
        _sheet(book, TEXTS["findings"][language], finding_columns(), findings, formats, language)
        book.close()
    except XlsxWriterException as error:
        raise OSError(0, str(error)) from None


def _formats(book: Any) -> dict[str, Any]:
    top: dict[str, Any] = {"valign": "top"}
    # quote_prefix: stays a text where somebody edits the cell or saves the sheet as another format
    made: dict[str, dict[str, Any]] = {
        "head": {"bold": True, "bottom": 1, "bg_color": "#e6ebef", "text_wrap": True, "quote_prefix": True, **top},
        Kind.TEXT: {"quote_prefix": True, **top},
        Kind.NUMBER: {"num_format": "#,##0", **top},
        Kind.SHARE: {"num_format": "0.0%", **top},
        Kind.FLAG: top,
        Kind.DAY: {"num_format": "yyyy-mm-dd", "align": "left", **top},
        Kind.MOMENT: {"num_format": "yyyy-mm-dd hh:mm:ss", "align": "left", **top},
    }
    formats = {str(name): book.add_format(look) for name, look in made.items()}
    # what a report only states does not look like what was shown
    stated = {
        str(name): book.add_format({"italic": True, "font_color": "#7a4b00", **look}) for name, look in made.items()
    }
    return {**formats, **{f"stated-{name}": look for name, look in stated.items()}}


def _sheet(book: Any, name: str, of: Sequence[Column], rows: Rows, formats: dict[str, Any], language: str) -> None:
    page = book.add_worksheet(name)
    page.freeze_panes(1, 1)
    for place, column in enumerate(of):
        page.set_column(place, place, _WIDTHS.get(column.id, 14))
        page.write_string(0, place, column.title[language], formats["head"])
    line = 0
    for line, row in enumerate(rows, 1):
        is_stated = row.get("values") == "stated"
        for place, column in enumerate(of):
            kind = f"stated-{column.kind}" if is_stated and not column.stands_always else str(column.kind)
            _cell(page, line, place, column.reading(row.get(column.id), language), formats[kind])
    page.autofilter(0, 0, max(line, 1), len(of) - 1)


_WIDTHS = {"path": 40, "files": 60, **dict.fromkeys(("operator", "system_ko", "system_en"), 24)}
_WIDTHS |= dict.fromkeys(("reason_ko", "reason_en", "why_ko", "why_en"), 40)


def _cell(page: Any, line: int, place: int, value: Value, look: Any) -> None:
    match value:
        case None:
            return
        case bool():
            page.write_boolean(line, place, value, look)
        case int() | float():
            page.write_number(line, place, value, look)
        case datetime():
            page.write_datetime(line, place, value.replace(tzinfo=None), look)
        case date():
            page.write_datetime(line, place, value, look)
        case _:
            page.write_string(line, place, value[:MOST_CHARACTERS], look)


# --- CSV and Parquet --------------------------------------------------------------------------------------------------


def _csv(file: Path, of: Sequence[Column], rows: Rows, language: str) -> None:
    with file.open("w", encoding="utf-8-sig", newline="") as stream:
        lines = csv.writer(stream, lineterminator="\r\n")
        lines.writerow([column.title[language] for column in of])
        for row in rows:
            lines.writerow([_plain(column.reading(row.get(column.id), language)) for column in of])


def _plain(value: Value) -> Value:
    if isinstance(value, datetime):
        return value.isoformat().replace("+00:00", "Z")
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        text = value[:MOST_CHARACTERS]
        # an apostrophe of its own is doubled, so that reading knows ours from theirs
        return f"'{text}" if text.startswith("'") else str(harmless(text))
    return value.isoformat() if isinstance(value, date) else value


def _parquet(file: Path, of: Sequence[Column], rows: Rows, _language: str) -> None:
    """Codes, not words: programs read it."""
    import pyarrow as pa
    from pyarrow import parquet

    types = {
        Kind.TEXT: pa.string(),
        Kind.NUMBER: pa.int64(),
        Kind.SHARE: pa.float64(),
        Kind.FLAG: pa.bool_(),
        Kind.DAY: pa.date32(),
        Kind.MOMENT: pa.timestamp("us", tz="UTC"),
    }
    schema = pa.schema([pa.field(column.id, types[column.kind]) for column in of])
    with parquet.ParquetWriter(file, schema, compression="zstd") as writer:
        for some in _parts(rows):
            held = {column.id: [row.get(column.id) for row in some] for column in of}
            writer.write_table(pa.table(held, schema=schema))


def _parts(rows: Rows) -> Iterator[list[Row]]:
    some: list[Row] = []
    for row in rows:
        some.append(row)
        if len(some) == _ROWS_AT_ONCE:
            yield some
            some = []
    yield some
