"""Who is signed in: open_session, find_login, note_use, sessions_of, close_…; and what waits for them: set_screening.

Tokens are opaque; only their digests are kept.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, delete, update
from sqlalchemy import select as select_core
from sqlmodel import Session, col, select

from assessments.storage.tables import LoginRow, table_of

IDLE = timedelta(hours=8)
ABSOLUTE = timedelta(hours=24)
_SEEN_STEP = timedelta(minutes=1)
"""How much later a use must be to be noted: not every click writes."""
_MOST_OF_ONE = 20
"""Sessions that a person may have open; another one ends the one that was used longest ago."""
_BROWSER_CHARACTERS = 300
_TABLE = table_of(LoginRow)
_LOGIN = select_core(*(column for column in _TABLE.c if column.name != "screening")).where(
    _TABLE.c.token_sha256 == bindparam("token")
)
"""Asked with every request and message."""


def open_session(
    session: Session, actor_id: str, at: datetime, *, address: str = "", browser: str = "", with_second: bool = False
) -> str:
    """A new token for somebody who has just shown who they are; sessions past their limits go.

    with_second: by a second factor too, or by what is one in itself.
    """
    session.execute(
        delete(LoginRow).where((col(LoginRow.created_at) <= at - ABSOLUTE) | (col(LoginRow.seen_at) <= at - IDLE))
    )
    older = select(LoginRow.token_sha256).where(LoginRow.actor_id == actor_id).order_by(col(LoginRow.seen_at).desc())
    surplus = session.exec(older.offset(_MOST_OF_ONE - 1)).all()
    session.execute(delete(LoginRow).where(col(LoginRow.token_sha256).in_(surplus)))
    token = secrets.token_urlsafe(32)
    session.add(
        LoginRow(
            token_sha256=digest_of(token),
            handle=secrets.token_hex(8),
            actor_id=actor_id,
            created_at=at,
            seen_at=at,
            confirmed_at=at,
            address=address,
            browser=browser[:_BROWSER_CHARACTERS],
            with_second=with_second,
        )
    )
    session.flush()
    return token


@dataclass(frozen=True)
class Login:
    """A session that is open."""

    actor_id: str
    handle: str
    """Names it in lists."""
    created_at: datetime
    seen_at: datetime
    confirmed_at: datetime
    """When the person last showed who they are."""
    address: str
    browser: str
    """As it named itself."""
    with_second: bool = False
    """Whether a second factor was shown in it."""
    is_use_due: bool = False
    """Whether its last noted use is so long ago that this one should be noted."""


def find_login(session: Session, token: str, at: datetime) -> Login | None:
    """None: there is no such session, or it is over. Nothing is written."""
    return find_login_by(session, digest_of(token), at)


def find_login_by(session: Session, token_sha256: str, at: datetime) -> Login | None:
    """Like find_login, by what is kept of its token."""
    row = session.connection().execute(_LOGIN, {"token": token_sha256}).first()
    return _login(row, at) if row is not None and _is_open(row, at) else None


def sessions_of(session: Session, actor_id: str, at: datetime) -> tuple[Login, ...]:
    """Somebody's open sessions, the last used first."""
    rows = session.exec(select(LoginRow).where(LoginRow.actor_id == actor_id).order_by(col(LoginRow.seen_at).desc()))
    return tuple(_login(row, at) for row in rows if _is_open(row, at))


def signed_in(session: Session, at: datetime) -> frozenset[str]:
    """The ids of all who have an open session."""
    query = select(LoginRow.actor_id).where(col(LoginRow.created_at) > at - ABSOLUTE, col(LoginRow.seen_at) > at - IDLE)
    return frozenset(session.exec(query))


def logins_of(session: Session, tokens: Collection[str], at: datetime) -> dict[str, Login]:
    """Token → its session; those that are over are left out."""
    known = {digest_of(token): token for token in tokens}
    rows = session.exec(select(LoginRow).where(col(LoginRow.token_sha256).in_(known)))
    return {known[row.token_sha256]: _login(row, at) for row in rows if _is_open(row, at)}


def note_use(session: Session, token: str, at: datetime) -> None:
    """The session was used, so that it does not go idle; an ended one stays ended."""
    session.execute(
        update(LoginRow)
        .where(
            col(LoginRow.token_sha256) == digest_of(token),
            col(LoginRow.created_at) > at - ABSOLUTE,
            col(LoginRow.seen_at) > at - IDLE,
            col(LoginRow.seen_at) < at,
        )
        .values(seen_at=at)
    )


def renew(session: Session, token: str, at: datetime) -> str:
    """Another token for the same session, whose person has just shown who they are; the old one opens nothing any more."""
    return renew_by(session, digest_of(token), at)


def renew_by(session: Session, token_sha256: str, at: datetime) -> str:
    """Like renew, by what is kept of its token."""
    row = session.get_one(LoginRow, token_sha256)
    renewed = secrets.token_urlsafe(32)
    session.execute(
        update(LoginRow)
        .where(col(LoginRow.token_sha256) == row.token_sha256)
        .values(token_sha256=digest_of(renewed), confirmed_at=at, seen_at=at)
    )
    return renewed


def note_second(session: Session, token: str) -> None:
    """A second factor was just shown in this session."""
    mine = col(LoginRow.token_sha256) == digest_of(token)
    session.execute(update(LoginRow).where(mine).values(with_second=True))


def forget_second(session: Session, actor_id: str) -> None:
    """In none of somebody's sessions one counts as shown: they have none any more."""
    session.execute(update(LoginRow).where(col(LoginRow.actor_id) == actor_id).values(with_second=False))


def set_screening(session: Session, token: str, answers: Mapping[str, Any]) -> None:
    """Answers of a screening wait in this session until they are used, dropped, or the session ends. Empty: none wait."""
    session.execute(
        update(LoginRow)
        .where(col(LoginRow.token_sha256) == digest_of(token))
        .values(screening=dict(answers) if answers else None)
    )


def screening_of(session: Session, token: str) -> Mapping[str, Any]:
    """Question → answer as JSON; empty if none wait."""
    row = session.get(LoginRow, digest_of(token))
    waiting = row.screening if row else None
    return waiting if isinstance(waiting, dict) else {}


def close_session(session: Session, token: str) -> None:
    """The session ends on the server; an unknown token is fine."""
    session.execute(delete(LoginRow).where(col(LoginRow.token_sha256) == digest_of(token)))


def close_named(session: Session, actor_id: str, handle: str) -> bool:
    """Ends one of somebody's own sessions. False: they have none of that name."""
    mine = (col(LoginRow.actor_id) == actor_id, col(LoginRow.handle) == handle)
    is_there = session.exec(select(LoginRow.handle).where(*mine)).first() is not None
    session.execute(delete(LoginRow).where(*mine))
    return is_there


def close_sessions_of(session: Session, actor_id: str, *, but: str = "") -> None:
    """All of somebody's sessions end: they lost a role, left, or have another password. but: the token of one that stays."""
    session.execute(
        delete(LoginRow).where(col(LoginRow.actor_id) == actor_id, col(LoginRow.token_sha256) != digest_of(but))
    )


def digest_of(token: str) -> str:
    """What is kept of a token."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


def _is_open(row: Any, at: datetime) -> bool:
    return bool(at - row.created_at < ABSOLUTE and at - row.seen_at < IDLE)


def _login(row: Any, at: datetime) -> Login:
    """Of a row, or of the columns of _LOGIN."""
    return Login(
        row.actor_id,
        row.handle,
        row.created_at,
        row.seen_at,
        row.confirmed_at,
        row.address,
        row.browser,
        row.with_second,
        is_use_due=at - row.seen_at >= _SEEN_STEP,
    )
