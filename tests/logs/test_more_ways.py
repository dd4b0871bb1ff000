"""Ways in which offices and banks write logs: what means the same is read, what is in doubt is asked, nothing in silence."""

from __future__ import annotations

import unicodedata
from datetime import datetime
from pathlib import Path

import pyarrow as pa
import pytest

from assessments.decision_log.judging.claimed import Claimed
from assessments.decision_log.judging.findings import contributions
from assessments.decision_log.reading.faults import LogRefusedError
from assessments.decision_log.triggers import Triggers
from assessments.model import Finding
from questionnaires import named
from tests.logs.tables import (
    BASE,
    HEADER,
    analysed,
    as_csv,
    as_parquet,
    as_workbook,
    changed,
    columns_of,
    figures,
    remarks,
    table,
)

ROWS = table()
WIDTH = len(HEADER)


@pytest.mark.parametrize("ways", [("1", "1.0", "0"), ("1", "1.00", "0.0"), ("2", "２.0", "-1.0")])
def test_a_whole_number_with_a_point_is_the_same_outcome(tmp_path: Path, ways: tuple[str, str, str]) -> None:
    plain, pointed, other = ways
    rows = changed(ROWS, "AI결과", lambda n, value: (pointed if n % 2 else plain) if value == "적합" else other)
    rows = changed(rows, "최종결정", lambda _, value: plain if value == "적합" else other)
    assert figures(as_csv(tmp_path / "a.csv", rows)).departures == BASE.departures


@pytest.mark.first_in_check
@pytest.mark.parametrize("word", ["'적합'", "적합.", "[적합]", "적합(01)", "추천보류", "보류", "이관", "01"])
def test_an_outcome_that_only_people_use_is_asked_about(tmp_path: Path, word: str) -> None:
    rows = changed(ROWS, "최종결정", lambda n, value: word if n in (4, 9, 16) else value)
    path = as_csv(tmp_path / "a.csv", rows)
    assert figures(path).departures == 6 and "outcomes_in_doubt" in remarks(path)
    assert "outcomes_in_doubt" not in remarks(path, not_favourable=[word])
    assert figures(path, values={"적합": [word]}).departures == 3 + sum(ROWS[n][4] != "적합" for n in (4, 9, 16))


def test_two_words_of_one_meaning_on_either_side_are_asked_about(tmp_path: Path) -> None:
    rows = changed(ROWS, "AI결과", lambda _, value: "승인" if value == "적합" else "거절")
    rows = changed(rows, "최종결정", lambda _, value: "승인" if value == "적합" else "부결")
    path = as_csv(tmp_path / "a.csv", rows)
    assert "outcomes_in_doubt" in remarks(path)
    assert figures(path, values={"거절": ["부결"]}) == BASE and not remarks(path, values={"거절": ["부결"]}) & {
        "outcomes_in_doubt"
    }


def test_what_is_in_doubt_supports_no_departures(tmp_path: Path) -> None:
    rows = changed(ROWS, "최종결정", lambda n, value: "재검토" if n % 2 else ROWS[n][4])
    found = analysed(as_csv(tmp_path / "a.csv", rows))
    said = contributions(found, Claimed(least_percent=5), Triggers())
    assert next(one for one in said if one.part == named.PART_DIVERGENCE).finding is Finding.INDETERMINATE


def test_a_log_of_two_outcomes_leaves_no_doubt(tmp_path: Path) -> None:
    rows = changed(ROWS, "AI결과", lambda _, __: "F1")
    rows = changed(rows, "최종결정", lambda n, _: "F2" if n % 5 == 0 else "F1")
    assert "outcomes_in_doubt" not in remarks(as_csv(tmp_path / "a.csv", rows))


@pytest.mark.first_in_check
@pytest.mark.parametrize(
    "word", ["처리중", "심사 중", "미결정", "검토중", "Pending", "IN PROGRESS", "in-review", "TBD"]
)
def test_a_decision_that_is_none_yet_is_set_aside_and_said(tmp_path: Path, word: str) -> None:
    rows = changed(ROWS, "최종결정", lambda n, value: word if n in (4, 9, 16) else value)
    path = as_csv(tmp_path / "a.csv", rows)
    found = analysed(path)
    assert found.source.bad == {"undecided": 3} and found.whole.divergence.count == 3
    assert "undecided_words" in remarks(path)
    assert figures(path, not_favourable=[word]).departures == 6


def test_what_the_ai_says_too_is_an_outcome(tmp_path: Path) -> None:
    rows = changed(ROWS, "AI결과", lambda n, value: "검토중" if n in (4, 9) else value)
    rows = changed(rows, "최종결정", lambda n, value: "검토중" if n in (4, 9) else value)
    assert figures(as_csv(tmp_path / "a.csv", rows)).departures == 3


@pytest.mark.first_in_check
@pytest.mark.parametrize(
    "word",
    ["(공백)", "N.A.", "n.a", "·", "<NULL>", "{null}", "***", "-----", "결측치", "미기입", "알 수 없음", "unknown"],
)
@pytest.mark.parametrize("column", ["최종결정", "성별", "사유"])
def test_more_words_stand_for_nothing(tmp_path: Path, word: str, column: str) -> None:
    rows = changed(ROWS, column, lambda n, value: word if n in (4, 9) else value)
    found = analysed(as_csv(tmp_path / "a.csv", rows))
    assert found.whole.divergence.count == 3 and found.reading is not None
    assert sum(one.count for one in found.reading.missing) == 2
    assert found.reasons is not None and found.reasons.empty.count == 27 - (2 if column == "최종결정" else 0)


@pytest.mark.parametrize("word", ["+", "○", "×"])
def test_signs_that_say_something_stay_values(tmp_path: Path, word: str) -> None:
    rows = changed(ROWS, "성별", lambda n, value: word if value == "여" else value)
    assert dict(figures(as_csv(tmp_path / "a.csv", rows)).groups) == {"남": 15, unicodedata.normalize("NFKC", word): 15}


@pytest.mark.parametrize("name", ["AI검토팀", "심사AI", "ai_심사01", "RPA봇", "자동심사팀"])
def test_a_machine_is_asked_about_whatever_it_is_glued_to(tmp_path: Path, name: str) -> None:
    rows = changed(ROWS, "검토자", lambda n, value: name if n % 3 == 0 else value)
    assert "machine_names" in remarks(as_csv(tmp_path / "a.csv", rows))


@pytest.mark.parametrize("name", ["KAI 김", "이자동차", "Maia", "Raina"])
def test_a_person_is_not_taken_for_a_machine(tmp_path: Path, name: str) -> None:
    rows = changed(ROWS, "검토자", lambda n, value: name if n % 3 == 0 else value)
    assert "machine_names" not in remarks(as_csv(tmp_path / "a.csv", rows))


@pytest.mark.parametrize(
    "line",
    [
        ("case_id", "shown_at", "decided_at", "reviewer", "ai_output", "decision", "reason", "sex"),
        ("varchar2(10)", "date", "date", "varchar2(20)", "char(1)", "char(1)", "varchar2", "char(1)"),
        ("NUMBER(10,0)", "timestamp", "timestamp", "text", "text", "text", "text", "text"),
    ],
)
def test_a_second_header_is_no_decision(tmp_path: Path, line: tuple[str, ...]) -> None:
    places = [0, 3, 4, 5]
    rows = [tuple(row[place] for place in places) for row in (line, *ROWS)]
    found = analysed(as_csv(tmp_path / "a.csv", rows, [HEADER[place] for place in places]))
    assert found.source.used == 30 and found.whole.divergence.count == 3 and len(found.outcomes) == 2


@pytest.mark.parametrize("text", ["총 30건", "총30건", "총: 1,200", "30 rows selected."])
def test_a_count_at_the_end_is_a_total(tmp_path: Path, text: str) -> None:
    rows = [*ROWS, (text, *[""] * (WIDTH - 1))]
    assert analysed(as_csv(tmp_path / "a.csv", rows)).source.bad == {"total_line": 1}


@pytest.mark.parametrize(
    ("header", "text", "seconds"),
    [
        ("검토시간(분)", "1,200", 72_000),
        ("검토시간(초)", "1,200.5", 1_200.5),
        ("검토시간(분)", "１２", 720),
        ("검토시간(분)", "12분", 720),
        ("검토시간(분)", "12 min.", 720),
        ("검토시간(분)", "12분 30초", 750),
        ("검토시간(분)", "1시간 12분", 4_320),
        ("검토시간(초)", "PT12M30S", 750),
        ("검토시간(초)", "1.5h", 5_400),
        ("검토시간(분)", "90s", 90),
    ],
)
def test_durations_are_read_as_they_are_written(tmp_path: Path, header: str, text: str, seconds: float) -> None:
    rows = [(row[0], row[4], row[5], "" if n == 5 else text) for n, row in enumerate(ROWS)]
    found = analysed(as_csv(tmp_path / "a.csv", rows, ("접수번호", "AI결과", "최종결정", header)))
    assert found.source.used == 30 and found.whole.times is not None
    assert found.whole.times.quantile(50).seconds == pytest.approx(seconds) and found.whole.times.unknown == 1


def test_a_duration_without_a_unit_and_columns_like_those_lacking_are_named(tmp_path: Path) -> None:
    rows = [(row[0], row[4], row[5], "12", row[7], "1") for row in ROWS]
    path = as_csv(tmp_path / "a.csv", rows, ("접수번호", "AI결과", "최종결정", "검토시간", "성별구분", "mortgage_type"))
    found = analysed(path)
    assert found.whole.times is None and {"unit_unknown", "similar_columns"} <= remarks(path)
    assert found.reading is not None
    offered = {
        one.values["column"]: one.values["headers"]
        for one in found.reading.not_computed
        if one.key == "similar_columns"
    }
    assert offered == {"sex": "성별구분"}


def _half(moment: datetime, pattern: str) -> str:
    half = "오전" if moment.hour < 12 else "오후"
    day = "월화수목금토일"[moment.weekday()]
    return (
        moment.strftime(pattern).replace("HALF", half).replace("HOUR", str(moment.hour % 12 or 12)).replace("DAY", day)
    )


@pytest.mark.first_in_check
@pytest.mark.parametrize(
    "pattern",
    [
        "%Y-%m-%d HOUR:%M:%S HALF",
        "%Y-%m-%d HALFHOUR:%M:%S",
        "%Y-%m-%d(DAY) %H:%M:%S",
        "%Y년 %m월 %d일 DAY요일 HALF HOUR:%M:%S",
        "%Y-%m-%d (DAY) HALF HOUR시 %M분 %S초",
        "%Y%m%d %H:%M:%S",
        "%Y%m%d %H%M%S",
        "%Y%m%dT%H%M%S",
        "%Y-%m-%d, %H:%M:%S",
        "%Y-%m-%d_%H:%M:%S",
        "%Y. %m. %d. HALF HOUR:%M:%S",
    ],
)
def test_times_as_korean_systems_print_them(tmp_path: Path, pattern: str) -> None:
    rows = [(row[0], *(_half(datetime.fromisoformat(one), pattern) for one in row[1:3]), *row[3:]) for row in ROWS]
    assert figures(as_csv(tmp_path / "a.csv", rows)) == BASE


@pytest.mark.first_in_check
@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("delimiter", ["\t", ","])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
@pytest.mark.parametrize("end", ["\r\n", "\n"])
def test_unicode_text_of_a_spreadsheet_is_read(
    tmp_path: Path, encoding: str, delimiter: str, mark: str, end: str
) -> None:
    before = mark if encoding != "utf-16" else ""
    rows = changed(ROWS, "사유", lambda n, value: '첫 줄\n둘째 줄, "ਊ"' if value else "")
    path = as_csv(tmp_path / "a.txt", rows, encoding=encoding, delimiter=delimiter, before=before, end=end)
    assert figures(path) == BASE
    reading = analysed(path).reading
    assert reading is not None and reading.encoding in ("utf-16-le", "utf-16-be")
    assert figures(path, encoding=reading.encoding) == BASE


def test_a_bad_row_of_unicode_text_is_named_by_its_line(tmp_path: Path) -> None:
    rows = changed(ROWS, "결정시각", lambda n, value: "모름x" if n == 9 else value)
    rows = changed(rows, "사유", lambda n, value: "두\n줄" if n == 2 else value)
    path = as_csv(tmp_path / "a.txt", rows, encoding="utf-16", delimiter="\t", before="결정 기록\n\n")
    assert [(one.line, one.fault) for one in analysed(path).source.first_bad] == [(3 + 1 + 9 + 1, "not_a_time")]


@pytest.mark.parametrize(("encoding", "cut", "says"), [("utf-16", 1, "UTF-16"), ("utf-32", 0, "UTF-32")])
def test_unicode_text_that_cannot_be_read_is_called_what_it_is(
    tmp_path: Path, encoding: str, cut: int, says: str
) -> None:
    path = as_csv(tmp_path / "a.txt", ROWS, encoding=encoding, delimiter="\t")
    path.write_bytes(path.read_bytes()[: -cut or None])
    with pytest.raises(LogRefusedError, match=says):
        figures(path)


@pytest.mark.parametrize("more", [1, 2, 4])
def test_empty_columns_behind_the_last_are_no_columns(tmp_path: Path, more: int) -> None:
    path = as_csv(tmp_path / "a.csv", [(*row, *[""] * more) for row in ROWS])
    assert figures(path) == BASE and "trailing_delimiter" in remarks(path)


def test_numbers_of_a_parquet_file_are_not_rounded_by_being_written(tmp_path: Path) -> None:
    columns = columns_of(ROWS) | {
        "접수번호": pa.array([2.026e14 + n for n in range(30)]),
        "AI결과": pa.array([1 if row[4] == "적합" else 0 for row in ROWS], pa.int8()),
        "최종결정": pa.array([1.0 if row[5] == "적합" else 0.0 for row in ROWS]),
    }
    found = figures(as_parquet(tmp_path / "a.parquet", columns))
    assert (found.used, found.departures) == (30, 3)


def test_a_workbook_with_titles_months_and_totals(tmp_path: Path) -> None:
    total = ("소계", "", "", "", "", "", "", "")
    title = ("2026년 결정 기록", *[""] * (WIDTH - 1))
    sheets = {f"{n + 1}월": [title, (), HEADER, *ROWS[10 * n : 10 * n + 10], total] for n in range(3)}
    path = as_workbook(tmp_path / "a.xlsx", sheets, merged=[(0, 0, 0, WIDTH - 1, "2026년 결정 기록")])
    found = analysed(path)
    assert found.source.bad == {"total_line": 3} and found.source.used == 30 and found.whole.divergence.count == 3
