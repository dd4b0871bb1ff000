"""Who is signed in: who (read only); who_acts (marks the session as used). The cookie SESSION carries the token.

Where a second factor is demanded and was not shown in a session, nobody is signed in by it: only `present` tells who is there,
and only what shows or sets up a second factor asks that.
"""

from __future__ import annotations

import time
from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from assessments import entrance, people
from assessments.errors import AssessmentError
from assessments.model import Actor
from assessments.storage import accounts, database

CONFIRMED = timedelta(minutes=10)
"""For which nobody is asked again before they decide, sign off or seal."""
NOTING_SECONDS = 0.1
"""Seconds a request waits for the write lock to mark a session as used."""
AGAIN_SECONDS = 5.0
"""Seconds without further attempts after one has failed."""


@dataclass(frozen=True)
class _Acting:
    actor: Actor
    is_use_due: bool


def who(token: str | None) -> Actor | None:
    """The person signed in with this token.

    None: the session has ended, the person may not act any more, or still has to show a second factor.
    """
    acting = _acting(token, datetime.now(UTC))
    return acting.actor if acting else None


def who_acts(token: str | None) -> Actor | None:
    """Like `who`, and marks the session as used, so that it does not expire as idle."""
    at = datetime.now(UTC)
    acting = _acting(token, at)
    if acting is None or token is None:
        return None
    if acting.is_use_due:
        _USES.note(token, at)
    return acting.actor


def present(token: str | None) -> Actor | None:
    """Like `who`, and also somebody who still has to show, or to set up, the second factor that is demanded of them."""
    acting = _acting(token, datetime.now(UTC), also_lacking=True)
    return acting.actor if acting else None


def standing(tokens: Collection[str]) -> frozenset[str]:
    """Those of the tokens whose session is open and whose person may still come in, and has shown what is demanded."""
    with database.reading() as session:
        logins = accounts.logins_of(session, tokens, datetime.now(UTC))
        known = {login.actor_id for login in logins.values()}
        active = {name for name in known if people.acting(session, name) is not None}
        return frozenset(
            token
            for token, login in logins.items()
            if login.actor_id in active and not entrance.lacks_second(session, login)
        )


def _acting(token: str | None, at: datetime, *, also_lacking: bool = False) -> _Acting | None:
    if not token:
        return None
    with database.reading() as session:
        login = accounts.find_login(session, token, at)
        actor = people.acting(session, login.actor_id) if login else None
        if login and actor and not also_lacking and entrance.lacks_second(session, login):
            return None
    return _Acting(actor, login.is_use_due) if login and actor else None


def is_confirmed(token: str, at: datetime) -> bool:
    """Whether the person showed who they are a short while ago."""
    with database.reading() as session:
        login = accounts.find_login(session, token, at)
    return login is not None and at - login.confirmed_at < CONFIRMED


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
