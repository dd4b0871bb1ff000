"""What each duty comes to: worked cases by role, outcome and domain, what always holds, and what a new edition changes."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from assessments import editions
from assessments.content import canonical
from assessments.content.answers import check_answer
from assessments.derived import ContestedGround as Ground
from assessments.derived import (
    CoveredItem,
    Determination,
    DutyFinding,
    DutyState,
    Reason,
    RoleEntry,
    RoleFinding,
    SupervisionItem,
    SupervisionState,
)
from assessments.file import assessment_file
from assessments.model import (
    AISystem,
    Assessment,
    EditionRef,
    Grading,
    Impact,
    Operator,
    Outcome,
    Response,
    Scenario,
)
from assessments.rules import duties, findings, gaps, supervision
from assessments.rules.rescore import compare
from commands.main import app
from exports.forms.sheets import sheets
from exports.record.record import build, recompute
from exports.report.report import Report
from exports.words.labels import labels
from questionnaires import check, load, named
from questionnaires.duty_schema import Force
from questionnaires.schema import Questionnaire
from questionnaires.strict_yaml import parse
from questionnaires.vocabulary import Text

ON = date(2026, 11, 21)
CASES = Path(__file__).parent / "cases" / "duties"
EXAMPLES = Path(__file__).resolve().parents[1] / "examples"
SAID = Text(ko="가", en="a")
UNMET = {"gap", "planned", "contested"}
_RATED = Impact("equality", "차이", Grading("high", "short", "low"))
SCENARIOS = {
    "judged": Scenario("s1", "위험", impacts=(_RATED,)),
    "half_judged": Scenario("s2", "위험", impacts=(_RATED, replace(_RATED, before=Grading("high", "", "low")))),
    "without_impact": Scenario("s3", "위험"),
}
"""What a case can name under `scenarios`."""


@cache
def pinned(domain: str) -> dict[str, Questionnaire]:
    return {name: load.in_force(name, ON).questionnaire for name in editions.asked_in(domain)}


def cases() -> list[Any]:
    return [
        pytest.param(case, id=f"{file.stem}-{number}-{case['duty']}-{case['is']}")
        for file in sorted(CASES.glob("*.yaml"))
        for number, case in enumerate(parse(file.read_bytes(), file.name).data)
    ]


def role_of(case: dict[str, Any]) -> RoleFinding:
    def entry(role: str, *, certain: bool = True, contested: bool = False) -> RoleEntry:
        grounds = (Ground(SAID, "s1", is_certain=True),) if contested else ()
        return RoleEntry(role, certain, Reason(SAID, "s1"), grounds, ())

    doubtful = case.get("contested_roles", ())
    certain = [role for role in case.get("roles", ["developer"]) if role not in doubtful]
    return RoleFinding(
        (
            *(entry(role) for role in certain),
            *(entry(role, contested=True) for role in doubtful),
            *(entry(role, certain=False) for role in case.get("possible", ())),
        )
    )


def judged(case: dict[str, Any]) -> DutyFinding:
    return all_judged(case)[case["duty"]]


def all_judged(case: dict[str, Any]) -> dict[str, DutyFinding]:
    domain = case.get("domain", "hiring")
    asked = pinned(domain)
    responses = {
        name: {
            question: Response(question, check_answer(asked[name].question(question), value))
            for question, value in answers.items()
        }
        for name, answers in case.get("answers", {}).items()
    }
    operator = replace(
        Operator("회사"), **({"supervisor_name": "가", "supervisor_contact": "1"} if case.get("supervisor") else {})
    )
    scenarios = tuple(SCENARIOS[name] for name in case.get("scenarios", ()))
    assessment = Assessment(AISystem("체계"), operator, domain, ON, (), responses=responses, scenarios=scenarios)
    role = role_of(case)
    state = SupervisionState(case.get("supervised", "gap"))
    lines = tuple(
        SupervisionItem(line, SAID, state if number == 0 else SupervisionState.DOCUMENTED, "", "s1")
        for number, line in enumerate(sorted(supervision.musts(asked, role)))
    )
    missing = () if case.get("assessed") else (Reason(SAID, "s1"),)
    coverage = (CoveredItem(named.DECREE, "1", SAID, "s1", missing),)
    outcome = Outcome(case.get("outcome", "high_impact"))
    determination = Determination(
        outcome, bool(case.get("contested")), (), (), deciding=tuple(case.get("deciding", ()))
    )
    given_case = duties.Case(asked, assessment, role, determination, coverage, lines, ON)
    return {finding.duty: finding for finding in duties.find_duties(given_case)}


@pytest.mark.parametrize("case", cases())
def test_a_worked_case_comes_out_as_its_source_says(case: dict[str, Any]) -> None:
    finding = judged(case)
    assert finding.state == case["is"]
    if finding.state in (DutyState.NOT_APPLICABLE, DutyState.INHERITED, DutyState.DEEMED):
        assert finding.reasons[0].source == case["source"]
    else:
        assert finding.source == case["source"]
    if "until" in case:
        assert finding.until == date.fromisoformat(str(case["until"]))
    if "force" in case:
        assert finding.force == case["force"]
    if "partly" in case:
        assert [reason.source for reason in finding.partly] == [case["partly"]]
    assert finding.is_unmet == (case["is"] in UNMET)
    assert bool(finding.missing) == (finding.is_unmet or finding.state is DutyState.OPEN_QUESTION)


def test_every_duty_has_a_case_in_every_state_that_it_can_be_in_by_answers() -> None:
    tried: dict[str, set[str]] = {}
    for file in CASES.glob("*.yaml"):
        for case in parse(file.read_bytes(), file.name).data:
            tried.setdefault(case["duty"], set()).add(case["is"])
    rule = pinned("hiring")[named.DUTIES].duties
    assert rule is not None
    for duty in rule.items:
        if duty.open_question is not None:
            assert "open_question" in tried[duty.id]
        else:
            assert tried[duty.id] & UNMET, duty.id
            assert tried[duty.id] & {"documented", "deemed_performed"}, duty.id
        if duty.inherited_if:
            assert "inherited" in tried[duty.id], duty.id
        if any(way.extent is None for way in duty.deemed_if):
            assert "deemed_performed" in tried[duty.id], duty.id
    assert set(tried) == {duty.id for duty in rule.items}


# --- what always holds ------------------------------------------------------------------------------------

roles = st.lists(st.sampled_from(["developer", "using_operator", "user"]), unique=True)
outcomes = st.sampled_from([outcome.value for outcome in Outcome])


@pytest.mark.slow
@given(roles, roles, outcomes, st.booleans(), st.sampled_from(["hiring", "credit", "medical"]))
def test_nothing_answered_is_never_documented_and_doubt_never_excuses(
    certain: list[str], doubtful: list[str], outcome: str, contested: bool, domain: str
) -> None:
    case = {"domain": domain, "roles": certain, "possible": doubtful, "outcome": outcome, "contested": contested}
    rule = pinned(domain)[named.DUTIES].duties
    assert rule is not None
    by_duty, by_duty_if_settled = all_judged(case), all_judged({**case, "possible": [], "roles": [*certain, *doubtful]})
    for duty in rule.items:
        finding = by_duty[duty.id]
        if finding.state is DutyState.DOCUMENTED:
            assert duty.id == "own_review"
        if finding.state is DutyState.NOT_APPLICABLE:
            assert finding.reasons
            settled = by_duty_if_settled[duty.id]
            if duty.owed_by and outcome == "high_impact" and set(duty.owed_by) & {*certain, *doubtful}:
                assert settled.state is DutyState.NOT_APPLICABLE, "a role that may apply excuses from nothing"


@pytest.mark.parametrize("domain", ["hiring", "credit", "medical"])
@pytest.mark.slow
def test_an_example_says_of_every_duty_what_is_found(domain: str) -> None:
    stated = assessment_file.read_file(EXAMPLES / f"{domain}.yaml")
    results = findings.derive(stated.questionnaires, stated.assessment)
    by_duty = {finding.duty: finding for finding in results.duties}
    assert not {finding.state for finding in results.duties} & {DutyState.CONTESTED} or domain == "credit"
    unmet = {f"duty.{name}" for name, finding in by_duty.items() if finding.is_unmet}
    assert unmet == {gap.where for gap in results.gaps if gap.where.startswith("duty.")}
    planned = {f"measures.{measure.id}" for measure in stated.assessment.measures if not measure.is_in_place}
    assert planned == {gap.where for gap in results.gaps if gap.where.startswith("measures.")}
    data = canonical.results(results, stated.assessment)["duties"]
    assert [each["duty"] for each in data] == list(by_duty)


def test_the_hiring_example_has_gaps_while_its_posting_is_planned() -> None:
    stated = assessment_file.read_file(EXAMPLES / "hiring.yaml")
    results = findings.derive(stated.questionnaires, stated.assessment)
    posting = next(finding for finding in results.duties if finding.duty == "publication")
    assert (posting.state, posting.until, posting.responsible) == (DutyState.PLANNED, date(2026, 12, 15), "법무팀")
    assert {"duty.publication", "duty.g_3_1_3", "duty.certification"} <= {gap.where for gap in results.gaps}


def test_an_assessment_without_the_rule_is_judged_as_before() -> None:
    stated = assessment_file.read_file(EXAMPLES / "hiring.yaml")
    without = {name: each for name, each in stated.questionnaires.items() if name != named.DUTIES}
    results = findings.derive(without, stated.assessment)
    assert results.duties == () and "duties" not in canonical.results(results, stated.assessment)
    assert not {gap.where for gap in results.gaps if gap.where.startswith(("duty.", "measures."))}


@pytest.mark.slow
def test_workbook_and_markdown_hold_every_duty_with_its_state() -> None:

    stated = assessment_file.read_file(EXAMPLES / "credit.yaml")
    record = build(stated.assessment, stated.editions, on=ON, document_id="HT-1")
    results = findings.derive(stated.questionnaires, stated.assessment)
    duties_sheet = next(sheet for sheet in sheets(record, "en") if sheet.name == labels()["s_duties"]["en"])
    assert [row[0] for row in duties_sheet.rows] == [finding.duty for finding in results.duties]
    assert [row[3] for row in duties_sheet.rows] == [
        labels()[f"duty_{finding.state}"]["en"] for finding in results.duties
    ]
    assert any(row[5] == "준법감시부" for row in duties_sheet.rows)


def test_questions_that_a_pinned_edition_does_not_have_yet_are_not_asked() -> None:
    """An assessment may pin an older draft of its field beside today's rule."""
    stated = assessment_file.read_file(EXAMPLES / "credit.yaml")
    then = (load.FOLDER / "credit" / "earlier" / "1.0-of-0.5.0.yaml").read_text("utf-8")
    older = {**stated.questionnaires, "credit": load.read(then, "credit/1.0.yaml")}
    by_duty = {finding.duty: finding for finding in findings.derive(older, stated.assessment).duties}
    assert by_duty["no_unfair_discrimination"].state is DutyState.GAP
    assert [reason.text for reason in by_duty["no_unfair_discrimination"].missing][1:] == [
        duties.TEXTS["duty_not_asked"]
    ]


@pytest.mark.slow
@pytest.mark.usefixtures("printed_briefly")
def test_command_and_report_count_the_same_gaps(tmp_path: Path) -> None:
    """The hiring example has three open conditions of its approval."""
    stated = assessment_file.read_file(EXAMPLES / "hiring.yaml")
    results = findings.derive(stated.questionnaires, stated.assessment)
    count = len(results.gaps) + len(gaps.open_conditions(stated.assessment))
    made = build(stated.assessment, stated.editions, on=ON, document_id="HT-1")
    report = Report(made, recompute(made), ("en",))
    assert str(count) in report.overview.gaps.en and "3 of them open conditions" in report.overview.gaps.en
    assert len(report.gaps["gap_conditions"][0].texts) == 3
    told = CliRunner().invoke(app, ["assess", str(EXAMPLES / "hiring.yaml"), "--out", str(tmp_path)])
    assert f"Gaps: {count}, 3 of them open conditions of the approval." in told.output


def test_the_report_tells_once_what_makes_many_duties_doubtful_and_the_workbook_at_each() -> None:
    stated = assessment_file.read_file(EXAMPLES / "credit.yaml")
    made = build(stated.assessment, stated.editions, on=ON, document_id="HT-1")
    report = Report(made, recompute(made), ("ko",))
    role_is_open = duties.TEXTS["duty_role_open"]
    assert report.duty_doubts == (role_is_open,), "what concerns some of them stands at each"
    rows = [row for group in report.duty_groups for row in group.rows if row.finding.state is DutyState.CONTESTED]
    assert len(rows) > 3 and all(row.texts and role_is_open not in row.texts for row in rows)
    assert all(role_is_open in row.texts for row in report.duty_rows if row.finding.state is DutyState.CONTESTED)


@pytest.mark.slow
def test_the_report_says_why_a_duty_is_not_owed() -> None:
    stated = assessment_file.read_file(EXAMPLES / "hiring.yaml")
    made = build(stated.assessment, stated.editions, on=ON, document_id="HT-1")
    groups = Report(made, recompute(made), ("ko",)).duty_groups
    not_owed = {duty.id: kind.reason for group in groups for kind in group.not_owed for duty in kind.duties}
    results = findings.derive(stated.questionnaires, stated.assessment).duties
    assert not_owed == {each.duty: each.reasons[0].text for each in results if each.state is DutyState.NOT_APPLICABLE}


# --- another edition is data ------------------------------------------------------------------------------


@pytest.mark.slow
def test_a_notice_made_final_is_only_data(tmp_path: Path) -> None:
    """The draft notice on duties becomes final: the open question goes, an item of the guideline becomes the notice's."""
    data = yaml.safe_load((load.FOLDER / "duties" / "1.0.yaml").read_text("utf-8"))
    data["version"], data["in_force_from"] = "1.1", date(2026, 11, 1)
    items = data["duties"]["items"]
    data["duties"]["items"] = [item for item in items if item["id"] != "duty_notice"]
    made_final = next(item for item in items if item["id"] == "g_1_1_5")
    made_final |= {"force": "notice", "owed_by": ["developer"], "source": "act-34-2"}
    del data["sources"]["duty-1-1-5"]
    next(q for s in data["sections"] for q in s["questions"] if q["id"] == "risk_improvement")["source"] = "act-34-2"
    text = yaml.safe_dump(data, allow_unicode=True)
    report = check.check_text(text, "duties/1.1.yaml")
    assert not report.problems
    newer = load.read(text, "duties/1.1.yaml")
    stated = assessment_file.read_file(EXAMPLES / "hiring.yaml")
    before = findings.derive(stated.questionnaires, stated.assessment)
    after = findings.derive({**stated.questionnaires, named.DUTIES: newer}, stated.assessment)
    assert "duty_notice" in {finding.duty for finding in before.duties}
    assert "duty_notice" not in {finding.duty for finding in after.duties}
    assert next(finding for finding in after.duties if finding.duty == "g_1_1_5").force is Force.NOTICE
    change = compare(stated.questionnaires, {**stated.questionnaires, named.DUTIES: newer}, stated.assessment)
    assert change.duties == (
        ("g_1_1_5", "documented, guideline", "documented, notice"),
        ("duty_notice", "open_question, notice", None),
    )
    assert change.is_any and change.outcome[0] == change.outcome[1]
    assert EditionRef(named.DUTIES, "1.0", load.edition(named.DUTIES, "1.0").sha256) in stated.assessment.editions


def test_a_note_speaks_of_a_fine_only_where_the_fair_hiring_act_has_one() -> None:
    """Art. 17 names Art. 4-3, and neither Art. 8 nor Art. 10."""
    sources = pinned("hiring")[named.DUTIES].sources
    notes = {name: str(sources[name].note and sources[name].note.en) for name in sources if name.startswith("fair-")}
    assert "can be fined" in notes["fair-hiring-4-3"]
    assert all("sets no fine" in notes[name] for name in ("fair-hiring-8", "fair-hiring-10"))
