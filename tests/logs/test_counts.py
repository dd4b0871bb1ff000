"""Rows that stand for several decisions give the figures of as many single rows."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from assessments.decision_log.statistics.changes import change_point
from assessments.decision_log.statistics.counts import Cells, Times
from assessments.decision_log.statistics.patterns import _parts
from assessments.decision_log.statistics.rates import Clusters
from assessments.decision_log.statistics.review_times import SortedTimes
from assessments.decision_log.statistics.reviewers import workload

_CELLS = st.lists(
    st.tuples(st.integers(-1, 40), st.integers(0, 3), st.booleans(), st.integers(1, 5)), min_size=1, max_size=40
)


def _columns(cells: list[tuple[int, int, bool, int]]) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    values, reviewer, departs, cases = (np.array(column) for column in zip(*cells, strict=True))
    return values.astype(np.int64), reviewer.astype(np.int16), departs.astype(np.bool_), cases.astype(np.int64)


@given(_CELLS)
def test_cells_and_rows_give_the_same(cells: list[tuple[int, int, bool, int]]) -> None:
    values, reviewer, departs, cases = _columns(cells)
    rows = np.repeat(np.arange(len(cells)), cases)
    few, many = Clusters(reviewer, 4, cases), Clusters(reviewer[rows], 4)
    for left, right in zip(few.both(departs), many.both(departs[rows]), strict=True):
        assert (left == right).all()
    assert (few.table(values, 41) == many.table(values[rows], 41)).all()
    times, rows_times = SortedTimes(values * 1000, few), SortedTimes((values * 1000)[rows], many)
    assert len(times) == len(rows_times) and times.unknown == rows_times.unknown
    assert times.distribution(7.0) == rows_times.distribution(7.0)
    assert times.medians() == rows_times.medians()
    assert times.twice_the_median() == rows_times.twice_the_median()
    known = values[values >= 0]
    if len(known):
        assert times.twice_the_median() == 2000 * np.median(np.repeat(known, cases[values >= 0]))
    days = Cells(values, reviewer, departs, cases)
    single = Cells(values[rows], reviewer[rows], departs[rows])
    assert workload(days) == workload(single)
    assert change_point(departs, values, cases) == change_point(departs[rows], values[rows])
    assert _parts(days)[1:] == _parts(single)[1:]
    assert days.where(departs).cases is not None and Times(values, reviewer).cases is None
