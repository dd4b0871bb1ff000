"""Where evidence, sealed reports and logs lie for several servers: a folder that all reach, or a store that speaks S3."""

from __future__ import annotations

import io
import os
import shutil
import socket
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from assessments import actions
from assessments.content.uploads import Upload
from assessments.decision_log.intake import waiting
from assessments.errors import AlteredFileError, AssessmentError, KeyFileError, NotFoundError, NotSavedError
from assessments.home import home
from assessments.keeping import auditing, backup, leftovers, moving_files, readiness, sealed_files, starting
from assessments.keeping.moving_files import MovedFiles
from assessments.keeping.readiness import Check
from assessments.storage import evidence_files, file_store, installation, reader
from assessments.storage.file_store import FolderStore, Store
from assessments.storage.installation import Thing
from commands.main import app
from exports.record.attached import checkpoint_of
from jobs import own_key
from tests import postgres, sealed_reports
from tests.office import AT, KIM, PDF, Office, open_office

MADE_UP = {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test", "AWS_DEFAULT_REGION": "us-east-1"}


@pytest.fixture(scope="module")
def bucket() -> Iterator[str]:
    """The address of a program that speaks S3, with a bucket in it."""
    server: Any = pytest.importorskip("moto.server").ThreadedMotoServer(port=0, verbose=False)
    pytest.importorskip("s3fs")
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture(params=["folder", pytest.param("s3", marks=pytest.mark.slow)])
def store(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    """The place that HAETAE_FILES_URL names."""
    if request.param == "folder":
        (tmp_path / "shared").mkdir()
        monkeypatch.setenv(file_store.VARIABLE, f"file://{tmp_path / 'shared'}")
        return file_store.current()
    name = f"bucket-{tmp_path.name.replace('_', '-').lower()[-40:].strip('-')}"
    for variable, value in {**MADE_UP, "AWS_ENDPOINT_URL": request.getfixturevalue("bucket")}.items():
        monkeypatch.setenv(variable, value)
    monkeypatch.setenv(file_store.VARIABLE, f"s3://{name}/installation")
    made = file_store.current()
    assert isinstance(made, file_store.ObjectStore)
    made._files.mkdir(name)
    return made


@pytest.fixture
def office(store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Office:
    return open_office(tmp_path, monkeypatch)


def attached(office: Office, number: int) -> str:
    with office.database.transaction() as session:
        return actions.add_evidence(session, number, Upload("Proof", "proof.pdf", PDF), KIM, AT).id


# --- the store ----------------------------------------------------------------------------------------------------


def test_what_is_put_there_is_there_under_its_path_and_nowhere_else(store: Store, tmp_path: Path) -> None:
    store.put("evidence/a.pdf", b"one")
    store.put_whole("incoming/x/said.json", b"1")
    store.put_whole("incoming/x/said.json", b"2")
    (tmp_path / "log").write_bytes(b"rows")
    store.put_file("incoming/x/raw/log.csv", tmp_path / "log")
    assert not (tmp_path / "log").exists()
    assert store.read("incoming/x/said.json") == b"2"
    assert store.names("evidence") == ["a.pdf"] and store.names("reports") == []
    assert store.folders("incoming") == ["x"] and store.folders("logs") == []
    assert store.every("incoming") == ["incoming/x/raw/log.csv", "incoming/x/said.json"]
    assert store.is_there("evidence/a.pdf") and not store.is_there("evidence/b.pdf")
    with store.local("incoming/x/raw/log.csv") as file:
        assert (file.name, file.read_bytes()) == ("log.csv", b"rows")
    assert -60 < store.seconds_old("incoming/x") < 3600
    store.move("incoming/x/raw/log.csv", "logs/kept.csv")
    assert store.read("logs/kept.csv") == b"rows" and not store.is_there("incoming/x/raw/log.csv")
    store.remove_folder("incoming/x")
    store.remove_folder("incoming/x")
    store.remove("evidence/a.pdf")
    store.remove("evidence/a.pdf")
    assert [path for folder in file_store.FOLDERS for path in store.every(folder)] == ["logs/kept.csv"]
    for path in ("evidence/a.pdf", "incoming/x/said.json"):
        with pytest.raises(FileNotFoundError):
            store.read(path)
        with pytest.raises(FileNotFoundError), store.local(path):
            pass


@pytest.mark.parametrize(
    "url", ["http://a/b", "s3://", "s3:///x", "file:///", "file://host/x", "folder", "s3://key:secret@bucket/x"]
)
def test_a_place_that_is_none_is_refused_with_what_to_write(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(file_store.VARIABLE, url)
    with pytest.raises(AssessmentError, match=r"names no place that is known.*file:///folder or s3://bucket/prefix"):
        file_store.current()


@pytest.mark.slow
def test_a_store_that_does_not_answer_is_said_and_nothing_is_saved(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("s3fs")
    office = open_office(tmp_path, monkeypatch)
    number = office.start()
    for variable, value in {**MADE_UP, "AWS_ENDPOINT_URL": "http://127.0.0.1:9"}.items():
        monkeypatch.setenv(variable, value)
    monkeypatch.setattr(file_store, "SETTINGS", {"connect_timeout": 1, "retries": {"max_attempts": 0}})
    monkeypatch.setenv(file_store.VARIABLE, "s3://bucket/x")
    with pytest.raises(NotSavedError, match="s3://bucket/x") as error:
        attached(office, number)
    assert "secret" not in str(error.value)
    assert office.read(number).evidence == ()
    assert readiness.examine(lambda: True)[Check.EVIDENCE] is False


@pytest.mark.slow
def test_a_store_that_takes_requests_and_never_answers_holds_nobody_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever saves waits with all others behind them."""
    pytest.importorskip("s3fs")
    with socket.create_server(("127.0.0.1", 0)) as mute:
        address = f"http://127.0.0.1:{mute.getsockname()[1]}"
        for variable, value in {**MADE_UP, "AWS_ENDPOINT_URL": address}.items():
            monkeypatch.setenv(variable, value)
        monkeypatch.setattr(file_store, "SETTINGS", {"read_timeout": 5, "retries": {"total_max_attempts": 1}})
        monkeypatch.setattr(file_store, "ANSWER_SECONDS", 0.5)
        store = file_store.named("s3://bucket/x")
        with pytest.raises(NotSavedError, match="cannot be reached: TimeoutError"):
            store.put("evidence/a.pdf", b"a")
        with pytest.raises(NotSavedError, match="cannot be reached: TimeoutError"):
            store.is_there("evidence/a.pdf")


@pytest.mark.slow
def test_a_bucket_that_is_not_there_is_said(bucket: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for variable, value in {**MADE_UP, "AWS_ENDPOINT_URL": bucket}.items():
        monkeypatch.setenv(variable, value)
    store = file_store.named("s3://nowhere/x")
    with pytest.raises(NotSavedError, match="s3://nowhere/x"):
        store.put("evidence/a.pdf", b"a")
    with pytest.raises(FileNotFoundError):
        store.read("evidence/a.pdf")


def test_a_folder_that_is_away_is_said_and_nothing_counts_as_lost(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    office = open_office(tmp_path, monkeypatch)
    number = office.start()
    (tmp_path / "shared").mkdir()
    monkeypatch.setenv(file_store.VARIABLE, (tmp_path / "shared").as_uri())
    evidence = attached(office, number)
    (tmp_path / "shared").rename(tmp_path / "away")
    with pytest.raises(NotSavedError, match=r"shared.*mounted"):
        attached(office, number)
    with office.database.reading() as session:
        file = reader.evidence_file(session, evidence)
        with pytest.raises(NotSavedError, match=r"shared.*mounted"):
            file.content()
        with pytest.raises(NotSavedError, match=r"shared.*mounted"):
            auditing.audit(session, checkpoint_of)
    there = CliRunner().invoke(app, ["migrate-files", home().as_uri(), (tmp_path / "nowhere").as_uri()])
    here = CliRunner().invoke(app, ["migrate-files", (tmp_path / "nowhere").as_uri(), home().as_uri()])
    for done in (there, here):
        assert done.exit_code == 2 and "nowhere" in done.output and "mounted" in done.output, done.output
    (tmp_path / "away").rename(tmp_path / "shared")
    assert file.content() == PDF and len(office.read(number).evidence) == 1


# --- what is kept there -------------------------------------------------------------------------------------------


def test_evidence_lies_there_under_its_digest_and_other_bytes_are_not_handed_out(office: Office, store: Store) -> None:
    number = office.start()
    evidence = attached(office, number)
    with office.database.reading() as session:
        file = reader.evidence_file(session, evidence)
    assert store.names("evidence") == [file.stored_name], "the mark went with the commit"
    assert file.stored_name.startswith(file.evidence.sha256)
    assert not (home() / "evidence").exists()
    assert file.content() == PDF
    store.put_whole(f"evidence/{file.stored_name}", b"another")
    with pytest.raises(AlteredFileError):
        file.content()
    with office.database.reading() as session:
        assert [found.harm for found in auditing.audit(session, checkpoint_of).findings] == ["altered"]
    store.remove(f"evidence/{file.stored_name}")
    with pytest.raises(NotFoundError):
        file.content()
    with office.database.reading() as session:
        assert [found.harm for found in auditing.audit(session, checkpoint_of).findings] == ["missing"]


def test_two_pieces_of_evidence_with_the_same_bytes_are_two_files(office: Office, store: Store) -> None:
    first, second = office.start(), office.start()
    gone, stays = attached(office, first), attached(office, second)
    with office.database.transaction() as session:
        actions.remove_evidence(session, first, gone, KIM, AT)
    with office.database.reading() as session:
        assert reader.evidence_file(session, stays).content() == PDF
    assert len(store.names("evidence")) == 1


def test_what_was_rolled_back_leaves_nothing_and_what_was_killed_is_swept(office: Office, store: Store) -> None:
    number = office.start()
    with suppress(ZeroDivisionError), office.database.transaction() as session:
        actions.add_evidence(session, number, Upload("Proof", "proof.pdf", PDF), KIM, AT)
        raise ZeroDivisionError
    assert store.names("evidence") == []
    with office.database.transaction() as session:
        info = {evidence_files.DATABASE: session.info[evidence_files.DATABASE]}
        killed = evidence_files.keep(info, evidence_files.EVIDENCE, PDF, "pdf")
    elsewhere = evidence_files.keep({evidence_files.DATABASE: "another"}, evidence_files.EVIDENCE, PDF, "pdf")
    with office.database.transaction() as session:
        remarks = [remark.en for remark in leftovers.sweep(session)]
    assert killed in remarks[0] and elsewhere in remarks[1], "what another database may know is named and left"
    assert [name for name in store.names("evidence") if not name.startswith(".")] == [elsewhere]


def test_a_sealed_report_and_its_record_are_read_and_audited_there(office: Office, store: Store) -> None:
    number = office.signed_off()
    sealed_reports.registered(office, number, PDF, "a" * 64)
    with office.database.reading() as session:
        (report,) = reader.sealed_reports(session, number)
    assert sealed_files.file_of(report) == PDF
    assert store.names("reports") == [report.stored_name]
    with pytest.raises(KeyFileError):
        own_key.settle()
    assert not list(home().glob("seal.*")), "a key that is lost is not made anew, wherever its reports lie"


def test_a_backup_holds_what_lies_there_and_is_restored_into_the_home_folder(
    office: Office, store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    evidence = attached(office, office.start())
    made = backup.make(home(), tmp_path / "backup", "1", checkpoint_of)
    assert made.audit.is_intact and made.audit.evidence == 1
    office.database.close()
    monkeypatch.setenv("HAETAE_HOME", str(tmp_path / "other"))
    restored = backup.restore(tmp_path / "backup", home(), checkpoint_of)
    assert restored.audit.is_intact
    monkeypatch.delenv(file_store.VARIABLE)
    with Office(_configured()).database.reading() as session:
        assert reader.evidence_file(session, evidence).content() == PDF


def _configured() -> Any:
    from assessments.storage import database

    return database.configure()


def test_readiness_tries_the_place_and_the_start_says_where_it_is_missing(
    office: Office, store: Store, tmp_path: Path
) -> None:
    assert readiness.examine(lambda: True)[Check.EVIDENCE] is True
    assert store.names("evidence") == []
    if isinstance(store, FolderStore):
        shutil.rmtree(tmp_path / "shared")
        assert readiness.examine(lambda: True)[Check.EVIDENCE] is False
        with pytest.raises(AssessmentError, match=f"{tmp_path / 'shared'}.*mounted"):
            starting.prepare()
        assert not (tmp_path / "shared").exists(), "what is not mounted is not made anew beside it"


def test_a_log_that_waits_is_gone_on_with_at_another_server(
    office: Office, store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = office.start()
    waiting.take_in(number, 1, "기록.csv", io.BytesIO(b"a,b\n1,2\n"))
    monkeypatch.setenv("HAETAE_DATABASE_URL", f"sqlite:///{home() / 'haetae.db'}")
    monkeypatch.setenv("HAETAE_HOME", str(tmp_path / "another"))
    intake = waiting.pending(number, 1)
    assert intake is not None
    intake.store_settings(waiting.ReadingSettings(earlier="x"))
    again = waiting.pending(number, 1)
    assert again is not None and again.settings().earlier == "x" and not again.has_preview()
    with again.file() as file:
        assert (file.name, file.read_bytes()) == ("기록.csv", b"a,b\n1,2\n")
    waiting.keep_raw(again, "f" * 64, "csv")
    waiting.keep_raw(again, "f" * 64, "csv")  # the figures were not committed the first time
    assert store.names("logs") == [f"{'f' * 64}.csv"]
    assert waiting.discard(again)
    assert store.every("incoming") == []


# --- moving -------------------------------------------------------------------------------------------------------


def test_files_move_there_whole_and_go_on_where_they_were_interrupted(
    office: Office, store: Store, tmp_path: Path
) -> None:
    number = office.start()
    evidence = attached(office, number)
    waiting.take_in(number, 1, "log.csv", io.BytesIO(b"a,b"))
    (tmp_path / "new").mkdir()
    target = FolderStore(tmp_path / "new")

    def move(here: Store, there: Store) -> MovedFiles:
        with office.database.transaction() as session:
            return moving_files.move(session, here, there)

    assert move(store, target) == MovedFiles(2, 2)
    (whole,) = target.every("evidence")
    target.put_whole(whole, PDF[:100])  # as a run leaves it that was killed
    assert move(store, target) == MovedFiles(2, 1)
    with office.database.reading() as session:
        assert auditing.audit(session, checkpoint_of, files=target).is_intact
        assert target.read(whole) == PDF == reader.evidence_file(session, evidence).content()
    assert file_store.identity(target) and not file_store.identity(store)
    with pytest.raises(AssessmentError, match="where they lie already"):
        move(store, store)
    target.put("evidence/of-another.pdf", PDF)
    with pytest.raises(AssessmentError, match=r"not this installation's: evidence/of-another\.pdf"):
        move(store, target)
    target.remove("evidence/of-another.pdf")
    target.remove(whole)
    target.put_file = lambda path, _source: target.put_whole(path, b"other")  # type: ignore[method-assign]
    with pytest.raises(AssessmentError, match="another SHA-256"):
        move(store, target)


def test_the_command_moves_files_and_says_what_to_set(office: Office, store: Store, tmp_path: Path) -> None:
    attached(office, office.start())
    (tmp_path / "new").mkdir()
    source, target = os.environ[file_store.VARIABLE], (tmp_path / "new").as_uri()
    done = CliRunner().invoke(app, ["migrate-files", source, target])
    assert done.exit_code == 0, done.output
    assert "Files there: 1; copied in this run: 1." in done.output and f"HAETAE_FILES_URL={target}" in done.output
    lost = FolderStore(tmp_path / "new").every("evidence")[0]
    store.remove(lost)
    FolderStore(tmp_path / "new").remove(lost)
    assert CliRunner().invoke(app, ["migrate-files", source, target]).exit_code == 1, "what was lost before is told"
    refused = CliRunner().invoke(app, ["migrate-files", source, str(tmp_path / "new")])
    assert refused.exit_code != 0 and "file:///folder" in refused.output


# --- several servers ----------------------------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.sqlite
@pytest.mark.skipif(postgres.programs() is None, reason="needs PostgreSQL; on Debian postgresql.")
def test_a_server_that_keeps_files_elsewhere_than_the_others_refuses_to_start(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(postgres.VARIABLE, "postgresql")
    open_office(tmp_path, monkeypatch)
    starting.prepare()
    starting.prepare()
    installation.check(Thing.FILES, file_store.identity(store))
    monkeypatch.delenv(file_store.VARIABLE)
    with pytest.raises(AssessmentError, match=r"none of this database.*HAETAE_FILES_URL"):
        starting.prepare()
    file_store.identify(file_store.current())
    with pytest.raises(AssessmentError, match=r"in another place than the servers of the same database"):
        starting.prepare()


@pytest.mark.slow
@pytest.mark.sqlite
@pytest.mark.skipif(postgres.programs() is None, reason="needs PostgreSQL; on Debian postgresql.")
def test_files_are_moved_from_where_the_servers_have_them_and_from_no_place_named_by_mistake(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(postgres.VARIABLE, "postgresql")
    office = open_office(tmp_path, monkeypatch)
    starting.prepare()
    attached(office, office.start())
    for name in ("mistaken", "new"):
        (tmp_path / name).mkdir()
    target = FolderStore(tmp_path / "new")
    with pytest.raises(AssessmentError, match="do not keep evidence"), office.database.transaction() as session:
        moving_files.move(session, FolderStore(tmp_path / "mistaken"), target)
    starting.prepare()
    for copied in (1, 0):
        with office.database.transaction() as session:
            assert moving_files.move(session, FolderStore(home()), target) == MovedFiles(1, copied)
