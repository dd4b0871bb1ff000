"""A job while it is being done: Work. It tells how far it is, and ends together with what it keeps."""

from __future__ import annotations

import logging
import os
import secrets
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from assessments.errors import AssessmentError
from assessments.model import Actor
from assessments.own_process import StoppedError
from assessments.storage import database, jobs
from assessments.storage.database import Session
from assessments.storage.jobs import Stage

BEAT_SECONDS = 5.0
"""Between two signs of life, which others wait `jobs.SILENT` for."""
TOLD_SECONDS = 1.0
"""Between two notes of how far it is, while one step goes on."""


def here() -> str:
    """Computer and process."""
    return f"{socket.gethostname()}:{os.getpid()}"


@dataclass
class Work:
    """One run of a job; thread-safe."""

    number: int
    actor: Actor | None
    """Who asked, with the roles of this moment. None: the clock."""
    material: bytes | None
    run: str = field(default_factory=lambda: secrets.token_hex(8))
    step: str = ""
    share: float = 0.0
    is_ended: bool = False
    is_lost: bool = False
    """Somebody stopped the job, or another run took it."""
    _noted: float = 0.0
    _over: threading.Event = field(default_factory=threading.Event)

    @property
    def person(self) -> Actor:
        """Who asked; for jobs that only people ask for."""
        if self.actor is None:
            raise RuntimeError(f"Job {self.number} was asked for by nobody.")
        return self.actor

    def tell(self, step: str, share: float = 0.0) -> None:
        """What is being done now, and how much of the whole. Raises: StoppedError where nobody wants it any more."""
        is_new, self.step, self.share = step != self.step, step, min(1.0, max(0.0, share))
        if is_new or time.monotonic() - self._noted > TOLD_SECONDS:
            self._note()
        if self.is_lost:
            raise StoppedError

    def goes_on(self, share: float) -> bool:
        """The same for a process of its own that is waited for. False: it is to be stopped."""
        with suppress(StoppedError):
            self.tell(self.step, share)
        return not self.is_lost

    def _note(self) -> None:
        self._noted, at = time.monotonic(), datetime.now(UTC)
        with suppress(AssessmentError):  # the database is busy or away: noted again soon
            with database.transaction() as session:
                is_wanted = jobs.be_seen(session, self.number, self.run, self.step, self.share, at)
            self.is_lost = not is_wanted and not self.is_ended

    @contextmanager
    def beating(self) -> Iterator[None]:
        """Gives signs of life meanwhile."""

        def beat() -> None:
            while not self._over.wait(BEAT_SECONDS):
                try:
                    self._note()
                except Exception:
                    logging.getLogger("haetae").exception("Job %d could not give a sign of life.", self.number)

        thread = threading.Thread(target=beat, name=f"job {self.number}", daemon=True)
        thread.start()
        try:
            yield
        finally:
            self._over.set()
            thread.join()

    @contextmanager
    def ending(self, result: Callable[[], Any] = lambda: None) -> Iterator[Session]:
        """The transaction in which what it makes is kept and the job ends, both or neither. Of what is kept it sees
        no more than the units of whoever asked. result: asked at its end.

        Raises: StoppedError where this run is no longer the one that counts; AssessmentError.
        """
        with database.transaction(reach=self.actor.reach if self.actor else None) as session:
            if not jobs.is_wanted(session, self.number, self.run):
                self.is_lost = True
                raise StoppedError
            yield session
            jobs.end(session, self.number, self.run, Stage.DONE, datetime.now(UTC), result=result(), thousandths=1000)
        self.is_ended = True

    def end(self, result: Any = None, made: bytes | None = None) -> None:
        """Of a job that keeps nothing else. Raises: StoppedError, AssessmentError."""
        with database.transaction() as session:
            values = {"result": result, "made": made, "thousandths": 1000}
            if not jobs.end(session, self.number, self.run, Stage.DONE, datetime.now(UTC), **values):
                self.is_lost = True
                raise StoppedError
        self.is_ended = True
