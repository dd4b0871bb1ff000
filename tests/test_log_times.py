"""Dates and times as people write them."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa
import pytest

from assessments.decision_log.reading.faults import Fault
from assessments.decision_log.reading.times import FAULT_OF, local_days, read_times

SEOUL = ZoneInfo("Asia/Seoul")
MOMENT = np.datetime64("2026-04-02T00:35:00", "us")


@pytest.mark.parametrize(
    "text",
    [
        "2026-04-02 09:35",
        "2026-04-02T09:35:00",
        "2026-04-02T09:35:00.000000",
        "2026-04-02T00:35:00Z",
        "2026-04-02 00:35:00+00:00",
        "2026-04-01T19:35:00-05:00",
        "2026-04-02 09:35:00 KST",
        "2026/4/2 9:35",
        "2026.4.2 9:35",
        "2026. 4. 2. 오전 9:35:00",
        "2026. 4. 2. AM 9:35",
        "2026-04-02 9:35:00 AM",
        "2026년 4월 2일 9시 35분",
        "20260402093500",
        "46114.39930555556",
        "1775090100",
        "1775090100000",
    ],
)
@pytest.mark.parametrize("beside", [[], ["2026/12/31 23:59"]])
def test_one_moment_is_read_however_it_is_written(text: str, beside: list[str]) -> None:
    times = read_times(pa.array([text, *beside]), SEOUL, None)
    assert times.fault[0] == 0
    assert np.datetime64(int(times.micros[0]), "us") == MOMENT
    assert not times.is_day[0]


@pytest.mark.parametrize(
    ("text", "half"), [("2026. 4. 2. 오후 12:10", 12), ("2026. 4. 2. 오전 12:10", 0), ("2026-4-2 1:10 PM", 13)]
)
def test_halves_of_the_day_are_understood(text: str, half: int) -> None:
    times = read_times(pa.array([text]), ZoneInfo("UTC"), None)
    assert np.datetime64(int(times.micros[0]), "us") == np.datetime64(f"2026-04-02T{half:02}:10:00", "us")


@pytest.mark.parametrize("text", ["2026-04-02", "2026. 4. 2.", "20260402", "46114"])
def test_a_day_alone_is_a_day_and_no_moment(text: str) -> None:
    times = read_times(pa.array([text]), SEOUL, None)
    assert times.is_day[0] and not times.fault[0]
    assert local_days(times.micros, SEOUL)[0] == (np.datetime64("2026-04-02") - np.datetime64("1970-01-01")).astype(int)


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", Fault.MISSING),
        ("   ", Fault.MISSING),
        ("2026-02-30 10:00", Fault.NOT_A_TIME),
        ("2026-13-01 10:00", Fault.NOT_A_TIME),
        ("2026-04-02 25:00", Fault.NOT_A_TIME),
        ("=NOW()", Fault.NOT_A_TIME),
        ("yesterday", Fault.NOT_A_TIME),
        ("12", Fault.NOT_A_TIME),
        ("0000-01-01 10:00:00 KST", Fault.NOT_A_TIME),
        ("02/04/2026 10:00", Fault.DAY_OR_MONTH),
    ],
)
def test_what_is_no_time_says_why(text: str, fault: Fault) -> None:
    assert FAULT_OF[int(read_times(pa.array([text]), SEOUL, None).fault[0])] is fault


@pytest.mark.parametrize(("order", "month"), [("dmy", 4), ("mdy", 2)])
def test_day_and_month_are_told_apart_only_by_the_mapping(order: str, month: int) -> None:
    times = read_times(pa.array(["02/04/2026 10:00"]), ZoneInfo("UTC"), order)
    day = 2 if month == 4 else 4
    assert np.datetime64(int(times.micros[0]), "us") == np.datetime64(f"2026-{month:02}-{day:02}T10:00", "us")


def test_typed_times_are_taken_with_their_zone_or_that_of_the_mapping() -> None:
    naive = pa.array([np.datetime64("2026-04-02T09:35:00", "ns"), None], pa.timestamp("ns"))
    aware = pa.array([1_775_090_100_000], pa.int64()).cast(pa.timestamp("ms", "America/New_York"))
    for column in (naive, aware):
        assert np.datetime64(int(read_times(column, SEOUL, None).micros[0]), "us") == MOMENT
    assert FAULT_OF[int(read_times(naive, SEOUL, None).fault[1])] is Fault.MISSING


def test_summer_time_is_kept() -> None:
    times = read_times(pa.array(["2026-01-15 12:00:00", "2026-07-15 12:00:00"]), ZoneInfo("Europe/Berlin"), None)
    hours = [int(str(np.datetime64(int(one), "us"))[11:13]) for one in times.micros]
    assert hours == [11, 10]
