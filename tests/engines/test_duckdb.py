"""DuckDB counts what the reading of a file counts."""

from __future__ import annotations

import errno
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner

from assessments.decision_log.engines import duckdb_file, importing
from assessments.decision_log.engines.connecting import place_of
from assessments.decision_log.engines.relation import USUAL
from assessments.decision_log.reading.columns import Column, LogMapping
from assessments.decision_log.reading.faults import LogRefusedError
from commands.main import app
from tests.engines.tables import AT, KEY, MAPPING, awkward, by_engine, by_file


def warehouse(table: Any, folder: Path) -> str:
    path = folder / "warehouse.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.register("made", table)
        connection.execute("CREATE TABLE decisions AS SELECT * FROM made")
    return f"duckdb:{path}"


@pytest.mark.parametrize(("seed", "is_text"), [(1, False), (2, True), (3, False)])
def test_every_figure_is_that_of_the_file(tmp_path: Path, seed: int, is_text: bool) -> None:
    table = awkward(500, seed, is_text=is_text)
    assert by_engine(warehouse(table, tmp_path), "decisions") == by_file(table, tmp_path)


def test_case_ids_that_need_no_closer_look_are_compared_as_in_a_file(tmp_path: Path) -> None:
    table = awkward(300, 9)
    ids = [f"C-{place * 2 // 3:05}" for place in range(table.num_rows)]
    table = table.set_column(table.column_names.index("case_id"), "case_id", [ids])
    assert by_engine(warehouse(table, tmp_path), "decisions") == by_file(table, tmp_path)


@pytest.mark.parametrize(("words", "is_looked_at_closely"), [(None, False), (["N/A", "C-00007"], True)])
def test_usual_case_ids_are_looked_at_closely_only_for_a_missing_word_that_is_like_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: list[str] | None, is_looked_at_closely: bool
) -> None:
    """Spreadsheets' err:502 ends in a digit, but is no usual id to either way of telling one."""
    kinds: set[str] = set()
    counted_cells = importing._Counting._counted_cells

    def noting_kinds(counting: Any) -> dict[str, list[Any]]:
        cells = counted_cells(counting)
        kinds.update(cells["is_case"])
        return cells

    monkeypatch.setattr(importing._Counting, "_counted_cells", noting_kinds)
    table = awkward(120, 17)
    ids = [f"C-{place:05}" for place in range(120)]
    ids[11:14] = ["err:502", "Err:502 ", "#N/A"]
    table = table.set_column(table.column_names.index("case_id"), "case_id", [ids])
    mapping = MAPPING.model_copy(update={"missing": words})
    assert by_engine(warehouse(table, tmp_path), "decisions", mapping) == by_file(table, tmp_path, mapping)
    assert (USUAL in kinds) is not is_looked_at_closely


def test_kinds_of_rows_are_limited_whatever_their_case_ids(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    address = warehouse(awkward(200, 18), tmp_path)
    for most in (20, 120):
        monkeypatch.setattr(importing, "MOST_CELLS", most)
        assert f"{most}" in _refusal(address)[0]


def test_headers_and_totals_among_usual_case_ids_are_told_as_in_a_file(tmp_path: Path) -> None:
    """Ids such as total2024 are of plain signs and end in a digit; what stands beside them says that they are none."""
    table = awkward(120, 15)
    columns = {name: table[name].to_pylist() for name in table.column_names}
    columns["id_1"] = [f"C-{place:05}" for place in range(120)]
    columns["ai_output"] = [("0", "1")[place % 2] for place in range(120)]
    columns["final_decision"] = [("0", "1")[place % 3 % 2] for place in range(120)]
    del columns["case_id"]
    mapping = MAPPING.model_copy(update={"columns": {**MAPPING.columns, Column.CASE: "id_1"}})
    rows = {
        7: ("total2024", "31", ""),
        8: ("C-SUM-1", "", "N/A"),
        9: ("id_1", "ai_output", "final_decision"),
        10: ("합계", "N/A", "-"),
    }
    for words in (rows, {7: rows[7]}, {9: rows[9]}, {}):
        held = {name: list(values) for name, values in columns.items()}
        for place, texts in words.items():
            for name, text in zip(("id_1", "ai_output", "final_decision"), texts, strict=True):
                held[name][place] = text
        made = pa.table({name: pa.array(values, _type(table, name)) for name, values in held.items()})
        assert by_engine(warehouse(made, tmp_path), "decisions", mapping) == by_file(made, tmp_path, mapping)
        (tmp_path / "warehouse.duckdb").unlink()


def _type(table: Any, name: str) -> Any:
    return table.schema.field(name).type if name in table.column_names else pa.string()


_OWN = LogMapping.model_validate(
    {
        "columns": {
            "case": "case_raw",
            "decided_at": "part_text",
            "reviewer": "name",
            "ai_output": "person",
            "decision": "is_decision",
            "review_seconds": "micros of part_text",
        },
        "groups": {"sex": "Sex'\";--", "age_band": "%s" + "나이" * 40 + "1", "half": "%s" + "나이" * 40 + "2"},
    }
)


def test_a_header_may_be_any_text_and_ids_may_be_uuids(tmp_path: Path) -> None:
    table = awkward(40, 10)
    headers = [*_OWN.columns.values(), *_OWN.groups.values()]
    with duckdb.connect(str(tmp_path / "own.duckdb")) as connection:
        connection.register("made", table)
        names = ['"' + header.replace('"', '""') + '"' for header in headers]
        texts = [
            "md5(rowid::VARCHAR)::UUID",
            "strftime(decided_at, '%Y-%m-%d %H:%M:%S')",
            "reviewer",
            "ai_output = '승인'",
        ]
        texts += ["final_decision = '승인'", "position::DECIMAL(9, 2)", "sex", "age", "'F'"]
        columns = ", ".join(f"{text} AS {name}" for text, name in zip(texts, names, strict=True))
        connection.execute("CREATE SCHEMA log; CREATE TABLE log.kept AS SELECT * FROM made")
        connection.execute(f'CREATE VIEW log."of 2026.1" AS SELECT {columns} FROM log.kept')
        held = connection.execute('SELECT * FROM log."of 2026.1"').to_arrow_table()
    address = f"duckdb:{tmp_path / 'own.duckdb'}"
    assert by_engine(address, 'log."of 2026.1"', _OWN) == by_file(held, tmp_path, _OWN)


def _refusal(address: str, mapping: LogMapping = MAPPING, name: str = "decisions") -> tuple[str, str]:
    """In English and in Korean."""
    with pytest.raises(LogRefusedError) as refusal:
        by_engine(address, name, mapping)
    return refusal.value.text.en, refusal.value.text.ko


_OF_FILES = re.compile(r"[Ff]ile|[Ee]xport|\bsheet|[Uu]pload|encoding|파일|내보내|머리글|시트|올리")


def test_what_is_wrong_with_a_table_is_told_in_words_of_tables(tmp_path: Path) -> None:
    table = awkward(40, 1)
    texts = table.column_names.index("case_id")
    rounded = table.set_column(texts, "case_id", [["2.02603E+14"] * 40])
    formulas = table.set_column(texts, "case_id", [["=A1"] * 40])
    blank = pa.table({name: pa.nulls(40, table.schema.field(name).type) for name in table.column_names})
    nested = table.set_column(table.column_names.index("sex"), "sex", [[{"a": 1}] * 40])
    far = MAPPING.model_copy(update={"groups": {"sex": "Sex"}})
    said = {
        "has no row": (table.slice(0, 0), MAPPING),
        "All 40 rows": (blank, MAPPING),
        "no column 'Sex'": (table, far),
        "type that cannot be read": (nested, MAPPING),
        "ids as text": (rounded, MAPPING),
        "in place of formulas": (formulas, MAPPING),
    }
    for words, (held, mapping) in said.items():
        english, korean = _refusal(warehouse(held, tmp_path), mapping)
        assert words in english
        assert not _OF_FILES.search(english.replace(words, "") + korean), (english, korean)
        (tmp_path / "warehouse.duckdb").unlink()


def test_want_of_room_and_a_file_that_is_written_to_have_their_own_remedies(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = warehouse(awkward(40, 1), tmp_path)
    words = "import duckdb, sys; c = duckdb.connect(sys.argv[1]); print('open', flush=True); sys.stdin.read()"
    with subprocess.Popen(
        [sys.executable, "-c", words, address.removeprefix("duckdb:")], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as writer:
        assert writer.stdout is not None and writer.stdout.readline()
        assert "open for writing" in _refusal(address)[0]
        writer.communicate()

    def full(*_: Any) -> Any:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(duckdb_file, "repeated", full)
    english, korean = _refusal(address)
    assert "TMPDIR" in english and "TMPDIR" in korean and "right to read" not in english


def test_memory_that_does_not_suffice_is_told_with_its_remedy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    address = warehouse(awkward(40, 1), tmp_path)
    monkeypatch.setattr(duckdb_file, "_MEMORY", "1MB")
    assert "not enough memory or disk" in _refusal(address)[0]


def test_a_value_that_the_engine_stumbles_over_is_not_shown(tmp_path: Path) -> None:
    address = warehouse(awkward(40, 1), tmp_path)
    with duckdb.connect(address.removeprefix("duckdb:")) as connection:
        connection.execute("CREATE VIEW bad AS SELECT * REPLACE (ai_output::INTEGER AS ai_output) FROM decisions")
    with pytest.raises(LogRefusedError, match="cannot read or convert") as refusal:
        by_engine(address, "bad")
    assert "승인" not in str(refusal.value) and "거절" not in str(refusal.value)


def test_what_cannot_be_compared_is_refused_with_its_number(tmp_path: Path) -> None:
    table = awkward(60, 4)
    odd = table.set_column(table.column_names.index("reviewer"), "reviewer", [["ㅋ㎡"] * 7 + ["김철수"] * 53])
    with pytest.raises(LogRefusedError, match="1 values of the column reviewer"):
        by_engine(warehouse(odd, tmp_path), "decisions")


@pytest.mark.parametrize(
    ("place", "name", "says"),
    [
        ("oracle:x", "decisions", "is no engine that is known"),
        ("postgresql://me:secret@host/base", "decisions", "carries a password"),
        ("duckdb:nowhere.duckdb", "decisions", "There is no DuckDB file nowhere.duckdb"),
        ("duckdb:HERE", "nothing", "could not be counted"),
        ("duckdb:HERE", "a;b.c.d.e", "is no name of a table"),
    ],
)
def test_what_is_not_there_is_said(tmp_path: Path, place: str, name: str, says: str) -> None:
    here = warehouse(awkward(5, 1), tmp_path)
    with pytest.raises(LogRefusedError, match=says) as refusal:
        by_engine(here if place == "duckdb:HERE" else place, name)
    assert "secret" not in str(refusal.value)


def test_a_column_that_the_table_lacks_is_named(tmp_path: Path) -> None:
    mapping = MAPPING.model_copy(update={"groups": {"region": "where"}})
    with pytest.raises(LogRefusedError, match="where"):
        by_engine(warehouse(awkward(5, 1), tmp_path), "decisions", mapping)


def test_no_name_no_case_and_no_reason_leaves_the_engine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    left: list[str] = []
    backend = importing.ibis.duckdb.connect().__class__
    answered = backend.to_pyarrow

    def to_pyarrow(self: Any, *questions: Any, **more: Any) -> Any:
        answer = answered(self, *questions, **more)
        left.append(str(answer.to_pylist() if isinstance(answer, pa.Table) else answer))
        return answer

    monkeypatch.setattr(backend, "to_pyarrow", to_pyarrow)
    by_engine(warehouse(awkward(400, 5), tmp_path), "decisions")
    told = "\n".join(left)
    assert len(left) > 5 and "승인" in told
    for secret in ("김철수", "이영희", "정우성", "박", "C-000", "사건", "소득", "기준"):
        assert secret not in told, secret


def test_the_database_is_not_written_to(tmp_path: Path) -> None:
    address = warehouse(awkward(300, 6), tmp_path)
    before = (tmp_path / "warehouse.duckdb").read_bytes()
    by_engine(address, "decisions")
    assert (tmp_path / "warehouse.duckdb").read_bytes() == before
    assert sorted(file.name for file in tmp_path.iterdir()) == ["warehouse.duckdb"]


def test_rows_are_stored_in_a_file_of_this_account_alone_that_goes_with_the_command(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked_for = duckdb_file._repeated
    folders: list[Path] = []

    def looking_at_the_folder(backend: Any, folder: str, rows: Any, name: str) -> Any:
        folders.append(Path(folder))
        assert rows.op().namespace.catalog == "haetae_store"
        assert (folders[0] / "store.duckdb").is_file()
        assert not folders[0].stat().st_mode & 0o077
        return looked_for(backend, folder, rows, name)

    monkeypatch.setattr(duckdb_file, "_repeated", looking_at_the_folder)
    by_engine(warehouse(awkward(60, 19), tmp_path), "decisions")
    assert len(folders) == 1 and not folders[0].exists()


def test_the_command_says_where_it_was_counted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HAETAE_HOME", str(tmp_path / "home"))
    address = warehouse(awkward(300, 7), tmp_path)
    (tmp_path / "map.yaml").write_text(MAPPING.to_yaml(), "utf-8")
    words = ["log", "import", "--from", address, "--table", "decisions", "--map", str(tmp_path / "map.yaml")]
    shown = CliRunner().invoke(app, words)
    assert "duckdb:warehouse.duckdb, table decisions: counted inside DuckDB" in shown.stdout, shown.output
    assert "no digest of one" in shown.stdout
    assert CliRunner().invoke(app, [*words, "--keep-raw"]).exit_code == 2
    assert CliRunner().invoke(app, ["log", "import"]).exit_code == 2


def test_the_salt_of_names_is_no_part_of_what_is_kept(tmp_path: Path) -> None:
    with importing.counted(place_of(warehouse(awkward(60, 8), tmp_path), "decisions"), MAPPING, key=KEY, at=AT) as (
        log,
        _,
    ):
        origin = log.file.origin
        assert origin is not None and origin.rows == 60 and origin.table == "decisions"
        assert len(origin.statements_sha256) == 64 and origin.where == "duckdb:warehouse.duckdb"


def test_times_without_end_are_set_aside_and_show_no_seconds(tmp_path: Path) -> None:
    table = awkward(80, 12)
    shown, decided = (
        [time and time.replace(second=0) for time in table[name].to_pylist()] for name in ("shown_at", "decided_at")
    )
    decided[::9] = [datetime(9999, 12, 31, 23, 59, 59)] * len(decided[::9])  # noqa: DTZ001, logs are without a zone
    ends = {7: "infinity", 8: "-infinity"}
    by_end = {"infinity": datetime(9998, 1, 1), "-infinity": datetime(1950, 1, 1)}  # noqa: DTZ001
    columns = ["case_id", "ai_output", "final_decision", "sex"]
    made = table.select(columns)
    for name, times in (("shown_at", shown), ("decided_at", decided)):
        made = made.append_column(name, pa.array(times, pa.timestamp("us")))
    made = made.append_column("place", pa.array(range(80)))
    mapping = LogMapping.model_validate(
        {
            "columns": {
                "case": "case_id",
                "shown_at": "shown_at",
                "decided_at": "decided_at",
                "ai_output": "ai_output",
                "decision": "final_decision",
            },
            "groups": {"sex": "sex"},
        }
    )
    address = warehouse(made, tmp_path)
    with duckdb.connect(address.removeprefix("duckdb:")) as connection:
        for kind in ("TIMESTAMP", "TIMESTAMP_S", "TIMESTAMP_MS"):
            for name in ("shown_at", "decided_at"):
                connection.execute(f"ALTER TABLE decisions ALTER {name} TYPE {kind}")
            connection.execute(f"CREATE TABLE of_{kind} AS SELECT * FROM decisions")
            for rest, end in ends.items():
                connection.execute(f"UPDATE of_{kind} SET decided_at = '{end}' WHERE place % 10 = {rest}")
                connection.execute(f"UPDATE of_{kind} SET shown_at = '{end}' WHERE place % 20 = {rest}")
    for rest, end in ends.items():
        for place in range(80):
            if place % 10 == rest:
                decided[place] = by_end[end]
            if place % 20 == rest:
                shown[place] = by_end[end]
    for name, times in (("shown_at", shown), ("decided_at", decided)):
        made = made.set_column(made.column_names.index(name), name, pa.array(times, pa.timestamp("us")))
    expected = by_file(made, tmp_path, mapping)
    assert expected["is_to_the_minute"] is True
    for kind in ("TIMESTAMP", "TIMESTAMP_S", "TIMESTAMP_MS"):
        assert by_engine(address, f"of_{kind}", mapping) == expected


def test_rows_that_come_between_two_questions_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A view may look at files, which no transaction of the engine holds still."""
    files = tmp_path / "files"
    files.mkdir()
    pq.write_table(awkward(100, 13), files / "1.parquet")
    path = tmp_path / "views.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute(f"CREATE VIEW decisions AS SELECT * FROM read_parquet('{files}/*.parquet')")
    counted_names = importing._Counting._names

    def with_files_that_come(counting: Any, relation: Any) -> Any:
        names = counted_names(counting, relation)
        pq.write_table(awkward(100, 14), files / "2.parquet")
        return names

    assert by_engine(f"duckdb:{path}", "decisions") == by_file(awkward(100, 13), tmp_path)
    monkeypatch.setattr(importing._Counting, "_names", with_files_that_come)
    with pytest.raises(LogRefusedError, match="came or went"):
        by_engine(f"duckdb:{path}", "decisions")


@pytest.mark.parametrize("is_text", [False, True])
def test_days_saved_as_times_and_ids_with_an_e_are_read_as_in_a_file(tmp_path: Path, *, is_text: bool) -> None:
    table = awkward(300, 12, is_text=is_text)
    for name in ("shown_at", "decided_at"):
        days = [
            value
            if place % 3
            else value and (value[:10] + " 00:00:00" if is_text else value.replace(hour=0, minute=0, second=0))
            for place, value in enumerate(table.column(name).to_pylist())
        ]
        place = table.column_names.index(name)
        table = table.set_column(place, name, pa.array(days, table.schema.field(name).type))
    ids = [f"{place % 10}E{10 + place // 10}" if place % 2 else f"{place}.5E14" for place in range(table.num_rows)]
    table = table.set_column(table.column_names.index("case_id"), "case_id", [ids])
    assert by_engine(warehouse(table, tmp_path), "decisions") == by_file(table, tmp_path)


def test_a_file_that_is_replaced_meanwhile_is_counted_as_it_was_and_one_written_over_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    address, table = warehouse(awkward(100, 13), tmp_path), awkward(100, 13)
    path = tmp_path / "warehouse.duckdb"
    (tmp_path / "other").mkdir()
    warehouse(awkward(100, 14), tmp_path / "other")
    other = tmp_path / "other" / path.name
    counted_names = importing._Counting._names
    meanwhile: list[Callable[[], object]] = []

    def and_meanwhile(counting: Any, relation: Any) -> Any:
        names = counted_names(counting, relation)
        meanwhile[0]()
        return names

    expected = by_file(table, tmp_path)
    monkeypatch.setattr(importing._Counting, "_names", and_meanwhile)
    meanwhile[:] = [lambda: shutil.copy(other, path)]
    assert _refusal(address)[0].startswith("Rows of decisions came or went")
    path.unlink()
    warehouse(table, tmp_path)
    meanwhile[:] = [lambda: other.replace(path)]
    assert by_engine(address, "decisions") == expected
    meanwhile[:] = [path.unlink]
    by_engine(address, "decisions")
