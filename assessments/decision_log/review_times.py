"""How long people looked at a case: review_times, medians."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt

from assessments.decision_log.figures import BY_REVIEWER, INDEPENDENT, Below, Quantile, ReviewTimes
from assessments.decision_log.proportions import by_cluster
from assessments.decision_log.rates import Clusters, rates, rounded

PERCENTS = (10, 25, 50, 75, 90)
EDGES = tuple(
    float(seconds)
    for seconds in sorted(
        {1, 2, 3, 5, 8, 10, 15, 20, 30, 45, 90, *range(60, 3601, 60), 5400, 7200, 14400, 28800, 86400}
    )
)
"""Seconds at which the distribution is stored; organisations state their minimum in whole minutes."""

_BITS = 45
_LONGEST = (1 << _BITS) - 1
"""A thousand years in milliseconds."""


def review_times(
    review_ms: npt.NDArray[np.int64], clusters: Clusters, floor_seconds: float | None = None
) -> ReviewTimes | None:
    """None: no review time is known. floor_seconds: the organisation's own minimum, stored as a point of its own."""
    known = review_ms >= 0
    if not known.any():
        return None
    times = review_ms[known]
    own = Clusters(clusters.codes[known] if clusters.size else clusters.codes, clusters.size)
    ordered = np.sort(times)
    edges = sorted({*EDGES, *([floor_seconds] if floor_seconds else [])})
    below = _below(times, own, edges)
    n = own.table(np.zeros(len(times), np.int64), 1)
    has_clusters = int((n > 0).sum()) > 1
    return ReviewTimes(
        len(times),
        int((~known).sum()),
        rounded(int(times.sum()) / len(times) / 1000),
        tuple(_quantile(percent, ordered, times, own, n) for percent in PERCENTS),
        tuple(Below(edge, one.count, one.low, one.high) for edge, one in zip(edges, below, strict=True)),
        BY_REVIEWER if has_clusters else INDEPENDENT,
    )


def _below(times: npt.NDArray[np.int64], clusters: Clusters, edges: list[float]) -> Any:
    cells = np.searchsorted(np.array(edges) * 1000, times, side="right")
    table = clusters.table(cells, len(edges) + 1)
    count = np.cumsum(table, axis=0)[: len(edges)]
    return rates(count, np.broadcast_to(table.sum(axis=0), count.shape), [""] * len(edges))


def _quantile(
    percent: int,
    ordered: npt.NDArray[np.int64],
    times: npt.NDArray[np.int64],
    clusters: Clusters,
    n: npt.NDArray[np.int64],
) -> Quantile:
    """Woodruff's interval: that of the share at or below the quantile, read off the distribution."""
    value = _at(ordered, percent / 100)
    count = clusters.table(np.where(times <= value, 0, -1), 1)
    found = by_cluster(count, n)
    share = float(count.sum()) / len(times)
    reach_low, reach_high = share - float(found.low[0]), float(found.high[0]) - share
    low, high = _at(ordered, percent / 100 - reach_low), _at(ordered, percent / 100 + reach_high)
    return Quantile(percent, rounded(value / 1000), rounded(min(low, value) / 1000), rounded(max(high, value) / 1000))


def _at(ordered: npt.NDArray[np.int64], share: float) -> int:
    """The smallest time that at least this share of cases did not exceed."""
    place = int(np.ceil(share * len(ordered) - 1e-9)) - 1
    return int(ordered[min(max(place, 0), len(ordered) - 1)])


def medians(review_ms: npt.NDArray[np.int64], clusters: Clusters) -> list[float | None]:
    """Median seconds a reviewer. None: not known."""
    found: list[float | None] = [None] * clusters.size
    known = (review_ms >= 0) & (clusters.codes >= 0)
    ordered = np.sort((clusters.codes[known].astype(np.int64) << _BITS) | np.minimum(review_ms[known], _LONGEST))
    times, codes = ordered & _LONGEST, ordered >> _BITS
    ends = np.searchsorted(codes, np.arange(clusters.size + 1))
    for code, (start, end) in enumerate(pairwise(ends)):
        if end > start:
            found[code] = rounded(_at(times[start:end], 0.5) / 1000)
    return found
