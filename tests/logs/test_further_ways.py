"""Further ways of writing times, units, headers and missing values: the same thirty decisions give the same figures."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from tests.logs.tables import HEADER, Row, analysed, as_csv, changed, table

FORM = "%Y-%m-%d %H:%M:%S"
SEOUL = ZoneInfo("Asia/Seoul")
WAYS: dict[str, Callable[[datetime], str]] = {
    "hours only in the zone": lambda at: f"{at:%F %T}+09",
    "a fraction and hours only": lambda at: f"{at:%F %T}.250+09",
    "UTC with hours in brackets": lambda at: f"{at:%F %T} (UTC+9)",
    "GMT with hours": lambda at: f"{at:%F %T} GMT+09:00",
    "the zone's name behind": lambda at: f"{at:%FT%T}+09:00[Asia/Seoul]",
    "a month's name between dashes": lambda at: f"{at:%d-%b-%Y %T}",
    "a month's whole name": lambda at: f"{at:%d %B %Y, %T}",
    "a month's name first": lambda at: f"{at:%b %d, %Y %I:%M:%S %p}",
    "a month's name first, bare": lambda at: f"{at:%b %d %Y %I:%M%p}",
    "as in a letter": lambda at: f"{at:%a, %d %b %Y %T} +0900",
    "a weekday first": lambda at: f"{at:%A %F %T}",
    "seconds since 1970 with a fraction": lambda at: f"{at.timestamp():.3f}",
}


def with_times(way: Callable[[datetime], str]) -> list[Row]:
    return [
        (row[0], *(way(datetime.strptime(text, FORM).replace(tzinfo=SEOUL)) for text in row[1:3]), *row[3:])
        for row in table()
    ]


@pytest.mark.first_in_check
@pytest.mark.parametrize("way", WAYS)
def test_times_in_further_ways_are_the_same_times(tmp_path: Path, way: str) -> None:
    found = analysed(as_csv(tmp_path / "log.csv", with_times(WAYS[way])))
    assert (found.whole.divergence.count, found.whole.divergence.n) == (3, 30)
    assert found.whole.times is not None
    assert found.whole.times.quantile(50).seconds == 1800


@pytest.mark.first_in_check
@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("2026-03-02 09:00:30+09", "2026-03-02T00:00:30Z"),
        ("2026-03-02 09:00:30 (UTC+9)", "2026-03-02T00:00:30Z"),
        ("02 Mar 2026 09:00:30 -0530", "2026-03-02T14:30:30Z"),
        ("2026-03-01 23:59:59 GMT-3", "2026-03-02T02:59:59Z"),
    ],
)
def test_a_zone_moves_the_time_by_what_it_says(tmp_path: Path, text: str, same: str) -> None:
    """Both are taken for the moment at which the case was shown; the decision follows by the clock of Greenwich."""
    minutes = []
    for shown in (text, same):
        rows = [(*row[:1], shown, "2026-03-02T20:00:30Z", *row[3:]) for row in table()]
        times = analysed(as_csv(tmp_path / "log.csv", rows)).whole.times
        assert times is not None
        minutes.append(times.quantile(50).seconds)
    assert minutes[0] == minutes[1]


@pytest.mark.parametrize("text", ["31-Feb-2026 09:00:00", "02-Mrz-2026 09:00:00", "Mar 2026", "Marble 2, 2026"])
def test_what_only_looks_like_a_named_month_is_no_time(tmp_path: Path, text: str) -> None:
    rows = changed(table(), "결정시각", lambda number, value: text if number == 0 else value)
    assert analysed(as_csv(tmp_path / "log.csv", rows)).source.bad == {"not_a_time": 1}


@pytest.mark.parametrize(
    ("header", "text"),
    [
        ("Review Time (min)", "30"),
        ("소요시간[분]", "30"),
        ("검토시간(초)", "1800"),
        ("elapsed_seconds", "1800"),
        ("Duration, sec", "1800"),
        ("처리시간 분", "30"),
    ],
)
def test_a_unit_in_the_header_is_taken_at_its_word(tmp_path: Path, header: str, text: str) -> None:
    rows = [(row[0], *row[2:], text) for row in table()]
    times = analysed(as_csv(tmp_path / "log.csv", rows, (HEADER[0], *HEADER[2:], header))).whole.times
    assert times is not None
    assert times.quantile(50).seconds == 1800


@pytest.mark.parametrize("header", ["검토시간(ms)", "Duration (m)", "소요시간 (시간)", "elapsed time"])
def test_a_review_time_without_a_known_unit_is_named_and_not_used(tmp_path: Path, header: str) -> None:
    rows = [(row[0], *row[2:], "30") for row in table()]
    found = analysed(as_csv(tmp_path / "log.csv", rows, (HEADER[0], *HEADER[2:], header)))
    assert found.whole.times is None
    assert found.reading is not None
    assert {remark.values["headers"] for remark in found.reading.not_computed if remark.key == "unit_unknown"} == {
        header
    }


@pytest.mark.parametrize("columns", [(0, 3, 4, 5), tuple(range(8))])
def test_a_header_in_other_words_between_the_rows_is_no_decision(tmp_path: Path, columns: tuple[int, ...]) -> None:
    """Two files of two systems put one under the other."""
    other = ("case id", "shown at", "decided at", "reviewer", "AI output", "Final Decision", "reason", "sex")
    rows = [*table(15), other, *table(30)[15:]]
    chosen = [[row[place] for place in columns] for row in rows]
    found = analysed(as_csv(tmp_path / "log.csv", chosen, [HEADER[place] for place in columns]))
    assert found.source.bad == {"repeated_header": 1}
    assert found.outcomes == ("부적합", "적합")
    assert (found.whole.divergence.count, found.whole.divergence.n) == (3, 30)


@pytest.mark.first_in_check
@pytest.mark.parametrize(
    "word", ["n.d.", "없슴", "Not provided", "#N/A N/A", "N/A (해당없음)", "(선택 안 함)", "특이사항 없음", "no answer"]
)
def test_further_words_for_missing_are_missing_in_every_column(tmp_path: Path, word: str) -> None:
    rows = changed(table(), "최종결정", lambda number, value: word if number % 10 == 5 else value)
    rows = changed(rows, "성별", lambda number, value: word if number % 10 == 6 else value)
    rows = changed(rows, "사유", lambda number, value: value or word)
    found = analysed(as_csv(tmp_path / "log.csv", rows))
    assert found.source.bad == {"missing": 3}
    assert (found.whole.divergence.count, found.whole.divergence.n) == (3, 27)
    assert found.reasons is not None
    assert found.reasons.empty.count == 24
    assert {row.label for one in found.breakdowns if one.by == "group:sex" for row in one.rows} == {"", "남", "여"}
