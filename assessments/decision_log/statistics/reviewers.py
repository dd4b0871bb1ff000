"""Each reviewer's figures, loads and reasons: reviewers, workload, reasons."""

from __future__ import annotations

from concurrent.futures import Future

import numpy as np
import numpy.typing as npt

from assessments.decision_log.reading.log import Cases, Codes
from assessments.decision_log.statistics import funnel, runs
from assessments.decision_log.statistics.analysis_model import Flags, Rate, Reasons, Reviewer, Workload
from assessments.decision_log.statistics.counts import EMPTY_REASON, MOST_COMMON_REASON, Cells, Counts
from assessments.decision_log.statistics.proportions import wilson
from assessments.decision_log.statistics.rates import Clusters, rate, rates, rounded
from assessments.decision_log.statistics.review_times import SortedTimes

MOST_REVIEWERS = 300
LOAD_PERCENTS = (10, 25, 50, 75, 90, 99, 100)


def reviewers(
    counts: Counts, days: Cells | None, clusters: Clusters, coming: Future[SortedTimes]
) -> tuple[tuple[Reviewer, ...], Flags, Flags | None]:
    """coming: the log's review times.

    The busiest first, then the flags of the funnel and of long runs (None: the log has no order in time)."""
    log = counts.people
    count, n = (table[0] for table in clusters.both(log.output != log.decision))
    low, high = wilson(count, n)
    side = funnel.sides(count, n, float(count.sum() / max(1, n.sum())))
    longest, p_values, is_long = _runs(counts, n, count, clusters, days is not None)
    day_counts, most = _days(days, clusters.size)
    times = coming.result().medians()
    rows = [
        Reviewer(
            name,
            int(n[code]),
            int(count[code]),
            rounded(low[code]),
            rounded(high[code]),
            side[code],
            times[code],
            int(longest[code]),
            rounded(p_values[code]) if days is not None and count[code] else None,
            bool(is_long[code]),
            int(day_counts[code]),
            int(most[code]),
        )
        for code, name in enumerate(log.reviewers)
        if n[code]
    ]
    rows.sort(key=lambda row: (-row.n, row.name))
    apart = tuple(sorted(row.name for row in rows if row.funnel != "inside"))[:MOST_REVIEWERS]
    long = tuple(sorted(row.name for row in rows if row.run_is_long))[:MOST_REVIEWERS]
    tested = int(((count > 0) & (n > 0)).sum())
    run_flags = Flags(tested, long, runs.ALARM_RATE) if days is not None else None
    return tuple(rows), Flags(len(rows), apart, funnel.ALARM_RATE), run_flags


def _runs(
    counts: Counts, n: npt.NDArray[np.int64], count: npt.NDArray[np.int64], clusters: Clusters, is_ordered: bool
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.float64], npt.NDArray[np.bool_]]:
    if not is_ordered:
        none = np.zeros(clusters.size, np.int64)
        return none, np.ones(clusters.size), np.zeros(clusters.size, np.bool_)
    longest = counts.longest_runs()
    p_values = runs.run_p_values(n, count, longest)
    tested = max(1, int((count > 0).sum()))
    return longest, p_values, p_values < runs.ALARM_RATE / tested


def _days(days: Cells | None, size: int) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Days worked and most cases on one of them, a reviewer."""
    worked, most = np.zeros(size, np.int64), np.zeros(size, np.int64)
    if days is not None:
        codes, loads = daily_loads(days.reviewer, days.values, days.cases)
        worked = np.bincount(codes, minlength=size)
        np.maximum.at(most, codes, loads)
    return worked, most


def daily_loads(
    reviewer: Codes, days: npt.NDArray[np.int64], cases: Cases | None = None
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Reviewer and number of decisions of each reviewer-day. cases: how many each row stands for; None: one."""
    first = int(days.min())
    span = int(days.max()) - first + 1
    most = (int(reviewer.max()) + 1) * span
    if cases is not None:
        keys, places = np.unique(reviewer.astype(np.int64) * span + (days - first), return_inverse=True)
        return keys // span, np.bincount(places, cases).astype(np.int64)
    if most <= len(days):
        loads = np.bincount(reviewer.astype(np.int64) * span + (days - first), minlength=most)
        worked = np.flatnonzero(loads)
        return worked // span, loads[worked]
    ordered = np.sort(reviewer.astype(np.int64) * span + (days - first))
    starts = np.flatnonzero(np.append(True, ordered[1:] != ordered[:-1]))
    return ordered[starts] // span, np.diff(np.append(starts, len(ordered)))


def workload(days: Cells) -> Workload:
    """Decisions per reviewer and day."""
    _, loads = daily_loads(days.reviewer, days.values, days.cases)
    ordered = np.sort(loads)
    at = [int(ordered[max(0, int(np.ceil(percent * len(ordered) / 100)) - 1)]) for percent in LOAD_PERCENTS]
    mean = rounded(int(ordered.sum()) / len(ordered))
    return Workload(len(ordered), mean, tuple(zip(LOAD_PERCENTS, at, strict=True)))


def reasons(counts: Counts, size: int) -> Reasons:
    """Empty and repeated reasons of people's decisions. size: how many reviewers there are."""
    cells, different = counts.reasons()
    clusters = Clusters(cells.reviewer, size, cells.cases)
    empty = cells.values == EMPTY_REASON

    def among(chosen: npt.NDArray[np.bool_], rows: npt.NDArray[np.bool_]) -> Rate:
        return rates(*clusters.both(chosen, rows.astype(np.int8) - 1), [""])[0]

    return Reasons(
        rate(empty, clusters),
        among(empty, cells.departs),
        among(empty, ~cells.departs),
        among(cells.values == MOST_COMMON_REASON, ~empty),
        different,
    )
