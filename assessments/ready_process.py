"""A task done again and again, each time in a process of its own that is forked from one which is ready: ReadyProcess.

`python -m assessments.ready_process TASK NUMBER PARENT …` is that one: it has imported what the task needs, waits at the socket
of that number for as long as its parent runs, and does nothing else. A forked process has the limits of the task, and ends with it.
"""

from __future__ import annotations

import atexit
import gc
import importlib
import os
import shutil
import signal
import socket
import socketserver
import subprocess
import sys
import threading
from pathlib import Path
from tempfile import mkdtemp

from assessments import own_process
from assessments.own_process import BUSY, ROOT, TASKS, OverLimitError, environment

_DONE, _BROKE = b"+", b"-"
_PATIENCE_SECONDS = 30
"""Added to the task's limit by the clock, since the first payload may arrive before all imports are done."""


class ReadyProcess:
    """A warmed-up process, started on first use or before; thread-safe."""

    def __init__(self, task: str, *, is_of_terminal: bool = True) -> None:
        """is_of_terminal: Ctrl+C at the terminal reaches it too. What must not be broken off in the middle is not of it."""
        self._task, self._limits = task, TASKS[task]
        self._is_of_terminal = is_of_terminal
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._folder: Path | None = None

    def start(self) -> Path:
        """Start the process unless it runs. Returns the address of its socket. Raises: OSError."""
        with self._lock:
            if self._process is None or self._process.poll() is not None or self._folder is None:
                self._end()
                folder = Path(mkdtemp(prefix=f"haetae-{self._task}-"))
                with socket.socket(socket.AF_UNIX) as listening:
                    listening.bind(str(folder / "socket"))
                    listening.listen()
                    self._process = subprocess.Popen(  # noqa: S603 - our own interpreter and module
                        [
                            *(sys.executable, "-m", "assessments.ready_process", self._task),
                            *(str(listening.fileno()), str(os.getpid())),
                        ],
                        stdin=subprocess.DEVNULL,
                        stdout=subprocess.DEVNULL,
                        stderr=subprocess.DEVNULL,
                        cwd=ROOT,
                        env=environment(),
                        pass_fds=(listening.fileno(),),
                        start_new_session=not self._is_of_terminal,
                    )
                self._folder = folder
                atexit.register(self.stop)
            return self._folder / "socket"

    def stop(self) -> None:
        with self._lock:
            self._end()
        atexit.unregister(self.stop)

    def _end(self) -> None:
        if self._process is not None:
            self._process.terminate()
            self._process.wait()
        if self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)
        self._process = self._folder = None

    def run(self, payload: bytes) -> bytes:
        """Do the task on the payload and return its result. Raises: OverLimitError."""
        try:
            answer = _request(self.start(), payload, self._limits.clock_seconds + _PATIENCE_SECONDS)
        except TimeoutError:
            from questionnaires.wording import duration

            raise OverLimitError(f"it took longer than {duration(self._limits.clock_seconds).en}") from None
        except OSError:  # it is gone, or could not be started: a process from nothing takes longer and does the same
            return own_process.in_own_process(self._task, payload)
        if answer[:1] == _DONE:
            return answer[1:]
        raise OverLimitError(answer[1:].decode("utf-8", "replace")[:300] or "it ran out of memory or time")


def _request(address: Path, payload: bytes, seconds: int) -> bytes:
    with socket.socket(socket.AF_UNIX) as asking:
        asking.settimeout(seconds)
        asking.connect(str(address))
        asking.sendall(payload)
        asking.shutdown(socket.SHUT_WR)
        with asking.makefile("rb") as answer:
            return answer.read()


# --- the other end -------------------------------------------------------------------------------------------------


class _Ready(socketserver.ForkingMixIn, socketserver.UnixStreamServer):
    """Forks once per payload; exits with its parent process."""

    def __init__(self, task: str, listening: socket.socket, parent: int) -> None:
        super().__init__(str(listening.getsockname()), _Done, bind_and_activate=False)
        self.socket.close()
        self.socket = listening
        self.limits = TASKS[task]
        self._parent = parent

    def service_actions(self) -> None:
        super().service_actions()
        if os.getppid() != self._parent:
            shutil.rmtree(Path(str(self.server_address)).parent, ignore_errors=True)
            raise SystemExit

    def handle_error(self, request: object, client_address: object) -> None:
        """Nothing to do: the client sees a truncated answer."""


class _Done(socketserver.StreamRequestHandler):
    server: _Ready

    def handle(self) -> None:
        limits = self.server.limits
        signal.alarm(BUSY * limits.seconds)
        own_process.restrict(limits.seconds, limits.memory_bytes)
        try:
            answer = _DONE + importlib.import_module(limits.module).task(self.rfile.read())
        except BaseException as error:  # a fetcher's refusal is no Exception
            answer = _BROKE + own_process.failure(error).encode("utf-8", "replace")
        self.wfile.write(answer)


def main(task: str, number: int, parent: int) -> None:
    own_process.be_quiet()
    importlib.import_module(TASKS[task].module).prepare()
    gc.freeze()
    with _Ready(task, socket.socket(fileno=number), parent) as ready:
        ready.serve_forever()


if __name__ == "__main__":
    try:
        main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
    except KeyboardInterrupt:  # Ctrl+C reaches every process of a terminal
        sys.exit(0)
