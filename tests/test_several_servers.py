"""What servers of one database share: how often somebody tried, which keys they have, and what is done once a day."""

from __future__ import annotations

import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlmodel import Session

from assessments.errors import AssessmentError
from assessments.file import decision_log
from assessments.home import home
from assessments.keeping import daily, starting
from assessments.storage import installation, log_imports, portfolio_days
from assessments.storage.installation import Thing
from assessments.storage.log_imports import LogImportRow, Stage
from assessments.storage.rate_limits import SharedCounts
from commands import _signer
from exports.seal import keyring, keys
from jobs import own_key
from pages._server.admission import Admission, RefusedError
from pages._server.guesses import Guesses
from tests import postgres
from tests.office import AT, Office, open_office

pytestmark = [
    pytest.mark.slow,
    pytest.mark.sqlite,
    pytest.mark.skipif(postgres.programs() is None, reason="needs PostgreSQL; on Debian postgresql."),
]


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Office:
    monkeypatch.setenv(postgres.VARIABLE, "postgresql")
    return open_office(tmp_path, monkeypatch)


@pytest.fixture
def another_home(tmp_path: Path) -> Path:
    """What the second server has as its home folder once it is entered."""
    folder = tmp_path / "another"
    folder.mkdir()
    return folder


def rows(office: Office, table: str = "rate_limit") -> list[tuple[object, ...]]:
    with office.database.reading() as session:
        return [tuple(row) for row in session.connection().execute(text(f"SELECT * FROM {table} ORDER BY 1"))]


# --- how often somebody tried -------------------------------------------------------------------------------------


def guessed(guesses: Guesses, account: str, address: str, *, is_right: bool = False) -> bool:
    async def run() -> bool:
        try:
            async with guesses.guess(account, address) as guess:
                guess.is_right = is_right
        except RefusedError:
            return False
        return True

    return asyncio.run(run())


def test_two_servers_count_guesses_together(office: Office) -> None:
    servers = (Guesses(), Guesses())
    assert sum(guessed(servers[number % 2], "kim", "192.0.2.1") for number in range(14)) == 10
    assert guessed(servers[0], "lee", "192.0.2.1", is_right=True)
    assert not guessed(servers[0], "kim", "192.0.2.1"), "somebody else's right guess forgives nothing"


def test_a_right_guess_at_one_server_begins_the_count_anew_at_the_other(office: Office) -> None:
    servers = (Guesses(), Guesses())
    assert all(guessed(servers[0], "kim", "192.0.2.1") for _ in range(9))
    assert guessed(servers[1], "kim", "192.0.2.1", is_right=True)
    assert all(guessed(servers[0], "kim", "192.0.2.1") for _ in range(9))


def test_whoever_is_over_a_limit_writes_nothing_and_no_name_stands_there(office: Office) -> None:
    guesses, admission = Guesses(), Admission("3/minute", "5/minute", inside=9, of_one=9, counted="links")

    def count(asker: str) -> bool:
        try:
            asyncio.run(admission.counted(asker))
        except RefusedError as refusal:
            return not 1 <= refusal.seconds <= 61
        return True

    assert sum(guessed(guesses, "kim", "192.0.2.1") for _ in range(12)) == 10
    assert [count("a") for _ in range(4)] == [True, True, True, False]
    assert [count("b") for _ in range(3)] == [True, True, False], "all together are over theirs"
    before = rows(office)
    assert not guessed(guesses, "kim", "192.0.2.1")
    assert not any(count(f"stranger {number}") for number in range(20))
    assert rows(office) == before
    assert "kim" not in str(before) and "192.0.2.1" not in str(before)


def test_limits_of_a_process_alone_touch_no_database(office: Office) -> None:
    admission = Admission("3/minute", "5/minute", inside=9, of_one=9)
    admission.count("a")
    assert rows(office) == []


def test_many_at_once_get_no_more_than_the_limit(office: Office) -> None:
    counts = SharedCounts()
    with ThreadPoolExecutor(8) as threads:
        let_in = list(threads.map(lambda _: counts.acquire_entry("key", 10, 60), range(40)))
    assert sum(let_in) == 10
    assert counts.get_moving_window("key", 10, 60)[1] == 10


def test_what_no_longer_counts_goes_when_something_new_is_counted(office: Office) -> None:
    counts = SharedCounts()
    assert counts.check()
    assert counts.acquire_entry("old", 1, 60) and not counts.acquire_entry("old", 1, 60)
    with office.database.aside() as connection:
        past = "UPDATE rate_limit SET ends_at = 1, times = '[1.0]'"
        connection.execute(text(past))
    assert counts.get("old") == 0 and counts.get_moving_window("old", 1, 60)[1] == 0
    assert counts.acquire_entry("new", 1, 60)
    assert len(rows(office)) == 1
    assert counts.acquire_entry("old", 1, 60), "its time is over"
    assert counts.incr("many", 60) == 1 and counts.incr("many", 60, 2) == 3 and counts.get("many") == 3
    assert counts.get_expiry("many") > counts.get_expiry("nothing")
    counts.clear("many")
    assert counts.get("many") == 0 and counts.reset() == 2


def test_counting_waits_for_nobody_who_saves(office: Office) -> None:
    counts = SharedCounts()
    with office.database.transaction(), ThreadPoolExecutor(1) as threads:
        assert threads.submit(counts.acquire_entry, "key", 10, 60).result(timeout=60)


# --- keys ---------------------------------------------------------------------------------------------------------


def test_a_second_server_without_the_keys_of_the_first_is_told_where_they_are(
    office: Office, another_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = home()
    decision_log.settle_pseudonym_key()
    own_key.settle("Hana")
    fingerprint, key = keyring.fingerprint(first), decision_log.pseudonym_key()
    assert fingerprint
    own_key.settle()
    decision_log.settle_pseudonym_key()

    monkeypatch.setenv("HAETAE_HOME", str(another_home))
    for settle in (own_key.settle, decision_log.settle_pseudonym_key, decision_log.pseudonym_key):
        with pytest.raises(AssessmentError, match=f"which was set on {installation.machine()} on "):
            settle()
    with pytest.raises(AssessmentError, match=r"has no sealing key.*Copy seal\.key"):
        _signer.check_signer(another_home)
    with pytest.raises(AssessmentError, match=r"has no pseudonym\.key.*Copy"):
        starting.prepare()
    assert not keyring.fingerprint(another_home), "no key of its own was made"

    keys.load_or_create(another_home)
    (another_home / "pseudonym.key").write_bytes(b"x" * 32)
    with pytest.raises(AssessmentError, match="has another sealing key"):
        _signer.check_signer(another_home)
    with pytest.raises(AssessmentError, match="has another sealing key"):
        own_key.settle()
    with pytest.raises(AssessmentError, match=r"has another pseudonym\.key"):
        starting.prepare()

    for name in ("seal.key", "seal.passphrase", "certificate.pem", "pseudonym.key"):
        (another_home / name).write_bytes((first / name).read_bytes())
    _signer.check_signer(another_home)
    own_key.settle()
    starting.prepare()
    assert decision_log.pseudonym_key() == key


def test_two_servers_that_seal_first_at_one_moment_end_with_one_key(office: Office) -> None:
    said = []

    def other_is_quicker() -> str:
        with office.database.transaction() as session:
            installation.state(session, Thing.SEAL, "of the other")
        said.append("made")
        return "of this one"

    with pytest.raises(AssessmentError, match="has another sealing key"):
        installation.settle(Thing.SEAL, "", other_is_quicker)
    assert said == ["made"]
    installation.check(Thing.SEAL, "of the other")


def test_a_key_that_a_command_replaced_is_the_one_of_all_servers(office: Office) -> None:
    folder = home()
    own_key.settle()
    before = keyring.fingerprint(folder)
    keyring.rotate(folder, keys.Algorithm.P256, datetime.now(UTC))
    with pytest.raises(AssessmentError, match="has another sealing key"):
        own_key.settle()
    _signer.replaced(folder)
    own_key.settle()
    with pytest.raises(AssessmentError, match="has another sealing key"):
        installation.check(Thing.SEAL, before)


def test_settings_that_differ_from_those_of_another_machine_are_told_at_the_start(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    (home() / "report.yaml").write_text("logo: a.png")
    starting.prepare()
    (home() / "report.yaml").write_text("logo: b.png")
    assert not [remark for remark in starting.prepare() if "report.yaml" in remark.en], "it was changed on this machine"
    first = installation.machine()
    monkeypatch.setattr(installation, "machine", lambda: "second")
    assert not [remark for remark in starting.prepare() if "yaml" in remark.en]
    (home() / "report.yaml").unlink()
    monkeypatch.setattr(installation, "machine", lambda: first)
    (remark,) = starting.prepare()
    assert remark.en.startswith("report.yaml is not what the server on second had when it started on ")
    assert starting.prepare() == ()


def test_on_one_machine_nothing_is_asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    alone = open_office(tmp_path, monkeypatch)
    installation.settle(Thing.SEAL, "", lambda: pytest.fail("nothing is made"))
    assert rows(alone, "installation") == []


# --- what is under way elsewhere ----------------------------------------------------------------------------------


def test_a_starting_server_breaks_off_what_ran_on_its_own_machine_alone(office: Office) -> None:
    number, at = office.start(), datetime.now(UTC)
    with office.database.transaction() as session:
        row = LogImportRow(
            assessment_id=number, revision=1, folder="f", name="log.csv", arrived_at=at, stage=Stage.ARRIVED
        )
        log_imports.put(session, row)
        assert log_imports.begin(session, row.id or 0, Stage.COUNTING, "run", 1, at, "elsewhere")
        assert log_imports.break_off(session, "here", lambda _: False, at) == 0
        assert log_imports.break_off(session, "elsewhere", lambda _: True, at) == 0
        assert log_imports.break_off(session, "here", lambda _: True, at + timedelta(minutes=1)) == 1
        assert log_imports.break_off(session, "elsewhere", lambda _: False, at) == 0, "it is broken off already"


# --- once a day ---------------------------------------------------------------------------------------------------


def test_the_day_is_counted_once_whichever_servers_look(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    office.signed_off()
    looked, really = threading.local(), portfolio_days.is_kept

    def seen(session: Session, day: date) -> bool:
        """All look before any has counted."""
        is_first, looked.already = not hasattr(looked, "already"), True
        return False if is_first else really(session, day)

    monkeypatch.setattr(portfolio_days, "is_kept", seen)
    with ThreadPoolExecutor(4) as threads:
        done = list(threads.map(lambda _: daily.count_portfolio(AT), range(4)))
    assert sorted(done) == [False, False, False, True]
    with office.database.reading() as session:
        count = session.connection().execute(text("SELECT sum(count) FROM portfolio_day")).scalar_one()
    assert count == 1
