"""What would change the human-involvement claim, and the determination then: way_out; way_out_of, for a whole assessment;
rests_on_claim: whether the claim matters at all."""

from __future__ import annotations

from collections.abc import Mapping

from assessments.derived import ClaimFinding, Findings, WayOut, WayOutStep
from assessments.model import Answers, Assessment, Finding, Outcome
from assessments.rules import determination
from assessments.rules.findings import AREA
from assessments.rules.involvement import weakest
from questionnaires.schema import Questionnaire


def way_out(
    claim: ClaimFinding,
    domain: Questionnaire,
    answers: Answers,
    before: determination.AnsweredQuestionnaire | None = None,
) -> WayOut | None:
    """For each part not supported, what is needed; every need is listed once and is necessary.

    answers: of the domain. before: the area, evaluated first. None: nothing to change, because the claim is absent or
    supported already.
    """
    weak = [part for part in claim.parts if part.finding in (Finding.CONTRADICTED, Finding.INDETERMINATE)]
    if not weak:
        return None
    steps = tuple(
        WayOutStep(
            part.part,
            part.finding,
            tuple(dict.fromkeys(part.missing)) or part.reasons,
            weakest([_then(other.finding, other.part == part.part) for other in claim.parts]),
        )
        for part in weak
    )
    then = determination.both(domain, answers, Finding.SUPPORTED, before).with_claim
    return WayOut(steps, then)


def way_out_of(
    findings: Findings, questionnaires: Mapping[str, Questionnaire], assessment: Assessment
) -> WayOut | None:
    """way_out for one revision, with its pinned questionnaires by id. None: as for way_out."""
    area = questionnaires.get(AREA)
    before = determination.AnsweredQuestionnaire(area, assessment.answers(AREA)) if area else None
    return way_out(findings.claim, questionnaires[assessment.domain], assessment.answers(assessment.domain), before)


def rests_on_claim(questionnaires: Mapping[str, Questionnaire], assessment: Assessment) -> bool | None:
    """Whether a claim that is supported leads to another determination than none. None: the other answers do not say it yet."""
    area, domain = questionnaires.get(AREA), questionnaires[assessment.domain]
    before = determination.AnsweredQuestionnaire(area, assessment.answers(AREA)) if area else None
    pair = determination.both(domain, assessment.answers(domain.id), Finding.SUPPORTED, before)
    both = (pair.with_claim, pair.without_claim)
    if any(judged.outcome is Outcome.CANNOT_DETERMINE for judged in both):
        return None
    return len({(judged.outcome, judged.contested) for judged in both}) > 1


def _then(finding: Finding, is_mended: bool) -> Finding:
    return Finding.SUPPORTED if is_mended else finding
