"""Who is signed in: who (read only); who_acts (marks the session as used). The cookie SESSION carries the token."""

from __future__ import annotations

import time
from datetime import UTC, datetime

from assessments.errors import AssessmentError
from assessments.home import home
from assessments.model import Actor
from assessments.people import find_person
from assessments.storage import accounts, database
from questionnaires.problems import InvalidFileError

NOTING_SECONDS = 0.1
"""Seconds a request waits for the write lock to mark a session as used."""
AGAIN_SECONDS = 5.0
"""Seconds without further attempts after one has failed."""


def who(token: str | None) -> Actor | None:
    """The person signed in with this token. None: the session has ended or the person was removed from the file."""
    login = _login(token, datetime.now(UTC))
    return _person(login.actor_id) if login else None


def who_acts(token: str | None) -> Actor | None:
    """Like `who`, and marks the session as used, so that it does not expire as idle."""
    at = datetime.now(UTC)
    login = _login(token, at)
    if login is None or token is None:
        return None
    if login.is_use_due:
        _USES.note(token, at)
    return _person(login.actor_id)


def _login(token: str | None, at: datetime) -> accounts.Login | None:
    if not token:
        return None
    with database.reading() as session:
        return accounts.find_login(session, token, at)


class _Uses:
    """Marks sessions as used. If the database is locked, a later use is recorded instead."""

    def __init__(self) -> None:
        self._again_at = 0.0

    def note(self, token: str, at: datetime) -> None:
        if time.monotonic() < self._again_at:
            return
        try:
            with database.transaction(NOTING_SECONDS) as session:
                accounts.note_use(session, token, at)
        except AssessmentError:  # full, locked or read-only
            self._again_at = time.monotonic() + AGAIN_SECONDS


_USES = _Uses()


def _person(person_id: str | None) -> Actor | None:
    try:
        return find_person(home(), person_id) if person_id else None
    except InvalidFileError:
        return None
