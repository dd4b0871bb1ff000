"""Where questionnaires meet: worked cases of area, domain, role and claim, and what always holds there."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments import editions
from assessments.content.answers import check_answer
from assessments.decision_log.judging.claimed import read_claimed
from assessments.decision_log.judging.findings import contributions
from assessments.decision_log.statistics.analysis import analyse
from assessments.decision_log.triggers import Triggers
from assessments.model import AISystem, Assessment, EditionRef, Evidence, Finding, Operator, Outcome, Response
from assessments.rules import findings
from assessments.rules.agreement import AnsweredQuestionnaire
from assessments.rules.determination import both, contradictions, determine, walked, without_people
from questionnaires import conditions, load
from questionnaires.schema import Questionnaire, QuestionType
from questionnaires.strict_yaml import parse
from tests.logs import in_memory
from tests.strategies import chances, thorough

ON = date(2026, 11, 20)
FILES = sorted((Path(__file__).parent / "cases" / "seams").glob("*.yaml"))
DOMAINS = editions.domains()
CLAIMS = (Finding.SUPPORTED, Finding.INDETERMINATE, Finding.CONTRADICTED, Finding.ABSENT)


def _asked(domain: str) -> dict[str, Questionnaire]:
    return {name: load.in_force(name, ON).questionnaire for name in editions.asked_in(domain)}


def _evidence(asked: Questionnaire) -> tuple[Evidence, ...]:
    assert asked.claim is not None
    return tuple(
        Evidence(part.id, part.id, f"{part.id}.pdf", "0" * 64, 1, "application/pdf", part=part.id)
        for part in asked.claim.parts
    )


def _stated(case: dict[str, Any]) -> tuple[dict[str, Questionnaire], Assessment]:
    asked = _asked(case["domain"])
    responses = {
        name: {one: Response(one, check_answer(asked[name].question(one), value)) for one, value in given_.items()}
        for name, given_ in case["answers"].items()
    }
    pinned = tuple(EditionRef(one.id, one.version, "0" * 64) for one in asked.values())
    held = _evidence(asked["involvement"]) if case["evidence"] == "all" else ()
    assessment = Assessment(AISystem("x"), Operator("y"), case["domain"], ON, pinned, responses=responses)
    return asked, replace(assessment, evidence=held)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_case_at_a_seam_comes_out_as_its_source_says(file: Path) -> None:
    case = dict(parse(file.read_bytes(), file.name).data)
    assert set(case) == {"title", "source", "domain", "answers", "evidence", "expect"}
    asked, assessment = _stated(case)
    found, expect = findings.derive(asked, assessment), case["expect"]
    for way in ("with_claim", "without_claim"):
        came, expected = getattr(found.determination, way), expect[way]
        assert (came.outcome.value, came.contested) == (expected["outcome"], expected["contested"])
        if "grounds" in expected:
            assert sorted({ground.source for ground in came.grounds}) == sorted(expected["grounds"])
        if "source" in expected:
            assert came.reasons[0].source == expected["source"]
    if "claim" in expect:
        assert found.claim.whole == expect["claim"]
    parts = {one.part: one.finding.value for one in found.claim.parts}
    assert {name: parts[name] for name in expect.get("parts", {})} == expect.get("parts", {})
    shown = {gap.where for gap in found.gaps if not gap.is_required}
    assert set(expect.get("gaps", ())) <= shown


def test_there_are_enough_cases_at_the_seams() -> None:
    assert len(FILES) >= 60


# --- what always holds ---------------------------------------------------------------------------------------------


def _deciding(asked: Questionnaire) -> list[str]:
    """Questions that routes, grounds and contradictions look at, and those that their visibility hangs on."""
    looked = [one.when for route in asked.routes for one in (route, *route.contested_if)]
    looked += [one.here for one in asked.area.contradicted_if] if asked.area else []
    named = {name for when in looked if when not in (None, "otherwise") for name in conditions.questions_named(when)}
    for question in reversed(list(asked.questions())):
        if question.id in named and question.shown_if is not None:
            named |= set(conditions.questions_named(question.shown_if))
    return [question.id for question in asked.questions() if question.id in named]


def _complete(chance: Any, asked: Questionnaire) -> dict[str, Any]:
    """Every question that decides, answered and known."""
    found: dict[str, Any] = {}
    for name in _deciding(asked):
        question = asked.question(name)
        known = [option.value for option in question.options if option.value != "unknown"]
        if question.type is QuestionType.CHOICE:
            found[name] = chance.choice(known)
        elif question.type is QuestionType.CHOICES:
            several = [one for one in known if one != question.none_of_these]
            some = tuple(chance.sample(several, chance.randint(1, 2)))
            found[name] = some if chance.randint(0, 2) else (question.none_of_these or known[-1],)
        elif question.type is QuestionType.NUMBER:
            found[name] = chance.choice([0, 9_999, 10_000, 50_000])
    return found


@pytest.mark.parametrize("domain", DOMAINS)
@thorough
@given(data=st.data())
def test_nothing_is_plainly_cleared_while_answers_contradict_each_other(domain: str, data: st.DataObject) -> None:
    chance, asked = data.draw(chances), _asked(domain)
    area, answers = (
        AnsweredQuestionnaire(asked["area"], _complete(chance, asked["area"])),
        _complete(chance, asked[domain]),
    )
    claim = data.draw(st.sampled_from(CLAIMS))
    pair = both(asked[domain], answers, claim, area)
    for came in (pair.with_claim, pair.without_claim):
        if came.outcome is Outcome.NOT_HIGH_IMPACT:
            assert not contradictions(AnsweredQuestionnaire(asked[domain], answers), area)
    if (
        claim is Finding.CONTRADICTED
        and pair.with_claim.outcome is Outcome.NOT_HIGH_IMPACT
        and not pair.with_claim.contested
    ):
        without = pair.without_claim
        assert without.outcome is Outcome.NOT_HIGH_IMPACT and not without.contested, "it rests on people"


@pytest.mark.parametrize("domain", DOMAINS)
@thorough
@given(data=st.data())
def test_a_no_names_every_area_it_was_walked_for(domain: str, data: st.DataObject) -> None:
    """A result of not high-impact stands only where no area is left that this questionnaire does not examine."""
    chance, asked = data.draw(chances), _asked(domain)
    area, answers = (
        AnsweredQuestionnaire(asked["area"], _complete(chance, asked["area"])),
        _complete(chance, asked[domain]),
    )
    found = determine(asked[domain], answers, data.draw(st.sampled_from(CLAIMS)), area)
    is_in_scope = next(route for route, truth in walked(area, Finding.ABSENT) if truth).source not in (
        "act-2-2",
        "act-4-1",
        "act-4-2",
    )
    if found.outcome is Outcome.NOT_HIGH_IMPACT and is_in_scope:
        examined = asked[domain].area
        assert examined is not None
        assert set(area.answers["areas"]) <= {*examined.examines, "none_of_these"}  # type: ignore[arg-type]


@pytest.mark.parametrize("domain", DOMAINS)
@thorough
@given(data=st.data())
def test_leaving_the_claim_out_changes_only_answers_about_people(domain: str, data: st.DataObject) -> None:
    asked = _asked(domain)[domain]
    answers = _complete(data.draw(chances), asked)
    changed = {name for name, value in without_people(asked, answers).items() if answers.get(name) != value}
    for name in changed:
        question = asked.question(name)
        assert question.involvement and answers.get(name) not in question.not_about_people


@pytest.mark.parametrize("domain", DOMAINS)
@thorough
@given(data=st.data())
def test_one_more_trigger_never_makes_a_yes_less_certain(domain: str, data: st.DataObject) -> None:
    chance, asked = data.draw(chances), _asked(domain)[domain]
    answers, claim = _complete(chance, asked), data.draw(st.sampled_from(CLAIMS))
    name = chance.choice([one for one in _deciding(asked) if asked.question(one).type is QuestionType.CHOICE])
    other = {**answers, name: chance.choice([one.value for one in asked.question(name).options])}
    before, after = (determine(asked, one, claim) for one in (answers, other))
    met, more = _met(asked, answers, claim), _met(asked, other, claim)
    if met < more and before.outcome is Outcome.HIGH_IMPACT:
        assert after.outcome is Outcome.HIGH_IMPACT
        if _grounds(asked, met, answers, claim) == _grounds(asked, met, other, claim):
            assert before.contested or not after.contested


def _met(asked: Questionnaire, answers: dict[str, Any], claim: Finding) -> set[int]:
    """Places of the routes to high-impact that surely hold, in whatever order they stand."""
    visible = conditions.visible(asked, answers)
    return {
        place
        for place, route in enumerate(asked.routes)
        if route.outcome is Outcome.HIGH_IMPACT
        and route.when != "otherwise"
        and conditions.holds(route.when, visible, answers, claim)
    }


def _grounds(asked: Questionnaire, met: set[int], answers: dict[str, Any], claim: Finding) -> set[tuple[int, int]]:
    """Grounds against these routes that surely hold."""
    visible = conditions.visible(asked, answers)
    return {
        (place, number)
        for place in met
        for number, ground in enumerate(asked.routes[place].contested_if)
        if ground.when is None or conditions.holds(ground.when, visible, answers, claim)
    }


@pytest.mark.parametrize(
    ("departures", "percent"), [(0, 5), (3, 5), (45, 5), (100, 5), (110, 5), (125, 5), (400, 5), (400, 20)]
)
def test_figures_by_hand_and_the_same_figures_in_a_log_give_the_same_finding(departures: int, percent: int) -> None:
    """A log alone shows how they spread over people, which can only leave open what the sum would settle."""
    n = 2_000
    spread = np.arange(n)
    log = in_memory(np.floor((spread + 1) * departures / n + 1e-9) != np.floor(spread * departures / n + 1e-9))
    asked, assessment = _stated(
        dict(parse(next(one for one in FILES if one.stem == "figures_sound").read_bytes(), "x").data)
    )
    inner = dict(assessment.responses["involvement"])
    for name, value in (
        ("divergence_decisions", n),
        ("divergence_departures", departures),
        ("divergence_trigger_percent", percent),
    ):
        inner[name] = Response(name, value)
    assessment = replace(assessment, responses={**assessment.responses, "involvement": inner})
    said = contributions(analyse(log), read_claimed(assessment.answers("involvement")), Triggers())
    by_hand, by_log = findings.derive(asked, assessment, ()), findings.derive(asked, assessment, said)
    hand, seen = (next(p for p in one.claim.parts if p.part == "divergence") for one in (by_hand, by_log))
    assert seen.finding in (hand.finding, Finding.INDETERMINATE)
    assert hand.finding is not Finding.CONTRADICTED or by_hand.determination.with_claim.contested
    if abs(departures / n * 100 - percent) > 2:
        assert seen.finding is hand.finding
    for one in (by_hand, by_log):
        assert one.determination.with_claim.contested == (one.claim.whole is not Finding.SUPPORTED)
