"""A sample of decisions: the same for whoever draws again, each as likely as any other, of one's own units alone."""

from __future__ import annotations

import hashlib
from collections import Counter
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments import actions, viewing
from assessments.model import Actor, Grant, RefusalGoal, Role
from assessments.rules.sampling import draw
from questionnaires.wording import seoul_day
from tests.office import AT, AUD, KIM, PARK, Office
from tests.screens import Visitors

DECISIONS = st.sets(st.tuples(st.integers(1, 10**6), st.integers(1, 9)), max_size=40)
TODAY = seoul_day(AT)


@given(DECISIONS, st.text(max_size=12), st.integers(0, 50))
def test_a_sample_does_not_hang_on_the_order_and_begins_like_a_smaller_one(
    decisions: set[tuple[int, int]], seed: str, size: int
) -> None:
    drawn = draw(decisions, seed, size)
    assert draw(sorted(decisions, reverse=True), seed, size) == drawn
    assert len(set(drawn)) == len(drawn) == min(size, len(decisions)) and set(drawn) <= decisions
    assert draw(decisions, seed, size + 1)[: len(drawn)] == drawn


@given(DECISIONS.filter(bool), st.tuples(st.integers(1, 10**6), st.integers(1, 9)))
def test_a_further_decision_moves_none_but_the_last(decisions: set[tuple[int, int]], more: tuple[int, int]) -> None:
    before, after = draw(decisions, "7", 5), draw(decisions | {more}, "7", 5)
    unmoved = [each for each in after if each != more]
    assert unmoved == list(before[: len(unmoved)]) and len(before) - len(unmoved) <= 1


def test_it_can_be_drawn_by_hand() -> None:
    decisions = [(12, 1), (12, 2), (3, 1)]
    by_hand = sorted(decisions, key=lambda each: hashlib.sha256(f"2026:{each[0]}:{each[1]}".encode()).hexdigest())
    assert draw(decisions, "2026", 2) == tuple(by_hand[:2])


def test_each_is_as_likely_as_any_other() -> None:
    decisions = [(number, 1) for number in range(1, 21)]
    counts = Counter(each for seed in range(2_000) for each in draw(decisions, str(seed), 5))
    assert all(400 < counts[each] < 600 for each in decisions), "500 each, give or take five deviations"


@pytest.mark.slow
def test_decisions_of_the_period_are_drawn_whatever_became_of_them(office: Office) -> None:
    signed, refused, submitted = office.signed_off(), office.start(), office.start()
    frozen = office.submit(refused)
    office.decide(refused, frozen)
    office.submit(submitted)
    with office.database.transaction() as session:
        actions.refuse_sign_off(session, refused, "근거가 약하다.", RefusalGoal.NOWHERE, frozen, PARK, AT)
        actions.revise(session, signed, KIM, AT)
    with office.database.reading() as session:
        sample = viewing.sample(session, AUD, TODAY, TODAY, "7", 10)
        assert sorted((each.assessment, each.revision) for each in sample.drawn) == [(signed, 1), (refused, 1)]
        assert sample.total == 2
        assert len(viewing.sample(session, AUD, TODAY, TODAY, "7", 1).drawn) == 1
        for day in (TODAY - timedelta(days=1), TODAY + timedelta(days=1)):
            assert viewing.sample(session, AUD, day, day, "7", 10) == viewing.Sample((), 0)
        elsewhere = Actor("far", "먼 사람", AUD.roles, frozenset({Grant(Role.AUDITOR, 99)}))
        assert viewing.sample(session, elsewhere, TODAY, TODAY, "7", 10) == viewing.Sample((), 0)


@pytest.mark.slow
def test_an_address_draws_the_same_list_again(office: Office, visitors: Visitors) -> None:
    number = office.signed_off()
    visitors.sign_in(AUD)
    assert 'href="/sample"' in visitors.open("home").html
    assert "시드를 입력하십시오" in visitors.open("sample").html
    query = {"period": "2026-Q4", "seed": "주사위 7"}
    shown = visitors.open("sample", **query).html
    assert f"/revisions?assessment={number}&amp;read=1" in shown and "결정 1건에서 뽑은 순서" in shown
    assert visitors.open("sample", **query).html == shown
    assert "이 분기에는 결정이 없습니다" in visitors.open("sample", period="2026-Q3", seed="7").html
    for odd in ({"period": "2026-Q9"}, {"period": "x", "size": "-1"}):
        assert "시드를 입력하십시오" in visitors.open("sample", seed="7", **odd).html
