"""Where the report answers what a legal text asks for: places."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from assessments.derived import CoveredItem
from assessments.rules import findings as rules
from exports.report.reading import Reading
from questionnaires import conditions

_SHOWN_IN: Mapping[str, str] = {
    "scenarios": "impact",
    "affected_persons": "impact",
    "rights_always_checked": "impact",
    "impacts_judged": "impact",
    "method": "risk",
    "measures_prevention": "measures",
    "measures_recovery": "measures",
    "measures_planned_with_owner_and_day": "measures",
}
"""Fact of the record that an item may need → the section that shows it."""


def places(report: Reading, covered: CoveredItem) -> str:
    """Numbers of the answers that an item rests on, and of sections for what is no answer, each once."""
    return ", ".join(dict.fromkeys(_places(report, covered)))


def _places(report: Reading, covered: CoveredItem) -> Iterator[str]:
    questionnaire = report.questionnaires[rules.IMPACT]
    items = next(matrix.items for matrix in questionnaire.coverage if matrix.id == covered.matrix)
    section = report.t("in_section")[report.first]
    for need in next(item.needs for item in items if item.item == covered.item):
        for question in conditions.questions_named(need.when) if need.when else ():
            answered = report.asked_question(questionnaire.id, question)
            if answered.shown is not False:
                yield answered.number
        if need.record:
            yield section.format(number=report.number_of(_SHOWN_IN[need.record]))
