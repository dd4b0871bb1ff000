"""What each scored question contributes, and why: trace."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache, partial

from assessments.derived import PointTrace
from assessments.model import Answer, Answers
from questionnaires import conditions
from questionnaires.conditions import Truth, Visibility
from questionnaires.once import once_for_each
from questionnaires.question_types import of_type
from questionnaires.schema import Question, Questionnaire

Row = Callable[[Answer | None, Truth], PointTrace]
_REMEMBERED = 256
"""Most trace rows remembered per question."""


def trace(questionnaire: Questionnaire, answers: Answers, visibility: Visibility) -> tuple[PointTrace, ...]:
    """One row for each scored question, in the order of asking."""
    get = answers.get
    return tuple([made(get(question_id), visibility[question_id]) for question_id, made in _prepared(questionnaire)])


def row_of(questionnaire: Questionnaire, question_id: str, answers: Answers, visibility: Visibility) -> PointTrace:
    """The row of one of them alone."""
    return _made(questionnaire)[question_id](answers.get(question_id), visibility[question_id])


def row(question: Question, answer: Answer | None, shown: Truth) -> PointTrace:
    """Points of one question. shown: False counts nothing, None counts the worst case."""
    is_open = conditions.is_open(answer)
    low, high = (0, 0) if shown is False else of_type(question).points(question, answer, is_open)
    if shown is None or (is_open and question.kind == "control"):
        low = 0  # a control counts only where it surely is shown, answered and in place
    answer_text = "" if is_open else answer if isinstance(answer, str) else _answer_text(answer)
    dimension, kind = question.dimension or "", question.kind or ""
    return PointTrace(question.id, dimension, kind, answer_text, low, high, question.maximum_points, shown)


@once_for_each
def _prepared(questionnaire: Questionnaire) -> list[tuple[str, Row]]:
    """The scored questions, each with a memoised `row`, since most are choices of a few options."""
    return [
        (question.id, lru_cache(_REMEMBERED)(partial(row, question))) for question in questionnaire.scored_questions
    ]


@once_for_each
def _made(questionnaire: Questionnaire) -> Mapping[str, Row]:
    return dict(_prepared(questionnaire))


def _answer_text(answer: Answer | None) -> str:
    return ", ".join(map(str, answer)) if isinstance(answer, tuple) else str(answer)
