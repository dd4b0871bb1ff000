"""Tables for a workbook: Sheet, sheets. One language; what people wrote stays as written."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from exports.forms.parts.parts import parts
from exports.forms.tables import TEXTS, Part, Value, flat_head, flat_row
from exports.record.record import Record

_LONGEST_NAME = 31
"""Of a sheet, which spreadsheets do not open otherwise."""
_NOT_AT_ENDS = " '"
_NOT_IN_NAMES = re.compile(r"[\[\]:*?/\\]")


@dataclass(frozen=True)
class Sheet:
    """One table. name: at most 31 characters, none of []:*?/\\ in it."""

    name: str
    head: tuple[str, ...]
    rows: tuple[tuple[Value, ...], ...]


def sheets(made_from: Record, language: str) -> tuple[Sheet, ...]:
    """Every table that has rows, the summary first, last the sentences around them. Raises: whatever a malformed record leads to."""
    return tuple(_named(_all(parts(made_from, language), language)))


def _all(told_parts: Iterable[Part], language: str) -> Iterator[Sheet]:
    sentences: list[tuple[Value, ...]] = []
    for part in told_parts:
        sentences += [(part.title, sentence) for sentence in part.sentences]
        for table in part.tables:
            rows = tuple(flat_row(table, row) for row in table.rows)
            yield Sheet(table.title, flat_head(table), rows)
    titles = (TEXTS[key][language] for key in ("remarks", "part_of_record", "sentence"))
    name, *head = titles
    yield Sheet(name, tuple(head), tuple(sentences))


def _named(made: Iterable[Sheet]) -> Iterator[Sheet]:
    """Each by a name that a spreadsheet takes, without an apostrophe at its ends, and no other sheet has."""
    taken: set[str] = set()
    for sheet in made:
        plain = " ".join(_NOT_IN_NAMES.sub(" ", sheet.name).split())
        name, number = plain[:_LONGEST_NAME].strip(_NOT_AT_ENDS), 2
        while name.casefold() in taken:
            name, number = f"{plain[: _LONGEST_NAME - 3].strip(_NOT_AT_ENDS)} {number}", number + 1
        taken.add(name.casefold())
        yield Sheet(name, sheet.head, sheet.rows)
