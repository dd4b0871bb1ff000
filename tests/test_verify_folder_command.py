"""`haetae verify FOLDER --table`: exit codes, what is said, and that neither Ctrl+C nor a killed process loses what was done."""

from __future__ import annotations

import os
import resource
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest
from typer.testing import CliRunner

from assessments.own_process import ROOT
from commands.main import app
from exports.collection import reading
from exports.collection.journal import beside
from exports.seal import keys
from tests import many_reports as many
from tests import report_samples as samples


def run(*stated: object) -> tuple[int, str]:
    done = CliRunner().invoke(app, [str(word) for word in stated])
    return done.exit_code, done.output


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "reports"
    made.mkdir()
    (tmp_path / "certificate.pem").write_bytes(keys.certificate_pem(samples.signer()))
    return made


def fill(folder: Path, count: int) -> None:
    short = many.short(many.record_of(many.assessment()))
    for number in range(count):
        (folder / f"{number:02d}.pdf").write_bytes(many.sealed(short, minutes=number))


def test_what_does_not_go_together_is_said(folder: Path, tmp_path: Path) -> None:
    (folder / "a.pdf").write_bytes(b"no")
    for options, words in (
        ((), "--table OUT.xlsx"),
        (("--cluster", "tcp://127.0.0.1:1"), "--cluster goes with --table"),
        (("--table", tmp_path / "o.csv", "--json"), "--json do not go together"),
        (("--table", tmp_path / "o.csv", "--here"), "--here do not go together"),
        (("--table", tmp_path / "o.ods"), ".xlsx, .csv or .parquet"),
        (("--table", tmp_path / "no" / "o.csv"), "o.csv.journal"),
    ):
        code, text = run("verify", folder, *options)
        assert code == 2 and words in text, text
        code, text = run("verify", folder, *options, "--language", "ko")
        assert code == 2 and "Traceback" not in text


@pytest.mark.slow
def test_exit_codes_and_what_is_said(folder: Path, tmp_path: Path) -> None:
    table = tmp_path / "o.csv"
    code, text = run("verify", folder, "--table", table)
    assert code == 2 and "no file called .pdf" in text
    (folder / "a.pdf").write_bytes(b"no report")
    code, text = run("verify", folder, "--table", table, "--language", "ko")
    assert code == 1 and "실패 1" in text and "haetae supervise" in text
    (folder / "a.pdf").write_bytes(b"another")
    assert run("verify", folder, "--table", table)[0] == 1
    assert [row["verdict"] for row in reading.read(table).rows] == ["failed"]


def started(folder: Path, table: Path, **more: object) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "commands.main", "verify", str(folder), "--table", str(table)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.Popen(
        command,
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
        **more,  # type: ignore[call-overload, no-any-return]
    )


def noted(table: Path) -> int:
    """Results in the journal; another process has it open."""
    try:
        with sqlite3.connect(f"file:{beside(table)}?mode=ro&immutable=1", uri=True) as journal:
            return int(journal.execute("SELECT count(*) FROM result").fetchone()[0])
    except sqlite3.Error:
        return 0


def wait_for(process: subprocess.Popen[str], table: Path, count: int) -> None:
    until = time.monotonic() + 300
    while noted(table) < count:
        assert process.poll() is None and time.monotonic() < until, process.stdout and process.stdout.read()
        time.sleep(0.05)


@pytest.mark.slow
@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGKILL, -9)])
def test_what_is_broken_off_goes_on_and_the_table_is_that_of_one_run(
    folder: Path, tmp_path: Path, number: int, code: int
) -> None:
    fill(folder, 60)
    table = tmp_path / "o.parquet"
    process = started(folder, table)
    wait_for(process, table, 1)
    os.killpg(process.pid, number) if number == signal.SIGINT else process.send_signal(number)
    assert process.wait(120) == code
    assert not table.exists() and 0 < noted(table) < 60
    if number == signal.SIGINT:
        assert process.stdout is not None and "goes on" in process.stdout.read()
    again = started(folder, table)
    assert again.wait(300) == 1, again.stdout and again.stdout.read()  # the samples lack two questionnaires
    rows = reading.read(table).rows
    assert len(rows) == 60 and not [row for row in rows if row["kind"] != "report"]
    whole = tmp_path / "whole.parquet"
    assert started(folder, whole).wait(300) == 1
    strip = [{name: value for name, value in row.items() if name != "verified_at"} for row in reading.read(whole).rows]
    assert strip == [{name: value for name, value in row.items() if name != "verified_at"} for row in rows]


@pytest.mark.slow
@pytest.mark.parametrize("suffix", ["xlsx", "csv", "parquet"])
def test_where_no_more_can_be_written_it_is_said_and_the_rest_is_there(
    folder: Path, tmp_path: Path, suffix: str
) -> None:
    """No file may be larger than so much, as on a disk that is full."""
    fill(folder, 4)
    table = tmp_path / f"o.{suffix}"
    assert started(folder, tmp_path / "o.csv").wait(120) == 1
    beside(tmp_path / "o.csv").replace(beside(table))
    (tmp_path / "o.csv").unlink()

    def small() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (4_000, 4_000))

    process = started(folder, table, preexec_fn=small)
    output, _ = process.communicate(timeout=120)
    assert process.returncode == 2 and "Traceback" not in output and "same command again" in output, output
    assert not table.exists() and not list(tmp_path.glob(".*.part"))
    again = started(folder, table)
    output, _ = again.communicate(timeout=120)
    assert again.returncode == 1 and "Examined this time: 0" in output, output
