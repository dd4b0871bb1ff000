"""Laying out pages by a worker elsewhere: lay_out, in a worker; print_elsewhere, in the server that waits for it."""

from __future__ import annotations

import hashlib

from assessments.errors import RenderError
from assessments.storage import database, jobs
from exports.printing import pdf
from jobs import asking
from jobs.kinds import Print
from jobs.work import Work


def lay_out(work: Work, _request: Print) -> None:
    """Gives the pages to whoever fetches them. Raises: RenderError."""
    work.tell("pages")
    work.end(made=pdf.printed_here(work.material or b""))


def print_elsewhere(payload: bytes) -> bytes:
    """The pages, once a worker has laid them out. Raises: RenderError, AssessmentError."""
    number = asking.ask(Print(hashlib.sha256(payload).hexdigest()), None, payload)
    asking.follow(number)
    with database.reading() as session:
        made = jobs.outcome(session, number)[1]
    if made is None:
        raise RenderError(asking.TEXTS.told("job_gone"))
    return made
