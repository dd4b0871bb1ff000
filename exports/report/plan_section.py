"""Measures, conditions of the approval and planned duties in one table, what is due first: rows, PlanRow."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from exports.report import duties_section
from exports.report.reading import Reading
from questionnaires.schema import Text


@dataclass(frozen=True)
class PlanRow:
    """One thing that is done, or is to be done."""

    mark: str
    """`m1`; of a condition its number; empty for a duty."""
    what: Text
    """What somebody wrote has the same words in both languages."""
    kind: Text
    scenarios: tuple[int, ...]
    """Numbers of the scenarios that it is for."""
    owner: str
    due: date | None
    state: Text


def rows(report: Reading) -> tuple[PlanRow, ...]:
    """What is in place last; of the rest, what is due first."""
    in_place: list[PlanRow] = []
    rest: list[PlanRow] = []
    for row, is_in_place in _all(report):
        (in_place if is_in_place else rest).append(row)
    return (*sorted(rest, key=lambda row: (row.due is None, row.due or date.min)), *in_place)


def _all(report: Reading) -> Iterator[tuple[PlanRow, bool]]:
    assessment, t = report.assessment, report.t
    numbers = {scenario.id: number for number, scenario in enumerate(assessment.scenarios, 1)}
    for measure in assessment.measures:
        state = t("measure_in_place" if measure.is_in_place else "measure_planned")
        of = tuple(numbers[scenario] for scenario in measure.scenarios if scenario in numbers)
        what = Text(ko=measure.text, en=measure.text)
        yield (
            PlanRow(measure.id, what, t(f"kind_{measure.kind}"), of, measure.owner, measure.due, state),
            measure.is_in_place,
        )
    for number, condition in enumerate(assessment.decision.conditions if assessment.decision else (), 1):
        what = Text(ko=condition.text, en=condition.text)
        mark = f"{t('plan_condition')[report.first]} {number}"
        yield PlanRow(mark, what, t("plan_of_approval"), (), condition.owner, condition.due, t("plan_open")), False
    for finding in report.findings.duties:
        if finding.until is not None:
            what = duties_section.duty_of(report, finding.duty).title
            yield PlanRow("", what, t("duty"), (), finding.responsible, finding.until, t("duty_planned")), False
