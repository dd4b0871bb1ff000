"""What the law provides where a duty is not met: every breach worked out by hand, and what always holds of steps and amounts."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.rules import enforcement as rules
from assessments.rules.enforcement import GracePhase
from questionnaires.enforcement import FILE, Fine, Grace, enforcement, read
from questionnaires.problems import InvalidFileError
from questionnaires.strict_yaml import parse
from tests.strategies import thorough

CASES = Path(__file__).parent / "cases" / "enforcement"
LAW = enforcement()
DUTIES = sorted(duty for breach in LAW.breaches for duty in breach.duties)


def _cases(name: str) -> list[dict[str, Any]]:
    return list(parse((CASES / name).read_bytes(), name).data)


@pytest.mark.parametrize("case", _cases("breaches.yaml"), ids=lambda case: case["title"])
def test_a_breach_leads_where_the_law_says(case: dict[str, Any]) -> None:
    (only,) = rules.consequences(LAW, case["unmet"])
    assert only.breach.id == case["breach"] and list(only.duties) == case["unmet"]
    assert [step.id for step in only.steps] == case["steps"]
    assert only.breach.is_investigated == case["investigated"]
    assert [[one.stated, one.lowest, one.highest] for one in only.amounts] == case["amounts"]
    assert [one.is_for_every_further for one in only.amounts] == [False] * (len(only.amounts) - 1) + [True] * bool(
        only.amounts
    )
    if case.get("doubt"):
        assert only.breach.doubt


def test_every_breach_of_the_law_has_its_case() -> None:
    worked = {duty for case in _cases("breaches.yaml") for duty in case["unmet"]}
    assert worked == set(DUTIES)


@pytest.mark.parametrize("case", _cases("grace.yaml"), ids=lambda case: case["title"])
def test_a_day_lies_in_the_grace_period_or_nobody_knows(case: dict[str, Any]) -> None:
    grace = LAW.grace.model_copy(update={"ends_on": case["ends_on"] and date.fromisoformat(case["ends_on"])})
    assert rules.grace_on(grace, date.fromisoformat(case["on"])).value == case["phase"]


def test_a_period_from_the_leap_day_lasts_until_the_last_of_february() -> None:
    grace = LAW.grace.model_copy(update={"announced_from": date(2028, 2, 29)})
    assert rules.last_certain_day(grace) == date(2029, 2, 28)


def test_the_fourth_breach_is_fined_as_the_third() -> None:
    fine = LAW.fine("order")
    fourth, third = (rules.range_of(LAW, fine, number) for number in (4, 3))
    assert (fourth.stated, fourth.lowest, fourth.highest) == (third.stated, third.lowest, third.highest)
    with pytest.raises(ValueError, match="the first is 1"):
        rules.range_of(LAW, fine, 0)


def test_the_casebook_that_contradicts_itself_is_told_and_the_act_followed() -> None:
    (notice,) = rules.consequences(LAW, ["notice_in_advance"])
    assert notice.breach.doubt and notice.breach.doubt.source == "case-appendix-2"
    assert not notice.needs_order


@thorough
@given(st.sets(st.sampled_from([*DUTIES, "g_1_1_1", "pipa_publication", "no_such_duty"])))
def test_only_what_is_not_met_has_consequences_each_breach_once_and_in_order(unmet: set[str]) -> None:
    followed = rules.consequences(LAW, unmet)
    assert {duty for one in followed for duty in one.duties} == unmet & set(DUTIES)
    order = [breach.id for breach in LAW.breaches]
    places = [order.index(one.breach.id) for one in followed]
    assert places == sorted(set(places))
    assert all(rules.consequences(LAW, one.duties) == (one,) for one in followed), "no breach bears upon another"


@thorough
@given(st.sets(st.sampled_from(DUTIES), min_size=1))
def test_a_fine_follows_an_order_wherever_one_is_needed_and_nothing_follows_where_none_is(unmet: set[str]) -> None:
    for one in rules.consequences(LAW, unmet):
        steps = [step.id for step in one.steps]
        assert ("order" in steps) == one.needs_order == (one.route.id == "order_first")
        assert not one.needs_order or steps.index("order") < steps.index("fine_on_refusal") == len(steps) - 1
        assert bool(one.amounts) == (one.fine is not None) == (one.route.id != "no_fine")


@thorough
@given(st.sets(st.sampled_from(DUTIES)))
def test_what_stands_together_has_the_same_steps_and_amounts_and_nothing_is_lost(unmet: set[str]) -> None:
    followed = rules.consequences(LAW, unmet)
    groups = rules.by_route(followed)
    assert sorted(one.breach.id for alike in groups for one in alike) == sorted(one.breach.id for one in followed)
    assert all(len({(one.steps, one.amounts) for one in alike}) == 1 for alike in groups)
    assert len({(alike[0].route.id, alike[0].fine) for alike in groups}) == len(groups)


_PAIRS = st.integers(1, 20_000_000)


@thorough
@given(st.lists(_PAIRS, min_size=1, max_size=5), _PAIRS, st.integers(0, 100), st.integers(0, 100), st.integers(1, 9))
def test_a_range_holds_what_is_stated_and_never_exceeds_the_cap(
    amounts: list[int], over: int, cut: int, raised: int, number: int
) -> None:
    hundreds = tuple(amount * 100 for amount in sorted(amounts))
    fine = Fine.model_validate(
        {**LAW.fines[0].model_dump(), "amounts": hundreds, "cap": hundreds[-1] + over}, strict=False
    )
    law = LAW.model_copy(
        update={
            "cut": LAW.cut.model_copy(update={"at_most": cut}),
            "raised": LAW.raised.model_copy(update={"at_most": raised}),
        }
    )
    amount = rules.range_of(law, fine, number)
    assert 0 <= amount.lowest <= amount.stated <= amount.highest <= fine.cap
    assert amount.lowest * 100 == amount.stated * (100 - cut)
    assert amount.highest == fine.cap or amount.highest * 100 == amount.stated * (100 + raised)
    assert amount.stated in hundreds


@thorough
@given(st.dates(date(2020, 1, 1), date(2040, 12, 31)), st.integers(1, 9), st.dates(date(2026, 1, 1), date(2036, 1, 1)))
def test_days_pass_through_the_grace_period_in_order(begins: date, years: int, on: date) -> None:
    grace = LAW.grace.model_copy(update={"announced_from": begins, "at_least_years": years})
    order = list(GracePhase)
    later = date.fromordinal(on.toordinal() + 1)
    assert order.index(rules.grace_on(grace, on)) <= order.index(rules.grace_on(grace, later))
    assert rules.grace_on(grace, begins) is GracePhase.AT_LEAST
    assert rules.grace_on(grace, rules.last_certain_day(grace)) is GracePhase.AT_LEAST


# --- another edition is another file, and nothing else -------------------------------------------------------


def _edited(*changes: tuple[str, str]) -> str:
    text = FILE.read_text("utf-8")
    for old, new in changes:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    return text


def test_changed_amounts_and_cuts_flow_through() -> None:
    law = read(_edited(("amounts: [5000000, 10000000, 15000000]", "amounts: [6000000, 12000000, 24000000, 30000000]")))
    (notice,) = rules.consequences(law, ["notice_in_advance"])
    assert [(one.stated, one.lowest, one.highest) for one in notice.amounts] == [
        (6_000_000, 3_000_000, 9_000_000),
        (12_000_000, 6_000_000, 18_000_000),
        (24_000_000, 12_000_000, 30_000_000),
        (30_000_000, 15_000_000, 30_000_000),
    ]
    law = read(re.sub(r"cut:\n  at_most: 50", "cut:\n  at_most: 20", FILE.read_text("utf-8")))
    assert rules.range_of(law, law.fine("agent"), 1).lowest == 16_000_000


def test_an_announced_end_and_another_route_flow_through() -> None:
    law = read(_edited(("  at_least_years: 1\n", "  at_least_years: 1\n  ends_on: 2027-07-21\n")))
    assert rules.grace_on(law.grace, date(2027, 7, 21)) is GracePhase.AT_LEAST
    assert rules.grace_on(law.grace, date(2027, 7, 22)) is GracePhase.OVER
    changed = _edited(
        (
            "    duties: [certification]\n    route: no_fine\n",
            "    duties: [certification]\n    route: fine_at_once\n    fine: agent\n",
        )
    )
    (certification,) = rules.consequences(read(changed), ["certification"])
    assert [step.id for step in certification.steps] == ["fine"] and certification.amounts[0].stated == 20_000_000


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        ("amounts: [20000000]", "amounts: [40000000]", "never exceed `cap`"),
        ("amounts: [10000000, 20000000, 30000000]", "amounts: [20000000, 10000000, 30000000]", "rise from one breach"),
        ("amounts: [20000000]", "amounts: [20000001]", "no whole number of won"),
        ("steps: [fine]", "steps: [fine, letter]", "no step letter"),
        ("fine: agent", "fine: agents", "no fine agents"),
        ("duties: [certification]", "duties: [own_review]", "the duty own_review stands twice"),
        ("    source: act-36\n", "    source: act-37\n", "the source act-37 is not declared"),
        ("read_on: 2026-11-29\nsources", "read_on: 2026-01-01\nsources", "read after `read_on`"),
    ],
)
def test_a_file_that_cannot_be_right_is_refused_with_the_reason(old: str, new: str, what: str) -> None:
    with pytest.raises(InvalidFileError, match=re.escape(what)):
        read(_edited((old, new)))


def test_a_breach_without_fine_cannot_name_one() -> None:
    text = _edited(
        (
            "    duties: [certification]\n    route: no_fine\n",
            "    duties: [certification]\n    route: no_fine\n    fine: agent\n",
        )
    )
    with pytest.raises(InvalidFileError, match="`fine` names the fine"):
        read(text)


def test_a_grace_period_has_its_exceptions() -> None:
    with pytest.raises(ValueError, match="exceptions"):
        Grace.model_validate({**LAW.grace.model_dump(), "exceptions": ()})


def test_no_text_forecasts() -> None:
    """The file says what the law provides: no probability, no sum, nothing that will be."""
    shown = str(LAW.model_dump(mode="json", exclude={"sources"}))
    forecast = r"likel|probab|expected fine|will be fined|in total|가능성이 높|확률|예상 과태료|합계"
    assert not re.search(forecast, shown)
