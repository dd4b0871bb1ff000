"""Whatever kind of file a log is, it is read whole, or refused with the true reason and the way out."""

from __future__ import annotations

import csv
import io
import os
import zipfile
from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pytest
import xlsxwriter

from assessments.decision_log.reading import streaming, workbook
from assessments.decision_log.reading.choices import SheetState
from assessments.decision_log.reading.faults import LogRefusedError
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
LINES = [HEADER, *ROWS]


def refusal(path: Path, **said: object) -> str:
    with pytest.raises(LogRefusedError) as refused:
        figures(path, **said)
    assert refused.value.text.ko and refused.value.text.en.endswith(".")
    return refused.value.text.en


# --- where the header stands ---------------------------------------------------------------------------------------


@pytest.mark.first_in_check
@pytest.mark.parametrize(
    "before",
    [
        "sep=,\n",
        "\ufeffsep=,\r\n",
        "# 내보낸 날: 2026-07-01\n",
        "상반기 결정 기록,,,,,,,\n출력일: 2026-07-01,,,,,,,\n",
        "상반기 결정 기록\n\n작성: 인사팀\n",
        ",,,,,,,\n\n",
        '"제목 ""가"", 나"\n',
        "이름,값\n건수,30\n\n",
    ],
)
def test_lines_above_the_header_are_no_header(tmp_path: Path, before: str) -> None:
    path = as_csv(tmp_path / "a.csv", ROWS, before=before)
    assert figures(path) == BASE
    reading = analysed(path).reading
    assert reading is not None and reading.header_line == before.count("\n") + 1


@pytest.mark.parametrize("first", ["#", "# 번호", "#no"])
def test_a_header_may_begin_with_a_number_sign(tmp_path: Path, first: str) -> None:
    rows = [(str(number), *row) for number, row in enumerate(ROWS, start=1)]
    assert figures(as_csv(tmp_path / "a.csv", rows, (first, *HEADER))) == BASE


def test_the_line_of_the_header_can_be_said(tmp_path: Path) -> None:
    odd = ("가", "나", "다", "라", "마", "바", "사", "아")
    path = as_csv(tmp_path / "a.csv", ROWS, odd, before="제1장,제2장,제3장,,,,,\n")
    columns = {"case": "가", "ai_output": "마", "decision": "바"}
    assert figures(path, columns=columns).departures == 3
    assert figures(path, columns=columns, header_line=2).departures == 3
    assert "no line 99" in refusal(path, columns=columns, header_line=99)
    assert "Line 1 was taken for the header" in refusal(path)


@pytest.mark.first_in_check
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("quoting", [csv.QUOTE_MINIMAL, csv.QUOTE_ALL])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp949"])
def test_delimiter_quoting_and_encoding_change_nothing(
    tmp_path: Path, delimiter: str, quoting: int, encoding: str
) -> None:
    path = as_csv(tmp_path / "a.csv", ROWS, delimiter=delimiter, quoting=quoting, encoding=encoding)
    assert figures(path) == BASE and figures(path, delimiter=delimiter, encoding=encoding.removesuffix("-sig")) == BASE


# --- delimiters and quotation marks ----------------------------------------------------------------------------------


@pytest.mark.slow
def test_one_delimiter_too_many_is_ignored_and_said(tmp_path: Path) -> None:
    rows = [(*row, "") for row in ROWS]
    assert figures(as_csv(tmp_path / "a.csv", rows)) == BASE
    assert "trailing_delimiter" in remarks(tmp_path / "a.csv")
    assert figures(as_csv(tmp_path / "b.csv", ROWS, (*HEADER, ""))) == BASE
    assert "empty_last_header" in remarks(tmp_path / "b.csv")
    assert figures(as_csv(tmp_path / "c.csv", rows, (*HEADER, ""))) == BASE


@pytest.mark.parametrize("closes", [True, False])
@pytest.mark.parametrize("at", [0, 4, 20])
def test_an_open_quotation_mark_that_swallows_rows_is_named(tmp_path: Path, closes: bool, at: int) -> None:
    lines = as_csv(tmp_path / "a.csv", ROWS).read_text("utf-8").splitlines()
    lines[at + 1] = lines[at + 1].rsplit(",", 2)[0] + ',"서류 미비,여'
    if closes:
        lines[at + 6] = lines[at + 6].rsplit(",", 2)[0] + ',"추가 확인",남'
    (tmp_path / "b.csv").write_text("\n".join(lines) + "\n", "utf-8")
    assert f"line {at + 2} opens a quotation mark" in refusal(tmp_path / "b.csv")


def test_values_that_span_lines_are_no_open_quotation_marks(tmp_path: Path) -> None:
    rows = changed(
        ROWS, "사유", lambda n, value: 'a, "b", c\n둘째 줄, 셋, 넷, 다섯, 여섯, 일곱, 여덟\n' if value else ""
    )
    assert figures(as_csv(tmp_path / "a.csv", rows)) == BASE


@pytest.mark.slow
def test_texts_saved_as_formulas_of_themselves_are_texts(tmp_path: Path) -> None:
    for column in ("접수번호", "AI결과", "검토자", "결정시각"):
        path = as_csv(tmp_path / "a.csv", changed(ROWS, column, lambda _, value: f'="{value}"'))
        assert figures(path) == BASE and "text_constants" in remarks(path), column
    real = as_csv(tmp_path / "b.csv", changed(ROWS, "접수번호", lambda n, value: '=A1&"x"' if n == 3 else value))
    assert analysed(real).source.bad == {"formula": 1}


@pytest.mark.first_in_check
@pytest.mark.parametrize("size", [140_000, 1_000_000])
def test_a_cell_may_be_long(tmp_path: Path, size: int) -> None:
    rows = changed(ROWS, "사유", lambda n, value: "가나 " * (size // 3) + "\n끝" if n == 3 else value)
    rows.append(("too", "short"))
    found = analysed(as_csv(tmp_path / "a.csv", rows))
    assert found.source.used == 30 and found.source.first_bad[0].line == 33


@pytest.mark.slow
def test_a_row_longer_than_a_block_is_refused_with_that_reason(tmp_path: Path) -> None:
    rows = changed(ROWS, "사유", lambda n, value: "가" * 3_000_000 if n == 3 else value)
    assert "longer than 4,194,304 bytes" in refusal(as_csv(tmp_path / "a.csv", rows))


# --- numbers, durations, dates, ids ----------------------------------------------------------------------------------


@pytest.mark.first_in_check
@pytest.mark.parametrize(
    ("header", "text"),
    [
        ("검토시간(분)", "30.000000000000004"),
        ("검토시간(분)", "30."),
        ("검토시간(분)", "3.0E1"),
        ("review_seconds", "1800.0000000000000001"),
        ("review_seconds", "0:30:00"),
        ("검토시간(분)", "00:30:00"),
        ("review_seconds", "0 days 00:30:00"),
        ("review_seconds", "１８００"),
    ],
)
def test_review_times_are_read_in_every_usual_way(tmp_path: Path, header: str, text: str) -> None:
    rows = [(row[0], row[2], row[3], row[4], row[5], text) for row in ROWS]
    path = as_csv(tmp_path / "a.csv", rows, ("접수번호", "결정시각", "검토자", "AI결과", "최종결정", header))
    assert figures(path).median_seconds == pytest.approx(1800, abs=0.001) and figures(path).used == 30


@pytest.mark.first_in_check
@pytest.mark.parametrize(
    "text", ["inf", "-inf", "Infinity", "1e999", "-5", "12점", "1,20", "12,5", "12:30", "분", "1.200,5"]
)
def test_what_is_no_number_of_minutes_is_set_aside(tmp_path: Path, text: str) -> None:
    rows = [(row[0], row[4], row[5], text if n == 3 else "30") for n, row in enumerate(ROWS)]
    found = analysed(as_csv(tmp_path / "a.csv", rows, ("접수번호", "AI결과", "최종결정", "검토시간(분)")))
    assert found.source.bad == {"not_a_number": 1}


@pytest.mark.parametrize("text", ["inf", "-Infinity", "1e400000", "높음"])
def test_an_endless_score_is_no_number(tmp_path: Path, text: str) -> None:
    rows = changed(ROWS, "AI결과", lambda n, value: text if n == 7 else "80" if value == "적합" else "20")
    cutoff = {"at_least": "60", "then": "적합", "otherwise": "부적합"}
    path = as_csv(tmp_path / "a.csv", rows)
    if text == "1e400000":
        assert figures(path, cutoff=cutoff).used == 30
    else:
        assert analysed(path, cutoff=cutoff).source.bad == {"not_a_number": 1}


@pytest.mark.first_in_check
@pytest.mark.parametrize("unit", ["s", "ms", "us", "ns"])
@pytest.mark.parametrize("header", ["review_seconds", "review_minutes"])
def test_durations_keep_their_unit(tmp_path: Path, unit: str, header: str) -> None:
    columns: dict[str, object] = {name: values for name, values in columns_of(ROWS).items() if "시각" not in name}
    columns[header] = pa.array([timedelta(minutes=30)] * 30, pa.duration(unit))
    path = as_parquet(tmp_path / "a.parquet", columns)
    assert figures(path).median_seconds == 1800 and "duration_type" in remarks(path)


def test_columns_of_lists_and_records_never_break_a_log(tmp_path: Path) -> None:
    columns: dict[str, object] = {**columns_of(ROWS)}
    columns["사유"] = [[one] if one else [] for one in columns_of(ROWS)["사유"]]
    path = as_parquet(tmp_path / "a.parquet", columns)
    assert figures(path) == BASE and "list_values" in remarks(path)
    columns["사유"] = [{"code": 1}] * 30
    path = as_parquet(tmp_path / "b.parquet", columns)
    assert figures(path).used == 30 and "guess_unreadable" in remarks(path)
    assert streaming.look(path).headers == HEADER
    columns["AI결과"] = [{"label": "적합"}] * 30
    assert "'AI결과' has a type that cannot be read" in refusal(as_parquet(tmp_path / "c.parquet", columns))
    columns = {**columns_of(ROWS), "AI결과": [value.encode() for value in columns_of(ROWS)["AI결과"]]}
    assert "'AI결과'" in refusal(as_parquet(tmp_path / "d.parquet", columns))


def test_typed_columns_give_the_same_figures(tmp_path: Path) -> None:
    columns: dict[str, object] = {**columns_of(ROWS)}
    for name in ("제시시각", "결정시각"):
        stamps = [datetime.fromisoformat(one) for one in columns_of(ROWS)[name]]
        columns[name] = pa.array(stamps, pa.timestamp("ns"))
    columns["접수번호"] = pa.array([Decimal(n) for n in range(30)], pa.decimal128(20, 2))
    columns["성별"] = pa.array(columns_of(ROWS)["성별"]).dictionary_encode()
    columns["검토자"] = pa.array(columns_of(ROWS)["검토자"], pa.large_string())
    assert figures(as_parquet(tmp_path / "a.parquet", columns)) == BASE


@pytest.mark.parametrize("text", ["2.02603E+14", "1.5e+20", "9E+15"])
def test_ids_rounded_by_a_spreadsheet_are_no_ids(tmp_path: Path, text: str) -> None:
    assert "a spreadsheet rounded the id" in refusal(
        as_csv(tmp_path / "a.csv", changed(ROWS, "접수번호", lambda _, __: text))
    )
    some = as_csv(tmp_path / "b.csv", changed(ROWS, "접수번호", lambda n, value: text if n < 3 else value))
    assert analysed(some).source.bad == {"rounded_id": 3}


def test_long_numbers_of_a_workbook_are_no_ids(tmp_path: Path) -> None:
    lines: list[tuple[object, ...]] = [HEADER, *((20260301123456789 + n, *row[1:]) for n, row in enumerate(ROWS))]
    assert "a spreadsheet rounded the id" in refusal(as_workbook(tmp_path / "a.xlsx", {"기록": lines}))
    lines = [HEADER, *((202603011234 + n, *row[1:]) for n, row in enumerate(ROWS))]
    assert figures(as_workbook(tmp_path / "b.xlsx", {"기록": lines})) == BASE


@pytest.mark.parametrize("is_1904", [False, True])
def test_days_of_a_workbook_are_counted_from_its_own_first_day(tmp_path: Path, is_1904: bool) -> None:
    first = datetime(1904, 1, 1) if is_1904 else datetime(1899, 12, 30)  # noqa: DTZ001 - days have no zone

    def serial(text: str) -> float:
        return (datetime.fromisoformat(text) - first) / timedelta(days=1)

    lines: list[tuple[object, ...]] = [HEADER, *((row[0], serial(row[1]), serial(row[2]), *row[3:]) for row in ROWS)]
    path = as_workbook(tmp_path / "a.xlsx", {"기록": lines}, is_1904=is_1904)
    assert figures(path) == BASE and str(analysed(path).whole.first) == "2026-03-02"
    assert ("epoch_1904" in remarks(path)) is is_1904


# --- workbooks -------------------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_sheets_of_one_shape_are_read_together_whatever_their_order(tmp_path: Path) -> None:
    parts = {"3월": [HEADER, *ROWS[:10]], "4월": [HEADER, *ROWS[10:20]], "5월": [("제목",), HEADER, *ROWS[20:]]}
    assert figures(as_workbook(tmp_path / "a.xlsx", parts)) == BASE
    assert figures(as_workbook(tmp_path / "b.xlsx", dict(reversed(parts.items())))) == BASE
    reading = analysed(tmp_path / "a.xlsx").reading
    assert reading is not None
    assert [(one.name, one.rows, one.header_line) for one in reading.sheets] == [
        ("3월", 10, 1),
        ("4월", 10, 1),
        ("5월", 10, 2),
    ]
    assert figures(tmp_path / "a.xlsx", sheets=["4월"]).used == 10
    assert "no sheet '6월'" in refusal(tmp_path / "a.xlsx", sheets=["6월"])


def test_a_bad_row_is_named_with_its_sheet(tmp_path: Path) -> None:
    parts = {
        "3월": [HEADER, *ROWS[:10]],
        "4월": [HEADER, *changed(ROWS[10:], "결정시각", lambda n, v: "곧" if n == 2 else v)],
    }
    bad = analysed(as_workbook(tmp_path / "a.xlsx", parts)).source.first_bad[0]
    assert (bad.sheet, bad.line) == ("4월", 4)


@pytest.mark.slow
def test_other_sheets_are_named_and_hidden_ones_are_not_read_unasked(tmp_path: Path) -> None:
    parts = {"표지": [("결정 기록",), ("작성 부서", "인사팀")], "기록": LINES, "지난해": [HEADER, *table(30, 100)]}
    path = as_workbook(tmp_path / "a.xlsx", parts, hidden=["지난해"])
    assert figures(path) == BASE
    reading = analysed(path).reading
    assert reading is not None
    assert [one.state for one in reading.sheets] == [SheetState.NO_TABLE, SheetState.READ, SheetState.HIDDEN]
    assert figures(path, sheets=["기록", "지난해"]).used == 60
    only = as_workbook(tmp_path / "b.xlsx", {"표지": [("제목",)], "기록": LINES}, hidden=["기록"])
    assert "hidden" in refusal(only) and figures(only, sheets=["기록"]) == BASE


def test_sheets_with_different_tables_are_chosen_by_a_person(tmp_path: Path) -> None:
    other = ("application_id", "shown_at", "decided_at", "reviewer", "ai_output", "final_decision", "reason", "sex")
    path = as_workbook(tmp_path / "a.xlsx", {"가": LINES, "나": [other, *table(30, 50)]})
    assert "several sheets with different tables (가, 나)" in refusal(path) and figures(path, sheets=["가"]) == BASE
    none = as_workbook(tmp_path / "b.xlsx", {"가": [("a", "b", "c"), ("1", "2", "3")], "나": [("x", "y", "z")]})
    assert "no sheet has the columns" in refusal(none)


def test_a_merged_cell_holds_for_all_its_rows(tmp_path: Path) -> None:
    ordered = sorted(ROWS, key=lambda row: row[3])
    lines = [HEADER, *changed(ordered, "검토자", lambda _, __: "")]
    merged = [(1 + 10 * n, 3, 10 + 10 * n, 3, ordered[10 * n][3]) for n in range(3)]
    path = as_workbook(tmp_path / "a.xlsx", {"기록": lines}, merged=merged)
    assert figures(path) == BASE and "merged_cells" in remarks(path)


def test_a_pipe_is_refused_and_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.csv")
    assert "is a pipe or a device" in refusal(tmp_path / "a.csv")


@pytest.mark.slow
def test_cells_that_are_only_formatted_do_not_make_a_workbook_long(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet, bold = book.add_worksheet(), book.add_format({"bold": True})
        for number, line in enumerate(LINES):
            sheet.write_row(number, 0, line)
        sheet.write_blank(1_048_575, 7, None, bold)
        sheet.write_blank(5, 16_383, None, bold)
    assert figures(path) == BASE


def _renamed(source: Path, target: Path, name: Callable[[str], str]) -> Path:
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w") as new:
        for part in old.namelist():
            new.writestr(name(part), old.read(part))
    return target


def test_odd_names_of_parts_are_no_hindrance(tmp_path: Path) -> None:
    path = as_workbook(tmp_path / "a.xlsx", {"기록": LINES})
    upper = _renamed(path, tmp_path / "b.xlsx", lambda name: name if name.startswith("[") else name.upper())
    back = _renamed(path, tmp_path / "c.xlsx", lambda name: name.replace("/", "\\"))
    assert figures(upper) == figures(back) == BASE


def test_durations_of_a_workbook_are_durations(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet, clock = book.add_worksheet(), book.add_format({"num_format": "[h]:mm:ss"})
        sheet.write_row(0, 0, ["접수번호", "AI결과", "최종결정", "검토시간(분)"])
        for number, row in enumerate(ROWS, start=1):
            sheet.write_row(number, 0, [row[0], row[4], row[5]])
            sheet.write_number(number, 3, 30 / 24 / 60, clock)
    assert figures(path).median_seconds == pytest.approx(1800)


# --- what is no log --------------------------------------------------------------------------------------------------

PAGE = "<html><head><meta charset=utf-8></head><body><table><tr><td>접수번호</td></tr></table></body></html>"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)


def _packed(*names: str) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name in names:
            archive.writestr(name, "x")
    return made.getvalue()


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (PAGE.encode(), "web page"),
        (("\ufeff\n " + PAGE).encode(), "web page"),
        (b"<TABLE border=1><tr><td>1</td></tr></TABLE>", "web page"),
        (b'<?xml version="1.0"?><html xmlns="x"></html>', "web page"),
        (b"MIME-Version: 1.0\nContent-Type: multipart/related\n", "web page"),
        (b'<?xml version="1.0"?><Workbook></Workbook>', "XML file"),
        (b'[{"case_id": 1}]', "JSON file"),
        (b'{"rows": []}', "JSON file"),
        (OLE + "EncryptedPackage".encode("utf-16-le"), "protected by a password"),
        (OLE + "Workbook".encode("utf-16-le"), "old Excel file"),
        (_packed("word/document.xml"), "DOCX"),
        (_packed("mimetype", "content.xml"), "ODS"),
        (_packed("a.csv"), "zip"),
    ],
)
def test_a_file_of_another_kind_is_refused_as_what_it_is(tmp_path: Path, content: bytes, says: str) -> None:
    (tmp_path / "log.xls").write_bytes(content)
    assert says in refusal(tmp_path / "log.xls")


def test_texts_that_would_fill_the_memory_are_refused_while_they_are_unpacked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = as_workbook(tmp_path / "a.xlsx", {"기록": LINES})
    monkeypatch.setattr(workbook, "MAX_TEXT_BYTES", 3_000_000)
    large = tmp_path / "b.xlsx"
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(large, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.namelist():
            more = b"<si><t>" + b"a" * 4_000_000 + b"</t></si></sst>"
            new.writestr(part, old.read(part).replace(b"</sst>", more))
    assert large.stat().st_size < 100_000 and "bytes of text" in refusal(large)
    assert figures(path) == BASE


def test_many_small_texts_are_refused_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook, "MAX_CELLS", 1_000)
    path = as_workbook(tmp_path / "a.xlsx", {"기록": LINES})
    many = tmp_path / "b.xlsx"
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(many, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.namelist():
            new.writestr(part, old.read(part).replace(b"</sst>", b"<si/>" * 2_000 + b"</sst>"))
    assert "cells" in refusal(many) and figures(path) == BASE
