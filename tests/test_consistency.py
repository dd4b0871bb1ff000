"""Consistency checks: each speaks with its answers and not without them; severe ones wait to be resolved or explained."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from assessments import actions
from assessments.content import canonical
from assessments.content.answers import check_answer
from assessments.decision_log.kept_log import KeptLog
from assessments.decision_log.reading.columns import Column, LogMapping
from assessments.decision_log.statistics.analysis import analyse
from assessments.errors import IncompleteError, InvalidAnswerError
from assessments.model import AISystem, Assessment, Explanation, Grading, Impact, Measure, Operator, Response, Scenario
from assessments.rules import agreement, impacts
from assessments.rules.findings import derive
from assessments.storage import database
from questionnaires import check, load
from questionnaires.consistency_schema import Severity
from questionnaires.schema import Questionnaire
from questionnaires.strict_yaml import parse
from tests.logs import in_memory
from tests.office import AT, KIM, Office

CASES = parse((Path(__file__).parent / "cases" / "consistency.yaml").read_bytes(), "consistency.yaml").data


@cache
def asked() -> dict[str, Questionnaire]:
    return {name: load.newest(name, load.FOLDER).questionnaire for name in load.ids(load.FOLDER)}


def assessment_of(case: dict[str, Any]) -> Assessment:
    responses = {
        name: {
            question: Response(
                question, check_answer(asked()[name].question(question), value if not _is_number(value) else int(value))
            )
            for question, value in given.items()
        }
        for name, given in case["answers"].items()
    }
    plain = Assessment(
        AISystem("x"), Operator("x", supervisor_name="한지우"), "hiring", date(2026, 11, 20), (), responses
    )
    return RECORDED[case.get("record", "")](plain)


def _is_number(value: object) -> bool:
    return isinstance(value, str) and value.isdigit()


def _with_log(of: Assessment, automatic: list[bool]) -> Assessment:
    has = frozenset({Column.CASE, Column.OUTPUT, Column.DECISION, Column.AUTOMATIC})
    log = in_memory([True] * len(automatic), automatic=np.array(automatic), has=has)
    return replace(of, log=KeptLog(analyse(log), LogMapping(columns={})))


RECORDED = {
    "": lambda of: of,
    "supervisor_unnamed": lambda of: replace(of, operator=replace(of.operator, supervisor_name="")),
    "rights_affected": lambda of: replace(of, scenarios=(Scenario("s1", "x", impacts=(Impact("equality"),)),)),
    "measures_planned": lambda of: replace(of, measures=(Measure("m1", "x"),)),
    "log_all_by_people": lambda of: _with_log(of, [False, False]),
    "log_some_automatic": lambda of: _with_log(of, [True, False]),
}


ONE_QUESTION = {"area.two_confirmations"}
"""Two options of one question that cannot both be chosen."""


def speaking(of: Assessment) -> set[str]:
    return {one.check for one in agreement.inconsistencies(asked(), of)}


def test_every_check_has_a_case() -> None:
    there = {f"{name}.{one.id}" for name, questionnaire in asked().items() for one in questionnaire.consistency}
    assert {case["check"] for case in CASES} == there
    assert len(there) >= 25


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["check"])
def test_a_check_speaks_where_both_sides_hold_and_not_where_one_is_gone(case: dict[str, Any]) -> None:
    whole = assessment_of(case)
    assert case["check"] in speaking(whole)
    found = next(one for one in agreement.inconsistencies(asked(), whole) if one.check == case["check"])
    assert len(found.places) >= 2 or found.check in ONE_QUESTION, "both sides are named"
    for place in found.places:
        name, _, question = place.partition(".")
        if name in whole.responses:
            left = {**whole.responses, name: {q: r for q, r in whole.responses[name].items() if q != question}}
            assert case["check"] not in speaking(replace(whole, responses=left)), (
                f"an answer not given says nothing: {place}"
            )
            unknown = replace(whole.responses[name][question], answer="unknown")
            if asked()[name].question(question).option("unknown"):
                open_ = {**whole.responses, name: {**whole.responses[name], question: unknown}}
                assert case["check"] not in speaking(replace(whole, responses=open_)), (
                    f"an unknown says nothing: {place}"
                )
    if "record" in case:
        assert case["check"] not in speaking(assessment_of({name: case[name] for name in ("check", "answers")}))


@pytest.mark.first_in_check
@pytest.mark.parametrize("case", CASES, ids=lambda case: case["check"])
def test_it_shows_at_every_place_and_an_explanation_lifts_what_it_holds_up(case: dict[str, Any]) -> None:
    domain = next((name for name in case["answers"] if name in ("credit", "hiring", "medical")), "hiring")
    one = replace(assessment_of(case), domain=domain)
    shown = [gap for gap in derive(asked(), one).gaps if gap.check == case["check"]]
    severity = next(
        x.severity for x in asked()[case["check"].partition(".")[0]].consistency if case["check"].endswith(f".{x.id}")
    )
    assert len(shown) >= 2 or case["check"] in ONE_QUESTION
    assert {(gap.is_contradiction, gap.is_required) for gap in shown} == {(True, severity is Severity.SEVERE)}
    explained = replace(one, explanations=(Explanation(case["check"], "두 건의 대상이 다릅니다."),))
    after = [gap for gap in derive(asked(), explained).gaps if gap.check == case["check"]]
    assert {(gap.is_required, gap.explanation) for gap in after} == {(False, "두 건의 대상이 다릅니다.")}
    assert derive(asked(), explained).determination == derive(asked(), one).determination
    assert canonical.content_sha256(explained) != canonical.content_sha256(one)


# --- in the workflow ---------------------------------------------------------------------------------------------


def contradicting(office: Office) -> int:
    assessment_id = office.start()
    office.answer(assessment_id, "hiring.exposed", "p0")
    office.fill(assessment_id)
    return assessment_id


@pytest.mark.slow
def test_a_severe_one_is_resolved_or_explained_before_submitting(office: Office) -> None:
    assessment_id = contradicting(office)
    with (
        pytest.raises(IncompleteError, match="exposed and relied on") as refused,
        office.database.transaction() as session,
    ):
        actions.submit(session, assessment_id, KIM, AT)
    assert "함께 성립할 수 없는" in refused.value.text.ko
    with office.database.transaction() as session:
        actions.explain(session, assessment_id, "hiring.exposed_to_nobody", " 시험 운영입니다. ", KIM, AT)
    assert [(one.text, one.by) for one in office.read(assessment_id).explanations] == [("시험 운영입니다.", KIM.person)]
    with office.database.transaction() as session:
        actions.explain(session, assessment_id, "hiring.exposed_to_nobody", "", KIM, AT)
    assert office.read(assessment_id).explanations == ()
    with office.database.transaction() as session:
        actions.explain(session, assessment_id, "hiring.exposed_to_nobody", "시험 운영입니다.", KIM, AT)
        actions.submit(session, assessment_id, KIM, AT)
    with office.database.transaction() as session:
        actions.revise(session, assessment_id, KIM, AT)
    assert [one.text for one in office.read(assessment_id).explanations] == ["시험 운영입니다."]


def test_what_is_no_check_is_not_explained(office: Office) -> None:
    assessment_id = office.start()
    with pytest.raises(InvalidAnswerError, match="no consistency check"), office.database.transaction() as session:
        actions.explain(session, assessment_id, "hiring.ghost", "x", KIM, AT)


# --- in the files ------------------------------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        (
            "in: involvement, when: {question: bypass_path",
            "in: ghost, when: {question: bypass_path",
            "no questionnaire 'ghost'",
        ),
        ("in: involvement, when: {question: bypass_path", "in: involvement, when: {question: ghost", "ghost"),
        ('bypass_path, is: ["no"]', "bypass_path, is: [ghost]", "ghost"),
        ("id: cut_off_or_substantive", "id: alone_or_substantive", "stands here a second time"),
        (
            "against: {when: {question: human_step, is: [substantive]}}",
            'against: {when: {question: automatic_cutoff, is: ["no"]}}',
            "can never speak",
        ),
        ("against: {record: rights_affected}", "against: {record: ghost}", "record"),
        ("against: {record: rights_affected}", "against: {in: role, record: rights_affected}", "names either"),
    ],
)
def test_a_check_that_cannot_speak_is_named(
    old: str, new: str, what: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in load.ids():
        file = load.FOLDER / name / "1.0.yaml"
        (tmp_path / name).mkdir()
        text = file.read_text("utf-8")
        if name == "hiring":
            assert old in text
            text = text.replace(old, new, 1)
        (tmp_path / name / "1.0.yaml").write_text(text, "utf-8")
    found = check.check_files(sorted(tmp_path.glob("*/*.yaml")), tmp_path, are_all=True).problems
    assert any(what in str(problem) for problem in found), [str(problem) for problem in found]


def test_a_judgment_with_measures_in_place_is_never_above_the_one_before() -> None:
    scales = asked()["impact"].method
    assert scales is not None
    assert scales.impacts is not None
    low, high = Grading("minor", "short", "low"), Grading("minor", "short", "medium")
    assert impacts.is_not_above(low, high, scales.impacts)
    assert not impacts.is_not_above(high, low, scales.impacts)


@pytest.mark.slow
def test_the_deed_refuses_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HAETAE_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("HAETAE_DATABASE_URL", raising=False)
    office = Office(database.prepare())
    assessment_id = office.start()
    low, high = Grading("minor", "short", "low"), Grading("minor", "short", "medium")
    for before, in_place, is_refused in ((low, high, True), (high, low, False), (low, low, False)):
        scenario = Scenario("s1", "x", impacts=(Impact("평등권", "x", before, in_place, "이유"),))
        with office.database.transaction() as session:
            if is_refused:
                with pytest.raises(InvalidAnswerError, match="worse with measures"):
                    actions.set_scenarios(session, assessment_id, [scenario], KIM, AT)
            else:
                actions.set_scenarios(session, assessment_id, [scenario], KIM, AT)
