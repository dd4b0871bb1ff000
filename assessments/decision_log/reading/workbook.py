"""Rows of an Excel workbook's sheets, as text: WorkbookTable."""

from __future__ import annotations

import datetime as dt
import html
import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import python_calamine

from assessments.decision_log.reading.choices import Remark, SheetReading, SheetState
from assessments.decision_log.reading.chunks import Chunk
from assessments.decision_log.reading.columns import COLUMN_TITLES, REQUIRED, LogMapping, suggest
from assessments.decision_log.reading.faults import LogRefusedError, refused
from assessments.decision_log.reading.heading import LOOKED_AT, find_header, is_comment, names_log
from assessments.decision_log.reading.times import EXCEL_1900, EXCEL_1904
from questionnaires.vocabulary import Text

MAX_ROWS = 300_000
MAX_CELLS = 6_000_000
MAX_UNPACKED_BYTES = 1_000_000_000
MAX_TEXT_BYTES = 150_000_000
"""Of texts, beside what the cells themselves take."""
_BLOCK = 1024 * 1024
_ROWS = 65_536
_CELL_BYTES = 64
_ROW = re.compile(rb"<(?:\w+:)?row[\s>/]")
_CELL = re.compile(rb"""<(?:\w+:)?c(?:\s[^>]*?)?(?<!/)>(?!\s*</(?:\w+:)?c>)""")
"""A cell that holds something; one that is only formatted is none."""
_CELL_PLACE = re.compile(rb"""\br=["']([A-Z]{1,3})(\d{1,9})["']""")
_HIDDEN_ROW = re.compile(rb"""<(?:\w+:)?row\s(?:[^>]*\s)?hidden=["'](?:1|true)["'][^>]*(?<!/)>""")
_SHEET = re.compile(rb"<(?:\w+:)?sheet\s[^>]*>")
_LINK = re.compile(rb"<(?:\w+:)?Relationship\s[^>]*>")
_TEXT = re.compile(rb"<(?:\w+:)?si[\s>/]")
_IS_1904 = re.compile(rb"""<(?:\w+:)?workbookPr\s[^>]*date1904=["'](?:1|true)["']""")
_MOST_DIGITS = 1e15
"""From here on a spreadsheet keeps no whole number exactly."""


@dataclass
class _Sheet:
    """One sheet that holds a log."""

    name: str
    rows: list[list[Any]]
    """All of them; the first is line 1."""
    header: int
    """Place of the header among them."""
    names: tuple[str, ...]

    @property
    def size(self) -> int:
        return len(self.rows) - self.header - 1


@dataclass(frozen=True)
class _Packed:
    """What the packed file says before its sheets are read."""

    is_1904: bool
    """Days are counted from 1904."""
    hidden: Mapping[str, int]
    """Sheet → rows that hold something and that a filter or somebody has hidden."""


class WorkbookTable:
    """Values only: a formula counts as the value that was saved with it, and as empty where there is none.

    Sheets that hold a log are read together; the others are named, and so are hidden ones, which are never read unasked.
    """

    unreadable: Mapping[str, str] = {}
    lists: frozenset[str] = frozenset()
    rows = 0

    def __init__(self, path: Path, mapping: LogMapping | None = None) -> None:
        self.path, self.mapping = path, mapping
        packed = _refuse_large(path)
        is_1904 = packed.is_1904
        self.epoch = EXCEL_1904 if is_1904 else EXCEL_1900
        self.comments: tuple[str, ...] = ()
        self.remarks: tuple[Remark, ...] = (Remark("epoch_1904"),) if is_1904 else ()
        try:
            book = python_calamine.CalamineWorkbook.from_path(str(path))
            sheets = self._choose(book)
        except LogRefusedError:
            raise
        except Exception as error:  # the library raises a dozen kinds of its own
            raise refused("no_workbook", name=path.name, why=str(error).splitlines()[0][:120]) from None
        self.parts = sheets
        self.remarks += tuple(
            Remark("hidden_rows", {"sheet": sheet.name, "n": f"{packed.hidden[sheet.name]:,}"})
            for sheet in sheets
            if packed.hidden.get(sheet.name)
        )
        self.headers = tuple(name for name in sheets[0].names if all(name in sheet.names for sheet in sheets))
        if len(sheets) == 1:
            self.headers = sheets[0].names
        left = sorted({name for sheet in sheets for name in sheet.names if name} - set(self.headers))
        if left:
            self.remarks += (Remark("sheets_differ_in_columns", {"columns": ", ".join(left)}),)

    def _choose(self, book: Any) -> list[_Sheet]:
        """The sheets that are read. Raises: LogRefusedError where none holds a log, or several hold different ones."""
        known = {metadata.name: metadata for metadata in book.sheets_metadata}
        mapped_sheets = self.mapping.sheets if self.mapping else None
        for name in mapped_sheets or ():
            if name not in known:
                raise refused("sheet_unknown", name=self.path.name, sheet=name, names=", ".join(known))
        read: list[_Sheet] = []
        doubtful: list[_Sheet] = []
        others: dict[str, SheetReading] = {}
        hidden: list[str] = []
        visible = python_calamine.SheetVisibleEnum.Visible
        for name, metadata in known.items():
            if metadata.typ is not python_calamine.SheetTypeEnum.WorkSheet:
                others[name] = SheetReading(name, SheetState.NO_TABLE)
            elif mapped_sheets is not None and name not in mapped_sheets:
                others[name] = SheetReading(name, SheetState.NOT_CHOSEN)
            else:
                sheet, holds_log = self._sheet(book, name)
                if mapped_sheets is None and metadata.visible is not visible:
                    others[name] = SheetReading(name, SheetState.HIDDEN)
                    hidden += [name] if holds_log else []
                elif holds_log or mapped_sheets is not None:
                    read.append(sheet)
                else:
                    others[name] = SheetReading(name, SheetState.NO_TABLE)
                    doubtful.append(sheet)
        if not read:
            read = self._without_a_log(doubtful, hidden, list(known))
        _refuse_unlike(self.path.name, read, self.mapping)
        readings = {
            table.name: SheetReading(table.name, SheetState.READ, table.size, table.header + 1) for table in read
        }
        self.sheets = tuple(readings.get(name) or others[name] for name in known)
        return read

    def _without_a_log(self, doubtful: list[_Sheet], hidden: list[str], names: list[str]) -> list[_Sheet]:
        """The only sheet that can be seen, so that its columns can be named; else a refusal."""
        if hidden:
            raise refused("only_hidden", name=self.path.name, names=", ".join(hidden))
        if len(doubtful) == 1:
            return doubtful
        hints = [f"{sheet.name}: {', '.join(filter(None, sheet.names[:12]))}" for sheet in doubtful if any(sheet.names)]
        columns = Text(
            ko=", ".join(COLUMN_TITLES[column].ko for column in REQUIRED),
            en=", ".join(COLUMN_TITLES[column].en for column in REQUIRED),
        )
        hint = "; ".join(hints[:6]) + "." if hints else ""
        raise refused("sheets_no_log", columns=columns, name=self.path.name, names=", ".join(names), hint=hint)

    def _sheet(self, book: Any, name: str) -> tuple[_Sheet, bool]:
        """The sheet, and whether a line in it names the columns of a log."""
        sheet = book.get_sheet_by_name(name)
        rows = sheet.to_python(skip_empty_area=False)
        top = [[_text(cell).strip() for cell in row] for row in rows[:LOOKED_AT]]
        line = self.mapping.header_line if self.mapping else None
        if line is not None and line > len(rows):
            raise refused("header_line_beyond", name=f"{self.path.name}, {name}", line=line)
        place = line - 1 if line is not None else find_header(top, self.mapping)
        holds = names_log(top if line is None else top[line - 1 : line], self.mapping)
        if place is None:
            place = next((number for number, row in enumerate(top) if not is_comment(row)), 0)
        names = tuple(_text(cell).strip() for cell in rows[place]) if rows else ()
        comments = [row[0].lstrip("#").strip() for row in top[:place] if row and row[0].startswith("#")]
        if holds:
            self.comments += tuple(filter(None, comments))
            self._fill(sheet, rows, place, names)
        return _Sheet(name, rows, place, names), holds

    def _fill(self, sheet: Any, rows: list[list[Any]], header: int, names: tuple[str, ...]) -> None:
        """The value of a merged cell stands in every row that it spans."""
        merged: dict[str, int] = {}
        for (top, left), (bottom, right) in sheet.merged_cell_ranges or ():
            if top <= header or bottom == top or left >= len(names):
                continue
            value = rows[top][left] if top < len(rows) else ""
            for row in rows[top : bottom + 1]:
                for place in range(left, min(right, len(names) - 1) + 1):
                    row[place] = value
            merged[names[left]] = merged.get(names[left], 0) + 1
        self.remarks += tuple(
            Remark("merged_cells", {"column": name, "n": f"{count:,}"}) for name, count in merged.items()
        )

    def chunks(self, wanted: Sequence[str], few: Sequence[str] = ()) -> Iterator[Chunk]:
        total, start = max(1, sum(sheet.size for sheet in self.parts)), 0
        for sheet in self.parts:
            places = {header: sheet.names.index(header) for header in wanted}
            rows = iter(islice(sheet.rows, sheet.header + 1, None))
            while block := list(islice(rows, _ROWS)):
                columns = {
                    header: pa.array([_text(row[place]) for row in block], pa.string())
                    for header, place in places.items()
                }
                records = np.arange(start, start + len(block), dtype=np.int64)
                start += len(block)
                yield Chunk(records, columns, share=start / total)

    def place_of(self, record: int) -> tuple[int, str]:
        """Line, and the sheet where several are read."""
        for sheet in self.parts:
            if record < sheet.size:
                return sheet.header + 2 + record, sheet.name if len(self.parts) > 1 else ""
            record -= sheet.size
        return 0, ""


def _refuse_unlike(name: str, sheets: list[_Sheet], mapping: LogMapping | None) -> None:
    """Raises: LogRefusedError where sheets name the columns of a log in different ways."""
    if len(sheets) < 2 or (mapping and mapping.columns):
        return
    suggestions = {tuple(sorted(suggest(sheet.names).columns.items())) for sheet in sheets}
    shared = set.intersection(*(set(sheet.names) for sheet in sheets))
    if len(suggestions) > 1 and suggest(sorted(shared)).missing:
        raise refused("sheets_differ", name=name, names=", ".join(sheet.name for sheet in sheets))


def _text(cell: Any) -> str:
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, dt.datetime):
        return cell.isoformat(sep=" ")
    if isinstance(cell, float):
        if abs(cell) >= _MOST_DIGITS:
            return f"{cell:.14E}".replace(".00000000000000", "")
        return str(int(cell)) if cell.is_integer() else repr(cell)
    return str(cell)


def _refuse_large(path: Path) -> _Packed:
    """Judged in the packed file before anything is unpacked into memory: one far cell makes a sheet of all between.

    Raises: LogRefusedError.
    """
    is_1904 = False
    hidden: dict[str, int] = {}
    book, links = b"", b""
    try:
        with zipfile.ZipFile(path) as archive:
            parts = archive.infolist()
            fits = sum(member.file_size for member in parts) <= MAX_UNPACKED_BYTES
            for part in parts if fits else ():
                name = _part_name(part.filename)
                if name.endswith("workbook.xml"):
                    book = archive.read(part)[:_BLOCK]
                    is_1904 = is_1904 or bool(_IS_1904.search(book))
                elif name.endswith("workbook.xml.rels"):
                    links = archive.read(part)[:_BLOCK]
                part_fits, hidden[name] = _fits(path.name, archive, part)
                fits = fits and part_fits
    except LogRefusedError:
        raise
    except Exception as error:  # damaged archives fail in a dozen ways
        raise refused("cannot_unpack", name=path.name, why=str(error)[:120]) from None
    if not fits:
        raise refused("too_many_cells", name=path.name, rows=f"{MAX_ROWS:,}", cells=f"{MAX_CELLS:,}")
    return _Packed(is_1904, {sheet: hidden.get(part, 0) for sheet, part in _parts_by_sheet(book, links).items()})


def _part_name(name: str) -> str:
    return name.replace("\\", "/").lower()


def _parts_by_sheet(book: bytes, links: bytes) -> dict[str, str]:
    """Name of a sheet → the part of the archive that holds it, as far as the workbook says so."""
    targets = {_attribute(link, "Id"): _attribute(link, "Target") for link in _LINK.findall(links)}
    parts: dict[str, str] = {}
    for sheet in _SHEET.findall(book):
        target = _part_name(targets.get(_attribute(sheet, "id"), ""))
        if target:
            parts[_attribute(sheet, "name")] = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
    return parts


def _attribute(tag: bytes, name: str) -> str:
    match = re.search(rb"""[\s:]%s=(?:"([^"]*)"|'([^']*)')""" % name.encode(), tag)
    return html.unescape((match[1] or match[2] or b"").decode("utf-8", "replace")) if match else ""


def _fits(name: str, archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> tuple[bool, int]:
    """Whatever the part is called: rows, cells and texts are counted while it is unpacked; and how many rows are hidden.

    Raises: LogRefusedError.
    """
    rows = last = columns = cells = texts = read = hidden = 0
    tail = b""
    with archive.open(part) as packed:
        while block := packed.read(_BLOCK):
            read += len(block)
            joined = tail + block
            cut = joined.rfind(b"</") + 1 or len(joined)
            whole, tail = joined[: cut - 1], joined[cut - 1 :]
            if len(tail) > _BLOCK:
                whole, tail = joined, b""
            rows += len(_ROW.findall(whole))
            hidden += len(_HIDDEN_ROW.findall(whole))
            texts += len(_TEXT.findall(whole))
            for cell in _CELL.findall(whole):
                cells += 1
                place = _CELL_PLACE.search(cell)
                if place:
                    last, columns = max(last, int(place[2])), max(columns, _column(place[1]))
            height = max(last, min(rows, cells))
            if height > MAX_ROWS + 1 or max(cells, texts, height * columns) > MAX_CELLS or read > MAX_UNPACKED_BYTES:
                return False, 0
            if read - _CELL_BYTES * (cells + rows) > MAX_TEXT_BYTES:
                raise refused("large_texts", name=name, bytes=f"{MAX_TEXT_BYTES:,}")
    return True, hidden


def _column(letters: bytes) -> int:
    """1 for A, 27 for AA."""
    place = 0
    for character in letters:
        place = place * 26 + character - ord("A") + 1
    return place
