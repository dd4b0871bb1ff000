"""Worked cases of guideline and casebook against the shipped questionnaires, and what always holds of those."""

from __future__ import annotations

from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments import editions
from assessments.content.answers import check_answer
from assessments.model import Finding, Outcome
from assessments.rules import role
from assessments.rules.determination import AnsweredQuestionnaire, both, determine, screen
from questionnaires import conditions, load
from questionnaires.schema import Question, QuestionType
from questionnaires.strict_yaml import parse
from tests.strategies import build, chances, choice, text, thorough

ON = date(2026, 11, 20)
CASES = Path(__file__).parent / "cases"
DOMAINS = editions.domains()
FILES = [file for domain in DOMAINS for file in sorted((CASES / domain).glob("*.yaml"))]
AREAS, ROLES = (sorted((CASES / name).glob("*.yaml")) for name in ("area", "role"))


def _read(file: Path) -> dict[str, Any]:
    data = parse(file.read_bytes(), file.name).data
    assert set(data) == {"title", "source", "answers", "claim", "expect", "without_claim"}, file.name
    return dict(data)


@pytest.mark.parametrize("file", FILES, ids=lambda file: f"{file.parent.name}-{file.stem}")
def test_a_worked_case_comes_out_as_its_source_says(file: Path) -> None:
    case, domain = _read(file), file.parent.name
    asked = load.in_force(domain, ON).questionnaire
    answers = {name: check_answer(asked.question(name), value) for name, value in case["answers"][domain].items()}
    pair = both(asked, answers, Finding(case["claim"]))
    for found, expected in ((pair.with_claim, case["expect"]), (pair.without_claim, case["without_claim"])):
        assert (found.outcome.value, found.contested) == (expected["outcome"], expected["contested"])
        if "source" in expected:
            assert found.reasons[0].source == expected["source"]
        if "grounds" in expected:
            assert {ground.source for ground in found.grounds} == set(expected["grounds"])
        assert set(expected) <= {"outcome", "contested", "source", "grounds"}


@pytest.mark.parametrize("file", AREAS, ids=lambda file: file.stem)
def test_an_area_case_comes_out_as_its_source_says(file: Path) -> None:
    case = parse(file.read_bytes(), file.name).data
    asked = load.in_force("area", ON).questionnaire
    answers = {name: check_answer(asked.question(name), value) for name, value in case["answers"]["area"].items()}
    found, expected = screen(AnsweredQuestionnaire(asked, answers)), case["expect"]
    assert found.goes_on == (expected["outcome"] == "continue")
    if not found.goes_on:
        assert found.determination.outcome == expected["outcome"]
        assert found.determination.contested == expected["contested"]
    domain = build(
        [choice("q")], [{"when": "otherwise", "outcome": "not_high_impact", "because": text("x"), "source": "s1"}]
    )
    whole = determine(domain, {}, Finding.ABSENT, AnsweredQuestionnaire(asked, answers)).outcome
    if found.goes_on:
        assert whole == expected.get("at_least", "not_high_impact")
    else:
        assert whole == expected["outcome"]


@pytest.mark.parametrize("file", ROLES, ids=lambda file: file.stem)
def test_a_role_case_comes_out_as_its_source_says(file: Path) -> None:
    case = parse(file.read_bytes(), file.name).data
    asked = load.in_force("role", ON).questionnaire
    answers = {name: check_answer(asked.question(name), value) for name, value in case["answers"]["role"].items()}
    found = role.find_roles(asked, answers)
    assert sorted(found.roles) == sorted(case["expect"]["roles"])
    assert sorted(found.contested_roles) == sorted(case["expect"]["contested"])


def test_there_are_enough_cases_and_each_names_its_source() -> None:
    assert len(FILES) + len(AREAS) + len(ROLES) >= 70
    assert all(len(list((CASES / domain).glob("*.yaml"))) >= 22 for domain in DOMAINS)
    assert all(str(_read(file)["source"]).strip() and str(_read(file)["title"]).strip() for file in FILES)


@cache
def _deciding(domain: str) -> tuple[Question, ...]:
    """The questions that routes and grounds look at, and those that their visibility hangs on."""
    asked = load.in_force(domain, ON).questionnaire
    looked = [one.when for route in asked.routes for one in (route, *route.contested_if)]
    named = {name for when in looked if when not in (None, "otherwise") for name in conditions.questions_named(when)}
    for question in reversed(list(asked.questions())):
        if question.id in named and question.shown_if is not None:
            named |= set(conditions.questions_named(question.shown_if))
    return tuple(question for question in asked.questions() if question.id in named)


def _answers(data: st.DataObject, domain: str) -> dict[str, Any]:
    """Answers to the questions that decide, some of them open."""
    chance = data.draw(chances)
    given_: dict[str, Any] = {}
    for question in _deciding(domain):
        if question.type is QuestionType.CHOICE and chance.randint(0, 3):
            given_[question.id] = chance.choice([option.value for option in question.options])
        elif question.type is QuestionType.NUMBER and chance.randint(0, 1):
            given_[question.id] = chance.choice([0, 9_999, 10_000, 50_000])
    return given_


@pytest.mark.parametrize("domain", DOMAINS)
@thorough
@given(data=st.data())
def test_a_no_that_rests_on_people_is_plain_only_with_a_supported_claim(domain: str, data: st.DataObject) -> None:
    asked = load.in_force(domain, ON).questionnaire
    claim = data.draw(st.sampled_from([Finding.INDETERMINATE, Finding.CONTRADICTED, Finding.ABSENT]))
    pair = both(asked, _answers(data, domain), claim)
    if pair.with_claim.outcome is Outcome.NOT_HIGH_IMPACT and pair.without_claim.outcome is not Outcome.NOT_HIGH_IMPACT:
        assert pair.with_claim.contested


@pytest.mark.parametrize("domain", DOMAINS)
@thorough
@given(data=st.data())
def test_an_unknown_never_clears_a_system(domain: str, data: st.DataObject) -> None:
    asked = load.in_force(domain, ON).questionnaire
    answers = _answers(data, domain)
    claim = data.draw(st.sampled_from([Finding.SUPPORTED, Finding.INDETERMINATE, Finding.CONTRADICTED, Finding.ABSENT]))
    before = both(asked, answers, claim).with_claim.outcome
    for name in answers:
        unsure = (
            both(asked, {**answers, name: "unknown"}, claim).with_claim.outcome
            if isinstance(answers[name], str)
            else before
        )
        assert unsure is not Outcome.NOT_HIGH_IMPACT or before is Outcome.NOT_HIGH_IMPACT


@pytest.mark.parametrize("domain", DOMAINS)
def test_with_nothing_answered_nothing_is_determined(domain: str) -> None:
    asked = load.in_force(domain, ON).questionnaire
    assert both(asked, {}, Finding.ABSENT).with_claim.outcome is Outcome.CANNOT_DETERMINE


@pytest.mark.parametrize("domain", DOMAINS)
def test_a_pack_asks_enough_and_gives_every_point_its_reason(domain: str) -> None:
    asked = load.in_force(domain, ON).questionnaire
    scored = [question for question in asked.questions() if question.is_scored]
    assert len(scored) >= 30
    assert len({question.dimension for question in scored}) >= 6
    assert all(question.why and question.evidence for question in scored)
    assert {question.kind for question in scored} == {"exposure", "control"}
