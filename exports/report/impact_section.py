"""The impact assessment in the order and words of the official form, ready for the template: blocks, scenarios, map_of."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from assessments.model import Impact, Measure, Scenario
from assessments.rules import findings as rules
from assessments.rules import impacts
from exports.report.answers import AskedQuestion, AskedSection, Passage
from exports.report.reading import Reading
from questionnaires import named
from questionnaires.method_schema import ImpactScales
from questionnaires.schema import Text
from questionnaires.vocabulary import Level

_IN_A_ROW = 6
"""Columns of a list up to which each of its entries is a row; with more, each is a column."""
_SIDE_BY_SIDE = 4


@dataclass(frozen=True)
class Grid:
    """A list that was answered as a table. lines: a head and its cells; None: the entry says nothing of it."""

    heads: tuple[Text, ...]
    """Of the columns. Empty: the entries are columns, in their order."""
    lines: tuple[tuple[Text | None, tuple[tuple[Passage, ...], ...]], ...]


@dataclass(frozen=True)
class ImpactRow:
    """One right in one scenario."""

    number: str
    """Of the scenario and of the right in it: `2.1`. The map names it so."""
    impact: Impact
    in_place: tuple[Measure, ...]
    """Measures of the scenario that are in place."""


@dataclass(frozen=True)
class ScenarioRows:
    number: int
    scenario: Scenario
    planned: tuple[Measure, ...]
    rows: tuple[ImpactRow, ...]


@dataclass(frozen=True)
class MapCell:
    level: Level
    before: tuple[str, ...]
    """Numbers of the impacts that lie here."""
    in_place: tuple[str, ...]


@dataclass(frozen=True)
class RiskMap:
    """Severity by likelihood, before measures and with those in place. lines: the severest first, as severity and cells."""

    likelihoods: tuple[Text, ...]
    lines: tuple[tuple[int, tuple[MapCell, ...]], ...]


def blocks(report: Reading) -> Iterator[AskedSection]:
    """The sections of the form but for what follows the assessment, which stands with the measures."""
    answered = next((each for each in report.answered_questionnaires if each.questionnaire.id == rules.IMPACT), None)
    for section in answered.sections if answered else ():
        if section.section.id != named.FOLLOW_UP and section.asked_questions:
            yield section


def is_numbered(section: AskedSection) -> bool:
    """Whether its questions are the numbered items of the official form."""
    return section.section.id == named.TARGET


def grids(question: AskedQuestion) -> Iterator[Grid]:
    """The entries of a list, a row each where the columns fit on the page, else a column each."""
    columns = question.question.questions
    cells = [{cell.column: cell.passages for cell in row} for row in question.rows]
    if len(columns) <= _IN_A_ROW:
        lines = tuple((None, tuple(row.get(column.text, ()) for column in columns)) for row in cells)
        yield Grid(tuple(column.text for column in columns), lines)
        return
    for start in range(0, len(cells), _SIDE_BY_SIDE):
        part = cells[start : start + _SIDE_BY_SIDE]
        yield Grid((), tuple((column.text, tuple(row.get(column.text, ()) for row in part)) for column in columns))


def scenarios(report: Reading) -> Iterator[ScenarioRows]:
    for number, scenario in enumerate(report.assessment.scenarios, 1):
        measures = [measure for measure in report.assessment.measures if scenario.id in measure.scenarios]
        in_place = tuple(measure for measure in measures if measure.is_in_place)
        planned = tuple(measure for measure in measures if not measure.is_in_place)
        rows = (ImpactRow(f"{number}.{at}", impact, in_place) for at, impact in enumerate(scenario.impacts, 1))
        yield ScenarioRows(number, scenario, planned, tuple(rows))


def map_of(report: Reading, rows: Sequence[ScenarioRows]) -> RiskMap | None:
    """None: there is no impact, or the record has no scales."""
    scales = rules.scales_of(report.questionnaires)
    impact_rows = [row for each in rows for row in each.rows]
    if scales is None or not impact_rows:
        return None
    lines = []
    for severity in reversed(range(len(scales.level))):
        cells = (
            MapCell(
                level,
                _numbers(impact_rows, scales, impacts.Place(severity, likelihood), is_before=True),
                _numbers(impact_rows, scales, impacts.Place(severity, likelihood), is_before=False),
            )
            for likelihood, level in enumerate(scales.level[severity])
        )
        lines.append((severity, tuple(cells)))
    return RiskMap(tuple(step.label for step in scales.likelihood), tuple(lines))


def _numbers(
    rows: Sequence[ImpactRow], scales: ImpactScales, place: impacts.Place, *, is_before: bool
) -> tuple[str, ...]:
    gradings = (
        (row.number, row.impact.before if is_before else row.impact.in_place or row.impact.before) for row in rows
    )
    return tuple(number for number, grading in gradings if impacts.place(grading, scales) == place)
