"""Drafts of forms whose deed was done: check_new and note, in the deed's own transaction; done_by, for a browser that comes back.

A server may die after a deed and before it could say so. The browser then still holds what was entered and would offer it as if
nothing had come of it. What was written with the deed itself says which.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta

from sqlalchemy import delete, insert
from sqlmodel import Session, col, select

from assessments.errors import AlreadyDoneError
from assessments.storage.tables import DoneDraftRow, table_of
from questionnaires.texts import texts_of

TEXTS = texts_of(__file__)
KEPT = timedelta(days=30)
"""As long as a browser keeps a draft; OLDEST in field.js."""


def check_new(session: Session, actor_id: str, nonces: Collection[str]) -> None:
    """Raises: AlreadyDoneError if a deed was done on any of these drafts."""
    mine = (col(DoneDraftRow.actor_id) == actor_id, col(DoneDraftRow.nonce).in_(nonces))
    if nonces and session.exec(select(DoneDraftRow.nonce).where(*mine)).first() is not None:
        raise AlreadyDoneError(TEXTS.told("already_done"))


def note(session: Session, actor_id: str, drafts: Mapping[str, str], at: datetime) -> None:
    """A deed was done on them; what no browser holds any more goes. drafts: nonce → key of the field."""
    session.execute(delete(DoneDraftRow).where(col(DoneDraftRow.at) < at - KEPT))
    rows = [{"actor_id": actor_id, "nonce": nonce, "field": field, "at": at} for nonce, field in drafts.items()]
    if rows:
        session.execute(insert(table_of(DoneDraftRow)), rows)


def done_by(session: Session, actor_id: str, at: datetime) -> dict[str, list[str]]:
    """Key of a field → nonces of its drafts on which a deed of this person was done, the oldest first."""
    mine = (DoneDraftRow.actor_id == actor_id, col(DoneDraftRow.at) >= at - KEPT)
    done: dict[str, list[str]] = {}
    for field, nonce in session.exec(
        select(DoneDraftRow.field, DoneDraftRow.nonce).where(*mine).order_by(col(DoneDraftRow.at))
    ):
        done.setdefault(field, []).append(nonce)
    return done
