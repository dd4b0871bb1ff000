"""Asking for a job and waiting for it: ask, follow, done. Where it is done is no matter of whoever asks."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from assessments.errors import AssessmentError
from assessments.model import Actor
from assessments.storage import database, jobs
from assessments.storage.jobs import Progress, Request, Stage
from jobs import built_in, elsewhere, errors, places, running
from jobs.kinds import Arguments, as_json, name_of
from questionnaires.texts import texts_of

TEXTS = texts_of(__file__)
LOOK_SECONDS = 0.1
SLOWER_SECONDS = 0.5
"""Between two looks, at first and after a while."""
MOST_SECONDS = 900
"""So long somebody waits at a screen; the job goes on without them."""
Heard = Callable[[Progress], None]


def ask(arguments: Arguments, actor: Actor | None, material: bytes | None = None) -> int:
    """The job's number. One that is open about the same, and works on the same material, stands for it.

    actor None: the clock asks. Raises: AssessmentError.
    """
    name = name_of(arguments)
    by = None if actor is None else running.written_down(actor)
    is_elsewhere = places.is_elsewhere()
    about = arguments.about if material is None else f"{arguments.about}-{hashlib.sha256(material).hexdigest()}"
    request = Request(name, about, as_json(arguments), by, material)
    with database.transaction() as session:
        number, is_new = jobs.add(session, request, datetime.now(UTC))
        if is_new and is_elsewhere:
            elsewhere.hand_over(session, number, name)
    if is_new and not is_elsewhere:
        built_in.begin(number, name)
    return number


def follow(number: int, heard: Heard = lambda _progress: None, most_seconds: float = MOST_SECONDS) -> Any:
    """Waits for a job's end. Returns its result. heard: called whenever it is further on.

    Raises: what the job raised: AssessmentError, InvalidFileError; AssessmentError where it was stopped or takes too long.
    """
    began, last = time.monotonic(), None
    while True:
        waited = time.monotonic() - began
        time.sleep(LOOK_SECONDS if waited < 10 else SLOWER_SECONDS)
        with database.reading() as session:
            now = jobs.progress(session, number)
            result = jobs.outcome(session, number)[0] if now and now.stage is Stage.DONE else None
        if now is None or now.stage is Stage.FAILED:
            raise errors.raised_again(now.error if now else None)
        if now.stage is Stage.STOPPED:
            raise AssessmentError(TEXTS.told("job_stopped"))
        if now != last:
            heard(now)
            last = now
        if now.stage is Stage.DONE:
            return result
        if waited > most_seconds:
            raise AssessmentError(TEXTS.told("job_takes_long"))


def done(
    arguments: Arguments, actor: Actor | None, material: bytes | None = None, heard: Heard = lambda _: None
) -> Any:
    """Asks and waits. Raises: as `ask` and `follow` do."""
    return follow(ask(arguments, actor, material), heard)
