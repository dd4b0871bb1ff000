"""Departures by what goes with a decision, and what turned out later: patterns, later, remarks.

Patterns show what goes together and prove no cause: easy cases may come first, and hard ones to those who are busy.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from assessments.decision_log.method import whole
from assessments.decision_log.reading.choices import Remark
from assessments.decision_log.reading.columns import Column
from assessments.decision_log.reading.log import DecisionLog
from assessments.decision_log.statistics.analysis_model import Later, Pattern, Quantile, Rate, TurnedOut
from assessments.decision_log.statistics.changes import difference
from assessments.decision_log.statistics.counts import Cells, Counts, Times
from assessments.decision_log.statistics.rates import Clusters, rate, rates, rounded
from assessments.decision_log.statistics.review_times import review_times

_FEW_VALUES = whole("few_values")
_HALF = 50
_MOST_WAYS = 60


def patterns(counts: Counts, size: int) -> tuple[Pattern, ...]:
    """One pattern per column with at least two values. size: how many reviewers there are."""
    by_column = (_pattern(name, counts, size) for name in counts.people.numbers)
    return tuple(pattern for pattern in by_column if pattern is not None)


def remarks(counts: Counts) -> list[Remark]:
    """Remarks on columns that are present but show nothing."""
    log = counts.people
    empty_columns = []
    for name in log.numbers:
        values = counts.numbers(name).values
        if len(np.unique(values[values >= 0])) < 2:  # two make a comparison
            empty_columns.append(Remark("pattern_of_one_value", {"column": name}))
    if log.later is not None and not (log.later >= 0).any():
        empty_columns.append(Remark("later_unknown", {"column": Column.LATER.value}))
    return empty_columns


def _pattern(name: str, counts: Counts, size: int) -> Pattern | None:
    cells = counts.numbers(name)
    codes, labels, ends = _parts(cells)
    if len(labels) <= 1:
        return None
    count, n = Clusters(cells.reviewer, size, cells.cases).both(cells.departs, codes, len(labels))
    rows = rates(count, n, labels)
    change, low, high = difference(rows[0], rows[-1])
    medians = tuple(_median(times, size) for times in counts.times_by_number(name, ends))
    unknown = int((codes < 0).sum() if cells.cases is None else cells.cases[codes < 0].sum())
    return Pattern(name, rows, medians, rounded(change), rounded(low), rounded(high), unknown)


def _parts(cells: Cells) -> tuple[npt.NDArray[np.int64], list[str], list[int]]:
    """Part of each row (-1: not known), the parts' names and last values: each value where there are few, else quarters of the cases."""
    values = cells.values
    is_known = values >= 0
    distinct, places = np.unique(values[is_known], return_inverse=True)
    ends = distinct
    if len(distinct) > _FEW_VALUES:
        sums = np.cumsum(np.bincount(places, None if cells.cases is None else cells.cases[is_known]))
        reached = [-(-part * int(sums[-1]) // 4) for part in (1, 2, 3, 4)]
        ends = np.unique(distinct[np.searchsorted(sums, reached)])
    codes = np.where(values >= 0, np.searchsorted(ends, values), -1)
    firsts = distinct[np.searchsorted(distinct, np.append(-1, ends[:-1]), side="right")] if len(ends) else ends
    names = [_name(int(first), int(last)) for first, last in zip(firsts, ends, strict=True)]
    return codes, names, [int(last) for last in ends]


def _name(first: int, last: int) -> str:
    """`7`, `1–25`."""
    low, high = (f"{milliseconds / 1000:.3f}".rstrip("0").rstrip(".") for milliseconds in (first, last))
    return low if first == last else f"{low}–{high}"


def _median(times: Times, size: int) -> Quantile | None:
    shown = review_times(times.review_ms, Clusters(times.reviewer, size, times.cases))
    return shown.quantile(_HALF) if shown else None


def later(log: DecisionLog, clusters: Clusters) -> Later | None:
    """None: there is no such column, or it says nothing."""
    if log.later is None or not (log.later >= 0).any():
        return None
    size = len(log.outcomes)
    ways = log.output.astype(np.int64) * size + log.decision
    known = log.later >= 0
    shown, places = np.unique(ways[known], return_inverse=True)
    cases = np.bincount(places, None if log.cases is None else log.cases[known])
    chosen = np.sort(shown[np.lexsort([shown, -cases])][:_MOST_WAYS])
    rows = []
    for way in chosen:
        codes = np.where(ways == way, log.later, -1)
        table = clusters.table(codes, len(log.later_labels))
        total = np.broadcast_to(table.sum(axis=0), table.shape)
        outcome_rates = rates(table, total, log.later_labels)
        rows.append(TurnedOut(log.outcomes[way // size], log.outcomes[way % size], outcome_rates))
    places = {label: code for code, label in enumerate(log.outcomes)}
    same = np.array([*(places.get(label, -1) for label in log.later_labels), -1])[log.later]
    departed = (log.output != log.decision) & (same >= 0)
    return Later(
        rate(log.later >= 0, clusters),
        tuple(rows),
        _among(same == log.decision, departed, clusters),
        _among(same == log.output, departed, clusters),
    )


def _among(chosen: npt.NDArray[np.bool_], rows: npt.NDArray[np.bool_], clusters: Clusters) -> Rate | None:
    """Share of these rows that are selected. None: there are no rows."""
    if not rows.any():
        return None
    return rates(*clusters.both(chosen, rows.astype(np.int8) - 1), [""])[0]
