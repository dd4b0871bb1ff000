"""A home of a former release with data in it is brought up to this one, on both databases, and everything in it verifies.

`former_releases/0.2.0-backup.tar.xz` is what `haetae backup` of release 0.2.0 made of a home in which people had worked: examples,
a draft of their own, a sealed report, evidence that was removed, values that were erased. `0.8.0-postgresql.sql.xz` is what
pg_dump said of the same home after release 0.8.0 had taken it over, given it a unit and moved it to a server.
"""

from __future__ import annotations

import lzma
import tarfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text
from typer.testing import CliRunner

from assessments.keeping import auditing
from assessments.storage import database, migration, reader
from assessments.storage.database import Database
from commands import migrate_database
from commands.main import app
from exports.record import attached
from tests import postgres

FORMER = Path(__file__).parent / "former_releases"
EVENTS, ERASED = 757, 2
pytestmark = [pytest.mark.sqlite, pytest.mark.slow, pytest.mark.usefixtures("examined_here")]
HERE = pytest.mark.skipif(postgres.programs() is None, reason="needs PostgreSQL; on Debian postgresql.")


@pytest.fixture
def former(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The backup that release 0.2.0 made; the home folder is what it holds."""
    with tarfile.open(FORMER / "0.2.0-backup.tar.xz") as packed:
        packed.extractall(tmp_path / "backup", filter="data")
    monkeypatch.setenv("HAETAE_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("HAETAE_DATABASE_URL", raising=False)
    return tmp_path / "backup"


@pytest.fixture
def server() -> Iterator[str]:
    """The name of an empty database on a server."""
    name = postgres.copied("template0")
    yield name
    with postgres.server().asked() as connection:
        connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)'.encode())


def run(*arguments: str) -> str:
    """A command, as of a process of its own."""
    database.leave()
    done = CliRunner().invoke(app, list(arguments))
    assert done.exit_code == 0, done.output
    return done.output


def check_everything(there: Database, events: int) -> None:
    """History, evidence, submitted revisions, sealed reports and what each assessment said."""
    with there.reading() as session:
        assert migration.is_at_head(session.connection())
        audit = auditing.audit(session, attached.checkpoint_of)
        assert audit.is_intact and (audit.reports, audit.erased) == (1, ERASED)
        assert audit.events >= events
        numbers = session.connection().execute(text("SELECT id FROM assessment ORDER BY id")).scalars().all()
        assessments = [reader.get_assessment(session, number) for number in numbers]
    assert [assessment.status.value for assessment in assessments] == ["signed_off"] * 3 + ["draft"] * 4
    own = assessments[-1]
    assert own.operator.name == "한빛 주식회사" and [evidence.title for evidence in own.evidence] == ["개발 문서"]
    assert {response.note for response in own.responses["hiring"].values()} == {"0.2.0에서 적은 메모"}
    assert migrate_database.not_passed(there) == []


def put_back(backup: Path) -> str:
    """As an installation of then that is upgraded where it lies."""
    (backup / "home").rename(backup.parent / "home")
    return f"sqlite:///{backup.parent / 'home' / 'haetae.db'}"


def test_a_home_of_0_2_0_is_upgraded_where_it_lies(former: Path) -> None:
    put_back(former)
    done = run("upgrade")
    assert "read again and compared" in done and "is up to date" in done
    check_everything(database.current(), EVENTS)
    assert "Intact" in run("history", "verify")


def test_a_backup_that_0_2_0_made_is_restored_and_verifies(former: Path) -> None:
    assert "is what it was at" in run("restore", str(former))
    run("upgrade")
    check_everything(database.current(), EVENTS)
    made = former.parent / "of today"
    assert "read again and compared" in run("backup", str(made))
    run("restore", str(made), "--replace")
    check_everything(database.configure(), EVENTS)


@HERE
def test_and_goes_on_to_postgresql_with_everything_in_it(
    former: Path, server: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    here, there = put_back(former), postgres.address(server)
    run("upgrade")
    moved = run("migrate-database", here, there)
    assert "Intact" in moved and "All 1 sealed reports verify as passed." in moved
    monkeypatch.setenv("HAETAE_DATABASE_URL", there)
    run("upgrade")
    check_everything(database.current(), EVENTS)
    made = former.parent / "of the server"
    run("backup", str(made))
    monkeypatch.delenv("HAETAE_DATABASE_URL")
    run("restore", str(made), "--replace")
    check_everything(database.configure(), EVENTS)


@HERE
def test_a_server_of_0_8_0_is_upgraded_where_it_stands(
    former: Path, server: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    put_back(former)
    (former.parent / "home" / "haetae.db").unlink()
    said = lzma.decompress((FORMER / "0.8.0-postgresql.sql.xz").read_bytes())
    with postgres.server().asked(server) as connection:
        connection.execute(b"\n".join(line for line in said.split(b"\n") if not line.startswith(b"\\")))
    monkeypatch.setenv("HAETAE_DATABASE_URL", postgres.address(server))
    assert "pg_dump" in run("upgrade")
    check_everything(database.current(), EVENTS)
    with database.reading() as session:
        names = session.connection().execute(text("SELECT name FROM unit ORDER BY id")).scalars().all()
    assert names[-1] == "여신부"
    assert "Intact" in run("history", "verify")
