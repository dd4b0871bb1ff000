"""Three-valued conditions (Kleene): visible, holds. True, False, or None where an open answer decides."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Union

from questionnaires.schema import (
    UNKNOWN,
    AllOf,
    Answered,
    AnyOf,
    AtLeast,
    ClaimIs,
    Condition,
    CountAtLeast,
    Finding,
    Not,
    QuestionIs,
    Questionnaire,
)

Row = Mapping[str, "Answer"]
Answer = Union[str, int, date, tuple[str, ...], tuple[Row, ...]]  # noqa: UP007 - refers to itself through Row
"""choice, text → str · choices → tuple of values · number → int · date → date · group → tuple of rows."""
Answers = Mapping[str, Answer]
"""Question id → answer, of one questionnaire; a question without an answer is not in it."""

Truth = bool | None
_NOTHING: tuple[Answer, ...] = (UNKNOWN, "", (), (UNKNOWN,))
Visibility = Mapping[str, Truth]


def visible(questionnaire: Questionnaire, answers: Answers) -> dict[str, Truth]:
    """Question id → shown, surely hidden, or possibly hidden; conditions look back, so one pass is enough."""
    shown: dict[str, Truth] = dict.fromkeys(questionnaire.question_ids, True)
    for question in questionnaire.gated_questions:
        if question.shown_if is not None:
            shown[question.id] = holds(question.shown_if, shown, answers)
    return shown


def holds(condition: Condition, visibility: Visibility, answers: Answers, claim: Finding | None = None) -> Truth:
    """Whether the condition holds in all (True), in no (False) or in some (None) completions of the open answers.

    Visibility must hold every question that the condition names. claim: needed only in routes and grounds.
    """
    match condition:
        case QuestionIs():
            answer = answers.get(condition.question)
            return _shown_and(visibility[condition.question], _matches(answer, condition.is_))
        case AllOf():
            return all_of(holds(one, visibility, answers, claim) for one in condition.all_of)
        case AnyOf():
            return any_of(holds(one, visibility, answers, claim) for one in condition.any_of)
        case Not():
            inner = holds(condition.not_, visibility, answers, claim)
            return None if inner is None else not inner
        case AtLeast():
            answer = answers.get(condition.question)
            number = answer if isinstance(answer, int) else None
            return _shown_and(visibility[condition.question], None if number is None else number >= condition.at_least)
        case Answered():
            return _shown_and(
                visibility[condition.question], True if _is_given(answers.get(condition.question)) else None
            )
        case CountAtLeast():
            return _count_reaches(condition, visibility, answers, claim)
        case ClaimIs():
            return claim is not None and claim.value in condition.claim


def all_of(truths: Iterable[Truth]) -> Truth:
    result: Truth = True
    for truth in truths:
        if truth is False:
            return False
        if truth is None:
            result = None
    return result


def any_of(truths: Iterable[Truth]) -> Truth:
    result: Truth = False
    for truth in truths:
        if truth:
            return True
        if truth is None:
            result = None
    return result


def is_open(answer: Answer | None) -> bool:
    """Whether no answer was given that decides anything: none at all, or `unknown`."""
    return answer is None or answer in _NOTHING


def questions_named(condition: Condition) -> Iterator[str]:
    """Ids of the questions that a condition looks at, with repetitions."""
    match condition:
        case QuestionIs() | AtLeast() | Answered():
            yield condition.question
        case AllOf() | AnyOf():
            for one in condition.all_of if isinstance(condition, AllOf) else condition.any_of:
                yield from questions_named(one)
        case Not():
            yield from questions_named(condition.not_)
        case CountAtLeast():
            for item in condition.count_at_least.of:
                yield from questions_named(item.when)


def _is_given(answer: Answer | None) -> bool:
    return answer is not None and answer not in _NOTHING


def _matches(answer: Answer | None, wanted: tuple[str, ...]) -> Truth:
    """None: the answer is open. Of several choices, a listed one suffices; `unknown` among them leaves it open."""
    if isinstance(answer, tuple):
        if any(value in wanted for value in answer):
            return True
        return None if not answer or UNKNOWN in answer else False
    if answer is None or answer in ("", UNKNOWN):
        return None
    return answer in wanted


def _shown_and(shown: Truth, matches: Truth) -> Truth:
    if shown is False or matches is False:
        return False
    return True if shown and matches else None


def _count_reaches(condition: CountAtLeast, visibility: Visibility, answers: Answers, claim: Finding | None) -> Truth:
    low = high = 0
    for item in condition.count_at_least.of:
        truth = holds(item.when, visibility, answers, claim)
        low += item.counts if truth else 0
        high += item.counts if truth is not False else 0
    if low >= condition.count_at_least.total:
        return True
    return None if high >= condition.count_at_least.total else False
