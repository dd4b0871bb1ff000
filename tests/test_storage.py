"""The database: migrations, what it refuses by itself, saving under load and under kill, and words for a failing disk."""

from __future__ import annotations

import errno
import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine
from sqlalchemy.exc import IntegrityError

from assessments import actions
from assessments.content.canonical import content_sha256
from assessments.errors import AssessmentError, NewerDatabaseError, NotFoundError
from assessments.home import home
from assessments.keeping import audit_told
from assessments.model import Ballot, Committee, Condition, Operator, RefusalGoal, Response, Role, Ruling, Statement
from assessments.people import add_person
from assessments.storage import (
    accounts,
    committee,
    database,
    evidence_files,
    guards,
    history,
    migration,
    projection,
    reader,
)
from assessments.storage.columns import utc_text
from assessments.storage.database import Database
from assessments.storage.dialects.sqlite import KEPT_KIB, SQLite
from assessments.storage.failures import explained
from assessments.storage.log_imports import LogImportRow
from assessments.storage.reminder_tables import ReminderRow
from assessments.storage.server_tables import RateLimitRow
from assessments.storage.tables import Table
from questionnaires import load
from tests import sealed_reports
from tests.office import ADA, AT, ENGINE_AS_SHIPPED, KIM, LEE, PARK, PDF, Office, after, open_office

HEAD = ScriptDirectory(str(migration.SCRIPTS)).get_current_head()
"""The newest migration."""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "fresh.db"


def opened(file: Path) -> Database:
    return database.open_database(f"sqlite:///{file}")


# --- migrations ---------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_the_migrated_tables_are_the_declared_ones_to_the_letter(file: Path) -> None:
    made = opened(file)
    made.prepare()
    with made.engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), Table.metadata) == []
    declared = create_engine("sqlite://")
    for beside in (LogImportRow, RateLimitRow, ReminderRow):  # declared beside their statements
        assert beside.__tablename__ in Table.metadata.tables
    Table.metadata.create_all(declared)
    with declared.connect() as connection:
        wanted = _statements(connection.connection.dbapi_connection)
    with closing(sqlite3.connect(file)) as connection:
        found = _statements(connection)
    assert wanted == {name: found[name] for name in wanted}
    assert set(found) - set(wanted) == {"alembic_version", *SQLite().trigger_statements()}


def _statements(connection: object) -> dict[str, list[str]]:
    """Name → parts of the statement of everything that the database holds; blanks and order differ by who wrote it."""
    assert isinstance(connection, sqlite3.Connection)
    rows = connection.execute("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL")
    return {name: sorted("".join(sql.split()).removesuffix(")").split(",")) for name, sql in rows}


@pytest.mark.slow
def test_preparing_twice_changes_nothing(file: Path) -> None:
    opened(file).prepare()
    before = file.read_bytes()
    opened(file).prepare()
    assert file.read_bytes() == before
    assert not (file.parent / "backups").exists()


@pytest.mark.slow
def test_a_newer_database_is_refused_with_what_to_do(file: Path) -> None:
    opened(file).prepare()
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
        connection.commit()
    with pytest.raises(NewerDatabaseError) as refused:
        opened(file).prepare()
    assert "Start the newer version" in refused.value.text.en
    assert "백업" in refused.value.text.ko
    assert not (file.parent / "backups").exists()


def test_the_states_that_the_steps_state_are_those_that_alembic_goes_through() -> None:
    states = {step.revision for step in ScriptDirectory(str(migration.SCRIPTS)).walk_revisions()}
    assert migration.head() == HEAD in states
    assert {state for state in (*states, "9999") if migration.is_known(state)} == states


def test_somebody_elses_database_is_refused(file: Path) -> None:
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("CREATE TABLE theirs (a)")
    with pytest.raises(AssessmentError, match="not Haetae's"):
        opened(file).prepare()
    file.write_bytes(b"no database at all, but long enough to look at" * 100)
    with pytest.raises(AssessmentError, match="damaged"):
        opened(file).prepare()


@pytest.mark.slow
def test_an_older_database_is_backed_up_whole_before_it_is_upgraded(
    office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assessment_id = office.start()
    scripts = _with_one_more(tmp_path)
    monkeypatch.setattr(migration, "SCRIPTS", scripts)
    office.database.prepare()
    (kept,) = (home() / "backups").iterdir()
    assert kept.name.startswith(f"haetae-{HEAD}-")
    assert kept.stat().st_mode & 0o777 == 0o600
    with closing(sqlite3.connect(kept)) as backup:
        assert backup.execute("SELECT id FROM assessment").fetchall() == [(assessment_id,)]
        assert backup.execute("SELECT version_num FROM alembic_version").fetchall() == [(HEAD,)]
    with closing(sqlite3.connect(home() / "haetae.db")) as upgraded:
        assert upgraded.execute("SELECT version_num FROM alembic_version").fetchall() == [("9999",)]
    office.answer(assessment_id, "hiring.used", "yes")


@pytest.mark.slow
def test_what_was_registered_before_there_were_units_belongs_to_the_first(file: Path) -> None:
    """The tables of operators and systems are made anew; nothing of what refers to them is lost."""
    made = opened(file)
    with made._writing.connect() as connection, connection.begin():
        config = migration._config()
        config.attributes["connection"] = connection
        command.upgrade(config, "0009")
        for statement in FORMER_ROWS:
            connection.exec_driver_sql(statement)
    made.prepare()
    with made.engine.connect() as connection:
        ask = connection.exec_driver_sql
        assert ask("SELECT id, unit_id, name, separation FROM operator").all() == [(7, 1, "기관", 2)]
        assert ask("SELECT id, unit_id, operator_id, name_ko FROM ai_system").all() == [(9, 1, 7, "시스템")]
        assert ask("SELECT id, system_id FROM assessment").all() == [(3, 9)]
        assert ask("SELECT id, name, parent_id FROM unit").all() == [(1, "기본 조직 · Default organisation", None)]
        assert ask("PRAGMA foreign_key_check").all() == []


@pytest.mark.slow
def test_conditions_of_earlier_decisions_become_rows_of_their_own(file: Path) -> None:
    made = opened(file)
    with made._writing.connect() as connection, connection.begin():
        config = migration._config()
        config.attributes["connection"] = connection
        command.upgrade(config, "0013")
        for statement in DECIDED_BEFORE:
            connection.exec_driver_sql(statement)
    made.prepare()
    with made.reading() as session:
        assert [(each.revision, each.number, each.condition) for each in committee.conditions(session, 3)] == [
            (1, 1, Condition("하나")),
            (1, 2, Condition("둘")),
        ]
        read = reader.get_assessment(session, 3, 1).decision
        assert read is not None and read.conditions == (Condition("하나"), Condition("둘"))
        assert not list(audit_told._conditions(session))
        old = reader.get_assessment(session, 3, 1)
        assert (old.submission, old.votes, old.committee, old.refusal) == (5, (), None, None)
        assert reader.get_assessment(session, 3).submission is None
        ask = session.connection().exec_driver_sql
        assert ask("SELECT status, score FROM projection").all() == [("draft", 7)]
        assert ask("PRAGMA foreign_key_check").all() == []


DECIDED_BEFORE = (
    "INSERT INTO operator VALUES (7, 1, '기관', '', '', '', '', '', 2, 0, '2026-01-01', '2026-01-01', 'kim')",
    "INSERT INTO ai_system VALUES (9, 7, 1, '시스템', '', '', '', '', '2026-01-01', '2026-01-01', 'kim')",
    "INSERT INTO assessment VALUES (3, 9, 'hiring', '2026-01-01')",
    "INSERT INTO revision (id, assessment_id, number, status, on_day, lock_version, created_at, updated_at, updated_by, origin, "
    "ruling, decision_reason, decision_conditions, decided_by_id, decided_by_name, decided_at, decided_sha256, "
    "content_sha256, frozen) VALUES (1, 3, 1, 'superseded', '2026-01-01', 1, '2026-01-01', '2026-01-01', 'kim', 'recorded', "
    "'approved_with_conditions', 'x', '[\"하나\",\"둘\"]', 'lee', '이', '2026-01-01T00:00:00.000000+00:00', '"
    + "a" * 64
    + "', '"
    + "a" * 64
    + '\', \'{"system": {"name_ko": "x"}, "operator": {"name": "x"}}\')',
    "INSERT INTO event VALUES (5, 1, 'submit', '2026-01-01', 3, 1, '{}', '" + "0" * 64 + "', '" + "0" * 64 + "')",
    "INSERT INTO projection VALUES (3, 2, 'hiring', 'draft', 'high_impact', 0, 'low', 7, 0, 1, '2026-01-01')",
    "INSERT INTO revision (id, assessment_id, number, status, on_day, lock_version, created_at, updated_at, updated_by, "
    "decision_conditions) VALUES (2, 3, 2, 'draft', '2026-01-01', 1, '2026-01-01', '2026-01-01', 'kim', 'null')",
)


@pytest.mark.slow
@pytest.mark.parametrize(("former", "state"), [("0030", "0004"), ("0020", "0005")])
def test_a_home_of_release_0_2_0_goes_on_though_its_states_were_numbered_otherwise(
    file: Path, former: str, state: str
) -> None:
    made = opened(file)
    with made._writing.connect() as connection, connection.begin():
        config = migration._config()
        config.attributes["connection"] = connection
        command.upgrade(config, state)
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = ?", (former,))
        connection.exec_driver_sql(FORMER_ROWS[0])
    assert migration.is_known(former)
    made.prepare()
    with made.reading() as session:
        ask = session.connection().exec_driver_sql
        assert ask("SELECT version_num FROM alembic_version").scalar_one() == HEAD
        assert ask("SELECT name FROM operator").scalar_one() == "기관"
    (backup,) = (file.parent / "backups").iterdir()
    assert f"-{former}-" in backup.name


FORMER_ROWS = (
    "INSERT INTO operator VALUES (7, '기관', '', '', '', '', '', 2, 0, '2026-01-01', '2026-01-01', 'kim')",
    "INSERT INTO ai_system VALUES (9, 7, '시스템', '', '', '', '', '2026-01-01', '2026-01-01', 'kim')",
    "INSERT INTO assessment VALUES (3, 9, 'hiring', '2026-01-01')",
)


@pytest.mark.sqlite
def test_an_upgrade_that_fails_leaves_the_database_as_it_was(
    office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.start()
    scripts = _with_one_more(tmp_path, then="raise RuntimeError('half way')")
    monkeypatch.setattr(migration, "SCRIPTS", scripts)
    with pytest.raises(RuntimeError, match="half way"):
        office.database.prepare()
    with closing(sqlite3.connect(home() / "haetae.db")) as connection:
        assert connection.execute("SELECT version_num FROM alembic_version").fetchall() == [(HEAD,)]
        assert "made_later" not in _statements(connection)
    with office.database.engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar_one() == 1


def test_what_a_connection_has_read_it_still_has_for_whoever_asks_next(file: Path) -> None:
    """Or each screen would read its indices from the file again, and a connection that nobody used for long would be the next."""
    made = opened(file)
    with made.engine.connect() as first, made.engine.connect() as last:
        assert first.exec_driver_sql("PRAGMA cache_size").scalar_one() == -KEPT_KIB
        known = last.connection.dbapi_connection
        first.close()
        last.close()
    with made.engine.connect() as again:
        assert again.connection.dbapi_connection is known


def _with_one_more(folder: Path, then: str = "pass") -> Path:
    """The migrations with one more that makes a table."""
    scripts = folder / "migrations"
    shutil.copytree(migration.SCRIPTS, scripts, ignore=shutil.ignore_patterns("__pycache__"))
    (scripts / "versions" / "9999_more.py").write_text(
        f"from alembic import op\nimport sqlalchemy as sa\nrevision = '9999'\ndown_revision = '{HEAD}'\n"
        f"def upgrade():\n    op.create_table('made_later', sa.Column('a', sa.Integer()))\n    {then}\n",
        "utf-8",
    )
    return scripts


@pytest.mark.sqlite
@pytest.mark.parametrize("name", ["event_no_update", "sealed_report_no_delete", "response_frozen_update"])
def test_a_database_without_one_of_its_triggers_does_not_start(office: Office, name: str) -> None:
    with office.database.engine.connect() as connection:
        connection.exec_driver_sql(f"DROP TRIGGER {name}")
        connection.commit()
    with pytest.raises(AssessmentError, match=name):
        office.database.prepare()


@pytest.mark.sqlite
def test_a_trigger_that_was_replaced_by_a_tame_one_is_noticed(office: Office) -> None:
    with office.database.engine.connect() as connection:
        connection.exec_driver_sql("DROP TRIGGER event_no_update")
        connection.exec_driver_sql("CREATE TRIGGER event_no_update BEFORE UPDATE ON event BEGIN SELECT 1; END")
        connection.commit()
    with pytest.raises(AssessmentError, match="event_no_update"):
        office.database.prepare()


# --- what the database refuses by itself ----------------------------------------------------------------------


@pytest.mark.sqlite
def test_sqlite_runs_with_wal_full_foreign_keys_and_patience(office: Office) -> None:
    with ENGINE_AS_SHIPPED(SQLite(), office.database.url).connect() as connection:
        found = [
            connection.exec_driver_sql(f"PRAGMA {name}").scalar_one()
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        ]
    assert found == ["wal", 2, 1, 30_000]


@pytest.mark.sqlite
@pytest.mark.first_in_check
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE event SET kind = 'x'",
        "DELETE FROM event",
        "DELETE FROM event_value",
        "UPDATE event_value SET value = '1'",
        "UPDATE event_value SET seq = 99",
        "UPDATE sealed_report SET size = 1",
        "DELETE FROM sealed_report",
        "UPDATE response SET answer = '1'",
        "DELETE FROM response",
        "UPDATE response SET revision_id = (SELECT max(id) FROM revision)",
        "INSERT INTO response SELECT revision_id, questionnaire, 'new', answer, note, by_id, by_name, at, 1 FROM response",
        "UPDATE revision SET status = 'unheard'",
        "UPDATE revision SET status = 'draft'",
        "UPDATE revision SET content_sha256 = 'short'",
        "UPDATE operator SET separation = 1",
        "UPDATE assessment SET system_id = 99",
        "UPDATE projection SET level = 'green'",
        "INSERT OR REPLACE INTO event SELECT seq, format, 'x', at, assessment_id, revision, digests, previous, hash FROM event",
        "REPLACE INTO event SELECT 99 - seq, format, kind, at, assessment_id, revision, digests, previous, hash FROM event",
        "INSERT OR REPLACE INTO event_value SELECT seq, name, salt, '1' FROM event_value",
        "INSERT OR REPLACE INTO sealed_report SELECT * FROM sealed_report",
        "INSERT OR REPLACE INTO response SELECT * FROM response",
        "INSERT OR REPLACE INTO author SELECT revision_id, 'lee', position, person_name, person_position FROM author",
        "INSERT OR REPLACE INTO author SELECT * FROM author",
        "UPDATE author SET person_id = 'somebody'",
        "DELETE FROM author",
        "INSERT OR REPLACE INTO pinned_edition SELECT * FROM pinned_edition",
        "UPDATE pinned_edition SET version = '9.9'",
        "DELETE FROM pinned_edition",
        "INSERT OR REPLACE INTO revision SELECT * FROM revision",
        "DELETE FROM revision",
        "UPDATE revision SET number = 7 WHERE status = 'draft'",
        "UPDATE revision SET status = 'submitted' WHERE status = 'signed_off'",
        "UPDATE revision SET status = 'decided' WHERE status = 'signed_off'",
        "UPDATE revision SET status = 'returned', content_sha256 = NULL, frozen = NULL WHERE status = 'signed_off'",
        "UPDATE revision SET frozen = '{}' WHERE status = 'signed_off'",
        "UPDATE revision SET ruling = 'rejected' WHERE status = 'signed_off'",
        "UPDATE revision SET decision_reason = 'x' WHERE status = 'signed_off'",
        "UPDATE revision SET decided_by_name = 'x' WHERE status = 'signed_off'",
        "UPDATE revision SET signed_by_name = 'x' WHERE status = 'signed_off'",
        "UPDATE revision SET decided_by_position = 'x' WHERE status = 'signed_off'",
        "UPDATE revision SET signed_by_position = 'x' WHERE status = 'signed_off'",
        "UPDATE vote SET person_position = 'x'",
        "UPDATE author SET person_position = 'x'",
        "UPDATE revision SET on_day = '2020-01-01' WHERE status = 'signed_off'",
        "UPDATE revision SET refusal_reason = 'y' WHERE status = 'refused'",
        "UPDATE revision SET status = 'refused', refused_to = 'nowhere' WHERE status = 'signed_off'",
        "UPDATE revision SET status = 'refused' WHERE status = 'draft'",
        "UPDATE revision SET committee = '{}' WHERE status = 'signed_off'",
        "UPDATE revision SET signed_statements = '[]' WHERE status = 'signed_off'",
        "UPDATE revision SET submission = 1 WHERE status = 'signed_off'",
        "UPDATE committee SET quorum = 0",
        "UPDATE vote SET ballot = 'reject'",
        "DELETE FROM vote",
        "INSERT OR REPLACE INTO vote SELECT * FROM vote",
        "UPDATE condition SET due = '2030-01-01'",
        "DELETE FROM condition",
        "INSERT OR REPLACE INTO condition SELECT * FROM condition",
        "INSERT INTO condition SELECT id + 1, 99, revision, number, text, owner_id, owner, due FROM condition",
        "UPDATE assessment SET domain = 'credit'",
        "INSERT OR REPLACE INTO assessment SELECT * FROM assessment",
        "DELETE FROM unit",
        "INSERT OR REPLACE INTO unit SELECT * FROM unit",
        "UPDATE unit SET parent_id = id",
        "UPDATE ai_system SET unit_id = 99",
        "UPDATE operator SET unit_id = NULL",
        "DELETE FROM account",
        "INSERT OR REPLACE INTO account SELECT * FROM account",
        "UPDATE role_grant SET role = 'king'",
        "UPDATE role_grant SET unit_id = 99",
    ],
)
@pytest.mark.slow
def test_the_database_refuses_what_no_deed_does(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, statement: str
) -> None:
    office = open_office(tmp_path, monkeypatch, _with_rows_in_every_table)
    with pytest.raises(IntegrityError), office.database.transaction() as session:
        session.connection().exec_driver_sql(statement)


def _with_rows_in_every_table(office: Office) -> None:
    done = office.start()
    named, frozen = [Condition("다시 점검", "서두리", date(2027, 3, 1))], office.submit(done)
    ruling = Ruling.APPROVED_WITH_CONDITIONS
    with office.database.transaction() as session:
        actions.record_decision(session, done, ruling, "조건부", named, frozen, LEE, AT)
        actions.sign_off(session, done, frozen, list(Statement), PARK, AT)
    sealed_reports.registered(office, done, PDF, "a" * 64)
    unsigned = office.start()
    sha256 = office.submit(unsigned)
    office.decide(unsigned, sha256)
    with office.database.transaction() as session:
        actions.refuse_sign_off(session, unsigned, "x", RefusalGoal.NOWHERE, sha256, PARK, AT)
    voted = office.start()
    sha256 = office.submit(voted)
    with office.database.transaction() as session:
        actions.set_committee(session, 1, Committee(2), ADA, AT)
        actions.cast_vote(session, voted, Ballot.APPROVE, "x", sha256, LEE, AT)
    office.start()
    add_person(home(), "kim", "김하나", [Role.AUDITOR])


@pytest.mark.sqlite
def test_every_key_of_a_table_that_is_never_replaced_is_looked_at(office: Office) -> None:
    with office.database.engine.connect() as connection:
        for table, same in guards.NOT_REPLACED.items():
            keys = {
                frozenset(column[2] for column in connection.exec_driver_sql(f"PRAGMA index_info('{index[1]}')"))
                for index in connection.exec_driver_sql(f"PRAGMA index_list('{table}')")
                if index[2]
            }
            columns = connection.exec_driver_sql(f"PRAGMA table_info('{table}')").all()
            keys.add(frozenset(column[1] for column in columns if column[5]))
            looked = {frozenset(part.split()[0] for part in one.split(" AND ")) for one in same}
            assert keys == looked, table


@pytest.mark.sqlite
def test_what_was_submitted_is_not_written_again_by_its_later_steps(office: Office) -> None:
    """A newer program might word it otherwise than the one that froze it."""
    assessment_id = office.start()
    frozen = office.submit(assessment_id)
    with office.database.engine.connect() as connection:
        connection.exec_driver_sql("DROP TRIGGER revision_frozen")
        connection.exec_driver_sql("UPDATE revision SET frozen = ' ' || frozen")
        connection.exec_driver_sql(SQLite().trigger_statements()["revision_frozen"])
        connection.commit()
    office.decide(assessment_id, frozen)
    office.sign(assessment_id, frozen)
    with office.database.engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT frozen FROM revision").scalar_one().startswith(" ")


@pytest.mark.sqlite
def test_what_is_written_while_reading_does_not_stay(office: Office) -> None:
    office.start()
    with office.database.reading() as session:
        session.connection().exec_driver_sql("UPDATE operator SET name = 'x'")
    with office.database.reading() as session:
        assert session.connection().exec_driver_sql("SELECT name FROM operator").scalar_one() == "해태 주식회사"


def test_a_reader_does_not_wait_for_a_writer_and_sees_one_moment(office: Office) -> None:
    assessment_id = office.start()
    with office.database.reading() as session:
        assert session.connection().exec_driver_sql("SELECT count(*) FROM response").scalar_one() == 0
        office.answer(assessment_id, "hiring.used", "yes")
        assert session.connection().exec_driver_sql("SELECT count(*) FROM response").scalar_one() == 0


def test_a_transaction_inside_a_transaction_is_a_mistake_said_at_once(office: Office) -> None:
    with office.database.transaction(), pytest.raises(RuntimeError, match="one act"), office.database.transaction():
        pass
    with office.database.transaction():
        pass


# --- load and sudden ends ---------------------------------------------------------------------------------------


@pytest.mark.slow
def test_twenty_writers_at_once_all_save_and_the_chain_verifies(office: Office) -> None:
    ids = [office.start() for _ in range(4)]
    failures: list[BaseException] = []

    def write(writer: int) -> None:
        person = replace(KIM, id=f"w{writer}", name=f"Writer {writer}")
        try:
            for turn in range(5):
                with office.database.transaction() as session:
                    text = f"{writer}-{turn}"
                    response = Response("told", text, lock_version=_seen(session, ids[writer % 4]))
                    actions.record_response(session, ids[writer % 4], "hiring", response, person, AT)
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=write, args=(writer,)) for writer in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    with office.database.reading() as session:
        found = history.verify(session)
    assert found.is_intact
    assert found.events == 4 * 3 + 100


def _seen(session: database.Session, assessment_id: int) -> int:
    found = session.connection().exec_driver_sql(
        "SELECT response.lock_version FROM response JOIN revision ON revision.id = revision_id WHERE assessment_id = ?",
        (assessment_id,),
    )
    return found.scalar() or 0


WRITERS = 3 if os.environ.get("HAETAE_TORTURE") else 2


@pytest.mark.slow
def test_writers_of_several_processes_all_save(office: Office) -> None:
    ids = [office.start() for _ in range(WRITERS)]
    running = [
        subprocess.Popen([sys.executable, "-c", _SAVER, str(one), "15"], stdout=subprocess.DEVNULL) for one in ids
    ]
    assert [one.wait(60) for one in running] == [0] * WRITERS
    with office.database.reading() as session:
        found = history.verify(session)
    assert (found.is_intact, found.events) == (True, WRITERS * (3 + 15))


_SAVER = """
import sys
from pathlib import Path
from assessments import actions
from assessments.home import home
from assessments.model import Response
from assessments.storage import database
from questionnaires import load
from tests.office import AT, KIM
load.FOLDER = home().parent / "questionnaires"
assessment_id, turns = int(sys.argv[1]), int(sys.argv[2])
for turn in range(turns):
    with database.transaction() as session:
        response = Response("told", f"turn {turn}", lock_version=turn)
        actions.record_response(session, assessment_id, "hiring", response, KIM, AT)
    print(turn, flush=True)
"""


@pytest.mark.slow
def test_a_killed_process_loses_no_save_that_it_acknowledged(office: Office) -> None:
    for turn in range(40 if os.environ.get("HAETAE_TORTURE") else 2):
        assessment_id = office.start()
        with subprocess.Popen(
            [sys.executable, "-c", _SAVER, str(assessment_id), "100000"], stdout=subprocess.PIPE, text=True
        ) as saver:
            assert saver.stdout is not None
            acknowledged = -1
            for line in saver.stdout:
                acknowledged = int(line)
                if acknowledged >= 5 + 7 * turn % 40:
                    break
            os.kill(saver.pid, signal.SIGKILL)
            acknowledged = max([acknowledged, *(int(line) for line in saver.stdout if line.endswith("\n"))])
        kept = office.read(assessment_id).responses["hiring"]["told"]
        saved = kept.lock_version - 1
        assert saved in (acknowledged, acknowledged + 1)
        assert kept.answer == f"turn {saved}"
        with office.database.reading() as session:
            found = history.verify(session)
            connection = session.connection()
            events = connection.exec_driver_sql(
                "SELECT count(*) FROM event WHERE kind = 'record_response'"
            ).scalar_one()
            saves = connection.exec_driver_sql("SELECT sum(lock_version) FROM response").scalar_one()
            assert connection.exec_driver_sql("PRAGMA integrity_check").scalar_one() == "ok"
        assert found.is_intact
        assert events == saves


# --- a failing disk -----------------------------------------------------------------------------------------------


@pytest.mark.sqlite
def test_a_full_disk_is_said_and_nothing_is_half_written(office: Office) -> None:
    assessment_id = office.start()
    with office.database.engine.connect() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
    with pytest.raises(AssessmentError, match="the disk is full") as refused:
        _filled_up(office, assessment_id, pages)
    assert "저장되지 않았습니다" in refused.value.text.ko
    with office.database.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA max_page_count = 1000000")
    assert office.read(assessment_id).answers("hiring") == {}
    office.answer(assessment_id, "hiring.used", "yes")
    with office.database.reading() as session:
        assert history.verify(session).is_intact


def _filled_up(office: Office, assessment_id: int, pages: int) -> None:
    with office.database.transaction() as session:
        session.connection().exec_driver_sql(f"PRAGMA max_page_count = {pages}")
        for turn in range(400):
            response = Response("told", "가" * 15_000, lock_version=turn)
            actions.record_response(session, assessment_id, "hiring", response, KIM, AT)


@pytest.mark.parametrize(
    ("number", "words"),
    [(errno.ENOSPC, "disk is full"), (errno.EACCES, "cannot be opened"), (errno.EIO, "reported an error")],
)
def test_what_the_disk_refuses_is_said_in_both_languages(number: int, words: str) -> None:
    with pytest.raises(AssessmentError, match=words) as refused, explained():
        raise OSError(number, os.strerror(number))
    assert refused.value.text.ko != refused.value.text.en


@pytest.mark.sqlite
def test_a_database_that_stays_locked_is_said_after_the_wait(office: Office) -> None:
    waiting = opened(home() / "haetae.db")
    with (
        office.database.transaction(),
        pytest.raises(AssessmentError, match="stayed busy"),
        waiting.transaction(patience_seconds=0.1),
    ):
        pass


def test_a_place_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    with pytest.raises(AssessmentError, match="cannot be opened for writing"):
        opened(tmp_path / "no folder" / "x.db").prepare()
    with pytest.raises(AssessmentError, match="which this version cannot use"):
        database.open_database("mysql://somewhere/haetae")


# --- columns, accounts, projection ----------------------------------------------------------------------------------


def test_times_are_stored_in_utc_and_a_naive_one_is_refused() -> None:
    seoul = AT.astimezone(tz=None)
    assert utc_text(seoul) == utc_text(AT) == "2026-11-21T03:00:00.000000+00:00"
    with pytest.raises(ValueError, match="time zone"):
        utc_text(AT.replace(tzinfo=None))


DAYS = {
    "since": (date(2026, 1, 2), '"2026-01-02"', '{"day": "2026-01-02"}'),
    "vendors": (
        ({"vendor": "가나", "since": date(2025, 3, 4)},),
        '[{"vendor": "가나", "since": "2025-03-04"}]',
        '[{"vendor": "가나", "since": {"day": "2025-03-04"}}]',
    ),
}
"""Question → an answer with a day, how a row holds it, and how rows from before held it."""


@pytest.mark.sqlite
@pytest.mark.parametrize("question", DAYS)
def test_a_day_is_kept_as_records_write_it_and_read_as_it_was_kept_before(office: Office, question: str) -> None:
    answer, now, before = DAYS[question]
    number = office.start()
    office.answer(number, f"hiring.{question}", answer)  # type: ignore[arg-type]
    frozen = content_sha256(office.read(number))
    with office.database.engine.begin() as connection:
        row = connection.exec_driver_sql("SELECT answer FROM response").scalar_one()
        assert json.loads(row) == json.loads(now)
        connection.exec_driver_sql("UPDATE response SET answer = ?", (before,))
    read = office.read(number)
    assert read.answers("hiring")[question] == answer
    assert content_sha256(read) == frozen


def test_answers_are_read_and_have_the_same_digest_where_the_edition_is_gone(office: Office) -> None:
    number = office.start()
    for question, (answer, *_) in DAYS.items():
        office.answer(number, f"hiring.{question}", answer)  # type: ignore[arg-type]
    frozen = content_sha256(office.read(number))
    shutil.rmtree(load.FOLDER / "hiring")
    assert content_sha256(office.read(number)) == frozen


@pytest.mark.sqlite
def test_a_login_ends_when_idle_when_old_and_when_closed(office: Office) -> None:
    def actor(token: str, at: datetime) -> str | None:
        with office.database.transaction() as session:
            login = accounts.find_login(session, token, at)
            if login is not None and login.is_use_due:
                accounts.note_use(session, token, at)
            return login.actor_id if login else None

    with office.database.transaction() as session:
        idle, busy, closed = (accounts.open_session(session, "kim", AT) for _ in range(3))
        accounts.close_session(session, closed)
    assert actor(closed, AT) is None
    assert actor("unheard", AT) is None
    for hours in range(1, 24, 5):
        assert actor(busy, after(60 * hours)) == "kim"
    assert actor(idle, AT + timedelta(hours=8)) is None
    assert actor(busy, AT + timedelta(hours=24)) is None
    with office.database.engine.connect() as connection:
        assert (
            connection.exec_driver_sql("SELECT count(*) FROM login_session WHERE token_sha256 = ?", (busy,)).scalar()
            == 0
        )


def test_all_logins_of_somebody_can_be_ended(office: Office) -> None:
    with office.database.transaction() as session:
        token = accounts.open_session(session, "kim", AT)
        accounts.close_sessions_of(session, "kim")
        assert accounts.find_login(session, token, AT) is None


def test_a_rebuilt_projection_is_the_one_that_was_saved(office: Office) -> None:
    office.submit(office.start())
    with office.database.transaction() as session:
        rows = session.connection().exec_driver_sql("SELECT * FROM projection").all()
        session.connection().exec_driver_sql("UPDATE projection SET outcome = 'not_high_impact', score = 1")
        assert projection.rebuild(session) == projection.Rebuilt(1, ())
        assert session.connection().exec_driver_sql("SELECT * FROM projection").all() == rows


def test_a_stored_file_that_is_gone_is_said_and_no_name_leaves_the_folder(office: Office) -> None:
    (home() / "secret").write_text("x")
    for name in ("gone.pdf", "../secret"):
        with pytest.raises(NotFoundError):
            evidence_files.read(evidence_files.EVIDENCE, name, "")


@pytest.mark.slow
def test_memory_serves_as_a_database_too() -> None:
    made = database.open_database("sqlite://")
    made.prepare()
    with made.transaction() as session:
        assert actions.register_operator(session, Operator("기관"), KIM, datetime.now(UTC)) == 1
    with made.reading() as session:
        assert history.verify(session).events == 1


@pytest.fixture(autouse=True)
def _closed() -> Iterator[None]:
    yield
    database.current().close()


@pytest.mark.slow
@pytest.mark.parametrize("turn", ["first", "second"])
def test_a_damaged_database_of_one_test_is_not_in_use_in_the_next(turn: str, tmp_path: Path) -> None:
    """Whichever comes first, it begins with none in use."""
    assert not database.is_damaged(), turn
    file = tmp_path / "haetae.db"
    database.prepare(f"sqlite:///{file}")
    database.leave()
    file.write_bytes(file.read_bytes()[:4096] + bytes(8192) + file.read_bytes()[12288:])
    database.configure(f"sqlite:///{file}")
    assert database.is_damaged()
