"""What must not move a figure does not, and whatever a file holds, every row of it is counted or named."""

from __future__ import annotations

import csv
import io
import json
import unicodedata
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.decision_log.reading import streaming
from assessments.decision_log.reading.faults import LogRefusedError
from assessments.decision_log.statistics.analysis_model import LogAnalysis, to_json
from tests.logs import imported, several
from tests.logs.tables import HEADER, Row, analysed, as_csv, as_parquet, as_workbook, changed, columns_of, table

ROWS = table(60)


def told(found: LogAnalysis) -> dict[str, Any]:
    """All figures, without the file and the way in which it was read."""
    data = to_json(found)
    bad = data["source"]["bad"]
    return {name: value for name, value in data.items() if name not in ("source", "reading")} | {"bad": bad}


def _day(way: str) -> Callable[[int, str], str]:
    """A time in another way of writing."""

    def write(_: int, value: str) -> str:
        day, clock = value.split(" ")
        year, month, date = day.split("-")
        hour, minute, second = (int(one) for one in clock.split(":"))
        half = "오전" if hour < 12 else "오후"
        return {
            "T": f"{day}T{clock}",
            "slashes": f"{year}/{month}/{date} {clock}",
            "dots": f"{year}. {int(month)}. {int(date)}. {clock}",
            "hangul": f"{year}년 {int(month)}월 {int(date)}일 {hour}시 {minute}분 {second}초",
            "halves": f"{day} {half} {(hour - 1) % 12 + 1}:{minute:02}:{second:02}",
            "zone": f"{day}T{clock}+09:00",
            "fraction": f"{value}.000",
        }[way]

    return write


def _both_times(rows: list[Row], way: str) -> list[Row]:
    return changed(changed(rows, "제시시각", _day(way)), "결정시각", _day(way))


def _every_cell(change: Callable[[int, str], str]) -> Callable[[list[Row]], list[Row]]:
    return lambda rows: [tuple(change(n, cell) for cell in row) for n, row in enumerate(rows)]


CHANGES: dict[str, Callable[[list[Row]], list[Row]]] = {
    "order": lambda rows: Random(7).sample(rows, len(rows)),
    "spacing": _every_cell(lambda n, cell: f" {cell} " if n % 2 else f"{cell}\u00a0"),
    "unseen signs": _every_cell(lambda n, cell: f"\u200b{cell}" if n % 2 else cell),
    "width": lambda rows: changed(
        rows, "AI결과", lambda n, v: v.translate({ord("a") + i: 0xFF41 + i for i in range(26)})
    ),
    "case": lambda rows: changed(rows, "최종결정", lambda n, v: v.title() if n % 2 else v.upper()),
    "form": _every_cell(lambda n, cell: unicodedata.normalize("NFD", cell)),
    **{
        f"times with {way}": lambda rows, way=way: _both_times(rows, way)
        for way in ("T", "slashes", "dots", "hangul", "halves", "zone", "fraction")
    },
}


@pytest.mark.first_in_check
@pytest.mark.parametrize("change", CHANGES)
def test_a_way_of_writing_changes_no_figure(tmp_path: Path, change: str) -> None:
    rows = changed(changed(ROWS, "AI결과", _english), "최종결정", _english)
    plain = told(analysed(as_csv(tmp_path / "a.csv", rows)))
    assert plain["whole"]["divergence"]["count"] == 6 and plain["disparities"]
    assert _unlabelled(told(analysed(as_csv(tmp_path / "b.csv", CHANGES[change](rows))))) == _unlabelled(plain)


def _english(_: int, value: str) -> str:
    return "approve" if value == "적합" else "decline"


def _unlabelled(data: dict[str, Any]) -> dict[str, Any]:
    """Labels as they are most often written may differ in case; the figures may not."""
    return dict(json.loads(unicodedata.normalize("NFKC", json.dumps(data, ensure_ascii=False).casefold())))


@pytest.mark.first_in_check
@pytest.mark.parametrize(
    "kind", ["cp949", "bom", "semicolon", "tab", "quoted", "crlf", "xlsx", "two sheets", "parquet"]
)
def test_a_kind_of_file_changes_no_figure(tmp_path: Path, kind: str) -> None:
    plain = told(analysed(as_csv(tmp_path / "a.csv", ROWS)))
    makers: dict[str, Callable[[], Path]] = {
        "cp949": lambda: as_csv(tmp_path / "b.csv", ROWS, encoding="cp949"),
        "bom": lambda: as_csv(tmp_path / "b.csv", ROWS, encoding="utf-8-sig"),
        "semicolon": lambda: as_csv(tmp_path / "b.csv", ROWS, delimiter=";"),
        "tab": lambda: as_csv(tmp_path / "b.csv", ROWS, delimiter="\t"),
        "quoted": lambda: as_csv(tmp_path / "b.csv", ROWS, quoting=csv.QUOTE_ALL),
        "crlf": lambda: as_csv(tmp_path / "b.csv", ROWS, end="\r\n"),
        "xlsx": lambda: as_workbook(tmp_path / "b.xlsx", {"기록": [HEADER, *ROWS]}),
        "two sheets": lambda: as_workbook(
            tmp_path / "b.xlsx", {"나": [HEADER, *ROWS[25:]], "가": [HEADER, *ROWS[:25]]}
        ),
        "parquet": lambda: as_parquet(tmp_path / "b.parquet", columns_of(ROWS)),
    }
    assert told(analysed(makers[kind]())) == plain


@pytest.mark.slow
@several
@given(st.integers(0, 60), st.booleans())
def test_two_logs_joined_with_their_headers_give_the_sums_of_both(cut: int, has_totals: bool) -> None:
    with TemporaryDirectory() as folder:
        whole = told(analysed(as_csv(Path(folder, "a.csv"), ROWS)))
        total = [("합계", "", "", "", f"{cut}", f"{cut}", "", "")] if has_totals else []
        parts = [*ROWS[:cut], *total, HEADER, *ROWS[cut:], *total]
        joined = told(analysed(as_csv(Path(folder, "b.csv"), parts)))
        expected = {"repeated_header": 1} | ({"total_line": 2} if has_totals else {})
        assert joined.pop("bad") == expected
        assert joined == {name: value for name, value in whole.items() if name != "bad"}


# --- whatever a file holds -------------------------------------------------------------------------------------------

_ODD = [
    "",
    " ",
    "=1+1",
    '="x"',
    '"',
    "'",
    ",",
    ";",
    "\t",
    "\n",
    "\r\n",
    "NULL",
    "합계",
    "접수번호",
    "AI결과",
    "inf",
    "1e999",
    "#",
    "sep=;",
    "\u2028",
    "\x0b",
    "-",
    "9" * 400,
    "2026-13-45",
    "0",
    "1.5E+14",
    "가" * 300,
]
cells = st.one_of(
    st.sampled_from(_ODD),
    st.sampled_from(["적합", "부적합", "A-1", "2026-03-02 09:00:00", "김가", "예"]),
    st.text(max_size=12),
)
tables = st.lists(st.lists(cells, min_size=0, max_size=10), max_size=12)


def check(path: Path) -> None:
    """Read or refused in words, first look and all; each row is used or set aside for a reason."""
    with suppress(LogRefusedError):
        streaming.look(path)
    found = None
    with suppress(LogRefusedError):
        found = imported(path)
    if found is None:
        return
    rows = found.rows
    assert rows.total == rows.used + sum(rows.bad.values()) and rows.used == len(found.log)
    assert rows.used and all(one.line > 0 for one in rows.first_bad)
    from assessments.decision_log.reading import account as words
    from assessments.decision_log.statistics.analysis import analyse

    reading = analyse(found).reading
    assert reading is not None and all(one.text.ko and one.text.en for one in words.sentences(reading))


@pytest.mark.slow
@several
@given(
    tables,
    st.sampled_from([",", ";", "\t"]),
    st.sampled_from(["utf-8", "cp949", "utf-16"]),
    st.booleans(),
    st.booleans(),
)
def test_no_text_file_breaks_the_reading(
    rows: list[list[str]], delimiter: str, encoding: str, has_header: bool, is_raw: bool
) -> None:
    with TemporaryDirectory() as folder:
        text = io.StringIO()
        writer = csv.writer(text, delimiter=delimiter)
        first, last = ([list(HEADER)], [list(ROWS[0])]) if has_header else ([], [])
        for row in [*first, *rows, *last]:
            if is_raw:
                text.write(delimiter.join(row) + "\n")
            else:
                writer.writerow(row)
        path = Path(folder, "a.csv")
        path.write_bytes(text.getvalue().encode(encoding, "replace"))
        check(path)


@pytest.mark.slow
@several
@given(st.binary(max_size=400), st.integers(0, 400), st.sampled_from(["csv", "xlsx", "parquet"]))
def test_no_damaged_file_breaks_the_reading(noise: bytes, place: int, kind: str) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder, f"a.{kind}")
        makers: dict[str, Callable[[], Path]] = {
            "csv": lambda: as_csv(path, ROWS[:6]),
            "xlsx": lambda: as_workbook(path, {"기록": [HEADER, *ROWS[:6]]}),
            "parquet": lambda: as_parquet(path, columns_of(ROWS[:6])),
        }
        whole = makers[kind]().read_bytes()
        at = place * len(whole) // 400
        path.write_bytes(whole[:at] + noise + whole[at + len(noise) :])
        check(path)


@pytest.mark.slow
@several
@given(
    st.lists(
        st.lists(
            st.one_of(
                cells.filter(lambda one: "\x00" not in one),
                st.integers(-9, 10**18),
                st.floats(allow_nan=False, allow_infinity=False),
                st.booleans(),
            ),
            max_size=9,
        ),
        max_size=8,
    ),
    st.booleans(),
)
def test_no_workbook_breaks_the_reading(rows: list[list[object]], has_header: bool) -> None:
    with TemporaryDirectory() as folder:
        lines: list[list[object]] = [
            *([list(HEADER)] if has_header else []),
            *rows,
            *([list(ROWS[0])] if has_header else []),
        ]
        check(as_workbook(Path(folder, "a.xlsx"), {"기록": lines, "둘": rows}))


_VALUES: dict[str, st.SearchStrategy[Any]] = {
    "string": st.one_of(st.none(), cells),
    "int64": st.one_of(st.none(), st.integers(-(2**63), 2**63 - 1)),
    "float64": st.one_of(st.none(), st.floats()),
    "bool": st.one_of(st.none(), st.booleans()),
    "timestamp[us]": st.one_of(st.none(), st.integers(-(2**62), 2**62)),
    "timestamp[ns, UTC]": st.one_of(st.none(), st.integers(-(2**62), 2**62)),
    "date32": st.one_of(st.none(), st.integers(-(10**6), 10**6)),
    "duration[ns]": st.one_of(st.none(), st.integers(-(2**62), 2**62)),
    "time64[us]": st.one_of(st.none(), st.integers(0, 86_399_999_999)),
    "binary": st.one_of(st.none(), st.binary(max_size=5)),
    "list": st.one_of(st.none(), st.lists(st.text(max_size=3), max_size=3)),
    "struct": st.one_of(st.none(), st.fixed_dictionaries({"a": st.integers(0, 9)})),
    "null": st.none(),
}
_TYPES = {
    "timestamp[ns, UTC]": pa.timestamp("ns", "UTC"),
    "list": pa.list_(pa.string()),
    "struct": pa.struct({"a": pa.int64()}),
    "null": pa.null(),
    "string": pa.string(),
    "int64": pa.int64(),
    "float64": pa.float64(),
    "bool": pa.bool_(),
    "timestamp[us]": pa.timestamp("us"),
    "date32": pa.date32(),
    "duration[ns]": pa.duration("ns"),
    "time64[us]": pa.time64("us"),
    "binary": pa.binary(),
}


@pytest.mark.slow
@several
@given(st.data())
def test_no_types_of_a_parquet_file_break_the_reading(data: st.DataObject) -> None:
    size = data.draw(st.integers(0, 6))
    columns: dict[str, Any] = {}
    for name in (*HEADER, "review_seconds", "자동"):
        kind = (
            "string"
            if name in ("AI결과", "최종결정") and data.draw(st.booleans())
            else data.draw(st.sampled_from(sorted(_VALUES)))
        )
        values = (
            st.sampled_from(["적합", "부적합", None])
            if name in ("AI결과", "최종결정") and kind == "string"
            else _VALUES[kind]
        )
        columns[name] = pa.array(data.draw(st.lists(values, min_size=size, max_size=size)), _TYPES[kind])
    with TemporaryDirectory() as folder:
        check(as_parquet(Path(folder, "a.parquet"), columns))
