"""The table that a supervisor looks at: opened once a process, then filtered and counted. Nothing else is read.

Its path comes from the environment, where `haetae supervise` puts it; no address and no field names a file.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache, cached_property
from pathlib import Path

from exports.collection import reading
from exports.collection.across import NAMES as FINDINGS
from exports.collection.columns import Row, by_id
from exports.collection.run import TEXTS as FOUND
from pages._frame import translation
from pages._server.portfolio_tables import Count, Counts
from pages._server.portfolio_tables import Row as CountRow
from questionnaires import load
from questionnaires.wording import SEOUL

VARIABLE = "HAETAE_SUPERVISED_TABLE"
FILTERS = ("verdict", "domain", "outcome", "level", "claim", "operator", "period", "finding")
"""Names in the address."""
SEARCH = "q"
CONTESTED = "contested"
ABSENT = "-"
"""Value of a filter: nothing is stated."""
_SEARCHED = ("path", "operator", "system_ko", "system_en", "document_id", "sha256", "seal_name")
Chosen = Mapping[str, str]


@dataclass(frozen=True)
class Entry:
    """One report. number: its line in the table, by which an address names it."""

    number: int
    row: Row

    def text(self, name: str) -> str:
        value = self.row.get(name)
        return "" if value is None else str(value)

    def facet(self, name: str) -> str:
        """What a filter compares; ABSENT where nothing is stated."""
        match name:
            case "period":
                return quarter_of(self.row.get("sealed_at")) or ABSENT
            case "outcome" if self.row.get("is_contested"):
                return CONTESTED
            case "claim" if self.row.get("is_claimed") is False:
                return "absent"
            case _:
                return self.text(name) or ABSENT

    @cached_property
    def findings(self) -> tuple[str, ...]:
        return tuple(part for part in self.text("findings").split(", ") if part in FINDINGS)

    @cached_property
    def searched(self) -> str:
        return " ".join(self.text(name) for name in _SEARCHED).casefold()

    def fits(self, chosen: Chosen) -> bool:
        for name in FILTERS:
            value = chosen.get(name, "")
            if value and (value not in self.findings if name == "finding" else self.facet(name) != value):
                return False
        return all(word in self.searched for word in chosen.get(SEARCH, "").casefold().split())


@dataclass(frozen=True)
class Supervised:
    """What was read, as it was when the process began."""

    name: str
    entries: tuple[Entry, ...]
    findings: tuple[Row, ...]

    def chosen(self, chosen: Chosen) -> list[Entry]:
        return [entry for entry in self.entries if entry.fits(chosen)]

    @cached_property
    def values(self) -> Mapping[str, tuple[str, ...]]:
        """Filter → what occurs, in the order in which it is offered."""
        values: dict[str, tuple[str, ...]] = {}
        for name in FILTERS:
            seen = Counter(value for entry in self.entries for value in _values(entry, name))
            values[name] = tuple(sorted(seen, key=_order(name)))
        return values


def _values(entry: Entry, name: str) -> Sequence[str]:
    return entry.findings if name == "finding" else (entry.facet(name),)


def _order(name: str) -> Callable[[str], tuple[int, str]]:
    if name == "outcome":
        known = [*by_id()["outcome"].words, CONTESTED]
    else:
        known = list(FINDINGS) if name == "finding" else list(by_id()[name].words) if name in by_id() else []
    places = {code: place for place, code in enumerate(known)}

    def key(value: str) -> tuple[int, str]:
        return (len(places) + 1 if value == ABSENT else places.get(value, len(places)), value)

    return key


@cache
def opened() -> Supervised:
    """Raises: AssessmentError, OSError."""
    file = Path(os.environ[VARIABLE])
    table = reading.read(file)
    return Supervised(file.name, tuple(Entry(number, row) for number, row in enumerate(table.rows, 1)), table.findings)


def quarter_of(at: object) -> str:
    if not isinstance(at, datetime):
        return ""
    on = at.astimezone(SEOUL)
    return f"{on.year:04}-Q{(on.month - 1) // 3 + 1}"


def title(name: str, value: str, language: str) -> str:
    """Of a filter's value."""
    say = translation.translate
    if value == ABSENT:
        return say("Not stated", language)
    if name == "finding":
        return FOUND[value][language]
    if value == CONTESTED and name == "outcome":
        return say("Contested", language)
    if name == "period":
        return say("Q{number} {year}", language, number=value[-1], year=value[:4])
    if name == "domain":
        return _domains(language).get(value, value)
    column = by_id().get(name)
    return column.words[value][language] if column and value in column.words else value


@cache
def _domains(language: str) -> dict[str, str]:
    return {edition.id: edition.questionnaire.title[language] for edition in load.editions(load.FOLDER)}


def label(name: str, language: str) -> str:
    say = translation.translate
    if name == "period":
        return say("Sealed in", language)
    if name == "finding":
        return say("Found across the set", language)
    return by_id()[name].title[language]


# --- counts -----------------------------------------------------------------------------------------------------------

TABLES = {
    "outcomes": ("domain", "outcome"),
    "levels": ("domain", "level"),
    "periods": ("period", "verdict"),
    "claims": ("claim", "level"),
}
"""Table → filters of its rows and of its columns."""
MOST_ROWS = 40


def counts(name: str, entries: Sequence[Entry], language: str) -> Counts:
    """One of TABLES, with sums; each count knows what it asks for."""
    of_rows, of_columns = TABLES[name]
    cells: Counter[tuple[str, str]] = Counter(
        (entry.facet(of_rows), entry.facet(of_columns)) for entry in _counted(name, entries)
    )
    keys = sorted({row for row, _column in cells}, key=_order(of_rows))[-MOST_ROWS:]
    columns = sorted({column for _row, column in cells}, key=_order(of_columns))
    every = translation.translate("All", language)
    lines = [
        CountRow(key, title(of_rows, key, language), tuple(_cells(cells, of_rows, key, of_columns, columns)))
        for key in keys
    ]
    if len(lines) > 1:
        sums = [sum(line.counts[place].number for line in lines) for place in range(len(columns) + 1)]
        asked_columns: list[dict[str, str]] = [{of_columns: column} for column in columns]
        lines.append(CountRow("", every, (*map(Count, sums[:-1], asked_columns), Count(sums[-1]))))
    head = (label(of_rows, language), *(title(of_columns, column, language) for column in columns), every)
    return Counts(name, heading(name, language), head, tuple(lines), tuple(columns))


def _counted(name: str, entries: Sequence[Entry]) -> Iterator[Entry]:
    """What a report that failed states is left out of the table, so it is counted by its verdict alone."""
    return (entry for entry in entries if name == "periods" or entry.row["values"] != "none")


def _cells(
    cells: Mapping[tuple[str, str], int], of_rows: str, key: str, of_columns: str, columns: Sequence[str]
) -> Iterator[Count]:
    for column in columns:
        yield Count(cells.get((key, column), 0), {of_rows: key, of_columns: column})
    yield Count(sum(cells.get((key, column), 0) for column in columns), {of_rows: key})


def heading(name: str, language: str) -> str:
    say = translation.translate
    return {
        "outcomes": say("Determinations by domain", language),
        "levels": say("Risk levels by domain", language),
        "periods": say("Verdicts by quarter of the seal", language),
        "claims": say("Claims of human involvement by risk level", language),
    }[name]
