"""Rows of reminders, of assessments and of requests: take those that nobody has sent or is sending, note what became of them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlmodel import Session

from assessments.rules.lifecycle import Cause
from assessments.storage.recourse_tables import RequestReminderRow
from assessments.storage.reminder_tables import ReminderRow, Work

ABANDONED = timedelta(minutes=30)
"""Whoever took a reminder so long ago and has not said what became of it is gone."""


@dataclass(frozen=True)
class ReminderKey:
    """Names one reminder of an assessment."""

    person_id: str
    assessment_id: int
    cause: Cause | Work
    which: str
    on: date
    stage: int


@dataclass(frozen=True)
class RequestKey:
    """Names one reminder of a request."""

    person_id: str
    request: int
    on: date
    stage: int


Key = ReminderKey | RequestKey


def take(session: Session, wanted: Sequence[Key], at: datetime) -> tuple[Key, ...]:
    """Those of them that are to be sent by the caller now; nobody else gets them meanwhile."""
    mine = []
    for key in wanted:
        row = _row(session, key)
        if row is None:
            row = _new(key)
        elif row.sent_at is not None or (row.taken_at is not None and at - row.taken_at < ABANDONED):
            continue
        row.taken_at, row.tries = at, row.tries + 1
        session.add(row)
        mine.append(key)
    session.flush()
    return tuple(mine)


def note(session: Session, keys: Collection[Key], at: datetime, failure: str = "") -> None:
    """They were sent; or, with a failure, were not and are to be tried again."""
    for key in keys:
        row = _row(session, key) or _new(key)
        row.taken_at, row.failure = None, failure
        row.sent_at = None if failure else at
        session.add(row)
    session.flush()


def _row(session: Session, key: Key) -> ReminderRow | RequestReminderRow | None:
    if isinstance(key, RequestKey):
        return session.get(RequestReminderRow, (key.person_id, key.request, key.on, key.stage))
    primary = (key.person_id, key.assessment_id, key.cause.value, key.which, key.on, key.stage)
    return session.get(ReminderRow, primary)


def _new(key: Key) -> ReminderRow | RequestReminderRow:
    if isinstance(key, RequestKey):
        return RequestReminderRow(person_id=key.person_id, request=key.request, on_day=key.on, stage=key.stage)
    return ReminderRow(
        person_id=key.person_id,
        assessment_id=key.assessment_id,
        cause=key.cause.value,
        which=key.which,
        on_day=key.on,
        stage=key.stage,
    )
