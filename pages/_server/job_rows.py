"""Jobs that a server which is gone left behind, taken up by this one; and what ended long ago goes: keep_looking."""

from __future__ import annotations

import asyncio
import logging
from datetime import UTC, datetime

from assessments.errors import AssessmentError
from assessments.storage import database, jobs
from jobs import built_in, places
from pages._server import pools


async def keep_looking() -> None:
    """Until it is cancelled."""
    while True:
        await pools.DAILY.run(look)
        await asyncio.sleep(built_in.LOOK_SECONDS)


def look() -> None:
    """One look; what went wrong stands in the server's log, and the next look tries again."""
    log = logging.getLogger("haetae")
    try:
        taken_up = 0 if places.is_elsewhere() else built_in.take_up()
        if taken_up:
            log.warning("Took up %d jobs that were left behind.", taken_up)
        forget()
    except AssessmentError as error:
        log.warning("%s", error.text.en)
    except Exception:
        log.exception("Jobs that were left behind could not be looked for.")


def forget() -> None:
    """Writes only where there is something to forget."""
    at = datetime.now(UTC)
    with database.reading() as session:
        if not jobs.is_anything_old(session, at):
            return
    with database.transaction() as session:
        jobs.forget(session, at)
