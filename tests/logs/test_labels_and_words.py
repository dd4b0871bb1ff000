"""Labels that only look different are one, words that stand for nothing are missing, and both are said."""

from __future__ import annotations

import json
import unicodedata
from pathlib import Path

import pyarrow as pa
import pytest
from typer.testing import CliRunner

from commands.main import app
from tests.logs.tables import BASE, HEADER, analysed, as_csv, as_parquet, changed, columns_of, figures, remarks, table

TRIGGER = 'triggers:\n  - {figure: divergence_rate, at_least: "5", on: 2026-01-02, reason: "점검 기준"}\n'
WAYS = {
    "case": ("Approve", "APPROVE"),
    "full width": ("ａｐｐｒｏｖｅ", "approve"),
    "outer blanks": (" approve", "approve  "),
    "no-break space": ("approve\u00a0", "approve"),
    "ideographic space": ("\u3000approve", "approve"),
    "zero width": ("app\u200brove", "approve"),
    "byte order mark": ("\ufeffapprove", "approve"),
    "soft hyphen": ("app\u00adrove", "approve"),
    "line break": ("approve\r\n", "approve"),
}


@pytest.mark.first_in_check
@pytest.mark.parametrize("way", WAYS)
def test_ways_of_writing_one_outcome_are_one_label_and_are_named(tmp_path: Path, way: str) -> None:
    odd, plain = WAYS[way]
    rows = changed(table(), "AI결과", lambda _, value: plain if value == "적합" else "decline")
    rows = changed(rows, "최종결정", lambda n, value: (odd, plain)[n % 2] if value == "적합" else "Decline")
    path = as_csv(tmp_path / "a.csv", rows)
    assert figures(path) == BASE
    reading = analysed(path).reading
    assert reading is not None and any(one.column == "outcome" and len(one.variants) > 1 for one in reading.joined)


@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_hangul_in_either_form_is_one_label(tmp_path: Path, form: str) -> None:
    rows = [
        tuple(unicodedata.normalize(form if n % 2 else "NFC", cell) for cell in row) for n, row in enumerate(table())
    ]  # type: ignore[arg-type]
    assert figures(as_csv(tmp_path / "a.csv", rows)) == BASE


def test_blanks_inside_are_no_other_label_but_other_words_are(tmp_path: Path) -> None:
    rows = changed(table(), "최종결정", lambda n, value: value.replace("부적합", "부 적합") if n % 2 else value)
    assert figures(as_csv(tmp_path / "a.csv", rows)) == BASE
    rows = changed(table(), "최종결정", lambda n, value: "조건부 적합" if n == 0 else value)
    assert figures(as_csv(tmp_path / "b.csv", rows)).departures == 4


def test_what_a_mapping_keeps_apart_stays_apart(tmp_path: Path) -> None:
    rows = changed(
        table(), "최종결정", lambda n, value: "A" if value == "적합" and n < 10 else "a" if value == "적합" else "x"
    )
    rows = changed(rows, "AI결과", lambda _, value: "A" if value == "적합" else "x")
    path = as_csv(tmp_path / "a.csv", rows)
    assert figures(path).departures == 3
    assert figures(path, values={"A": ["A"], "a": ["a"]}).departures > 10


def test_reviewers_and_groups_are_joined_too_and_names_stay_unnamed(tmp_path: Path) -> None:
    rows = changed(table(), "검토자", lambda n, value: {"김가": ("Kim A", "kim  a")[n % 2]}.get(value, value))
    rows = changed(rows, "성별", lambda n, value: f" {value}" if n % 3 else value)
    path = as_csv(tmp_path / "a.csv", rows)
    assert figures(path) == BASE
    reading = analysed(path).reading
    assert reading is not None
    assert {one.column for one in reading.joined} == {"reviewer", "sex"}
    assert "im" not in next(one for one in reading.joined if one.column == "reviewer").variants[0].text


@pytest.mark.slow
def test_a_rubber_stamp_is_not_saved_by_capital_letters(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HAETAE_HOME", str(tmp_path / "home"))
    rows = changed(table(600), "최종결정", lambda n, _: ("approved", "Approved")[n % 9 == 0])
    rows = changed(rows, "AI결과", lambda _, __: "approved")
    (tmp_path / "t.yaml").write_text(TRIGGER, "utf-8")
    words = ["log", "import", str(as_csv(tmp_path / "a.csv", rows)), "--triggers", str(tmp_path / "t.yaml")]
    shown = CliRunner().invoke(app, words)
    assert shown.exit_code == 1 and "(0 of 600;" in shown.output and "Approved (67)" in shown.output
    data = json.loads(CliRunner().invoke(app, [*words, "--json"]).stdout)
    assert data["analysis"]["reading"]["joined"][0]["label"] == "approved"


@pytest.mark.first_in_check
@pytest.mark.parametrize(
    "word",
    [
        "NULL",
        "null",
        "None",
        "nan",
        "NaN",
        "N/A",
        "n/a",
        "#N/A",
        "\\N",
        "-",
        "–",
        "—",
        "없음",
        "미정",
        "해당없음",
        "해당 없음",
        "(null)",
        " - ",
        "ＮＵＬＬ",
        "NaT",
        "미입력",
    ],
)
def test_words_for_nothing_are_missing_in_every_column(tmp_path: Path, word: str) -> None:
    rows = table()
    columns = ("접수번호", "최종결정", "AI결과", "검토자", "결정시각")
    for place, column in enumerate(columns, 5):  # each in a row of its own
        rows = changed(rows, column, lambda n, value, place=place: word if n == place else value)
    found = analysed(as_csv(tmp_path / "a.csv", rows))
    assert found.source.used == 30 - len(columns) and found.source.bad == {"missing": len(columns)}
    assert found.reading is not None and sum(missing.count for missing in found.reading.missing) == len(columns)
    path = as_csv(tmp_path / "b.csv", changed(table(), "사유", lambda n, value: value or word))
    assert figures(path) == BASE
    path = as_csv(tmp_path / "c.csv", changed(table(), "성별", lambda n, value: word if n == 5 else value))
    assert figures(path).groups in ((("남", 14), ("여", 15)), (("남", 15), ("여", 14)))


def test_a_word_of_absence_is_a_value_beside_its_presence(tmp_path: Path) -> None:
    rows = changed(table(), "AI결과", lambda _, value: "있음" if value == "적합" else "없음")
    rows = changed(rows, "최종결정", lambda _, value: "있음" if value == "적합" else "없음")
    path = as_csv(tmp_path / "a.csv", rows)
    assert figures(path).used == 30 and figures(path).departures == 3 and "absent_is_value" in remarks(path)
    disabled = as_csv(
        tmp_path / "b.csv",
        changed(table(), "성별", lambda n, _: "없음" if n % 2 else "지체"),
        [name.replace("성별", "장애유무") for name in HEADER],
    )
    assert figures(disabled).groups == (("없음", 15), ("지체", 15))


def test_a_mapping_says_what_is_missing(tmp_path: Path) -> None:
    path = as_csv(
        tmp_path / "a.csv",
        changed(table(), "최종결정", lambda n, value: "미정" if n < 2 else "보류중" if n < 4 else value),
    )
    assert figures(path).used == 28
    assert figures(path, missing=["보류중"]).used == 28 and figures(path, missing=[]).used == 30


def test_no_number_in_a_parquet_column_is_missing(tmp_path: Path) -> None:
    columns: dict[str, object] = {**columns_of(table())}
    columns["AI결과"] = pa.array(
        [
            1.0 if one == "적합" else float("nan") if n == 2 else 0.0
            for n, one in enumerate(columns_of(table())["AI결과"])
        ]
    )
    columns["최종결정"] = ["1" if one == "적합" else "0" for one in columns_of(table())["최종결정"]]
    found = figures(as_parquet(tmp_path / "a.parquet", columns))
    assert (found.used, found.departures) == (29, 3)
