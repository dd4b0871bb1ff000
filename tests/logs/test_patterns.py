"""What goes with a decision, and what turned out later, is counted as it stands in the file; kept records stay as they were."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from assessments.decision_log.reading.account import sentences
from assessments.decision_log.statistics import analysis_model as log_figures
from assessments.decision_log.statistics import patterns
from assessments.decision_log.statistics.analysis import Settings, analyse
from assessments.decision_log.statistics.analysis_model import Pattern
from assessments.decision_log.statistics.counts import RowCounts
from commands.main import app
from tests.logs import in_memory, several
from tests.logs.tables import BASE, HEADER, analysed, as_csv, as_parquet, columns_of, figures, remarks, table

HEADERS = {
    "position": ("queue position", "배치 내 순번", "처리순서"),
    "shift_hour": ("hour of shift", "근무 경과 시간"),
    "cases_that_day": ("cases that day", "당일 처리 건수"),
    "open_cases": ("open cases", "동시 진행 건수"),
}
ROWS = table(300)


def _with(path: Path, header: str, values: list[str], rows: list[tuple[str, ...]] = ROWS) -> Path:
    return as_csv(path, [(*row, value) for row, value in zip(rows, values, strict=True)], (*HEADER, header))


def _pattern(path: Path, **said: object) -> Pattern:
    (found,) = analysed(path, **said).patterns
    return found


@pytest.mark.first_in_check
@pytest.mark.parametrize(("name", "header"), [(name, one) for name, headers in HEADERS.items() for one in headers])
def test_departures_are_counted_by_what_goes_with_a_decision(tmp_path: Path, name: str, header: str) -> None:
    values = [str(n % 40 + 1) for n in range(300)]
    path = _with(tmp_path / "a.csv", header, values)
    found = _pattern(path)
    frame = pd.DataFrame(ROWS, columns=list(HEADER)).assign(value=pd.Series(values).astype(int))
    departs = frame["AI결과"] != frame["최종결정"]
    assert found.by == name and found.unknown == 0 and sum(row.n for row in found.rows) == 300
    for row in found.rows:
        low, high = map(int, row.label.split("–"))
        part = frame["value"].between(low, high)
        assert (row.n, row.count) == (int(part.sum()), int(departs[part].sum()))
    assert found.difference == pytest.approx(found.rows[-1].value - found.rows[0].value, abs=1e-6)
    assert found.low <= found.difference <= found.high
    assert all(one is not None and one.seconds == 1800 for one in found.medians)
    assert figures(path).departures == 30


def test_few_values_are_each_a_row(tmp_path: Path) -> None:
    found = _pattern(_with(tmp_path / "a.csv", "open cases", [("1", "2.0", "2.5", "")[n % 4] for n in range(300)]))
    assert [row.label for row in found.rows] == ["1", "2", "2.5"] and found.unknown == 75


def test_what_is_no_number_takes_no_decision_away(tmp_path: Path) -> None:
    path = _with(tmp_path / "a.csv", "open cases", [("1", "1,200", "셋", "N/A", "-5")[n % 5] for n in range(300)])
    found = _pattern(path)
    assert [row.label for row in found.rows] == ["1", "1200"] and found.unknown == 180
    assert figures(path).used == 300 and "beside_unread" in remarks(path)


def test_a_column_of_one_value_is_said_to_show_nothing(tmp_path: Path) -> None:
    path = _with(tmp_path / "a.csv", "open cases", ["3"] * 300)
    assert analysed(path).patterns == () and "pattern_of_one_value" in remarks(path)


def test_hours_of_a_parquet_file_are_read_in_their_unit(tmp_path: Path) -> None:
    hours = pa.array([(n % 3) * 3_600_000_000 for n in range(300)], pa.duration("us"))
    found = _pattern(as_parquet(tmp_path / "a.parquet", {**columns_of(ROWS), "hour of shift": hours}))
    assert [row.label for row in found.rows] == ["0", "1", "2"]


@pytest.mark.slow
@several
@given(st.lists(st.integers(0, 60), min_size=2, max_size=120), st.data())
def test_every_decision_stands_in_one_row_whatever_their_order(values: list[int], data: st.DataObject) -> None:
    departs = np.array(data.draw(st.lists(st.booleans(), min_size=len(values), max_size=len(values))))
    order = np.array(data.draw(st.permutations(range(len(values)))))
    numbers = np.array(values) * 1000
    one = analyse(in_memory(departs, numbers={"position": numbers}), Settings()).patterns
    other = analyse(in_memory(departs[order], numbers={"position": numbers[order]}), Settings()).patterns
    assert [[(row.label, row.count, row.n) for row in found.rows] for found in one] == [
        [(row.label, row.count, row.n) for row in found.rows] for found in other
    ]
    for found in one:
        assert sum(row.n for row in found.rows) == len(values) and sum(row.count for row in found.rows) == departs.sum()


@pytest.mark.first_in_check
@pytest.mark.parametrize("header", ["actual outcome", "실제 결과", "사후결과(6개월)"])
def test_what_turned_out_later_is_counted_by_the_way_it_was_decided(tmp_path: Path, header: str) -> None:
    values = ["" if row[5] == "부적합" else ("정상", "연체")[n % 2] for n, row in enumerate(ROWS)]
    path = _with(tmp_path / "a.csv", header, values)
    later = analysed(path).later
    assert later is not None and later.as_decided is None
    known = [n for n, row in enumerate(ROWS) if row[5] == "적합"]
    assert (later.known.count, later.known.n) == (len(known), 300)
    for way in later.rows:
        cases = [n for n in known if ROWS[n][4] == way.output and ROWS[n][5] == way.decision]
        assert {row.label: row.count for row in way.rows} == {
            "연체": sum(n % 2 for n in cases),
            "정상": sum(1 - n % 2 for n in cases),
        }
        assert all(row.n == len(cases) for row in way.rows)
    assert figures(path).used == 300


def test_departures_are_held_against_what_turned_out_in_the_same_words(tmp_path: Path) -> None:
    departing = [n for n, row in enumerate(ROWS) if row[4] != row[5]]
    values = [row[5] if n not in departing[:10] else row[4] for n, row in enumerate(ROWS)]
    later = analysed(_with(tmp_path / "a.csv", "실제결과", values)).later
    assert later is not None and later.as_decided is not None and later.as_the_ai_said is not None
    assert (later.as_decided.count, later.as_decided.n) == (20, 30)
    assert (later.as_the_ai_said.count, later.as_the_ai_said.n) == (10, 30)
    words = {"적합": "ok", "부적합": "not ok"}
    path = _with(tmp_path / "b.csv", "실제결과", [words[value] for value in values])
    said = analysed(path, names={"later_outcome": {label: [word] for label, word in words.items()}}).later
    assert said is not None and said.as_decided == later.as_decided


def test_a_guessed_column_of_too_many_outcomes_is_dropped_and_named(tmp_path: Path) -> None:
    path = _with(tmp_path / "a.csv", "실제결과", [f"비고 {n}" for n in range(300)])
    assert analysed(path).later is None and "guess_dropped" in remarks(path)


def test_they_are_mapped_said_on_the_command_line_and_kept(tmp_path: Path) -> None:
    path = _with(tmp_path / "a.csv", "x", [str(n % 3) for n in range(300)])
    columns = {"case": "접수번호", "ai_output": "AI결과", "decision": "최종결정", "position": "x"}
    mapping = tmp_path / "map.yaml"
    mapping.write_text(json.dumps({"columns": columns}, ensure_ascii=False))
    said = CliRunner().invoke(app, ["log", "import", str(path), "--map", str(mapping)])
    assert "proves no cause" in said.stdout and "Departures by position in the batch or queue" in said.stdout
    as_json = CliRunner().invoke(app, ["log", "import", str(path), "--map", str(mapping), "--json"])
    kept = json.loads(as_json.stdout)["analysis"]
    assert [one["by"] for one in kept["patterns"]] == ["position"]
    assert log_figures.to_json(log_figures.from_json(kept)) == kept


def test_figures_without_them_are_kept_as_before(tmp_path: Path) -> None:
    path = as_csv(tmp_path / "a.csv", table())
    found = analysed(path)
    kept = log_figures.to_json(found)
    assert not {"patterns", "later"} & set(kept) and log_figures.from_json(kept) == found
    assert figures(path) == BASE and found.reading is not None
    told = " ".join(one.text.en for one in sentences(found.reading))
    assert "queue" not in told and "turned out" not in told


def test_numbers_that_nobody_has_give_no_pattern() -> None:
    log = in_memory([True, False, True], numbers={"position": np.full(3, -1)}).log
    assert [one.key for one in patterns.remarks(RowCounts(log))] == ["pattern_of_one_value"]
