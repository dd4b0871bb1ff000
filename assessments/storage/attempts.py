"""Coming in, half done: what is remembered for some minutes between one page and the next. begin, memory_of, remember, end."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, update
from sqlmodel import Session, col

from assessments.storage.accounts import digest_of
from assessments.storage.tables import AttemptRow


def begin(session: Session, kind: str, memory: Mapping[str, Any], lasts: timedelta, at: datetime) -> str:
    """The token that the memory is found by; what is past its time goes."""
    session.execute(delete(AttemptRow).where(col(AttemptRow.ends_at) <= at))
    token = secrets.token_urlsafe(32)
    session.add(AttemptRow(token_sha256=digest_of(token), kind=kind, memory=dict(memory), ends_at=at + lasts))
    session.flush()
    return token


def memory_of(session: Session, token: str, kind: str, at: datetime) -> dict[str, Any] | None:
    """None: there is nothing of that kind, or its time is over."""
    row = session.get(AttemptRow, digest_of(token)) if token else None
    return dict(row.memory) if row and row.kind == kind and at < row.ends_at else None


def remember(session: Session, token: str, memory: Mapping[str, Any]) -> None:
    """Something else from now on."""
    session.execute(
        update(AttemptRow).where(col(AttemptRow.token_sha256) == digest_of(token)).values(memory=dict(memory))
    )


def end(session: Session, token: str) -> None:
    """It is done or given up; an unknown token is fine."""
    session.execute(delete(AttemptRow).where(col(AttemptRow.token_sha256) == digest_of(token)))
