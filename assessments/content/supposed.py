"""Supposed changes as words of an address, and back: to_text, read. `answer:hiring.automatic_cutoff:yes`, `measure:m1:in_place`.

An address names what is to be supposed of an assessment; who opens it reads that assessment by rights of their own.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from assessments.content.answers import check_answer
from assessments.errors import InvalidAnswerError
from assessments.model import Answer, Assessment, Impact
from assessments.rules import findings, impacts
from assessments.rules.supposing import (
    AnswerChange,
    Change,
    GradingChange,
    MeasureChange,
    ProofChange,
    TargetReached,
    suppose,
)
from questionnaires import named
from questionnaires.question_types import from_json, of_type, to_json
from questionnaires.schema import Question, Questionnaire
from questionnaires.texts import texts_of

TEXTS = texts_of(__file__)
MOST_CHANGES = 40
MOST_CHARACTERS = 400
"""Of one change in an address."""
SCALES = ("scale", "duration", "likelihood")
_IN_PLACE, _PLANNED = "in_place", "planned"


def questionnaires_supposed(assessment: Assessment) -> tuple[str, ...]:
    """Questionnaires whose answers outcome, claim and level follow from."""
    return named.AREA, assessment.domain, named.CLAIM


def to_text(change: Change) -> str:
    """The change as one value of an address."""
    match change:
        case AnswerChange():
            written = to_json(change.answer)
            value = written if isinstance(written, str) else json.dumps(written, ensure_ascii=False)
            return f"answer:{change.questionnaire}.{change.question}:{'' if change.answer is None else value}"
        case ProofChange():
            return f"proof:{change.part}:{named.YES if change.is_proven else named.NO}"
        case MeasureChange():
            return f"measure:{change.measure}:{_IN_PLACE if change.is_in_place else _PLANNED}"
        case GradingChange():
            return f"grading:{change.scenario}:{change.right}:{change.scale}:{change.value}"
        case TargetReached():
            return f"target:{change.scenario}:{change.right}"


def subject(change: Change) -> tuple[str, ...]:
    """What it changes; of two with the same subject the later one counts."""
    match change:
        case AnswerChange():
            return "answer", change.questionnaire, change.question
        case ProofChange():
            return "proof", change.part
        case MeasureChange():
            return "measure", change.measure
        case GradingChange():
            return "grading", change.scenario, change.right, change.scale
        case TargetReached():
            return "target", change.scenario, change.right


def read(
    words: Sequence[str], questionnaires: Mapping[str, Questionnaire], assessment: Assessment
) -> tuple[Change, ...]:
    """The changes that an address holds, each checked against this assessment. Raises: InvalidAnswerError."""
    if len(words) > MOST_CHANGES:
        raise InvalidAnswerError(TEXTS.told("too_many_supposed", most=MOST_CHANGES))
    changes: dict[tuple[str, ...], Change] = {}
    for written in words:
        change = _read(written, questionnaires, assessment)
        changes[subject(change)] = change
    listed = tuple(changes.values())
    check(listed, questionnaires, assessment)
    return listed


def check(changes: Sequence[Change], questionnaires: Mapping[str, Questionnaire], assessment: Assessment) -> None:
    """No impact is judged worse with its measures than before them. Raises: InvalidAnswerError."""
    scales = findings.scales_of(questionnaires)
    if scales is None:
        return
    for number, scenario in enumerate(suppose(assessment, changes).scenarios, 1):
        for impact in scenario.impacts:
            if impact.in_place is not None and not impacts.is_not_above(impact.in_place, impact.before, scales):
                raise InvalidAnswerError(TEXTS.told("supposed_worse", number=number, right=impact.right))


def _read(written: str, questionnaires: Mapping[str, Questionnaire], assessment: Assessment) -> Change:
    kind, _, rest = written.partition(":")
    if len(written) > MOST_CHARACTERS:
        raise _unknown(written)
    match kind:
        case "answer":
            where, _, value = rest.partition(":")
            return _answer(where, value, questionnaires, assessment, written)
        case "proof":
            part, _, value = rest.rpartition(":")
            claim = questionnaires[named.CLAIM].claim if named.CLAIM in questionnaires else None
            if claim is None or part not in [known.id for known in claim.parts] or value not in (named.YES, named.NO):
                raise _unknown(written)
            return ProofChange(part, value == named.YES)
        case "measure":
            measure, _, value = rest.rpartition(":")
            if measure not in [known.id for known in assessment.measures] or value not in (_IN_PLACE, _PLANNED):
                raise _unknown(written)
            return MeasureChange(measure, value == _IN_PLACE)
        case "target":
            scenario, _, right = rest.partition(":")
            if _impact(assessment, scenario, right, written).target is None:
                raise _unknown(written)
            return TargetReached(scenario, right)
        case "grading":
            return _grading(rest, questionnaires, assessment, written)
    raise _unknown(written)


def _answer(
    where: str, value: str, questionnaires: Mapping[str, Questionnaire], assessment: Assessment, written: str
) -> AnswerChange:
    name, _, question_id = where.partition(".")
    questionnaire = questionnaires.get(name)
    if questionnaire is None or name not in questionnaires_supposed(assessment):
        raise _unknown(written)
    try:
        question = questionnaire.question(question_id)
    except KeyError:
        raise _unknown(written) from None
    if of_type(question).is_prose:
        raise _unknown(written)
    if value == "":
        return AnswerChange(name, question_id, None)
    try:
        answer = _from_words(question, value)
    except ValueError:
        raise _unknown(written) from None
    return AnswerChange(name, question_id, check_answer(question, answer))


def _from_words(question: Question, value: str) -> Answer | None:
    """What is written in JSON as a text stands there without quotes. Raises: ValueError."""
    try:
        return from_json(question, value)
    except ValueError:
        return from_json(question, json.loads(value))


def _grading(
    rest: str, questionnaires: Mapping[str, Questionnaire], assessment: Assessment, written: str
) -> GradingChange:
    scenario, _, others = rest.partition(":")
    right, scale, value = [*others.rsplit(":", 2), "", ""][:3]
    _impact(assessment, scenario, right, written)
    scales = findings.scales_of(questionnaires)
    if scales is None or scale not in SCALES or value not in [label.value for label in getattr(scales, scale)]:
        raise _unknown(written)
    return GradingChange(scenario, right, scale, value)


def _impact(assessment: Assessment, scenario_id: str, right: str, written: str) -> Impact:
    for scenario in assessment.scenarios:
        for impact in scenario.impacts:
            if (scenario.id, impact.right) == (scenario_id, right):
                return impact
    raise _unknown(written)


def _unknown(written: str) -> InvalidAnswerError:
    return InvalidAnswerError(TEXTS.told("not_to_be_supposed", written=written[:80]))
