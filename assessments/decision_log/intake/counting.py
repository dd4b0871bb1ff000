"""Looking into and counting a decision log that was handed in: look, start, stop; and read, which does it.

Each in its turn, in a process of its own. A thread of the server waits for the process, or a worker that the run is handed over
to; it notes how far it is and what came of it, and stops it once the run is no longer wanted: because somebody stopped it on
whatever screen, discarded the file or handed in another one.
"""

from __future__ import annotations

import json
import os
import secrets
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from assessments import timing
from assessments.decision_log.intake import waiting
from assessments.decision_log.intake.waiting import Intake, ReadingSettings
from assessments.decision_log.reading.columns import REQUIRED, LogMapping
from assessments.decision_log.reading.faults import LogRefusedError
from assessments.decision_log.texts import TEXTS
from assessments.errors import AssessmentError, RefusedError
from assessments.file.decision_log import MADE_KEY, pseudonym_key
from assessments.own_process import OverLimitError, OwnProcess, StoppedError
from assessments.storage import database, installation, log_imports
from assessments.storage.log_imports import Stage

AT_ONCE = 2
"""Logs that are read at the same time in one installation; the next one waits."""
LOOK_SECONDS = 0.3
"""Between two looks at whether it is its turn, and whether it is still wanted."""
NOTED_SECONDS = 2.0
"""Between two notes of how far it is."""


@dataclass(frozen=True)
class Reading:
    """One run over a log that waits. It names the key of pseudonyms by no more than whether the log is a made one."""

    number: int
    """Of the row of the log."""
    assessment_id: int
    revision: int
    stage: Stage
    run: str
    request: dict[str, Any]


class _Readings:
    by: Callable[[Reading], None] | None = None


def read_by(hand_over: Callable[[Reading], None] | None) -> None:
    """From now on runs are handed over to this, which has `read` called somewhere. None: a thread here calls it."""
    _Readings.by = hand_over


def look(intake: Intake, settings: ReadingSettings | None = None) -> None:
    """Begins to read headers, first rows and then every row, in place of a preview before. settings: None keeps those there are.

    Raises: LogRefusedError where it is being counted.
    """
    if settings is not None:
        intake.store_settings(settings)
    now = intake.settings()
    mapping = now.mapping.model_dump(mode="json") if now.mapping != LogMapping() else None
    is_first = not intake.has_preview()
    _begin(intake, Stage.LOOKING, {"task": "look", "mapping": mapping, "is_earlier": bool(now.earlier) and is_first})


def start(
    intake: Intake,
    mapping: LogMapping,
    *,
    floor_seconds: float | None,
    events: tuple[tuple[date, str], ...] = (),
    at: datetime,
    keep_raw: bool = False,
) -> None:
    """Begins to count. at: aware; later decisions are bad rows. Raises: LogRefusedError where it is being read."""
    request = {
        "task": "count",
        "mapping": mapping.model_dump(mode="json"),
        "floor_seconds": floor_seconds,
        "events": [[on.isoformat(), label] for on, label in events],
        "at": at.astimezone(UTC).isoformat(),
        "keep_raw": keep_raw,
        "is_made": intake.preview().is_made,
    }
    _begin(intake, Stage.COUNTING, request)


def stop(intake: Intake) -> None:
    """Ends the counting, whoever began it; the file stays."""
    with database.transaction() as session:
        log_imports.stop(session, intake.number)


def _begin(intake: Intake, stage: Stage, request: dict[str, Any]) -> None:
    run = secrets.token_hex(8)
    with database.transaction() as session:
        begun = log_imports.begin(
            session, intake.number, stage, run, os.getpid(), datetime.now(UTC), installation.machine()
        )
    if not begun:
        raise LogRefusedError(TEXTS.told("already_read"))
    request = {**request, "name": intake.name}
    reading = Reading(intake.number, intake.assessment_id, intake.revision, stage, run, request)
    (_Readings.by or _in_a_thread)(reading)


def _in_a_thread(reading: Reading) -> None:
    threading.Thread(target=read, args=(reading,), name="decision log", daemon=True).start()


def _key(is_made: bool) -> str:
    return (MADE_KEY if is_made else pseudonym_key()).hex()


def read(reading: Reading, is_meant: Callable[[float], bool] = lambda _: True, *, takes_turns: bool = True) -> None:
    """From waiting to the end; what goes wrong is noted, for nobody waits here.

    is_meant: gets the share that is done, and says whether whoever reads is still meant to; takes_turns: with all who read logs.
    """
    intake, stage, run = waiting.pending(reading.assessment_id, reading.revision), reading.stage, reading.run
    if intake is None or intake.number != reading.number:
        return
    is_wanted = _watch(intake.number, run)

    def goes_on(share: float) -> bool:
        return is_meant(share) and is_wanted(share)

    try:
        if not _waited(intake.number, run, goes_on, takes_turns=takes_turns):
            return
        request = reading.request
        if stage is Stage.COUNTING:
            request = {**request, "key": _key(request["is_made"])}
        with intake.file() as file:
            payload = json.dumps({**request, "file": str(file)}).encode()
            if stage is Stage.LOOKING:
                _look_through(intake, run, payload, goes_on)
                _end(intake.number, run, Stage.ARRIVED)
            else:
                with timing.timed("decision log"), OwnProcess("count") as process:
                    made = process.finish(payload, goes_on=goes_on, look_every=LOOK_SECONDS)
                _end(intake.number, run, Stage.DONE, result=json.loads(made), thousandths=1000)
    except StoppedError:
        return
    except RefusedError as error:
        _end(intake.number, run, Stage.FAILED, error=error.text.model_dump())
    except OverLimitError:
        _end(intake.number, run, Stage.FAILED, error=TEXTS.told("over_limit").text.model_dump())
    except Exception as error:  # a full disk, a lost database: said on the screen as far as it can be written down
        kind = type(error).__name__
        message = TEXTS.told("not_read", name=intake.name, kind=kind)
        _end(intake.number, run, Stage.FAILED, error=message.text.model_dump())


def _look_through(intake: Intake, run: str, payload: bytes, goes_on: Callable[[float], bool]) -> None:
    """First the top of the file; then, once it is known which columns it needs, all of its rows."""
    with OwnProcess("look") as process:
        looked = json.loads(process.finish(payload, goes_on=goes_on, look_every=LOOK_SECONDS))
    request = json.loads(payload)
    if request.get("is_earlier") and not looked["mapping"].get("columns"):
        # the earlier log's mapping names columns that this file does not have
        intake.store_settings(ReadingSettings())
    columns = looked["mapping"].get("columns") or looked["columns"]
    if looked["problem"] is None and all(column.value in columns for column in REQUIRED):
        at = datetime.now(UTC).isoformat()
        read_request = {
            **request,
            "task": "read",
            "mapping": looked["mapping"],
            "at": at,
            "key": _key(looked["is_made"]),
        }
        try:
            with OwnProcess("read") as process:
                made = process.finish(json.dumps(read_request).encode(), goes_on=goes_on, look_every=LOOK_SECONDS)
            looked["through"] = json.loads(made)
        except RefusedError as error:
            looked["problem"] = error.text.model_dump()
        except OverLimitError:
            looked["problem"] = TEXTS.told("over_limit").text.model_dump()
    if goes_on(1.0):
        intake.store_preview(json.dumps(looked, ensure_ascii=False).encode())


def _watch(number: int, run: str) -> Callable[[float], bool]:
    """Notes how far the run is, from time to time, and says whether it is still wanted."""
    noted = time.monotonic()

    def goes_on(share: float) -> bool:
        nonlocal noted
        with suppress(AssessmentError):  # the database is busy: asked again soon
            with database.reading() as session:
                if not log_imports.is_wanted(session, number, run):
                    return False
            if time.monotonic() - noted > NOTED_SECONDS:
                with database.transaction() as session:
                    log_imports.be_seen(session, number, run, int(1000 * share), datetime.now(UTC))
                noted = time.monotonic()
        return True

    return goes_on


def _waited(number: int, run: str, goes_on: Callable[[float], bool], *, takes_turns: bool) -> bool:
    """False: it is no longer wanted. A run that was broken off after its turn had come goes on without another one."""
    with database.transaction() as session:
        if not takes_turns:
            log_imports.begin_now(session, number, run, datetime.now(UTC))
        has_begun = log_imports.has_begun(session, number, run)
    while not has_begun and not _has_turn(number, run):
        if not goes_on(0.0):
            return False
        time.sleep(LOOK_SECONDS)
    return goes_on(0.0)


def _has_turn(number: int, run: str) -> bool:
    at = datetime.now(UTC)
    with database.reading() as session:
        if not log_imports.is_next(session, number, run, at, AT_ONCE):
            return False
    with database.transaction() as session:
        return log_imports.take_turn(session, number, run, at, AT_ONCE)


def _end(number: int, run: str, stage: Stage, **values: Any) -> None:
    with suppress(AssessmentError), database.transaction() as session:  # else it is broken off once it is silent
        log_imports.end(session, number, run, stage, **values)
