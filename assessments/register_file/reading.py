"""A file of the register or of the requests, read: rows. CSV in UTF-8, UTF-16 or CP949 and XLSX, by the first sheet that can be seen.

What is not surely read is refused in words, a file as a whole or one row of it; nothing is guessed.
"""

from __future__ import annotations

import codecs
import csv
import datetime as dt
import io
import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, Protocol

from assessments.errors import InvalidAnswerError
from assessments.register_file import columns
from assessments.register_file.columns import FORMULA_STARTS
from questionnaires.texts import Told, joined, texts_of
from questionnaires.vocabulary import Text

TEXTS = texts_of(__file__)
MAX_BYTES = 8_000_000
MAX_UNPACKED = 80_000_000
MAX_ROWS = 5_000
MAX_COLUMNS = 100
MOST_NAMED = 5
"""Cells that a refusal names."""
_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_DELIMITERS = (",", ";", "\t", "|")
_OLD_WORKBOOK = bytes.fromhex("d0cf11e0a1b11ae1")
_FORMULA_ERROR = re.compile(r"#(?:REF!|N/A|VALUE!|DIV/0!|NAME\?|NULL!|NUM!|SPILL!|CALC!)")
_CELL = re.compile(
    rb"<(?:\w+:)?c\s[^>]*?r=[\"']([A-Z]{1,3}[0-9]{1,7})[\"'][^>]*>((?:(?!</(?:\w+:)?c>).)*)</(?:\w+:)?c>", re.DOTALL
)


class Columns(Protocol):
    """What a table can hold: a module with these names."""

    REQUIRED: tuple[str, ...]
    """One of these is there, or it is another table."""
    DAYS: tuple[str, ...]
    NO_HEADINGS: str

    def names(self) -> tuple[str, ...]: ...
    def title(self, column: str, /) -> Text: ...
    def column_of(self, heading: str, /) -> str | None: ...


@dataclass(frozen=True)
class RowProblem:
    """What is wrong with one row, and what to do."""

    line: int
    column: str
    """Name of a column; empty: the row as a whole."""
    text: Text


@dataclass(frozen=True)
class SheetRow:
    """One row of the register, its cells as text; a day is ISO."""

    line: int
    cells: Mapping[str, str]
    """By column; columns that the file does not have are left out, empty cells are empty."""


@dataclass(frozen=True)
class Sheet:
    """A file of the register."""

    columns: tuple[str, ...]
    unknown: tuple[str, ...]
    """Headings that name no column of the register; they are left out."""
    rows: tuple[SheetRow, ...]
    problems: tuple[RowProblem, ...]


def read(content: bytes, of: Columns = columns) -> Sheet:
    """Raises: InvalidAnswerError where the file as a whole cannot be read."""
    if len(content) > MAX_BYTES:
        raise _refused("too_large", size=f"{len(content):,}", most=f"{MAX_BYTES:,}")
    if content.startswith(_OLD_WORKBOOK):
        raise _refused("old_workbook")
    if content.startswith(b"PK\x03\x04"):
        return _sheet(_workbook(content), of)
    return _sheet([(line, [_Typed(cell) for cell in cells]) for line, cells in _csv(content, of)], of)


class _Typed(str):
    """A cell of a CSV, in which a formula stands as it was typed; in a workbook stands what it came to."""


def row_problem(line: int, column: str, message: Told) -> RowProblem:
    """The problem of a row, in words."""
    return RowProblem(line, column, joined(message.what, message.remedy) if message.remedy else message.what)


def _refused(key: str, **values: object) -> InvalidAnswerError:
    return InvalidAnswerError(TEXTS.told(key, **values))


# --- rows ----------------------------------------------------------------------------------------------------


def _sheet(lines: Sequence[tuple[int, Sequence[Any]]], of: Columns) -> Sheet:
    """lines: number and cells."""
    filled = [(line, cells) for line, cells in lines if any(str(cell).strip() for cell in cells)]
    if not filled:
        raise _refused("empty_file")
    headings = [str(cell).strip() for cell in filled[0][1]]
    while headings and not headings[-1]:
        headings.pop()
    if len(headings) > MAX_COLUMNS:
        raise _refused("too_many_columns", count=len(headings), most=MAX_COLUMNS)
    if len(filled) - 1 > MAX_ROWS:
        raise _refused("too_many_rows", most=f"{MAX_ROWS:,}")
    named = [of.column_of(heading) for heading in headings]
    if not set(named) & set(of.REQUIRED):
        titles = [of.title(name) for name in of.names()]
        listed = Text(ko=", ".join(each.ko for each in titles), en=", ".join(each.en for each in titles))
        raise _refused(of.NO_HEADINGS, names=listed)
    for place, name in enumerate(named):
        if name is not None and name in named[:place]:
            raise _refused("heading_twice", heading=headings[place])
    rows, problems = [], []
    for line, cells in filled[1:]:
        row, wrong = _row(line, cells, named, of)
        rows.append(row)
        problems += wrong
    unknown = tuple(heading for heading, name in zip(headings, named, strict=True) if name is None and heading)
    return Sheet(tuple(name for name in named if name), unknown, tuple(rows), tuple(problems))


def _row(
    line: int, cells: Sequence[Any], named: Sequence[str | None], of: Columns
) -> tuple[SheetRow, list[RowProblem]]:
    texts: dict[str, str] = {}
    problems = []
    beyond = [cell for cell in cells[len(named) :] if str(cell).strip()]
    if beyond:
        problems.append(row_problem(line, "", TEXTS.told("too_many_cells", count=len(cells), most=len(named))))
    for place, name in enumerate(named):
        if name is None:
            continue
        cell = cells[place] if place < len(cells) else ""
        texts[name], problem = _text(cell, is_day=name in of.DAYS)
        if problem is not None:
            problems.append(row_problem(line, name, problem))
    return SheetRow(line, texts), problems


def _text(cell: Any, *, is_day: bool) -> tuple[str, Told | None]:
    """The cell's text, and what is wrong with it."""
    if isinstance(cell, dt.datetime):
        return (cell.date().isoformat() if cell.time() == dt.time() or is_day else str(cell)), None
    if isinstance(cell, dt.date):
        return cell.isoformat(), None
    if isinstance(cell, bool):
        return str(cell).lower(), None
    if isinstance(cell, int | float):
        number = str(int(cell)) if float(cell).is_integer() else repr(cell)
        return number, TEXTS.told("day_is_number", text=number) if is_day else None
    text = str(cell).strip()
    if _FORMULA_ERROR.fullmatch(text):
        return "", TEXTS.told("formula_error", text=text)
    if not isinstance(cell, _Typed):
        return text, None
    if text.startswith("'") and text.lstrip("'").startswith(FORMULA_STARTS):
        return text[1:].strip(), None  # as it is exported
    if text.startswith("=") or (text.startswith(("+", "@")) and len(text) > 1 and "(" in text):
        return "", TEXTS.told("looks_like_formula", text=text[:40])
    return text, None


# --- CSV -----------------------------------------------------------------------------------------------------


def _csv(content: bytes, of: Columns) -> list[tuple[int, Sequence[str]]]:
    text = _decoded(content)
    first = next((line for line in text.splitlines() if line.strip()), "")
    delimiter = max(_DELIMITERS, key=lambda sign: _fitness(first, sign, of))
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    lines: list[tuple[int, Sequence[str]]] = []
    try:
        before = 0
        for cells in reader:
            lines.append((before + 1, cells))
            before = reader.line_num
            if len(lines) > MAX_ROWS + 1_000:
                raise _refused("too_many_rows", most=f"{MAX_ROWS:,}")
    except csv.Error:
        raise _refused("not_text") from None
    return lines


def _decoded(content: bytes) -> str:
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            encodings: tuple[str, ...] = (encoding,)
            break
    else:
        encodings = ("utf-8", "cp949")
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise _refused("not_text")


def _fitness(line: str, delimiter: str, of: Columns) -> int:
    """How many columns of the register the first line names, parted so."""
    cells = next(csv.reader([line], delimiter=delimiter), [])
    return sum(of.column_of(cell) is not None for cell in cells)


# --- XLSX ----------------------------------------------------------------------------------------------------


def _workbook(content: bytes) -> list[tuple[int, Sequence[Any]]]:
    import python_calamine

    _check_packed(content)
    try:
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
        visible = [
            sheet.name
            for sheet in book.sheets_metadata
            if sheet.visible is python_calamine.SheetVisibleEnum.Visible
            and sheet.typ is python_calamine.SheetTypeEnum.WorkSheet
        ]
        if not visible:
            raise _refused("empty_file")
        sheet = book.get_sheet_by_name(visible[0])
        if sheet.total_height > MAX_ROWS + 1_000 or sheet.total_width > MAX_COLUMNS:
            key = "too_many_rows" if sheet.total_width <= MAX_COLUMNS else "too_many_columns"
            raise _refused(
                key, most=f"{MAX_ROWS if key == 'too_many_rows' else MAX_COLUMNS:,}", count=sheet.total_width
            )
        rows = sheet.to_python(skip_empty_area=False)
    except InvalidAnswerError:
        raise
    except Exception as error:  # the library raises a dozen kinds of its own
        raise _refused("no_workbook", why=str(error).splitlines()[0][:120]) from None
    return list(enumerate(rows, 1))


def _check_packed(content: bytes) -> None:
    """Before anything is unpacked into memory; and no formula stands there without the value that it came to."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
            if sum(part.file_size for part in parts) > MAX_UNPACKED:
                raise _refused("too_large", size=f"{sum(part.file_size for part in parts):,}", most=f"{MAX_UNPACKED:,}")
            unsaved = [
                cell
                for part in parts
                if part.filename.replace("\\", "/").lower().startswith("xl/worksheets/")
                for cell in islice(_unsaved(_unpacked(archive, part)), MOST_NAMED)
            ]
    except InvalidAnswerError:
        raise
    except Exception as error:  # damaged archives fail in a dozen ways
        raise _refused("no_workbook", why=str(error)[:120]) from None
    if unsaved:
        raise _refused("formula_without_value", cells=", ".join(unsaved[:MOST_NAMED]))


def _unpacked(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> bytes:
    """Whatever the archive says of its size."""
    with archive.open(part) as file:
        content = file.read(MAX_UNPACKED + 1)
    if len(content) > MAX_UNPACKED:
        raise _refused("too_large", size=f"{len(content):,}", most=f"{MAX_UNPACKED:,}")
    return content


def _unsaved(sheet: bytes) -> Iterator[str]:
    """Cells with a formula that was never worked out."""
    for match in _CELL.finditer(sheet):
        inside = match[2]
        if re.search(rb"<(?:\w+:)?f[\s>/]", inside) and not re.search(rb"<(?:\w+:)?(?:v|is)[\s>]", inside):
            yield match[1].decode()
