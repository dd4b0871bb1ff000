"""Who somebody is at the organisation's identity provider: account_of, connect, connected, disconnect."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete
from sqlmodel import Session, col, select

from assessments.storage.account_tables import AccountRow
from assessments.storage.tables import OutsideIdentityRow


def account_of(session: Session, issuer: str, subject: str) -> str | None:
    """The id of the account that is connected. None: none is."""
    row = session.get(OutsideIdentityRow, (issuer, subject))
    return row.actor_id if row else None


def accounts_with_email(session: Session, email: str) -> tuple[str, ...]:
    """Active accounts for which an administrator entered this e-mail, however it is capitalised."""
    rows = session.exec(
        select(AccountRow.id, AccountRow.email).where(col(AccountRow.is_active), AccountRow.email != "")
    )
    return tuple(account_id for account_id, entered in rows if entered.casefold() == email.casefold())


def connect(session: Session, actor_id: str, issuer: str, subject: str, at: datetime) -> None:
    session.add(OutsideIdentityRow(issuer=issuer, subject=subject, actor_id=actor_id, linked_at=at))
    session.flush()


def is_connected(session: Session, actor_id: str) -> bool:
    return (
        session.exec(select(OutsideIdentityRow.subject).where(OutsideIdentityRow.actor_id == actor_id)).first()
        is not None
    )


def all_connected(session: Session) -> frozenset[str]:
    """The ids of all accounts that somebody can come in to from outside."""
    return frozenset(session.exec(select(OutsideIdentityRow.actor_id)))


def disconnect(session: Session, actor_id: str) -> None:
    session.execute(delete(OutsideIdentityRow).where(col(OutsideIdentityRow.actor_id) == actor_id))
