"""Wilson's 95 % interval of one share, and the quantile of all intervals: wilson, UPPER_TAIL, Z. Pure.

Apart from `proportions`, which reckons with whole arrays of shares: a figure that was stated by hand needs no such library.
"""

from __future__ import annotations

from math import sqrt

from assessments.decision_log.method import number

UPPER_TAIL = (1 + number("two_sided_confidence")) / 2
Z = number("normal_quantile")
"""Standard normal quantile of a two-sided 95 % interval."""


def wilson(count: int, n: int) -> tuple[float, float]:
    """Lower and upper end of count among n; n is not 0."""
    square = Z * Z
    share = count / n
    centre = (count + square / 2) / (n + square)
    half = Z * sqrt(n * share * (1 - share) + square / 4) / (n + square)
    return (max(0.0, centre - half) if share > 0 else 0.0, min(1.0, centre + half) if share < 1 else 1.0)
