"""Processes of `haetae work`, as an administrator starts them: Worker, started."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from questionnaires import load

_HURRIED = """
import sys
from datetime import timedelta
from pathlib import Path
from assessments.storage import jobs
from jobs import elsewhere, work
from questionnaires import load
load.FOLDER = Path(sys.argv.pop(1))
if sys.argv.pop(1) == "hurried":
    jobs.SILENT, work.BEAT_SECONDS = timedelta(seconds=3), 0.5
    elsewhere.STALLED_SECONDS, elsewhere.BEAT_SECONDS, elsewhere.LOOK_SECONDS, elsewhere.LATER_SECONDS = 3.0, 0.5, 0.5, 1
    elsewhere.CONNECTION_SECONDS = 2.0
from commands.main import app
app()
"""
"""The command itself, with the questionnaires of the test; whoever is gone is missed after seconds, not after half a minute."""
ROOT = Path(__file__).resolve().parents[1]


class Worker:
    def __init__(self, *options: str, home: Path | None = None, is_hurried: bool = True) -> None:
        environment = {**os.environ, **({"HAETAE_HOME": str(home)} if home else {})}
        self.process = subprocess.Popen(
            [sys.executable, "-c", _HURRIED, str(load.FOLDER), "hurried" if is_hurried else "", "work", *options],
            cwd=ROOT,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def ready(self) -> str:
        """The line by which it says what it does; before it stands what it has to remark."""
        return self.heard("Haetae does jobs here")

    def heard(self, words: str) -> str:
        """All that it says until these words, with their line."""
        assert self.process.stdout is not None
        lines = []
        for line in self.process.stdout:
            lines.append(line)
            if words in line:
                break
        return "".join(lines)

    def kill(self) -> None:
        """As the system does where memory runs out."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def stop(self) -> str:
        """What it still said. It finishes what it does, and ends in order."""
        if self.process.poll() is None:
            self.process.terminate()
        told, _ = self.process.communicate(timeout=120)
        return told


@contextmanager
def started(*options: str, home: Path | None = None) -> Iterator[Worker]:
    """One that is ready; stopped at the end."""
    worker = Worker(*options, home=home)
    try:
        worker.ready()
        yield worker
    finally:
        worker.stop()


def awaited(holds: Callable[[], bool], seconds: float = 120) -> None:
    """Until that holds, however slow the machine is."""
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, "it never came to that"
        time.sleep(0.02)
