"""Worked determinations with a decision log: the log carries or contradicts the claim, and the outcome follows by its source."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path

import pytest

from assessments.content.answers import check_answer
from assessments.decision_log import making
from assessments.decision_log.kept_log import KeptLog
from assessments.decision_log.reading.streaming import look, read_log
from assessments.decision_log.statistics.analysis import Settings, analyse
from assessments.decision_log.triggers import Triggers
from assessments.derived import Findings
from assessments.file import assessment_file
from assessments.file.assessment_file import StatedAssessment
from assessments.model import Answer, Assessment, Finding, Outcome, Response
from assessments.rules import findings
from assessments.rules.determination import AnsweredQuestionnaire
from assessments.rules.way_out import rests_on_claim, way_out
from questionnaires.strict_yaml import parse
from tests.logs import AT, KEY

EXAMPLES = Path(__file__).resolve().parents[1] / "examples"
CASES = Path(__file__).parent / "cases"
CLAIMED: dict[str, Answer] = {
    "time_minutes": 5,
    "time_cases_per_day": 40,
    "time_own_minimum": 2,
    "divergence_decisions": 1_000,
    "divergence_departures": 120,
}
"""What a bank or a firm could say that works as the attentive log shows."""
MARKS = Triggers.model_validate(
    {
        "triggers": [
            {"figure": "divergence_rate", "at_least": "3", "on": date(2026, 1, 2), "reason": "사례 15의 경계"},
            {"figure": "median_review_seconds", "at_least": "60", "on": date(2026, 1, 2), "reason": "서류 분량"},
        ]
    }
)
YES, NO = Outcome.HIGH_IMPACT, Outcome.NOT_HIGH_IMPACT


@pytest.fixture(scope="module")
def logs(tmp_path_factory: pytest.TempPathFactory) -> dict[str, KeptLog]:
    folder, made = tmp_path_factory.mktemp("logs"), {}
    for style in ("attentive", "rubber-stamp", "drifting"):
        path = folder / f"{style}.csv"
        making.write(making.make(making.Style(style), 12, 6_000, 7), path, style)
        mapping = look(path).suggestion.mapping()
        made[style] = KeptLog(analyse(read_log(path, mapping, key=KEY, at=AT), Settings(120.0)), mapping, MARKS)
    return made


@cache
def stated(domain: str) -> StatedAssessment:
    return assessment_file.read_file(EXAMPLES / f"{domain}.yaml")


def case(domain: str, name: str, **changed: Answer) -> Assessment:
    """The answers of a worked case, with a claim that every part of the questionnaire supports."""
    example, claim = stated(domain), stated("hiring").assessment
    asked = example.questionnaires[domain]
    given = parse((CASES / domain / f"{name}.yaml").read_bytes(), name).data["answers"][domain] | changed
    answers = {one: Response(one, check_answer(asked.question(one), answer)) for one, answer in given.items()}
    involved = dict(claim.responses["involvement"])
    involved |= {one: Response(one, answer) for one, answer in CLAIMED.items()}
    return replace(
        example.assessment,
        responses={**example.assessment.responses, domain: answers, "involvement": involved},
        evidence=claim.evidence,
    )


def found(assessment: Assessment, log: KeptLog | None) -> Findings:
    return findings.derive(stated(assessment.domain).questionnaires, replace(assessment, log=log))


@pytest.mark.slow
@pytest.mark.parametrize(
    ("domain", "name", "style", "whole", "outcome", "contested", "source"),
    [
        # profiling and grading in hiring: high-impact; contested where claim and log show real control (2.6.3, T16)
        ("hiring", "grading_profiles_supported", "attentive", Finding.SUPPORTED, YES, True, "case-t16"),
        ("hiring", "grading_profiles_supported", "rubber-stamp", Finding.CONTRADICTED, YES, False, "det-2.6.3"),
        # mere reference in credit under four points: no; contested where the log contradicts the claim (case 15)
        ("credit", "p83_not_high_impact", "attentive", Finding.SUPPORTED, NO, False, "det-2.7-chart"),
        ("credit", "p83_not_high_impact", "rubber-stamp", Finding.CONTRADICTED, NO, True, "case-15"),
        # four points or sensitive data: yes; contested only with a supported claim
        ("credit", "points_one_a_two_b", "attentive", Finding.SUPPORTED, YES, True, "case-15"),
        ("credit", "points_one_a_two_b", "rubber-stamp", Finding.CONTRADICTED, YES, False, "det-2.7.3"),
        ("credit", "l2_supported", "attentive", Finding.SUPPORTED, YES, True, "case-15"),
        ("credit", "l2_supported", "rubber-stamp", Finding.CONTRADICTED, YES, False, "det-2.7.3"),
        # a Grade 3 device stays high-impact, contested at most
        ("medical", "grade3_supported", "attentive", Finding.SUPPORTED, YES, True, "case-16"),
        ("medical", "grade3_supported", "rubber-stamp", Finding.CONTRADICTED, YES, False, "det-2.3.3"),
        # a no whose log shows adoption as it is: contested in credit and medical, high-impact in hiring (T0)
        ("medical", "case16_assists_only", "attentive", Finding.SUPPORTED, NO, False, "det-2.3.3"),
        ("medical", "case16_assists_only", "rubber-stamp", Finding.CONTRADICTED, NO, True, "case-16"),
        ("hiring", "case14_assists_only", "attentive", Finding.SUPPORTED, NO, False, "det-2.6.1"),
        ("hiring", "case14_assists_only", "rubber-stamp", Finding.CONTRADICTED, YES, False, "det-2.6.3"),
        ("hiring", "t0_claim_contradicted", "attentive", Finding.SUPPORTED, NO, False, "det-2.6-chart"),
        ("hiring", "t0_claim_contradicted", "rubber-stamp", Finding.CONTRADICTED, YES, False, "det-2.6.3"),
    ],
)
def test_the_log_decides_on_the_claim_and_the_source_on_the_outcome(
    logs: dict[str, KeptLog],
    domain: str,
    name: str,
    style: str,
    whole: Finding,
    outcome: Outcome,
    contested: bool,
    source: str,
) -> None:
    came = found(case(domain, name), logs[style])
    one = came.determination.with_claim
    assert (came.claim.whole, one.outcome, one.contested) == (whole, outcome, contested), one
    assert source in {reason.source for reason in (*one.reasons, *one.grounds)}


@pytest.mark.slow
def test_at_four_points_a_yes_is_contested_only_where_people_can_intervene(logs: dict[str, KeptLog]) -> None:
    intervene = found(case("credit", "points_one_a_two_b"), logs["attentive"]).determination.with_claim
    impossible = found(case("credit", "points_one_a_two_b", no_intervention="yes"), logs["attentive"])
    assert intervene.contested
    assert (impossible.determination.with_claim.outcome, impossible.determination.with_claim.contested) == (YES, False)


@pytest.mark.slow
def test_a_drift_contradicts_from_its_day_on(logs: dict[str, KeptLog]) -> None:
    assessment = case("credit", "p83_not_high_impact")
    for name in (
        "divergence_decisions",
        "divergence_departures",
    ):  # what is stated of the whole time would speak all along
        assessment = _answered(assessment, "involvement", name, None)
    came = found(assessment, logs["drifting"])
    said = {one.part: one for one in came.log}
    assert said["divergence"].finding is Finding.CONTRADICTED
    assert said["divergence"].since is not None
    assert came.claim.whole is Finding.CONTRADICTED


def test_without_the_claim_the_outcome_is_the_same_whatever_the_log_says(logs: dict[str, KeptLog]) -> None:
    for domain, name in (("hiring", "grading_profiles_supported"), ("credit", "l2_supported")):
        came = [found(case(domain, name), log).determination.without_claim for log in (None, *logs.values())]
        assert all(one == came[0] for one in came)


def test_what_would_change_it_leads_to_the_outcome_of_a_supported_claim(logs: dict[str, KeptLog]) -> None:
    assessment = case("credit", "p83_not_high_impact")
    bad, good = found(assessment, logs["rubber-stamp"]), found(assessment, logs["attentive"])
    questionnaires = stated("credit").questionnaires
    before = AnsweredQuestionnaire(questionnaires["area"], assessment.answers("area"))
    out = way_out(bad.claim, questionnaires["credit"], assessment.answers("credit"), before)
    assert out is not None
    assert {"time", "divergence"} <= {step.part for step in out.steps}
    assert out.determination_then == good.determination.with_claim
    assert way_out(good.claim, questionnaires["credit"], assessment.answers("credit"), before) is None


@pytest.mark.parametrize(
    ("name", "rests"),
    [("p83_not_high_impact", True), ("l2_absent", True), ("l2_no_intervention", False), ("scope_companies", False),
     ("nothing_answered", None)],
)  # fmt: skip
def test_whether_the_claim_matters_is_known_before_it_is_answered(name: str, rests: bool | None) -> None:
    assessment = case("credit", name)
    unclaimed = replace(assessment, responses={**assessment.responses, "involvement": {}})
    for known in (assessment, unclaimed):
        assert rests_on_claim(stated("credit").questionnaires, known) is rests


def test_a_log_without_own_triggers_never_carries_time_or_departures(logs: dict[str, KeptLog]) -> None:
    answered = case("hiring", "grading_profiles_supported")
    for assessment, finding in (
        (answered, Finding.SUPPORTED),  # the answers themselves state a trigger
        (_answered(answered, "involvement", "divergence_trigger_percent", None), Finding.INDETERMINATE),
    ):
        came = found(assessment, replace(logs["attentive"], triggers=Triggers()))
        parts = {one.part: one.finding for one in came.claim.parts}
        assert parts["divergence"] is finding and parts["time"] is Finding.INDETERMINATE
        assert came.determination.with_claim.contested is False


# --- two results ---------------------------------------------------------------------------------------------------

CONTROLS = ("named_supervisor", "intervention_criteria", "periodic_checks", "training", "pause_and_modify")


MODES = ("continuous", "exception", "both", "undecided", "unknown", None)


def supervised(domain: str) -> Assessment:
    return replace(stated(domain).assessment, log=None)


@pytest.mark.first_in_check
@pytest.mark.parametrize("domain", ["hiring", "credit", "medical"])
def test_changing_supervision_leaves_the_claim_and_the_determination(domain: str, logs: dict[str, KeptLog]) -> None:
    assessment = replace(supervised(domain), log=logs["attentive"])
    before = findings.derive(stated(domain).questionnaires, assessment)
    changes = [
        _answered(assessment, domain, name, answer)
        for name in CONTROLS
        for answer in ("in_place", "planned", "none", "unknown")
    ]
    changes.append(_answered(assessment, "impact", "oversight", None))
    changes += [_answered(assessment, "impact", "oversight_mode", answer) for answer in MODES]
    changes.append(
        replace(assessment, operator=replace(assessment.operator, supervisor_name="", supervisor_contact=""))
    )
    seen = set()
    for changed in changes:
        after = findings.derive(stated(domain).questionnaires, changed)
        assert (after.claim, after.determination, after.log) == (before.claim, before.determination, before.log)
        seen.add(after.supervision)
    assert len(seen) > len(CONTROLS)


@pytest.mark.slow
@pytest.mark.parametrize("domain", ["hiring", "credit", "medical"])
def test_changing_the_claim_or_the_log_leaves_supervision(domain: str, logs: dict[str, KeptLog]) -> None:
    assessment = supervised(domain)
    asked = stated(domain).questionnaires
    before = findings.derive(asked, assessment)
    claims, changes = {before.claim}, [replace(assessment, log=one) for one in logs.values()]
    changes += [replace(assessment, evidence=()), _answered(assessment, "involvement", "relies_on_people", "no")]
    changes += [_answered(assessment, "involvement", name, None) for name in assessment.responses["involvement"]]
    for changed in changes:
        after = findings.derive(asked, changed)
        assert after.supervision == before.supervision
        claims.add(after.claim)
    assert len(claims) > len(logs)


def test_what_is_not_answered_is_never_documented() -> None:
    empty = replace(supervised("hiring"), responses={})
    states = {one.id: one.state.value for one in findings.derive(stated("hiring").questionnaires, empty).supervision}
    assert states.pop("person") == "documented"  # stands with the operator
    assert set(states.values()) == {"open"}


@pytest.mark.parametrize(
    ("mode", "state"),
    [("continuous", "documented"), ("exception", "documented"), ("undecided", "open"), (None, "open")],
)
def test_a_mode_of_supervision_is_documented_once_it_is_chosen(mode: str | None, state: str) -> None:
    given = _answered(supervised("hiring"), "impact", "oversight_mode", mode)
    record = {one.id: one for one in findings.derive(stated("hiring").questionnaires, given).supervision}
    assert record["mode"].state.value == state
    assert (record["mode"].to_do is None) is (state == "documented")


def test_what_the_domain_does_not_ask_is_said_so() -> None:
    asked = dict(stated("hiring").questionnaires)
    asked["hiring"] = asked["hiring"].model_copy(update={"supervised_by": {}})
    states = {one.id: one.state.value for one in findings.derive(asked, supervised("hiring")).supervision}
    assert states["criteria"] == states["detection"] == "not_asked" and states["mode"] == "documented"


UNCHANGED: dict[str, Answer] = {
    "as_business": "yes",
    "integrates_model": "no",
    "changes": ("none_of_these",),
    "direct_interaction": "no",
}


@pytest.mark.parametrize("domain", ["hiring", "credit", "medical"])
@pytest.mark.parametrize(
    ("roles", "gaps"),
    [
        ({"origin": "self", "provided_to": ("users",)}, {"criteria", "detection", "stop", "checks", "training"}),
        ({"origin": "received", "provided_to": ("users",)}, {"criteria", "detection", "stop", "checks"}),
        ({"origin": "received", "provided_to": ("none_of_these",), "own_use": ("applicants",)}, set()),
        ({}, {"criteria", "detection", "stop", "checks", "training"}),  # open: whatever it may be counts
    ],
)
def test_only_what_a_role_must_have_is_a_gap(domain: str, roles: dict[str, Answer], gaps: set[str]) -> None:
    assessment = supervised(domain)
    for name in ("error_detection", *CONTROLS[1:]):
        assessment = _answered(assessment, domain, name, "none")
    given: dict[str, Answer] = {**UNCHANGED, "own_use": ("none_of_these",), **roles} if roles else {}
    answers = {one: Response(one, answer) for one, answer in given.items()}
    assessment = replace(assessment, responses={**assessment.responses, "role": answers})
    found_ = findings.derive(stated(domain).questionnaires, assessment)
    states = {one.id: one.state.value for one in found_.supervision}
    assert {name for name, state in states.items() if state == "gap"} == gaps
    assert all(states[one] == "not_owed" for one in {"criteria", "detection", "stop", "checks", "training"} - gaps)


def test_a_user_alone_need_not_name_who_supervises() -> None:
    assessment = supervised("hiring")
    assessment = replace(assessment, operator=replace(assessment.operator, supervisor_name="", supervisor_contact=""))
    user: dict[str, Answer] = {**UNCHANGED, "origin": "received", "provided_to": ("none_of_these",)}
    user["own_use"] = ("applicants",)
    of_user = replace(
        assessment,
        responses={**assessment.responses, "role": {one: Response(one, answer) for one, answer in user.items()}},
    )
    for given, is_gap in ((assessment, True), (of_user, False)):
        found = findings.derive(stated("hiring").questionnaires, given).gaps
        gaps = {gap.where for gap in found if not gap.is_contradiction}
        assert ("operator.supervisor_name" in gaps) is is_gap


def _answered(assessment: Assessment, questionnaire: str, name: str, answer: Answer | None) -> Assessment:
    given = dict(assessment.responses.get(questionnaire, {}))
    given.pop(name, None)
    if answer is not None:
        given[name] = Response(name, answer)
    return replace(assessment, responses={**assessment.responses, questionnaire: given})
