"""Jobs handed over to workers on any machine, through procrastinate on PostgreSQL: hand_over, work.

The row of the job says what is to be done and what came of it; the queue says only whose turn it is. Its tables lie in a
schema of their own (`jobs.schema`), where neither a backup nor a move to another database looks: what waits is put into the
queue again from the rows.
"""

from __future__ import annotations

import asyncio
import logging
import signal
import time
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING, Any

import psycopg

from assessments.errors import AssessmentError
from assessments.storage import database, jobs
from assessments.storage.database import Session
from jobs import clock, running, schema
from jobs.kinds import Arguments
from questionnaires.legible import legible
from questionnaires.texts import texts_of

if TYPE_CHECKING:
    from procrastinate import App

TEXTS = texts_of(__file__)
STALLED_SECONDS = 30.0
"""A worker that has not been heard of for so long is gone, and another one does its jobs."""
BEAT_SECONDS = 10.0
LOOK_SECONDS = 10.0
"""Between two looks for jobs whose worker is gone, or that nobody put into the queue."""
LATER_SECONDS = 5
"""A job that somebody else does still is tried again after so long."""
MOST_TRIES = 1000
"""Of one entry of the queue, while the database is away or somebody else does the job; the row counts what was begun."""
BESIDE = 3
"""Threads for what is no job: looking for those left behind, the clock."""
CONNECTION_SECONDS = 10.0
"""So long the queue waits for a connection before the database is taken to be away."""
FIRST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS = 2, 30
"""Before a database that is away is tried again; twice as long each time."""
_SIGNS = (signal.SIGTERM, signal.SIGINT)
_LOG = logging.getLogger("haetae")
Ask = Callable[[Arguments, None], object]


def hand_over(session: Session, number: int, kind: str) -> None:
    """Puts the job into the queue, with the transaction of its row. Raises: AssessmentError without procrastinate."""
    connection = session.connection()
    connection.exec_driver_sql(f"SET LOCAL search_path TO public, {schema.NAME}")
    _deferred(_asking(), number, kind, connection=connection.connection.driver_connection)
    connection.exec_driver_sql("SET LOCAL search_path TO DEFAULT")


def _deferred(app: App, number: int, kind: str, **more: Any) -> None:
    of = f"job-{number}"  # one entry waits and one is done at a time
    app.configure_task(f"haetae.{kind}", queue=kind, lock=of, queueing_lock=of, **more).defer(job=number)


@cache
def _asking() -> App:
    """Hands over through connections that it is given, and has none of its own."""
    from procrastinate import App, SyncPsycopgConnector

    return App(connector=SyncPsycopgConnector())


def work(kinds: Sequence[str], concurrency: int, ask: Ask) -> None:
    """Does jobs of these kinds until it is told to stop; those that are begun are finished first. Where the database is
    away it waits, and goes on once it is there again.

    ask: what the clock asks for a job with, `jobs.asking.ask`.
    """
    asyncio.run(_work(kinds, concurrency, ask))


async def _work(kinds: Sequence[str], concurrency: int, ask: Ask) -> None:
    from procrastinate.exceptions import ConnectorException

    make_room(concurrency)
    stopping, pause = _told_to_stop(), FIRST_PAUSE_SECONDS
    while not stopping.is_set():
        began, why = time.monotonic(), ""
        try:
            await _until(stopping, _connected(kinds, concurrency, ask))
        except (ConnectorException, psycopg.Error, AssessmentError) as error:
            why = str(error.__cause__ or error).strip()
        if stopping.is_set():
            return
        if time.monotonic() - began > LONGEST_PAUSE_SECONDS:  # it was there meanwhile
            pause = FIRST_PAUSE_SECONDS
        _LOG.warning("The database cannot be reached; it is tried again in %d seconds. %s", pause, legible(why)[:300])
        with suppress(TimeoutError):
            await asyncio.wait_for(stopping.wait(), pause)
        pause = min(2 * pause, LONGEST_PAUSE_SECONDS)


def _told_to_stop() -> asyncio.Event:
    """Is set by SIGTERM or Ctrl+C; told once more, the process ends at once."""
    stopping, loop = asyncio.Event(), asyncio.get_running_loop()

    def stop() -> None:
        stopping.set()
        for sign in _SIGNS:
            loop.remove_signal_handler(sign)

    for sign in _SIGNS:
        loop.add_signal_handler(sign, stop)
    return stopping


async def _until(stopping: asyncio.Event, working: Coroutine[Any, Any, None]) -> None:
    """Raises: what the work raises by itself."""
    work, stop = asyncio.create_task(working), asyncio.create_task(stopping.wait())
    await asyncio.wait({work, stop}, return_when=asyncio.FIRST_COMPLETED)
    stop.cancel()
    if not work.done():
        work.cancel()  # what is begun it finishes first
    with suppress(asyncio.CancelledError):
        await work


def is_news(record: logging.LogRecord) -> bool:
    """Of a log: that the database is away is said once, here, and not by everything that meets it, with its trace."""
    from procrastinate.exceptions import ConnectorException

    error = record.exc_info[1] if record.exc_info else None
    return not isinstance(error, ConnectorException | psycopg.Error) and not record.name.startswith("psycopg.pool")


async def _connected(kinds: Sequence[str], concurrency: int, ask: Ask) -> None:
    """As long as the database is there."""
    from procrastinate import App, PsycopgConnector, RetryStrategy

    most = max(4, concurrency + 2)
    pool = PsycopgConnector(conninfo=schema.address(), min_size=1, max_size=most, timeout=CONNECTION_SECONDS)
    app = App(connector=pool)
    again = RetryStrategy(max_attempts=MOST_TRIES, wait=LATER_SECONDS)
    for kind in kinds:
        app.task(name=f"haetae.{kind}", queue=kind, retry=again)(_do)
    for kind in kinds:
        if kind in clock.EVERY:
            cron, asked_for = clock.EVERY[kind]
            tick = app.task(name=f"haetae.clock.{kind}", queue=kind, queueing_lock=f"clock-{kind}")(
                _asker(ask, asked_for)
            )
            app.periodic(cron=cron)(tick)
            await _asker(ask, asked_for)(0)
    async with app.open_async():
        looking = asyncio.create_task(_look(app, kinds))
        try:
            await app.run_worker_async(
                queues=list(kinds),
                concurrency=concurrency,
                delete_jobs="always",
                update_heartbeat_interval=BEAT_SECONDS,
                stalled_worker_timeout=STALLED_SECONDS,
                fetch_job_polling_interval=2.0,
                install_signal_handlers=False,
            )
        finally:
            looking.cancel()
            with suppress(asyncio.CancelledError):
                await looking


def make_room(concurrency: int) -> None:
    """Threads for so many jobs, which occupy one each, and for the looks beside them; what there is by itself goes by the cores."""
    threads = ThreadPoolExecutor(concurrency + BESIDE, thread_name_prefix="jobs")
    asyncio.get_running_loop().set_default_executor(threads)


async def _do(job: int) -> None:
    await asyncio.to_thread(running.run, job)


def _asker(ask: Ask, asked_for: Arguments) -> Callable[[int], Awaitable[None]]:
    async def tick(timestamp: int) -> None:
        """timestamp: of the round, for which the queue gets one entry, however many workers there are."""
        await asyncio.to_thread(ask, asked_for, None)

    return tick


async def _look(app: App, kinds: Sequence[str]) -> None:
    """Takes up what a worker that is gone had begun, and what waits without an entry in the queue."""
    from procrastinate.exceptions import ConnectorException

    while True:
        try:
            await _take_up(app)
            for number, kind in await asyncio.to_thread(_left, kinds):
                await _put_back(app, number, kind)
        except AssessmentError as error:
            _LOG.warning("%s", error.text.en)
        except ConnectorException:
            pass  # the database is away, which is told where it ends the work
        except Exception:
            _LOG.exception("Jobs that were left behind could not be looked for.")
        await asyncio.sleep(LOOK_SECONDS)


async def _take_up(app: App) -> None:
    from procrastinate.exceptions import ProcrastinateException

    for stalled in await app.job_manager.get_stalled_jobs(seconds_since_heartbeat=STALLED_SECONDS):
        _LOG.warning("Job %s: its worker is gone; it is done by another one.", stalled.task_kwargs.get("job"))
        with suppress(ProcrastinateException):  # another worker was quicker
            await app.job_manager.retry_job(stalled)


def _left(kinds: Sequence[str]) -> list[tuple[int, str]]:
    at = datetime.now(UTC)
    with database.reading() as session:
        rows = jobs.left(session, at, kinds)
    return [(row.id or 0, row.kind) for row in rows if at - row.asked_at > timedelta(seconds=LOOK_SECONDS)]


async def _put_back(app: App, number: int, kind: str) -> None:
    from procrastinate.exceptions import AlreadyEnqueued

    of = f"job-{number}"
    if any(entry.status in ("todo", "doing") for entry in await app.job_manager.list_jobs_async(lock=of)):
        return
    _LOG.warning("Job %d stands in no queue; it is put there again.", number)
    with suppress(AlreadyEnqueued):
        await app.configure_task(f"haetae.{kind}", queue=kind, lock=of, queueing_lock=of).defer_async(job=number)
