"""A record as parts with tables, whose cells are values and not yet words: Part, Table, Column, Value, Figure, Several.

A workbook takes the values, Markdown how they read: `reading`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from exports.words import labels
from questionnaires import wording
from questionnaires.texts import texts_of

TEXTS = texts_of(__file__)
ABSENT = "–"
_PER_CENT = 100


class Unit(StrEnum):
    """What a number counts, by which it is formatted."""

    COUNT = "count"
    POINTS = "points"
    SHARE = "share"
    """Of 1; reads as a percentage."""
    SHARE_APART = "share_apart"
    """A difference of two shares; reads as percentage points, with its sign."""
    RATIO = "ratio"
    SECONDS = "seconds"
    WON = "won"
    BYTES = "bytes"
    CHANCE = "chance"
    """A p value."""


@dataclass(frozen=True)
class Figure:
    """A number that is not merely a count."""

    value: int | float
    unit: Unit


@dataclass(frozen=True)
class Several:
    """A cell that reads as one text, and whose values stand in columns of their own in a workbook."""

    text: str
    values: tuple[Value, ...]
    """As many as its column has parts."""


Value = str | bool | int | Figure | date | datetime | None
"""What one cell of a workbook holds. None: nothing. A time is aware; it is shown in Seoul."""
Cell = Value | Several


@dataclass(frozen=True)
class Column:
    title: str
    parts: tuple[str, ...] = ()
    """Titles of the columns that it becomes in a workbook. Empty: itself."""
    is_key: bool = False
    """It holds names by which programs find things; a text leaves them out."""


@dataclass(frozen=True)
class Table:
    """columns: as many as each row has cells."""

    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    is_of_facts: bool = False
    """Rows of a name and a value, which read as a list."""
    is_for_reckoning: bool = False
    """It only gives values with which somebody goes on reckoning: a text is without it."""


@dataclass(frozen=True)
class Part:
    """One part of what the record says: sentences, then tables."""

    title: str
    sentences: tuple[str, ...] = ()
    tables: tuple[Table, ...] = ()


def reading(cell: Cell, language: str) -> str:
    """As the report words it. A line of what somebody wrote stays a line."""
    match cell:
        case None:
            return ABSENT
        case bool():
            return TEXTS["is_so" if cell else "is_not"][language]
        case Several():
            return cell.text
        case Figure():
            return _READ[cell.unit](cell.value, language)
        case datetime():
            return labels.moment(cell, language)
        case date():
            return labels.day(cell, language)
        case int():
            return f"{cell:,}"
        case _:
            return cell


def _share_apart(value: float, _: str) -> str:
    return f"{_PER_CENT * value:+.1f}"


_READ: dict[Unit, Callable[[int | float, str], str]] = {
    Unit.COUNT: lambda value, _: f"{value:,}",
    Unit.POINTS: lambda value, _: f"{value:g}",
    Unit.SHARE: lambda value, _: wording.share(value),
    Unit.SHARE_APART: _share_apart,
    Unit.RATIO: lambda value, _: wording.ratio(value, None, None),
    Unit.SECONDS: lambda value, language: wording.duration(value)[language],
    Unit.WON: lambda value, language: wording.won(int(value))[language],
    Unit.BYTES: lambda value, _: f"{value:,} B",
    Unit.CHANCE: lambda value, _: wording.chance(value),
}


def columns(*titles: str | Column) -> tuple[Column, ...]:
    """Titles, or columns with parts."""
    return tuple(Column(title) if isinstance(title, str) else title for title in titles)


def flat_head(table: Table) -> tuple[str, ...]:
    """Titles of the columns in a workbook."""
    return tuple(title for column in table.columns for title in (column.parts or (column.title,)))


def flat_row(table: Table, row: Sequence[Cell]) -> tuple[Value, ...]:
    """The cells of a row in a workbook, as many as `flat_head`. Where a column with parts holds one value, the others stay empty."""
    values: list[Value] = []
    for column, cell in zip(table.columns, row, strict=True):
        width = max(len(column.parts), 1)
        several = cell.values if isinstance(cell, Several) else (cell,)
        values += (*several, *(None,) * (width - len(several)))
    return tuple(values)
