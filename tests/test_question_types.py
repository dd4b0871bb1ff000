"""What holds for each type of question is declared once: questionnaires.question_types."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from questionnaires.question_types import of_type
from questionnaires.schema import Question, QuestionType
from tests import report_samples

ROOT = Path(__file__).parents[1]
QUESTIONS = {
    question.type: question
    for edition in report_samples.editions().values()
    for question in edition.questionnaire.questions()
}
MATCHED_IN = {
    "questionnaires/vocabulary.py",
    "questionnaires/question_types.py",
    "assessments/content/answers.py",
    "exports/report/answers.py",
    "pages/_parts/fields.py",
}
"""Where a type may be named: its declaration, and how an answer is checked, printed and asked for."""


def test_the_samples_hold_a_question_of_every_type() -> None:
    assert set(QUESTIONS) == set(QuestionType)


@pytest.mark.parametrize("question", QUESTIONS.values(), ids=list(QUESTIONS))
def test_every_type_is_declared(question: Question) -> None:
    assert of_type(question).hint(question, " (required)")


def test_types_are_told_apart_in_one_place_of_each_layer() -> None:
    naming = re.compile(r"QuestionType\.[A-Z]")
    files = [
        file for room in ("questionnaires", "assessments", "exports", "pages") for file in (ROOT / room).rglob("*.py")
    ]
    found = {str(file.relative_to(ROOT)) for file in files if naming.search(file.read_text("utf-8"))}
    assert found <= MATCHED_IN, f"ask questionnaires.question_types instead: {sorted(found - MATCHED_IN)}"
