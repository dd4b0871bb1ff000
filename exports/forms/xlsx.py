"""A record, or other tables, as a workbook: workbook, book_of.

A number is a number, a day a day, a yes a yes. Every text is a text cell: nothing that somebody wrote becomes a formula.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from io import BytesIO
from typing import Any

import xlsxwriter

from exports.forms.sheets import Sheet, sheets
from exports.forms.tables import Figure, Unit, Value
from exports.record.record import Record
from questionnaires.wording import SEOUL

MOST_CHARACTERS = 32_767
"""That a cell holds; what is longer goes on in rows below."""
_WIDTHS = (10, 60)
_DAY, _MOMENT = "yyyy-mm-dd", "yyyy-mm-dd hh:mm"
_NUMBERS: Mapping[Unit, str] = {
    Unit.COUNT: "#,##0",
    Unit.POINTS: "#,##0.##",
    Unit.SHARE: "0.0%",
    Unit.SHARE_APART: "+0.0%;-0.0%;0.0%",
    Unit.RATIO: "0.00",
    Unit.SECONDS: '#,##0.0" s"',
    Unit.WON: '"₩"#,##0',
    Unit.BYTES: '#,##0" B"',
    Unit.CHANCE: "0.0E+00",
}
"""How each kind of number is shown. It stays the number."""


def workbook(made_from: Record, language: str) -> bytes:
    """XLSX; the same record gives the same bytes."""
    title = f"Haetae {made_from.data['document']['id']}"
    return book_of(sheets(made_from, language), title, made_from.file_dated)


def book_of(tables: Iterable[Sheet], title: str, created: datetime) -> bytes:
    """Any tables as a workbook; the same tables give the same bytes."""
    buffer = BytesIO()
    settings = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(buffer, settings) as book:
        book.set_properties({"title": title, "created": created})
        writer = _Writer(book)
        for sheet in tables:
            writer.write(sheet)
    return buffer.getvalue()


class _Writer:
    """The formats of one workbook."""

    def __init__(self, book: xlsxwriter.Workbook) -> None:
        self.book = book
        look = {"text_wrap": True, "valign": "top"}
        # quote_prefix: stays a text where somebody edits the cell or saves the sheet as another format
        self.text = book.add_format({"quote_prefix": True, **look})
        self.head = book.add_format({"quote_prefix": True, "bold": True, "bottom": 1, "bg_color": "#e6ebef", **look})
        self.plain = book.add_format(look)
        self.day = book.add_format({"num_format": _DAY, "align": "left", **look})
        self.moment = book.add_format({"num_format": _MOMENT, "align": "left", **look})
        self.numbers = {unit: book.add_format({"num_format": shown, **look}) for unit, shown in _NUMBERS.items()}

    def write(self, sheet: Sheet) -> None:
        page = self.book.add_worksheet(sheet.name[:31])
        page.freeze_panes(1, 0)
        page.set_landscape()
        page.fit_to_pages(1, 0)
        page.repeat_rows(0)
        for column, name in enumerate(sheet.head):
            page.write_string(0, column, name, self.head)
            longest = max((_width(row[column]) for row in sheet.rows), default=0)
            page.set_column(column, column, min(max(longest, _width(name), _WIDTHS[0]), _WIDTHS[1]))
        line = 1
        for row in sheet.rows:
            pieces = [_pieces(cell) for cell in row]
            for column, some in enumerate(pieces):
                for below, piece in enumerate(some):
                    self.write_cell(page, line + below, column, piece)
            line += max(len(some) for some in pieces)
        if sheet.rows and sheet.head:
            page.autofilter(0, 0, line - 1, len(sheet.head) - 1)

    def write_cell(self, page: Any, line: int, column: int, value: Value) -> None:
        match value:
            case None:
                pass
            case bool():
                page.write_boolean(line, column, value, self.plain)
            case Figure():
                page.write_number(line, column, value.value, self.numbers[value.unit])
            case int():
                page.write_number(line, column, value, self.numbers[Unit.COUNT])
            case datetime():
                page.write_datetime(line, column, value.astimezone(SEOUL).replace(tzinfo=None), self.moment)
            case date():
                page.write_datetime(line, column, value, self.day)
            case _:
                page.write_string(line, column, value, self.text)


def _width(value: Value) -> int:
    """Of the widest line, in digits; a Korean syllable is as wide as two."""
    if value is None:
        return 0
    if not isinstance(value, str):
        return 16
    lines = value[:2000].splitlines() or [""]
    return 2 + max(sum(1 if character.isascii() else 2 for character in text) for text in lines)


def _pieces(cell: Value) -> list[Value]:
    if not isinstance(cell, str):
        return [cell]
    return [cell[start : start + MOST_CHARACTERS] for start in range(0, len(cell), MOST_CHARACTERS)] or [None]
