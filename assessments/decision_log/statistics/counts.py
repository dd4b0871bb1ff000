"""What the figures of a log are reckoned from: Counts, which of_rows makes of a log in memory.

Every figure is reckoned from these and from nothing else, so that it does not matter who counted: this program, row by row,
or the engine in which a log lies.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Protocol
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt

from assessments.decision_log.reading.columns import Column
from assessments.decision_log.reading.log import NO_REASON, Cases, Codes, DecisionLog
from assessments.decision_log.reading.times import local_days
from assessments.decision_log.statistics.runs import longest_runs

Days = npt.NDArray[np.int64]
EMPTY_REASON, MOST_COMMON_REASON, OTHER_REASON = 0, 1, 2


@dataclass(frozen=True)
class Cells:
    """Decisions by people, by one thing beside reviewer and departure."""

    values: npt.NDArray[Any]
    reviewer: Codes
    departs: npt.NDArray[np.bool_]
    cases: Cases | None = None
    """How many decisions each stands for. None: one."""

    def where(self, chosen: npt.NDArray[np.bool_]) -> Cells:
        cases = None if self.cases is None else self.cases[chosen]
        return Cells(self.values[chosen], self.reviewer[chosen], self.departs[chosen], cases)


@dataclass(frozen=True)
class Times:
    """Review times of decisions by people, in milliseconds; -1: not known."""

    review_ms: npt.NDArray[np.int64]
    reviewer: Codes
    cases: Cases | None = None


class Counts(Protocol):
    """What somebody counted of one log."""

    whole: DecisionLog
    """All counted rows by what they are called; `people` leaves out what no person decided."""
    people: DecisionLog
    has_days: bool

    def days(self) -> Cells:
        """By day since 1970, in the log's zone."""
        ...

    def times(self, before: int | None = None, since: int | None = None) -> Times:
        """before, since: only of days before this one, or from this one on."""
        ...

    def shorter(self, twice_ms: int) -> tuple[npt.NDArray[np.bool_], Days, Cases | None]:
        """Of known review times: whether twice the time is less than this, and the day."""
        ...

    def longest_runs(self) -> npt.NDArray[np.int64]:
        """A reviewer: the longest run of agreement in the order of time. Needs days."""
        ...

    def reasons(self) -> tuple[Cells, int]:
        """By EMPTY_REASON, MOST_COMMON_REASON or OTHER_REASON; and how many different ones there are."""
        ...

    def numbers(self, name: str) -> Cells:
        """By a number beside the decision, in thousandths; -1: not known."""
        ...

    def times_by_number(self, name: str, ends: Sequence[int]) -> Sequence[Times]:
        """Of the decisions whose number is known and no more than each end, and more than the one before."""
        ...


def most_common(reasons: npt.NDArray[np.int64]) -> tuple[int, int]:
    """The reason that is given most often, of several the one of the smallest digest, and how many different ones there are."""
    values, counts = np.unique(reasons, return_counts=True)
    return (int(values[np.lexsort([values, -counts])][0]) if len(values) else NO_REASON), len(values)


class RowCounts:
    """Counted here, row by row."""

    def __init__(self, log: DecisionLog) -> None:
        self.whole = log
        self.people = log.where(~log.automatic) if log.automatic.any() else log
        self.has_days = Column.DECIDED in log.has and len(self.people) > 0

    @cached_property
    def _departs(self) -> npt.NDArray[np.bool_]:
        return np.asarray(self.people.output != self.people.decision)

    @cached_property
    def _days(self) -> Days:
        return local_days(self.people.decided, ZoneInfo(self.people.time_zone))

    def days(self) -> Cells:
        return Cells(self._days, self.people.reviewer, self._departs)

    def times(self, before: int | None = None, since: int | None = None) -> Times:
        if before is not None:
            return self._times(self._days < before)
        if since is not None:
            return self._times(self._days >= since)
        return Times(self.people.review_ms, self.people.reviewer)

    def _times(self, chosen: npt.NDArray[np.bool_]) -> Times:
        return Times(self.people.review_ms[chosen], self.people.reviewer[chosen])

    def shorter(self, twice_ms: int) -> tuple[npt.NDArray[np.bool_], Days, Cases | None]:
        known = self.people.review_ms >= 0
        return 2 * self.people.review_ms[known] < twice_ms, self._days[known], None

    def longest_runs(self) -> npt.NDArray[np.int64]:
        # Among decisions of the same moment departures come spread by outcome, never by the order of rows.
        log, size = self.people, len(self.people.reviewers)
        order = _in_time(log, size)
        return longest_runs(~self._departs[order], log.reviewer[order], size)

    def reasons(self) -> tuple[Cells, int]:
        reason = self.people.reason
        empty = reason == NO_REASON
        most, different = most_common(reason[~empty])
        kinds = np.where(empty, EMPTY_REASON, np.where(reason == most, MOST_COMMON_REASON, OTHER_REASON))
        return Cells(kinds.astype(np.int8), self.people.reviewer, self._departs), different

    def numbers(self, name: str) -> Cells:
        return Cells(self.people.numbers[name], self.people.reviewer, self._departs)

    def times_by_number(self, name: str, ends: Sequence[int]) -> Sequence[Times]:
        values = self.people.numbers[name]
        codes = np.where(values >= 0, np.searchsorted(np.asarray(ends), values), -1)
        return [self._times(codes == code) for code in range(len(ends))]


def _in_time(log: DecisionLog, size: int) -> npt.NDArray[np.int64]:
    """Rows by reviewer, time, output and decision. Few decisions share reviewer and moment; only they are sorted by the rest."""
    reviewer = log.reviewer.astype(np.int16) if size < np.iinfo(np.int16).max else log.reviewer
    order = np.lexsort((log.decided, reviewer))
    times, people = log.decided[order], reviewer[order]
    same = np.flatnonzero((times[1:] == times[:-1]) & (people[1:] == people[:-1]))
    if len(same):
        tied = np.zeros(len(order), np.bool_)
        tied[same] = tied[same + 1] = True
        rows = order[tied]
        order[tied] = rows[np.lexsort((log.decision[rows], log.output[rows], log.decided[rows], log.reviewer[rows]))]
    return order
