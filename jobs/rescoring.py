"""A whole portfolio under other editions: begin, for a screen; rescore, in a worker.

Where jobs are done in the server a rescore stays a run of whoever looks at it, for it only reads and is over in seconds.
"""

from __future__ import annotations

import json
import secrets
import time
import zlib
from collections.abc import Collection, Sequence
from datetime import UTC, datetime
from functools import cached_property
from typing import Any

from assessments.errors import AssessmentError
from assessments.model import Status
from assessments.own_process import StoppedError
from assessments.rescoring import Rescored, Run, joined
from assessments.storage import database, jobs
from assessments.storage.jobs import Progress, Stage
from jobs import asking, errors, places
from jobs.kinds import Rescore
from jobs.work import Work
from questionnaires.problems import InvalidFileError
from questionnaires.texts import Told
from questionnaires.vocabulary import Text

LOOK_SECONDS = 0.2


def begin(
    named: Sequence[tuple[str, str]], statuses: Sequence[Status], units: Collection[int] | None
) -> Run | RunElsewhere:
    """named: id and version of editions; units: of the systems, None for all. Raises: AssessmentError."""
    if places.is_elsewhere():
        part = None if units is None else tuple(sorted(units))
        return RunElsewhere(asking.ask(Rescore(secrets.token_hex(8), tuple(named), tuple(statuses), part), None))
    run = Run()
    run.begin(named, statuses, units)
    return run


class RunElsewhere:
    """A rescore that a worker does, as its screen sees it; like `rescoring.Run`."""

    def __init__(self, number: int) -> None:
        self._number = number

    @property
    def _now(self) -> Progress | None:
        with database.reading() as session:
            return jobs.progress(session, self._number)

    @property
    def share(self) -> float:
        now = self._now
        return now.share if now else 1.0

    @property
    def is_running(self) -> bool:
        now = self._now
        return now is not None and now.stage.is_open

    @property
    def is_stopped(self) -> bool:
        now = self._now
        return now is not None and now.stage is Stage.STOPPED

    def stop(self) -> None:
        with database.transaction() as session:
            jobs.stop(session, self._number, datetime.now(UTC))

    @property
    def result(self) -> Rescored | None:
        """None: not done, or not to be had."""
        return None if self.is_running else self._fetched

    @cached_property
    def _fetched(self) -> Rescored | None:
        """Once; what was made goes then."""
        with database.reading() as session:
            made = jobs.outcome(session, self._number)[1]
        if made is None:
            return None
        with database.transaction() as session:
            jobs.drop_made(session, self._number)
        return joined([json.loads(zlib.decompress(made))])

    @property
    def problem(self) -> Text | None:
        """Why there is no result. None: there is one, or it is not over, or it was stopped."""
        now = self._now
        if now is not None and (now.stage.is_open or now.stage is Stage.STOPPED or self.result is not None):
            return None
        error = errors.raised_again(now.error if now else None)
        if isinstance(error, InvalidFileError):
            return Text(ko=error.problems[0].sentence("ko"), en=error.problems[0].sentence("en"))
        return error.text if isinstance(error, AssessmentError) else None


def rescore(work: Work, request: Rescore) -> None:
    """Raises: AssessmentError; StoppedError where nobody wants it any more."""
    work.tell("rescore")
    run = Run()
    run.begin(request.editions, request.statuses, request.units)
    while run.is_running:
        if not work.goes_on(run.share):
            run.stop()
            raise StoppedError
        time.sleep(LOOK_SECONDS)
    if run.problem is not None:
        raise AssessmentError(Told(run.problem))
    if run.result is None:
        raise StoppedError
    work.end(made=zlib.compress(json.dumps(_as_json(run.result), separators=(",", ":")).encode()))


def _as_json(made: Rescored) -> dict[str, Any]:
    """As one part that `joined` reads."""
    return {
        "counted": made.counted,
        "apart": made.apart,
        "levels": [[*pair, count] for pair, count in made.levels.items()],
        "outcomes": [[*pair, count] for pair, count in made.outcomes.items()],
        "rows": made.rows,
    }
