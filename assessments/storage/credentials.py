"""What somebody comes in with: passwords (as hashes) and one-time links (as digests)."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, update
from sqlmodel import Session, col, select

from assessments.storage.accounts import digest_of
from assessments.storage.tables import LinkPurpose, OneTimeLinkRow, PasswordRow

LIFETIMES = {
    LinkPurpose.FIRST: timedelta(days=7),
    LinkPurpose.RESET: timedelta(hours=24),
    LinkPurpose.START: timedelta(hours=24),
}
"""How long a link can be used."""


def password_hash(session: Session, actor_id: str) -> str | None:
    """None: they have no password."""
    row = session.get(PasswordRow, actor_id)
    return row.hash if row else None


def have_passwords(session: Session) -> frozenset[str]:
    """The ids of all who have one."""
    return frozenset(session.exec(select(PasswordRow.actor_id)))


def set_password(session: Session, actor_id: str, hashed: str, at: datetime) -> None:
    """Replaces the one before; links that would set another one open nothing any more."""
    session.merge(PasswordRow(actor_id=actor_id, hash=hashed, set_at=at))
    drop_links(session, actor_id)
    session.flush()


def renew_hash(session: Session, actor_id: str, hashed: str) -> None:
    """The same password, hashed by the settings of today."""
    session.execute(update(PasswordRow).where(col(PasswordRow.actor_id) == actor_id).values(hash=hashed))


@dataclass(frozen=True)
class Link:
    """A link that can still be used."""

    actor_id: str
    purpose: LinkPurpose
    ends_at: datetime


def make_link(session: Session, actor_id: str, purpose: LinkPurpose, at: datetime) -> str:
    """The token of a new link; older ones of the same purpose open nothing any more."""
    session.execute(
        delete(OneTimeLinkRow).where(
            (col(OneTimeLinkRow.ends_at) <= at)
            | ((col(OneTimeLinkRow.actor_id) == actor_id) & (col(OneTimeLinkRow.purpose) == purpose))
        )
    )
    token = secrets.token_urlsafe(32)
    ends_at = at + LIFETIMES[purpose]
    session.add(
        OneTimeLinkRow(
            token_sha256=digest_of(token), actor_id=actor_id, purpose=purpose.value, created_at=at, ends_at=ends_at
        )
    )
    session.flush()
    return token


def find_link(session: Session, token: str, at: datetime) -> Link | None:
    """None: there is none, it was used, or its time is over."""
    row = session.get(OneTimeLinkRow, digest_of(token))
    return Link(row.actor_id, LinkPurpose(row.purpose), row.ends_at) if row and at < row.ends_at else None


def drop_links(session: Session, actor_id: str) -> None:
    session.execute(delete(OneTimeLinkRow).where(col(OneTimeLinkRow.actor_id) == actor_id))
