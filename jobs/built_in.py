"""The worker that the server brings with it: begin, take_up. Threads of the server, each job in its turn.

What a server that is gone left behind is taken up by the next one, or by another server of the same database.
"""

from __future__ import annotations

import logging
import threading
from contextlib import AbstractContextManager, nullcontext
from datetime import UTC, datetime

from assessments.errors import AssessmentError
from assessments.storage import database, jobs
from jobs import running
from jobs.kinds import KINDS

AT_ONCE = 2
"""On two cores, more in parallel only slow each other down."""
LOOK_SECONDS = 20
"""Between two looks for what others left behind."""
_TURNS = threading.BoundedSemaphore(AT_ONCE)


def begin(number: int, kind: str) -> None:
    """Does the job in a thread of its own, once it is its turn; what has turns of its own waits for nobody here."""
    turns = nullcontext() if KINDS[kind].has_own_turns else _TURNS
    threading.Thread(target=_run, args=(number, turns), name=_name(number), daemon=True).start()


def take_up() -> int:
    """Begins what waits without anybody doing it: its server is gone. Returns how many. Raises: AssessmentError."""
    at = datetime.now(UTC)
    with database.reading() as session:
        left = [row for row in jobs.left(session, at, KINDS) if at - row.asked_at > jobs.SILENT or row.begun]
    waiting_here = {thread.name for thread in threading.enumerate()}
    left = [row for row in left if _name(row.id or 0) not in waiting_here]
    for row in left:
        begin(row.id or 0, row.kind)
    return len(left)


def _name(number: int) -> str:
    """Of the thread that does the job or waits for its turn."""
    return f"jobs {number}"


def _run(number: int, turns: AbstractContextManager[object]) -> None:
    with turns:
        try:
            running.run(number)
        except running.HeldError:
            return
        except AssessmentError as error:  # the database is away: the next look takes it up
            logging.getLogger("haetae").warning("%s", error.text.en)
