"""Columns of few values and ids are read as places and numbers: the same whatever the file holds them as."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.decision_log.reading.faults import LogRefusedError
from assessments.decision_log.reading.numbering import as_text, by_value, counted, encoded, numbers_of
from tests.logs import several
from tests.logs.tables import analysed, as_parquet, changed, columns_of, figures, table

TEXTS = st.lists(st.one_of(st.text(max_size=30), st.sampled_from(["", "C-1", "C-01", "가", "x" * 24, "x" * 25])))


@pytest.mark.slow
@several
@given(TEXTS, st.integers(0, 5))
def test_equal_texts_and_no_others_get_equal_numbers(texts: list[str], start: int) -> None:
    texts = [text.encode("utf-8", "replace").decode() for text in texts]
    numbers = numbers_of(pa.array(texts, pa.string()).slice(start)).tolist()
    alone = [int(numbers_of(pa.array([text], pa.string()))[0]) for text in texts[start:]]
    assert numbers == alone
    assert len(set(numbers)) == len(set(texts[start:])) and all(
        (n == 0) == (t == "") for n, t in zip(numbers, texts[start:], strict=True)
    )


@several
@given(st.lists(st.one_of(st.none(), st.sampled_from(["", "a", "b", "가"]))), st.integers(0, 3))
def test_a_column_is_the_same_as_text_and_as_places(values: list[str | None], start: int) -> None:
    plain = pa.array(values, pa.string())
    unused = pa.DictionaryArray.from_arrays(
        pa.array([None if value is None else ["z", "", "가", "a", "b"].index(value) for value in values], pa.int32()),
        pa.array(["z", "", "가", "a", "b"]),
    )
    for column in (plain, plain.dictionary_encode(), unused, unused.slice(start)):
        coded = encoded(column)
        texts = as_text(column).to_pylist()
        assert by_value(coded, np.array(coded.dictionary.to_pylist(), object), np.object_).tolist() == texts
        assert sum(cells for _, cells in counted(coded)) == len(texts)


def test_a_word_that_no_row_has_is_not_said(tmp_path: Path) -> None:
    columns = columns_of(table())
    names = pa.array(["system", "N/A", "보류", *sorted(set(columns["검토자"]))])
    places = pa.array([names.to_pylist().index(one) for one in columns["검토자"]], pa.int32())
    reading = analysed(
        as_parquet(tmp_path / "a.parquet", columns | {"검토자": pa.DictionaryArray.from_arrays(places, names)})
    ).reading
    assert reading is not None and not reading.missing
    assert not {one.key for one in reading.assumed} & {"no_person_names"}


def test_a_case_that_comes_again_far_below_longer_ids_is_found(tmp_path: Path) -> None:
    rows = table(90)
    rows = changed(
        rows, "접수번호", lambda n, value: "A-0001" if n in (1, 80) else value + "-" * 30 if n > 60 else value
    )
    rows[80] = rows[1]
    path = tmp_path / "a.parquet"
    pyarrow.parquet.write_table(pa.table(columns_of(rows)), path, row_group_size=20)
    assert figures(path).used == 89


def test_a_parquet_file_whose_names_are_no_text_is_refused(tmp_path: Path) -> None:
    path = as_parquet(tmp_path / "a.parquet", columns_of(table()))
    whole = path.read_bytes()
    name = "성별".encode()
    path.write_bytes(whole.replace(name, name[:3] + b"\xed" + name[4:]))
    with pytest.raises(LogRefusedError, match="cannot be read as Parquet"):
        figures(path)
