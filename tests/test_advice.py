"""What is advised where official sources differ, by role and by the official papers that there are."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from assessments.file import assessment_file
from assessments.model import Answer, Assessment, Outcome, Response
from assessments.rules import findings
from exports.printing import document
from exports.record import advice, record
from exports.report import route
from exports.report.report import Report
from questionnaires import load
from tests import report_samples as samples

EXAMPLES = Path(__file__).parents[1] / "examples"
USER: dict[str, Answer] = {
    "as_business": "yes",
    "origin": "received",
    "integrates_model": "no",
    "changes": ("none_of_these",),
    "direct_interaction": "no",
    "provided_to": ("none_of_these",),
    "own_use": ("applicants",),
}


def hiring(role: dict[str, Answer] | None = None, papers: tuple[str, ...] = ()) -> Assessment:
    assessment = assessment_file.read_file(EXAMPLES / "hiring.yaml").assessment
    responses = dict(assessment.responses)
    if role is not None:
        responses["role"] = {name: Response(name, answer) for name, answer in role.items()}
    if papers:
        responses["area"] = {**responses["area"], "official_papers": Response("official_papers", papers)}
    return replace(assessment, responses=responses)


@pytest.mark.first_in_check
@pytest.mark.parametrize(
    ("role", "papers", "label"),
    [
        (None, (), "recommend_33"),
        ({}, (), "recommend_33"),  # open: it may be an operator
        (USER, (), "recommend_33_user"),
        (USER | {"provided_to": ("users",)}, (), "recommend_33"),
        (None, ("ai_16_3",), "recommend_33"),
        (None, ("certified_30",), "recommend_33"),
        (None, ("ai_16_3", "certified_30"), "recommend_33"),
        (None, ("not_high_impact_33",), "recommend_33_answered"),
        (USER, ("undetermined_33", "ai_16_3"), "recommend_33_answered"),
    ],
)
def test_who_cannot_ask_is_told_to_ask_the_supplier(
    role: dict[str, Answer] | None, papers: tuple[str, ...], label: str
) -> None:
    assessment = hiring(role, papers)
    asked = assessment_file.read_file(EXAMPLES / "hiring.yaml").questionnaires
    found = findings.derive(asked, assessment)
    assert found.determination.with_claim.contested
    assert advice.label(found.role, assessment, asked) == label


@pytest.mark.first_in_check
@pytest.mark.parametrize(
    "paper", ["ai_16_3", "certified_30", "not_high_impact_33", "undetermined_33", "high_impact_33"]
)
def test_only_a_confirmation_of_being_high_impact_stops_a_no_and_no_paper_clears(paper: str) -> None:
    asked = assessment_file.read_file(EXAMPLES / "hiring.yaml").questionnaires
    assessment = hiring(papers=(paper,))
    assert findings.derive(asked, assessment).determination.with_claim.outcome is Outcome.HIGH_IMPACT
    chatbot = {**assessment.responses["hiring"]}
    for name, answer in (("influence", "supports_only"), ("profiles", "no"), ("processes_submissions", "no")):
        chatbot[name] = Response(name, answer)
    chatbot.pop("grades_profiles")
    found = findings.derive(asked, replace(assessment, responses={**assessment.responses, "hiring": chatbot}))
    is_stopped = found.determination.with_claim.outcome is Outcome.CANNOT_DETERMINE
    assert is_stopped is (paper == "high_impact_33")
    assert ("area.official_papers" in {gap.where for gap in found.gaps}) is is_stopped


@pytest.mark.first_in_check
@pytest.mark.parametrize(("role", "basis"), [(None, "retention_owed"), (USER, "retention_voluntary")])
def test_the_period_of_keeping_says_what_it_rests_on(role: dict[str, Answer] | None, basis: str) -> None:
    assessment = hiring(role)
    used = assessment_file.read_file(EXAMPLES / "hiring.yaml").editions
    draft = replace(assessment, decision=None, sign_off=None, content_sha256=None)
    made = record.build(draft, used, at=samples.AT, document_id="HT-1")
    report = Report(made, record.recompute(record.read(made.canonical)), ("ko", "en"))
    assert report.overview.retention_basis == basis
    years = load.in_force("role", date(2026, 11, 21)).questionnaire.operators
    assert years is not None and report.overview.retention_draft is not None
    assert f"{years.keep_years} years" in report.overview.retention_draft.en


@pytest.mark.slow
def test_answers_that_contradict_each_other_are_told_as_that() -> None:
    used = assessment_file.read_file(EXAMPLES / "hiring.yaml").editions
    assessment = hiring()
    area = {**assessment.responses["area"], "areas": Response("areas", ("loan_screening",))}
    draft = replace(
        assessment,
        responses={**assessment.responses, "area": area},
        decision=None,
        sign_off=None,
        content_sha256=None,
    )
    made = record.build(draft, used, at=samples.AT, document_id="HT-1")
    report = Report(made, record.recompute(record.read(made.canonical)), ("ko", "en"))
    assert report.with_claim.is_contradicted and report.overview.reasons == "contradicting_reasons"
    assert {route.SET_ASIDE} == {one.state for one in report.steps} & {route.SET_ASIDE, route.DECIDES}
    page = document.html(report)
    for label in ("contradicting_reasons", "gap_answers", "step_set_aside"):
        assert report.t(label).ko in page
