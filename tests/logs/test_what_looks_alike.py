"""What looks like something else in a log: words of one meaning, decisions like totals, ids like numbers, days like times."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pyarrow as pa
import pytest
import xlsxwriter

from assessments.decision_log.judging.claimed import Claimed
from assessments.decision_log.judging.findings import contributions
from assessments.decision_log.triggers import Triggers
from assessments.model import Finding
from questionnaires import named
from tests.logs.tables import (
    BASE,
    HEADER,
    Row,
    analysed,
    as_csv,
    as_parquet,
    changed,
    columns_of,
    figures,
    remarks,
    table,
)

ROWS = table()
_PLAIN = ("접수번호", "AI결과", "최종결정", "성별")
PLAIN = [(row[0], row[4], row[5], row[7]) for row in ROWS]
"""Without times, so that no missing time sets a line aside."""


def _said(yes: str, no: str, other: str) -> list[Row]:
    """The AI and people say `yes` and `no`; every other time people write `other` for yes."""

    def decision(number: int, value: str) -> str:
        return (other if number % 2 else yes) if value == "적합" else no

    rows = changed(ROWS, "AI결과", lambda _, value: yes if value == "적합" else no)
    return changed(rows, "최종결정", decision)


@pytest.mark.first_in_check
@pytest.mark.parametrize(
    ("yes", "no", "other"),
    [("approve", "reject", "approved"), ("적합", "부적합", "합격"), ("Y", "N", "Yes"), ("TRUE", "FALSE", "1")],
)
@pytest.mark.parametrize("is_of_both", [False, True])
def test_words_of_one_meaning_are_asked_about_whoever_uses_them(
    tmp_path: Path, yes: str, no: str, other: str, *, is_of_both: bool
) -> None:
    rows = _said(yes, no, other)
    if is_of_both:
        rows = changed(rows, "AI결과", lambda n, value: other if value == yes and n % 4 == 0 else value)
    path = as_csv(tmp_path / "a.csv", rows)
    assert figures(path).departures > 3 and "outcomes_in_doubt" in remarks(path)
    assert figures(path, values={yes: [other]}).departures == 3
    assert "outcomes_in_doubt" not in remarks(path, favourable=[yes, other], not_favourable=[no])
    claims = contributions(analysed(path), Claimed(least_percent=5), Triggers())
    assert next(each for each in claims if each.part == named.PART_DIVERGENCE).finding is Finding.INDETERMINATE


@pytest.mark.first_in_check
@pytest.mark.parametrize("case", ["TOTAL-0001", "SUM0001", "Total Care-0001", "COUNT/2026-0001"])
def test_an_id_with_a_word_for_totals_is_a_case(tmp_path: Path, case: str) -> None:
    rows = [(f"{case[:-2]}{n:02}", "01"[b == "적합"], "01"[c == "적합"], d) for n, (_, b, c, d) in enumerate(PLAIN)]
    assert figures(as_csv(tmp_path / "a.csv", rows, _PLAIN)).departures == 3


@pytest.mark.first_in_check
@pytest.mark.parametrize(("header", "value"), [("상품", "Total Care"), ("상품", "평균 상품"), ("검토자", "Sum Kim")])
@pytest.mark.parametrize("case", ["A-", "10"])
def test_a_first_column_with_a_word_for_totals_takes_no_decision_away(
    tmp_path: Path, header: str, value: str, case: str
) -> None:
    rows = [(value, f"{case}{n:02}", "01"[b == "적합"], "01"[c == "적합"]) for n, (_, b, c, _) in enumerate(PLAIN)]
    read = figures(as_csv(tmp_path / "a.csv", rows, (header, *_PLAIN[:3])))
    assert (read.used, read.departures) == (30, 3)


def test_a_row_too_short_is_a_total_only_if_it_holds_counts(tmp_path: Path) -> None:
    path = as_csv(tmp_path / "a.csv", [*PLAIN, ("합계 확인 필요", "적합"), ("합계", "20")], _PLAIN)
    assert analysed(path).source.bad == {"total_line": 1, "column_count": 1}


@pytest.mark.parametrize("word", ["전체", "전체 30건", "구성비", "Mean", "計", "Total 300", "Σ"])
def test_more_words_for_totals_are_known(tmp_path: Path, word: str) -> None:
    found = analysed(as_csv(tmp_path / "a.csv", [*PLAIN, (word, "20", "18", "")], _PLAIN))
    assert found.source.bad == {"total_line": 1} and found.whole.divergence.count == 3


@pytest.mark.first_in_check
@pytest.mark.parametrize(("ids", "is_rounded"), [("1E%02d", False), ("3e1%02d", False), ("2.02603E+1%d", True)])
def test_an_id_with_an_e_is_rounded_only_if_a_program_would_write_it_so(
    tmp_path: Path, ids: str, *, is_rounded: bool
) -> None:
    rows = [*PLAIN[:20], *((ids % n, *row[1:]) for n, row in enumerate(PLAIN[20:]))]
    read = analysed(as_csv(tmp_path / "a.csv", rows, _PLAIN)).source
    assert read.bad == ({"rounded_id": 10} if is_rounded else {})


@pytest.mark.first_in_check
@pytest.mark.parametrize("case", ["2026-****", "신용대출"])
def test_ids_that_many_rows_share_are_asked_about(tmp_path: Path, case: str) -> None:
    path = as_csv(tmp_path / "a.csv", changed(ROWS, "접수번호", lambda n, value: case if n > 5 else value))
    assert figures(path).used < 15 and "ids_repeat" in remarks(path)
    claims = contributions(analysed(path), Claimed(least_percent=5), Triggers())
    assert next(each for each in claims if each.part == named.PART_DIVERGENCE).finding is Finding.INDETERMINATE
    assert "ids_repeat" not in remarks(as_csv(tmp_path / "b.csv", [*ROWS, *ROWS]))


_DAYS = [datetime.fromisoformat("2026-03-02") + timedelta(days=n) for n in range(30)]
_TYPES = {"parquet": pa.timestamp("us"), "parquet with a zone": pa.timestamp("us", "Asia/Seoul")}


@pytest.mark.parametrize("kind", ["csv", *_TYPES])
@pytest.mark.parametrize("both", [True, False])
def test_a_day_saved_as_a_time_gives_no_review_time(tmp_path: Path, kind: str, *, both: bool) -> None:
    shown, decided = _DAYS, [day if both else day + timedelta(hours=10, minutes=5) for day in _DAYS]
    if kind == "csv":
        rows = changed(ROWS, "제시시각", lambda n, _: f"{shown[n]:%F %T}")
        path = as_csv(tmp_path / "a.csv", changed(rows, "결정시각", lambda n, _: f"{decided[n]:%F %T}"))
    else:
        columns = columns_of(ROWS)
        hours = timedelta(hours=9 if "zone" in kind else 0)
        times = {
            name: pa.array([day - hours for day in days], _TYPES[kind])
            for name, days in (("제시시각", shown), ("결정시각", decided))
        }
        path = as_parquet(tmp_path / "a.parquet", {**columns, **times})
    assert figures(path).median_seconds is None and "times_unknown" in remarks(path)
    assert figures(path).used == 30


def test_rows_that_a_filter_hides_are_named(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(path) as book:
        book.add_worksheet("안내 & <1>").set_row(4, None, None, {"hidden": True})
        sheet = book.add_worksheet("기록 '1'번")
        for number, line in enumerate([HEADER, *ROWS]):
            sheet.write_row(number, 0, line)
            if number and line[5] != "적합":
                sheet.set_row(number, None, None, {"hidden": True})
    assert figures(path) == BASE
    reading = analysed(path).reading
    assert reading is not None
    hidden = [remark.values for remark in reading.assumed if remark.key == "hidden_rows"]
    assert hidden == [{"sheet": "기록 '1'번", "n": str(sum(row[5] != "적합" for row in ROWS))}]


def test_a_mark_that_no_number_reaches_is_named(tmp_path: Path) -> None:
    path = as_csv(tmp_path / "a.csv", [(a, "0.92" if b == "적합" else "0.31", c, d) for a, b, c, d in PLAIN], _PLAIN)
    cutoff = {"then": "적합", "otherwise": "부적합"}
    assert "cutoff_one_side" in remarks(path, cutoff={"at_least": "60", **cutoff})
    assert "cutoff_one_side" not in remarks(path, cutoff={"at_least": "0.6", **cutoff})
    assert figures(path, cutoff={"at_least": "0.6", **cutoff}).departures == 3


@pytest.mark.first_in_check
@pytest.mark.parametrize(
    ("header", "names", "ways"),
    [
        ("성별", {"sex": {"여": ["여성"], "남": ["남성"]}}, {"여": "여성", "남": "남성"}),
        ("성별", {"sex": {"여": ["F"], "남": ["M"]}}, {"여": "F", "남": "M"}),
        ("연령대", {"age_band": {"20대": ["20-29"], "30대": ["30~39"]}}, {"여": "20대", "남": "30대"}),
    ],
)
def test_groups_that_are_called_alike_are_asked_about(
    tmp_path: Path, header: str, names: dict[str, dict[str, list[str]]], ways: dict[str, str]
) -> None:
    other = {label: others[0] for labels in names.values() for label, others in labels.items()}

    def member(number: int, value: str) -> str:
        word = ways[value] if header == "연령대" else value
        return other[word] if number % 3 else word

    rows = changed(ROWS, "성별", member)
    path = as_csv(tmp_path / "a.csv", rows, (*HEADER[:-1], header))
    assert "labels_alike" in remarks(path) and "labels_alike" not in remarks(path, names=names)
    apart = {group: {word: [word] for word in (*labels, *other.values())} for group, labels in names.items()}
    assert "labels_alike" not in remarks(path, names=apart)


@pytest.mark.first_in_check
@pytest.mark.parametrize("way", ["{} 위원", "{}님", "{}(심사1팀)", "0{}"])
def test_reviewers_who_may_be_one_person_are_asked_about(tmp_path: Path, way: str) -> None:
    numbers = {"김가": "101", "박나": "102", "이다": "103"}
    rows = changed(ROWS, "검토자", lambda _, value: numbers[value] if way.startswith("0") else value)
    rows = changed(rows, "검토자", lambda n, value: way.format(value) if n % 2 else value)
    path = as_csv(tmp_path / "a.csv", rows)
    assert figures(path).reviewers == 6 and "names_alike" in remarks(path)
    same = {"reviewer": {name: [name, way.format(name)] for name in {row[3] for row in rows[::2]}}}
    assert figures(path, names=same).reviewers == 3 and "names_alike" not in remarks(path, names=same)
    assert "names_alike" not in remarks(as_csv(tmp_path / "b.csv", ROWS))
