"""Who is signed in: open_session, session_actor, close_session. Tokens are opaque; only their digests are kept."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta

from sqlalchemy import delete
from sqlmodel import Session, col

from assessments.storage.tables import LoginRow

IDLE = timedelta(hours=8)
ABSOLUTE = timedelta(hours=24)
_SEEN_STEP = timedelta(minutes=1)
"""How much later a use must be to be noted: not every click writes."""


def open_session(session: Session, actor_id: str, at: datetime) -> str:
    """A new token for somebody who has just signed in; sessions past their limits go."""
    session.execute(
        delete(LoginRow).where((col(LoginRow.created_at) <= at - ABSOLUTE) | (col(LoginRow.seen_at) <= at - IDLE))
    )
    token = secrets.token_urlsafe(32)
    session.add(LoginRow(token_sha256=_digest(token), actor_id=actor_id, created_at=at, seen_at=at))
    session.flush()
    return token


def session_actor(session: Session, token: str, at: datetime) -> str | None:
    """Whose session it is. None: there is none, or it is over.

    In a transaction the use is noted (at most once a minute), so that the session does not go idle; `reading()`
    notes nothing.
    """
    row = session.get(LoginRow, _digest(token))
    if row is None or at - row.created_at >= ABSOLUTE or at - row.seen_at >= IDLE:
        return None
    if at - row.seen_at >= _SEEN_STEP:
        row.seen_at = at  # written by the transaction's commit; a reading session never flushes
    return row.actor_id


def close_session(session: Session, token: str) -> None:
    """The session ends on the server; an unknown token is fine."""
    session.execute(delete(LoginRow).where(col(LoginRow.token_sha256) == _digest(token)))


def close_sessions_of(session: Session, actor_id: str) -> None:
    """All of somebody's sessions end: they lost a role, or left."""
    session.execute(delete(LoginRow).where(col(LoginRow.actor_id) == actor_id))


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()
