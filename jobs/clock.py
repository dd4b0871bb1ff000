"""What is done by the clock: EVERY; remind, count_portfolio. Where the server does its jobs itself, it does both in its own rounds."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import UTC, datetime

from assessments import mail, reminding
from assessments.keeping import daily
from jobs.kinds import Arguments, CountPortfolio, Remind
from jobs.work import Work

EVERY: Mapping[str, tuple[str, Arguments]] = {
    "remind": ("0 * * * *", Remind()),
    "count_portfolio": ("*/30 * * * *", CountPortfolio()),
}
"""Kind → when, as cron says it, and what is asked for then."""


def remind(work: Work, _request: Remind) -> None:
    """Raises: AssessmentError without a mail server, or where the database is away."""
    work.tell("mail")
    sent = reminding.send(mail.required(), datetime.now(UTC))
    for failure in sent.failures:
        logging.getLogger("haetae").warning("%s", failure.en)
    work.end({"people": sent.people, "reminders": sent.reminders, "failures": len(sent.failures)})


def count_portfolio(work: Work, _request: CountPortfolio) -> None:
    """Raises: AssessmentError where the database is away."""
    work.tell("count")
    work.end({"is_new": daily.count_portfolio(datetime.now(UTC))})
