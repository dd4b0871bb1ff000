"""An installation from one database to another: nothing is lost, an interruption costs nothing, and no foreign target is touched."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import inspect, text
from typer.testing import CliRunner

from assessments import actions
from assessments.errors import AssessmentError
from assessments.home import home
from assessments.keeping import auditing, moving
from assessments.storage import history, migration, reader
from assessments.storage.database import Database
from commands import migrate_database
from commands.main import app
from exports.issuing import ours
from exports.record import attached
from exports.seal import keys
from exports.verification import verify
from tests import postgres, sealed_reports
from tests import report_samples as samples
from tests.office import AT, KIM, PDF, Office

pytestmark = pytest.mark.sqlite
ROOT = Path(__file__).parents[1]
HERE = pytest.mark.skipif(postgres.programs() is None, reason="needs PostgreSQL; on Debian postgresql.")


@pytest.fixture
def busy(office: Office) -> Office:
    """With a draft, evidence, a sealed report, a unit below another that was made later, and a value that was erased."""
    done = office.signed_off()
    sealed_reports.keep(office, done, sealed_reports.record_of(office, done))
    draft = office.start()
    with office.database.transaction() as session:
        actions.add_evidence(session, draft, actions.Upload("증빙", "증빙.pdf", PDF), KIM, AT)
        connection = session.connection()
        connection.execute(text("INSERT INTO unit (id, name) VALUES (2, '아래'), (3, '위')"))
        connection.execute(text("UPDATE unit SET parent_id = 3 WHERE id = 2"))
    return office


@pytest.fixture
def server() -> Iterator[str]:
    """The address of an empty database on a server."""
    name = postgres.copied("template0")
    yield postgres.address(name)
    with postgres.server().asked() as connection:
        connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)'.encode())


def rows(of: Database) -> dict[str, tuple[int, str]]:
    with of.reading() as session:
        return moving.summaries(session.connection())


@HERE
@pytest.mark.slow
def test_to_postgresql_and_back_nothing_changes(busy: Office, server: str, tmp_path: Path) -> None:
    with closing(Database(server)) as there, closing(Database(f"sqlite:///{tmp_path / 'back.db'}")) as back:
        moved = moving.move(busy.database, there)
        assert moved.rows == moved.copied == sum(count for count, _ in rows(busy.database).values()) > 100
        moving.move(there, back)
        assert rows(busy.database) == rows(there) == rows(back)
        for of in (there, back):
            of.prepare()
            with of.reading() as session:
                assert auditing.audit(session, attached.checkpoint_of).is_intact


@HERE
@pytest.mark.slow
def test_work_goes_on_there(busy: Office, server: str) -> None:
    with closing(Database(server)) as there:
        moving.move(busy.database, there)
        moved = Office(there)
        number = moved.signed_off()
        assert number > busy.start() - 1
        with there.reading() as session:
            assert history.verify(session).is_intact
        with pytest.raises(Exception, match="append-only"), there.transaction() as session:
            session.connection().execute(text("DELETE FROM event"))


@HERE
@pytest.mark.slow
def test_an_interrupted_move_goes_on_where_it_stopped(
    busy: Office, server: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(moving, "AT_ONCE", 7)

    def stopping(share: float, _table: str) -> None:
        if share > 0.5:
            raise KeyboardInterrupt

    with closing(Database(server)) as there:
        with pytest.raises(KeyboardInterrupt):
            moving.move(busy.database, there, stopping)
        with pytest.raises(AssessmentError, match="not Haetae"):
            there.prepare()
        number = busy.start()  # and somebody goes on working meanwhile
        busy.answer(number, "hiring.told", "그 사이의 답변")
        moved = moving.move(busy.database, there)
        assert moved.copied < moved.rows
        assert rows(busy.database) == rows(there)


@HERE
def test_a_target_that_holds_something_else_is_left_as_it_is(busy: Office, server: str, tmp_path: Path) -> None:
    with postgres.server().asked(server.rpartition("/")[2].partition("?")[0]) as connection:
        connection.execute("CREATE TABLE other (number integer)")
    with closing(Database(server)) as there, pytest.raises(AssessmentError, match="holds 1 tables already"):
        moving.move(busy.database, there)


@pytest.mark.slow
def test_one_of_another_installation_is_not_gone_on_with(busy: Office, tmp_path: Path) -> None:
    with closing(Database(f"sqlite:///{tmp_path / 'half.db'}")) as there:
        moving._begin(there, "another")
        with pytest.raises(AssessmentError, match="part of another installation"):
            moving.move(busy.database, there)


def test_a_table_that_nobody_would_copy_is_told_and_nothing_is_moved(busy: Office, tmp_path: Path) -> None:
    with busy.database.transaction() as session:
        session.connection().execute(text("CREATE TABLE more (number INTEGER PRIMARY KEY)"))
    with (
        closing(Database(f"sqlite:///{tmp_path / 'new.db'}")) as there,
        pytest.raises(AssessmentError, match="does not know: more"),
    ):
        moving.move(busy.database, there)


@pytest.mark.slow
def test_a_process_that_has_loaded_nothing_else_knows_every_table(busy: Office) -> None:
    with busy.database.reading() as session:
        names = set(inspect(session.connection()).get_table_names()) - {migration.VERSION_TABLE}
    asking = "from assessments.storage import migration; print(*migration.every_table().tables)"
    said = subprocess.run([sys.executable, "-c", asking], capture_output=True, text=True, check=True, cwd=ROOT).stdout
    assert set(said.split()) == names


@pytest.mark.slow
def test_a_row_that_was_altered_on_the_way_is_noticed(
    busy: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    original = moving._missing

    def altering(*given: object) -> Iterator[list[dict[str, object]]]:
        for portion in original(*given):  # type: ignore[arg-type]
            yield [row | {"value": '"다른 값"'} if "salt" in row else row for row in portion]

    monkeypatch.setattr(moving, "_missing", altering)
    with (
        closing(Database(f"sqlite:///{tmp_path / 'half.db'}")) as there,
        pytest.raises(AssessmentError, match="event_value"),
    ):
        moving.move(busy.database, there)


@HERE
@pytest.mark.slow
def test_the_command_says_what_it_proved(office: Office, server: str) -> None:
    office.signed_off()
    move = ["migrate-database", str(office.database.url), server]
    done = CliRunner().invoke(app, move)
    assert done.exit_code == 0, done.output
    assert "Number and digest of the rows are the same" in done.output and "HAETAE_DATABASE_URL" in done.output
    again = CliRunner().invoke(app, move)
    assert again.exit_code == 2 and "tables already" in again.output


@pytest.mark.slow
@pytest.mark.usefixtures("examined_here")
def test_a_sealed_report_that_is_not_of_this_installation_is_named(
    office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = office.signed_off()
    sealed_reports.registered(office, number, samples.sealed(), samples.sealed_record().sha256)
    known = samples.known_folder(tmp_path / "known")
    monkeypatch.setattr(verify, "verify", partial(verify.verify, folder=known))
    with office.database.reading() as session:
        (report,) = reader.every_sealed_report(session)
    assert migrate_database.not_passed(office.database) == [report.stored_name]
    own = replace(ours.read(home()), certificates=(keys.certificate_pem(samples.signer()),))
    monkeypatch.setattr(ours, "read", lambda _home: own)
    assert migrate_database.not_passed(office.database) == []
