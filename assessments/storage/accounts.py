"""Who is signed in: open_session, find_login, note_use, close_session; and what waits for them: set_screening.

Tokens are opaque; only their digests are kept.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, update
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


@dataclass(frozen=True)
class Login:
    """A session that is open."""

    actor_id: str
    is_use_due: bool
    """Whether its last noted use is so long ago that this one should be noted."""


def find_login(session: Session, token: str, at: datetime) -> Login | None:
    """None: there is no such session, or it is over. Nothing is written."""
    row = session.get(LoginRow, _digest(token))
    if row is None or at - row.created_at >= ABSOLUTE or at - row.seen_at >= IDLE:
        return None
    return Login(row.actor_id, is_use_due=at - row.seen_at >= _SEEN_STEP)


def note_use(session: Session, token: str, at: datetime) -> None:
    """The session was used, so that it does not go idle; an ended one stays ended."""
    session.execute(
        update(LoginRow)
        .where(
            col(LoginRow.token_sha256) == _digest(token),
            col(LoginRow.created_at) > at - ABSOLUTE,
            col(LoginRow.seen_at) > at - IDLE,
            col(LoginRow.seen_at) < at,
        )
        .values(seen_at=at)
    )


def set_screening(session: Session, token: str, answers: Mapping[str, Any]) -> None:
    """Answers of a screening wait in this session until they are used, dropped, or the session ends. Empty: none wait."""
    session.execute(
        update(LoginRow)
        .where(col(LoginRow.token_sha256) == _digest(token))
        .values(screening=dict(answers) if answers else None)
    )


def screening_of(session: Session, token: str) -> Mapping[str, Any]:
    """Question → answer as JSON; empty if none wait."""
    row = session.get(LoginRow, _digest(token))
    waiting = row.screening if row else None
    return waiting if isinstance(waiting, dict) else {}


def close_session(session: Session, token: str) -> None:
    """The session ends on the server; an unknown token is fine."""
    session.execute(delete(LoginRow).where(col(LoginRow.token_sha256) == _digest(token)))


def close_sessions_of(session: Session, actor_id: str) -> None:
    """All of somebody's sessions end: they lost a role, or left."""
    session.execute(delete(LoginRow).where(col(LoginRow.actor_id) == actor_id))


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()
