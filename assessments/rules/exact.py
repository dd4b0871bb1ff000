"""Exact figures of the risk score: Ends, Sums, mean. Whole numbers only; each figure is rounded half up once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import lcm
from operator import mul
from typing import NamedTuple

from assessments.derived import PointTrace, Range
from questionnaires.schema import Residual

PERCENT = 100


def half_up(points: int, of: int) -> int:
    """points / of, rounded half up to a whole number; for figures of 0 or more. `of` 0: the result is 0."""
    return (2 * points + of) // (2 * of) if of else 0


class Ends(NamedTuple):
    """Lower and upper bound of a figure, as exact fractions with one denominator: low / of and high / of."""

    low: int
    high: int
    of: int
    """0 stands for a figure of 0."""

    def rounded(self) -> Range:
        low = half_up(self.low, self.of)
        return Range(low, low if self.low == self.high else half_up(self.high, self.of))


def mean(figures: Sequence[Ends], weights: Sequence[int]) -> Ends:
    """The weighted mean of figures; weights in percent."""
    of, factors = _common(tuple([ends.of for ends in figures]), tuple(weights))
    low = sum(map(mul, factors, [ends.low for ends in figures]))
    high = sum(map(mul, factors, [ends.high for ends in figures]))
    return Ends(low, high, of * PERCENT)


@lru_cache
def _common(denominators: tuple[int, ...], weights: tuple[int, ...]) -> tuple[int, tuple[int, ...]]:
    """The common denominator, and the factor for each numerator, weight included.

    Cached, because an edition's denominators do not depend on the answers.
    """
    of = lcm(*(denominator for denominator in denominators if denominator))
    return of, tuple(
        weight * of // denominator if denominator else 0
        for denominator, weight in zip(denominators, weights, strict=True)
    )


@dataclass(slots=True)
class Sums:
    """Lower and upper bound of one dimension's points, and their maxima over the whole edition."""

    exposure_low: int = 0
    exposure_high: int = 0
    exposure_max: int = 0
    control_least: int = 0
    """Counts only controls that are certainly shown, answered and in place."""
    control_most: int = 0
    control_max: int = 0

    def counted(self) -> tuple[int, int, int, int, int, int]:
        """All of it, in the order of the fields."""
        return (
            self.exposure_low,
            self.exposure_high,
            self.exposure_max,
            self.control_least,
            self.control_most,
            self.control_max,
        )

    def inherent(self) -> Ends:
        """In percent."""
        return Ends(PERCENT * self.exposure_low, PERCENT * self.exposure_high, self.exposure_max)

    def residual(self, rule: Residual | None, unit: int = PERCENT) -> Ends:
        """Both bounds, in percent (unit 100) or in points (unit: their maximum); the upper bound assumes the weakest controls."""
        left = left_over(rule, self.control_most, self.control_least, self.control_max)
        low, high = unit * self.exposure_low * left.low, unit * self.exposure_high * left.high
        return Ends(low, high, self.exposure_max * left.of)


def sums(trace: Iterable[PointTrace], dimensions: Iterable[str]) -> dict[str, Sums]:
    """The points of each dimension."""
    totals = {dimension: Sums() for dimension in dimensions}
    for _, dimension, kind, _, low, high, maximum, _ in trace:
        own = totals[dimension]
        if kind == "exposure":
            own.exposure_low += low
            own.exposure_high += high
            own.exposure_max += maximum
        else:
            own.control_least += low
            own.control_most += high
            own.control_max += maximum
    return totals


def left_over(rule: Residual | None, most: int, least: int, maximum: int) -> Ends:
    """The share of the inherent figure that controls leave, 0 to 1: lower bound with the most points, upper with the least."""
    if rule is not None and maximum:
        if rule.proportional is not None:
            of, at_most = PERCENT * maximum, rule.proportional.at_most
            return Ends(of - at_most * most, of - at_most * least, of)
        if rule.threshold is not None:
            enough, off = rule.threshold.share * rule.threshold.of * maximum, rule.threshold.off
            low, high = (PERCENT - off if end * PERCENT * PERCENT >= enough else PERCENT for end in (most, least))
            return Ends(low, high, PERCENT)
    return Ends(1, 1, 1)
