"""Decision logs as files: read, or refused with line and remedy; bad rows are named and counted."""

from __future__ import annotations

import zipfile
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet
import pytest

from assessments.decision_log import making
from assessments.decision_log.reading import streaming, workbook
from assessments.decision_log.reading.columns import Column, LogMapping, read_mapping, suggest
from assessments.decision_log.reading.faults import REMEDY, WHAT, Fault, ImportCancelledError, LogRefusedError
from questionnaires.problems import InvalidFileError
from tests.logs import AT, HEADER, KEY, imported, row, written

ROWS = [row(case, decision="reject" if case % 10 == 0 else "approve") for case in range(40)]


def test_a_plain_log_is_read_whole(tmp_path: Path) -> None:
    found = imported(written(tmp_path / "a.csv", ROWS))
    assert (found.rows.total, found.rows.used, found.rows.bad) == (40, 40, {})
    assert int((found.log.output != found.log.decision).sum()) == 4
    assert (found.log.review_ms == 300_000).all()
    assert found.log.outcomes == ("approve", "reject") and found.log.favourable == {0}
    assert found.log.group_labels == {"sex": ("F", "M")}


@pytest.mark.parametrize(
    ("encoding", "delimiter"),
    [("utf-8", ","), ("utf-8-sig", ","), ("cp949", ","), ("utf-8", ";"), ("utf-8", "\t"), ("cp949", "\t")],
)
def test_korean_logs_are_read_in_every_usual_encoding(tmp_path: Path, encoding: str, delimiter: str) -> None:
    header = "결정번호,열람일시,결정일시,면접위원,AI 방향,최종 의견,사유,성별"
    rows = [one.replace("approve", "적합").replace("reject", "부적합").replace("kim", "김철수") for one in ROWS]
    lines = [line.replace(",", delimiter) for line in (header, *rows)]
    found = imported(written(tmp_path / "로그.dat", lines[1:], lines[0], encoding))
    assert found.rows.used == 40
    assert found.log.outcomes == ("부적합", "적합") and found.log.favourable == {1}
    assert found.file.encoding == ("cp949" if encoding == "cp949" else "utf-8")


def test_the_kind_is_told_by_content_and_not_by_name(tmp_path: Path) -> None:
    plain = written(tmp_path / "a.csv", ROWS)
    as_parquet = tmp_path / "really.csv"
    making.write(making.make(making.Style.ATTENTIVE, 3, 200, 1), tmp_path / "b.parquet", "test")
    (tmp_path / "b.parquet").rename(as_parquet)
    assert imported(plain).file.kind == "csv"
    assert imported(as_parquet).file.kind == "parquet"


@pytest.mark.first_in_check
@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "empty"),
        (b"%PDF-1.7 ...", "PDF"),
        (b"\xd0\xcf\x11\xe0 old", ".xls"),
        (b"\x1f\x8b packed", "gzip"),
        (b"PAR1 but cut off", "cut off"),
        ("case_id,ai_output,decision\n".encode("utf-16") + b"x", "UTF-16"),
        ("case_id,ai_output,decision\n".encode("utf-32"), "UTF-32"),
        (b"a,b,c\n1,\x00,2\n", "zero"),
        (b"a,b,c\n1,\xff\xfe\xff,2\n", "line 2"),
        (b"only one column\nx\n", "header"),
        (b"a,b,c\r1,2,3\r", "Macintosh"),
        (b"case_id,ai_output,final_decision\n", "no usable row"),
        (b'case_id,ai_output,final_decision\n1,a,a\n2,"a,a\n' + b"3,a,a\n" * 2_000_000, "quotation mark"),
    ],
)
def test_what_is_no_log_is_refused_with_a_remedy(tmp_path: Path, content: bytes, says: str) -> None:
    path = tmp_path / "x.csv"
    path.write_bytes(content)
    with pytest.raises(LogRefusedError, match=says) as refused:
        imported(path)
    assert refused.value.text.en.endswith(".") and refused.value.text.ko


def test_missing_columns_are_named_with_what_there_is(tmp_path: Path) -> None:
    path = written(tmp_path / "a.csv", ["1,2,3"], "foo,bar,baz")
    with pytest.raises(LogRefusedError, match=r"case id, AI output, final decision.*foo, bar, baz"):
        imported(path)
    columns = {Column.CASE: "foo", Column.OUTPUT: "bar", Column.DECISION: "nowhere"}
    with pytest.raises(LogRefusedError, match="'nowhere' is not in the file"):
        imported(path, LogMapping(columns=columns))
    with pytest.raises(LogRefusedError, match="more than once"):
        imported(written(tmp_path / "b.csv", ["1,2,3,4"], "case_id,ai_output,final_decision,case_id"))


def test_bad_rows_are_named_by_line_and_reason_and_all_are_counted(tmp_path: Path) -> None:
    bad = {
        4: (row(1, decided="2026-04-01 08:00:00"), Fault.BEFORE_SHOWN),
        5: (row(2, decided="soon"), Fault.NOT_A_TIME),
        6: (row(3, decided=""), Fault.MISSING),
        7: (row(4, reviewer=""), Fault.MISSING),
        8: (row(5, output="=1+1"), Fault.FORMULA),
        9: (row(6) + ",surplus", Fault.COLUMN_COUNT),
        10: ("C9,too,short", Fault.COLUMN_COUNT),
        11: (row(7, decided="2031-01-01 09:00:00"), Fault.IMPLAUSIBLE_TIME),
        12: (row(8, shown="01/02/2026 9:00"), Fault.DAY_OR_MONTH),
        13: (row(100), Fault.DUPLICATE),
        14: (row(9, decided="9999-12-31 23:59:59"), Fault.IMPLAUSIBLE_TIME),
        15: (row(10, shown="0001-01-01 00:00:00"), Fault.IMPLAUSIBLE_TIME),
    }
    rows = [row(100), row(101), *(line for line, _ in bad.values()), "", row(102)]
    found = imported(written(tmp_path / "a.csv", rows))
    named = {one.line: one.fault for one in found.rows.first_bad}
    assert named == {line: fault for line, (_, fault) in bad.items()}
    assert found.rows.total == found.rows.used + sum(found.rows.bad.values()) == 15
    assert next(one for one in found.rows.first_bad if one.line == 13).other_line == 2
    assert set(WHAT) == set(REMEDY) == set(Fault)


def test_repetitions_are_named_beside_thousands_of_other_bad_rows(tmp_path: Path) -> None:
    rows = [row(1), row(1), *(row(case, decided="soon", shown="then") for case in range(2, 300)), *["short"] * 3_000]
    found = imported(written(tmp_path / "a.csv", rows))
    assert found.rows.first_bad[0].fault is Fault.DUPLICATE and len(found.rows.first_bad) == 100
    assert found.rows.bad == {Fault.COLUMN_COUNT: 3_000, Fault.NOT_A_TIME: 298, Fault.DUPLICATE: 1}


def test_lines_stay_right_where_values_hold_line_breaks(tmp_path: Path) -> None:
    rows = [row(1, reason='"two\nlines"'), "", row(2, reason='"a, ""b"""'), "short", row(3, decided="soon")]
    found = imported(written(tmp_path / "a.csv", rows))
    assert [(one.line, one.fault) for one in found.rows.first_bad] == [
        (6, Fault.COLUMN_COUNT),
        (7, Fault.NOT_A_TIME),
    ]
    assert found.rows.used == 2


@pytest.mark.slow
def test_bad_rows_are_found_in_every_chunk_of_a_long_file(tmp_path: Path) -> None:
    rows = [row(case) if case % 10_000 else "short" for case in range(120_000)]
    found = imported(written(tmp_path / "a.csv", rows))
    assert [one.line for one in found.rows.first_bad] == [2 + 10_000 * place for place in range(12)]
    assert found.rows.used == 120_000 - 12


def test_the_last_decision_of_a_person_on_a_case_counts(tmp_path: Path) -> None:
    rows = [
        row(1, decision="reject", decided="2026-04-02 10:00:00"),
        row(1, decision="approve", decided="2026-04-02 11:00:00"),
        row(1, decision="reject", reviewer="lee"),
    ]
    found = imported(written(tmp_path / "a.csv", rows))
    assert found.rows.bad == {Fault.REPLACED: 1}
    assert [(one.line, one.other_line) for one in found.rows.first_bad] == [(2, 3)]
    assert found.rows.used == 2


def test_names_are_not_kept_and_pseudonyms_stay_the_same_under_one_key(tmp_path: Path) -> None:
    path = written(tmp_path / "a.csv", ROWS)
    first, second = imported(path).log.reviewers, imported(path).log.reviewers
    other = streaming.read_log(path, key=b"another key, 16+", at=AT).log.reviewers
    assert first == second and set(first).isdisjoint(other)
    assert len(first) == 3 and all(name.startswith("R-") and "kim" not in name for name in first)


def test_automatic_cases_are_told_by_column_or_by_reviewer(tmp_path: Path) -> None:
    rows = [row(1), row(2, reviewer="System"), row(3, reviewer="")]
    assert imported(written(tmp_path / "a.csv", rows)).log.automatic.tolist() == [False, True]
    mapping = suggest(HEADER.split(",")).mapping().model_copy(update={"automatic_reviewers": [""]})
    assert imported(tmp_path / "a.csv", mapping).log.automatic.tolist() == [False, False, True]
    flagged = written(tmp_path / "b.csv", [row(1) + ",예", row(2) + ",아니오"], HEADER + ",자동처리여부")
    assert imported(flagged).log.automatic.tolist() == [True, False]


def test_an_output_that_is_a_number_needs_a_cutoff(tmp_path: Path) -> None:
    rows = [row(case, output=f"{case / 10}") for case in range(40)]
    path = written(tmp_path / "a.csv", rows)
    with pytest.raises(LogRefusedError, match="cutoff"):
        imported(path)
    mapping = LogMapping.model_validate(
        suggest(HEADER.split(",")).mapping().model_dump()
        | {"cutoff": {"at_least": "2.5", "then": "approve", "otherwise": "reject"}}
    )
    assert int((imported(path, mapping).log.output == 0).sum()) == 15
    bad = written(tmp_path / "b.csv", [row(1, output="high"), row(2, output="3")])
    assert imported(bad, mapping).rows.bad == {Fault.NOT_A_NUMBER: 1}


def test_values_without_anything_in_common_must_be_mapped(tmp_path: Path) -> None:
    path = written(tmp_path / "a.csv", [row(1, output="1"), row(2, output="0", decision="reject")])
    with pytest.raises(LogRefusedError, match="share no value"):
        imported(path)
    mapping = suggest(HEADER.split(",")).mapping().model_copy(update={"values": {"approve": ["1"], "reject": ["0"]}})
    assert not (imported(path, mapping).log.output != imported(path, mapping).log.decision).any()


def test_minutes_alone_give_review_times(tmp_path: Path) -> None:
    path = written(tmp_path / "a.csv", ["1,적합,적합,2.5", "2,적합,적합,"], "결정번호,AI 방향,최종 의견,검토(분)")
    found = imported(path)
    assert found.log.review_ms.tolist() == [150_000, -1] and found.rows.without_review_time == 1


def test_a_time_that_cannot_be_shows_no_seconds(tmp_path: Path) -> None:
    ends = [row(50, decided="9999-12-31 23:59:59"), row(51, decided="1900-01-01 00:00:01")]
    found = imported(written(tmp_path / "a.csv", [*ROWS, *ends]))
    assert found.rows.bad == {Fault.IMPLAUSIBLE_TIME: 2}
    assert found.log.is_to_the_minute


def test_the_shipped_example_logs_are_understood() -> None:
    folder = Path(__file__).parents[1] / "examples" / "evidence"
    for name, rows, departures in (("decision-log.csv", 640, 97), ("medical-decision-log.csv", 420, None)):
        found = imported(folder / name)
        assert found.rows.used == rows
        if departures is not None:
            assert int((found.log.output != found.log.decision).sum()) == departures


def test_made_logs_say_so_in_every_form(tmp_path: Path) -> None:
    table = making.make(making.Style.RUBBER_STAMP, 3, 300, 1)
    for name in ("a.csv", "a.parquet"):
        making.write(table, tmp_path / name, "test")
        assert imported(tmp_path / name).file.is_made
    stripped = tmp_path / "b.csv"
    stripped.write_bytes((tmp_path / "a.csv").read_bytes().split(b"\n", 1)[1])
    assert imported(stripped).file.is_made
    assert not imported(written(tmp_path / "c.csv", ROWS)).file.is_made


def test_csv_and_parquet_of_one_log_give_the_same(tmp_path: Path) -> None:
    table = making.make(making.Style.UNFAIR, 5, 3_000, 3)
    for name in ("a.csv", "a.parquet"):
        making.write(table, tmp_path / name, "test")
    one, other = imported(tmp_path / "a.csv").log, imported(tmp_path / "a.parquet").log
    for name in ("output", "decision", "reviewer", "decided", "review_ms", "reason", "stage", "automatic"):
        assert np.array_equal(getattr(one, name), getattr(other, name)), name


def test_parquet_types_are_taken_as_they_are(tmp_path: Path) -> None:
    table = pa.table(
        {
            "case_id": [1, 2, None],
            "ai_output": pa.array(["a", "b", "a"]).dictionary_encode(),
            "final_decision": ["a", "a", "a"],
            "automatic": [True, False, False],
        }
    )
    pyarrow.parquet.write_table(table, tmp_path / "a.parquet")
    found = imported(tmp_path / "a.parquet")
    assert found.rows.bad == {Fault.MISSING: 1} and found.rows.first_bad[0].line == 3
    assert found.log.automatic.tolist() == [True, False]


def _xlsx(path: Path, rows: list[list[object]]) -> Path:
    """A workbook by hand: numbers as numbers, {formula} as a formula without a value, the rest as text."""

    def cell(value: object) -> str:
        if isinstance(value, (int, float)):
            return f"<c><v>{value}</v></c>"
        if str(value).startswith("{"):
            return f"<c><f>{str(value)[1:-1]}</f></c>"
        return f'<c t="inlineStr"><is><t>{value}</t></is></c>'

    sheet = "".join(f'<row r="{n}">{"".join(map(cell, one))}</row>' for n, one in enumerate(rows, start=1))
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as book:
        book.writestr(
            "[Content_Types].xml",
            f'<Types xmlns="{package}/content-types"><Default Extension="rels" '
            'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            '<Default Extension="xml" ContentType="application/xml"/></Types>',
        )
        book.writestr(
            "_rels/.rels",
            f'<Relationships xmlns="{package}/relationships"><Relationship Id="r1" Type="{office}/officeDocument" '
            'Target="xl/workbook.xml"/></Relationships>',
        )
        book.writestr(
            "xl/workbook.xml",
            f'<workbook xmlns="{main}" xmlns:r="{office}"><sheets><sheet name="log" sheetId="1" r:id="r1"/></sheets></workbook>',
        )
        book.writestr(
            "xl/_rels/workbook.xml.rels",
            f'<Relationships xmlns="{package}/relationships"><Relationship Id="r1" Type="{office}/worksheet" '
            'Target="worksheets/sheet1.xml"/></Relationships>',
        )
        book.writestr(
            "xl/worksheets/sheet1.xml", f'<worksheet xmlns="{main}"><sheetData>{sheet}</sheetData></worksheet>'
        )
    return path


def test_a_workbook_is_read_with_serial_dates_and_formulas_refused(tmp_path: Path) -> None:
    rows: list[list[object]] = [
        ["case_id", "shown_at", "decided_at", "reviewer", "ai_output", "final_decision"],
        [1, 46114.375, 46114.37847222222, "kim", "approve", "approve"],
        [2, 46114.375, "2026-04-02 09:05", "kim", "approve", "{1+1}"],
        [3, 46114.375, 46114.37847222222, "kim", "=A1", "approve"],
    ]
    found = imported(_xlsx(tmp_path / "a.xlsx", rows))
    assert found.file.kind == "xlsx"
    assert found.log.review_ms.tolist() == [300_000]
    assert [(one.line, one.fault) for one in found.rows.first_bad] == [(3, Fault.MISSING), (4, Fault.FORMULA)]


def test_a_long_workbook_is_refused_before_it_is_unpacked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook, "MAX_ROWS", 3)
    rows: list[list[object]] = [["case_id", "ai_output", "final_decision"], *([n, "a", "a"] for n in range(4))]
    with pytest.raises(LogRefusedError, match=r"Save it as CSV"):
        imported(_xlsx(tmp_path / "a.xlsx", rows))
    assert imported(_xlsx(tmp_path / "b.xlsx", rows[:-1])).rows.used == 3


@pytest.mark.parametrize("cell", ['<c r="XFD1048576"><v>1</v></c>', "<x:c s='1' r='ZZ300000'><v>1</v></x:c>"])
def test_one_far_cell_does_not_fill_the_memory(tmp_path: Path, cell: str) -> None:
    path = _xlsx(tmp_path / "a.xlsx", [["case_id", "ai_output", "final_decision"], [1, "a", "a"]])
    far = tmp_path / "b.xlsx"
    with zipfile.ZipFile(path) as source, zipfile.ZipFile(far, "w") as target:
        for name in source.namelist():
            text = source.read(name).decode().replace("</sheetData>", f"<row>{cell}</row></sheetData>")
            target.writestr(name, text)
    with pytest.raises(LogRefusedError, match="cells"):
        imported(far)


def test_a_file_that_is_too_large_is_refused_before_it_is_read(tmp_path: Path) -> None:
    with pytest.raises(LogRefusedError, match="at most 1,000"):
        imported(written(tmp_path / "a.csv", ROWS), most=1_000)
    assert imported(tmp_path / "a.csv").rows.used == len(ROWS)


@pytest.mark.slow
def test_progress_is_told_and_an_import_can_be_stopped(tmp_path: Path) -> None:
    path = written(tmp_path / "a.csv", [row(case) for case in range(80_000)])
    told: list[float] = []
    imported(path, progress=told.append)
    assert told == sorted(told) and told[-1] == 1.0 and len(told) > 2
    with pytest.raises(ImportCancelledError):
        imported(path, is_cancelled=lambda: True)


def test_a_first_look_shows_rows_and_suggests_a_mapping(tmp_path: Path) -> None:
    seen = streaming.look(written(tmp_path / "a.csv", ROWS))
    assert seen.headers == tuple(HEADER.split(",")) and len(seen.rows) == streaming.PREVIEW_ROWS
    assert not seen.suggestion.missing
    assert seen.suggestion.columns[Column.DECISION] == "final_decision" and seen.suggestion.groups == {"sex": "sex"}


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        (["접수번호", "AI 판단", "심사결과"], {"case": "접수번호", "ai_output": "AI 판단", "decision": "심사결과"}),
        (
            ["Case ID", "AI_Output", "Final Decision", "Decided By"],
            {"reviewer": "Decided By", "decision": "Final Decision"},
        ),
        (
            ["판독번호", "판독일시", "판독의", "인공지능 방향", "최종 판독"],
            {"reviewer": "판독의", "decided_at": "판독일시"},
        ),
    ],
)
def test_headers_are_recognised_in_both_languages(headers: list[str], expected: dict[str, str]) -> None:
    found = suggest(headers)
    assert not found.missing
    assert {key: found.columns[Column(key)] for key in expected} == expected


def test_a_wrong_mapping_file_is_refused_with_its_lines(tmp_path: Path) -> None:
    path = tmp_path / "map.yaml"
    path.write_text('columns: {case: id, colour: x}\ntime_zone: Moon\ncutoff: {at_least: "x", then: a, otherwise: b}\n')
    with pytest.raises(InvalidFileError) as refused:
        read_mapping(path)
    assert [problem.line for problem in refused.value.problems] == [1, 2, 3]
    path.write_text("columns: {case: id, ai_output: ai, decision: final}\n")
    assert read_mapping(path).columns[Column.OUTPUT] == "ai"


def test_a_key_for_pseudonyms_cannot_be_short(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="16 bytes"):
        streaming.read_log(written(tmp_path / "a.csv", ROWS), key=KEY[:3], at=AT)
