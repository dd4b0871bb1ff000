"""A real Spark, a master and two workers on this machine, counts what the reading of a file counts."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import pyarrow as pa
import pyarrow.parquet
import pyspark
import pytest

from assessments.decision_log.engines import importing, spark
from assessments.decision_log.engines.connecting import opened, place_of
from assessments.decision_log.reading.columns import LogMapping
from assessments.decision_log.reading.faults import LogRefusedError
from tests.engines.tables import MAPPING, awkward, by_engine, by_file

_HOME = Path(pyspark.__file__).parent
_LONGEST_WAIT = 240
_SETTINGS = """
spark.driver.memory 900m
spark.driver.host 127.0.0.1
spark.executor.memory 512m
spark.sql.shuffle.partitions 2
spark.sql.catalogImplementation hive
spark.hadoop.javax.jdo.option.ConnectionURL jdbc:derby:;databaseName={folder}/metastore;create=true
spark.hadoop.datanucleus.schema.autoCreateAll true
spark.hadoop.hive.metastore.schema.verification false
spark.driver.extraJavaOptions -Dderby.system.home={folder} -XX:TieredStopAtLevel=1 -XX:+UseSerialGC
spark.executor.extraJavaOptions -XX:TieredStopAtLevel=1 -XX:+UseSerialGC
"""
HERE = "spark:local[1]"


def _free_port() -> int:
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        return int(held.getsockname()[1])


@pytest.fixture(scope="module", autouse=True)
def settings(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A configuration as an administrator writes it, with a catalogue in it; the JVM of a process reads it once."""
    folder = tmp_path_factory.mktemp("conf")
    (folder / "spark-defaults.conf").write_text(_SETTINGS.format(folder=folder), "utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SPARK_LOCAL_IP", "127.0.0.1")
        patch.setenv("SPARK_CONF_DIR", str(folder))
        yield folder


@contextmanager
def cluster(folder: Path, workers: int) -> Iterator[str]:
    """Its address; it ends with the block."""
    port, screen = _free_port(), _free_port()
    environment = {
        **os.environ,
        "SPARK_HOME": str(_HOME),
        "SPARK_CONF_DIR": str(folder),
        "SPARK_LOCAL_IP": "127.0.0.1",
        "SPARK_WORKER_DIR": str(folder),
        "SPARK_DAEMON_MEMORY": "256m",
        "SPARK_DAEMON_JAVA_OPTS": "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC",
        "PYSPARK_PYTHON": sys.executable,
    }
    daemon = [str(_HOME / "bin" / "spark-class")]
    place = ["--host", "127.0.0.1", "--port", str(port), "--webui-port", str(screen)]
    commands = [[*daemon, "org.apache.spark.deploy.master.Master", *place]]
    size = ["--cores", "1", "--memory", "700m", "--host", "127.0.0.1", "--webui-port", "0"]
    commands += [[*daemon, "org.apache.spark.deploy.worker.Worker", *size, f"spark://127.0.0.1:{port}"]] * workers
    processes = []
    try:
        with (folder / "log").open("wb") as log:
            for command in commands:
                processes.append(subprocess.Popen(command, env=environment, stdout=log, stderr=log))
        _wait_for_workers(f"http://127.0.0.1:{screen}/json/", workers)
        yield f"spark://127.0.0.1:{port}"
    finally:
        for process in processes:
            process.terminate()
        for process in processes:
            process.wait(60)


def _wait_for_workers(address: str, workers: int) -> None:
    end = time.monotonic() + _LONGEST_WAIT
    while time.monotonic() < end:
        try:
            with urlopen(address) as answer:
                if answer.read().count(b'"state" : "ALIVE"') >= workers:
                    return
        except OSError:
            pass
        time.sleep(0.5)
    raise TimeoutError("the workers of Spark did not come")


def test_every_figure_of_two_workers_is_that_of_the_file(tmp_path: Path) -> None:
    table = awkward(300, 3, is_text=True)
    path = tmp_path / "decisions"
    path.mkdir()
    pyarrow.parquet.write_table(table.slice(0, 150), path / "1.parquet")
    pyarrow.parquet.write_table(table.slice(150), path / "2.parquet")
    with cluster(tmp_path, 2) as address:
        assert by_engine(address, str(path)) == by_file(table, tmp_path)
        with pytest.raises(LogRefusedError, match="PATH_NOT_FOUND"):
            by_engine(address, str(tmp_path / "nothing"))


_ODD = LogMapping.model_validate(
    {
        "columns": {
            "case": '사건 "번호"',
            "decided_at": "결정`시각",
            "reviewer": "검토자",
            "ai_output": "AI output",
            "decision": "final.decision",
            "reason": "사유" * 40,
            "position": "순위",
        },
        "groups": {"sex": "Sex", "half": "sex", "age_band": "score"},
    }
)


def test_a_table_of_the_catalogue_with_moments_and_odd_names(tmp_path: Path) -> None:
    table = awkward(80, 5)
    columns: dict[str, Any] = {
        '사건 "번호"': table["case_id"],
        "결정`시각": table["decided_at"].cast(pa.timestamp("us", "UTC")),
        "검토자": table["reviewer"],
        "AI output": table["ai_output"],
        "score": pa.array([(None, 0.5, 0.0001, 12345678.5, float("nan"))[place % 5] for place in range(80)]),
        "final.decision": table["final_decision"],
        "사유" * 40: table["reason"],
        "순위": pa.array(
            [None if place is None else Decimal(place) for place in table["position"].to_pylist()], pa.decimal128(9, 2)
        ),
        "Sex": table["sex"],
        "sex": pa.array([place % 2 == 0 for place in range(table.num_rows)]),
    }
    odd = pa.table(columns)
    with opened(place_of(HERE, str(_written(odd, tmp_path)))) as engine:
        session = engine.table.get_backend()._session
        session.sql("CREATE DATABASE IF NOT EXISTS log")
        session.table(spark._VIEW).write.option("path", str(tmp_path / "kept")).saveAsTable("log.decisions")
    assert by_engine(HERE, "log.decisions", _ODD) == by_file(odd, tmp_path, _ODD)
    with pytest.raises(LogRefusedError, match="TABLE_OR_VIEW_NOT_FOUND"):
        by_engine(HERE, "log.nothing", _ODD)


def _written(table: Any, folder: Path) -> Path:
    path = folder / "made.parquet"
    pyarrow.parquet.write_table(table, path)
    return path


@pytest.mark.parametrize("kind", ["written over", "replaced", "one more"])
def test_files_that_change_meanwhile_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str) -> None:
    """Also where each reviewer has as many rows as before, so that no count tells it."""
    table, folder = awkward(40, 13), tmp_path / "decisions"
    folder.mkdir()
    pyarrow.parquet.write_table(table, folder / "1.parquet")
    counted_names = importing._Counting._names
    outcomes = table["final_decision"].to_pylist()[::-1]
    other = table.set_column(table.column_names.index("final_decision"), "final_decision", [outcomes])

    def and_meanwhile(counting: Any, relation: Any) -> Any:
        names = counted_names(counting, relation)
        if kind == "replaced":
            (folder / "1.parquet").unlink()
        name = "1.parquet" if kind == "written over" else "2.parquet"
        pyarrow.parquet.write_table(other, folder / name)
        return names

    monkeypatch.setattr(importing._Counting, "_names", and_meanwhile)
    with pytest.raises(LogRefusedError, match="came or went"):
        by_engine(HERE, str(folder))


def test_workers_that_do_not_come_are_not_waited_for_for_ever(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spark, "_WORKER_SECONDS", 1.0)
    monkeypatch.setattr(spark, "_LOOK_SECONDS", 0.5)
    path = _written(awkward(5, 1), tmp_path)
    with (
        cluster(tmp_path, 0) as address,
        pytest.raises(LogRefusedError, match=r"No worker of the Spark at spark:127\.0\.0\.1:"),
    ):
        by_engine(address, str(path))


def test_spark_shows_nobody_a_statement(tmp_path: Path) -> None:
    with opened(place_of(HERE, str(_written(awkward(5, 1), tmp_path)))) as engine:
        context = engine.table.get_backend()._session.sparkContext
        assert context.uiWebUrl is None
        assert context.getConf().get("spark.eventLog.enabled") == "false"


@pytest.mark.parametrize(
    ("address", "says"),
    [
        ("spark://127.0.0.1:1", "No Spark master answers at spark:127.0.0.1:1"),
        ("spark:127.0.0.1:7077", "no address of a Spark"),
        ("spark:yarn", "no address of a Spark"),
        ("spark://me@host:7077", "no address of a Spark"),
        ("spark://me:secret@host:7077", "carries a password"),
    ],
)
def test_an_address_at_which_no_spark_is_is_said(address: str, says: str) -> None:
    with pytest.raises(LogRefusedError, match=says) as refusal:
        by_engine(address, "decisions", MAPPING)
    assert "secret" not in str(refusal.value)


def test_keys_of_a_store_are_refused_in_a_path() -> None:
    with pytest.raises(LogRefusedError, match="carries a password") as refusal:
        place_of(HERE, "s3a://AKIA:secret@bucket/decisions")
    assert "secret" not in str(refusal.value)


def test_without_java_it_says_which_one(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("JAVA_HOME", str(tmp_path))
    with pytest.raises(LogRefusedError, match="Install Java 17 or 21"):
        by_engine(HERE, "decisions")
