"""Rows of reminders: take those that nobody has sent or is sending, note what became of them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlmodel import Session

from assessments.rules.lifecycle import Cause
from assessments.storage.reminder_tables import ReminderRow, Work

ABANDONED = timedelta(minutes=30)
"""Whoever took a reminder so long ago and has not said what became of it is gone."""


@dataclass(frozen=True)
class ReminderKey:
    """Names one reminder."""

    person_id: str
    assessment_id: int
    cause: Cause | Work
    which: str
    on: date
    stage: int


def take(session: Session, wanted: Sequence[ReminderKey], at: datetime) -> tuple[ReminderKey, ...]:
    """Those of them that are to be sent by the caller now; nobody else gets them meanwhile."""
    mine = []
    for key in wanted:
        row = session.get(ReminderRow, _primary(key))
        if row is None:
            row = ReminderRow(
                person_id=key.person_id,
                assessment_id=key.assessment_id,
                cause=key.cause.value,
                which=key.which,
                on_day=key.on,
                stage=key.stage,
            )
        elif row.sent_at is not None or (row.taken_at is not None and at - row.taken_at < ABANDONED):
            continue
        row.taken_at, row.tries = at, row.tries + 1
        session.add(row)
        mine.append(key)
    session.flush()
    return tuple(mine)


def note(session: Session, keys: Collection[ReminderKey], at: datetime, failure: str = "") -> None:
    """They were sent; or, with a failure, were not and are to be tried again."""
    for key in keys:
        row = session.get_one(ReminderRow, _primary(key))
        row.taken_at, row.failure = None, failure
        row.sent_at = None if failure else at
        session.add(row)
    session.flush()


def _primary(key: ReminderKey) -> tuple[str, int, str, str, date, int]:
    return key.person_id, key.assessment_id, key.cause.value, key.which, key.on, key.stage
