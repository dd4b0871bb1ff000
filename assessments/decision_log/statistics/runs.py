"""Runs of agreement that are longer than chance explains: longest_runs, run_p_values.

Of one reviewer's n decisions d depart from the AI. If the departures fell in random order, the longest run of
agreement would have L or more decisions with probability at most (d + 1) · C(n − L, d) / C(n, d): each of the d + 1 gaps
between departures is that long with the same chance. In the tail, where flags are raised, the bound is all but exact.
A reviewer who never departs has one run of all n; order says nothing there, and the funnel judges the rate instead.
Flags are corrected for the number of reviewers (Bonferroni): at most ALARM_RATE of logs in random order show any.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import special

from assessments.decision_log.method import number

ALARM_RATE = number("alarm_rate")


def longest_runs(agrees: npt.NDArray[np.bool_], codes: npt.NDArray[Any], size: int) -> npt.NDArray[np.int64]:
    """Longest run of agreement a reviewer; rows sorted by reviewer, then by time."""
    values = np.zeros(size, np.int64)
    if not len(agrees):
        return values
    breaks = np.flatnonzero((codes[1:] != codes[:-1]) | ~agrees[1:] | ~agrees[:-1]) + 1
    starts = np.concatenate([[0], breaks])
    lengths = np.diff(np.append(starts, len(agrees)))
    good = agrees[starts]
    np.maximum.at(values, codes[starts][good], lengths[good])
    return values


def run_p_values(n: Any, departures: Any, longest: Any) -> npt.NDArray[np.float64]:
    """Bound of the chance of so long a run; 1 where there is no departure."""
    n, d, length = (np.asarray(array, np.float64) for array in (n, departures, longest))
    rest = np.maximum(n - length, 0)
    log_ratio = _log_choose(rest, d) - _log_choose(n, d)
    p = np.where(rest >= d, (d + 1) * np.exp(np.minimum(log_ratio, 0.0)), 0.0)
    return np.asarray(np.where(d > 0, np.minimum(p, 1.0), 1.0))


def _log_choose(n: npt.NDArray[np.float64], k: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    k = np.minimum(k, n)
    return np.asarray(special.gammaln(n + 1) - special.gammaln(k + 1) - special.gammaln(n - k + 1))
