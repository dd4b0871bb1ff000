"""Work on untrusted content in a process of its own, with limits of time and memory: in_own_process, OwnProcess.

`python -m exports.limits TASK` is the other end; it reads bytes from its input and writes bytes to its output.
"""

from __future__ import annotations

import gc
import importlib
import logging
import os
import subprocess
import sys

from assessments.process_limits import ROOT, environment, restrict

TASKS = {
    "render": "exports.document",
    "verify": "exports.inspection",
    "reprint": "exports.reprint",
    "attached": "exports.attached",
}
"""Task → module whose `task(payload: bytes) -> bytes` does it; `prepare()` does what needs no payload."""
SECONDS = 60
"""Wall and processor time of a task; the three examples take 3 to 7 to print on a small machine."""
MEMORY_BYTES = 3 * 2**30
FAILED = 70


class OverLimitError(Exception):
    """The task took too long, too much memory, or broke; the text says which, and nothing of the content."""


class OwnProcess:
    """A process that gets ready for its task at once and does it when the payload comes.

    A context manager: what was not finished is stopped at its end.
    """

    def __init__(
        self, task: str, *, seconds: int = SECONDS, waiting_seconds: int = 0, memory_bytes: int = MEMORY_BYTES
    ) -> None:
        """seconds: of processor time; waiting_seconds: how much more the clock may show, for the machine may be busy."""
        self._seconds = seconds
        self._timeout = seconds + waiting_seconds
        self._process = subprocess.Popen(  # noqa: S603 - our own interpreter and module, nothing of the content
            [sys.executable, "-m", "exports.limits", task],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            cwd=ROOT,
            env={**environment(), "HAETAE_CPU_SECONDS": str(seconds), "HAETAE_MEMORY_BYTES": str(memory_bytes)},
        )

    def __enter__(self) -> OwnProcess:
        return self

    def __exit__(self, *_: object) -> None:
        if self._process.poll() is None:
            self._process.kill()
        self._process.communicate()

    def finish(self, payload: bytes) -> bytes:
        """What the task makes of the payload, once. Raises: OverLimitError."""
        try:
            done, said = self._process.communicate(payload, timeout=self._timeout)
        except subprocess.TimeoutExpired:
            raise OverLimitError(f"it took longer than {self._timeout} seconds") from None
        if self._process.returncode != 0:
            lines = said.decode("utf-8", "replace").strip().splitlines()
            is_told = bool(lines) and self._process.returncode == FAILED
            raise OverLimitError(lines[-1][:300] if is_told else "it ran out of memory or time")
        return done


def in_own_process(
    task: str, payload: bytes, *, seconds: int = SECONDS, waiting_seconds: int = 0, memory_bytes: int = MEMORY_BYTES
) -> bytes:
    """What the task makes of the payload; limits as in OwnProcess. Raises: OverLimitError."""
    with OwnProcess(task, seconds=seconds, waiting_seconds=waiting_seconds, memory_bytes=memory_bytes) as process:
        return process.finish(payload)


def main() -> int:
    """Get ready, then do one task. Any exception becomes one line on the error output, never a traceback."""
    seconds = int(os.environ.get("HAETAE_CPU_SECONDS", "60"))
    restrict(seconds, int(os.environ.get("HAETAE_MEMORY_BYTES", MEMORY_BYTES)))
    logging.lastResort = None  # libraries keep their remarks to themselves
    gc.disable()  # the process ends with its task: collecting what it made only takes time
    try:
        module = importlib.import_module(TASKS[sys.argv[1]])
        module.prepare()
        result = module.task(sys.stdin.buffer.read())
    except BaseException as error:  # a fetcher's refusal is no Exception, and nothing may leave a trace here
        sys.stderr.write(f"{type(error).__name__}: {error}".replace("\n", " ") + "\n")
        return FAILED
    sys.stdout.buffer.write(result)
    sys.stdout.buffer.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main())
