"""What would change the human-involvement claim, and the determination then: way_out."""

from __future__ import annotations

from assessments.derived import ClaimFinding, WayOut, WayOutStep
from assessments.model import Answers, Finding
from assessments.rules import determination
from assessments.rules.involvement import weakest
from questionnaires.schema import Questionnaire


def way_out(
    claim: ClaimFinding, domain: Questionnaire, answers: Answers, before: determination.Asked | None = None
) -> WayOut | None:
    """For each part that is not supported, what is needed; each need stands once and none can be spared.

    answers: of the domain. before: the area that is walked first. None: nothing is to change, for the claim is absent or
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


def _then(finding: Finding, is_mended: bool) -> Finding:
    return Finding.SUPPORTED if is_mended else finding
