"""`haetae remind`: sends what is due as e-mail, each reminder once; for a timer, where the server does not run all the time."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

import typer

from commands._output import Exit, complain, errors_told, tell
from questionnaires import wording
from questionnaires.legible import legible_line


def remind(
    show: Annotated[bool, typer.Option("--show", help="Only list what is due; nothing is sent or noted.")] = False,
) -> None:
    """Send reminders of what is due, by the mail server that HAETAE_SMTP_HOST names. Exit: 1 where one failed."""
    with errors_told():
        from assessments import mail, reminding
        from assessments.keeping import starting
        from assessments.storage import database
        from assessments.storage.reminders import RequestKey

        for remark in starting.prepare():
            complain(remark.en)
        now = datetime.now(UTC)
        if show:
            with database.reading() as session:
                due = reminding.wanted(session, now)
            for reminder in due:
                key, name = reminder.key, reminder.system.name_en or reminder.system.name_ko
                if isinstance(key, RequestKey):
                    what, why = f"request {key.request}", reminder.kind
                else:
                    what, why = f"assessment {key.assessment_id}", str(key.cause)
                tell(
                    f"{legible_line(reminder.person.email)}: {what}, {legible_line(name)}, {why}, {wording.day(key.on, 'en')}"
                )
            tell(f"Due: {len(due)} reminders, sent ones included.")
            return
        sent = reminding.send(mail.required(), now)
    tell(f"Sent: {sent.reminders} reminders to {sent.people} people.")
    for failure in sent.failures:
        complain(failure.en)
    if sent.failures:
        raise typer.Exit(Exit.BAD)
