"""The record of human supervision that Act Art. 34(1)4 asks of a high-impact system: supervision_record.

It is a duty of its own, separate from the human-involvement claim: neither reads the other's basis. Its lines
are data of the questionnaire *impact*; the domain's says which of its questions answers which line.
"""

from __future__ import annotations

from collections.abc import Mapping

from assessments.derived import RoleFinding, SupervisionItem, SupervisionState
from assessments.model import Answer, Assessment
from questionnaires.schema import Question, Questionnaire, SupervisionLine

NAMED = "operator.supervisor_name"
_STATES = {
    "in_place": SupervisionState.DOCUMENTED,
    "planned": SupervisionState.PLANNED,
    "none": SupervisionState.GAP,
}


def supervision_record(
    questionnaires: Mapping[str, Questionnaire], assessment: Assessment, role: RoleFinding | None = None
) -> tuple[SupervisionItem, ...]:
    """The record line by line, from the current answers; only what a source requires can be a gap.

    role: the organisation's; None: not asked, and every must counts. Reads the operator, the domain's answers and how
    supervision is described; nothing of the claim, no log.
    """
    return tuple(
        _item(line, questionnaire, questionnaires, assessment, role)
        for questionnaire in questionnaires.values()
        for line in questionnaire.supervision
    )


def is_owed(questionnaires: Mapping[str, Questionnaire], role: RoleFinding | None) -> bool:
    """Whether the organisation must, or may have to, name a supervisor; True if no questionnaire says who must."""
    lines = [
        line
        for questionnaire in questionnaires.values()
        for line in questionnaire.supervision
        if line.record == "supervisor"
    ]
    return not lines or any(_is_must(line, role) for line in lines)


def musts(questionnaires: Mapping[str, Questionnaire], role: RoleFinding | None) -> frozenset[str]:
    """Ids of the lines that a source requires of this role."""
    return frozenset(
        line.id
        for questionnaire in questionnaires.values()
        for line in questionnaire.supervision
        if _is_must(line, role)
    )


def _item(
    line: SupervisionLine,
    described_in: Questionnaire,
    questionnaires: Mapping[str, Questionnaire],
    assessment: Assessment,
    role: RoleFinding | None,
) -> SupervisionItem:
    is_must = _is_must(line, role)
    if line.record == "supervisor":
        operator = assessment.operator
        is_given = bool(operator.supervisor_name and operator.supervisor_contact)
        state = _owed(SupervisionState.DOCUMENTED if is_given else SupervisionState.GAP, is_must)
        return SupervisionItem(line.id, line.title, state, NAMED, line.source, None if is_given else line.to_do)
    domain = questionnaires.get(assessment.domain)
    questionnaire = described_in if line.question else domain
    name = line.question or (domain.supervised_by.get(line.id) if domain else None)
    question = next((each for each in questionnaire.questions() if each.id == name), None) if questionnaire else None
    if questionnaire is None or question is None:
        return SupervisionItem(line.id, line.title, SupervisionState.NOT_ASKED, "", line.source)
    state = _owed(_state(line, question, assessment.answers(questionnaire.id).get(question.id)), is_must)
    to_do = None if state is SupervisionState.DOCUMENTED else line.to_do
    return SupervisionItem(line.id, line.title, state, f"{questionnaire.id}.{question.id}", question.source, to_do)


def _state(line: SupervisionLine, question: Question, answer: Answer | None) -> SupervisionState:
    """Unknown, undecided and unanswered are open, never documented."""
    if not question.options:
        return SupervisionState.DOCUMENTED if answer else SupervisionState.OPEN
    if answer in line.documented_if:
        return SupervisionState.DOCUMENTED
    chosen = next((option for option in question.options if option.value == answer), None)
    return _STATES[chosen.state] if chosen and chosen.state else SupervisionState.OPEN


def _owed(state: SupervisionState, is_must: bool) -> SupervisionState:
    return SupervisionState.NOT_OWED if state is SupervisionState.GAP and not is_must else state


def _is_must(line: SupervisionLine, role: RoleFinding | None) -> bool:
    """While the role is open, every role it may be counts."""
    return bool(line.must_for) and (role is None or bool({*role.roles, *role.possible} & set(line.must_for)))
