"""The register of AI systems as CSV and XLSX: as_csv, as_workbook. No cell becomes a formula or a link."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime

from assessments.register_file import columns
from exports.forms import outputs, xlsx
from exports.forms.sheets import Sheet
from exports.forms.spreadsheet_csv import csv_of
from exports.forms.tables import Value
from questionnaires.texts import texts_of

TEXTS = texts_of(__file__)
MEDIA_TYPES = {"csv": "text/csv; charset=utf-8", "xlsx": outputs.MEDIA_TYPES["xlsx"][1]}
Row = Mapping[str, str | int]


def as_csv(rows: Iterable[Row], language: str) -> bytes:
    """UTF-8 with BOM, so that spreadsheets read Hangul; a cell that would start a formula is prefixed with an apostrophe."""
    head = [columns.title(name)[language] for name in columns.names()]
    return csv_of(head, ([row.get(name, "") for name in columns.names()] for row in rows))


def as_workbook(rows: Iterable[Row], language: str, at: datetime) -> bytes:
    """Every text is a text cell, a day a day."""
    head = tuple(columns.title(name)[language] for name in columns.names())
    lines = tuple(tuple(typed(row.get(name, ""), name in columns.DAYS) for name in columns.names()) for row in rows)
    return xlsx.book_of([Sheet(TEXTS["register_sheet"][language], head, lines)], "Haetae", at)


def typed(cell: str | int, is_day: bool) -> Value:
    """What a workbook can reckon with; a cell of days that holds no day stays as it is written."""
    if not is_day or not cell:
        return cell if cell != "" else None
    try:
        return date.fromisoformat(str(cell))
    except ValueError:
        return cell
