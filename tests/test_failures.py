"""What breaks around an installation at work, on both databases: what was acknowledged is there, and what is told is a sentence.

`make reliability` runs these and writes what came of them into docs/reliability.md.
"""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager, suppress
from datetime import timedelta
from functools import partial
from pathlib import Path
from tempfile import mkdtemp

import pytest
from sqlalchemy import text
from typer.testing import CliRunner

from assessments import actions, viewing
from assessments.errors import AssessmentError, NotSavedError
from assessments.home import home
from assessments.keeping import auditing
from assessments.model import Response
from assessments.storage import accounts, database, history
from assessments.storage.database import Database
from assessments.storage.dialects import postgresql, sqlite
from assessments.storage.dialects.sqlite import SQLite
from commands.main import app
from tests import postgres
from tests.office import AT, KIM, Office, open_office
from tests.test_storage import _SAVER

pytestmark = [pytest.mark.sqlite, pytest.mark.slow]
Noted = Callable[[str, object], None]


@pytest.fixture(params=["sqlite", "postgresql"])
def kind(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    if request.param == "postgresql":
        if postgres.programs() is None:
            pytest.skip("needs PostgreSQL; on Debian postgresql.")
        monkeypatch.setenv(postgres.VARIABLE, "postgresql")
    else:
        monkeypatch.delenv(postgres.VARIABLE, raising=False)
    return str(request.param)


@pytest.fixture
def office(kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Office:
    return open_office(tmp_path, monkeypatch)


@pytest.fixture
def disk() -> Iterator[Path]:
    """A disk of its own, of a hundred megabytes."""
    place = Path(mkdtemp(prefix="haetae-disk-"))
    made = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=100m", "tmpfs", str(place)], check=False, capture_output=True
    )
    if made.returncode:
        place.rmdir()
        pytest.skip("needs the right to mount a disk.")
    yield place
    database.leave()
    subprocess.run(["umount", "--lazy", str(place)], check=True)
    place.rmdir()


@pytest.fixture
def own_server() -> Iterator[postgres.Server]:
    """A PostgreSQL that waits for the disk, to be killed."""
    if postgres.programs() is None:
        pytest.skip("needs PostgreSQL; on Debian postgresql.")
    server = postgres.Server()
    yield server
    server.kill()


def open_there(server: postgres.Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Office:
    """An office whose database lies on this server."""
    open_office(tmp_path, monkeypatch)
    with server.asked() as connection:
        connection.execute(b"CREATE DATABASE own TEMPLATE template0")
    monkeypatch.setenv("HAETAE_DATABASE_URL", server.address("own"))
    return Office(database.prepare())


def check_sound(office: Office) -> int:
    """The chain and all that was kept verify. Returns the number of events."""
    with office.database.reading() as session:
        made = auditing.audit(session, lambda _: None, notes=False)
        assert made.is_intact, made.findings
        return made.events


def check_says(words: str, *commands: str) -> None:
    """A command that cannot work says why in a sentence, and shows nothing of the program."""
    done = CliRunner().invoke(app, list(commands))
    assert done.exit_code not in (0, 1), done.output
    assert words in done.output and "Traceback" not in done.output and isinstance(done.exception, SystemExit), (
        done.output
    )


# --- the chain ------------------------------------------------------------------------------------------------------

SWAP = "UPDATE event SET seq = 99 WHERE seq = 4; UPDATE event SET seq = 4 WHERE seq = 5; UPDATE event SET seq = 5 WHERE seq = 99"
AGAIN = "INSERT INTO event SELECT {last} + 1, format, kind, at, assessment_id, revision, digests, {previous}, hash FROM event WHERE seq = 4"
FORGERIES = {
    "altered": "UPDATE event SET at = '2020-01-01T00:00:00.000000+00:00' WHERE seq = 4",
    "value altered": "UPDATE event_value SET value = '\"no\"' WHERE seq = 4 AND name = 'actor'",
    "deleted": "DELETE FROM event_value WHERE seq = 5; DELETE FROM event WHERE seq = 5",
    "reordered": SWAP,
    "truncated": "DELETE FROM event_value WHERE seq > 6; DELETE FROM event WHERE seq > 6",
    "replayed": AGAIN.format(last="(SELECT max(seq) FROM event)", previous="previous"),
    "replayed at the end": AGAIN.format(
        last="(SELECT max(seq) FROM event)", previous="(SELECT hash FROM event ORDER BY seq DESC LIMIT 1)"
    ),
}


@pytest.mark.parametrize("forgery", FORGERIES)
def test_every_forgery_of_the_chain_is_found(office: Office, kind: str, forgery: str, record_property: Noted) -> None:
    number = office.start()
    for turn in range(7):
        office.answer(number, "hiring.told", f"글 {turn}", seen=turn)
    with office.database.reading() as session:
        before = history.checkpoint(session)
        assert before is not None and history.verify(session, [before]).is_intact
    _forged(office, kind, FORGERIES[forgery])
    with office.database.reading() as session:
        seen = history.verify(session, [before])
    assert not seen.is_intact
    record_property("figure", f"{forgery}: {', '.join(sorted({fault.fault.value for fault in seen.faults}))}")


def _forged(office: Office, kind: str, statements: str) -> None:
    """By whoever owns the file or the tables, past every trigger."""
    if kind == "postgresql":
        with postgres.server().asked(office.database.url.database or "") as connection:
            connection.execute(f"SET session_replication_role = replica; {statements}".encode())
        return
    with closing(sqlite3.connect(home() / "haetae.db")) as connection:
        for name in SQLite().trigger_statements():
            connection.execute(f"DROP TRIGGER {name}")
        connection.executescript(statements)
        connection.commit()


SEEN = "SELECT response.lock_version FROM response JOIN revision ON revision.id = revision_id WHERE assessment_id = :it"


def test_twenty_writers_at_two_servers_leave_one_chain(office: Office, record_property: Noted) -> None:
    ids = [office.start() for _ in range(4)]
    with closing(database.open_database()) as other:
        began = time.perf_counter()

        def write(place: int) -> None:
            server = (office.database, other)[place % 2]
            for turn in range(5):
                with server.transaction() as session:
                    seen = session.connection().execute(
                        text(SEEN),
                        {"it": ids[place % 4]},
                    )
                    response = Response("told", f"{place}-{turn}", lock_version=seen.scalar() or 0)
                    actions.record_response(session, ids[place % 4], "hiring", response, KIM, AT)

        with ThreadPoolExecutor(20) as threads:
            list(threads.map(write, range(20)))
        seconds = time.perf_counter() - began
    assert check_sound(office) == 4 * 3 + 100
    record_property("figure", f"100 deeds, {100 / seconds:.0f} a second")


# --- killed ---------------------------------------------------------------------------------------------------------


def test_a_program_killed_while_it_saves_loses_nothing_that_it_acknowledged(
    office: Office, record_property: Noted
) -> None:
    number = office.start()
    with subprocess.Popen(
        [sys.executable, "-c", _SAVER, str(number), "100000"], stdout=subprocess.PIPE, text=True
    ) as saver:
        assert saver.stdout is not None
        acknowledged = next(int(line) for line in saver.stdout if int(line) >= 12)
        os.kill(saver.pid, signal.SIGKILL)
        acknowledged = max([acknowledged, *(int(line) for line in saver.stdout if line.endswith("\n"))])
    _until_free(office)
    saved = office.read(number).responses["hiring"]["told"].lock_version - 1
    assert saved in (acknowledged, acknowledged + 1)
    check_sound(office)
    record_property("figure", f"{acknowledged + 1} acknowledged, {saved + 1} there")


def _until_free(office: Office) -> None:
    """A server notices that a client is gone at its next word to it."""
    with office.database.transaction():
        pass


class _Writers:
    """Eight people who save one answer after the other, until something breaks."""

    def __init__(self, office: Office) -> None:
        self.office, self.ids = office, [office.start() for _ in range(8)]
        self.acknowledged = dict.fromkeys(self.ids, 0)
        self.told: list[BaseException] = []
        self.threads = [threading.Thread(target=self._write, args=(number,)) for number in self.ids]

    def _write(self, number: int) -> None:
        try:
            for turn in range(10_000):
                self.office.answer(number, "hiring.told", f"{turn}", seen=turn)
                self.acknowledged[number] = turn + 1
        except BaseException as error:
            self.told.append(error)

    @contextmanager
    def at_work(self, least: int = 40) -> Iterator[None]:
        """Once so much was acknowledged, what breaks them is done."""
        for thread in self.threads:
            thread.start()
        while sum(self.acknowledged.values()) < least and any(thread.is_alive() for thread in self.threads):
            time.sleep(0.01)
        yield
        for thread in self.threads:
            thread.join(timeout=120)

    def check(self, *words: str) -> str:
        """Everybody was told one of these, all that was acknowledged is there, and work goes on. Returns the figure."""
        assert len(self.told) == 8 and all(isinstance(error, NotSavedError) for error in self.told), self.told
        assert all(any(word in str(error) for word in words) for error in self.told), self.told
        there = {number: self._saved(number) for number in self.ids}
        for number, count in self.acknowledged.items():
            assert there[number] in (count, count + 1), "a deed may have been saved whose word did not come through"
        for number in self.ids:
            self.office.answer(number, "hiring.told", "그 뒤", seen=there[number])
        check_sound(self.office)
        return f"{sum(self.acknowledged.values())} acknowledged, {sum(there.values())} there, 0 lost"

    def _saved(self, number: int) -> int:
        told = self.office.read(number).responses.get("hiring", {}).get("told")
        return told.lock_version if told else 0


def test_a_database_server_killed_under_eight_writers_loses_nothing(
    own_server: postgres.Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, record_property: Noted
) -> None:
    office = open_there(own_server, tmp_path, monkeypatch)
    writers = _Writers(office)
    with writers.at_work():
        own_server.kill()
    check_says("cannot be reached", "history", "verify")
    own_server.start()
    record_property("figure", writers.check("cannot be reached"))


def test_a_session_of_the_server_killed_in_mid_transaction_breaks_off_all_and_loses_nothing(
    own_server: postgres.Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, record_property: Noted
) -> None:
    """The server then begins anew by itself."""
    office = open_there(own_server, tmp_path, monkeypatch)
    writers = _Writers(office)
    with writers.at_work():
        with own_server.asked() as connection:
            ask = b"SELECT pid FROM pg_stat_activity WHERE application_name = 'haetae' ORDER BY xact_start NULLS LAST LIMIT 1"
            row = connection.execute(ask).fetchone()
        assert row is not None
        os.kill(row[0], signal.SIGKILL)
    _wait_for(own_server)
    record_property("figure", writers.check("cannot be reached"))


def _wait_for(server: postgres.Server) -> None:
    for _ in range(600):
        with suppress(Exception), server.asked():
            return
        time.sleep(0.1)
    raise AssertionError("the server did not come back")


def test_a_connection_that_an_administrator_ends_is_told_and_the_next_deed_is_done(office: Office, kind: str) -> None:
    if kind == "sqlite":
        pytest.skip("A file has no connections.")
    number = office.start()

    def ended() -> None:
        with office.database.transaction() as session:
            me = session.connection().execute(text("SELECT pg_backend_pid()")).scalar_one()
            with postgres.server().asked() as connection:
                connection.execute("SELECT pg_terminate_backend(%s)", (me,))
            session.connection().execute(text("SELECT 1"))

    with pytest.raises(NotSavedError, match="cannot be reached"):
        ended()
    office.answer(number, "hiring.told", "다음 답")
    check_sound(office)


# --- disks ----------------------------------------------------------------------------------------------------------


def fill(disk: Path, left: int) -> Path:
    """All but so many bytes of the disk. Returns what is to be removed."""
    file, state = disk / "filler", os.statvfs(disk)
    with file.open("wb") as filler:
        for _ in range(max(0, state.f_bavail * state.f_frsize - left) // 65_536):
            filler.write(b"x" * 65_536)
    return file


def _write_until_refused(office: Office, number: int) -> tuple[int, AssessmentError]:
    """How many answers were acknowledged, and what was told of the first that was not."""
    for turn in range(2_000):
        try:
            office.answer(number, "hiring.told", f"{turn}" + "가" * 9_000, seen=turn)
        except AssessmentError as error:
            return turn, error
    raise AssertionError("the disk was never full")


def test_a_full_disk_is_told_and_once_there_is_room_work_goes_on(
    kind: str, disk: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, record_property: Noted
) -> None:
    if kind == "sqlite":
        office = open_office(disk, monkeypatch)
        again: Callable[[], object] = lambda: None  # noqa: E731
    else:
        os.chmod(disk, 0o777)
        folder = disk / "server"
        folder.mkdir()
        server = postgres.Server(
            "min_wal_size=2MB", "max_wal_size=4MB", "shared_buffers=8MB", folder=folder, small=True
        )
        office, again = open_there(server, tmp_path, monkeypatch), partial(_begun_again, server)
    number = office.start()
    office.answer(number, "hiring.used", "yes")
    filler = fill(disk, 400_000)
    acknowledged, told = _write_until_refused(office, number)
    assert isinstance(told, NotSavedError) and any(
        word in str(told) for word in ("disk is full", "cannot be reached")
    ), told
    filler.unlink()
    again()
    kept = office.read(number).responses["hiring"]
    there = kept["told"].lock_version if "told" in kept else 0
    assert there == acknowledged and kept["used"].answer == "yes"
    office.answer(number, "hiring.told", "자리가 생긴 뒤", seen=there)
    check_sound(office)
    record_property("figure", f"{acknowledged} acknowledged, {there} there; told: {told.text.en}")
    if kind == "postgresql":
        office.database.close()
        server.kill()


def _begun_again(server: postgres.Server) -> None:
    """A server that could not write its log has ended, and is started again as its service does."""
    with suppress(Exception), server.asked():
        return
    with suppress(subprocess.CalledProcessError):
        server.start()
    _wait_for(server)


def test_a_disk_that_can_only_be_read_is_told_and_what_is_there_stays(
    kind: str, disk: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, record_property: Noted
) -> None:
    office = open_office(disk if kind == "sqlite" else tmp_path, monkeypatch)
    number = office.start()
    office.answer(number, "hiring.told", "그 전")
    database.leave()
    if kind == "sqlite":
        subprocess.run(["mount", "-o", "remount,ro", str(disk)], check=True)
    else:
        name = office.database.url.database
        with postgres.server().asked() as connection:  # as a standby, or a server that an administrator made so
            connection.execute(f"ALTER DATABASE {name} SET default_transaction_read_only = on".encode())
    office = Office(database.configure())
    with pytest.raises(NotSavedError) as refused:
        office.answer(number, "hiring.told", "그 뒤", seen=1)
    told = "takes no writes" if kind == "postgresql" else "cannot be opened for writing"
    assert told in str(refused.value)
    check_says(told, "user", "add", "lee", "--role", "chair", "--name", "이")
    record_property("figure", f"told: {refused.value.text.en}")
    database.leave()
    if kind == "sqlite":
        subprocess.run(["mount", "-o", "remount,rw", str(disk)], check=True)
    else:
        with postgres.server().asked() as connection:
            connection.execute(f"ALTER DATABASE {name} RESET default_transaction_read_only".encode())
    office = Office(database.configure())
    assert office.read(number).responses["hiring"]["told"].answer == "그 전"
    office.answer(number, "hiring.told", "그 뒤", seen=1)
    check_sound(office)


# --- clock, pool ----------------------------------------------------------------------------------------------------


def test_a_clock_that_jumps_ends_sessions_at_most_and_breaks_no_record(office: Office, record_property: Noted) -> None:
    number, jumps = office.start(), (0, 4_000, -4_000, 1)
    with office.database.transaction() as session:
        token = accounts.open_session(session, KIM.id, AT)
    for turn, days in enumerate(jumps):
        with office.database.transaction() as session:
            response = Response("told", f"{days}일 뒤", lock_version=turn)
            actions.record_response(session, number, "hiring", response, KIM, AT + timedelta(days=days))
    with office.database.reading() as session:
        assert accounts.find_login(session, token, AT + timedelta(days=4_000)) is None
        assert accounts.find_login(session, token, AT + timedelta(minutes=1)) is not None
        assert [entry.id for entry in viewing.assessments(session, KIM).entries] == [number]
        kinds = [line.kind for line in viewing.events(session, KIM, number, 10)]
    assert kinds.count("record_response") == len(jumps)
    assert check_sound(office) == 3 + len(jumps)
    record_property("figure", "order by number, not by time: 4 of 4 answers in the order in which they were given")


def test_a_pool_without_a_free_connection_is_told_in_time_and_gives_them_back(
    office: Office, kind: str, monkeypatch: pytest.MonkeyPatch, record_property: Noted
) -> None:
    monkeypatch.setattr(postgresql if kind == "postgresql" else sqlite, "BUSY_SECONDS", 1)
    number = office.start()
    with closing(database.open_database()) as small:
        taken = [small.engine.connect() for _ in range(50)]
        for what in (small.reading, small.transaction):
            with pytest.raises(NotSavedError, match="busy"), what():
                pass
        for connection in taken:
            connection.close()
        with small.reading() as session:
            assert history.verify(session).is_intact
    office.answer(number, "hiring.told", "그 뒤")
    record_property("figure", "50 connections taken; the 51st is told after the time that it waits")


def test_a_server_without_a_free_place_is_told(
    own_server: postgres.Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, record_property: Noted
) -> None:
    office = open_there(own_server, tmp_path, monkeypatch)
    number = office.start()
    with own_server.asked() as connection:
        connection.execute(b"CREATE ROLE haetae LOGIN CONNECTION LIMIT 1")
        connection.execute(b"GRANT CONNECT ON DATABASE own TO haetae")
    with closing(Database(own_server.address("own", "haetae"))) as there, own_server.asked("own", "haetae"):
        with pytest.raises(NotSavedError) as refused, there.reading():
            pass
        record_property("figure", f"told: {refused.value.text.en}")
    office.answer(number, "hiring.told", "그 뒤")
    check_sound(office)
