"""How the work that servers hand over stands: standing, for `haetae work --status`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

import psycopg

from assessments.errors import AssessmentError
from assessments.storage import database, jobs
from jobs import elsewhere, schema
from questionnaires.legible import legible
from questionnaires.texts import texts_of

TEXTS = texts_of(__file__)
LONG_SECONDS = 300
"""A job that waits longer has nobody who does its kind, or too few who do."""


@dataclass(frozen=True)
class Standing:
    workers: int
    """That were heard of lately, on any machine."""
    running: int
    waiting: int
    longest_seconds: int
    """So long one of them has waited; 0: none waits."""

    @property
    def is_well(self) -> bool:
        return self.workers > 0 and self.longest_seconds <= LONG_SECONDS


def standing() -> Standing:
    """Raises: AssessmentError where the database cannot be reached, or has no queue."""
    query = "SELECT count(*) FROM procrastinate_workers WHERE last_heartbeat > now() - make_interval(secs => %s)"
    try:
        with psycopg.connect(schema.address()) as connection:
            row = connection.execute(query, (elsewhere.STALLED_SECONDS,)).fetchone()
    except psycopg.errors.UndefinedTable as error:
        raise AssessmentError(TEXTS.told("queue_not_there", variable=database.OWNER)) from error
    except psycopg.OperationalError as error:
        raise AssessmentError(TEXTS.told("queue_unreachable", why=legible(str(error).strip()))) from error
    with database.reading() as session:
        running, waiting, first = jobs.counted(session)
    since = datetime.now(UTC) - first if first else None
    return Standing(row[0] if row else 0, running, waiting, max(0, round(since.total_seconds())) if since else 0)
