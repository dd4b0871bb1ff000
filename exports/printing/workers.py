"""Reports printed one after another by a server: Printing. Each in a process of its own, forked from one that is ready to print.

`python -m exports.printing NUMBER PARENT` is that one: it has imported what prints, waits at the socket of that number for
as long as its parent runs, and does nothing else. A forked process has the limits of the task *render*, and ends with its report.
"""

from __future__ import annotations

import atexit
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
from assessments.own_process import ROOT, TASKS, OverLimitError, environment
from questionnaires.wording import duration

_LIMITS = TASKS["render"]
_DONE, _BROKE = b"+", b"-"
_PATIENCE_SECONDS = 30
"""Added to the task's limit by the clock, since the first report may arrive before all imports are done."""


class Printing:
    """A warmed-up printing process, started on first use or before; thread-safe."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._folder: Path | None = None

    def start(self) -> Path:
        """Start the process unless it runs. Returns the address of its socket. Raises: OSError."""
        with self._lock:
            if self._process is None or self._process.poll() is not None or self._folder is None:
                self._end()
                folder = Path(mkdtemp(prefix="haetae-printing-"))
                with socket.socket(socket.AF_UNIX) as listening:
                    listening.bind(str(folder / "socket"))
                    listening.listen()
                    self._process = subprocess.Popen(  # noqa: S603 - our own interpreter and module
                        [sys.executable, "-m", "exports.printing.workers", str(listening.fileno()), str(os.getpid())],
                        stdin=subprocess.DEVNULL,
                        stdout=subprocess.DEVNULL,
                        stderr=subprocess.DEVNULL,
                        cwd=ROOT,
                        env=environment(),
                        pass_fds=(listening.fileno(),),
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

    def print(self, payload: bytes) -> bytes:
        """Run the task *render* on the payload and return its result. Raises: OverLimitError."""
        try:
            answer = _request(self.start(), payload)
        except TimeoutError:
            raise OverLimitError(f"it took longer than {duration(_LIMITS.clock_seconds).en}") from None
        except OSError:  # it is gone, or could not be started: a process from nothing takes longer and does the same
            return own_process.in_own_process("render", payload)
        if answer[:1] == _DONE:
            return answer[1:]
        raise OverLimitError(answer[1:].decode("utf-8", "replace")[:300] or "it ran out of memory or time")


def _request(address: Path, payload: bytes) -> bytes:
    with socket.socket(socket.AF_UNIX) as asking:
        asking.settimeout(_LIMITS.clock_seconds + _PATIENCE_SECONDS)
        asking.connect(str(address))
        asking.sendall(payload)
        asking.shutdown(socket.SHUT_WR)
        with asking.makefile("rb") as answer:
            return answer.read()


# --- the other end -------------------------------------------------------------------------------------------------


class _Printer(socketserver.ForkingMixIn, socketserver.UnixStreamServer):
    """Forks once per report; exits with its parent process."""

    def __init__(self, listening: socket.socket, parent: int) -> None:
        super().__init__(str(listening.getsockname()), _Report, bind_and_activate=False)
        self.socket.close()
        self.socket = listening
        self._parent = parent

    def service_actions(self) -> None:
        super().service_actions()
        if os.getppid() != self._parent:
            shutil.rmtree(Path(str(self.server_address)).parent, ignore_errors=True)
            raise SystemExit

    def handle_error(self, request: object, client_address: object) -> None:
        """Nothing to do: the client sees a truncated answer."""


class _Report(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        from exports.printing import document

        signal.alarm(_LIMITS.clock_seconds)
        own_process.restrict(_LIMITS.seconds, _LIMITS.memory_bytes)
        try:
            answer = _DONE + document.task(self.rfile.read())
        except BaseException as error:  # a fetcher's refusal is no Exception
            answer = _BROKE + own_process.failure(error).encode("utf-8", "replace")
        self.wfile.write(answer)


def main(number: int, parent: int) -> None:
    from exports.printing import document

    own_process.be_quiet()
    document.prepare()
    with _Printer(socket.socket(fileno=number), parent) as printer:
        printer.serve_forever()


if __name__ == "__main__":
    try:
        main(int(sys.argv[1]), int(sys.argv[2]))
    except KeyboardInterrupt:  # Ctrl+C reaches every process of a terminal
        sys.exit(0)
