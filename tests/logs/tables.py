"""Thirty decisions as a table, and files of every kind made of it: table, as_csv, as_workbook, as_parquet, figures."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet
import xlsxwriter

from assessments.decision_log.reading.columns import LogMapping
from assessments.decision_log.statistics.analysis import Settings, analyse
from assessments.decision_log.statistics.analysis_model import LogAnalysis
from tests.logs import imported

HEADER = ("접수번호", "제시시각", "결정시각", "검토자", "AI결과", "최종결정", "사유", "성별")
DEPARTURES = (3, 11, 22)
Row = tuple[str, ...]


def table(rows: int = 30, first: int = 0) -> list[Row]:
    """Every third AI output is 부적합; rows of DEPARTURES (modulo 30) were decided otherwise; half an hour a case."""
    found = []
    for number in range(first, first + rows):
        shown = datetime(2026, 3, 2, 9, 0, 30, tzinfo=UTC) + timedelta(hours=number)
        output = "부적합" if number % 3 == 2 else "적합"
        departs = number % 30 in DEPARTURES
        decision = ("적합" if output == "부적합" else "부적합") if departs else output
        reason = "면접 기록 확인" if departs else ""
        times = (f"{shown:%F %T}", f"{shown + timedelta(minutes=30):%F %T}")
        found.append(
            (
                f"A-{number:04}",
                *times,
                ("김가", "박나", "이다")[number % 3],
                output,
                decision,
                reason,
                "여남"[number % 2],
            )
        )
    return found


def changed(rows: Sequence[Row], column: str, change: Callable[[int, str], str]) -> list[Row]:
    """The rows with one column changed, by number and value."""
    place = HEADER.index(column)
    return [(*row[:place], change(number, row[place]), *row[place + 1 :]) for number, row in enumerate(rows)]


def as_csv(
    path: Path,
    rows: Sequence[Sequence[str]],
    header: Sequence[str] = HEADER,
    *,
    encoding: str = "utf-8",
    delimiter: str = ",",
    quoting: Any = csv.QUOTE_MINIMAL,
    before: str = "",
    after: str = "",
    end: str = "\n",
) -> Path:
    text = io.StringIO()
    writer = csv.writer(text, delimiter=delimiter, quoting=quoting, lineterminator=end)
    writer.writerows([header, *rows])
    path.write_bytes((before + text.getvalue() + after).encode(encoding))
    return path


def as_workbook(
    path: Path,
    sheets: Mapping[str, Sequence[Sequence[object]]],
    *,
    hidden: Sequence[str] = (),
    merged: Sequence[tuple[int, int, int, int, str]] = (),
    is_1904: bool = False,
) -> Path:
    """Sheets with all their lines, header included. merged: of the last sheet, from and to in rows and columns from 0."""
    with xlsxwriter.Workbook(path, {"date_1904": is_1904}) as book:
        for name, lines in sheets.items():
            sheet = book.add_worksheet(name)
            for number, line in enumerate(lines):
                for place, cell in enumerate(line):
                    if isinstance(cell, str):
                        sheet.write_string(number, place, cell)
                    else:
                        sheet.write(number, place, cell)
            if name in hidden:
                sheet.hide()
        for first, left, last, right, value in merged:
            sheet.merge_range(first, left, last, right, value)
    return path


def as_parquet(path: Path, columns: Mapping[str, Any]) -> Path:
    pyarrow.parquet.write_table(pa.table(dict(columns)), path)
    return path


def columns_of(rows: Sequence[Row], header: Sequence[str] = HEADER) -> dict[str, list[str]]:
    return {name: [row[place] for row in rows] for place, name in enumerate(header)}


@dataclass(frozen=True)
class Figures:
    """What thirty decisions come to."""

    total: int
    used: int
    departures: int
    reviewers: int
    groups: tuple[tuple[str, int], ...]
    median_seconds: float | None
    without_reason: int | None
    automatic: int


BASE = Figures(30, 30, 3, 3, (("남", 15), ("여", 15)), 1800.0, 27, 0)


def analysed(path: Path, **said: object) -> LogAnalysis:
    """With what a mapping says."""
    return analyse(imported(path, LogMapping.model_validate(said) if said else None), Settings())


def figures(path: Path, **said: object) -> Figures:
    found = analysed(path, **said)
    whole = found.whole
    selection = found.disparities[0].rows if found.disparities else ()
    return Figures(
        found.source.total,
        found.source.used,
        whole.divergence.count,
        found.reviewer_count,
        tuple((row.label, row.final.n) for row in selection),
        whole.times.quantile(50).seconds if whole.times else None,
        found.reasons.empty.count if found.reasons else None,
        found.automatic.count,
    )


def remarks(path: Path, **said: object) -> set[str]:
    """Keys of what the reading assumed, did not compute or asks."""
    reading = analysed(path, **said).reading
    assert reading is not None
    return {one.key for one in (*reading.assumed, *reading.not_computed, *reading.asked)}
