"""Before anything is served: whose eyes the home folder is for, what is damaged, half done or left over, and who is there."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from typer.testing import CliRunner

from assessments import actions, people
from assessments.actions import Upload
from assessments.errors import AlteredFileError, AssessmentError, KeyFileError, NewerDatabaseError
from assessments.file import assessment_file
from assessments.home import home
from assessments.keeping import starting
from assessments.model import Role
from assessments.storage import database, event_lines, evidence_files, history, lists, reader, units
from commands._signer import own_signer
from commands.main import app
from exports.seal import keyring, keys
from exports.seal.keys import Algorithm
from pages._server import trouble
from questionnaires.problems import InvalidFileError
from tests import sealed_reports
from tests.office import AT, KIM, PDF, Office


def with_evidence(office: Office) -> tuple[int, str]:
    """An assessment and the id of the evidence attached to it."""
    assessment_id = office.start()
    with office.database.transaction() as session:
        kept = actions.add_evidence(session, assessment_id, Upload("글", "a.pdf", PDF), KIM, AT)
    return assessment_id, kept.id


# --- rights of files ----------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_a_database_is_its_owners_alone_wherever_it_lies(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    open_folder = tmp_path / "made by somebody else"
    open_folder.mkdir(mode=0o755)
    before = os.umask(0o022)
    try:
        made = database.open_database(f"sqlite:///{open_folder / 'haetae.db'}")
        made.prepare()
        with made.transaction() as session:
            session.connection().exec_driver_sql("SELECT 1")
        modes = {path.name: path.stat().st_mode & 0o777 for path in open_folder.iterdir()}
    finally:
        os.umask(before)
        made.close()
    assert modes and set(modes.values()) == {0o600}, modes


@pytest.mark.sqlite
def test_what_is_open_to_others_is_closed_and_told_and_what_is_not_ours_is_left(office: Office) -> None:
    with_evidence(office)
    folder = home()
    office.database.close()
    (folder / "people.yaml.taken-over").write_text("")
    (folder / "certificate.pem").write_text("")
    (folder / "their notes.txt").write_text("")
    (folder / "linked").mkdir()
    (folder / "linked" / "theirs").write_text("")
    (folder / "logs").symlink_to(folder / "linked")
    for path in (folder, folder / "evidence", folder / "linked"):
        path.chmod(0o755)
    for name in ("haetae.db", "people.yaml.taken-over", "certificate.pem", "their notes.txt"):
        (folder / name).chmod(0o644)
    told = " ".join(remark.en for remark in starting.prepare())
    assert "people.yaml.taken-over" in told and "haetae.db" in told and "evidence" in told and "closed" in told
    mode = {path.name: path.stat().st_mode & 0o777 for path in folder.iterdir()}
    assert (folder.stat().st_mode & 0o777, mode["evidence"], mode["haetae.db"], mode["people.yaml.taken-over"]) == (
        0o700,
        0o700,
        0o600,
        0o600,
    )
    assert (mode["their notes.txt"], mode["certificate.pem"], mode["linked"]) == (0o644, 0o644, 0o755)
    assert (folder / "linked" / "theirs").stat().st_mode & 0o044 == 0o044
    assert starting.prepare() == ()


# --- a folder or a database that cannot be used -------------------------------------------------------------------


def test_a_home_that_cannot_be_written_to_is_told_before_anything_is_served(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*_: object, **__: object) -> int:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(os, "open", refused)  # whoever runs the tests may well write everywhere
    with pytest.raises(AssessmentError, match="cannot be written to") as told:
        starting.prepare()
    assert "쓸 수 없습니다" in told.value.text.ko


def _spoil(file: Path) -> None:
    """Overwrites pages in the middle, as a failing disk does; its first page stays whole."""
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    content = bytearray(file.read_bytes())
    size = int.from_bytes(content[16:18], "big")
    for page in range(2, len(content) // size):
        content[page * size : page * size + 200] = b"\xa5" * 200
    file.write_bytes(content)


@pytest.mark.slow
def test_a_damaged_database_is_told_at_start_by_commands_and_on_screens(office: Office) -> None:
    for _ in range(2):
        office.submit(office.start())
    office.database.close()
    _spoil(home() / "haetae.db")
    with pytest.raises(AssessmentError, match="damaged"):
        starting.prepare()
    for command in (["upgrade"], ["rescore", "--questionnaire", "hiring", "--edition", "1.0"]):
        said = CliRunner().invoke(app, command)
        assert (said.exit_code, "is damaged" in said.output) == (2, True), said.output
        assert "Traceback" not in said.output
    with pytest.raises(AssessmentError, match="damaged"), database.reading():
        raise ValueError("nonsense in a row")
    assert "safe" not in trouble.sentence("en", ValueError("nonsense in a row"))


@pytest.mark.sqlite
def test_damage_where_nobody_looks_is_told_at_start_too(office: Office) -> None:
    office.submit(office.start())
    office.database.close()
    file = home() / "haetae.db"
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        (page,) = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = 'event_value'").fetchone()
    content = bytearray(file.read_bytes())
    size = int.from_bytes(content[16:18], "big")
    content[(page - 1) * size : (page - 1) * size + 200] = b"\xa5" * 200
    file.write_bytes(content)
    with pytest.raises(AssessmentError, match="damaged"):
        starting.prepare()


def test_an_error_in_a_sound_database_stays_what_it_is(office: Office) -> None:
    with pytest.raises(ValueError, match="a mistake of ours"), database.reading():
        raise ValueError("a mistake of ours")
    assert "What was saved before is safe" in trouble.sentence("en", ValueError())


@pytest.mark.sqlite
def test_a_database_that_a_newer_program_changed_meanwhile_is_neither_read_nor_written(office: Office) -> None:
    assessment_id = office.start()
    with closing(sqlite3.connect(home() / "haetae.db")) as newer:
        newer.execute("UPDATE alembic_version SET version_num = '9999'")
        newer.commit()
    with pytest.raises(NewerDatabaseError):
        office.answer(assessment_id, "hiring.used", "yes")
    with pytest.raises(NewerDatabaseError):
        office.read(assessment_id)


# --- evidence -----------------------------------------------------------------------------------------------------


def test_evidence_that_was_altered_is_not_handed_out(office: Office) -> None:
    _, evidence_id = with_evidence(office)
    (file,) = (home() / "evidence").iterdir()
    file.write_bytes(PDF + b" ")
    with office.database.reading() as session:
        found = reader.evidence_file(session, evidence_id)
    with pytest.raises(AlteredFileError, match="SHA-256 differs"):
        found.content()


@pytest.mark.slow
def test_files_of_removed_evidence_that_a_sudden_end_left_are_swept_and_others_named(office: Office) -> None:
    assessment_id, evidence_id = with_evidence(office)
    (file,) = (home() / "evidence").iterdir()
    with office.database.transaction() as session:
        actions.remove_evidence(session, assessment_id, evidence_id, KIM, AT)
    assert not file.exists()
    file.write_bytes(PDF)  # as if the end had come between the commit and the removal of the file
    strange = file.with_name("0" * 32 + ".pdf")
    strange.write_bytes(PDF + b"never acknowledged")
    with office.database.transaction() as session:
        kept = actions.add_evidence(session, assessment_id, Upload("글", "b.pdf", PDF + b"\n"), KIM, AT)
    told = " ".join(remark.en for remark in starting.prepare())
    assert not file.exists()
    assert strange.exists() and strange.name in told
    with office.database.reading() as session:
        assert reader.evidence_file(session, kept.id).content() == PDF + b"\n"


# --- the sealing key ----------------------------------------------------------------------------------------------


@pytest.mark.sqlite
@pytest.mark.parametrize("trace", ["certificate.pem", "certificates/old.pem", "reports/1.pdf", "register"])
def test_a_key_that_is_gone_is_not_replaced_in_silence(office: Office, trace: str) -> None:
    if trace == "register":
        done = office.signed_off()
        sealed_reports.registered(office, done, PDF, "a" * 64)
        for file in (home() / "reports").iterdir():
            file.unlink()
    else:
        (home() / trace).parent.mkdir(exist_ok=True)
        (home() / trace).write_bytes(b"x")
    with pytest.raises(KeyFileError, match="haetae key new") as told:
        own_signer(home())
    assert "복원" in told.value.text.ko
    if trace != "register":
        with pytest.raises(KeyFileError):
            keys.load_or_create(home())
    assert not (home() / keys.KEY_FILE).exists()
    keyring.create(home(), Algorithm.P256, AT)
    own_signer(home())


# --- people -------------------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_people_added_at_once_are_all_there(office: Office) -> None:
    code = "import sys; from commands.main import app; app(['user', 'add', sys.argv[1], '--name', sys.argv[1], '--role', 'auditor'])"
    ids = [f"p{number}" for number in range(6 if os.environ.get("HAETAE_TORTURE") else 3)]
    running = [
        subprocess.Popen([sys.executable, "-c", code, one], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        for one in ids
    ]
    said = [one.communicate(timeout=120) for one in running]
    assert [one.returncode for one in running] == [0] * len(ids), said
    assert sorted(actor.id for actor in people.people(home())) == ids
    with office.database.reading() as session:
        assert (
            sorted(line.values["person"]["id"] for line in event_lines.events(session) if line.kind == "add_person")
            == ids
        )
        assert history.verify(session).is_intact


@pytest.mark.slow
@pytest.mark.parametrize("name", ["김\n하나", "Kim\x1b[2J", "a\u202eb", "a\u2028b", "a\u200bb", "\r"])
def test_a_name_that_would_change_what_stands_around_it_is_refused(office: Office, name: str) -> None:
    with pytest.raises(AssessmentError):
        people.add_person(home(), "kim", name, [Role.AUDITOR])
    assert people.people(home()) == ()
    (home() / "people.yaml").write_text(
        f'- {{id: kim, name: "{name.encode("unicode_escape").decode()}", roles: [auditor]}}'
    )
    with pytest.raises(InvalidFileError, match=r"people\.yaml, line 1"):
        people.take_over(home())


def test_namesakes_are_told_and_an_id_given_twice_is_refused(office: Office) -> None:
    first = CliRunner().invoke(app, ["user", "add", "kim", "--name", "김하나", "--role", "auditor"])
    second = CliRunner().invoke(app, ["user", "add", "kim2", "--name", "김하나", "--role", "auditor"])
    assert (first.exit_code, "this name too" in first.output) == (0, False)
    assert (second.exit_code, "this name too (kim)" in second.output) == (0, True)
    again = CliRunner().invoke(app, ["user", "add", "kim", "--name", "김두나", "--role", "administrator"])
    assert again.exit_code and "already somebody" in again.output
    (home() / "people.yaml").write_text("- {id: kim, name: N, roles: []}\n- {id: kim, name: M, roles: []}\n", "utf-8")
    with pytest.raises(InvalidFileError, match="given to somebody before"):
        people.take_over(home())


FORMER_PEOPLE = """
- {id: park, name: 박도윤, roles: [signing_officer, chair]}
- {id: kim, name: 김하나, roles: [product_manager]}
- {id: idle, name: 아무개, roles: []}
"""


def test_the_people_of_a_file_are_taken_over_once_with_their_roles(office: Office) -> None:
    (home() / "people.yaml").write_text(FORMER_PEOPLE, "utf-8")
    told, *_ = starting.prepare()
    assert "3 people of people.yaml" in told.en and "people.yaml의 3명" in told.ko
    assert [(actor.id, actor.name, sorted(actor.roles)) for actor in people.people(home())] == [
        ("park", "박도윤", ["chair", "signing_officer"]),
        ("kim", "김하나", ["product_manager"]),
        ("idle", "아무개", []),
    ]
    assert people.find_person(home(), "kim") == replace(KIM, grants=KIM.held)
    assert not (home() / "people.yaml").exists()
    assert (home() / "people.yaml.taken-over").read_text("utf-8") == FORMER_PEOPLE
    assert starting.prepare() == ()
    with office.database.reading() as session:
        (event,) = event_lines.events(session)
        assert (event.kind, event.values["people"][1]["roles"]) == ("take_over_people", ["product_manager"])
        assert event.by is not None and event.by.name.startswith("command line of ")


def test_who_is_there_already_stays_as_they_are_when_a_file_comes_late(office: Office) -> None:
    people.add_person(home(), "kim", "김하나", [Role.AUDITOR])
    with office.database.transaction() as session:
        units.change_account(session, "kim", is_active=False)
    (home() / "people.yaml").write_text(FORMER_PEOPLE, "utf-8")
    starting.prepare()
    assert people.find_person(home(), "kim") is None
    assert [actor.id for actor in people.people(home())] == ["park", "idle"]


@pytest.mark.slow
def test_a_command_in_a_home_of_before_finds_its_people(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HAETAE_HOME", str(tmp_path / "home"))
    (home() / "people.yaml").write_text(FORMER_PEOPLE, "utf-8")
    listed = CliRunner().invoke(app, ["user", "list"])
    assert (listed.exit_code, listed.output.count("\n")) == (0, 4), listed.output
    assert "kim\t김하나\tproduct_manager" in listed.output and "taken over" in listed.output
    assert "kim\t김하나" in CliRunner().invoke(app, ["user", "list"]).output


# --- examples -----------------------------------------------------------------------------------------------------


FURNISH = """
from assessments.home import home
from commands import serve
two = serve.example_files()[:2]
serve.example_files = lambda: two
serve.furnish(home(), with_examples=True)
"""
"""A server's beginning, with two of the examples, for each takes a while."""
KILLED = f"""
import os, signal, sys
from assessments.storage import evidence_files
keep, left = evidence_files.keep, list(range(int(sys.argv[1])))
def keep_so_many(*what):
    if not left:
        os.kill(os.getpid(), signal.SIGKILL)
    left.pop()
    return keep(*what)
evidence_files.keep = keep_so_many
{FURNISH}"""
"""The same, killed before it keeps one file of evidence more than the number that it is called with."""


@pytest.mark.slow
def test_servers_begun_at_once_load_the_examples_once_and_a_sudden_end_leaves_none_of_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HAETAE_HOME", str(tmp_path / "home"))
    running = [subprocess.Popen([sys.executable, "-c", FURNISH], stderr=subprocess.PIPE) for _ in range(2)]
    said = [one.communicate(timeout=300)[1] for one in running]
    assert [one.returncode for one in running] == [0, 0], said
    made = database.prepare()
    with made.reading() as session:
        connection = session.connection()
        assert connection.exec_driver_sql("SELECT count(*) FROM assessment").scalar_one() == 2
        assert connection.exec_driver_sql("SELECT count(*) FROM operator").scalar_one() <= 2
        assert [one.id for one in people.people(home())] == ["example-author", "example-chair", "example-officer"]
    made.close()


@pytest.mark.slow
def test_a_server_killed_while_it_loads_the_examples_is_made_up_for_by_the_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HAETAE_HOME", str(tmp_path / "home"))
    from commands import serve

    first = assessment_file.read_file(serve.example_files()[0]).files
    ended = subprocess.run([sys.executable, "-c", KILLED, str(len(first))], capture_output=True, check=False)
    assert ended.returncode == -signal.SIGKILL, ended.stderr
    assert len(evidence_files.listed(evidence_files.EVIDENCE)) == len(first), "it was at the second of them"

    def counted() -> list[int]:
        made = database.prepare()
        try:
            with made.reading() as session:
                ask = session.connection().exec_driver_sql
                return list(ask("SELECT count(*), count(DISTINCT system_id) FROM assessment").one())
        finally:
            made.close()

    assert counted() == [0, 0]
    two = serve.example_files()[:2]
    monkeypatch.setattr(serve, "example_files", lambda: two)
    for _ in range(2):
        serve.furnish(home(), with_examples=True)
        assert counted() == [2, 2]
        assert [one.id for one in people.people(home())] == ["example-author", "example-chair", "example-officer"]


@pytest.mark.slow
def test_examples_are_loaded_whole_or_not_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from commands import serve

    monkeypatch.setenv("HAETAE_HOME", str(tmp_path / "home"))
    starting.prepare()
    load, done = actions.load_stated, []

    def broken_off(*given: object) -> int:
        if done:
            raise KeyboardInterrupt
        done.append(load(*given))  # type: ignore[arg-type]
        return done[0]

    monkeypatch.setattr(serve, "example_files", lambda: sorted((serve.ROOT / "examples").glob("*.yaml"))[:2])
    monkeypatch.setattr(actions, "load_stated", broken_off)
    with pytest.raises(KeyboardInterrupt):
        serve.load_examples(home())
    with database.reading() as session:
        assert not lists.has_operators(session)
    assert evidence_files.listed(evidence_files.EVIDENCE) == []
    monkeypatch.setattr(actions, "load_stated", load)
    serve.load_examples(home())
    with database.reading() as session:
        assert lists.assessments(session).total == 2
