"""Whether a reviewer's rate differs from the others': tail_p_values, lines.

Limits are exact binomial limits around the pooled rate. A reviewer is flagged outside the limits that are corrected for
the number of reviewers (Bonferroni): at most ALARM_RATE of logs in which all depart at one rate show any flag. Case mix is
not adjusted for.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import special

from assessments.decision_log.method import number
from assessments.decision_log.statistics.analysis_model import FunnelLine
from assessments.decision_log.statistics.one_share import UPPER_TAIL
from assessments.decision_log.statistics.proportions import Ints
from assessments.decision_log.statistics.rates import rounded

ALARM_RATE = number("alarm_rate")
_POINTS = 25
_SPREAD = 10


def tails(count: Any, n: Any, rate: float) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Exact probabilities of at most, and of at least, this many departures at that rate."""
    count, n = np.asarray(count, np.int64), np.asarray(n, np.int64)
    lower = special.bdtr(count, n, rate)
    upper = np.where(count > 0, special.bdtrc(np.maximum(count - 1, 0), n, rate), 1.0)
    return np.asarray(lower), np.asarray(upper)


def sides(count: Ints, n: Ints, rate: float) -> list[str]:
    """One of inside, low and high per reviewer."""
    tested = max(1, int((n > 0).sum()))
    lower, upper = tails(count, n, rate)
    limit = ALARM_RATE / 2 / tested
    return [
        "low" if low < limit else "high" if high < limit else "inside" for low, high in zip(lower, upper, strict=True)
    ]


def lines(n: Ints, rate: float) -> tuple[FunnelLine, ...]:
    """Limits for drawing, from a tenth of the largest load at the latest: plain 95 % and corrected."""
    loads = n[n > 0]
    if not len(loads) or not 0 < rate < 1:
        return ()
    first = max(1, min(loads.min(), loads.max() // _SPREAD))
    points = np.unique(np.geomspace(first, max(2, loads.max()), _POINTS).round().astype(np.int64))
    corrected = ALARM_RATE / len(loads)
    return tuple(
        FunnelLine(
            int(point),
            *(rounded(_limit(int(point), rate, tail) / int(point)) for tail in (1 - UPPER_TAIL, UPPER_TAIL)),
            *(rounded(_limit(int(point), rate, tail) / int(point)) for tail in (corrected / 2, 1 - corrected / 2)),
        )
        for point in points
    )


def _limit(n: int, rate: float, tail: float) -> int:
    """Binomial quantile: the smallest count whose cumulative probability reaches `tail`."""
    low, high = 0, n
    while low < high:
        middle = (low + high) // 2
        if special.bdtr(middle, n, rate) >= tail:
            high = middle
        else:
            low = middle + 1
    return low
