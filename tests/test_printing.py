"""Reports of a server come from a process that is ready to print: the same bytes, the same limits, and nothing left behind."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from assessments import own_process
from assessments.own_process import ROOT, OverLimitError
from assessments.ready_process import ReadyProcess
from tests import report_samples as samples

pytestmark = pytest.mark.slow


@pytest.fixture
def printing() -> Iterator[ReadyProcess]:
    one = ReadyProcess("render")
    yield one
    one.stop()


def payload() -> bytes:
    return json.dumps({"languages": ["ko"]}).encode() + b"\n" + samples.sealed_record().canonical


def children(of: int) -> list[int]:
    return [int(one) for one in Path(f"/proc/{of}/task/{of}/children").read_text("utf-8").split()]


def started(printing: ReadyProcess) -> int:
    """The number of its process."""
    before = set(children(os.getpid()))
    printing.start()
    (fresh,) = set(children(os.getpid())) - before
    return fresh


def gone(number: int) -> bool:
    until = time.monotonic() + 60
    while Path(f"/proc/{number}").exists() and time.monotonic() < until:
        time.sleep(0.1)
    return not Path(f"/proc/{number}").exists()


def test_the_bytes_are_those_of_a_process_that_began_from_nothing(printing: ReadyProcess) -> None:
    first = printing.run(payload())
    assert first.startswith(b"%PDF-")
    assert printing.run(payload()) == own_process.in_own_process("render", payload()) == first


def test_what_cannot_be_printed_is_told_and_the_next_report_comes(printing: ReadyProcess) -> None:
    for bad in (b"", b"{}\n{}", b"\xff" * 100_000):
        with pytest.raises(OverLimitError, match="Error"):
            printing.run(bad)
    assert printing.run(payload()).startswith(b"%PDF-")


def test_a_process_that_was_killed_is_replaced(printing: ReadyProcess) -> None:
    number = started(printing)
    os.kill(number, signal.SIGKILL)
    assert printing.run(payload()).startswith(b"%PDF-")
    assert printing.run(payload()).startswith(b"%PDF-")
    assert gone(number)


def test_it_knows_nothing_of_our_secrets(printing: ReadyProcess, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HAETAE_KEY_PASSPHRASE", "a secret of ours")
    assert b"a secret of ours" not in Path(f"/proc/{started(printing)}/environ").read_bytes()


def test_it_starts_no_other_program() -> None:
    """Neither a shell nor the compiler that Python asks for libraries; nor what lies in the folder it runs in."""
    look = "import shutil; print(*map(shutil.which, ('sh', 'gcc', 'ld', 'setup.sh')))"
    given = [sys.executable, "-c", look]
    seen = subprocess.run(given, env=own_process.environment(), cwd=ROOT, capture_output=True, text=True, check=True)
    assert seen.stdout.split() == ["None"] * 4


def test_stopping_leaves_neither_process_nor_folder(printing: ReadyProcess) -> None:
    number, address = started(printing), printing.start()
    printing.stop()
    assert gone(number)
    assert not address.parent.exists()


def test_it_ends_with_a_server_that_was_killed() -> None:
    code = (
        "import os, sys, time; from assessments.ready_process import ReadyProcess; one = ReadyProcess('render');"
        "print(one.start(), flush=True); time.sleep(600)"
    )
    with subprocess.Popen([sys.executable, "-c", code], cwd=ROOT, stdout=subprocess.PIPE) as server:
        assert server.stdout is not None
        folder = Path(server.stdout.readline().decode().strip()).parent
        (number,) = children(server.pid)
        server.kill()
    assert gone(number)
    assert not folder.exists()
