"""Headers repeated by joining files, totals and units are set aside under their own name and leave no label behind."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.logs.tables import BASE, HEADER, analysed, as_csv, as_workbook, changed, figures, table

FIRST, SECOND = table(10), table(20, 10)
AGAIN = HEADER
OTHER_CASE = tuple(f" {name} " for name in HEADER)
WITH_MARK = ("\ufeff" + HEADER[0], *HEADER[1:])


def _line(*cells: str) -> tuple[str, ...]:
    return (*cells, *[""] * (len(HEADER) - len(cells)))


NONE = {
    "header": (AGAIN, "repeated_header"),
    "header with blanks": (OTHER_CASE, "repeated_header"),
    "header with a byte order mark": (WITH_MARK, "repeated_header"),
    "total": (_line("합계", "", "", "", "20", "18"), "total_line"),
    "total with blanks": (_line("합 계", "", "", "", "20건", "18건"), "total_line"),
    "subtotal": (_line("3월 소계", "", "", "", "7", "7"), "total_line"),
    "total in English": (_line("Grand Total:", "", "", "", "20", "18"), "total_line"),
    "total of nothing": (_line("총계 (30)", "", "", "", "", ""), "total_line"),
    "too short a total": (("합계", "20", "18"), "total_line"),
}


@pytest.mark.first_in_check
@pytest.mark.parametrize("kind", NONE)
@pytest.mark.parametrize("place", ["inside", "at the end"])
def test_a_line_that_is_no_decision_is_set_aside_by_name(tmp_path: Path, kind: str, place: str) -> None:
    line, fault = NONE[kind]
    rows = [*FIRST, line, *SECOND] if place == "inside" else [*FIRST, *SECOND, line]
    found = analysed(as_csv(tmp_path / "a.csv", rows))
    assert found.source.bad == {fault: 1} and found.source.total == 31
    assert found.outcomes == ("부적합", "적합") and found.source.first_bad[0].line == (12 if place == "inside" else 32)
    assert [row.label for row in found.disparities[0].rows] == ["남", "여"]
    assert found.whole.divergence.count == BASE.departures


@pytest.mark.parametrize(
    "line",
    [
        ("(번호)", "(일시)", "(일시)", "(이름)", "(결과)", "(결과)", "", ""),
        _line("단위: 건"),
        ("-", "yyyy-mm-dd hh:mm:ss", "", "text", "text", "text", "", ""),
    ],
)
def test_a_line_of_units_below_the_header_is_set_aside_by_name(tmp_path: Path, line: tuple[str, ...]) -> None:
    found = analysed(as_csv(tmp_path / "a.csv", [line, *table()]))
    assert found.source.bad == {"unit_line": 1} and found.source.used == 30


def test_totals_in_a_column_before_the_case_number_are_seen(tmp_path: Path) -> None:
    rows = [("3월", *row) for row in table()] + [("합계", "30", "", "", "", "20", "18", "", "")]
    found = analysed(as_csv(tmp_path / "a.csv", rows, ("월", *HEADER)))
    assert found.source.bad == {"total_line": 1} and found.whole.divergence.count == 3


def test_a_case_that_is_called_like_a_total_stays_a_decision(tmp_path: Path) -> None:
    rows = changed(table(), "접수번호", lambda n, value: "합계" if n == 4 else value)
    assert figures(as_csv(tmp_path / "a.csv", rows)) == BASE


def test_a_mapping_says_which_words_are_totals(tmp_path: Path) -> None:
    rows = [*table(), _line("월마감", "", "", "", "20", "18")]
    path = as_csv(tmp_path / "a.csv", rows)
    assert analysed(path, totals=["월마감"]).source.bad == {"total_line": 1}
    assert analysed(path, totals=["월마감"]).outcomes == ("부적합", "적합")


def test_the_same_lines_are_set_aside_in_a_workbook(tmp_path: Path) -> None:
    lines = [HEADER, *FIRST, HEADER, *SECOND, _line("합계", "", "", "", "20", "18")]
    found = analysed(as_workbook(tmp_path / "a.xlsx", {"기록": lines}))
    assert found.source.bad == {"repeated_header": 1, "total_line": 1} and found.source.used == 30


def test_joined_logs_give_the_sums_of_both(tmp_path: Path) -> None:
    one, other = figures(as_csv(tmp_path / "a.csv", FIRST)), figures(as_csv(tmp_path / "b.csv", SECOND))
    joined = tmp_path / "c.csv"
    joined.write_bytes((tmp_path / "a.csv").read_bytes() + (tmp_path / "b.csv").read_bytes())
    both = figures(joined)
    assert both.used == one.used + other.used and both.departures == one.departures + other.departures
    assert both.total == both.used + 1 and both.median_seconds == 1800.0


def test_lines_that_are_no_decisions_do_not_count_as_lost(tmp_path: Path) -> None:
    from assessments.decision_log.judging.measuring import unread

    assert (
        unread(analysed(as_csv(tmp_path / "a.csv", [*FIRST, AGAIN, *SECOND, _line("합계", "", "", "", "", "")]))) == 0
    )
