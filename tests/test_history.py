"""The history: whatever is altered, moved, cut off or added is found; what was erased is said and breaks nothing."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from assessments import actions
from assessments.errors import IncompleteError, NotAllowedError, NotFoundError
from assessments.home import home
from assessments.storage import event_lines, history
from assessments.storage.database import Session
from assessments.storage.dialects.sqlite import SQLite
from assessments.storage.history import Checkpoint, Fault, HistoryVerification
from tests.office import ADA, AT, KIM, Office, open_office


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Office:
    """With ten events: 3 to start, 7 answers."""
    made = open_office(tmp_path, monkeypatch)
    assessment_id = made.start()
    for turn in range(7):
        made.answer(assessment_id, "hiring.told", f"글 {turn}", seen=turn)
    return made


def verified(office: Office, *checkpoints: Checkpoint) -> HistoryVerification:
    with office.database.reading() as session:
        return history.verify(session, checkpoints)


def forge(*statements: str) -> None:
    """What somebody does who owns the file: the triggers go first."""
    with closing(sqlite3.connect(home() / "haetae.db")) as connection:
        for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            connection.execute(f"DROP TRIGGER {name}")
        for statement in statements:
            connection.execute(statement)
        connection.commit()


def tried(office: Office, *statements: str) -> HistoryVerification:
    """What is found after a forgery, which is taken back again."""
    with office.database.engine.connect() as connection, Session(connection) as session:
        connection.exec_driver_sql("PRAGMA defer_foreign_keys = ON")
        for name in SQLite().trigger_statements():
            connection.exec_driver_sql(f"DROP TRIGGER {name}")
        for statement in statements:
            connection.exec_driver_sql(statement)
        return history.verify(session)


def test_an_untouched_history_is_intact(office: Office) -> None:
    found = verified(office)
    assert (found.events, found.is_intact, found.erased) == (10, True, ())


def test_an_empty_history_is_intact(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = open_office(tmp_path, monkeypatch)
    assert verified(made).is_intact
    with made.database.reading() as session:
        assert history.checkpoint(session) is None


ALTERATIONS = (
    "kind = 'x'",
    "at = '2026-11-21T03:00:00.000001+00:00'",
    "at = 'once upon a time'",
    "assessment_id = coalesce(assessment_id, 0) + 1",
    "revision = coalesce(revision, 0) + 1",
    "format = 2",
    "digests = '{}'",
    "digests = 'no json'",
    "digests = '{\"actor\": 12345678901234567890}'",
    "previous = substr(previous, 2) || 'g'",
    "hash = substr(hash, 2) || 'g'",
)


@pytest.mark.slow
def test_altering_any_column_of_any_event_is_found(office: Office) -> None:
    for seq in range(1, 11):
        for alteration in ALTERATIONS:
            found = tried(office, f"UPDATE event SET {alteration} WHERE seq = {seq}")
            assert Fault.ALTERED in {fault.fault for fault in found.faults}, (seq, alteration)


@pytest.mark.slow
def test_deleting_any_event_but_the_last_is_found(office: Office) -> None:
    for seq in range(1, 10):
        found = tried(office, f"DELETE FROM event_value WHERE seq = {seq}", f"DELETE FROM event WHERE seq = {seq}")
        assert {(seq, Fault.MISSING), (seq + 1, Fault.ALTERED)} <= {(one.seq, one.fault) for one in found.faults}


@pytest.mark.slow
def test_swapping_any_two_events_is_found(office: Office) -> None:
    for seq in range(1, 10):
        for other in range(seq + 1, 11):
            assert not tried(office, *moves((seq, 99), (other, seq), (99, other))).is_intact


@pytest.mark.sqlite
def test_closing_the_gap_after_a_deletion_is_found(office: Office) -> None:
    gone = ("DELETE FROM event_value WHERE seq = 5", "DELETE FROM event WHERE seq = 5")
    assert not tried(office, *gone, *moves(*((seq, seq - 1) for seq in range(6, 11)))).is_intact


def moves(*pairs: tuple[int, int]) -> list[str]:
    """Statements that give events other numbers, with their values."""
    return [
        f"UPDATE {table} SET seq = {new} WHERE seq = {old}" for old, new in pairs for table in ("event", "event_value")
    ]


@pytest.mark.sqlite
@pytest.mark.first_in_check
@pytest.mark.parametrize(
    ("statement", "fault"),
    [
        ("UPDATE event_value SET value = '\"x\"' WHERE seq = 7 AND name = 'new'", Fault.VALUE_ALTERED),
        ("UPDATE event_value SET salt = '00' WHERE seq = 7 AND name = 'new'", Fault.VALUE_ALTERED),
        ("UPDATE event_value SET value = NULL, salt = NULL WHERE seq = 7 AND name = 'new'", Fault.VALUE_MISSING),
        ("DELETE FROM event_value WHERE seq = 7 AND name = 'new'", Fault.VALUE_MISSING),
        ("UPDATE event_value SET name = 'newer' WHERE seq = 7 AND name = 'new'", Fault.STRAY_VALUE),
        ("INSERT INTO event_value VALUES (7, 'extra', '00', '1')", Fault.STRAY_VALUE),
    ],
)
def test_a_value_that_was_altered_removed_or_added_is_found(office: Office, statement: str, fault: Fault) -> None:
    assert (7, fault) in {(one.seq, one.fault) for one in tried(office, statement).faults}


@pytest.mark.sqlite
def test_a_tail_that_was_cut_off_is_found_through_a_checkpoint(office: Office) -> None:
    with office.database.reading() as session:
        kept = history.checkpoint(session)
    assert kept is not None
    assert verified(office, kept).checkpoints == 1
    forge("DELETE FROM event_value WHERE seq > 8", "DELETE FROM event WHERE seq > 8")
    assert verified(office).is_intact, "a chain alone cannot know that its end is gone"
    found = verified(office, kept)
    assert [(fault.seq, fault.fault) for fault in found.faults] == [(10, Fault.CHECKPOINT)]


@pytest.mark.sqlite
def test_a_history_written_anew_is_found_through_a_checkpoint(office: Office) -> None:
    with office.database.reading() as session:
        kept = history.checkpoint(session)
    assert kept is not None
    forge("DELETE FROM event_value", "DELETE FROM event")
    with office.database.transaction() as session:
        for turn in range(12):
            history.add_event(session, "record_response", KIM, AT, 1, 1, {"new": turn})
    assert verified(office).is_intact
    assert [fault.fault for fault in verified(office, kept).faults] == [Fault.CHECKPOINT]


@pytest.mark.sqlite
def test_an_erased_value_is_gone_said_and_breaks_nothing(office: Office) -> None:
    with office.database.reading() as session:
        kept = history.checkpoint(session)
    with office.database.transaction() as session:
        actions.erase_values(session, 8, ["old"], "당사자의 요청", ADA, AT)
        actions.erase_values(session, 7, ["new", "actor"], "당사자의 요청", ADA, AT)
    assert kept is not None
    found = verified(office, kept)
    assert (found.is_intact, found.erased) == (True, ((7, "actor"), (7, "new"), (8, "old")))
    with office.database.reading() as session:
        line = next(one for one in event_lines.events(session) if one.seq == 7)
        last = event_lines.events(session, limit=1)[0]
    assert (line.by, line.erased, "new" in line.values) == (None, ("actor", "new"), False)
    assert (last.kind, last.by, last.values["reason"]) == ("erase_values", ADA.person, "당사자의 요청")
    assert "글 3".encode() not in _file_after_checkpoint(office, needed=b"\xea\xb8\x80 5")


def _file_after_checkpoint(office: Office, needed: bytes) -> bytes:
    """The bytes of the file itself, after the log was written back into it."""
    with office.database.engine.connect() as connection:
        connection.exec_driver_sql("UPDATE response SET note = 'x'")
        connection.commit()
    with closing(sqlite3.connect(home() / "haetae.db")) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    found = (home() / "haetae.db").read_bytes()
    assert needed in found
    return found


@pytest.mark.sqlite
def test_a_value_emptied_under_a_false_erasure_is_found(office: Office) -> None:
    with office.database.transaction() as session:
        actions.erase_values(session, 7, ["new"], "요청", ADA, AT)
    forge("UPDATE event_value SET value = NULL, salt = NULL WHERE seq = 8 AND name = 'new'")
    assert [(fault.seq, fault.name) for fault in verified(office).faults] == [(8, "new")]
    forge("UPDATE event_value SET value = '8' WHERE seq = 11 AND name = 'seq'")
    assert not verified(office).is_intact


def test_erasing_needs_a_reason_a_value_and_never_touches_an_erasure(office: Office) -> None:
    wrong = [
        (7, ["unheard"], "이유", NotFoundError),
        (99, ["new"], "이유", NotFoundError),
        (7, [], "이유", NotFoundError),
        (7, ["new"], " ", IncompleteError),
    ]
    for seq, names, reason, error in wrong:
        with pytest.raises(error), office.database.transaction() as session:
            actions.erase_values(session, seq, names, reason, ADA, AT)
    with office.database.transaction() as session:
        actions.erase_values(session, 7, ["new"], "요청", ADA, AT)
    for seq, error in ((7, NotFoundError), (11, NotAllowedError)):
        name = "new" if seq == 7 else "seq"
        with pytest.raises(error), office.database.transaction() as session:
            actions.erase_values(session, seq, [name], "요청", ADA, AT)


def test_equal_values_have_different_digests(office: Office) -> None:
    with office.database.transaction() as session:
        for _ in range(2):
            history.add_event(session, "x", KIM, AT, values={"name": "김하나"})
    with office.database.engine.connect() as connection:
        rows = connection.exec_driver_sql("SELECT digests FROM event ORDER BY seq DESC LIMIT 2").scalars().all()
    assert json.loads(rows[0])["name"] != json.loads(rows[1])["name"]
