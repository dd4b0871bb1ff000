"""Requests of people concerned as CSV and XLSX: as_csv, as_workbook. No cell becomes a formula or a link."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime

from assessments.register_file import requests as columns
from exports.forms import xlsx
from exports.forms.register import MEDIA_TYPES, typed
from exports.forms.sheets import Sheet
from exports.forms.spreadsheet_csv import csv_of
from questionnaires.texts import texts_of

TEXTS = texts_of(__file__)
Row = Mapping[str, str | int]

__all__ = ["MEDIA_TYPES", "as_csv", "as_workbook"]


def as_csv(rows: Iterable[Row], language: str) -> bytes:
    """UTF-8 with BOM, so that spreadsheets read Hangul; a cell that would start a formula is prefixed with an apostrophe."""
    return csv_of(_head(language), _lines(rows))


def as_workbook(rows: Iterable[Row], language: str, at: datetime) -> bytes:
    """Every text is a text cell, a day a day."""
    lines = tuple(tuple(typed(cell, name in columns.DAYS) for name, cell in _named(row)) for row in rows)
    sheet = Sheet(TEXTS["requests_sheet"][language], _head(language), lines)
    return xlsx.book_of([sheet], "Haetae", at)


def _head(language: str) -> tuple[str, ...]:
    return tuple(columns.title(name)[language] for name in columns.names())


def _lines(rows: Iterable[Row]) -> tuple[tuple[str | int, ...], ...]:
    return tuple(tuple(cell for _, cell in _named(row)) for row in rows)


def _named(row: Row) -> Iterator[tuple[str, str | int]]:
    return ((name, row.get(name, "")) for name in columns.names())
