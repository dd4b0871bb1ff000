"""Servers that begin at once: begin. Each is forked from a process that has imported the program.

A start is nearly all importing, and the tests of lost connections start dozens. That `haetae serve` begins from nothing is
shown where a server stands behind nginx.
"""

from __future__ import annotations

import multiprocessing
import os
import runpy
import secrets
import sys
from collections.abc import Mapping, Sequence
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
_FORKING = multiprocessing.get_context("forkserver")
_FORKING.set_forkserver_preload(["commands.serve", "app", "streamlit.web.bootstrap", "pandas", "plotly.graph_objects"])


class Forked:
    """A process, with the part of `subprocess.Popen` that tests use."""

    def __init__(self, process: BaseProcess) -> None:
        self._process = process

    def poll(self) -> int | None:
        return self._process.exitcode

    def wait(self, timeout: float) -> int:
        """Raises: TimeoutError."""
        self._process.join(timeout)
        if self._process.exitcode is None:
            raise TimeoutError(f"it did not end in {timeout} seconds")
        return self._process.exitcode

    def kill(self) -> None:
        self._process.kill()

    def terminate(self) -> None:
        self._process.terminate()


def begin(words: Sequence[str], environment: Mapping[str, str], log: Path) -> Forked:
    """`haetae WORDS` with this environment and no other; what it says is added to the log."""
    process = _FORKING.Process(target=_done, args=(list(words), dict(environment), str(log)), daemon=True)
    process.start()
    return Forked(process)


def _done(words: Sequence[str], environment: Mapping[str, str], log: str) -> None:
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(ROOT)
    output = os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    for stream in (1, 2):
        os.dup2(output, stream)
    sys.modules.pop("app", None)  # each server makes its own
    command: Any = os
    command.execve = _in_this_process
    from commands.main import app
    from pages._field import words as of_fields

    of_fields.SERVER = secrets.token_hex(
        8
    )  # by which a browser knows that another server answers; the one it is forked from has one
    sys.argv = ["haetae", *words]
    app()


def _in_this_process(_program: str, words: Sequence[str], environment: Mapping[str, str]) -> None:
    """As `python -m streamlit` would."""
    os.environ.update(environment)
    sys.argv = list(words[2:])
    runpy.run_module("streamlit", run_name="__main__", alter_sys=True)
