"""A task in a process of its own, with limits of time and memory: in_own_process, OwnProcess; tell for the other end.

`python -m assessments.own_process TASK` is that other end. It reads bytes from its input and writes what the task makes
of them to its output; how far it is, and why it failed, are lines on its error output.
"""

from __future__ import annotations

import gc
import importlib
import json
import logging
import os
import resource
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO

ROOT = Path(__file__).resolve().parents[1]
KEPT_VARIABLES = ("HOME", "LANG", "LC_ALL", "TMPDIR", "XDG_CACHE_HOME", "FONTCONFIG_FILE", "FONTCONFIG_PATH")
"""Environment variables passed on to the other process: no key, no database URL."""
FAILED = 70
BUSY = 4
"""How many times its CPU time a task may take by the clock: a machine that does other things gives it a part of its time only."""
_PROGRESS, _TOLD = "progress ", "told "
"""How a line on the error output begins that says how far the task is, or why it was refused."""


@dataclass(frozen=True)
class Task:
    """A task that can run in a separate process."""

    module: str
    """Its `task(payload: bytes) -> bytes` does it; `prepare()` does what needs no payload."""
    seconds: int
    """Limit in seconds of CPU time."""
    memory_bytes: int
    """Limit of the address space, in bytes."""

    @property
    def clock_seconds(self) -> int:
        return BUSY * self.seconds


TASKS = {
    "render": Task(
        "exports.printing.document", 60, 3 * 2**30
    ),  # the three examples take 3 to 7 seconds on a small machine
    "verify": Task("exports.verification.inspection", 60, 3 * 2**30),
    "reprint": Task("exports.verification.reprint", 60, 3 * 2**30),
    "examine": Task("exports.collection.examination", 8, 2**30),  # one of many; a report takes a third of a second
    "attached": Task("exports.record.attached", 60, 3 * 2**30),
    "evidence": Task("assessments.content.pdf_process", 20, 2**30),
    "look": Task("assessments.decision_log.intake.counting_process", 60, 2**30),
    "read": Task("assessments.decision_log.intake.counting_process", 600, 4 * 2**30),
    "count": Task(
        "assessments.decision_log.intake.counting_process", 600, 4 * 2**30
    ),  # a million rows really use less than a quarter of it
    "rescore": Task("assessments.rescoring_process", 600, 2 * 2**30),
}


class OverLimitError(Exception):
    """The task exceeded its time or memory, or crashed; the text says which and contains no input."""


class StoppedError(Exception):
    """The task was stopped on request."""


class OwnProcess:
    """A process that starts up at once and runs its task when the payload arrives.

    A context manager: on exit an unfinished process is terminated and reaped.
    """

    def __init__(
        self,
        task: str,
        *,
        seconds: int | None = None,
        waiting_seconds: int | None = None,
        memory_bytes: int | None = None,
    ) -> None:
        """seconds, memory_bytes: where they are not the task's; waiting_seconds: how much more the clock may show, if not `BUSY` times."""
        limits = TASKS[task]
        seconds = limits.seconds if seconds is None else seconds
        memory_bytes = limits.memory_bytes if memory_bytes is None else memory_bytes
        self._seconds = BUSY * seconds if waiting_seconds is None else seconds + waiting_seconds
        self._process = subprocess.Popen(  # noqa: S603 - our own interpreter and module, nothing of the content
            [sys.executable, "-m", "assessments.own_process", task, str(seconds), str(memory_bytes)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            cwd=ROOT,
            env=environment(),
        )

    def __enter__(self) -> OwnProcess:
        return self

    def __exit__(self, *_: object) -> None:
        if self._process.poll() is None:
            self._process.kill()
        self._process.communicate()

    def finish(
        self, payload: bytes, *, goes_on: Callable[[float], bool] | None = None, look_every: float = 0.5
    ) -> bytes:
        """Runs the task on the payload and returns its output; may be called once.

        goes_on: called every `look_every` seconds with the share done; False stops the task.
        Raises: OverLimitError, RefusedError, StoppedError.
        """
        end = time.monotonic() + self._seconds
        self._send(payload)
        while True:
            left = max(0.0, end - time.monotonic())
            try:
                done, stderr = self._process.communicate(timeout=min(look_every, left) if goes_on else left)
                break
            except subprocess.TimeoutExpired as late:
                # what was read so far is not lost
                if goes_on and not goes_on(_share(late.stderr or b"")):
                    raise StoppedError from None
                if time.monotonic() >= end:
                    from questionnaires.wording import duration

                    raise OverLimitError(f"it took longer than {duration(self._seconds).en}") from None
        if self._process.returncode == 0:
            return done
        lines = stderr.decode("utf-8", "replace").strip().splitlines() or [""]
        if self._process.returncode != FAILED or not lines[-1]:
            raise OverLimitError("it ran out of memory or time")
        if lines[-1].startswith(_TOLD):
            raise _refused(lines[-1].removeprefix(_TOLD))
        raise OverLimitError(lines[-1][:300])

    def _send(self, payload: bytes) -> None:
        """In a thread: `communicate` forgets what of its input it had not written when its time was over."""
        stdin, self._process.stdin = self._process.stdin, None
        if stdin is not None:
            threading.Thread(target=_write, args=(stdin, payload), name="payload", daemon=True).start()


def _write(pipe: IO[bytes], payload: bytes) -> None:
    with suppress(OSError), pipe:  # it ended before it had read everything, which its end tells
        pipe.write(payload)


def in_own_process(
    task: str,
    payload: bytes,
    *,
    seconds: int | None = None,
    waiting_seconds: int | None = None,
    memory_bytes: int | None = None,
) -> bytes:
    """Runs a task on a payload and returns its output; limits as in OwnProcess. Raises: OverLimitError, RefusedError."""
    with OwnProcess(task, seconds=seconds, waiting_seconds=waiting_seconds, memory_bytes=memory_bytes) as process:
        return process.finish(payload)


def environment() -> dict[str, str]:
    """The environment for a process of our own modules, whose PATH contains no programs.

    Without that, `ctypes.util.find_library` asks a compiler and a linker for every library that WeasyPrint looks for
    under the names of other systems, which takes as long as a tenth of a report.
    """
    inherited = {name: os.environ[name] for name in KEPT_VARIABLES if name in os.environ}
    threads = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}  # each thread would reserve memory of its own
    return {**inherited, **threads, "PATH": os.devnull, "PYTHONPATH": str(ROOT), "PYTHONHASHSEED": "0"}


def _refused(message_json: str) -> Exception:
    from assessments.errors import RefusedError  # pydantic comes with it, which most tasks do without
    from questionnaires.texts import Told
    from questionnaires.vocabulary import Text

    what, remedy = json.loads(message_json)
    return RefusedError(Told(Text(**what), Text(**remedy) if remedy else None))


def _share(stderr: bytes) -> float:
    """The share stated in the last complete progress line."""
    for line in reversed(stderr.decode("utf-8", "replace").split("\n")[:-1]):
        if line.startswith(_PROGRESS):
            return float(line.removeprefix(_PROGRESS))
    return 0.0


# --- the other end -------------------------------------------------------------------------------------------------


def tell(share: float) -> None:
    """Reports this process's progress, 0 to 1. Raises: BrokenPipeError if nobody is waiting any more."""
    sys.stderr.write(f"{_PROGRESS}{min(1.0, max(0.0, share)):.3f}\n")
    sys.stderr.flush()


def be_quiet() -> None:
    """Libraries keep their remarks to themselves; nothing is collected, for the process ends with its task."""
    logging.lastResort = None
    gc.disable()


def restrict(seconds: int, memory_bytes: int) -> None:
    """The calling process: seconds of processor time, bytes of address space, no core dump."""
    _limit(resource.RLIMIT_AS, memory_bytes)
    _limit(resource.RLIMIT_CPU, max(1, seconds))
    _limit(resource.RLIMIT_CORE, 0)


def _limit(kind: int, most: int) -> None:
    """Lowers a limit; a stricter one set from outside stays."""
    hard = resource.getrlimit(kind)[1]
    most = most if hard == resource.RLIM_INFINITY else min(most, hard)
    try:
        resource.setrlimit(kind, (most, most))
    except (OSError, ValueError):  # a system that does not know this limit; the time limit outside still holds
        return


def main(name: str, seconds: int, memory_bytes: int) -> int:
    """Get ready, then do one task. Any exception becomes one line on the error output, never a traceback."""
    restrict(seconds, memory_bytes)
    be_quiet()
    try:
        module = importlib.import_module(TASKS[name].module)
        module.prepare()
        result = module.task(sys.stdin.buffer.read())
    except BaseException as error:  # a fetcher's refusal is no Exception, and nothing may leave a trace here
        sys.stderr.write(f"\n{failure(error)}\n")
        return FAILED
    sys.stdout.buffer.write(result)
    sys.stdout.buffer.flush()
    return 0


def failure(error: BaseException) -> str:
    """One line about what went wrong, in the form that `OwnProcess.finish` reads."""
    if isinstance(error, MemoryError):
        return ""
    from assessments.errors import AssessmentError  # as in _refused

    if isinstance(error, AssessmentError):
        texts = [text and {"ko": text.ko, "en": text.en} for text in (error.what, error.remedy)]
        return _TOLD + json.dumps(texts, ensure_ascii=True)
    return f"{type(error).__name__}: {error}".replace("\n", " ")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3])))
