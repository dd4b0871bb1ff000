"""The record of human supervision that Act Art. 34(1)4 asks of a high-impact system: find.

It is a duty of its own and stands apart from the human-involvement claim: neither reads what the other rests on.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from assessments.derived import SupervisionItem, SupervisionState
from assessments.model import Answer, Assessment, Text
from questionnaires.schema import Question, Questionnaire

NAMED, IMPACT = "operator.supervisor_name", "impact"
ACT = "act-34-1-4"
PERSON = "person"
"""Id of the item that rests on the operator's own fields."""


@dataclass(frozen=True)
class _Asked:
    id: str
    title: Text
    to_do: Text
    question: str
    source: str
    """Where no question asks it."""
    asked_in: str = ""
    """Id of the questionnaire that asks; empty: the domain's."""


_PERSON = _Asked(
    PERSON,
    Text(ko="관리·감독하는 사람의 성명과 연락처", en="Name and contact of the person who supervises"),
    Text(
        ko="관리·감독하는 사람의 성명과 연락처를 적으십시오.", en="Give name and contact of the person who supervises."
    ),
    "",
    ACT,
)
_ITEMS = (
    _Asked(
        "appointment",
        Text(ko="관리·감독하는 사람의 지정", en="Appointment of the person who supervises"),
        Text(ko="관리·감독하는 사람을 지정하십시오.", en="Appoint the person who supervises."),
        "named_supervisor",
        ACT,
    ),
    _Asked(
        "criteria",
        Text(
            ko="사람이 개입하는 기준과 이상 결과의 인지", en="Criteria for intervention, and noticing abnormal results"
        ),
        Text(
            ko="사람이 언제 개입하는지 기준을 정하고 이상 결과를 알아챌 수 있게 하십시오.",
            en="Define when people intervene, and make abnormal results noticeable.",
        ),
        "intervention_criteria",
        "duty-4-1-1",
    ),
    _Asked(
        "methods",
        Text(ko="개입 방법의 서술", en="Description of the methods of intervention"),
        Text(
            ko="개입하는 때, 권한, 수단을 적으십시오.", en="Write when, with what authority and means people step in."
        ),
        "oversight",
        ACT,
        IMPACT,
    ),
    _Asked(
        "mode",
        Text(ko="상시 개입인지 예외적 개입인지", en="Continuous or exception-based"),
        Text(ko="상시 개입인지 예외적 개입인지 정하십시오.", en="Decide between continuous and exception-based."),
        "oversight_mode",
        "duty-faq-11",
        IMPACT,
    ),
    _Asked(
        "checks",
        Text(ko="정기 점검", en="Periodic checks"),
        Text(ko="정기 점검 계획을 세우십시오.", en="Set up a plan of periodic checks."),
        "periodic_checks",
        "duty-4-2-1",
    ),
    _Asked(
        "training",
        Text(ko="담당자 교육", en="Training"),
        Text(
            ko="담당자에게 시스템의 한계와 개입 방법을 교육하십시오.",
            en="Train those in charge in the system's limits and in how to intervene.",
        ),
        "training",
        "duty-4-2-2",
    ),
    _Asked(
        "stop",
        Text(ko="일시 중지와 수정", en="Pausing and modifying"),
        Text(
            ko="시스템을 일시 중지하거나 수정할 권한과 수단을 갖추십시오.",
            en="Provide authority and tools to pause or modify the system.",
        ),
        "pause_and_modify",
        "duty-4-1-1",
    ),
)
_STATES = {
    "in_place": SupervisionState.DOCUMENTED,
    "planned": SupervisionState.PLANNED,
    "none": SupervisionState.GAP,
}
_MODES = ("continuous", "exception", "both")
"""Options that say a mode; the guideline lets each be chosen by risk."""


def find(questionnaires: Mapping[str, Questionnaire], assessment: Assessment) -> tuple[SupervisionItem, ...]:
    """Named person, appointment, criteria, methods, mode, checks, training, stop; each as the answers of today have it.

    Reads the operator, the domain's answers and how supervision is described in *impact*; nothing of the claim, no log.
    """
    return (_person(assessment), *(_item(one, questionnaires, assessment) for one in _ITEMS))


def _person(assessment: Assessment) -> SupervisionItem:
    operator = assessment.operator
    is_given = bool(operator.supervisor_name and operator.supervisor_contact)
    state = SupervisionState.DOCUMENTED if is_given else SupervisionState.GAP
    return SupervisionItem(PERSON, _PERSON.title, state, NAMED, ACT, None if is_given else _PERSON.to_do)


def _item(one: _Asked, questionnaires: Mapping[str, Questionnaire], assessment: Assessment) -> SupervisionItem:
    name = one.asked_in or assessment.domain
    asked = questionnaires.get(name)
    question = next((each for each in asked.questions() if each.id == one.question), None) if asked else None
    if question is None:
        return SupervisionItem(one.id, one.title, SupervisionState.NOT_ASKED, "", one.source)
    state = _state(question, assessment.answers(name).get(one.question))
    to_do = None if state is SupervisionState.DOCUMENTED else one.to_do
    return SupervisionItem(one.id, one.title, state, f"{name}.{one.question}", question.source or one.source, to_do)


def _state(question: Question, answer: Answer | None) -> SupervisionState:
    """Unknown, undecided and unanswered are open, never documented."""
    if not question.options:
        return SupervisionState.DOCUMENTED if answer else SupervisionState.OPEN
    if answer in _MODES:
        return SupervisionState.DOCUMENTED
    chosen = next((option for option in question.options if option.value == answer), None)
    return _STATES[chosen.state] if chosen and chosen.state else SupervisionState.OPEN
