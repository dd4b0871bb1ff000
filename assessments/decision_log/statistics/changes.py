"""Whether, and from which day, decisions changed: change_point, difference.

The largest CUSUM over days, whose distribution without any change is Kolmogorov's; the day after its peak is the
estimate. Two measures are looked at (departures, and reviews shorter than the log's median), so each is held against
half of ALARM_RATE: at most that share of logs without a change show one. The mix of cases is not adjusted for.

Source: Csörgő and Horváth 1997, Limit Theorems in Change-Point Analysis; Zou, Huang, Donner 2009 (MOVER).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import special

from assessments.decision_log.method import number, whole
from assessments.decision_log.reading.times import day_codes
from assessments.decision_log.statistics.analysis_model import Rate

ALARM_RATE = number("alarm_rate")
MEASURES = whole("measures_of_change")
LEVEL = ALARM_RATE / MEASURES
_FEWEST_DAYS = whole("fewest_days_for_a_change")


@dataclass(frozen=True)
class Found:
    """A change in a share."""

    first_day_after: int
    """Days since 1970."""
    p_value: float


def change_point(
    hit: npt.NDArray[np.bool_], days: npt.NDArray[np.int64], cases: npt.NDArray[np.int64] | None = None
) -> Found | None:
    """Most likely change point of the share of `hit`, whatever its p value. None: too few days, or no variation.

    cases: how many decisions each row stands for; None: one."""
    if not len(days):
        return None
    values, codes = day_codes(days)
    hits, n = np.bincount(codes, hit if cases is None else hit * cases), np.bincount(codes, cases)
    total, cases = hits.sum(), n.sum()
    share = total / cases
    if len(values) < _FEWEST_DAYS or not 0 < share < 1:
        return None
    walk = np.abs(np.cumsum(hits - share * n))[:-1] / np.sqrt(cases * share * (1 - share))
    peak = int(np.argmax(walk))
    return Found(int(values[peak + 1]), float(special.kolmogorov(walk[peak])))


def difference(before: Rate, after: Rate) -> tuple[float, float, float]:
    """after − before with a 95 % interval derived from the two intervals, which are taken as independent (MOVER)."""
    a, b = after.value, before.value
    low = a - b - np.hypot(a - after.low, before.high - b)
    high = a - b + np.hypot(after.high - a, b - before.low)
    return a - b, max(-1.0, float(low)), min(1.0, float(high))
