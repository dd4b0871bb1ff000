"""Work on untrusted content in a process of its own, with limits of time and memory: in_own_process.

`python -m exports.limits TASK` is the other end; it reads bytes from its input and writes bytes to its output.
"""

from __future__ import annotations

import importlib
import logging
import os
import resource
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
TASKS = {"render": "exports.document", "verify": "exports.inspection", "attached": "exports.attached"}
"""Task → module whose `task(payload: bytes) -> bytes` does it."""
KEPT_VARIABLES = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "XDG_CACHE_HOME", "FONTCONFIG_FILE", "FONTCONFIG_PATH")
"""What the other process may know of our environment: no key, no address of a database."""
MEMORY_BYTES = 3 * 2**30
FAILED = 70


class OverLimitError(Exception):
    """The task took too long, too much memory, or broke; the text says which, and nothing of the content."""


def in_own_process(task: str, payload: bytes, *, seconds: int) -> bytes:
    """What the task makes of the payload. Raises: OverLimitError."""
    kept = {name: os.environ[name] for name in KEPT_VARIABLES if name in os.environ}
    environment = {**kept, "PYTHONPATH": str(ROOT), "PYTHONHASHSEED": "0", "HAETAE_CPU_SECONDS": str(seconds)}
    try:
        done = subprocess.run(  # noqa: S603 - our own interpreter and module, nothing of the content
            [sys.executable, "-m", "exports.limits", task],
            input=payload,
            capture_output=True,
            timeout=seconds,
            cwd=ROOT,
            env=environment,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise OverLimitError(f"it took longer than {seconds} seconds") from None
    if done.returncode != 0:
        said = done.stderr.decode("utf-8", "replace").strip().splitlines()
        why = said[-1][:300] if said and done.returncode == FAILED else "it ran out of memory or time"
        raise OverLimitError(why)
    return done.stdout


def main() -> int:
    """Do one task. Any exception becomes one line on the error output, never a traceback."""
    seconds = int(os.environ.get("HAETAE_CPU_SECONDS", "60"))
    _limit(resource.RLIMIT_AS, MEMORY_BYTES)
    _limit(resource.RLIMIT_CPU, seconds)
    _limit(resource.RLIMIT_CORE, 0)
    logging.lastResort = None  # libraries keep their remarks to themselves
    payload = sys.stdin.buffer.read()
    try:
        result = importlib.import_module(TASKS[sys.argv[1]]).task(payload)
    except BaseException as error:  # a fetcher's refusal is no Exception, and nothing may leave a trace here
        sys.stderr.write(f"{type(error).__name__}: {error}".replace("\n", " ") + "\n")
        return FAILED
    sys.stdout.buffer.write(result)
    sys.stdout.buffer.flush()
    return 0


def _limit(kind: int, most: int) -> None:
    """Lowered only: a stricter limit from outside stays."""
    hard = resource.getrlimit(kind)[1]
    most = most if hard == resource.RLIM_INFINITY else min(most, hard)
    try:
        resource.setrlimit(kind, (most, most))
    except (OSError, ValueError):  # a system that does not know this limit; the time limit outside still holds
        return


if __name__ == "__main__":
    sys.exit(main())
