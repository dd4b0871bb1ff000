"""What a process that was killed leaves half done goes; what a row knows, or may be another database's, never does."""

from __future__ import annotations

import itertools
import os
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing, suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.exc import OperationalError
from typer.testing import CliRunner

from assessments import actions
from assessments.actions import Upload
from assessments.decision_log.intake import waiting
from assessments.errors import NotSavedError
from assessments.home import draft_folder, home
from assessments.keeping import backup, leftovers, starting
from assessments.storage import database, evidence_files, log_imports, reader
from commands.main import app
from exports.record import attached
from tests.office import AT, KIM, PDF, Office

KILLED = """
import os, signal, sys
from assessments import actions
from assessments.actions import Upload
from assessments.storage import database, evidence_files
from questionnaires import load
from pathlib import Path
from tests.office import AT, KIM, PDF
load.FOLDER = Path(sys.argv[1])
end = lambda *_: os.kill(os.getpid(), signal.SIGKILL)
if sys.argv[2] == "after the commit":
    evidence_files.carry_out = end
with database.transaction() as session:
    actions.add_evidence(session, int(sys.argv[3]), Upload("글", "b.pdf", PDF + b"personal"), KIM, AT)
    if sys.argv[2] == "before the commit":
        report = evidence_files.keep(session.info, evidence_files.REPORTS, PDF + b"report", "pdf")
        evidence_files.keep_beside(session.info, evidence_files.REPORTS, report.replace(".pdf", ".json"), b"{}")
        end()
"""


def attach(office: Office, assessment_id: int, content: bytes) -> str:
    with office.database.transaction() as session:
        return actions.add_evidence(session, assessment_id, Upload("글", "a.pdf", content), KIM, AT).id


def stored(office: Office) -> dict[str, bytes]:
    """Name of the file → what is handed out, of all evidence that a row knows."""
    with office.database.reading() as session:
        ids = session.connection().exec_driver_sql("SELECT DISTINCT id FROM evidence").scalars().all()
        files = [reader.evidence_file(session, one) for one in ids]
    return {file.stored_name: file.content() for file in files}


def there() -> set[str]:
    """Every file below the two folders, marks and drafts too."""
    folders = [home() / name for name in (evidence_files.EVIDENCE, evidence_files.REPORTS)]
    return {path.name for folder in folders if folder.is_dir() for path in folder.iterdir()}


def aged(path: Path) -> Path:
    """As if nobody had touched it for two hours."""
    moment = path.stat().st_mtime - timedelta(hours=2).total_seconds()
    os.utime(path, (moment, moment))
    return path


def killed(office: Office, tmp_path: Path, when: str) -> None:
    """Another process attaches evidence and is killed at that moment."""
    starting.prepare()  # tells whose eyes the database was for
    assessment_id = office.start()
    given = [sys.executable, "-c", KILLED, str(tmp_path / "questionnaires"), when, str(assessment_id)]
    done = subprocess.run(given, capture_output=True, check=False, timeout=300)
    assert done.returncode == -signal.SIGKILL, done.stderr.decode()


# --- files and rows -----------------------------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.parametrize("by", ["start", "haetae history verify"])
def test_what_was_written_by_a_process_killed_before_it_committed_goes(office: Office, tmp_path: Path, by: str) -> None:
    attach(office, office.start(), PDF)
    before = stored(office)
    killed(office, tmp_path, "before the commit")
    left = there() - before.keys()
    assert len([name for name in left if not name.startswith(".")]) == 3, "a file of evidence, a report and its record"
    if by == "start":
        told = " ".join(remark.en for remark in starting.prepare())
    else:
        said = CliRunner().invoke(app, ["history", "verify"])
        assert said.exit_code == 0
        told = said.output
    assert there() == set(before) and stored(office) == before
    assert told.count("removed now:") == 1
    assert all(name in told for name in left if not name.startswith("."))
    assert starting.prepare() == ()


@pytest.mark.slow
def test_what_was_committed_stays_though_the_process_was_killed_at_once(office: Office, tmp_path: Path) -> None:
    killed(office, tmp_path, "after the commit")
    assert [name for name in there() if name.startswith(".")], "the mark was to be left"
    assert starting.prepare() == ()
    assert list(stored(office).values()) == [PDF + b"personal"]
    assert there() == stored(office).keys()


@pytest.mark.parametrize("is_saved", [True, False])
def test_a_file_whose_commit_nobody_heard_of_stays_until_the_next_start_knows(
    office: Office, monkeypatch: pytest.MonkeyPatch, is_saved: bool
) -> None:
    """As when a database server is killed: before it saved, or after, and only its word did not come through."""
    assessment_id, dialect = office.start(), office.database.engine.dialect
    starting.prepare()
    saved = dialect.do_commit if is_saved else dialect.do_rollback

    def unheard(connection: Any) -> None:
        saved(connection)
        raise dialect.loaded_dbapi.OperationalError("the server closed the connection")

    with monkeypatch.context() as patch:
        patch.setattr(dialect, "do_commit", unheard)
        patch.setattr(dialect, "is_disconnect", lambda *_: True)
        with pytest.raises((OperationalError, NotSavedError)):
            attach(office, assessment_id, PDF)
    assert len(there()) == 2, "the file and its mark"
    assert list(stored(office).values()) == [PDF] * is_saved
    starting.prepare()
    assert there() == stored(office).keys() and len(there()) == is_saved


@pytest.mark.slow
def test_a_file_goes_only_if_it_was_announced_for_this_database_and_has_no_row(office: Office) -> None:
    """Every file that a row knows stays, however old and whatever lies beside it; so does one of another database."""
    assessment_id = office.start()
    gone = set()
    for number, (is_known, announced_by, is_old) in enumerate(
        itertools.product((True, False), ("nobody", "haetae.db", "/elsewhere/other.db"), (True, False))
    ):
        content = PDF + b"%d" % number
        if is_known:
            attach(office, assessment_id, content)
            (name,) = (name for name, kept in stored(office).items() if kept == content)
        else:
            name = f"{number:032x}.pdf"
            (home() / "evidence" / name).write_bytes(content)
        file = home() / "evidence" / name
        if announced_by != "nobody":
            file.with_name(f".coming.{name}").write_text(announced_by)
        if is_old:
            aged(file)
        if not is_known and announced_by == "haetae.db":
            gone.add(name)
    before, known = there(), stored(office)
    told = " ".join(remark.en for remark in starting.prepare())
    marks = {name for name in before if name.startswith(".coming.")}
    assert before - there() - marks == gone
    assert stored(office) == known and len(known) == 6
    assert len({name for name in there() if name.startswith(".coming.")}) == 4, "those of the other database stay"
    assert all(name in told for name in gone)
    assert "if not, delete them" in told


def test_a_deed_leaves_no_mark_whether_it_is_done_or_refused(office: Office) -> None:
    assessment_id = office.start()
    attach(office, assessment_id, PDF)
    with suppress(ZeroDivisionError), office.database.transaction() as session:
        actions.add_evidence(session, assessment_id, Upload("글", "b.pdf", PDF + b"1"), KIM, AT)
        raise ZeroDivisionError
    assert there() == stored(office).keys()


@pytest.mark.slow
def test_two_databases_of_one_home_do_not_sweep_each_others_files(
    office: Office, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    assessment_id = office.start()
    attach(office, assessment_id, PDF)
    before = stored(office)
    with office.database.transaction() as session:
        actions.add_evidence(session, assessment_id, Upload("글", "b.pdf", PDF + b"under way"), KIM, AT)
        monkeypatch.setenv("HAETAE_DATABASE_URL", f"sqlite:///{tmp_path / 'other.db'}")
        starting.prepare()
    monkeypatch.delenv("HAETAE_DATABASE_URL")
    database.prepare()
    assert sorted(stored(office).values()) == sorted([*before.values(), PDF + b"under way"])


# --- drafts -------------------------------------------------------------------------------------------------------

DRAFTS = (
    ".people.yaml.0a1b2c3d",
    ".seal.key.4711.0a1b2c3d",
    ".seal.passphrase.4711.0a1b2c3d",
    ".certificate.pem.4711.0a1b2c3d",
    ".pseudonym.key.0a1b2c3d",
    ".history.checkpoint.4711.123456",
    ".probe.0a1b2c3d",
    "reports/.0a1b.json.0a1b2c3d",
    "backups/.haetae-0007-20261121T030000000000Z.db.0a1b2c3d",
)
OTHERS = (".gitignore", ".people.yaml", "people.yaml.bak", ".streamlit.toml", "backups/haetae-0007.db", "notes.part")


@pytest.mark.slow
def test_drafts_that_nobody_writes_any_more_go_and_others_stay(office: Office) -> None:
    for folder in ("reports", "backups"):
        (home() / folder).mkdir(exist_ok=True)
    for name in (*DRAFTS, *OTHERS):
        (home() / name).write_text("personal")
    starting.prepare()
    assert all((home() / name).exists() for name in DRAFTS), "somebody may be writing them"
    for name in (*DRAFTS, *OTHERS):
        aged(home() / name)
    told = " ".join(remark.en for remark in starting.prepare())
    assert [name for name in DRAFTS if (home() / name).exists()] == []
    assert [name for name in OTHERS if not (home() / name).exists()] == []
    assert told.count("removed now:") == 1 and all(name in told for name in DRAFTS)


@pytest.mark.parametrize(
    ("place", "name", "ending"), [("", "audit", ""), ("", "restore", ""), ("backups", "b1", ".part")]
)
def test_a_half_made_copy_goes_once_its_process_is_gone(office: Office, place: str, name: str, ending: str) -> None:
    """Whether somebody works in it says a lock, for its time is that of what is copied."""
    folder = home() / place
    folder.mkdir(exist_ok=True)
    with draft_folder(folder, name, ending) as draft:
        (draft / "haetae.db").write_text("personal")
        aged(draft)
        starting.prepare()
        assert (draft / "haetae.db").exists()
        left = folder / f".{name}.0a1b2c3d{ending}"
        draft.rename(left)
    aged(left)
    starting.prepare()
    assert not left.exists()


def test_a_backup_sweeps_those_that_were_broken_off_beside_it(office: Office, tmp_path: Path) -> None:
    """Each would be a copy of everything, the key too, wherever it was to lie."""
    attach(office, office.start(), PDF)
    disk = tmp_path / "disk"
    left, theirs = disk / ".monday.0a1b2c3d.part", disk / ".photos.part"
    for folder in (left, theirs):
        (folder / "home").mkdir(parents=True)
        aged(folder)
    backup.make(home(), disk / "tuesday", "1", attached.checkpoint_of)
    assert sorted(path.name for path in disk.iterdir()) == [".photos.part", "tuesday"]


def test_a_backup_holds_no_report_whose_row_never_came(office: Office, tmp_path: Path) -> None:
    attach(office, office.start(), PDF)
    with office.database.transaction() as session:
        evidence_files.keep(session.info, evidence_files.REPORTS, PDF, "pdf")
        made = backup.make(home(), tmp_path / "made", "1", attached.checkpoint_of)
    assert [path for path in made.manifest.files if path.startswith("reports/")] == []
    assert len([path for path in made.manifest.files if path.startswith("evidence/")]) == 1


def test_a_copy_of_a_database_that_is_broken_off_has_no_name_of_a_whole_one(
    office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from assessments.storage import migration

    seen: list[set[str]] = []
    sync = os.rename

    def looked(*given: object) -> None:
        seen.append({path.name for path in (tmp_path / "to").iterdir()})
        sync(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(os, "rename", looked)
    migration.backup(home() / "haetae.db", tmp_path / "to" / "copy.db")
    assert len(seen) == 1 and "copy.db" not in seen[0]
    assert leftovers._DATABASE.fullmatch(next(iter(seen[0])))
    with closing(sqlite3.connect(tmp_path / "to" / "copy.db")) as copy:
        assert copy.execute("PRAGMA quick_check").fetchone() == ("ok",)


@pytest.mark.slow
def test_a_log_that_nobody_came_back_for_goes_at_the_next_start(office: Office, tmp_path: Path) -> None:
    """It holds names, and the next log may never come."""
    file = tmp_path / "log.csv"
    file.write_text("case,decision\n1,yes\n")
    with file.open("rb") as content:
        intake = waiting.take_in(office.start(), 1, "log.csv", content)
    starting.prepare()
    assert (home() / intake.raw).exists()
    with database.transaction() as session:
        assert log_imports.remove(session, intake.number)  # as if it had been discarded, and the end had come then
    aged(home() / intake.folder)
    starting.prepare()
    assert not (home() / intake.folder).exists()
