"""Figures computed from one decision log: LogAnalysis and its parts, frozen and serialisable as JSON. to_json, from_json.

Every figure carries its n; every share its 95 % interval, the method of the interval and whether it is small.
`period` is that of the segment or table it stands in. Shares are not stored: count / n.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any, NamedTuple

from pydantic import TypeAdapter

from assessments.decision_log.method import whole
from assessments.decision_log.reading.choices import Reading
from assessments.decision_log.reading.source import Source

METHOD = 4
"""Version of the method, raised whenever a figure can come out differently."""

INDEPENDENT = "wilson"
BY_REVIEWER = "reviewer_jackknife"

SMALL_N, SMALL_COUNT = whole("small_n"), whole("small_count")
"""Fewest cases, in total and on either side, for which tests confirm the interval's coverage; anything below is flagged as small."""


def is_small(count: int, n: int) -> bool:
    """Whether there are too few cases, in total or on either side, to rely on the interval."""
    return n < SMALL_N or min(count, n - count) < SMALL_COUNT


@dataclass(frozen=True)
class Rate:
    """A share of cases."""

    count: int
    n: int
    low: float
    high: float
    method: str = INDEPENDENT
    """INDEPENDENT: Wilson interval, treating cases as independent. BY_REVIEWER: allows for differences between reviewers."""
    is_small: bool = False
    """Whether the case counts lie outside the range for which tests confirm the interval's coverage."""
    label: str = ""
    """Label of the row in a table; empty means *not stated*."""

    @property
    def value(self) -> float:
        """0 where n is 0."""
        return self.count / self.n if self.n else 0.0


@dataclass(frozen=True)
class Breakdown:
    """One rate per label. Each interval stands on its own, without a correction for multiple comparisons."""

    by: str
    """What the rows are broken down by: reviewer, stage, month, output or group:NAME."""
    rows: tuple[Rate, ...]
    correction: str = "uncorrected"


@dataclass(frozen=True)
class Flow:
    """Number of cases with a given AI output and final decision."""

    output: str
    decision: str
    count: int


@dataclass(frozen=True)
class Direction:
    """Share of the cases with this AI output that ended in that decision."""

    output: str
    decision: str
    rate: Rate


@dataclass(frozen=True)
class Quantile:
    """A quantile of review time and its 95 % interval, in seconds (Woodruff's method)."""

    percent: int
    seconds: float
    low: float
    high: float


class Below(NamedTuple):
    """Number of cases that took less time than this."""

    seconds: float
    cases: int
    low: float
    high: float


@dataclass(frozen=True)
class ReviewTimes:
    """Review times, from the case being shown to its decision."""

    n: int
    unknown: int
    """Decisions by people whose review time is not known."""
    mean_seconds: float
    quantiles: tuple[Quantile, ...]
    below: tuple[Below, ...]
    """Cumulative distribution; its points include every whole minute up to 60."""
    method: str

    def quantile(self, percent: int) -> Quantile:
        return next(quantile for quantile in self.quantiles if quantile.percent == percent)

    def share_below(self, seconds: float) -> Rate | None:
        """None: not one of the counted points."""
        return next((self._rate(share_below) for share_below in self.below if share_below.seconds == seconds), None)

    def share_below_at_most(self, seconds: float) -> Rate | None:
        """Value at the next counted point. None: beyond the last one."""
        return next((self._rate(share_below) for share_below in self.below if share_below.seconds >= seconds), None)

    def _rate(self, share_below: Below) -> Rate:
        return Rate(
            share_below.cases,
            self.n,
            share_below.low,
            share_below.high,
            self.method,
            is_small(share_below.cases, self.n),
        )


@dataclass(frozen=True)
class Segment:
    """Decisions by people between two days, both inclusive."""

    first: date | None
    """None: the log has no days."""
    last: date | None
    divergence: Rate
    times: ReviewTimes | None
    """None: no review time is known."""


@dataclass(frozen=True)
class Change:
    """The first day of a changed pattern of decisions, as detected in the log itself."""

    measure: str
    """divergence or review_time."""
    on: date
    p_value: float
    """p value of the largest CUSUM, asymptotic (Kolmogorov distribution)."""
    level: float
    """A change is reported below this p value, which is corrected for the number of measures examined."""
    before: Segment
    after: Segment


@dataclass(frozen=True)
class Event:
    """Decisions before and after a day named by the operator."""

    on: date
    label: str
    before: Rate
    after: Rate
    difference: float
    """Divergence after minus before."""
    low: float
    high: float
    """95 % interval of the difference, from both intervals (MOVER)."""


class Reviewer(NamedTuple):
    """One reviewer, under a pseudonym. A named tuple, because there can be hundreds."""

    name: str
    n: int
    departures: int
    low: float
    high: float
    funnel: str = "inside"
    """low or high: outside the corrected limits."""
    median_seconds: float | None = None
    """None: not known."""
    longest_run: int = 0
    """Longest run of consecutive decisions that agreed with the AI."""
    run_p: float | None = None
    """Probability of a run at least this long if departures came in random order. None: no departure, or no order in time."""
    run_is_long: bool = False
    days: int = 0
    most_a_day: int = 0


@dataclass(frozen=True)
class FunnelLine:
    """Control limits for a reviewer with this many cases, assuming that everybody departs at the pooled rate."""

    n: int
    low: float
    high: float
    low_corrected: float
    high_corrected: float


@dataclass(frozen=True)
class Flags:
    """Reviewers who stand out. At most `alarm_rate` of logs in which nobody differs show any such flag by chance."""

    tested: int
    flagged: tuple[str, ...]
    alarm_rate: float
    correction: str = "bonferroni"


@dataclass(frozen=True)
class Reasons:
    """Texts are compared ignoring case and surrounding blanks; structured reason codes repeat by design."""

    empty: Rate
    empty_departing: Rate
    empty_following: Rate
    most_common: Rate
    """Share of the most frequent reason among those given."""
    different: int
    """Number of distinct reasons given."""


@dataclass(frozen=True)
class Workload:
    """Workload as decisions per reviewer and day."""

    reviewer_days: int
    mean: float
    quantiles: tuple[tuple[int, int], ...]
    """(percentile, cases a day)."""

    def cases(self, percent: int) -> int:
        return dict(self.quantiles)[percent]


@dataclass(frozen=True)
class Ratio:
    value: float
    low: float | None
    """None: no interval can be given."""
    high: float | None


@dataclass(frozen=True)
class Selection:
    """Favourable outcomes of one group according to the AI and in the final decisions, on the same cases."""

    label: str
    ai: Rate
    final: Rate
    ai_ratio: Ratio | None
    """To the reference group (the one with the highest rate by the AI). None: undefined, or the reference itself."""
    final_ratio: Ratio | None
    shift: Ratio | None
    """final_ratio / ai_ratio, with a jackknife interval by reviewer."""

    @property
    def effect(self) -> str:
        """What people do to the disparity: lessen, enlarge (also where it turns round and grows), or not_shown."""
        if self.shift is None or self.shift.low is None or self.shift.high is None:
            return "not_shown"
        if self.ai_ratio is None or self.final_ratio is None or self.shift.low <= 1 <= self.shift.high:
            return "not_shown"
        before, after = self.ai_ratio.value, self.final_ratio.value
        return "lessen" if max(after, 1 / after) < max(before, 1 / before) else "enlarge"


@dataclass(frozen=True)
class Disparity:
    """Selection rates of one group column; four fifths of the reference is the customary mark (29 CFR 1607.4 D)."""

    group: str
    reference: str
    rows: tuple[Selection, ...]
    correction: str = "uncorrected"


@dataclass(frozen=True)
class Pattern:
    """Departures and review times by a number that goes with each decision. It shows what goes together, never why."""

    by: str
    """A Column of `columns.NUMBERS`."""
    rows: tuple[Rate, ...]
    """Departures from the AI, from the smallest numbers to the largest; labels `1–25`."""
    medians: tuple[Quantile | None, ...]
    """Median review time of each row. None: not known."""
    difference: float
    """Departure rate of the last row minus that of the first."""
    low: float
    high: float
    """95 % interval of the difference, from both intervals (MOVER)."""
    unknown: int
    """Decisions without that number."""
    correction: str = "uncorrected"


@dataclass(frozen=True)
class TurnedOut:
    """Later outcomes of the cases that were decided one way."""

    output: str
    decision: str
    rows: tuple[Rate, ...]
    """One a later outcome, of the cases of this way for which it is known."""


@dataclass(frozen=True)
class Later:
    """What turned out later. It is mostly known of some cases only (who was hired, who was granted credit)."""

    known: Rate
    """Of the decisions by people, those of which it is known."""
    rows: tuple[TurnedOut, ...]
    as_decided: Rate | None
    """Of the departures whose later outcome is one of the outcomes, those that turned out as people decided. None: no such case."""
    as_the_ai_said: Rate | None
    """Of the same cases, those that turned out as the AI said."""
    correction: str = "uncorrected"


@dataclass(frozen=True)
class LogAnalysis:
    """All figures of one log."""

    source: Source
    time_zone: str
    is_to_the_minute: bool
    outcomes: tuple[str, ...]
    favourable: tuple[str, ...]
    """Empty: not known which outcomes are good for the person; then nothing is said on selection rates."""
    whole: Segment
    """Decisions by people; cases on an automatic path are in `automatic` only."""
    automatic: Rate
    """Share of all used rows that no person decided."""
    breakdowns: tuple[Breakdown, ...]
    flows: tuple[Flow, ...]
    directions: tuple[Direction, ...]
    reviewers: tuple[Reviewer, ...]
    """The busiest 300; `reviewer_count` counts all."""
    reviewer_count: int
    funnel: tuple[FunnelLine, ...]
    funnel_flags: Flags | None
    run_flags: Flags | None
    reasons: Reasons | None
    workload: Workload | None
    changes: tuple[Change, ...]
    events: tuple[Event, ...]
    disparities: tuple[Disparity, ...]
    left_out: tuple[str, ...]
    """Columns missing from the log, and with them the figures that need them."""
    method: int = METHOD
    reading: Reading | None = None
    """How the file was read. None: the analysis dates from before this was recorded."""
    patterns: tuple[Pattern, ...] = ()
    """Empty: the log has no such column."""
    later: Later | None = None
    """None: the log has no such column, or it says nothing."""


@cache
def _adapter() -> TypeAdapter[LogAnalysis]:
    return TypeAdapter(LogAnalysis)


def to_json(analysis: LogAnalysis) -> dict[str, Any]:
    """Plain JSON values."""
    return without_what_is_not_kept(dict(_adapter().dump_python(analysis, mode="json")))


def without_what_is_not_kept(data: dict[str, Any]) -> dict[str, Any]:
    """What came later is there only where it is known, so that figures kept earlier stay as they were, byte by byte."""
    if data["reading"] is None:
        del data["reading"]
    for name in ("patterns", "later"):
        if not data[name]:
            del data[name]
    if data["source"]["origin"] is None:
        del data["source"]["origin"]
    for bad in data["source"]["first_bad"]:
        if not bad["sheet"]:
            del bad["sheet"]
    return data


def from_json(data: Mapping[str, Any]) -> LogAnalysis:
    """Inverse of to_json. Raises: ValueError if the value is no analysis."""
    return _adapter().validate_python(data)
