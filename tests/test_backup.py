"""`haetae backup` and `haetae restore`: whole while people work, refused when half, altered or newer, and never over what is there."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

from assessments import actions, editions, people
from assessments.actions import Upload
from assessments.errors import AssessmentError, NewerDatabaseError
from assessments.home import home
from assessments.keeping import backup as backups
from assessments.keeping import starting
from assessments.model import Role
from assessments.storage import accounts, attempts, credentials, database, evidence_files, history, migration
from assessments.storage.tables import LinkPurpose
from commands.main import app
from exports.record import attached, record
from exports.seal import keys
from tests import sealed_reports
from tests.office import AT, KIM, PDF, Office, open_office
from tests.test_auditing import a_report, checkpoint_of
from tests.test_history import forge


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Office:
    return open_office(tmp_path, monkeypatch, furnish)


def furnish(made: Office) -> None:
    """A key, people, evidence, a sealed report and settings that name further files."""
    keys.load_or_create(home())
    assessment_id = made.start()
    with made.database.transaction() as session:
        actions.add_evidence(session, assessment_id, Upload("글", "a.pdf", PDF), KIM, AT)
    frozen = made.submit(assessment_id)
    made.decide(assessment_id, frozen)
    made.sign(assessment_id, frozen)
    a_report(made, assessment_id)
    people.add_person(home(), "kim", "김하나", [Role.AUDITOR])
    (home() / "report.yaml").write_text("logo: logo.png\n")
    (home() / "logo.png").write_bytes(b"a picture")
    (home() / "pseudonym.key").write_bytes(b"k" * 32)
    (home() / "notes.txt").write_text("somebody else's")


def backed_up(tmp_path: Path) -> Path:
    return backups.make(home(), tmp_path / "backup", "1", checkpoint_of).folder


def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Another home folder, in use from now on."""
    database.current().close()
    monkeypatch.setenv("HAETAE_HOME", str(tmp_path / "elsewhere"))
    return home()


def contents(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


@pytest.mark.slow
def test_a_backup_restored_elsewhere_is_the_same_home_to_the_byte(
    office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = backups.make(home(), tmp_path / "backup", "1", checkpoint_of)
    assert made.audit.is_intact and made.audit.reports == 1
    before = contents(home())
    kept = contents(made.folder / "home")
    assert {name for name in before if name not in kept} - {"haetae.db-wal", "haetae.db-shm"} == {
        "notes.txt",
        "security/security.log",
    }
    assert all(kept[name] == before[name] for name in kept if name != "haetae.db")
    assert {path.stat().st_mode & 0o777 for path in made.folder.rglob("*")} == {0o600, 0o700}
    place = elsewhere(tmp_path, monkeypatch)
    restored = backups.restore(made.folder, place, checkpoint_of)
    assert (restored.audit.is_intact, restored.replaced) == (True, None)
    assert contents(place) == kept
    assert {path.stat().st_mode & 0o777 for path in place.rglob("*")} == {0o600, 0o700}
    assert starting.prepare() == ()
    other = Office(database.current())
    assert other.read(1).sign_off == office.read(1).sign_off
    keys.load_or_create(place)


def damage_one_byte(folder: Path, name: str) -> None:
    file = folder / name
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(content)


def _of(folder: Path, part: str) -> str:
    """The one file below a folder of the backup."""
    (file,) = (folder / "home" / part).iterdir()
    return str(file.relative_to(folder))


DAMAGES: dict[str, tuple[Callable[[Path], None], str]] = {
    "a byte of the database": (lambda folder: damage_one_byte(folder, "home/haetae.db"), "haetae.db was altered"),
    "a byte of evidence": (lambda folder: damage_one_byte(folder, _of(folder, "evidence")), ".pdf was altered"),
    "a byte of a sealed report": (lambda folder: damage_one_byte(folder, _of(folder, "reports")), ".pdf was altered"),
    "a byte of the key": (lambda folder: damage_one_byte(folder, "home/seal.key"), "seal.key was altered"),
    "a byte of the manifest": (lambda folder: damage_one_byte(folder, "manifest.json"), "manifest.json was altered"),
    "a byte of its digest": (lambda folder: damage_one_byte(folder, "manifest.sha256"), "manifest.json was altered"),
    "no manifest": (lambda folder: (folder / "manifest.json").unlink(), "no whole backup"),
    "no digest": (lambda folder: (folder / "manifest.sha256").unlink(), "no whole backup"),
    "no evidence": (lambda folder: (folder / _of(folder, "evidence")).unlink(), ".pdf is missing"),
    "no database": (lambda folder: (folder / "home" / "haetae.db").unlink(), "haetae.db is missing"),
    "no files at all": (lambda folder: shutil.rmtree(folder / "home"), " is missing"),
    "a file more": (
        lambda folder: (folder / "home" / "evidence" / "more.pdf").write_bytes(PDF),
        "more.pdf was added",
    ),
    "a link": (lambda folder: (folder / "home" / "linked").symlink_to("/etc/hostname"), "linked was added"),
}
"""Name → what is done to a backup, and the reason that is told; it is told before anything is copied."""


@pytest.mark.slow
def test_a_backup_that_is_half_or_altered_is_refused_with_the_reason(
    office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = backed_up(tmp_path)
    place = elsewhere(tmp_path, monkeypatch)
    for name, (damage, reason) in DAMAGES.items():
        folder = tmp_path / "damaged"
        shutil.copytree(whole, folder)
        damage(folder)
        with pytest.raises(AssessmentError, match=r"is not restored: .+ Use another backup\.") as refused:
            backups.restore(folder, place, checkpoint_of)
        assert reason in refused.value.text.en, name
        assert "복원하지 않습니다" in refused.value.text.ko, name
        assert list(place.iterdir()) == [], name
        shutil.rmtree(folder)


@pytest.mark.slow
def test_a_backup_that_is_altered_while_it_is_restored_is_refused(
    office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = backed_up(tmp_path)
    place = elsewhere(tmp_path, monkeypatch)
    examine = backups.examine

    def examined_and_then_altered(folder: Path) -> backups.Manifest:
        manifest = examine(folder)
        damage_one_byte(folder, _of(folder, "evidence"))
        return manifest

    monkeypatch.setattr(backups, "examine", examined_and_then_altered)
    with pytest.raises(AssessmentError, match="changed while it was read"):
        backups.restore(whole, place, checkpoint_of)
    assert list(place.iterdir()) == []


def restated(folder: Path, **changed: object) -> None:
    """The manifest with other words, and its digest anew, as a program of another version might have written them."""
    said = json.loads((folder / "manifest.json").read_text("utf-8")) | changed
    (folder / "manifest.json").write_text(json.dumps(said), "utf-8")
    digest = hashlib.sha256((folder / "manifest.json").read_bytes()).hexdigest()
    (folder / "manifest.sha256").write_text(digest)


@pytest.mark.parametrize("changed", [{"state": "9999"}, {"format": 2}])
def test_a_backup_of_a_newer_version_is_refused_with_what_to_do(
    office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, changed: dict[str, object]
) -> None:
    folder = backed_up(tmp_path)
    restated(folder, version="9.0", **changed)
    place = elsewhere(tmp_path, monkeypatch)
    with pytest.raises(NewerDatabaseError, match=r"newer version of Haetae \(9\.0"):
        backups.restore(folder, place, checkpoint_of)
    said = CliRunner().invoke(app, ["restore", str(folder)])
    assert (said.exit_code, "newer version" in said.output) == (4, True)
    assert list(place.iterdir()) == []


@pytest.mark.slow
def test_a_home_that_is_not_empty_is_kept_unless_told_and_then_moved_aside(office: Office, tmp_path: Path) -> None:
    folder = backed_up(tmp_path)
    office.start()
    office.database.close()
    before = contents(home())
    with pytest.raises(AssessmentError, match="--replace"):
        backups.restore(folder, home(), checkpoint_of)
    assert contents(home()) == before
    restored = backups.restore(folder, home(), checkpoint_of, replaces=True)
    assert restored.replaced is not None
    assert contents(restored.replaced)["seal.key"] == before["seal.key"]
    with closing(sqlite3.connect(restored.replaced / "haetae.db")) as aside:
        assert aside.execute("SELECT count(*) FROM assessment").fetchone() == (2,)
    assert (home() / "notes.txt").exists() and not (home() / starting.RESTORING).exists()
    assert contents(folder / "home").items() <= contents(home()).items()
    database.prepare()
    with pytest.raises(AssessmentError, match="no assessment 2"):
        office.read(2)


@pytest.mark.sqlite
def test_a_home_that_is_in_use_is_not_replaced(office: Office, tmp_path: Path) -> None:
    folder = backed_up(tmp_path)
    with office.database.reading(), pytest.raises(AssessmentError, match="Stop it, then restore"):
        backups.restore(folder, home(), checkpoint_of, replaces=True)
    office.read(1)


@pytest.mark.sqlite
def test_what_a_killed_server_left_beside_its_database_does_not_stop_a_restore(office: Office, tmp_path: Path) -> None:
    folder = backed_up(tmp_path)
    office.start()
    beside = {path.name: path.read_bytes() for path in home().glob("haetae.db*")}
    assert "haetae.db-wal" in beside
    database.leave()
    for name, content in beside.items():
        (home() / name).write_bytes(content)
    backups.restore(folder, home(), checkpoint_of, replaces=True)
    with database.configure().reading() as session:
        assert history.verify(session).is_intact


@pytest.mark.slow
def test_a_restore_that_was_broken_off_is_told_and_can_be_done_again(
    office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = backed_up(tmp_path)
    place = elsewhere(tmp_path, monkeypatch)
    move, moved = shutil.move, []

    def broken_off(*given: object) -> object:
        if len(moved) == 3:
            raise KeyboardInterrupt
        moved.append(move(*given))  # type: ignore[arg-type]
        return moved[-1]

    monkeypatch.setattr(shutil, "move", broken_off)
    with pytest.raises(KeyboardInterrupt):
        backups.restore(folder, place, checkpoint_of)
    with pytest.raises(AssessmentError, match="was broken off"):
        starting.prepare()
    monkeypatch.setattr(shutil, "move", move)
    backups.restore(folder, place, checkpoint_of, replaces=True)
    assert starting.prepare() == ()
    assert Office(database.current()).read(1).sign_off is not None


def test_a_backup_never_overwrites_and_one_that_fails_leaves_nothing(
    office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "kept"
    target.mkdir()
    (target / "theirs").write_text("x")
    with pytest.raises(AssessmentError, match="not empty"):
        backups.make(home(), target, "1", checkpoint_of)

    for inside in ("evidence/kept", "logs/kept"):
        with pytest.raises(AssessmentError, match="lies in what is backed up"):
            backups.make(home(), home() / inside, "1", checkpoint_of)
    (home() / "evidence" / ".kept.1.part" / "home").mkdir(parents=True)  # of a copy that was killed in such a place
    (home() / "evidence" / ".kept.1.part" / "home" / "x").write_text("x")
    made = backups.make(home(), home() / "backups" / "kept", "1", checkpoint_of)
    assert not [path for path in made.manifest.files if ".part" in path]

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(backups, "_write_manifest", full)
    with pytest.raises(OSError, match="No space"):
        backups.make(home(), tmp_path / "other", "1", checkpoint_of)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["home", "kept", "questionnaires"]


def test_what_was_lost_or_altered_before_is_told_by_the_backup_and_kept_as_it_is(
    office: Office, tmp_path: Path
) -> None:
    (name,) = evidence_files.listed(evidence_files.EVIDENCE)
    file = home() / evidence_files.EVIDENCE / name
    file.write_bytes(b"another")
    made = backups.make(home(), tmp_path / "backup", "1", checkpoint_of)
    assert [one.thing for one in made.audit.findings] == ["evidence"]
    assert (made.folder / "home" / "evidence" / file.name).read_bytes() == b"another"
    file.unlink()
    assert backups.make(home(), tmp_path / "second", "1", checkpoint_of).audit.findings[0].harm == "missing"


@pytest.mark.slow
def test_the_backup_of_an_older_version_is_restored_and_brought_up(
    office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = backed_up(tmp_path)
    place = elsewhere(tmp_path, monkeypatch)
    scripts = tmp_path / "migrations"
    shutil.copytree(migration.SCRIPTS, scripts, ignore=shutil.ignore_patterns("__pycache__"))
    (scripts / "versions" / "9999_more.py").write_text(
        f"from alembic import op\nimport sqlalchemy as sa\nrevision = '9999'\ndown_revision = '{migration.head()}'\n"
        "def upgrade():\n    op.create_table('made_later', sa.Column('a', sa.Integer()))\n",
        "utf-8",
    )
    monkeypatch.setattr(migration, "SCRIPTS", scripts)
    assert backups.restore(folder, place, checkpoint_of).audit.is_intact
    database.prepare()
    with closing(sqlite3.connect(place / "haetae.db")) as connection:
        assert connection.execute("SELECT count(*) FROM made_later").fetchone() == (0,)


@pytest.mark.slow
def test_upgrade_always_makes_a_backup_and_says_where(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = open_office(tmp_path, monkeypatch)
    made.submit(made.start())
    said = CliRunner().invoke(app, ["upgrade"])
    assert (said.exit_code, "up to date" in said.output) == (0, True), said.output
    (folder,) = (home() / "backups").iterdir()
    assert str(folder) in said.output and "Intact" in said.output
    assert backups.examine(folder).files
    again = CliRunner().invoke(app, ["upgrade"])
    assert again.exit_code == 0 and len(list((home() / "backups").iterdir())) == 2


# --- while people work ------------------------------------------------------------------------------------------

_WRITERS = """
import os
import sys
import time
from pathlib import Path
from assessments import actions
from assessments.content import uploads
from assessments.actions import Upload
from assessments.home import home
from assessments.model import Response
from assessments.storage import database
from questionnaires import load
from tests import in_this_process
from tests.office import AT, KIM, PDF
load.FOLDER = home().parent / "questionnaires"
uploads.in_own_process = in_this_process.done
uploads.look_at_pdfs([PDF])  # so that what looks is loaded once for all
for assessment_id in map(int, sys.argv[2:]):
    if os.fork() == 0:
        break
else:
    os.wait()
    sys.exit("a writer ended")
sys.stdout = sys.stderr = open(Path(sys.argv[1]) / f"{assessment_id}.log", "w")
kept = []
for turn in range(100000):
    upload = Upload("file", f"{turn}.pdf", PDF + f"{assessment_id}-{turn}".encode())
    if turn % 3 == 0:
        uploads.look_at_pdfs([upload.content])
    with database.transaction() as session:
        response = Response("told", f"turn {turn}", lock_version=turn)
        actions.record_response(session, assessment_id, "hiring", response, KIM, AT)
        if turn % 3 == 0:
            kept.append(actions.add_evidence(session, assessment_id, upload, KIM, AT).id)
        elif turn % 3 == 2:
            actions.remove_evidence(session, assessment_id, kept.pop(0), KIM, AT)
    print(turn, flush=True)
    time.sleep(0.02)  # so that everybody gets a turn: SQLite keeps no queue between processes
"""


@pytest.mark.slow
def test_a_backup_taken_while_eight_people_save_holds_every_answer_acknowledged_before_it(
    office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = [office.start() for _ in range(8)]
    logs = [tmp_path / f"{one}.log" for one in ids]
    for log in logs:
        log.touch()
    with (tmp_path / "writers.log").open("w") as log:
        command = [sys.executable, "-c", _WRITERS, str(tmp_path), *map(str, ids)]
        writers = subprocess.Popen(command, stdout=log, stderr=log, start_new_session=True)

    def logged() -> list[str]:
        return [one.read_text("utf-8") for one in (tmp_path / "writers.log", *logs)]

    try:
        while not all(_turns(log) >= 3 for log in logs):
            assert writers.poll() is None, logged()
            time.sleep(0.1)
        acknowledged = [_turns(log) for log in logs]
        made = backups.make(home(), tmp_path / "backup", "1", checkpoint_of)
        assert writers.poll() is None, logged()
        while sum(map(_turns, logs)) <= sum(acknowledged):  # they go on, however fast the machine is
            assert writers.poll() is None, logged()
            time.sleep(0.1)
    finally:
        with suppress(ProcessLookupError):
            os.killpg(writers.pid, signal.SIGKILL)
        writers.wait()
    assert made.audit.is_intact, made.audit.findings
    place = elsewhere(tmp_path, monkeypatch)
    restored = backups.restore(made.folder, place, checkpoint_of)
    assert restored.audit.is_intact and restored.audit.reports == 1
    assert starting.prepare() == ()
    there = Office(database.current())
    for one, turns in zip(ids, acknowledged, strict=True):
        response = there.read(one).responses["hiring"]["told"]
        assert response.lock_version >= turns, "acknowledged before the backup began, and not in it"
        assert response.answer == f"turn {response.lock_version - 1}"


def _turns(log: Path) -> int:
    """How many saves were acknowledged."""
    return len(re.findall(r"^\d+$", log.read_text("utf-8"), re.M))


@pytest.mark.slow
def test_a_real_sealed_report_is_restored_with_its_record_and_says_how_far_the_history_went(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = open_office(tmp_path, monkeypatch)
    number = made.signed_off()
    assessment = made.read(number)
    with made.database.reading() as session:
        head = history.checkpoint(session)
    pinned = editions.for_assessment(assessment)
    sealed_reports.keep(
        made, number, record.build(assessment, pinned, at=AT, checkpoint=head, document_id=f"HT-{number:05d}-1")
    )
    kept = backups.make(home(), tmp_path / "backup", "1", attached.checkpoint_of)
    assert kept.audit.is_intact and (kept.audit.reports, kept.audit.checkpoints) == (1, 1)
    place = elsewhere(tmp_path, monkeypatch)
    assert backups.restore(kept.folder, place, attached.checkpoint_of).audit.is_intact
    report, beside = sorted((place / "reports").iterdir(), key=lambda path: path.suffix, reverse=True)
    assert attached.read_file(report.read_bytes()).canonical == beside.read_bytes()
    database.prepare()
    assert head is not None
    forge(f"DELETE FROM event_value WHERE seq >= {head.seq}", f"DELETE FROM event WHERE seq >= {head.seq}")
    said = CliRunner().invoke(app, ["history", "verify"])
    assert (said.exit_code, f"Checkpoint {head.seq}: " in said.output) == (1, True), said.output


@pytest.mark.sqlite
@pytest.mark.slow
def test_a_restore_opens_no_session_and_no_link_of_the_day_of_the_backup(
    office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They may have been ended or used since; a password stays."""
    at = datetime.now(UTC)
    with office.database.transaction() as session:
        token = accounts.open_session(session, "kim", at)
        link = credentials.make_link(session, "park", LinkPurpose.FIRST, at)
        attempt = attempts.begin(session, "second", {}, timedelta(minutes=5), at)
        credentials.set_password(session, "kim", "a hash", at)
    made = backed_up(tmp_path)
    backups.restore(made, elsewhere(tmp_path, monkeypatch), checkpoint_of)
    database.prepare()
    with database.reading() as session:
        assert credentials.password_hash(session, "kim") == "a hash"
        assert accounts.find_login(session, token, at) is None
        assert credentials.find_link(session, link, at) is None
        assert attempts.memory_of(session, attempt, "second", at) is None
