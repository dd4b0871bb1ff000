"""A record, or other tables, as a workbook: workbook, book_of. Every text is a text cell: nothing that somebody wrote becomes a formula."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from io import BytesIO

import xlsxwriter

from exports.forms.sheets import Sheet, sheets
from exports.record.record import Record

MOST_CHARACTERS = 32_767
"""That a cell holds; what is longer goes on in rows below."""
_WIDTHS = (16, 60)


def workbook(made_from: Record, language: str) -> bytes:
    """XLSX; the same record gives the same bytes."""
    title = f"Haetae {made_from.data['document']['id']}"
    return book_of(sheets(made_from, language), title, made_from.file_dated)


def book_of(written: Iterable[Sheet], title: str, created: datetime) -> bytes:
    """Any tables as a workbook; the same tables give the same bytes."""
    buffer = BytesIO()
    settings = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(buffer, settings) as book:
        book.set_properties({"title": title, "created": created})
        # quote_prefix: stays a text where somebody edits the cell or saves the sheet as another format
        text_format = book.add_format({"quote_prefix": True, "text_wrap": True, "valign": "top"})
        head = book.add_format({"quote_prefix": True, "bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
        for sheet in written:
            _write(book, sheet, text_format, head)
    return buffer.getvalue()


def _write(book: xlsxwriter.Workbook, sheet: Sheet, text_format: object, head: object) -> None:
    page = book.add_worksheet(sheet.name[:31])
    page.freeze_panes(1, 0)
    for column, name in enumerate(sheet.head):
        page.write_string(0, column, name, head)
        longest = max((len(str(row[column])) for row in sheet.rows), default=0)
        page.set_column(column, column, min(max(longest, len(name), _WIDTHS[0]), _WIDTHS[1]))
    line = 1
    for row in sheet.rows:
        pieces = [_pieces(cell) for cell in row]
        for column, some in enumerate(pieces):
            for below, piece in enumerate(some):
                if isinstance(piece, int):
                    page.write_number(line + below, column, piece, text_format)
                else:
                    page.write_string(line + below, column, piece, text_format)
        line += max(len(some) for some in pieces)


def _pieces(cell: str | int) -> list[str] | list[int]:
    if isinstance(cell, int):
        return [cell]
    return [cell[start : start + MOST_CHARACTERS] for start in range(0, len(cell), MOST_CHARACTERS)] or [""]
