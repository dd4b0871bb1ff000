"""Three-valued conditions (Kleene): visible, holds. True, False, or None if it depends on an open answer."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from math import prod
from typing import Any, NamedTuple, Union

from questionnaires.once import once_for_each
from questionnaires.schema import (
    ASSESSMENT_DAY,
    UNKNOWN,
    Above,
    AllOf,
    Answered,
    AnyOf,
    AtLeast,
    ClaimIs,
    Condition,
    Count,
    CountAtLeast,
    Finding,
    Not,
    ProductAbove,
    Question,
    QuestionIs,
    Questionnaire,
)

Row = Mapping[str, "Answer"]
Answer = Union[str, int, date, tuple[str, ...], tuple[Row, ...]]  # noqa: UP007 - refers to itself through Row
"""choice, text → str · choices → tuple of values · number → int · date → date · group → tuple of rows."""
Answers = Mapping[str, Answer]
"""Question id → answer, for one questionnaire; unanswered questions are left out."""

Truth = bool | None
_NOTHING: tuple[Answer, ...] = (UNKNOWN, "", (), (UNKNOWN,))
Visibility = Mapping[str, Truth]
Judge = Callable[[Visibility, Answers, Finding | None], Truth]


def visible(questionnaire: Questionnaire, answers: Answers) -> dict[str, Truth]:
    """Question id → True (shown), False (hidden) or None (open). One pass suffices, because conditions only refer to earlier questions."""
    gates = _gates(questionnaire)
    shown = gates.open.copy()
    for question_id, is_shown in gates.judges:
        shown[question_id] = is_shown(shown, answers, None)
    return shown


class ShownWhenAsked(dict[str, Truth]):
    """The same of each question, found out when it is asked for. answers: any mapping of which single answers are got."""

    def __init__(self, questionnaire: Questionnaire, answers: Answers) -> None:
        gates = _gates(questionnaire)
        super().__init__(gates.plain)
        self._answers, self._judges = answers, gates.by_question

    def __missing__(self, question_id: str) -> Truth:
        shown = self[question_id] = self._judges[question_id](self, self._answers, None)
        return shown

    def get(self, question_id: str, default: Any = None) -> Any:
        return self[question_id] if question_id in self or question_id in self._judges else default


class _Gates(NamedTuple):
    open: dict[str, Truth]
    """Every question, shown."""
    judges: tuple[tuple[str, Judge], ...]
    """Those that are shown on a condition."""
    plain: dict[str, Truth]
    """Those that are always shown."""
    by_question: dict[str, Judge]


@once_for_each
def _gates(questionnaire: Questionnaire) -> _Gates:
    gated = [
        (question.id, judge(question.shown_if))
        for question in questionnaire.questions()
        if question.shown_if is not None
    ]
    shown: dict[str, Truth] = dict.fromkeys(questionnaire.question_ids, True)
    by_question = dict(gated)
    plain = {question: truth for question, truth in shown.items() if question not in by_question}
    return _Gates(shown, tuple(gated), plain, by_question)


def holds(condition: Condition, visibility: Visibility, answers: Answers, claim: Finding | None = None) -> Truth:
    """Whether the condition holds in all (True), none (False) or some (None) completions of the open answers.

    visibility: must contain every question the condition names. claim: needed only in routes and grounds.
    """
    return judge(condition)(visibility, answers, claim)


@once_for_each
def judge(condition: Condition) -> Judge:
    """Compiles the condition to a function of visibility, answers and claim."""
    match condition:
        case QuestionIs():
            return _one_of(condition.question, condition.is_)
        case AllOf():
            return _joined(condition.all_of, decided_by=False)
        case AnyOf():
            return _joined(condition.any_of, decided_by=True)
        case Not():
            return _not(judge(condition.not_))
        case AtLeast():
            return _reaches(condition.question, condition.at_least)
        case Answered():
            return _answered(condition.question)
        case Above():
            return _above(condition.question, condition.above)
        case ProductAbove():
            return _product_above(condition.product.of, condition.product.above)
        case CountAtLeast():
            return _count_reaches(condition.count_at_least)
        case ClaimIs():
            findings = condition.claim
            return lambda visibility, answers, claim: claim is not None and claim.value in findings


def all_of(truths: Iterable[Truth]) -> Truth:
    """Kleene AND: False if any is, else None if any is, else True."""
    known = set(truths)
    return False if False in known else None if None in known else True


def any_of(truths: Iterable[Truth]) -> Truth:
    """Kleene OR: True if any is, else None if any is, else False."""
    known = set(truths)
    return True if True in known else None if None in known else False


def is_open(answer: Answer | None) -> bool:
    """Whether the answer decides nothing: there is none, or it is `unknown`."""
    return answer is None or answer in _NOTHING


def questions_named(condition: Condition) -> Iterator[str]:
    """Ids of the questions a condition refers to, with repetitions."""
    match condition:
        case QuestionIs() | AtLeast() | Answered():
            yield condition.question
        case Above():
            yield condition.question
            if condition.above != ASSESSMENT_DAY:
                yield condition.above
        case ProductAbove():
            yield from condition.product.of
        case AllOf() | AnyOf():
            for part in condition.all_of if isinstance(condition, AllOf) else condition.any_of:
                yield from questions_named(part)
        case Not():
            yield from questions_named(condition.not_)
        case CountAtLeast():
            for item in condition.count_at_least.of:
                yield from questions_named(item.when)


@once_for_each
def named_in(condition: Condition) -> frozenset[str]:
    """The same without repetitions."""
    return frozenset(questions_named(condition))


def leaves(condition: Condition) -> Iterator[Condition]:
    """The conditions inside that name a question or the claim."""
    match condition:
        case AllOf() | AnyOf():
            for part in condition.all_of if isinstance(condition, AllOf) else condition.any_of:
                yield from leaves(part)
        case Not():
            yield from leaves(condition.not_)
        case CountAtLeast():
            for item in condition.count_at_least.of:
                yield from leaves(item.when)
        case _:
            yield condition


def edges(leaf: Condition, question: Question) -> Iterator[int]:
    """Numbers at which a condition on this question may turn."""
    most = () if question.maximum is None else (question.maximum,)
    if isinstance(leaf, AtLeast) and leaf.question == question.id:
        yield leaf.at_least
    elif isinstance(leaf, ProductAbove) and question.id in leaf.product.of:
        yield from (1, leaf.product.above + 1, *most)
    elif isinstance(leaf, Above) and question.id in (leaf.question, leaf.above):
        yield from (1, *most)


def _joined(conditions: Iterable[Condition], *, decided_by: bool) -> Judge:
    """all_of, or any_of, up to the first part that decides: what stands behind it is not looked at."""
    parts = [judge(condition) for condition in conditions]

    def joined(visibility: Visibility, answers: Answers, claim: Finding | None) -> Truth:
        truth: Truth = not decided_by
        for part in parts:
            of_part = part(visibility, answers, claim)
            if of_part is decided_by:
                return decided_by
            if of_part is None:
                truth = None
        return truth

    return joined


def _not(inner: Judge) -> Judge:
    def judge(visibility: Visibility, answers: Answers, claim: Finding | None) -> Truth:
        truth = inner(visibility, answers, claim)
        return None if truth is None else not truth

    return judge


def _one_of(question: str, wanted: tuple[str, ...]) -> Judge:
    matches: Mapping[Answer | None, Truth] = {**dict.fromkeys(wanted, True), None: None, "": None, UNKNOWN: None}

    def judge(visibility: Visibility, answers: Answers, claim: Finding | None) -> Truth:
        answer = answers.get(question)
        truth = _ticked(answer, wanted) if isinstance(answer, tuple) else matches.get(answer, False)
        if truth is False:
            return False
        shown = visibility[question]
        return truth if shown else _shown_and(shown, truth)

    return judge


def _ticked(chosen: tuple[str | Row, ...], wanted: tuple[str, ...]) -> Truth:
    """For multiple choices one listed value suffices; `unknown` among them leaves it open."""
    if any(value in wanted for value in chosen):
        return True
    return None if not chosen or UNKNOWN in chosen else False


def _reaches(question: str, least: int) -> Judge:
    def judge(visibility: Visibility, answers: Answers, claim: Finding | None) -> Truth:
        answer = answers.get(question)
        truth = answer >= least if isinstance(answer, int) else None
        return False if truth is False else _shown_and(visibility[question], truth)

    return judge


def _above(question: str, other: str) -> Judge:
    def judge(visibility: Visibility, answers: Answers, claim: Finding | None) -> Truth:
        answer, mark = answers.get(question), answers.get(other)
        truth: Truth = None
        if isinstance(answer, int) and isinstance(mark, int):  # noqa: SIM114 - whole numbers, or days; never mixed
            truth = answer > mark
        elif isinstance(answer, date) and isinstance(mark, date):
            truth = answer > mark
        if truth is False:
            return False
        shown = visibility[question] if other == ASSESSMENT_DAY else all_of([visibility[question], visibility[other]])
        return _shown_and(shown, truth)

    return judge


def _product_above(questions: tuple[str, ...], most: int) -> Judge:
    def judge(visibility: Visibility, answers: Answers, claim: Finding | None) -> Truth:
        factors = [answer for name in questions if isinstance(answer := answers.get(name), int)]
        if 0 in factors:
            truth: Truth = False
        else:
            truth = prod(factors) > most if len(factors) == len(questions) else None
        if truth is False:
            return False
        return _shown_and(all_of(visibility[name] for name in questions), truth)

    return judge


def _answered(question: str) -> Judge:
    def judge(visibility: Visibility, answers: Answers, claim: Finding | None) -> Truth:
        return _shown_and(visibility[question], None if is_open(answers.get(question)) else True)

    return judge


def _count_reaches(count: Count) -> Judge:
    items = [(judge(item.when), item.counts) for item in count.of]

    def reaches(visibility: Visibility, answers: Answers, claim: Finding | None) -> Truth:
        low = high = 0
        for holds_, points in items:
            truth = holds_(visibility, answers, claim)
            low += points if truth else 0
            high += points if truth is not False else 0
        return True if low >= count.total else None if high >= count.total else False

    return reaches


def _shown_and(shown: Truth, matches: Truth) -> Truth:
    if shown is False or matches is False:
        return False
    return True if shown and matches else None
