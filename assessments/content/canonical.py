"""An assessment's content as canonical JSON, and back: content, content_sha256, from_content; results as JSON; as_json.

The content is what an approval is bound to: system, operator, answers, claim, evidence list, scenarios,
measures, pinned editions and what was kept of a decision log. Who wrote it and when, votes and sign-off stay outside.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import asdict, fields, is_dataclass
from datetime import date
from typing import Any

import rfc8785

from assessments.content.answers import check_answer, check_scale
from assessments.decision_log import kept_log
from assessments.derived import (
    Determination,
    DutyFinding,
    Findings,
    Gap,
    LogContribution,
    Range,
    Reason,
    RoleFinding,
    SecondScale,
)
from assessments.details import details
from assessments.model import (
    AISystem,
    Assessment,
    Condition,
    EditionRef,
    Evidence,
    Explanation,
    Finding,
    Grading,
    Impact,
    Json,
    Measure,
    Operator,
    Response,
    Scenario,
    Withheld,
    WithheldKind,
)
from assessments.rules import ENGINE
from questionnaires import decimals, named
from questionnaires.question_types import to_json
from questionnaires.schema import Questionnaire

DECREE = named.DECREE
"""Id of the matrix of Decree Art. 28(1) items 1 to 7."""


def canonical(data: Any) -> bytes:
    """The canonical bytes by RFC 8785: equal data gives equal bytes. Raises: rfc8785.CanonicalizationError."""
    return rfc8785.dumps(data)


def digest(data: Any) -> str:
    """SHA-256 of the canonical bytes, in hexadecimal."""
    return hashlib.sha256(canonical(data)).hexdigest()


def content(assessment: Assessment) -> Json:
    """The content as JSON; days as 2026-11-20. The key `log` is present only with a decision log."""
    return {
        "operator": described(assessment.operator),
        "system": described(assessment.system),
        "domain": assessment.domain,
        "on": assessment.on.isoformat(),
        "editions": [asdict(edition) for edition in assessment.editions],
        "answers": {
            questionnaire_id: {name: _response(response) for name, response in sorted(responses.items())}
            for questionnaire_id, responses in sorted(assessment.responses.items())
            if responses
        },
        "evidence": [_evidence(evidence) for evidence in assessment.evidence],
        "scenarios": [as_json(scenario) for scenario in assessment.scenarios],
        "measures": [as_json(measure) for measure in assessment.measures],
        **({"log": kept_log.to_json(assessment.log)} if assessment.log else {}),
        **_explained(assessment),
        **({"withheld": [_withheld(withheld) for withheld in assessment.withheld]} if assessment.withheld else {}),
    }


def described(of: Operator | AISystem) -> Json:
    """As the content holds it: without its number, and without what came later and says nothing."""
    later = {name for name, detail in details(type(of)).items() if detail.came_later}
    return {name: value for name, value in vars(of).items() if name != "id" and (value or name not in later)}


def content_sha256(assessment: Assessment) -> str:
    """SHA-256 of the content, which rulings and sign-offs refer to."""
    return digest(content(assessment))


def from_content(data: Json, questionnaires: Mapping[str, Questionnaire]) -> Assessment:
    """A draft with this content. Raises: InvalidAnswerError, KeyError, TypeError, ValueError if data is not valid content."""
    read = Assessment(
        system=AISystem(**data["system"]),
        operator=Operator(**data["operator"]),
        domain=data["domain"],
        on=date.fromisoformat(data["on"]),
        editions=tuple(EditionRef(**edition) for edition in data["editions"]),
        responses={
            questionnaire_id: {
                name: _read_response(questionnaires[questionnaire_id], name, response)
                for name, response in responses.items()
            }
            for questionnaire_id, responses in data["answers"].items()
        },
        evidence=tuple(_read_evidence(evidence) for evidence in data["evidence"]),
        scenarios=tuple(read_scenario(scenario) for scenario in data["scenarios"]),
        measures=tuple(read_measure(measure) for measure in data["measures"]),
        log=kept_log.from_json(data["log"]) if "log" in data else None,
        explanations=tuple(Explanation(**explanation) for explanation in data.get("explanations", ())),
        withheld=tuple(read_withheld(withheld) for withheld in data.get("withheld", ())),
    )
    for name in read.responses:
        check_scale(questionnaires[name], read.answers(name))
    return read


def condition_json(condition: Condition) -> Json | str:
    """As decision, history and table hold it; only its words where nothing else was agreed."""
    if not (condition.owner or condition.due):
        return condition.text
    due = condition.due.isoformat() if condition.due else None
    return {"text": condition.text, "owner": condition.owner, "owner_id": condition.owner_id, "due": due}


def read_condition(data: Any) -> Condition:
    """What `condition_json` wrote."""
    if isinstance(data, str):
        return Condition(data)
    due = date.fromisoformat(data["due"]) if data["due"] else None
    return Condition(data["text"], data["owner"], due, data["owner_id"])


def results(findings: Findings, assessment: Assessment) -> Json:
    """The results as `haetae assess --json` prints them and a record holds them."""
    risk = findings.risk
    claim = findings.claim
    with_claim = _determination(findings.determination.with_claim)
    return {
        "role": _role(findings.role) if findings.role else None,
        "determination": {**with_claim, "without_claim": _determination(findings.determination.without_claim)},
        "claim": None
        if claim.whole is Finding.ABSENT
        else {"whole": claim.whole.value, "parts": {part.part: part.finding.value for part in claim.parts}},
        "risk": {
            "inherent": _range(risk.inherent),
            "residual": _range(risk.residual),
            "level": risk.level.value,
            "provisional": risk.is_provisional,
            "floors": [
                {"question": hit.question, "level": hit.level.value, "certain": hit.is_certain} for hit in risk.floors
            ],
            "dimensions": {
                dimension.dimension: {"inherent": _range(dimension.inherent), "residual": _range(dimension.residual)}
                for dimension in risk.dimensions
            },
        },
        "coverage": {
            item.item: "documented" if item.is_documented else "gap"
            for item in findings.coverage
            if item.matrix == DECREE
        }
        or None,
        **({"duties": [_duty(duty) for duty in findings.duties]} if findings.duties else {}),
        "gaps": [_gap(gap) for gap in findings.gaps],
        "engine": ENGINE,
        "editions": [asdict(edition) for edition in assessment.editions],
        "content_sha256": content_sha256(assessment),
        **({"log": [_contribution(contribution) for contribution in findings.log]} if assessment.log else {}),
        **({"second_scale": _second_scale(findings.second_scale)} if findings.second_scale else {}),
    }


def as_json(value: Any) -> Any:
    """Any object of the vocabulary as JSON: days and times as ISO text, tuples as lists."""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list | tuple):
        return [as_json(part) for part in value]
    if isinstance(value, Mapping):
        return {name: as_json(part) for name, part in value.items()}
    if is_dataclass(value):
        return {field.name: as_json(getattr(value, field.name)) for field in fields(value)}
    return value


# --- parts -----------------------------------------------------------------------------------------------


def read_scenario(data: Json) -> Scenario:
    impacts = tuple(
        Impact(
            **{
                **impact,
                "before": Grading(**impact["before"]),
                "in_place": Grading(**impact["in_place"]) if impact["in_place"] else None,
                "target": Grading(**impact["target"]) if impact["target"] else None,
            }
        )
        for impact in data["impacts"]
    )
    return Scenario(**{**data, "impacts": impacts})


def read_measure(data: Json) -> Measure:
    due = date.fromisoformat(data["due"]) if data["due"] else None
    return Measure(**{**data, "due": due, "scenarios": tuple(data["scenarios"])})


def read_withheld(data: Json) -> Withheld:
    return Withheld(**{**data, "kind": WithheldKind(data["kind"])})


def _explained(assessment: Assessment) -> Json:
    """The key only if something is explained, so that digests made before explanations existed stay the same."""
    explanations = [
        {"check": explanation.check, "text": explanation.text}
        for explanation in sorted(assessment.explanations, key=lambda explanation: explanation.check)
    ]
    return {"explanations": explanations} if explanations else {}


def _withheld(mark: Withheld) -> Json:
    """The mark with its salt or its digest, whichever it has."""
    data: Json = as_json(mark)
    return {name: value for name, value in data.items() if value or name not in ("salt", "sha256")}


def _response(response: Response) -> Json:
    return {"answer": to_json(response.answer), "note": response.note}


def _read_response(questionnaire: Questionnaire, name: str, data: Json) -> Response:
    answer = None if data["answer"] is None else check_answer(questionnaire.question(name), data["answer"])
    return Response(name, answer, data["note"])


def _evidence(evidence: Evidence) -> Json:
    data: Json = _without(as_json(evidence), "added_by", "added_at")
    return data


def _read_evidence(data: Json) -> Evidence:
    days = {name: date.fromisoformat(data[name]) if data[name] else None for name in ("on", "expires_on")}
    return Evidence(**{**data, **days})


def _role(role_finding: RoleFinding) -> Json:
    certain = [entry for entry in role_finding.entries if entry.is_certain]
    return {
        "roles": list(role_finding.roles),
        "contested": bool(role_finding.contested_roles) or bool(role_finding.possible),
        "reasons": [{"text": entry.reason.text.model_dump(), "source": entry.reason.source} for entry in certain],
    }


def _determination(determination: Determination) -> Json:
    return {
        "outcome": determination.outcome.value,
        "contested": determination.contested,
        "reasons": [{"text": reason.text.model_dump(), "source": reason.source} for reason in determination.reasons],
        "grounds": [{"text": ground.text.model_dump(), "source": ground.source} for ground in determination.grounds],
    }


def _duty(duty: DutyFinding) -> Json:
    """What is empty is left out, and who sees to a plan: a name that can be withheld is no result."""
    data = {
        "until": duty.until.isoformat() if duty.until else None,
        "reasons": [_reason(reason) for reason in duty.reasons],
        "missing": [_reason(reason) for reason in duty.missing],
        "partly": [_reason(reason) for reason in duty.partly],
        "places": list(duty.places),
        "evidence": list(duty.evidence),
    }
    stated = {"duty": duty.duty, "state": duty.state.value, "force": duty.force.value, "source": duty.source}
    return {**stated, **{name: value for name, value in data.items() if value}}


def _reason(reason: Reason) -> Json:
    return {"text": reason.text.model_dump(), "source": reason.source}


def _gap(gap: Gap) -> Json:
    """Gaps found by a consistency check carry the check's id."""
    data: Json = {"where": gap.where, "text": gap.text.model_dump()}
    if gap.check:
        data |= {
            "check": gap.check,
            "severity": "severe" if gap.is_severe else "notice",
            "is_explained": bool(gap.explanation),
        }
    return data


def _contribution(contribution: LogContribution) -> Json:
    return {
        "part": contribution.part,
        "finding": contribution.finding.value,
        "since": contribution.since.isoformat() if contribution.since else None,
        "figures": list(contribution.figures),
    }


def _second_scale(rated: SecondScale) -> Json:
    """Points as texts, exactly as they are computed."""
    return {
        "questionnaire": rated.questionnaire,
        "total": _points(rated.total),
        "by_points": {"low": rated.by_points[0], "high": rated.by_points[1]},
        "band": {"low": rated.bands[0], "high": rated.bands[1]},
        "floor": {"band": rated.floor.band, "certain": rated.floor.is_certain} if rated.floor else None,
        "principles": {principle.principle: _points(principle.residual) for principle in rated.sums},
        "items": {line.item: _points(line.residual) for principle in rated.sums for line in principle.lines},
    }


def _points(tenths: Range) -> Json:
    return {"low": decimals.written(tenths.low), "high": decimals.written(tenths.high)}


def _range(figures: Range) -> Json:
    return {"low": figures.low, "high": figures.high}


def _without(data: Json, *names: str) -> Json:
    return {name: value for name, value in data.items() if name not in names}
