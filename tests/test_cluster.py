"""Many reports verified over a cluster: a real scheduler with two workers, each a process of its own, and the rows of a local run."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import Future
from datetime import datetime
from pathlib import Path

import pytest

from assessments.errors import AssessmentError
from assessments.own_process import ROOT
from exports.collection import reading
from exports.collection.cluster import ClusterExaminer
from exports.collection.columns import Row
from exports.collection.examination import Settings
from exports.collection.run import LocalExaminer, verify_folder
from exports.seal import keys
from tests import many_reports as many
from tests import report_samples as samples
from tests import tampering
from tests.many_reports import NOW

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, list[subprocess.Popen[bytes]]]]:
    """Address of the scheduler, and the workers."""
    place = tmp_path_factory.mktemp("cluster")
    named = place / "scheduler.json"
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "DASK_LOGGING__DISTRIBUTED": "error"}
    common = ["--scheduler-file", str(named), "--no-dashboard"]

    def begun(module: str, *options: str) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", f"distributed.cli.{module}", *common, *options]
        return subprocess.Popen(
            command, cwd=place, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )

    processes = [begun("dask_scheduler", "--host", "127.0.0.1", "--port", "0")]
    try:
        processes += [begun("dask_worker", "--nthreads", "1", "--no-nanny", "--host", "127.0.0.1") for _ in range(2)]
        import distributed

        with distributed.Client(scheduler_file=str(named), timeout=120, set_as_default=False) as client:
            client.wait_for_workers(2, timeout=120)
            address = str(client.scheduler_info()["address"])
        yield address, processes[1:]
    finally:
        for process in reversed(processes):
            process.kill()  # nothing of it is kept; asked kindly, a worker waits for its scheduler
            process.wait(60)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "reports"
    made.mkdir()
    for number in range(6):
        short = many.short(many.record_of(many.assessment(f"시스템 {number}", applicants=number)))
        (made / f"{number}.pdf").write_bytes(many.sealed(short))
    (made / "bad.pdf").write_bytes(tampering.comment_appended((made / "1.pdf").read_bytes()))
    return made


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    known = samples.known_folder(tmp_path / "known")
    return Settings([keys.certificate_pem(samples.signer())], folder=known)


@pytest.mark.parametrize("is_shared", [False, True])
def test_the_rows_are_those_of_a_local_run(
    cluster: tuple[str, list[subprocess.Popen[bytes]]], folder: Path, settings: Settings, is_shared: bool
) -> None:
    examiner = ClusterExaminer(cluster[0], settings, folder if is_shared else None)
    try:
        assert examiner.places == 2
        verify_folder(folder, folder / "far.parquet", settings, at=NOW, examiner=examiner)
    finally:
        examiner.stop()
    local = LocalExaminer(settings, 1)
    try:
        verify_folder(folder, folder / "near.parquet", settings, at=NOW, examiner=local)
    finally:
        local.stop()
    far = reading.read(folder / "far.parquet")
    assert far == reading.read(folder / "near.parquet")
    assert [row["verdict"] for row in far.rows] == ["passed"] * 6 + ["failed"]


def test_workers_with_other_questionnaires_are_refused(
    cluster: tuple[str, list[subprocess.Popen[bytes]]], settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    from exports.collection import examination

    monkeypatch.setattr(examination, "version", lambda: "99.0.0")
    with pytest.raises(AssessmentError, match="another release"):
        ClusterExaminer(cluster[0], settings)


def test_two_runs_at_once_get_each_their_own_rows(
    cluster: tuple[str, list[subprocess.Popen[bytes]]], folder: Path, settings: Settings
) -> None:
    pdf = (folder / "0.pdf").read_bytes()
    trusting, other = (
        ClusterExaminer(cluster[0], settings),
        ClusterExaminer(cluster[0], Settings(folder=settings.folder)),
    )
    try:
        rows = [examiner.begin(b"0.pdf", pdf, NOW) for examiner in (trusting, other)]
        assert [row.result(120)["verdict"] for row in rows] == ["passed", "indeterminate"]
    finally:
        trusting.stop()
        other.stop()


def test_where_no_cluster_answers_it_is_said(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    from exports.collection import cluster as module

    monkeypatch.setattr(module, "ANSWERING_SECONDS", 1)
    for address in ("tcp://127.0.0.1:1", "nonsense://x", "tcp://"):
        with pytest.raises(AssessmentError, match="does not answer"):
            ClusterExaminer(address, settings)


def test_a_worker_that_is_killed_loses_no_report(
    cluster: tuple[str, list[subprocess.Popen[bytes]]], folder: Path, settings: Settings
) -> None:
    """Last, for it takes a worker away."""
    address, workers = cluster
    really = ClusterExaminer(address, settings)

    class Killing:
        places = really.places
        begun = 0

        def begin(self, path: bytes, pdf: bytes, at: datetime) -> Future[Row]:
            self.begun += 1
            if self.begun == 4:
                workers[0].send_signal(signal.SIGKILL)
                workers[0].wait(60)
            return really.begin(path, pdf, at)

        def stop(self) -> None:
            really.stop()

    try:
        summary = verify_folder(folder, folder / "far.csv", settings, at=NOW, examiner=Killing())
    finally:
        really.stop()
    assert summary.verdicts == {"passed": 6, "failed": 1}
    assert {
        str(row["reason_en"])[:40] for row in reading.read(folder / "far.csv").rows if row["verdict"] == "failed"
    } != set()
