"""What is still missing, where, and what to do: find_gaps. Required gaps block submission; the others are only shown."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from assessments.derived import ClaimFinding, CoveredItem, DutyFinding, Gap, RoleFinding
from assessments.model import Assessment, Finding, Text
from assessments.rules import agreement, determination, second_scale, supervision
from questionnaires import conditions
from questionnaires.schema import Question, Questionnaire
from questionnaires.texts import texts_of

TEXTS = texts_of(__file__)
NO_ANSWER = TEXTS.text("no_answer")
NO_SCENARIO = TEXTS.text("no_scenario")
OPERATOR_FIELDS: Mapping[str, Text] = {
    "supervisor_name": TEXTS.text("no_supervisor"),
    "supervisor_contact": TEXTS.text("no_supervisor_contact"),
}


_OPERATOR_PLACES = tuple(f"operator.{name}" for name in OPERATOR_FIELDS)


def find_gaps(
    questionnaires: Mapping[str, Questionnaire],
    assessment: Assessment,
    claim: ClaimFinding,
    covered: Sequence[CoveredItem] = (),
    role: RoleFinding | None = None,
) -> tuple[Gap, ...]:
    """All gaps, in questionnaire order. role: None if it is not asked."""
    is_owed = supervision.is_owed(questionnaires, role)
    return (
        *(_operator(assessment) if is_owed else ()),
        *_areas(questionnaires, assessment),
        *_inconsistent(questionnaires, assessment, is_owed=is_owed),
        *(gap for questionnaire in questionnaires.values() for gap in _questions(questionnaire, assessment)),
        *(gap for questionnaire in questionnaires.values() for gap in second_scale.gaps(questionnaire, assessment)),
        *_claim(claim),
        *_coverage(covered),
        *(() if assessment.scenarios else (Gap("scenarios", NO_SCENARIO, is_required=False),)),
    )


def unmet(duties: Sequence[DutyFinding], assessment: Assessment) -> Iterator[Gap]:
    """What duties and measures still wait for. No rule of duties is pinned: nothing, as it was before there was one."""
    for duty in duties:
        if duty.is_unmet:
            yield Gap(f"duty.{duty.duty}", duty.missing[0].text, is_required=False)
    if duties:
        for measure in assessment.measures:
            if not measure.is_in_place:
                text = TEXTS.text("gap_measure_planned", measure=measure.text)
                yield Gap(f"measures.{measure.id}", text, is_required=False)


def open_conditions(assessment: Assessment) -> tuple[str, ...]:
    """Conditions of the decision, in words: each is to be met after it, so none is met by what is assessed."""
    return tuple(condition.text for condition in assessment.decision.conditions) if assessment.decision else ()


def _operator(assessment: Assessment) -> Iterator[Gap]:
    for name, text in OPERATOR_FIELDS.items():
        if not getattr(assessment.operator, name):
            yield Gap(f"operator.{name}", text, is_required=False)


def _areas(questionnaires: Mapping[str, Questionnaire], assessment: Assessment) -> Iterator[Gap]:
    """Contradictions between area and domain, at each place involved; and areas not examined here."""
    domain = questionnaires.get(assessment.domain)
    naming = next((questionnaire for questionnaire in questionnaires.values() if questionnaire.areas is not None), None)
    if domain is None or naming is None or naming.areas is None:
        return
    answered, area = (
        agreement.AnsweredQuestionnaire(questionnaire, assessment.answers(questionnaire.id))
        for questionnaire in (domain, naming)
    )
    for contradiction in determination.contradictions(answered, area):
        for place in contradiction.places:
            yield Gap(place, contradiction.reason.text, is_required=False, is_contradiction=True)
    others = agreement.elsewhere(answered, area)
    if others is not None:
        yield Gap(f"{naming.id}.{naming.areas.question}", others.text, is_required=False)


def _inconsistent(
    questionnaires: Mapping[str, Questionnaire], assessment: Assessment, *, is_owed: bool
) -> Iterator[Gap]:
    """Findings of consistency checks, at each place involved; a severe one needs a changed answer or an explanation.

    is_owed: whether supervision is a duty here. If not, the supervisor's name need not be given.
    """
    explained = {explanation.check: explanation.text for explanation in assessment.explanations}
    for contradiction in agreement.inconsistencies(questionnaires, assessment):
        if not is_owed and any(place in contradiction.places for place in _OPERATOR_PLACES):
            continue
        explanation_text = explained.get(contradiction.check, "")
        for place in contradiction.places:
            yield Gap(
                place,
                contradiction.reason.text,
                is_required=contradiction.is_severe and not explanation_text,
                is_contradiction=True,
                check=contradiction.check,
                is_severe=contradiction.is_severe,
                explanation=explanation_text,
            )


def _questions(questionnaire: Questionnaire, assessment: Assessment) -> Iterator[Gap]:
    answers = assessment.answers(questionnaire.id)
    visibility = conditions.visible(questionnaire, answers)
    for question in questionnaire.questions():
        if visibility[question.id] is False or question.id in answers:
            continue
        if question.required:
            yield Gap(f"{questionnaire.id}.{question.id}", _text(question), is_required=visibility[question.id] is True)


def _text(question: Question) -> Text:
    return question.if_empty or NO_ANSWER


def _coverage(covered: Sequence[CoveredItem]) -> Iterator[Gap]:
    for item in covered:
        for reason in item.missing:
            yield Gap(f"coverage.{item.matrix}.{item.item}", reason.text, is_required=False)


def _claim(claim: ClaimFinding) -> Iterator[Gap]:
    for part in claim.parts:
        if part.finding in (Finding.INDETERMINATE, Finding.CONTRADICTED):
            for reason in part.missing:
                yield Gap(f"claim.{part.part}", reason.text, is_required=False)
