"""Which items of a legal text the assessment covers: cover. An item is either documented or a gap."""

from __future__ import annotations

from collections.abc import Mapping

from assessments.derived import CoveredItem, Reason
from assessments.model import Assessment, Scenario
from questionnaires import conditions
from questionnaires.schema import CoverageItem, Questionnaire


def cover(questionnaire: Questionnaire, assessment: Assessment, domain: Questionnaire) -> tuple[CoveredItem, ...]:
    """Every item of every matrix of the questionnaire, in order. domain: the questionnaire whose method the score uses."""
    answers = assessment.answers(questionnaire.id)
    visibility = conditions.visible(questionnaire, answers)
    held = record_facts(questionnaire, assessment, domain)

    def missing(item: CoverageItem) -> tuple[Reason, ...]:
        reasons = []
        for need in item.needs:
            is_there = held[need.record] if need.record else False
            if need.when is not None:
                is_there = conditions.holds(need.when, visibility, answers) is True
            if not is_there:
                reasons.append(Reason(need.missing, need.source))
        return tuple(reasons)

    return tuple(
        CoveredItem(matrix.id, item.item, item.title, item.source, missing(item))
        for matrix in questionnaire.coverage
        for item in matrix.items
    )


def record_facts(questionnaire: Questionnaire, assessment: Assessment, domain: Questionnaire) -> Mapping[str, bool]:
    """Facts the record holds besides answers, by the names used in `coverage:`."""
    scenarios, measures = assessment.scenarios, assessment.measures
    impacts = [impact for scenario in scenarios for impact in scenario.impacts]
    named = {impact.right for impact in impacts}
    planned = [measure for measure in measures if not measure.is_in_place]
    return {
        "scenarios": bool(scenarios),
        "affected_persons": bool(scenarios) and all(_names_persons(scenario) for scenario in scenarios),
        "rights_always_checked": all(
            named & {right.id, right.title.ko} for right in questionnaire.rights if right.always
        ),
        "impacts_judged": are_impacts_judged(assessment),
        "method": domain.method is not None and bool(domain.method.dimensions and domain.method.bands),
        "measures_prevention": any(measure.kind in ("prevention", "mitigation") for measure in measures),
        "measures_recovery": any(measure.kind == "recovery" for measure in measures),
        "measures_planned_with_owner_and_day": all(measure.owner and measure.due for measure in planned),
    }


def are_impacts_judged(assessment: Assessment) -> bool:
    """At least one impact is described, and every one is rated on all three scales."""
    impacts = [impact for scenario in assessment.scenarios for impact in scenario.impacts]
    return bool(impacts) and all(
        impact.before.scale and impact.before.duration and impact.before.likelihood for impact in impacts
    )


def _names_persons(scenario: Scenario) -> bool:
    return bool(scenario.affected_direct)
