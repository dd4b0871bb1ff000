"""The public halves of passkeys: of_account, owners, find, add, note_use, drop."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, update
from sqlmodel import Session, col, select

from assessments.storage.tables import PasskeyRow


@dataclass(frozen=True)
class Passkey:
    """One of somebody's passkeys."""

    credential_id: str
    actor_id: str
    public_key: str
    uses: int
    name: str
    """The browser that it was made in."""
    created_at: datetime
    used_at: datetime | None
    """None: not yet."""


def of_account(session: Session, actor_id: str) -> tuple[Passkey, ...]:
    rows = session.exec(select(PasskeyRow).where(PasskeyRow.actor_id == actor_id).order_by(col(PasskeyRow.created_at)))
    return tuple(map(_passkey, rows))


def owners(session: Session) -> frozenset[str]:
    """The ids of all who have one."""
    return frozenset(session.exec(select(PasskeyRow.actor_id)))


def find(session: Session, credential_id: str) -> Passkey | None:
    """None: there is none of that id."""
    row = session.get(PasskeyRow, credential_id)
    return _passkey(row) if row else None


def add(session: Session, passkey: Passkey) -> None:
    session.add(PasskeyRow(**vars(passkey)))
    session.flush()


def note_use(session: Session, credential_id: str, uses: int, at: datetime) -> None:
    session.execute(
        update(PasskeyRow).where(col(PasskeyRow.credential_id) == credential_id).values(uses=uses, used_at=at)
    )


def drop(session: Session, actor_id: str, credential_id: str) -> bool:
    """Whether it was one of theirs."""
    mine = (col(PasskeyRow.actor_id) == actor_id, col(PasskeyRow.credential_id) == credential_id)
    is_theirs = session.exec(select(PasskeyRow.credential_id).where(*mine)).first() is not None
    session.execute(delete(PasskeyRow).where(*mine))
    return is_theirs


def drop_all(session: Session, actor_id: str) -> None:
    session.execute(delete(PasskeyRow).where(col(PasskeyRow.actor_id) == actor_id))


def _passkey(row: PasskeyRow) -> Passkey:
    return Passkey(row.credential_id, row.actor_id, row.public_key, row.uses, row.name, row.created_at, row.used_at)
