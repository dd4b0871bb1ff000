"""Loan screening, every combination of gates and items, against the flowchart written down a second time.

Source: determination guideline 2.7.3 and its flowchart (p. 81 and 82); casebook case 15.
"""

from __future__ import annotations

from datetime import date
from functools import cache
from itertools import product

import pytest

from assessments.model import Finding, Outcome
from assessments.rules.determination import both, determine
from questionnaires import load
from questionnaires.conditions import Answer

ON = date(2026, 11, 20)
POINTS = {
    "new_model": 2,  # A1
    "consumers": 2,  # A2
    "no_intervention": 2,  # A3
    "proxy_variables": 1,  # B1
    "borrowed_system": 1,  # B2
    "foreign_system": 1,  # B3
}
ENOUGH = 4
MANY_CONSUMERS = 10_000
USES = ("reference_only", "weighed", "as_is")
CLAIMS = (Finding.SUPPORTED, Finding.INDETERMINATE, Finding.CONTRADICTED, Finding.ABSENT)

Known = bool | None
"""Yes, no, or not known."""
Facts = tuple[Known, ...]
"""The two gates L1 and L2, then the six items in the order of POINTS."""
EVERY = tuple(product((True, False, None), repeat=2 + len(POINTS)))


def picture(facts: Facts) -> Outcome:
    """The flowchart for facts that are all known: L1, L2, four points."""
    decides, restricted_data, *items = facts
    total = sum(points for points, met in zip(POINTS.values(), items, strict=True) if met)
    return Outcome.HIGH_IMPACT if decides or restricted_data or total >= ENOUGH else Outcome.NOT_HIGH_IMPACT


@cache
def worlds(facts: Facts) -> frozenset[Outcome]:
    """What the picture says in all completions of what is not known."""
    if None not in facts:
        return frozenset({picture(facts)})
    place = facts.index(None)
    return worlds((*facts[:place], True, *facts[place + 1 :])) | worlds((*facts[:place], False, *facts[place + 1 :]))


def outcome_of(facts: Facts) -> Outcome:
    """The outcome that all completions share."""
    shared = worlds(facts)
    return next(iter(shared)) if len(shared) == 1 else Outcome.CANNOT_DETERMINE


def is_contested(facts: Facts, use: str, claim: Finding) -> bool:
    """Whether another official source says otherwise, or may do so against a no."""
    decides, _, *items = facts
    met = dict(zip(POINTS, items, strict=True))
    people_can_intervene = met["no_intervention"] is False
    match outcome_of(facts):
        case Outcome.HIGH_IMPACT:
            merely_refers = use == "reference_only" and claim is Finding.SUPPORTED and people_can_intervene
            return merely_refers and decides is False
        case Outcome.NOT_HIGH_IMPACT:
            dominated = use == "as_is" or met["no_intervention"] is not False or claim is Finding.CONTRADICTED
            is_shown = (
                claim is Finding.SUPPORTED
            )  # mere reference and a fixed weight both rest on the officer's judgment
            return dominated or not is_shown
        case _:
            return False


def answers_to(facts: Facts, use: str) -> dict[str, Answer]:
    decides, restricted_data, *items = facts
    given: dict[str, Answer] = {
        "used_in_lending": "loan_screening",
        "institution": "financial",
        "borrowers": "natural_persons",
        "decision_role": {True: "final", False: "no", None: "unknown"}[decides],
        "automatic_decline": "no",
        "restricted_data": _answer(restricted_data),
        "result_use": use,
    }
    for name, met in zip(POINTS, items, strict=True):
        if name != "consumers":
            given[name] = _answer(met)
        elif met is not None:
            given[name] = MANY_CONSUMERS if met else MANY_CONSUMERS - 1
    return given


def _answer(known: Known) -> str:
    return {True: "yes", False: "no", None: "unknown"}[known]


@pytest.mark.slow
@pytest.mark.parametrize("use", USES)
def test_every_combination_comes_out_as_the_flowchart_says(use: str) -> None:
    asked = load.in_force("credit", ON).questionnaire
    for facts in EVERY:
        found = determine(asked, answers_to(facts, use), Finding.SUPPORTED)
        assert found.outcome is outcome_of(facts), facts
        assert found.contested is is_contested(facts, use, Finding.SUPPORTED), facts


@pytest.mark.first_in_check
@pytest.mark.parametrize("claim", CLAIMS)
@pytest.mark.parametrize("use", USES)
def test_every_known_combination_is_contested_where_the_sources_part(use: str, claim: Finding) -> None:
    asked = load.in_force("credit", ON).questionnaire
    for facts in product((True, False), repeat=2 + len(POINTS)):
        found = determine(asked, answers_to(facts, use), claim)
        assert found.outcome is picture(facts), facts
        assert found.contested is is_contested(facts, use, claim), facts


@pytest.mark.slow
def test_with_one_thing_open_a_no_is_contested_if_it_may_be() -> None:
    asked = load.in_force("credit", ON).questionnaire
    for facts in EVERY:
        if facts.count(None) == 1:
            for use, claim in product(USES, CLAIMS):
                found = determine(asked, answers_to(facts, use), claim)
                assert found.contested is is_contested(facts, use, claim), (facts, use, claim)


def test_the_claim_never_changes_the_outcome_and_without_it_people_cannot_intervene() -> None:
    asked = load.in_force("credit", ON).questionnaire
    third = 2 + list(POINTS).index("no_intervention")
    for facts in product((True, False), repeat=2 + len(POINTS)):
        given = answers_to(facts, "reference_only")
        assert len({determine(asked, given, claim).outcome for claim in CLAIMS}) == 1
        denied = (*facts[:third], True, *facts[third + 1 :])
        assert both(asked, given, Finding.SUPPORTED).without_claim.outcome is picture(denied), facts


@pytest.mark.parametrize(("consumers", "outcome"), [(9_999, "not_high_impact"), (10_000, "high_impact")])
def test_ten_thousand_consumers_count_and_one_fewer_do_not(consumers: int, outcome: str) -> None:
    asked = load.in_force("credit", ON).questionnaire
    facts: Facts = (False, False, True, False, False, False, False, False)
    given = {**answers_to(facts, "reference_only"), "consumers": consumers}
    assert determine(asked, given, Finding.SUPPORTED).outcome == outcome
