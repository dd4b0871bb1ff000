"""The cross-walk to other frameworks as the report shows it, ready for the template: heads, lines, criteria, places."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from assessments.rules.crosswalk import Walk, WalkedCell, WalkedRow
from exports.report.cited import CitedSource
from exports.report.reading import Reading
from exports.words import signs
from questionnaires.crosswalk import Framework, ReadAs
from questionnaires.schema import Text

_MARKS = {ReadAs.TEXT: "", ReadAs.SECOND_HAND: "*", ReadAs.GENERAL: "**"}
"""Beside a framework, and beside a cell whose text was read otherwise."""


@dataclass(frozen=True)
class Head:
    """One framework as the head of its column, with how its text was read."""

    framework: Framework
    mark: str
    source: CitedSource


@dataclass(frozen=True)
class Line:
    """One matter: where the assessment answers it, and its cells in the order of the heads; empty where there is none."""

    title: Text
    places: str
    cells: tuple[str, ...]


def heads(report: Reading, walk: Walk) -> tuple[Head, ...]:
    sources = walk.crosswalk.sources
    return tuple(
        Head(framework, _MARKS[framework.read], report.cited(sources[framework.source]))
        for framework in walk.crosswalk.frameworks
    )


def lines(report: Reading, walk: Walk) -> Iterator[Line]:
    for row in walk.rows:
        cells = tuple(
            cell_text(row.cells[framework.id], report.first) if framework.id in row.cells else ""
            for framework in walk.crosswalk.frameworks
        )
        yield Line(row.row.title, places_of(report, row), cells)


def cell_text(cell: WalkedCell, language: str) -> str:
    """`● 27(1)(c)`, with a mark where this cell was read otherwise than its framework."""
    mark = _MARKS[cell.read] if cell.read is not cell.framework.read else ""
    return f"{sign_of(cell)} {cell.cell.ref_in(language)}{mark}"


def sign_of(cell: WalkedCell) -> str:
    return signs.EVIDENCE[cell.evidence] if cell.evidence else signs.CELLS[cell.state]


def state_of(report: Reading, cell: WalkedCell) -> Text:
    """In words: how far it is answered, or what the claim's parts say on a criterion."""
    return report.t(f"evidence_{cell.evidence}" if cell.evidence else f"cell_{cell.state}")


def places_of(report: Reading, row: WalkedRow) -> str:
    """Where the assessment answers the matter, each place once, in the leading language."""
    places = dict.fromkeys(place for cell in row.cells.values() for place in cell.places)
    return ", ".join(dict.fromkeys(filter(None, (place_name(report, place) for place in places))))


def place_name(report: Reading, place: str) -> str:
    """A question by its number, a part of the claim by its title; empty where the record does not ask it."""
    kind, _, name = place.partition(".")
    if kind == "claim":
        rules = report.claim.claim if report.claim else None
        return next((part.title[report.first] for part in rules.parts if part.id == name), "") if rules else ""
    if name:
        questionnaire = report.questionnaires.get(kind)
        is_there = questionnaire is not None and name in questionnaire.question_ids
        return report.asked_question(kind, name).number if is_there else ""
    return report.t(f"place_{kind}")[report.first]
