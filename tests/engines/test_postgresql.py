"""PostgreSQL counts what the reading of a file counts, under a role that may only read."""

from __future__ import annotations

from datetime import datetime
from itertools import count
from pathlib import Path
from typing import Any

import psycopg
import pyarrow as pa
import pytest
from psycopg.sql import SQL, Identifier, Placeholder

from assessments.decision_log.engines import importing
from assessments.decision_log.engines.connecting import opened, place_of
from assessments.decision_log.reading.columns import LogMapping
from assessments.decision_log.reading.faults import LogRefusedError
from tests import postgres
from tests.engines.tables import awkward, by_engine, by_file

_NUMBERS = count(1)
_TYPES = {pa.string(): "text", pa.float64(): "double precision", pa.int64(): "bigint", pa.timestamp("us"): "timestamp"}


def loaded(table: Any) -> str:
    """The address of a database with the table `log.decisions`, for a role that may read it and nothing more."""
    name = f"warehouse{next(_NUMBERS)}"
    with postgres.server().asked() as connection:
        connection.execute(SQL("CREATE DATABASE {} TEMPLATE template0").format(Identifier(name)))
        connection.execute("DO $$ BEGIN CREATE ROLE reader LOGIN; EXCEPTION WHEN duplicate_object THEN NULL; END $$")
    columns = SQL(", ").join(SQL("{} " + _TYPES[field.type]).format(Identifier(field.name)) for field in table.schema)
    with postgres.server().asked(name) as connection:
        connection.execute("CREATE SCHEMA log")
        connection.execute(SQL("CREATE TABLE log.decisions ({})").format(columns))
        rows = [tuple(row.values()) for row in table.to_pylist()]
        places = SQL(", ").join([Placeholder()] * table.num_columns)
        with connection.cursor() as cursor:
            cursor.executemany(SQL("INSERT INTO log.decisions VALUES ({})").format(places), rows)
        connection.execute("GRANT USAGE ON SCHEMA log TO reader")
        connection.execute("GRANT SELECT ON log.decisions TO reader")
    return f"postgresql:///{name}?host={postgres.server().folder}&user=reader"


@pytest.mark.parametrize(("seed", "is_text"), [(1, False), (2, True)])
def test_every_figure_is_that_of_the_file(tmp_path: Path, seed: int, is_text: bool) -> None:
    table = awkward(300, seed, is_text=is_text)
    assert by_engine(loaded(table), "log.decisions") == by_file(table, tmp_path)


def test_whoever_may_not_read_is_told_so() -> None:
    address = loaded(awkward(5, 1))
    name = address.split("///")[1].split("?")[0]
    with postgres.server().asked(name) as connection:
        connection.execute("REVOKE SELECT ON log.decisions FROM reader")
    with pytest.raises(LogRefusedError, match=r"permission denied|InsufficientPrivilege"):
        by_engine(address, "log.decisions")
    with pytest.raises(LogRefusedError, match="could not be counted"):
        by_engine("postgresql://127.0.0.1:1/nowhere", "log.decisions")


def test_the_connection_cannot_write(tmp_path: Path) -> None:
    address = loaded(awkward(5, 1)).replace("user=reader", "user=owner")
    with (
        pytest.raises(LogRefusedError, match="read-only transaction"),
        opened(place_of(address, "log.decisions")) as engine,
    ):
        engine.table.get_backend().raw_sql("DELETE FROM log.decisions")
    with psycopg.connect(address.replace("postgresql:///", "postgresql:///"), autocommit=True) as connection:
        assert connection.execute("SELECT count(*) FROM log.decisions").fetchone() == (5,)


def test_times_without_end_and_headers_as_long_as_can_be(tmp_path: Path) -> None:
    address = loaded(awkward(60, 5))
    name = address.split("///")[1].split("?")[0]
    long = {"half": "x" * 62 + "1", "sex": "x" * 62 + "2"}
    with postgres.server().asked(name) as connection:
        connection.execute("UPDATE log.decisions SET decided_at = 'infinity' WHERE case_id LIKE '%3'")
        connection.execute("UPDATE log.decisions SET decided_at = '-infinity' WHERE case_id LIKE '%4'")
        for source, header in zip(("age", "sex"), long.values(), strict=True):
            change = SQL("ALTER TABLE log.decisions RENAME COLUMN {} TO {}")
            connection.execute(change.format(Identifier(source), Identifier(header)))
    mapping = LogMapping.model_validate(
        {
            "columns": {
                "case": "case_id",
                "decided_at": "decided_at",
                "ai_output": "ai_output",
                "decision": "final_decision",
            },
            "groups": long,
        }
    )
    table = awkward(60, 5).select(["case_id", "decided_at", "ai_output", "final_decision", "age", "sex"])
    ids, times = table["case_id"].to_pylist(), table["decided_at"].to_pylist()
    ends = {"3": datetime(9998, 1, 1), "4": datetime(1950, 1, 1)}  # noqa: DTZ001, logs are without a zone
    times = [ends.get(case[-1:], time) for case, time in zip(ids, times, strict=True)]
    table = table.set_column(1, "decided_at", pa.array(times, pa.timestamp("us")))
    table = table.rename_columns([*table.column_names[:4], *long.values()])
    assert by_engine(address, "log.decisions", mapping) == by_file(table, tmp_path, mapping)


def test_a_connection_that_ends_midway_is_said() -> None:
    def count_with_the_server_gone() -> None:
        with opened(place_of(loaded(awkward(5, 1)), "log.decisions")) as engine:
            with postgres.server().asked() as connection:
                connection.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'haetae log import'"
                )
            engine.whole_number(engine.table.count())

    with pytest.raises(LogRefusedError, match="could not be counted"):
        count_with_the_server_gone()


def test_what_is_written_meanwhile_is_not_seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    table = awkward(120, 11)
    address = loaded(table)
    name = address.split("///")[1].split("?")[0]
    counted_names = importing._Counting._names

    def with_rows_that_come(counting: Any, relation: Any) -> Any:
        names = counted_names(counting, relation)
        with postgres.server().asked(name) as connection:
            connection.execute("UPDATE log.decisions SET reviewer = 'Newcomer', reason = 'other' WHERE sex = 'F'")
            connection.execute("INSERT INTO log.decisions SELECT * FROM log.decisions WHERE sex = 'M'")
        return names

    monkeypatch.setattr(importing._Counting, "_names", with_rows_that_come)
    assert by_engine(address, "log.decisions") == by_file(table, tmp_path)
