"""How long people looked at a case: review_times, SortedTimes."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from assessments.decision_log.statistics.analysis_model import BY_REVIEWER, INDEPENDENT, Below, Quantile, ReviewTimes
from assessments.decision_log.statistics.proportions import by_cluster
from assessments.decision_log.statistics.rates import Clusters, rates, rounded

PERCENTS = (10, 25, 50, 75, 90)
EDGES = tuple(
    float(seconds)
    for seconds in sorted(
        {1, 2, 3, 5, 8, 10, 15, 20, 30, 45, 90, *range(60, 3601, 60), 5400, 7200, 14400, 28800, 86400}
    )
)
"""Seconds at which the distribution is stored; organisations state their minimum in whole minutes."""
_SMALL_BITS = 31
_ROUNDING = 1e-9


def review_times(
    review_ms: npt.NDArray[np.int64], clusters: Clusters, floor_seconds: float | None = None
) -> ReviewTimes | None:
    """None: no review time is known. floor_seconds: the organisation's own minimum, stored as a point of its own."""
    return SortedTimes(review_ms, clusters).distribution(floor_seconds)


class SortedTimes:
    """Known review times, sorted once by reviewer and time; everything that is said of them is read off that order."""

    def __init__(self, review_ms: npt.NDArray[np.int64], clusters: Clusters) -> None:
        known = review_ms >= 0
        times, codes, cases = review_ms, clusters.codes if clusters.size else None, clusters.cases
        self.width, self.unknown = clusters.width, 0
        if not known.all():
            self.unknown = int((~known).sum() if cases is None else cases[~known].sum())
            times, codes = times[known], None if codes is None else codes[known]
            cases = None if cases is None else cases[known]
        self.total = int(times.sum() if cases is None else (times * cases).sum())
        self.longest = int(times.max(initial=0))
        self.bits = self.longest.bit_length()
        kind: Any = np.int32 if self.width.bit_length() + 1 + self.bits <= _SMALL_BITS else np.int64
        # Rows of no reviewer come first; they are among all times, but nobody's.
        self.ordered = times.astype(kind)
        self.ordered += kind(1 << self.bits) if codes is None else (codes.astype(kind) + kind(1)) << kind(self.bits)
        self.sums: npt.NDArray[np.int64] | None = None
        """Place in that order → decisions before it. None: every row is one."""
        if cases is None:
            self.ordered.sort()
        else:
            order = np.argsort(self.ordered, kind="stable")
            self.ordered, self.sums = self.ordered[order], np.concatenate([[0], np.cumsum(cases[order])])
        self.keys = np.arange(self.width + 1).astype(kind) << kind(self.bits)
        self.starts = self._before(np.searchsorted(self.ordered, self.keys))

    def __len__(self) -> int:
        return len(self.ordered) if self.sums is None else int(self.sums[-1])

    def _before(self, places: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
        """How many decisions stand before each place in the order."""
        return places if self.sums is None else self.sums[places]

    def _at(self, number: int) -> int:
        """What stands in the order at the decision of this number."""
        place = number if self.sums is None else int(np.searchsorted(self.sums, number, side="right")) - 1
        return int(self.ordered[place])

    def twice_the_median(self) -> int | None:
        """In milliseconds, for the median of an even number lies between two. None: no review time is known."""
        if not len(self):
            return None
        lower, upper = self._smallest(np.array([(len(self) + 1) // 2, len(self) // 2 + 1]))
        return int(lower) + int(upper)

    def distribution(self, floor_seconds: float | None) -> ReviewTimes | None:
        """None: no review time is known."""
        if not len(self):
            return None
        edges = sorted({*EDGES, *([floor_seconds] if floor_seconds else [])})
        count = self._at_most(np.ceil(np.array(edges) * 1000).astype(np.int64) - 1)[:, 1:]
        n = self._at_most(np.array([self.longest]))[:, 1:]
        below = rates(count, np.broadcast_to(n, count.shape), [""] * len(edges))
        return ReviewTimes(
            len(self),
            self.unknown,
            rounded(self.total / len(self) / 1000),
            self._quantiles(n),
            tuple(Below(edge, rate.count, rate.low, rate.high) for edge, rate in zip(edges, below, strict=True)),
            BY_REVIEWER if int((n > 0).sum()) > 1 else INDEPENDENT,
        )

    def _quantiles(self, n: npt.NDArray[np.int64]) -> tuple[Quantile, ...]:
        """Woodruff's interval: that of the share at or below the quantile, read off the distribution."""
        wanted = np.array(PERCENTS) / 100
        values = self._times_at(wanted)
        count = self._at_most(values)[:, 1:]
        interval = by_cluster(count, np.broadcast_to(n, count.shape))
        share = count.sum(axis=1) / len(self)
        low = np.minimum(self._times_at(wanted - (share - interval.low)), values)
        high = np.maximum(self._times_at(wanted + (interval.high - share)), values)
        return tuple(
            Quantile(percent, *(rounded(int(times[place]) / 1000) for times in (values, low, high)))
            for place, percent in enumerate(PERCENTS)
        )

    def _at_most(self, times: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
        """How many cases took no longer, by time and reviewer; the first column is nobody's."""
        reach = np.clip(times, -1, self.longest)[:, None]
        ends = np.searchsorted(self.ordered, self.keys + np.maximum(reach, 0).astype(self.keys.dtype), side="right")
        return np.where(reach < 0, 0, self._before(ends) - self.starts)

    def _times_at(self, shares: npt.NDArray[np.float64]) -> npt.NDArray[np.int64]:
        """The smallest times that at least these shares of cases did not exceed."""
        return self._smallest(np.clip(np.ceil(shares * len(self) - _ROUNDING), 1, len(self)).astype(np.int64))

    def _smallest(self, least: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
        """The smallest times that at least so many cases did not exceed."""
        low, high = np.zeros(len(least), np.int64), np.full(len(least), self.longest)
        while (low < high).any():
            middle = (low + high) // 2
            reached = self._at_most(middle).sum(axis=1) >= least
            low, high = np.where(reached, low, middle + 1), np.where(reached, middle, high)
        return low

    def medians(self) -> list[float | None]:
        """Median seconds a reviewer. None: not known."""
        ends = np.append(self.starts[1:], len(self))
        return [
            rounded((self._at(start + max(0, -(-(end - start) // 2) - 1)) - int(key)) / 1000) if end > start else None
            for key, start, end in zip(self.keys[1:], self.starts[1:], ends[1:], strict=True)
        ]
