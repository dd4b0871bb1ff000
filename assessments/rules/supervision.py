"""The record of human supervision that Act Art. 34(1)4 asks of a high-impact system: find.

It is a duty of its own and stands apart from the human-involvement claim: neither reads what the other rests on.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from assessments.derived import SupervisionItem, SupervisionState
from assessments.model import Assessment, Text
from questionnaires.schema import Question, Questionnaire

NAMED, IMPACT = "operator.supervisor_name", "impact"
ACT = "act-34-1-4"


@dataclass(frozen=True)
class _Asked:
    id: str
    title: Text
    question: str
    """Of the domain's questionnaire. Empty: no question asks it."""
    source: str


_CONTROLS = (
    _Asked(
        "appointment",
        Text(ko="관리·감독하는 사람의 지정", en="Appointment of the person who supervises"),
        "named_supervisor",
        ACT,
    ),
    _Asked(
        "criteria",
        Text(
            ko="사람이 개입하는 기준과 이상 결과의 인지", en="Criteria for intervention, and noticing abnormal results"
        ),
        "intervention_criteria",
        "duty-4-1-1",
    ),
    _Asked("mode", Text(ko="상시 개입인지 예외적 개입인지", en="Continuous or exception-based"), "", "duty-4-1-2"),
    _Asked("checks", Text(ko="정기 점검", en="Periodic checks"), "periodic_checks", "duty-4-2-1"),
    _Asked("training", Text(ko="담당자 교육", en="Training"), "training", "duty-4-2-2"),
    _Asked("stop", Text(ko="일시 중지와 수정", en="Pausing and modifying"), "pause_and_modify", "duty-4-1-1"),
)
_STATES = {
    "in_place": SupervisionState.DOCUMENTED,
    "planned": SupervisionState.PLANNED,
    "none": SupervisionState.GAP,
}


def find(questionnaires: Mapping[str, Questionnaire], assessment: Assessment) -> tuple[SupervisionItem, ...]:
    """Named person, criteria, methods, mode, checks, training, stop; each as the answers of today have it.

    Reads the operator, the domain's answers and how supervision is described in *impact*; nothing of the claim, no log.
    """
    return (
        _person(assessment),
        *_controls(questionnaires[assessment.domain], assessment),
        _methods(questionnaires, assessment),
    )


def _person(assessment: Assessment) -> SupervisionItem:
    operator = assessment.operator
    is_given = bool(operator.supervisor_name and operator.supervisor_contact)
    title = Text(ko="관리·감독하는 사람의 성명과 연락처", en="Name and contact of the person who supervises")
    state = SupervisionState.DOCUMENTED if is_given else SupervisionState.GAP
    return SupervisionItem("person", title, state, NAMED, ACT)


def _controls(domain: Questionnaire, assessment: Assessment) -> Iterator[SupervisionItem]:
    questions = {question.id: question for question in domain.questions()}
    answers = assessment.answers(domain.id)
    for one in _CONTROLS:
        question = questions.get(one.question)
        where = f"{domain.id}.{one.question}" if question else ""
        state = _state(question, answers.get(one.question)) if question else SupervisionState.NOT_ASKED
        yield SupervisionItem(
            one.id, one.title, state, where, question.source or one.source if question else one.source
        )


def _methods(questionnaires: Mapping[str, Questionnaire], assessment: Assessment) -> SupervisionItem:
    title = Text(ko="개입 방법의 서술", en="Description of the methods of intervention")
    asked = questionnaires.get(IMPACT)
    if asked is None or all(question.id != "oversight" for question in asked.questions()):
        return SupervisionItem("methods", title, SupervisionState.NOT_ASKED, "", ACT)
    is_given = bool(assessment.answers(IMPACT).get("oversight"))
    state = SupervisionState.DOCUMENTED if is_given else SupervisionState.OPEN
    return SupervisionItem("methods", title, state, f"{IMPACT}.oversight", ACT)


def _state(question: Question, answer: object) -> SupervisionState:
    """Unknown and unanswered are open, never documented."""
    chosen = next((option for option in question.options if option.value == answer), None)
    return _STATES[chosen.state] if chosen and chosen.state else SupervisionState.OPEN
