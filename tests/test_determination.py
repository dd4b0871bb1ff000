"""Determination: routes, three-valued logic, the claim, and what always holds of them."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from assessments.model import Finding, Outcome
from assessments.rules.determination import both, determine
from questionnaires import conditions
from questionnaires.schema import UNKNOWN, Questionnaire
from tests.strategies import answered, build, choice, completions, routed, scorable, text, thorough

claims = st.sampled_from([Finding.SUPPORTED, Finding.INDETERMINATE, Finding.CONTRADICTED, Finding.ABSENT])


def route(when: Any, outcome: str, *grounds: dict[str, Any]) -> dict[str, Any]:
    found = [{"because": text("x"), "source": "s1"} | ground for ground in grounds]
    return {
        "when": when,
        "outcome": outcome,
        "because": text(f"{outcome} by {when}"),
        "source": "s1",
        "contested_if": found,
    }


YES = {"question": "q", "is": ["yes"]}
TRIGGER = build([choice("q", ("yes", "no"))], [route(YES, "high_impact"), route("otherwise", "not_high_impact")])


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [("yes", "high_impact"), ("no", "not_high_impact"), ("unknown", "cannot_determine"), (None, "cannot_determine")],
)
def test_a_trigger_decides_and_an_open_one_does_not(answer: str | None, outcome: str) -> None:
    found = determine(TRIGGER, {"q": answer} if answer else {}, Finding.ABSENT)
    assert found.outcome == outcome
    assert found.deciding == (("q",) if outcome == "cannot_determine" else ())


def test_an_unknown_that_cannot_change_the_result_does_not_block_it() -> None:
    asked = build(
        [choice("q", ("yes", "no")), choice("r", ("yes", "no"))],
        [
            route({"question": "r", "is": ["yes"]}, "high_impact"),
            route(YES, "high_impact"),
            route("otherwise", "not_high_impact"),
        ],
    )
    found = determine(asked, {"q": "yes", "r": UNKNOWN}, Finding.ABSENT)
    assert found.outcome is Outcome.HIGH_IMPACT
    assert len(found.reasons) == 2


def test_a_yes_is_contested_only_if_every_possible_route_is() -> None:
    ground = {"always": True}
    asked = build(
        [choice("q", ("yes", "no")), choice("r", ("yes", "no"))],
        [
            route({"question": "r", "is": ["yes"]}, "high_impact"),
            route(YES, "high_impact", ground),
            route("otherwise", "not_high_impact"),
        ],
    )
    assert determine(asked, {"q": "yes", "r": "no"}, Finding.ABSENT).contested
    assert not determine(asked, {"q": "yes", "r": UNKNOWN}, Finding.ABSENT).contested


def test_a_no_is_contested_by_a_ground_that_may_apply() -> None:
    ground = {"when": {"question": "r", "is": ["yes"]}}
    asked = build(
        [choice("q", ("yes", "no")), choice("r", ("yes", "no"))],
        [route(YES, "high_impact"), route("otherwise", "not_high_impact", ground)],
    )
    assert determine(asked, {"q": "no", "r": UNKNOWN}, Finding.ABSENT).contested
    assert not determine(asked, {"q": "no", "r": "no"}, Finding.ABSENT).contested


@pytest.mark.parametrize(
    ("total", "answers", "truth"),
    [
        (4, {"a": "yes", "b": "yes", "c": "no"}, True),
        (4, {"a": "yes", "b": "no", "c": "yes"}, False),
        (4, {"a": "yes", "b": "no"}, False),
        (4, {"a": "yes", "b": UNKNOWN, "c": "no"}, None),
        (3, {"a": "yes", "b": UNKNOWN, "c": "yes"}, True),
        (5, {}, None),
        (6, {}, False),
    ],
)
def test_a_count_is_judged_by_its_lower_and_its_upper_end(
    total: int, answers: dict[str, Any], truth: bool | None
) -> None:
    of = [
        {"when": {"question": name, "is": ["yes"]}, "counts": counts} for name, counts in (("a", 2), ("b", 2), ("c", 1))
    ]
    when = {"count_at_least": {"total": total, "of": of}}
    asked = build(
        [choice(name, ("yes", "no")) for name in "abc"],
        [route(when, "high_impact"), route("otherwise", "not_high_impact")],
    )
    found = {True: Outcome.HIGH_IMPACT, False: Outcome.NOT_HIGH_IMPACT, None: Outcome.CANNOT_DETERMINE}[truth]
    assert determine(asked, answers, Finding.ABSENT).outcome is found


def test_a_hidden_answer_decides_nothing_and_a_possibly_hidden_one_leaves_it_open() -> None:
    gated = choice("q", ("yes", "no"), shown_if={"question": "gate", "is": ["yes"]})
    asked = build(
        [choice("gate", ("yes", "no")), gated], [route(YES, "high_impact"), route("otherwise", "not_high_impact")]
    )
    assert determine(asked, {"gate": "no", "q": "yes"}, Finding.ABSENT).outcome is Outcome.NOT_HIGH_IMPACT
    assert determine(asked, {"gate": UNKNOWN, "q": "yes"}, Finding.ABSENT).outcome is Outcome.CANNOT_DETERMINE
    assert determine(asked, {"gate": UNKNOWN, "q": "no"}, Finding.ABSENT).outcome is Outcome.NOT_HIGH_IMPACT


def test_without_the_claim_people_are_denied_everywhere() -> None:
    people = choice("people", ("decide", "formal"), involvement=True, denies="formal")
    asked = build(
        [people],
        [route({"question": "people", "is": ["formal"]}, "high_impact"), route("otherwise", "not_high_impact")],
    )
    pair = both(asked, {"people": "decide"}, Finding.SUPPORTED)
    assert pair.with_claim.outcome is Outcome.NOT_HIGH_IMPACT
    assert pair.without_claim.outcome is Outcome.HIGH_IMPACT


@pytest.mark.slow
@thorough
@given(st.data())
def test_a_determined_outcome_is_the_one_that_all_completions_share(data: st.DataObject) -> None:
    asked = data.draw(routed())
    answers = data.draw(answered(asked))
    claim = data.draw(claims)
    outcome = determine(asked, answers, claim).outcome
    worlds = {determine(asked, one, claim).outcome for one in completions(asked, answers)}
    if outcome is not Outcome.CANNOT_DETERMINE:
        assert worlds == {outcome}


@thorough
@given(st.data())
@pytest.mark.slow
def test_the_reverse_holds_where_no_question_occurs_twice(data: st.DataObject) -> None:
    asked = data.draw(routed(mostly_once=True))
    named = list(_occurrences(asked))
    assume(len(named) == len(set(named)))
    answers = data.draw(answered(asked))
    claim = data.draw(claims)
    worlds = {determine(asked, one, claim).outcome for one in completions(asked, answers)}
    if len(worlds) == 1:
        assert determine(asked, answers, claim).outcome in worlds


@pytest.mark.slow
@thorough
@given(st.data())
def test_turning_an_answer_to_unknown_never_makes_a_system_not_high_impact(data: st.DataObject) -> None:
    asked = data.draw(routed())
    answers = data.draw(answered(asked))
    claim = data.draw(claims)
    assume(answers)
    question = data.draw(st.sampled_from(sorted(answers)))
    before = determine(asked, answers, claim).outcome
    after = determine(asked, answers | {question: UNKNOWN}, claim).outcome
    assert after is not Outcome.NOT_HIGH_IMPACT or before is Outcome.NOT_HIGH_IMPACT


@thorough
@given(st.data())
def test_the_determination_never_depends_on_points(data: st.DataObject) -> None:
    asked = data.draw(scorable())
    answers = data.draw(answered(asked))
    name = data.draw(st.sampled_from([question.id for question in asked.questions()]))
    value = asked.question(name).options[0].value
    routes = [route({"question": name, "is": [value]}, "high_impact"), route("otherwise", "not_high_impact")]
    plain = asked.model_dump(by_alias=True, exclude_none=True) | {"routes": routes}
    other = asked.model_dump(by_alias=True, exclude_none=True) | {"routes": routes}
    for question in other["sections"][0]["questions"]:
        for option in question["options"]:
            if "points" in option:
                option["points"] += 7
    found = [determine(Questionnaire.model_validate(one), answers, Finding.ABSENT) for one in (plain, other)]
    assert found[0] == found[1]


def _occurrences(asked: Questionnaire) -> list[str]:
    named = [
        name
        for question in asked.questions()
        if question.shown_if
        for name in conditions.questions_named(question.shown_if)
    ]
    return named + [
        name for one in asked.routes if one.when != "otherwise" for name in conditions.questions_named(one.when)
    ]
