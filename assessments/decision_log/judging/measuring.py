"""A figure held against the organisation's mark: Verdict, Measured, judge, measure."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from assessments.decision_log.statistics.analysis_model import LogAnalysis, Rate, Segment
from assessments.decision_log.texts import TEXTS
from assessments.decision_log.triggers import KINDS, Figure, Trigger
from questionnaires.vocabulary import Text
from questionnaires.wording import between, duration, duration_between, percent

_NOTHING_LOST = ("duplicate", "replaced", "repeated_header", "total_line", "unit_line")
"""Rows set aside for these reasons are counted through another row, or are no decisions."""


class Verdict(StrEnum):
    """Where a figure with its interval lies, seen from the mark."""

    WITHIN = "within"
    UNCERTAIN = "uncertain"
    """The mark lies inside the interval, or only the rows that could not be read decide."""
    BEYOND = "beyond"


@dataclass(frozen=True)
class Measured:
    """A figure in its unit (percent, seconds, count)."""

    value: float
    low: float
    high: float
    n: int
    worst: float
    """The end of the interval on the bad side if every row that could not be read spoke against the organisation."""


def judge(measured: Measured, trigger: Trigger) -> Verdict:
    """Where the figure lies, seen from the trigger."""
    return verdict(measured, float(trigger.mark), good_is_high=KINDS[trigger.figure].good_is_high)


def verdict(measured: Measured, mark: float, *, good_is_high: bool) -> Verdict:
    """Beyond only with the whole interval; within only with the whole interval and whatever unread rows may hold."""
    if good_is_high:
        if measured.high < mark:
            return Verdict.BEYOND
        return Verdict.WITHIN if min(measured.low, measured.worst) >= mark else Verdict.UNCERTAIN
    if measured.low > mark:
        return Verdict.BEYOND
    return Verdict.WITHIN if max(measured.high, measured.worst) <= mark else Verdict.UNCERTAIN


def unread(analysis: LogAnalysis) -> int:
    """Rows that were set aside with a decision that is not counted elsewhere."""
    return sum(count for fault, count in analysis.source.bad.items() if fault not in _NOTHING_LOST)


def measure(
    figure: Figure, analysis: LogAnalysis, segment: Segment, mark: float, floor_seconds: float | None
) -> Measured | None:
    """The figure over one segment. None: the log cannot give it, or (beyond the whole) not for a segment.

    floor_seconds: the organisation's minimum. Rows that could not be read count against the whole only.
    """
    is_whole = segment is analysis.whole
    lost = unread(analysis) if is_whole else 0
    times = segment.times
    if figure is Figure.DIVERGENCE_RATE:
        return _low_is_bad(segment.divergence, lost) if segment.divergence.n else None
    if figure is Figure.MEDIAN_REVIEW_SECONDS and times is not None:
        median, below = times.quantile(50), times.share_below_at_most(mark)
        lost += times.unknown
        reached = below is not None and (below.high * below.n + lost) / (below.n + lost) <= 1 / 2
        return Measured(median.seconds, median.low, median.high, times.n, median.low if not lost or reached else 0.0)
    if figure is Figure.SHARE_BELOW_FLOOR and times is not None and floor_seconds is not None:
        rate = times.share_below(floor_seconds)
        return _high_is_bad(rate, lost + times.unknown) if rate else None
    return _of_the_whole(figure, analysis, lost) if is_whole else None


def _of_the_whole(figure: Figure, analysis: LogAnalysis, lost: int) -> Measured | None:
    if figure is Figure.MOST_CASES_A_DAY and analysis.workload is not None:
        return _exact(analysis.workload.cases(100), analysis.workload.reviewer_days)
    if figure is Figure.EMPTY_REASONS and analysis.reasons is not None:
        return _high_is_bad(analysis.reasons.empty, lost)
    if figure is Figure.MOST_COMMON_REASON and analysis.reasons is not None and analysis.reasons.most_common.n:
        return _high_is_bad(analysis.reasons.most_common, lost)
    if figure is Figure.AUTOMATIC_SHARE:
        return _high_is_bad(analysis.automatic, lost)
    if figure is Figure.LONG_RUNS and analysis.run_flags is not None:
        return _exact(len(analysis.run_flags.flagged), analysis.run_flags.tested)
    if figure is Figure.ROWS_USED:
        share = 100.0 * (1 - lost / analysis.source.total) if analysis.source.total else 0.0
        return Measured(share, share, share, analysis.source.total, share)
    return None


def _low_is_bad(rate: Rate, lost: int) -> Measured:
    worst = rate.low * rate.n / (rate.n + lost)
    return Measured(100 * rate.value, 100 * rate.low, 100 * rate.high, rate.n, 100 * worst)


def _high_is_bad(rate: Rate, lost: int) -> Measured:
    worst = (rate.high * rate.n + lost) / (rate.n + lost) if rate.n + lost else 1.0
    return Measured(100 * rate.value, 100 * rate.low, 100 * rate.high, rate.n, 100 * worst)


def _exact(value: int, n: int) -> Measured:
    return Measured(value, value, value, n, value)


def with_interval(figure: Figure, measured: Measured) -> Text:
    """`3.1% (95% interval 2.5–3.8%, n = 4,100)`, in both languages."""
    unit = KINDS[figure].unit
    value = in_unit(measured.value, unit)
    if measured.low == measured.high:
        return TEXTS.text("measured", value=value, n=measured.n)
    return TEXTS.text("measured_between", value=value, interval=_between(measured, unit), n=measured.n)


def _between(measured: Measured, unit: str) -> Text:
    if unit == "seconds":
        return duration_between(measured.low, measured.high)
    written = (
        between(measured.low / 100, measured.high / 100) if unit == "percent" else f"{measured.low:g}–{measured.high:g}"
    )
    return Text(ko=written, en=written)


def in_unit(value: float, unit: str) -> Text:
    """A figure as people write it."""
    if unit == "seconds":
        return duration(value)
    written = percent(value) if unit == "percent" else f"{value:g}"
    return Text(ko=written, en=written)
