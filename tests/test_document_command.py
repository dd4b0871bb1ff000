"""`haetae document`: each form by the ending, what is missing is told, and bad input writes nothing."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest
from docx import Document as Word
from typer.testing import CliRunner, Result

from commands.main import app
from questionnaires.confirmation import form
from questionnaires.strict_yaml import parse
from tests import report_samples as samples
from tests.test_official_documents import FACTS


@pytest.fixture
def record_file(tmp_path: Path) -> Path:
    file = tmp_path / "record.json"
    file.write_bytes(samples.example("hiring").canonical)
    return file


def run(*words: str | Path) -> Result:
    result = CliRunner().invoke(app, [str(word) for word in words])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


@pytest.mark.slow
def test_the_printed_fields_are_those_of_the_form_and_are_read_back(tmp_path: Path, record_file: Path) -> None:
    printed = run("document", "fields").stdout
    data = parse(printed, "fields.yaml").data
    assert list(data) == [field.id for field in form().asked]
    filled = tmp_path / "fields.yaml"
    lines = [
        f"{name}: {value!r}" if "\n" not in value else f"{name}: |\n  " + value.replace("\n", "\n  ")
        for name, value in FACTS.items()
    ]
    filled.write_text("\n".join(lines), "utf-8")
    for ending in ("docx", "hwpx"):
        result = run("document", "request", record_file, "--fields", filled, "--out", tmp_path / f"a.{ending}")
        assert result.exit_code == 0 and "Not filled in" not in result.stderr, result.stderr
    word = Word(BytesIO((tmp_path / "a.docx").read_bytes()))
    assert "124-81-00998" in {cell.text for table in word.tables for row in table.rows for cell in row.cells}
    with ZipFile(tmp_path / "a.hwpx") as archive:
        assert "124-81-00998" in archive.read("Contents/section0.xml").decode()


@pytest.mark.slow
def test_a_field_that_contradicts_the_record_is_told(tmp_path: Path, record_file: Path) -> None:
    filled = tmp_path / "fields.yaml"
    filled.write_text("generates: deepfake\nnotice_ways: |\n  document\n  screen\n", "utf-8")
    result = run(
        "document", "notices", record_file, "--fields", filled, "--out", tmp_path / "a.docx", "--language", "en"
    )
    assert result.exit_code == 0
    assert [line for line in result.stderr.splitlines() if line.startswith("Taken from the answers")] == [
        f"Taken from the answers of the record, not from {filled}: Whether users are given generated output"
    ]


@pytest.mark.slow
def test_a_pdf_is_a_draft_and_what_is_missing_is_told(tmp_path: Path, record_file: Path) -> None:
    result = run("document", "rights", record_file, "--out", tmp_path / "a.pdf", "--language", "en")
    assert result.exit_code == 0 and "Not filled in: Where an explanation" in result.stderr
    assert (tmp_path / "a.pdf").read_bytes().startswith(b"%PDF-")


@pytest.mark.first_in_check
@pytest.mark.parametrize(
    ("content", "words"),
    [
        ('registration_number: "124-81-00999"\ncontact_email: "x"\n', ("마지막 자리", "전자우편")),
        ('unheard_of: "x"\n', ("unheard_of",)),
        ("- a\n", ("haetae document fields",)),
        ("country: [a]\n", ("haetae document fields",)),
        ("a: b: c\n", ("fields.yaml",)),
    ],
)
def test_bad_fields_write_nothing(tmp_path: Path, record_file: Path, content: str, words: tuple[str, ...]) -> None:
    filled = tmp_path / "fields.yaml"
    filled.write_text(content, "utf-8")
    result = run("document", "request", record_file, "--fields", filled, "--out", tmp_path / "a.docx")
    assert result.exit_code == 2 and all(word in result.stderr for word in words), result.stderr
    assert not (tmp_path / "a.docx").exists()


def test_a_wrong_ending_or_no_record_is_refused(tmp_path: Path, record_file: Path) -> None:
    (tmp_path / "x.json").write_text("{}")
    for words in (
        ("request", record_file, "--out", tmp_path / "a.odt"),
        ("request",),
        ("request", tmp_path / "x.json", "--out", tmp_path / "a.docx"),
    ):
        assert run("document", *words).exit_code == 2
    assert not list(tmp_path.glob("a.*"))


@pytest.mark.parametrize(
    ("language", "absent", "folder"),
    [
        ("ko", "그런 파일이나 폴더가 없습니다", "파일이 아니라 폴더입니다"),
        ("en", "no such file or folder", "is a folder"),
    ],
)
def test_what_is_wrong_with_the_file_to_read_is_told(tmp_path: Path, language: str, absent: str, folder: str) -> None:
    for file, words in ((tmp_path / "none.json", absent), (tmp_path, folder)):
        result = run("document", "notices", file, "--out", tmp_path / "a.docx", "--language", language)
        assert result.exit_code == 2 and f"{file}" in result.stderr and words in result.stderr, result.stderr
