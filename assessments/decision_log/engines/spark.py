"""Spark, opened for reading: opened, check_address. The driver runs here; rows are read and counted by the cluster's workers.

How a cluster is otherwise reached (catalogue, file systems, secrets, memory) stands in its own configuration: SPARK_CONF_DIR.
"""

from __future__ import annotations

import os
import re
import shutil
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from threading import Event, Thread
from typing import Any

from assessments.decision_log.engines.engine import Engine, Place, Words, functions
from assessments.decision_log.reading.faults import refused
from questionnaires.wording import duration

_MASTERS = re.compile(r"//[^/@:,\s]+:[0-9]{1,5}(,[^/@:,\s]+:[0-9]{1,5})*")
_HERE = re.compile(r"local(\[([0-9]{1,3}|\*)\])?")
_REACH_SECONDS = 10
"""A master that does not take a connection by then is not there; Spark itself would try for a minute."""
_WORKER_SECONDS = 300.0
"""As long as no task may be taken up; a cluster that is busy takes its time."""
_LOOK_SECONDS = 5.0
_VIEW = "haetae_rows"


def check_address(address: str) -> None:
    """Raises: LogRefusedError unless it is that of a cluster's masters or of a Spark on this machine."""
    if not _MASTERS.fullmatch(address) and not _HERE.fullmatch(address):
        raise refused("spark_address")


def is_path(table: str) -> bool:
    """Whether it names Parquet files and no table of a catalogue."""
    return "/" in table


@contextmanager
def opened(ibis: Any, place: Place, folder: str) -> Iterator[Engine]:
    """Raises: LogRefusedError where Java, the cluster or its workers are missing; else what Spark says."""
    _check_java()
    master = f"spark:{place.address}" if place.address.startswith("//") else place.address
    if master != place.address:
        _reach(place)
    session = _session(master, folder)
    watch = _Watch(session)
    try:
        yield _engine(ibis, session, place)
    except Exception as error:
        if watch.has_ended_it:
            raise refused("spark_workers", where=place.shown, waited=duration(_WORKER_SECONDS)) from error
        raise
    finally:
        watch.is_over.set()
        session.stop()


def _check_java() -> None:
    home = os.environ.get("JAVA_HOME")
    if not (Path(home, "bin", "java").is_file() if home else shutil.which("java")):
        raise refused("spark_java")


def _reach(place: Place) -> None:
    """Raises: LogRefusedError if none of the masters takes a connection."""
    why = ""
    for master in place.address.removeprefix("//").split(","):
        host, _, port = master.rpartition(":")
        try:
            socket.create_connection((host, int(port)), _REACH_SECONDS).close()
        except (OSError, OverflowError) as error:
            why = str(error) or type(error).__name__
        else:
            return
    raise refused("spark_master", where=place.shown, why=why)


def _session(master: str, folder: str) -> Any:
    from pyspark.errors import PySparkRuntimeError
    from pyspark.sql import SparkSession

    settings = {
        "spark.ui.enabled": "false",  # its pages and its log of events would show the statements to others
        "spark.eventLog.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.log.level": "ERROR",
        "spark.local.dir": folder,
        "spark.sql.warehouse.dir": folder,
        "spark.sql.session.timeZone": "UTC",
        "spark.sql.caseSensitive": "true",
        "spark.sql.maxPlanStringLength": "0",  # nobody reads the plans, which hold the salt of names
        "spark.sql.constraintPropagation.enabled": "false",  # long for what is reckoned from many columns
        "spark.sql.ansi.enabled": "true",  # what cannot be reckoned is an error and not an empty value
    }
    builder = SparkSession.builder.master(master).appName("haetae log import")
    for name, text in settings.items():
        builder = builder.config(name, text)
    try:
        return builder.getOrCreate()
    except PySparkRuntimeError as error:
        if "JAVA_GATEWAY_EXITED" in str(error):
            raise refused("spark_java") from error
        raise


class _Watch:
    """Ends what waits for workers that do not come, or come back no more: Spark itself would wait for ever."""

    def __init__(self, session: Any) -> None:
        self.context = session.sparkContext
        self.is_over = Event()
        self.has_ended_it = False
        Thread(target=self._look, daemon=True).start()

    def _look(self) -> None:
        tracker, idle = self.context.statusTracker(), 0.0
        while not self.is_over.wait(_LOOK_SECONDS):
            stages = [tracker.getStageInfo(stage) for stage in tracker.getActiveStageIds()]
            is_idle = bool(stages) and not any(stage and stage.numActiveTasks for stage in stages)
            idle = idle + _LOOK_SECONDS if is_idle else 0.0
            if idle >= _WORKER_SECONDS:
                self.has_ended_it = True
                self.context.cancelAllJobs()
                return


def _engine(ibis: Any, session: Any, place: Place) -> Engine:
    from pyspark.sql.types import TimestampType

    backend = ibis.pyspark.connect(session)
    stamped = _stamp(session, place.table)
    if is_path(place.table):
        frame = session.read.parquet(place.table)
    else:
        frame = session.table(".".join("`" + name.replace("`", "``") + "`" for name in place.names))
    frame.createOrReplaceTempView(_VIEW)
    table = backend.table(_VIEW)
    # Ibis takes moments for times of a clock; they are none, whatever zone a session shows them in.
    moments = {field.name: "timestamp('UTC')" for field in frame.schema if isinstance(field.dataType, TimestampType)}
    own = functions(ibis, {"unix_micros": (["timestamp('UTC')"], "int64"), "sha2": (["string", "int32"], "string")})
    words = Words(
        lambda column: own["unix_micros"](column.cast("timestamp('UTC')")),
        lambda column: own["sha2"](column, 256),
        lambda column: column,
        "$1 $2",
        "$1",
        end="\\z",
        number_text=_number_text,
    )

    caches = []

    def kept(rows: Any) -> Any:
        """In the workers' memory, or on their disks, until the session ends. Else a question would hold all plans before it."""
        caches.append(rows.cache())
        return backend.table(caches[-1].op().name)

    def answer(question: Any) -> Any:
        return session.sql(str(ibis.to_sql(question, dialect="pyspark"))).toArrow()

    return Engine(
        place,
        f"Spark {session.version}",
        table.cast(moments) if moments else table,
        words,
        kept,
        kept,
        kept,
        is_ready_made=True,
        stamp=partial(_stamp, session, place.table),
        stamped=stamped,
        answer=answer,
    )


def _stamp(session: Any, table: str) -> object:
    """Size and time of each file below a path. None: for a table of a catalogue, or a path with signs for several."""
    if not is_path(table) or re.search(r"[*?{}\[\]]", table):
        return None
    path = session._jvm.org.apache.hadoop.fs.Path(table)
    system = path.getFileSystem(session._jsc.hadoopConfiguration())
    if not system.exists(path):
        return None
    files, stamp = system.listFiles(path, True), set()
    while files.hasNext():
        file = files.next()
        stamp.add((file.getPath().toString(), file.getLen(), file.getModificationTime()))
    return stamp


def _number_text(number: Any) -> Any:
    """Spark itself writes 12345678.5 as 1.23456785E7."""
    is_usual = (number.abs() >= 1e-4) & (number.abs() < 1e15)
    plain = is_usual.ifelse(number, 0.5).cast("decimal(38, 20)").cast("string").re_replace("0+$", "")
    return is_usual.ifelse(plain, number.cast("string"))
