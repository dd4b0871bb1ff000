"""The cross-walk: what an assessment answers of each framework, and that only the duty in Korea has gaps."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.derived import ClaimFinding, Findings, PartFinding
from assessments.file import assessment_file
from assessments.model import Assessment, Finding
from assessments.rules import findings
from assessments.rules.crosswalk import CellState, Evidence, Walk, dates_by, walk
from questionnaires import load, named
from questionnaires.checks import beside
from questionnaires.crosswalk import FILE, ReadAs, crosswalk, read
from questionnaires.enforcement import enforcement
from questionnaires.problems import InvalidFileError
from questionnaires.schema import Questionnaire
from tests.strategies import chances, thorough

EXAMPLES = sorted((Path(__file__).resolve().parents[1] / "examples").glob("*.yaml"))
CROSSWALK = crosswalk()
NEWEST = {name: load.newest(name).questionnaire for name in load.ids()}
Stated = assessment_file.StatedAssessment


def _walked(questionnaires: Mapping[str, Questionnaire], assessment: Assessment) -> tuple[Walk, Findings]:
    results = findings.derive(questionnaires, assessment)
    return walk(CROSSWALK, questionnaires, assessment, results), results


def _state(walked: Walk, row: str, framework: str) -> CellState:
    return next(one for one in walked.rows if one.row.id == row).cells[framework].state


@pytest.fixture(scope="module")
def hiring() -> Stated:
    return assessment_file.read_file(next(file for file in EXAMPLES if file.stem == "hiring"))


@pytest.mark.first_in_check
@pytest.mark.parametrize("file", EXAMPLES, ids=lambda file: file.stem)
def test_an_example_answers_every_item_of_the_duty_and_all_six_of_the_european_one(file: Path) -> None:
    stated = assessment_file.read_file(file)
    walked, _ = _walked(stated.questionnaires, stated.assessment)
    assert not walked.gaps
    duty = [one.cells["decree"] for one in walked.rows if "decree" in one.cells]
    assert [cell.cell.item for cell in duty] == list("1234567")
    assert all(cell.state is CellState.ANSWERED and cell.places for cell in duty)
    european = {cell.cell.ref_in("en"): cell.state for one in walked.rows if (cell := one.cells.get("eu"))}
    assert {f"27(1)({letter})" for letter in "abcdef"} <= european.keys()
    assert european["27(3)"] is CellState.NOT_ANSWERED, "no assessment notifies an authority"
    assert all(state is not CellState.NOT_ANSWERED for ref, state in european.items() if ref.startswith("27(1)"))


def test_an_empty_assessment_has_the_seven_gaps_of_the_duty_and_no_other(hiring: Stated) -> None:
    empty = replace(hiring.assessment, responses={}, scenarios=(), measures=(), decision=None)
    walked, _ = _walked(hiring.questionnaires, empty)
    assert {cell.framework.id for cell in walked.gaps} == {"decree"} and len(walked.gaps) == 7
    assert _state(walked, "period", "eu") is CellState.NOT_ANSWERED
    assert _state(walked, "indicators", "decree") is CellState.PARTLY, "the method is declared by the edition"
    assert _state(walked, "affected", "decree") is CellState.NOT_ANSWERED


def test_an_answer_moves_exactly_the_cells_that_it_answers(hiring: Stated) -> None:
    impact = dict(hiring.assessment.responses[named.IMPACT])
    del impact["period_and_frequency"]
    responses = {**hiring.assessment.responses, named.IMPACT: impact}
    before, _ = _walked(hiring.questionnaires, hiring.assessment)
    after, _ = _walked(hiring.questionnaires, replace(hiring.assessment, responses=responses))
    moved = {
        (one.row.id, name)
        for one, other in zip(before.rows, after.rows, strict=True)
        for name, cell in one.cells.items()
        if cell.state is not other.cells[name].state
    }
    assert moved == {("use", "decree"), ("period", "eu"), ("period", "iso")}
    assert _state(after, "use", "decree") is CellState.PARTLY
    assert len(after.gaps) == 1


def test_a_cell_says_where_it_is_answered_and_how_its_text_was_read(hiring: Stated) -> None:
    walked, _ = _walked(hiring.questionnaires, hiring.assessment)
    cells = {(one.row.id, name): cell for one in walked.rows for name, cell in one.cells.items()}
    assert cells["period", "eu"].places == ("impact.period_and_frequency",)
    assert cells["rights", "eu"].places == ("scenarios",)
    assert cells["finality", "pipc"].places == ("claim.bypass", "claim.stop")
    assert "impact.improvement_plan" in cells["improvement", "decree"].places
    assert {cell.read for cell in cells.values()} == set(ReadAs)
    assert cells["monitoring", "eu"].read is ReadAs.GENERAL and cells["use", "eu"].read is ReadAs.SECOND_HAND
    for cell in cells.values():
        assert cell.places or cell.cell.note, "what nothing answers says why"


def test_an_earlier_edition_that_does_not_ask_something_is_not_blamed_for_it(hiring: Stated) -> None:
    without = {name: one for name, one in hiring.questionnaires.items() if name != named.IMPACT}
    walked, _ = _walked(without, hiring.assessment)
    assert not walked.gaps
    assert _state(walked, "affected", "decree") is CellState.NOT_ASKED
    assert _state(walked, "period", "eu") is CellState.NOT_ASKED
    assert _state(walked, "rights", "iso") is CellState.NOT_ASKED


# --- the property that matters: only the duty in Korea has gaps ----------------------------------------------


@pytest.mark.slow
@thorough
@given(st.sampled_from(EXAMPLES), chances)
def test_nothing_but_the_korean_duty_is_ever_among_the_gaps(file: Path, chance: Random) -> None:
    """Whatever is left out: the gaps of coverage are the duty's, and no gap hangs on what other frameworks ask."""
    stated = assessment_file.read_file(file)
    kept = {
        name: {one: response for one, response in responses.items() if chance.random() < 0.6}
        for name, responses in stated.assessment.responses.items()
    }
    assessment = replace(
        stated.assessment,
        responses=kept,
        scenarios=tuple(one for one in stated.assessment.scenarios if chance.random() < 0.6),
        measures=tuple(one for one in stated.assessment.measures if chance.random() < 0.6),
        evidence=tuple(one for one in stated.assessment.evidence if chance.random() < 0.6),
    )
    walked, results = _walked(stated.questionnaires, assessment)
    assert {cell.framework.id for cell in walked.gaps} <= {CROSSWALK.duty.id}
    of_coverage = {gap.where for gap in results.gaps if gap.where.startswith("coverage.")}
    assert of_coverage == {f"coverage.{CROSSWALK.duty.matrix}.{cell.cell.item}" for cell in walked.gaps}
    for one in walked.rows:
        for cell in one.cells.values():
            assert cell.is_gap == (cell.framework.is_duty and cell.state in (CellState.PARTLY, CellState.NOT_ANSWERED))


# --- the privacy commission's test ---------------------------------------------------------------------------

PARTS = {one.claim for one in CROSSWALK.answering if one.claim}
FOUND = st.sampled_from(list(Finding))


def _with_parts(stated: Stated, parts: Mapping[str, Finding]) -> Walk:
    results = findings.derive(stated.questionnaires, stated.assessment)
    claim = ClaimFinding(Finding.INDETERMINATE, tuple(PartFinding(name, one) for name, one in parts.items()))
    return walk(CROSSWALK, stated.questionnaires, stated.assessment, replace(results, claim=claim))


SUPPORTED, OPEN, AGAINST = Finding.SUPPORTED, Finding.INDETERMINATE, Finding.CONTRADICTED


@pytest.mark.parametrize(
    ("bypass", "stop", "evidence"),
    [
        (SUPPORTED, SUPPORTED, Evidence.FOR),
        (SUPPORTED, OPEN, Evidence.PARTLY_FOR),
        (OPEN, OPEN, Evidence.NONE),
        (AGAINST, OPEN, Evidence.AGAINST),
        (AGAINST, SUPPORTED, Evidence.MIXED),
        (Finding.NOT_APPLICABLE, SUPPORTED, Evidence.FOR),
        (Finding.NOT_APPLICABLE, Finding.NOT_APPLICABLE, Evidence.NONE),
        (Finding.ABSENT, Finding.ABSENT, Evidence.NONE),
    ],
)
def test_the_parts_of_the_claim_are_evidence_on_a_criterion(
    hiring: Stated, bypass: Finding, stop: Finding, evidence: Evidence
) -> None:
    walked = _with_parts(hiring, {"bypass": bypass, "stop": stop})
    assert [one.row.id for one in walked.criteria] == [
        "person_with_authority",
        "substantive_involvement",
        "individual_processing",
        "finality",
    ]
    assert walked.criteria[-1].cells["pipc"].evidence is evidence


def test_without_a_claim_there_is_evidence_on_no_criterion(hiring: Stated) -> None:
    assert {one.cells["pipc"].evidence for one in _with_parts(hiring, {}).criteria} == {Evidence.NONE}


@pytest.mark.slow
@thorough
@given(st.fixed_dictionaries(dict.fromkeys(sorted(PARTS), FOUND)), st.sampled_from(sorted(PARTS)))
def test_better_parts_never_speak_less_for_people(found: dict[str, Finding], part: str) -> None:
    stated = assessment_file.read_file(EXAMPLES[0])
    ranks = [Evidence.AGAINST, Evidence.NONE, Evidence.PARTLY_FOR, Evidence.FOR]
    before, after = (
        {one.row.id: one.cells["pipc"].evidence for one in _with_parts(stated, parts).criteria}
        for parts in (found, {**found, part: Finding.SUPPORTED})
    )
    for row, evidence in after.items():
        earlier = before[row]
        if earlier is Evidence.MIXED:
            assert evidence in (Evidence.MIXED, Evidence.PARTLY_FOR, Evidence.FOR)
        elif earlier is Evidence.AGAINST:
            assert evidence is not Evidence.NONE
        else:
            assert earlier and evidence and ranks.index(evidence) >= ranks.index(earlier)


# --- dates and parts taken over ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("on", "come"),
    [
        (date(2026, 7, 26), []),
        (date(2026, 8, 2), ["regulation", "transparency"]),
        (date(2027, 12, 1), ["regulation", "transparency", "marking"]),
        (date(2027, 12, 2), ["regulation", "transparency", "marking", "annex_3"]),
        (date(2028, 8, 2), ["regulation", "transparency", "marking", "annex_3", "annex_1"]),
    ],
)
def test_european_days_come_in_their_order(on: date, come: list[str]) -> None:
    told = dates_by(CROSSWALK, on)
    assert [day.id for day, has_come in told if has_come] == come
    assert [day.on for day, _ in told] == sorted(day.on for day, _ in told)


def test_what_a_data_protection_assessment_can_give_is_told_apart_from_what_it_cannot(hiring: Stated) -> None:
    walked, _ = _walked(hiring.questionnaires, hiring.assessment)
    assert [one.row.id for one in walked.reusable] == ["rights", "effects", "use", "measures"]
    assert [one.cells["eu"].cell.ref_in("en") for one in walked.apart] == [
        "27(1)(c)",
        "27(1)(b)",
        "27(1)(e)",
        "27(1)(f)",
    ]


# --- the file ------------------------------------------------------------------------------------------------


def _edited(*changes: tuple[str, str]) -> str:
    text = FILE.read_text("utf-8")
    for old, new in changes:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    return text


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        ("standing: other_law\n    read: general", "standing: duty\n    matrix: x\n    read: general", "exactly one"),
        ('eu: {ref: "27(1)(b)", by: [period]}', 'eu: {ref: "27(1)(b)", by: [periods]}', "no answering periods"),
        ('eu: {ref: "27(1)(b)", by: [period]}', 'eu: {ref: "27(1)(b)"}', "nothing answers it|not answered whole"),
        ('eu: {ref: "27(1)(b)", by: [period]}', 'ue: {ref: "27(1)(b)", by: [period]}', "no such framework"),
        ('eu: {ref: "27(1)(b)", by: [period]}', 'eu: {ref: "27(1)(b)", by: [bypass]}', "parts of the claim answer"),
        ('eu: {ref: "27(1)(b)", by: [period]}', 'eu: {ref: "b", by: [period], item: "1"}', "`item` stands in"),
        ('item: "7"}', 'item: "6"}', "item 6 of the duty stands twice"),
        ("rows: [rights, effects, use, measures]", "rows: [period]", "row period has no cell"),
        ("apart: [affected, period, oversight, complaints]", "apart: [rights]", "row rights has a cell"),
        ("  - id: finality\n", "  - id: affected\n", "row affected stands twice"),
        ("{id: stop, title: ", "{id: halt, title: ", "no answering stop"),
        ("    source: gdpr-35\n", "    source: gdpr\n", "the source gdpr is not declared"),
    ],
)
def test_a_file_that_cannot_be_right_is_refused_with_the_reason(old: str, new: str, what: str) -> None:
    with pytest.raises(InvalidFileError, match=what):
        read(_edited((old, new)))


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        ("[impact.purpose]", "[impact.purposes]", "there is no question impact.purposes"),
        ("claim: bypass}", "claim: by_pass}", "the claim has no part by_pass"),
        ("matrix: decree\n", "matrix: decrees\n", "there is no matrix decrees"),
        ('item: "7"}', 'item: "8"}', "item 7 of the matrix decree stands in no row"),
        ('item: "7"}', 'item: "8"}', "the matrix decree has no item 8"),
    ],
)
def test_what_the_questionnaires_do_not_have_is_named(old: str, new: str, what: str) -> None:
    problems = list(beside.find_problems(read(_edited((old, new))), enforcement(), NEWEST))
    assert any(what in problem.what for problem in problems), problems
    assert not list(beside.find_problems(CROSSWALK, enforcement(), NEWEST))


def test_every_text_stands_in_both_languages_and_says_nothing_is_decided() -> None:
    note = CROSSWALK.framework("pipc").note
    assert re.search("nothing is decided", note.en) and "결정하지는 않습니다" in note.ko
    assert all(not one.is_duty for one in CROSSWALK.frameworks if one.id != "decree")
