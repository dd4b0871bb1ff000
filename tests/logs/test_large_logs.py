"""What makes large logs quick changes no figure."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assessments.decision_log.reading import cleaning, meaning, numbering
from assessments.decision_log.reading.columns import LogMapping
from assessments.decision_log.statistics.rates import Clusters
from assessments.decision_log.statistics.review_times import EDGES, PERCENTS, review_times

ROWS = st.lists(st.tuples(st.integers(-1, 4), st.integers(-1, 3), st.booleans()), max_size=50)
TIMES = st.lists(
    st.tuples(st.one_of(st.integers(-1, 9), st.integers(-1, 2**45)), st.integers(0, 3)), min_size=1, max_size=60
)


def array(values: list[int]) -> npt.NDArray[np.int64]:
    return np.array(values, np.int64)


@given(ROWS, st.integers(0, 4))
def test_a_table_counts_each_row_once(rows: list[tuple[int, int, bool]], reviewers: int) -> None:
    cells, codes = array([cell for cell, _, _ in rows]), array([code % 4 if code >= 0 else -1 for _, code, _ in rows])
    chosen = np.array([one for _, _, one in rows], np.bool_)
    codes = np.minimum(codes, reviewers - 1)
    clusters = Clusters(codes, reviewers)
    expected, expected_chosen = np.zeros((2, 5, max(1, reviewers)), np.int64)
    for cell, code, one in zip(cells, codes, chosen, strict=True):
        if cell >= 0 and (code >= 0 or not reviewers):
            expected[cell, code if reviewers else 0] += 1
            expected_chosen[cell, code if reviewers else 0] += one
    assert (clusters.table(cells, 5) == expected).all()
    count, n = clusters.both(chosen, cells, 5)
    assert (n == expected).all()
    assert (count == expected_chosen).all()


def test_a_table_of_more_rows_than_are_taken_at_a_time_is_the_same() -> None:
    random = np.random.default_rng(3)
    cells, codes = random.integers(-1, 7, 400_000), random.integers(0, 9, 400_000).astype(np.int8)
    expected = np.zeros((7, 9), np.int64)
    np.add.at(expected, (cells[cells >= 0], codes[cells >= 0]), 1)
    assert (Clusters(codes, 9).table(cells, 7) == expected).all()


@given(TIMES, st.booleans())
def test_the_distribution_is_that_of_the_plainly_sorted_times(rows: list[tuple[int, int]], has_people: bool) -> None:
    ms, codes = array([time for time, _ in rows]), array([code for _, code in rows])
    found = review_times(ms, Clusters(codes, 4 if has_people else 0))
    known = np.sort(ms[ms >= 0])
    if not len(known):
        assert found is None
        return
    assert found is not None
    assert found.n == len(known)
    assert found.unknown == len(ms) - len(known)
    assert [one.cases for one in found.below] == [int((known < edge * 1000).sum()) for edge in EDGES]
    for percent in PERCENTS:
        place = max(0, -(-percent * len(known) // 100) - 1)
        assert found.quantile(percent).seconds == pytest.approx(int(known[place]) / 1000, abs=1e-6)


@pytest.mark.slow
@settings(deadline=None)  # the first call loads a library
@given(st.lists(st.text(max_size=30), min_size=1, max_size=20))
def test_texts_have_one_number_wherever_they_stand_in_a_column(texts: list[str]) -> None:
    """Only equal texts share a number, in a part of a column as in the whole."""
    column = pa.array(texts)
    whole = numbering.numbers_of(column)
    assert [int(numbering.numbers_of(pa.array([text]))[0]) for text in texts] == whole.tolist()
    assert numbering.numbers_of(column.slice(1)).tolist() == whole[1:].tolist()
    assert len(set(whole.tolist())) == len(set(texts))


@pytest.mark.parametrize("word", ["N/A", "null", "-", "···", "없음", "(none)", "NULL"])
def test_a_missing_word_among_ids_is_seen_whatever_stands_around_it(word: str) -> None:
    missing = meaning.missing(LogMapping())
    assert missing.are_in(pa.array(["C-1", word, "C-2"]))
    assert not missing.are_in(pa.array(["C-1", "C-2"]))
    assert missing.are_in(pa.array(["C-1", word]).slice(1))


@given(st.lists(st.text(max_size=12), min_size=1, max_size=8))
@pytest.mark.slow
def test_a_column_called_plain_is_left_as_it_is(texts: list[str]) -> None:
    column = pa.array(texts)
    if cleaning.are_plain(column):
        assert cleaning.plain_texts(column).equals(column)
        assert not cleaning.constants(column)[1].any()
        assert not any(text.startswith("=") for text in texts)
