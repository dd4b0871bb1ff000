"""`haetae erase`, `haetae history show`, `haetae reindex`."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from typer.testing import CliRunner

from assessments import people
from assessments.home import home
from assessments.model import Role
from commands.main import app
from questionnaires import load
from tests.office import Office, open_office

SECRET = "홍길동의 전화번호 010-0000-0000"


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Office:
    made = open_office(tmp_path, monkeypatch)
    assessment_id = made.start()
    made.answer(assessment_id, "hiring.told", SECRET)
    made.answer(assessment_id, "hiring.told", "고쳐 쓴 글", seen=1)
    people.add_person(home(), "ada", "안다온", [Role.ADMINISTRATOR])
    people.add_person(home(), "kim", "김하나", [Role.PRODUCT_MANAGER])
    return made


def run(*words: str) -> tuple[int, str]:
    said = CliRunner().invoke(app, list(words))
    return said.exit_code, said.output


def bytes_kept() -> bytes:
    """Everything that lies in the files of the database, deleted or not."""
    return b"".join(path.read_bytes() for path in home().glob("haetae.db*"))


@pytest.mark.sqlite
def test_an_erased_value_is_in_no_file_of_the_database_and_the_chain_still_verifies(office: Office) -> None:
    assert SECRET.encode() in bytes_kept()
    code, said = run("history", "show", "4")
    assert (code, "actor, new" in said) == (0, True), said
    assert run("erase", "4", "new", "--reason", "당사자의 요청", "--as", "ada")[0] == 0
    assert run("erase", "5", "old", "--reason", "당사자의 요청", "--as", "ada")[0] == 0
    assert SECRET.encode() not in bytes_kept()
    code, said = run("history", "verify")
    assert (code, "2 values erased" in said) == (0, True), said
    code, said = run("history", "show", "4")
    assert (code, "Erased: new" in said) == (0, True), said


@pytest.mark.slow
def test_what_is_erased_while_somebody_reads_is_said_to_be_in_the_log_still(office: Office) -> None:
    office.database.close()
    with closing(sqlite3.connect(home() / "haetae.db")) as reading:
        reading.execute("BEGIN")
        reading.execute("SELECT count(*) FROM event").fetchone()
        code, said = run("erase", "4", "new", "--reason", "요청", "--as", "ada")
    assert (code, "log file still holds" in said) == (0, True), said


@pytest.mark.sqlite
@pytest.mark.first_in_check
@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("4", "unheard", "--reason", "x", "--as", "ada"), 2, "Choose among its values: actor"),
        (("99", "new", "--reason", "x", "--as", "ada"), 2, "has no value"),
        (("4", "new", "--reason", " ", "--as", "ada"), 2, "needs a reason"),
        (("4", "new", "--reason", "x", "--as", "nobody"), 2, "Nobody is called"),
        (("4", "new", "--reason", "x", "--as", "kim"), 4, "administrator"),
    ],
)
def test_what_cannot_be_erased_is_said_and_nothing_goes(
    office: Office, words: tuple[str, ...], code: int, said: str
) -> None:
    found, told = run("erase", *words)
    assert (found, said in told) == (code, True), told
    assert SECRET.encode() in bytes_kept()


@pytest.mark.slow
def test_reindex_derives_the_lists_anew_and_names_what_it_cannot(
    office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with closing(sqlite3.connect(home() / "haetae.db")) as connection:
        before = connection.execute("SELECT * FROM projection").fetchall()
        connection.execute("UPDATE projection SET outcome = 'not_high_impact', score = 1")
        connection.commit()
        assert run("reindex")[0] == 0
        assert connection.execute("SELECT * FROM projection").fetchall() == before
    file = load.FOLDER / "hiring" / "1.0.yaml"
    file.write_text(file.read_text("utf-8") + "\n", "utf-8")
    code, said = run("reindex")
    assert (code, "Left as they were: 1." in said) == (3, True), said
