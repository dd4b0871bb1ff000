"""What is computed by hand against scipy and against made logs: coverage of intervals, rate of false alarms."""

from __future__ import annotations

import importlib
from typing import Any

import numpy as np
import pytest

from assessments.decision_log.statistics import changes, disparity, funnel, one_share, review_times, runs
from assessments.decision_log.statistics.analysis_model import Rate
from assessments.decision_log.statistics.proportions import by_cluster, jackknife_variance, t_quantile, wilson
from assessments.decision_log.statistics.rates import Clusters, rate

LOGS = 2_000
LEAST, MOST = 0.93, 0.97
"""Where the coverage of a 95 % interval must lie; its own chance error over 2,000 logs is half a point."""


@pytest.fixture(scope="module")
def stats() -> Any:
    """Loaded by the first test that asks: a second that whoever only collects need not spend."""
    return importlib.import_module("scipy.stats")


def generator(*seed: int) -> np.random.Generator:
    return np.random.default_rng(seed)


@pytest.mark.slow
def test_the_quantile_is_that_of_the_confidence(stats: Any) -> None:
    assert stats.norm.ppf(one_share.UPPER_TAIL) == one_share.Z


@pytest.mark.parametrize(("count", "n"), [(0, 40), (3, 40), (40, 40), (12, 400), (97, 640), (1, 1), (139, 48_015)])
def test_one_share_has_the_interval_of_many(count: int, n: int) -> None:
    assert one_share.wilson(count, n) == tuple(float(end) for end in wilson(count, n))


@pytest.mark.slow
@pytest.mark.parametrize(("count", "n"), [(0, 40), (3, 40), (40, 40), (12, 400), (97, 640), (1, 1), (139, 48_015)])
def test_wilson_is_scipys(stats: Any, count: int, n: int) -> None:
    expected = stats.binomtest(count, n).proportion_ci(method="wilson")
    low, high = wilson(count, n)
    assert (float(low), float(high)) == pytest.approx((expected.low, expected.high), abs=1e-12)


def test_nothing_is_known_of_no_cases() -> None:
    assert [float(one) for one in wilson(0, 0)] == [0.0, 1.0]


@pytest.mark.slow
def test_quantiles_and_tails_are_scipys(stats: Any) -> None:
    assert t_quantile([2, 12, 300]) == pytest.approx(stats.t.ppf(0.975, [1, 11, 299]))
    lower, upper = funnel.tails([0, 3, 9, 30], [30, 30, 30, 30], 0.1)
    assert lower == pytest.approx(stats.binom.cdf([0, 3, 9, 30], 30, 0.1))
    assert upper == pytest.approx(stats.binom.sf([-1, 2, 8, 29], 30, 0.1))
    for line in funnel.lines(np.array([20, 400, 5_000]), 0.07):
        expected = stats.binom.ppf([0.025, 0.975], line.n, 0.07) / line.n
        assert (line.low, line.high) == pytest.approx(tuple(expected), abs=1e-6)


def test_the_jackknife_is_the_one_written_out() -> None:
    random = generator(1)
    n = random.integers(0, 50, 9)
    count = random.binomial(n, 0.3)
    left = [(count.sum() - x) / (n.sum() - m) for x, m in zip(count, n, strict=True) if m]
    expected = (len(left) - 1) / len(left) * np.square(np.array(left) - np.mean(left)).sum()
    assert jackknife_variance(count[None], n[None])[0] == pytest.approx(expected)
    with_empty = by_cluster(np.append(count, 0)[None], np.append(n, 0)[None])
    assert with_empty.low == pytest.approx(by_cluster(count[None], n[None]).low)


def covered(low: Any, high: Any, truth: float) -> float:
    return float(((low <= truth) & (truth <= high)).mean())


@pytest.mark.parametrize(("n", "p"), [(200, 0.05), (200, 0.5), (640, 0.15), (5_000, 0.002), (50_000, 0.0004)])
def test_wilson_holds_the_true_rate_of_independent_cases(n: int, p: float) -> None:
    assert n * p >= 10
    count = generator(2, n).binomial(n, p, LOGS)
    assert LEAST <= covered(*wilson(count, n), p) <= MOST


@pytest.mark.parametrize(("reviewers", "cases"), [(5, 100), (12, 60), (12, 2_000), (40, 30)])
@pytest.mark.parametrize("p", [0.05, 0.12, 0.4])
def test_the_interval_by_reviewer_holds_the_rate_of_independent_cases_too(reviewers: int, cases: int, p: float) -> None:
    random = generator(3, reviewers, cases)
    n = random.integers(cases // 2, cases * 3 // 2, (LOGS, reviewers))
    found = by_cluster(random.binomial(n, p), n)
    assert LEAST <= covered(found.low, found.high, p) <= MOST


@pytest.mark.first_in_check
@pytest.mark.parametrize(("reviewers", "cases"), [(12, 200), (12, 2_000), (30, 200), (100, 50)])
@pytest.mark.parametrize("p", [0.12, 0.3])
@pytest.mark.parametrize("alike", [0.01, 0.05])
def test_unequal_reviewers_need_the_interval_by_reviewer(reviewers: int, cases: int, p: float, alike: float) -> None:
    """Reviewers' rates are beta distributed with that intra-class correlation; Wilson's interval fails."""
    random = generator(4, reviewers, cases)
    spread = (1 - alike) / alike
    rates = random.beta(p * spread, (1 - p) * spread, (LOGS, reviewers))
    n = random.integers(cases // 2, cases * 3 // 2, (LOGS, reviewers))
    count = random.binomial(n, rates)
    found = by_cluster(count, n)
    assert LEAST <= covered(found.low, found.high, p) <= MOST
    assert covered(*wilson(count.sum(axis=1), n.sum(axis=1)), p) < 0.91


@pytest.mark.slow
@pytest.mark.parametrize("spread", [0.0, 0.3])
def test_the_medians_interval_holds_the_true_median(spread: float) -> None:
    """Woodruff's interval over 12 reviewers, whose own medians differ by `spread` on the log scale."""
    random = generator(5)
    hits, logs, reviewers, cases = 0, 500, 12, 60
    codes = np.repeat(np.arange(reviewers), cases)
    for _ in range(logs):
        own = random.normal(0, spread, reviewers)[codes]
        ms = (300_000 * np.exp(own + 0.4 * random.standard_normal(len(codes)))).astype(np.int64)
        found = review_times.review_times(ms, Clusters(codes, reviewers))
        assert found is not None
        median = found.quantile(50)
        hits += median.low <= 300 <= median.high
    assert 0.92 <= hits / logs <= 0.98


def test_quantiles_are_numpys_and_shares_below_are_counted() -> None:
    ms = generator(6).integers(0, 900_000, 1_001)
    found = review_times.review_times(ms, Clusters(np.zeros(len(ms), np.int64), 0), floor_seconds=77.0)
    assert found is not None and found.n == 1_001
    for one in found.quantiles:
        assert one.seconds == pytest.approx(np.quantile(ms, one.percent / 100, method="inverted_cdf") / 1000)
    for seconds in (1.0, 77.0, 300.0, 3_600.0):
        below = found.share_below(seconds)
        assert below is not None and below.count == int((ms < seconds * 1000).sum())
    assert found.share_below(78.0) is None
    assert review_times.review_times(np.array([-1, -1]), Clusters(np.zeros(2, np.int64), 0)) is None


def longest_by_hand(agrees: np.ndarray) -> int:
    longest = run = 0
    for one in agrees:
        run = run + 1 if one else 0
        longest = max(longest, run)
    return longest


def test_runs_are_counted_reviewer_by_reviewer() -> None:
    random = generator(7)
    codes = np.sort(random.integers(0, 6, 500))
    agrees = random.random(500) < 0.8
    expected = [longest_by_hand(agrees[codes == code]) for code in range(7)]
    assert runs.longest_runs(agrees, codes, 7).tolist() == expected


@pytest.mark.first_in_check
@pytest.mark.parametrize(("n", "d", "length"), [(30, 3, 18), (30, 3, 22), (60, 6, 30), (60, 6, 36)])
def test_the_chance_of_a_run_is_close_to_that_of_shuffled_decisions(n: int, d: int, length: int) -> None:
    agrees = np.repeat([True, False], [n - d, d])
    shuffled = generator(8).permuted(np.tile(agrees, (40_000, 1)), axis=1)
    gaps = np.sort(np.argsort(shuffled, axis=1, kind="stable")[:, :d], axis=1)
    edges = np.concatenate([np.full((len(gaps), 1), -1), gaps, np.full((len(gaps), 1), n)], axis=1)
    simulated = float((np.diff(edges, axis=1).max(axis=1) - 1 >= length).mean())
    p = float(runs.run_p_values(n, d, length))
    assert simulated * 0.85 <= p <= max(simulated * 1.25, simulated + 0.003)


def test_order_says_nothing_of_a_reviewer_who_never_departs() -> None:
    assert runs.run_p_values([50], [0], [50]).tolist() == [1.0]


@pytest.mark.slow
def test_runs_of_attentive_logs_raise_false_alarms_at_the_stated_rate() -> None:
    random, reviewers, cases = generator(9), 12, 300
    codes = np.repeat(np.arange(reviewers), cases)
    alarms = 0
    for _ in range(LOGS):
        departs = random.random(len(codes)) < 0.12
        count = np.bincount(codes[departs], minlength=reviewers)
        p = runs.run_p_values(np.full(reviewers, cases), count, runs.longest_runs(~departs, codes, reviewers))
        alarms += bool((p < runs.ALARM_RATE / reviewers).any())
    assert 0.02 <= alarms / LOGS <= 0.06


@pytest.mark.first_in_check
@pytest.mark.parametrize(("reviewers", "cases"), [(12, 300), (12, 4_000), (50, 400)])
def test_funnels_of_attentive_logs_raise_false_alarms_at_the_stated_rate(reviewers: int, cases: int) -> None:
    random = generator(10, reviewers, cases)
    n = random.integers(cases // 2, cases * 3 // 2, (LOGS, reviewers))
    count = random.binomial(n, 0.12)
    alarms = sum(
        any(side != "inside" for side in funnel.sides(x, m, float(x.sum() / m.sum())))
        for x, m in zip(count, n, strict=True)
    )
    assert 0.02 <= alarms / LOGS <= 0.06


@pytest.mark.slow
def test_logs_without_a_change_show_one_at_the_stated_rate() -> None:
    random, days = generator(11), np.repeat(np.arange(120), 40)
    alarms = 0
    for _ in range(LOGS):
        found = changes.change_point(random.random(len(days)) < 0.1, days)
        alarms += found is not None and found.p_value < changes.LEVEL
    assert 0.01 <= alarms / LOGS <= 0.035


def test_a_change_is_dated() -> None:
    random, days = generator(12), np.repeat(np.arange(100), 40)
    found = changes.change_point(random.random(len(days)) < np.where(days < 60, 0.12, 0.01), days)
    assert found is not None and found.p_value < 0.001 and abs(found.first_day_after - 60) <= 2
    assert changes.change_point(np.zeros(50, np.bool_), np.arange(50)) is None
    assert changes.change_point(np.ones(5, np.bool_), np.arange(5)) is None


def test_the_difference_of_two_rates_holds_the_true_one() -> None:
    random = generator(13)
    before, after = random.binomial(400, 0.15, LOGS), random.binomial(250, 0.08, LOGS)
    hits = 0
    for x, y in zip(before, after, strict=True):
        rates = [Rate(int(k), n, *(float(end) for end in wilson(k, n))) for k, n in ((x, 400), (y, 250))]
        _, low, high = changes.difference(*rates)
        hits += low <= 0.08 - 0.15 <= high
    assert LEAST <= hits / LOGS <= MOST


def disparities(random: np.random.Generator, reviewers: int, harsh: float) -> disparity.Disparity:
    size = reviewers * 200
    codes, group = np.repeat(np.arange(reviewers), 200), random.integers(0, 2, size)
    ai = random.random(size) < np.where(group == 0, 0.5, 0.6)
    lost = random.random(size) < np.where(group == 0, harsh, 0.05)
    found = disparity.disparity("sex", group, ("F", "M"), ai, ai & ~lost, Clusters(codes, reviewers))
    assert found is not None
    return found


def test_selection_rates_and_ratios_are_counted() -> None:
    found = disparities(generator(14), 10, 0.3)
    women, men = found.rows
    assert found.reference == "M" and men.ai_ratio is None
    assert women.ai_ratio is not None and women.final_ratio is not None and women.shift is not None
    assert women.ai_ratio.value == pytest.approx(women.ai.value / men.ai.value, abs=1e-6)
    assert women.final_ratio.value == pytest.approx(women.final.value / men.final.value, abs=1e-6)
    assert women.effect == "enlarge" and disparities(generator(14), 10, 0.0).rows[0].effect == "lessen"
    nobody = np.zeros(10, np.bool_)
    assert disparity.disparity("sex", np.zeros(10, np.int64), ("F",), nobody, nobody, Clusters(nobody, 1)) is None
    codes, nobody = np.arange(20) % 2, np.zeros(20, np.bool_)
    empty = disparity.disparity("sex", codes, ("F", "M"), nobody, nobody, Clusters(codes, 2))
    assert empty is not None and all(row.final_ratio is None and row.effect == "not_shown" for row in empty.rows)


@pytest.mark.slow
def test_the_shift_of_a_disparity_holds_the_true_one() -> None:
    random = generator(15)
    hits = 0
    for _ in range(500):
        shift = disparities(random, 12, 0.2).rows[0].shift
        assert shift is not None and shift.low is not None and shift.high is not None
        hits += shift.low <= (1 - 0.2) / (1 - 0.05) <= shift.high
    assert 0.92 <= hits / 500 <= 0.98


def test_small_samples_are_flagged_and_not_hidden() -> None:
    few = rate(np.arange(150) < 30, Clusters(np.zeros(150, np.int64), 0))
    many = rate(np.arange(1_500) < 30, Clusters(np.zeros(1_500, np.int64), 0))
    rare = rate(np.arange(1_500) < 3, Clusters(np.zeros(1_500, np.int64), 0))
    assert (few.is_small, many.is_small, rare.is_small) == (True, False, True)
    assert few.value == 0.2
