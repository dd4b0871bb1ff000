"""What the server does once a day while it runs: keep_counting."""

from __future__ import annotations

import asyncio
import logging
from datetime import UTC, datetime

from assessments import timing
from assessments.errors import AssessmentError
from assessments.keeping import daily
from pages._server import pools

EVERY_SECONDS = 1800


async def keep_counting() -> None:
    """Looks every half an hour whether this day's portfolio was counted, until it is cancelled."""
    while True:
        await pools.DAILY.run(count)
        await asyncio.sleep(EVERY_SECONDS)


def count() -> None:
    """One look; what went wrong stands in the server's log and is tried again with the next."""
    try:
        with timing.timed("portfolio of the day"):
            daily.count_portfolio(datetime.now(UTC))
    except AssessmentError as error:
        logging.getLogger("haetae").warning("%s", error.text.en)
    except Exception:
        logging.getLogger("haetae").exception("The portfolio of the day could not be counted.")
