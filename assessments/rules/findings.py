"""Derives everything that follows from one revision's content: derive."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from assessments.decision_log.judging import stored_log
from assessments.decision_log.judging.by_hand import said_by_hand
from assessments.decision_log.judging.claimed import read_claimed
from assessments.decision_log.kept_log import KeptLog
from assessments.derived import ClaimFinding, Determination, DeterminationPair, Findings, LogContribution, SecondScale
from assessments.model import Answers, Assessment, Finding
from assessments.rules import coverage, determination, duties, gaps, involvement, scoring, second_scale, supervision
from assessments.rules.role import find_roles
from questionnaires import named
from questionnaires.once import once_for_each
from questionnaires.schema import ImpactScales, Questionnaire

AREA, ROLE, IMPACT, CLAIM, DUTIES = named.AREA, named.ROLE, named.IMPACT, named.CLAIM, named.DUTIES


def derive(
    questionnaires: Mapping[str, Questionnaire],
    assessment: Assessment,
    log: Sequence[LogContribution] | None = None,
    *,
    judged_on: date | None = None,
) -> Findings:
    """Role, determination with and without the claim, the claim's findings, risk score, coverage, duties and gaps.

    questionnaires: by id, the pinned editions. log: what the decision log says on the claim; None: what follows from the
    one that the assessment keeps. judged_on: the day on which
    evidence must be in force; None: that of the decision, else the assessment's own.

    Raises: KeyError where the domain's is not among them.
    """
    domain = questionnaires[assessment.domain]
    answers = assessment.answers(assessment.domain)
    contributions = said_by_log(assessment) if log is None else tuple(log)
    claim = examine_claim(questionnaires, assessment, contributions, judged_on=judged_on)
    area, role, impact = (questionnaires.get(name) for name in (AREA, ROLE, IMPACT))
    before = determination.AnsweredQuestionnaire(area, assessment.answers(AREA)) if area else None
    covered = coverage.cover(impact, assessment, domain) if impact else ()
    roles = find_roles(role, assessment.answers(ROLE)) if role else None
    determined = determination.both(domain, answers, claim.whole, before)
    supervised = supervision.supervision_record(questionnaires, assessment, roles)
    day = judged_on or assessment.day_judged()
    case = duties.Case(questionnaires, assessment, roles, determined.with_claim, covered, supervised, day)
    owed = duties.find_duties(case)
    return Findings(
        role=roles,
        determination=determined,
        claim=claim,
        risk=scoring.score(domain, answers, assessment.scenarios, scales_of(questionnaires)),
        coverage=covered,
        gaps=(*gaps.find_gaps(questionnaires, assessment, claim, covered, roles), *gaps.unmet(owed, assessment)),
        log=contributions,
        supervision=supervised,
        second_scale=_second_scale(questionnaires, assessment, determined),
        duties=owed,
    )


def case_of_duties(
    questionnaires: Mapping[str, Questionnaire], assessment: Assessment, determined: Determination
) -> duties.Case:
    """What `derive` judges duties by, of a determination that is known."""
    role, impact = questionnaires.get(ROLE), questionnaires.get(IMPACT)
    covered = coverage.cover(impact, assessment, questionnaires[assessment.domain]) if impact else ()
    roles = find_roles(role, assessment.answers(ROLE)) if role else None
    supervised = supervision.supervision_record(questionnaires, assessment, roles)
    return duties.Case(questionnaires, assessment, roles, determined, covered, supervised, assessment.day_judged())


def _second_scale(
    questionnaires: Mapping[str, Questionnaire], assessment: Assessment, determined: DeterminationPair
) -> SecondScale | None:
    scale = second_scale.scale_of(questionnaires, assessment.domain)
    if scale is None:
        return None
    outcomes = determined.with_claim.outcome, determined.without_claim.outcome
    return second_scale.rate(scale, assessment.answers(scale.id), *outcomes)


def examine_claim(
    questionnaires: Mapping[str, Questionnaire],
    assessment: Assessment,
    log: Sequence[LogContribution] | None = None,
    *,
    judged_on: date | None = None,
) -> ClaimFinding:
    """The finding on the claim; absent if the claim's questionnaire is not pinned."""
    questionnaire = questionnaires.get(CLAIM)
    if questionnaire is None:
        return ClaimFinding(Finding.ABSENT)
    contributions = said_by_log(assessment) if log is None else log
    answers = assessment.answers(CLAIM)
    by_hand = said_by_hand(read_claimed(answers))
    return involvement.examine(
        questionnaire, answers, assessment.evidence, judged_on or assessment.day_judged(), contributions, by_hand
    )


def said_by_log(assessment: Assessment) -> tuple[LogContribution, ...]:
    """What the assessment's own decision log says about the claim; empty without a log."""
    if assessment.log is None:
        return ()
    answers, is_example = assessment.answers(CLAIM), assessment.operator.is_example
    remembered = _said(assessment.log)
    last = remembered.get("last")
    if last is None or last[:2] != (answers, is_example):
        contributions = stored_log.contributions_to_claim(assessment.log, answers, is_example=is_example)
        last = remembered["last"] = (answers, is_example, contributions)
    return last[2]


@once_for_each
def _said(_log: KeptLog) -> dict[str, tuple[Answers, bool, tuple[LogContribution, ...]]]:
    """What a log said last, beside what it was asked with: its figures stay while answers come one by one."""
    return {}


def scales_of(questionnaires: Mapping[str, Questionnaire]) -> ImpactScales | None:
    """The scales and tables for grading impacts. None: no pinned questionnaire has them."""
    questionnaire = questionnaires.get(IMPACT)
    return questionnaire.method.impacts if questionnaire and questionnaire.method else None
