"""Reminders by e-mail, sent by the server while it runs: keep_sending. Without a mail server it looks and sends nothing."""

from __future__ import annotations

import asyncio
import logging
from datetime import UTC, datetime

from assessments import mail, reminding, timing
from assessments.errors import AssessmentError
from pages._server import pools

EVERY_SECONDS = 3600


async def keep_sending() -> None:
    """Looks once an hour, until it is cancelled. Several servers of one database send nothing twice, for the rows see to that."""
    while True:
        await pools.MAIL.run(send)
        await asyncio.sleep(EVERY_SECONDS)


def send() -> None:
    """One round; what went wrong stands in the server's log."""
    log = logging.getLogger("haetae")
    try:
        mailbox = mail.current()
        if mailbox is None:
            return
        with timing.timed("reminders"):
            sent = reminding.send(mailbox, datetime.now(UTC))
    except AssessmentError as error:
        log.warning("%s", error.text.en)
        return
    except Exception:
        log.exception("Reminders could not be sent.")
        return
    for failure in sent.failures:
        log.warning("%s", failure.en)
    if sent.reminders:
        log.info("Sent %d reminders to %d people.", sent.reminders, sent.people)
