"""What was computed from one decision log: LogAnalysis and its parts, frozen and JSON-able. to_json, from_json.

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

METHOD = 3
"""Raised whenever a figure can come out differently."""

INDEPENDENT = "wilson"
BY_REVIEWER = "reviewer_jackknife"

SMALL_N, SMALL_COUNT = whole("small_n"), whole("small_count")
"""Below so many cases, or so few cases on either side, the interval's coverage is not shown by test: flagged small."""


def is_small(count: int, n: int) -> bool:
    """Too few cases, or too few on either side, for the interval to be relied upon."""
    return n < SMALL_N or min(count, n - count) < SMALL_COUNT


@dataclass(frozen=True)
class Rate:
    """A share of cases."""

    count: int
    n: int
    low: float
    high: float
    method: str = INDEPENDENT
    """INDEPENDENT: Wilson, as if cases were independent. BY_REVIEWER: allows for unequal reviewers."""
    is_small: bool = False
    """Outside the region in which the interval's coverage is shown by test."""
    label: str = ""
    """Of a row in a table; empty text stands for *not stated*."""

    @property
    def value(self) -> float:
        """0 where n is 0."""
        return self.count / self.n if self.n else 0.0


@dataclass(frozen=True)
class Breakdown:
    """One rate a label; intervals of a table are each for itself, not corrected for there being several."""

    by: str
    """reviewer, stage, month, output or group:NAME."""
    rows: tuple[Rate, ...]
    correction: str = "uncorrected"


@dataclass(frozen=True)
class Flow:
    """How many cases went from an AI output to a final decision."""

    output: str
    decision: str
    count: int


@dataclass(frozen=True)
class Direction:
    """Of the cases with this AI output, the share that was decided as that."""

    output: str
    decision: str
    rate: Rate


@dataclass(frozen=True)
class Quantile:
    """A quantile of review time with its 95 % interval (Woodruff: the share's interval read off the distribution)."""

    percent: int
    seconds: float
    low: float
    high: float


class Below(NamedTuple):
    """How many cases took less than that."""

    seconds: float
    cases: int
    low: float
    high: float


@dataclass(frozen=True)
class ReviewTimes:
    """From shown to decided."""

    n: int
    unknown: int
    """Decisions by people whose review time is not known."""
    mean_seconds: float
    quantiles: tuple[Quantile, ...]
    below: tuple[Below, ...]
    """The distribution, every whole minute up to 60 among its points."""
    method: str

    def quantile(self, percent: int) -> Quantile:
        return next(quantile for quantile in self.quantiles if quantile.percent == percent)

    def share_below(self, seconds: float) -> Rate | None:
        """None: not among the points that were counted."""
        return next((self._rate(share_below) for share_below in self.below if share_below.seconds == seconds), None)

    def share_below_at_most(self, seconds: float) -> Rate | None:
        """At the next point that was counted. None: beyond the last."""
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
    """The decisions of people between two days, both included."""

    first: date | None
    """None: the log has no days."""
    last: date | None
    divergence: Rate
    times: ReviewTimes | None
    """None: no review time is known."""


@dataclass(frozen=True)
class Change:
    """The day from which on people decided differently than before, found in the log itself."""

    measure: str
    """divergence or review_time."""
    on: date
    p_value: float
    """Of the largest CUSUM; asymptotic (Kolmogorov)."""
    level: float
    """A change is reported below this p value; it is corrected for the measures looked at."""
    before: Segment
    after: Segment


@dataclass(frozen=True)
class Event:
    """Before and after a day that the organisation named."""

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
    """One person, as a pseudonym. A named tuple, for there can be hundreds."""

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
    """Most decisions in a row that agreed with the AI."""
    run_p: float | None = None
    """Chance of so long a run if departures fell in random order. None: no departure, or no order in time."""
    run_is_long: bool = False
    days: int = 0
    most_a_day: int = 0


@dataclass(frozen=True)
class FunnelLine:
    """Limits for a reviewer with so many cases, if all departed at the pooled rate."""

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
    """Texts are compared without case and outer blanks; structured reason codes repeat by design."""

    empty: Rate
    empty_departing: Rate
    empty_following: Rate
    most_common: Rate
    """Of the reasons given, the share of the most frequent one."""
    different: int
    """Different reasons given."""


@dataclass(frozen=True)
class Workload:
    """Decisions per reviewer and day."""

    reviewer_days: int
    mean: float
    quantiles: tuple[tuple[int, int], ...]
    """(percent, cases a day)."""

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
    """Favourable outcomes of one group, by the AI and in the end, on the same cases."""

    label: str
    ai: Rate
    final: Rate
    ai_ratio: Ratio | None
    """To the reference group (the one with the highest rate by the AI). None: undefined, or the reference itself."""
    final_ratio: Ratio | None
    shift: Ratio | None
    """final_ratio / ai_ratio; its interval is the jackknife by reviewer."""

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
    """Departures of the last row minus the first."""
    low: float
    high: float
    """95 % interval of the difference, from both intervals (MOVER)."""
    unknown: int
    """Decisions without that number."""
    correction: str = "uncorrected"


@dataclass(frozen=True)
class TurnedOut:
    """What turned out later of the cases that went one way."""

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
    """Of all used rows, those that no person decided."""
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
    """Columns that the log does not have, so that figures are missing."""
    method: int = METHOD
    reading: Reading | None = None
    """How the file was read. None: it was read before that was kept."""
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
    for bad in data["source"]["first_bad"]:
        if not bad["sheet"]:
            del bad["sheet"]
    return data


def from_json(data: Mapping[str, Any]) -> LogAnalysis:
    """The inverse of to_json. Raises: ValueError where it is no analysis."""
    return _adapter().validate_python(data)
