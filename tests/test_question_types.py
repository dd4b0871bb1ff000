"""What holds for each type of question is declared once: questionnaires.question_types."""

from __future__ import annotations

import json
import re
from datetime import date
from pathlib import Path

import pytest

from exports.report import answers as answers_section
from pages._parts import fields
from questionnaires.conditions import Answer
from questionnaires.question_types import from_json, of_type, to_json
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
    "exports/forms/parts/answer_parts.py",
    "pages/_parts/fields.py",
}
"""Where a type may be named: its declaration, and how an answer is checked, printed, put into a workbook and asked for."""


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


@pytest.mark.parametrize("asked", QUESTIONS.values(), ids=list(QUESTIONS))
def test_an_answer_comes_back_from_its_json_and_can_be_printed_and_shown(asked: Question) -> None:
    answers = [given[asked.id] for given in report_samples.ANSWERS.values() if asked.id in given]
    assert answers
    for answer in answers:
        assert from_json(asked, json.loads(json.dumps(to_json(answer)))) == answer
        assert fields.html_of(asked, answer, "ko")
        assert answers_section.passages(asked, answer) or of_type(asked).has_rows


@pytest.mark.parametrize("answer", [None, "글", 7, ("a", "b"), ({"since": "2026-01-02", "n": 3},)])
def test_an_answer_comes_back_without_its_question(answer: Answer | None) -> None:
    assert from_json(None, json.loads(json.dumps(to_json(answer)))) == answer


@pytest.mark.parametrize("asked", [None, *QUESTIONS.values()], ids=["without a question", *QUESTIONS])
@pytest.mark.parametrize("value", [True, 1.5, {"year": 2026}, [1, "a"], [None]])
def test_what_is_no_answer_is_not_taken_for_one(asked: Question | None, value: object) -> None:
    with pytest.raises(ValueError, match="no answer"):
        from_json(asked, value)


def test_a_day_is_read_as_rows_and_histories_from_before_held_it() -> None:
    day = QUESTIONS[QuestionType.DATE]
    assert from_json(day, {"day": "2026-01-02"}) == from_json(None, {"day": "2026-01-02"}) == date(2026, 1, 2)
    assert from_json(day, "2026-01-02") == date(2026, 1, 2)
    with pytest.raises(ValueError, match="day"):
        from_json(day, "2026-02-30")
