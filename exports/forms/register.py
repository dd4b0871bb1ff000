"""The register of AI systems as CSV and XLSX: as_csv, as_workbook. No cell becomes a formula or a link."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from assessments.register_file import columns
from exports.forms import outputs, xlsx
from exports.forms.sheets import Sheet
from exports.forms.spreadsheet_csv import csv_of
from questionnaires.texts import texts_of

TEXTS = texts_of(__file__)
MEDIA_TYPES = {"csv": "text/csv; charset=utf-8", "xlsx": outputs.MEDIA_TYPES["xlsx"][1]}
Row = Mapping[str, str | int]


def as_csv(rows: Iterable[Row], language: str) -> bytes:
    """UTF-8 with BOM, so that spreadsheets read Hangul; a cell that would start a formula is prefixed with an apostrophe."""
    head = [columns.title(name)[language] for name in columns.names()]
    return csv_of(head, ([row.get(name, "") for name in columns.names()] for row in rows))


def as_workbook(rows: Iterable[Row], language: str, at: datetime) -> bytes:
    """Every text is a text cell."""
    head = tuple(columns.title(name)[language] for name in columns.names())
    lines = tuple(tuple(row.get(name, "") for name in columns.names()) for row in rows)
    return xlsx.book_of([Sheet(TEXTS["register_sheet"][language], head, lines)], "Haetae", at)
