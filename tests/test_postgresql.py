"""What PostgreSQL does for an installation that lies on it: locks, triggers, rights of its user, and what its end leaves."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session

from assessments import actions
from assessments.errors import AssessmentError, NewerDatabaseError, NotSavedError
from assessments.model import Operator
from assessments.storage import database, guards, history, migration, reader
from assessments.storage.database import Database
from assessments.storage.dialects.postgresql import PostgreSQL
from tests import postgres, sealed_reports
from tests.office import AT, KIM, PDF, Office, open_office

pytestmark = [
    pytest.mark.sqlite,
    pytest.mark.skipif(postgres.programs() is None, reason="needs PostgreSQL; on Debian postgresql."),
]


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Office:
    monkeypatch.setenv(postgres.VARIABLE, "postgresql")
    monkeypatch.setattr(postgres, "ACTING", "owner")
    return open_office(tmp_path, monkeypatch)


@pytest.fixture
def empty() -> Iterator[str]:
    """The name of an empty database."""
    name = postgres.copied("template0")
    yield name
    with postgres.server().asked() as connection:
        connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)'.encode())


def count(session: Session, table: str) -> int:
    return int(session.connection().execute(text(f"SELECT count(*) FROM {table}")).scalar_one())


def name_of(office: Office) -> str:
    return office.database.url.database or ""


# --- what it refuses ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE event SET kind = 'other' WHERE seq = 1",
        "DELETE FROM event WHERE seq = 1",
        "TRUNCATE event CASCADE",
        "INSERT INTO event SELECT 1, format, kind, at, assessment_id, revision, digests, previous, hash FROM event LIMIT 1",
        "DELETE FROM event_value",
        "UPDATE event_value SET value = '\"other\"'",
        "UPDATE response SET note = 'other'",
        "DELETE FROM revision",
        "UPDATE revision SET status = 'draft'",
        "UPDATE revision SET decision_reason = 'other'",
        "UPDATE sealed_report SET file_sha256 = hash FROM event",
        "INSERT INTO event VALUES (1, 1, 'x', '', NULL, NULL, '{}', '', '') ON CONFLICT (seq) DO UPDATE SET kind = 'x'",
    ],
)
@pytest.mark.slow
def test_it_refuses_what_no_deed_does(office: Office, statement: str) -> None:
    number = office.signed_off()
    sealed_reports.registered(office, number, PDF, "a" * 64)
    with pytest.raises(IntegrityError), office.database.transaction() as session:
        session.connection().execute(text(statement))


def test_every_trigger_is_there_as_it_was_meant_and_one_that_is_tame_is_noticed(office: Office) -> None:
    with office.database.reading() as session:
        assert PostgreSQL().triggers(session.connection()) == PostgreSQL().trigger_statements()
    assert len(PostgreSQL().guards) == len(guards.TRIGGERS) + len(guards.APPEND_ONLY)
    for tampering in (
        "CREATE OR REPLACE FUNCTION event_no_update() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'",
        "ALTER TABLE event DISABLE TRIGGER event_no_update",
        "DROP TRIGGER event_no_update ON event",
    ):
        with postgres.server().asked(name_of(office)) as connection:
            connection.execute(tampering.encode())
        with pytest.raises(AssessmentError, match="event_no_update"):
            office.database.prepare()


def test_a_function_of_a_trigger_that_was_set_otherwise_is_noticed(office: Office) -> None:
    """Somebody else's table of the same name, found first, would be counted instead of the program's."""
    of_owner = next(name for name, trigger in PostgreSQL().guards.items() if trigger.does)
    for name, change, back in (
        ("event_no_update", "SET search_path = pg_temp, public", "RESET search_path"),
        ("event_no_update", "SET row_security = off", "RESET row_security"),
        ("event_no_update", "SECURITY DEFINER", "SECURITY INVOKER"),
        (of_owner, "SET search_path = pg_temp, public", "SET search_path = public, pg_temp"),
        (of_owner, "SECURITY INVOKER", "SECURITY DEFINER"),
        (of_owner, "OWNER TO haetae", "OWNER TO owner"),
    ):
        with postgres.server().asked(name_of(office)) as connection:
            connection.execute("GRANT CREATE ON SCHEMA public TO haetae")
            connection.execute(f"ALTER FUNCTION {name}() {change}".encode())
            with office.database.reading() as session:
                there, wanted = PostgreSQL().triggers(session.connection()), PostgreSQL().trigger_statements()
            assert {which for which in wanted if there.get(which) != wanted[which]} == {name}, change
            connection.execute(f"ALTER FUNCTION {name}() {back}".encode())
    with office.database.reading() as session:
        assert PostgreSQL().triggers(session.connection()) == PostgreSQL().trigger_statements()


@pytest.mark.parametrize(
    "tampering",
    [
        "UPDATE event SET at = '2026-01-01T00:00:00.000000+00:00' WHERE seq = 2",
        "DELETE FROM event_value WHERE seq = 2; DELETE FROM event WHERE seq = 2",
        "UPDATE event SET seq = 1000 - seq WHERE seq IN (2, 3); UPDATE event SET seq = CASE seq WHEN 998 THEN 3 ELSE 2 END WHERE seq > 900",
        "UPDATE event_value SET value = '\"other\"' WHERE seq = 2",
        "INSERT INTO event SELECT 9999, format, kind, at, assessment_id, revision, digests, previous, hash FROM event WHERE seq = 2",
    ],
)
@pytest.mark.slow
def test_what_the_owner_of_the_server_alters_is_found(office: Office, tampering: str) -> None:
    office.signed_off()
    with postgres.server().asked(name_of(office)) as connection:
        connection.execute(f"SET session_replication_role = replica; {tampering}".encode())
    with office.database.reading() as session:
        assert not history.verify(session).is_intact


@pytest.mark.slow
def test_an_end_that_was_cut_off_is_found_by_a_checkpoint(office: Office) -> None:
    office.signed_off()
    with office.database.reading() as session:
        before = history.checkpoint(session)
    assert before
    with postgres.server().asked(name_of(office)) as connection:
        connection.execute(
            b"SET session_replication_role = replica; DELETE FROM event_value WHERE seq > 3; DELETE FROM event WHERE seq > 3"
        )
    with office.database.reading() as session:
        assert history.verify(session).is_intact, "by itself it cannot know"
        assert not history.verify(session, [before]).is_intact


# --- its user -----------------------------------------------------------------------------------------------------


@pytest.fixture
def kept_apart(empty: str, monkeypatch: pytest.MonkeyPatch) -> Database:
    """A database whose tables belong to somebody else than the program's user."""
    postgres.make_user()
    monkeypatch.setenv(database.OWNER, postgres.address(empty))
    return database.prepare(postgres.address(empty, "haetae"))


@pytest.mark.parametrize(
    "statement",
    [
        "DROP TRIGGER event_no_update ON event",
        "ALTER TABLE event DISABLE TRIGGER ALL",
        "ALTER TABLE event ADD COLUMN x integer",
        "CREATE OR REPLACE FUNCTION event_no_update() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'",
        "SET session_replication_role = replica",
        "DROP TABLE event CASCADE",
        "TRUNCATE event CASCADE",
        "UPDATE event SET kind = 'x'",
        "DELETE FROM event_value",
        "DELETE FROM sealed_report",
        "UPDATE alembic_version SET version_num = 'x'",
        "CREATE TABLE more (x integer)",
    ],
)
@pytest.mark.slow
def test_the_programs_user_owns_nothing_and_cannot(kept_apart: Database, statement: str) -> None:
    with pytest.raises(NotSavedError, match="does not permit"), kept_apart.transaction() as session:
        session.connection().execute(text(statement))


@pytest.mark.slow
def test_and_does_all_its_work(kept_apart: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HAETAE_HOME", str(tmp_path))
    open_office(tmp_path, monkeypatch)
    office = Office(kept_apart)
    office.signed_off()
    monkeypatch.delenv(database.OWNER)
    database.prepare(kept_apart.url.render_as_string(hide_password=False))
    with kept_apart.reading() as session:
        assert history.verify(session).is_intact and count(session, "event") > 10


@pytest.mark.slow
def test_without_its_owner_a_new_version_is_not_prepared(
    kept_apart: Database, empty: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with postgres.server().asked(empty) as connection:
        connection.execute(b"UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(NewerDatabaseError):
        database.prepare(postgres.address(empty, "haetae"))


# --- many at once -------------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_twenty_writers_of_two_servers_at_once_all_save_and_the_chain_does_not_fork(office: Office) -> None:
    office.start()
    with closing(Database(office.database.url.render_as_string(hide_password=False))) as other:

        def write(place: int) -> None:
            server = (office.database, other)[place % 2]
            for _ in range(5):
                with server.transaction() as session:
                    actions.register_operator(session, Operator(f"{place}번째 회사"), KIM, AT)

        with ThreadPoolExecutor(20) as threads:
            list(threads.map(write, range(20)))
        with other.reading() as session:
            assert history.verify(session).is_intact and count(session, "operator") == 101


def test_whoever_reads_sees_one_moment_and_writes_nothing(office: Office) -> None:
    office.start()
    with office.database.reading() as session:
        before = count(session, "assessment")
        office.start()
        assert count(session, "assessment") == before
        with pytest.raises(Exception, match="read-only"):
            session.connection().execute(text("DELETE FROM event_value"))
    with office.database.reading() as session:
        assert count(session, "assessment") == before + 1


@pytest.mark.slow
def test_a_server_plans_once_what_it_is_asked_again_and_again(office: Office) -> None:
    number = office.start()
    for _ in range(
        12
    ):  # the driver has a statement planned after five times, the server keeps its plan after five more
        with office.database.reading() as session:
            reader.get_assessment(session, number)
    with office.database.reading() as session:
        query = (
            "SELECT generic_plans FROM pg_prepared_statements WHERE statement LIKE '%FROM revision JOIN assessment%'"
        )
        assert session.connection().execute(text(query)).scalar_one() >= 1


def test_a_server_that_goes_as_a_transaction_begins_is_told(office: Office) -> None:
    def begin() -> None:
        with office.database.transaction() as session:
            own = session.connection().execute(text("SELECT pg_backend_pid()")).scalar_one()
            with postgres.server().asked() as connection:
                connection.execute("SELECT pg_terminate_backend(%s)", (own,))
            migration.check_known(session.connection())

    with pytest.raises(NotSavedError, match="cannot be reached"):
        begin()


def test_sums_and_counts_are_whole_numbers(office: Office) -> None:
    with office.database.reading() as session:
        row = (
            session.connection()
            .execute(text("SELECT sum(x), avg(x), sum(x) / 3.0 FROM (VALUES (1::bigint), (4)) AS v (x)"))
            .one()
        )
    assert [(value, type(value)) for value in row[:2]] == [(5, int), (2.5, float)] and isinstance(row[2], float)


def test_who_waits_too_long_is_told(office: Office) -> None:
    with (
        closing(Database(office.database.url.render_as_string(hide_password=False))) as other,
        office.database.transaction(),
        pytest.raises(NotSavedError, match="busy"),
        other.transaction(patience_seconds=0.1),
    ):
        pass


# --- what goes wrong ----------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_what_was_acknowledged_is_there_after_the_server_was_killed_in_the_middle(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = postgres.Server()
    with server.asked() as connection:
        connection.execute(b"CREATE DATABASE own TEMPLATE template0")
    with closing(Database(server.address("own"))) as there:
        there.prepare()
        own = Office(there)
        number = own.start()

        def broken_off() -> None:
            with there.transaction() as session:
                actions.register_operator(session, Operator("저장되지 않을 회사"), KIM, AT)
                server.kill()

        with pytest.raises(NotSavedError, match="cannot be reached"):
            broken_off()
        with pytest.raises(NotSavedError, match="cannot be reached"), there.reading():
            pass
        server.start()
        own.answer(number, "hiring.told", "그 뒤의 답변")
        with there.reading() as session:
            assert history.verify(session).is_intact and count(session, "operator") == 1
    server.kill()


def test_a_database_that_is_not_prepared_or_another_programs_is_told(empty: str) -> None:
    with closing(Database(postgres.address(empty))) as there:
        with pytest.raises(NotSavedError, match="haetae upgrade"), there.reading():
            pass
        with postgres.server().asked(empty) as connection:
            connection.execute(b"CREATE TABLE other (number integer)")
        with pytest.raises(AssessmentError, match="Haetae"):
            there.prepare()
