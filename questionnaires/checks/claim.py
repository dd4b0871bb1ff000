"""Parts of the human-involvement claim without their section or without a need."""

from __future__ import annotations

from collections.abc import Iterator

from questionnaires import conditions
from questionnaires.checks.place import Checked
from questionnaires.problems import Problem
from questionnaires.question_types import of_type


def find_problems(checked: Checked) -> Iterator[Problem]:
    claim = checked.questionnaire.claim
    if claim is None:
        return
    sections = {section.id for section in checked.questionnaire.sections}
    prose = {question.id for _, question in checked.questions if of_type(question).is_prose}
    for i, part in enumerate(claim.parts):
        if part.id not in sections:
            what = f"part {part.id} has no section of the same id."
            yield checked.problem(("claim", "parts", i), what, "Add the section that asks about it.")
        deciding = {name for need in part.needs for name in conditions.questions_named(need.when)}
        if deciding <= prose:
            what = f"part {part.id} could be supported by a text alone."
            yield checked.problem(("claim", "parts", i), what, "Add a need that a choice or a number decides.")
