"""Exact figures of the risk score: Ratio, Ends, Sums, mean. Whole numbers only; each figure is rounded half up once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from assessments.derived import PointTrace, Range
from questionnaires.schema import Residual

PERCENT = 100


class Ratio(NamedTuple):
    """An exact figure in percent or points: `of` 0 stands for a figure of 0, for there is nothing to share."""

    points: int
    of: int

    def rounded(self) -> int:
        """The nearest whole number, a half upwards; for figures of 0 or more."""
        return (2 * self.points + self.of) // (2 * self.of) if self.of else 0


class Ends(NamedTuple):
    """The lower and the upper end of a figure."""

    low: Ratio
    high: Ratio

    def rounded(self) -> Range:
        return Range(self.low.rounded(), self.high.rounded())


def mean(ratios: Sequence[Ratio], weights: Sequence[int]) -> Ratio:
    """The mean of figures, each with its weight in percent."""
    points, of = 0, 1
    for ratio, weight in zip(ratios, weights, strict=True):
        if ratio.of and ratio.points:
            points, of = points * ratio.of + ratio.points * weight * of, of * ratio.of
    return Ratio(points, of * PERCENT)


@dataclass
class Sums:
    """Points of one dimension at both ends, and their maxima over the whole edition."""

    exposure_low: int = 0
    exposure_high: int = 0
    exposure_max: int = 0
    control_least: int = 0
    """Only what is surely shown, answered and in place."""
    control_most: int = 0
    control_max: int = 0

    def add(self, row: PointTrace) -> None:
        if row.kind == "exposure":
            self.exposure_low += row.low
            self.exposure_high += row.high
            self.exposure_max += row.maximum
        else:
            self.control_least += row.low
            self.control_most += row.high
            self.control_max += row.maximum

    def inherent(self) -> Ends:
        """In percent."""
        of = self.exposure_max
        return Ends(Ratio(PERCENT * self.exposure_low, of), Ratio(PERCENT * self.exposure_high, of))

    def residual(self, rule: Residual | None, unit: int = PERCENT) -> Ends:
        """At both ends, in percent (unit 100) or in points (unit: their maximum): the upper end has the weakest controls."""
        most, least = (left_over(rule, points, self.control_max) for points in (self.control_most, self.control_least))
        of = self.exposure_max
        return Ends(
            Ratio(unit * self.exposure_low * most.points, of * most.of),
            Ratio(unit * self.exposure_high * least.points, of * least.of),
        )


def left_over(rule: Residual | None, points: int, maximum: int) -> Ratio:
    """What controls of so many points leave of the inherent figure, 0 to 1."""
    if rule is None or not maximum:
        return Ratio(1, 1)
    if rule.proportional is not None:
        return Ratio(PERCENT * maximum - rule.proportional.at_most * points, PERCENT * maximum)
    threshold = rule.threshold
    if threshold is not None and points * PERCENT * PERCENT >= threshold.share * threshold.of * maximum:
        return Ratio(PERCENT - threshold.off, PERCENT)
    return Ratio(1, 1)
