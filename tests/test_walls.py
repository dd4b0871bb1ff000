"""What a person's transaction sees and takes on PostgreSQL, whatever statement is put to it: rows of the units that they reach."""

from __future__ import annotations

from collections.abc import Callable, Collection
from contextvars import Context
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import Boolean, Date, Integer, Table, func, select, text
from sqlmodel import Session

from assessments import actions
from assessments.errors import AssessmentError, NotSavedError
from assessments.model import AISystem, Operator
from assessments.storage import database, history, migration, walls
from assessments.storage.dialects.postgresql import PostgreSQL
from assessments.storage.walled import NOT_WALLED, WALLED
from pages._frame import database as as_whoever_is_signed_in
from tests import postgres
from tests.office import AT, KIM, LEE, Office, open_office
from tests.test_rights_table import PLACES, furnish

pytestmark = pytest.mark.sqlite
OWN, BELOW, BESIDE, OTHER = (PLACES[place] for place in ("own", "below", "beside", "other"))
TABLES = migration.every_table().tables


def here(test: Callable[..., None]) -> Callable[..., None]:
    """Takes a server and a while."""
    return pytest.mark.slow(
        pytest.mark.skipif(postgres.programs() is None, reason="needs PostgreSQL; on Debian postgresql.")(test)
    )


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Office:
    monkeypatch.setenv(postgres.VARIABLE, "postgresql")
    return open_office(tmp_path, monkeypatch, with_a_row_of_each_table)


def with_a_row_of_each_table(office: Office) -> None:
    """All of it of one system, in the own unit; its operator's is the same."""
    furnish(office)
    number = office.signed_off()
    with postgres.server().asked(office.database.url.database or "") as connection:
        connection.execute("SET session_replication_role = replica")
        checks = "SELECT conrelid::regclass::text, conname FROM pg_constraint WHERE contype = 'c' AND conrelid <> 0"
        for table, check in connection.execute(checks).fetchall():
            connection.execute(f'ALTER TABLE {table} DROP CONSTRAINT "{check}"'.encode())
        for table in ("operator", "ai_system", "portfolio_now", "impact_now", "impact_cell_now"):
            connection.execute(f"UPDATE {table} SET unit_id = {OWN}".encode())
        connection.execute(f"UPDATE projection SET unit_id = {OWN}".encode())
        first = dict.fromkeys(("revision", "ai_system", "meeting", "request", "event"), 1)
        values = {**first, "assessment": number, "unit": OWN}
        for name in (table.name for table in migration.every_table().sorted_tables if table.name in WALLED):
            if connection.execute(f"SELECT 1 FROM {name} LIMIT 1".encode()).fetchone():
                continue
            row = {column.name: _any(column.type) for column in TABLES[name].columns}
            row[WALLED[name].column] = values[WALLED[name].to]
            columns, marks = ", ".join(f'"{column}"' for column in row), ", ".join(["%s"] * len(row))
            connection.execute(f"INSERT INTO {name} ({columns}) VALUES ({marks})".encode(), list(row.values()))


def _any(kind: object) -> object:
    if isinstance(kind, Boolean):
        return False
    if isinstance(kind, Integer):
        return 1
    if isinstance(kind, Date):
        return date(2026, 11, 21)
    return "1"


def counts(office: Office, reach: Collection[int] | None) -> dict[str, int]:
    """Table → how many of its rows are there, by a statement that asks for all."""
    with office.database.reading(reach) as session:
        return {
            name: session.connection().execute(select(func.count()).select_from(TABLES[name])).scalar_one()
            for name in WALLED
        }


def test_every_table_has_a_wall_or_a_reason_to_have_none() -> None:
    assert set(WALLED) | set(NOT_WALLED) == set(TABLES) and not set(WALLED) & set(NOT_WALLED)
    for name, way in WALLED.items():
        assert way.column in TABLES[name].columns and (way.to == "unit" or way.to in WALLED), name
    leads_to_a_unit = {name for name, table in TABLES.items() if _leads_to_a_unit(table)}
    assert leads_to_a_unit - set(WALLED) == {name for name in NOT_WALLED if name in leads_to_a_unit}


def _leads_to_a_unit(table: Table) -> bool:
    columns = set(table.columns.keys())
    return bool(columns & {"unit_id", "assessment_id", "revision_id", "system_id", "meeting_id", "request"})


@here
def test_a_person_of_another_unit_sees_no_row_of_any_table_whatever_they_ask(office: Office) -> None:
    everything = counts(office, None)
    assert all(everything.values()), [name for name, count in everything.items() if not count]
    assert {name for name, count in counts(office, {OTHER}).items() if count} == set()
    assert {name for name, count in counts(office, {BESIDE}).items() if count} == set()
    assert {name for name, count in counts(office, set()).items() if count} == set()
    assert {name for name, count in counts(office, {BELOW}).items() if count} == {"operator"}, (
        "it answers for those below"
    )
    own = counts(office, {OWN})
    assert all(own.values()), [name for name, count in own.items() if not count]
    assert counts(office, {PLACES["above"], OTHER}) == own
    assert counts(office, {1, OTHER}) == everything


@here
def test_a_session_that_says_nothing_sees_nothing(office: Office) -> None:
    with postgres.server().asked(office.database.url.database or "", postgres.USER) as connection:
        for name in WALLED:
            assert connection.execute(f"SELECT count(*) FROM {name}".encode()).fetchone() == (0,), name


@here
def test_what_one_transaction_said_holds_for_no_other_of_the_same_connection(office: Office) -> None:
    for reach in (None, {OWN}, set(), {BESIDE}, None):
        assert bool(counts(office, reach)["response"]) is (reach is None or OWN in reach)


@here
@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO assessment (system_id, domain, created_at) SELECT 1, 'hiring', '2026-11-21'",
        f"INSERT INTO meeting (id, unit_id, number, on_day, state) VALUES (77, {OWN}, 9, '2026-11-21', 'open')",
        "INSERT INTO presence (assessment_id, person_id, at) VALUES (1, 'kim', '2026-11-21')",
        "INSERT INTO mention (seq, person_id, assessment_id, thread) VALUES (5, 'kim', 1, 1)",
    ],
)
def test_nothing_is_put_where_one_does_not_reach(office: Office, statement: str) -> None:
    with pytest.raises(NotSavedError, match="does not permit"), office.database.transaction(reach={BESIDE}) as session:
        session.connection().execute(text(statement))


@here
def test_rows_out_of_reach_are_neither_changed_nor_removed_and_none_is_moved_there(office: Office) -> None:
    with office.database.transaction(reach={BESIDE}) as session:
        for name, way in WALLED.items():
            if name not in ("event", *_append_only()):
                for statement in (f'UPDATE "{name}" SET {way.column} = {way.column}', f'DELETE FROM "{name}"'):
                    assert session.connection().execute(text(statement)).rowcount == 0, statement
    with pytest.raises(NotSavedError, match="does not permit"), office.database.transaction(reach={OWN}) as session:
        session.connection().execute(text(f"UPDATE ai_system SET unit_id = {BESIDE}"))


def _append_only() -> frozenset[str]:
    """Of these the program's user may neither, whoever it works for."""
    return frozenset(
        trigger.table for name, trigger in PostgreSQL().guards.items() if name.endswith("_no_truncate")
    ) | {"event_value"}


@here
def test_deeds_of_two_units_stand_in_one_chain_though_neither_sees_the_others(office: Office) -> None:
    for unit, word in ((OWN, "여기"), (BESIDE, "옆"), (OWN, "다시 여기")):
        with office.database.transaction(reach={unit}) as session:
            before = history.checkpoint(session)
            actions.register_operator(session, Operator(word), KIM, AT, unit=unit)
            after = history.checkpoint(session)
            assert before is not None and after is not None and after.seq == before.seq + 1
            assert _operators(session) & {"여기", "옆", "다시 여기"} <= (
                {"옆"} if unit == BESIDE else {"여기", "다시 여기"}
            )
    with office.database.reading({BESIDE}) as session:
        assert history.verify(session).is_intact, "of the whole chain, which is looked at beyond the walls"
        assert session.connection().execute(text("SELECT count(*) FROM event")).scalar_one() == 0


def _operators(session: Session) -> set[str]:
    return set(session.connection().execute(text("SELECT name FROM operator")).scalars())


@here
def test_a_new_assessment_of_ones_own_unit_is_there_with_its_results(office: Office) -> None:
    with office.database.transaction(reach={BESIDE}) as session:
        operator = actions.register_operator(session, Operator("옆 회사"), KIM, AT, unit=BESIDE)
        system = actions.register_system(session, operator, AISystem("옆 시스템"), KIM, AT, unit=BESIDE)
        number = actions.start_assessment(session, system, "hiring", KIM, AT)
    for reach, is_there in (({BESIDE}, True), ({OWN}, False)):
        with office.database.reading(reach) as session:
            lying = session.connection().execute(
                text("SELECT unit_id, cell FROM projection WHERE assessment_id = :it"), {"it": number}
            )
            assert [row.unit_id for row in lying] == [BESIDE] * is_there


@here
@pytest.mark.parametrize(
    ("table", "tampering"),
    [
        ("response", "ALTER TABLE response DISABLE ROW LEVEL SECURITY"),
        ("response", "DROP POLICY response_wall ON response"),
        ("response", "ALTER POLICY response_wall ON response USING (true)"),
        ("response", "ALTER POLICY response_wall ON response WITH CHECK (true)"),
        ("response", "ALTER POLICY response_wall ON response TO CURRENT_USER"),
        ("response", "CREATE POLICY more ON response USING (true)"),
        ("projection", "ALTER POLICY projection_wall ON projection USING (unit_id = 1)"),
    ],
)
def test_a_wall_that_is_not_as_it_was_built_is_noticed_at_the_start(office: Office, table: str, tampering: str) -> None:
    with office.database.reading() as session:
        assert walls.missing(session.connection()) == ()
    with postgres.server().asked(office.database.url.database or "") as connection:
        connection.execute(tampering.encode())
    with office.database.reading() as session:
        assert walls.missing(session.connection()) == (f"{table}_wall",)
    with pytest.raises(AssessmentError, match=f"{table}_wall"):
        database.prepare(office.database.url.render_as_string(hide_password=False))


def test_screens_begin_transactions_for_whoever_they_are_drawn_for_and_for_nobody_before(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A part of a screen that is drawn anew by itself may be drawn by another thread than the screen was."""

    def reach() -> frozenset[int]:
        return Context().run(as_whoever_is_signed_in._reach, None)

    assert reach() == frozenset()
    monkeypatch.setattr(as_whoever_is_signed_in.st, "session_state", {"actor": KIM})
    assert reach() == frozenset(), "no run of a screen"
    monkeypatch.setattr(as_whoever_is_signed_in, "get_script_run_ctx", lambda **_: object())
    assert reach() == KIM.reach == {1}

    def signed_in() -> frozenset[int]:
        as_whoever_is_signed_in.act_for(LEE)
        return as_whoever_is_signed_in._reach(replace(KIM, grants=frozenset()))

    assert Context().run(signed_in) == frozenset(), "who is named goes before who is signed in"


@here
def test_they_bind_nobody_who_owns_the_tables(office: Office) -> None:
    """An installation without a second user works as before, and is told so in docs/postgresql.md."""
    owned = database.open_database(postgres.address(office.database.url.database or ""))
    with owned.reading({BESIDE}) as session:
        assert session.connection().execute(text("SELECT count(*) FROM response")).scalar_one() > 0
    owned.close()
