"""What somebody comes in with: passwords (as hashes), one-time links and recovery codes (as digests), second factors."""

from __future__ import annotations

import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, func, update
from sqlmodel import Session, col, select

from assessments.storage.accounts import digest_of
from assessments.storage.tables import LinkPurpose, OneTimeLinkRow, PasswordRow, RecoveryCodeRow, SecondFactorRow

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
    return find_link_by(session, digest_of(token), at)


def find_link_by(session: Session, token_sha256: str, at: datetime) -> Link | None:
    """Like find_link, by what is kept of its token."""
    row = session.get(OneTimeLinkRow, token_sha256)
    return Link(row.actor_id, LinkPurpose(row.purpose), row.ends_at) if row and at < row.ends_at else None


def invited(session: Session, at: datetime) -> dict[str, datetime]:
    """Whoever has a link that can still be used → until when."""
    rows = session.exec(
        select(OneTimeLinkRow).where(col(OneTimeLinkRow.ends_at) > at).order_by(col(OneTimeLinkRow.ends_at))
    )
    return {row.actor_id: row.ends_at for row in rows}


def drop_links(session: Session, actor_id: str) -> None:
    session.execute(delete(OneTimeLinkRow).where(col(OneTimeLinkRow.actor_id) == actor_id))


# --- second factor ----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class SecondFactor:
    """The secret of somebody's authenticator app."""

    secret: str
    created_at: datetime
    confirmed_at: datetime | None
    """None: it is being set up and not asked for yet."""
    last_step: int


def second_factor(session: Session, actor_id: str) -> SecondFactor | None:
    """None: there is none, not even one that is being set up."""
    row = session.get(SecondFactorRow, actor_id)
    return SecondFactor(row.secret, row.created_at, row.confirmed_at, row.last_step) if row else None


def have_second_factors(session: Session) -> frozenset[str]:
    """The ids of all who confirmed one."""
    query = select(SecondFactorRow.actor_id).where(col(SecondFactorRow.confirmed_at).is_not(None))
    return frozenset(session.exec(query))


def begin_second_factor(session: Session, actor_id: str, secret: str, at: datetime) -> None:
    """One that is not asked for until a code of it was shown. One that is in use stays."""
    mine = col(SecondFactorRow.actor_id) == actor_id
    session.execute(delete(SecondFactorRow).where(mine, col(SecondFactorRow.confirmed_at).is_(None)))
    session.add(SecondFactorRow(actor_id=actor_id, secret=secret, created_at=at))
    session.flush()


def confirm_second_factor(session: Session, actor_id: str, step: int, at: datetime) -> None:
    session.execute(
        update(SecondFactorRow).where(col(SecondFactorRow.actor_id) == actor_id).values(confirmed_at=at, last_step=step)
    )


def take_step(session: Session, actor_id: str, step: int) -> None:
    """Its code is used up, and those before it."""
    session.execute(update(SecondFactorRow).where(col(SecondFactorRow.actor_id) == actor_id).values(last_step=step))


def drop_second_factor(session: Session, actor_id: str) -> None:
    """And its recovery codes."""
    session.execute(delete(SecondFactorRow).where(col(SecondFactorRow.actor_id) == actor_id))
    session.execute(delete(RecoveryCodeRow).where(col(RecoveryCodeRow.actor_id) == actor_id))


def set_recovery_codes(session: Session, actor_id: str, codes: Collection[str]) -> None:
    """Instead of those of before."""
    session.execute(delete(RecoveryCodeRow).where(col(RecoveryCodeRow.actor_id) == actor_id))
    session.add_all(RecoveryCodeRow(code_sha256=digest_of(code), actor_id=actor_id) for code in codes)
    session.flush()


def use_recovery_code(session: Session, actor_id: str, code: str) -> bool:
    """Whether it was one of theirs; it is used up then."""
    mine = (col(RecoveryCodeRow.actor_id) == actor_id, col(RecoveryCodeRow.code_sha256) == digest_of(code))
    is_theirs = session.exec(select(RecoveryCodeRow.actor_id).where(*mine)).first() is not None
    session.execute(delete(RecoveryCodeRow).where(*mine))
    return is_theirs


def recovery_codes_left(session: Session, actor_id: str) -> int:
    return session.exec(select(func.count()).where(col(RecoveryCodeRow.actor_id) == actor_id)).one()
