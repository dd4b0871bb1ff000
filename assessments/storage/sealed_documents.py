"""Sealed documents of a meeting or of an assessment, as their tables keep them: listed, with_file, sealed_like.

Both tables hold `seq`, the event that kept it, with what was frozen (`content`), the file, and the digest of each.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Column, Table, inspect, or_, select
from sqlmodel import Session

_HEAVY = ("content", "file")


def listed(session: Session, table: Table, owner: Column[Any], owner_id: int) -> list[Any]:
    """Rows of one owner, the newest first, without what was frozen and without the file."""
    columns = [column for column in table.c if column.name not in _HEAVY]
    query = select(*columns).where(owner == owner_id).order_by(table.c.seq.desc())
    return list(session.connection().execute(query))


def with_file(session: Session, table: Table, owner: Column[Any], owner_id: int, number: int) -> Any:
    """The whole row. None: there is none of this number."""
    query = select(table).where(owner == owner_id, table.c.seq == number)
    return session.connection().execute(query).first()


def sealed_like(
    session: Session, table: Table, owner: Column[Any], file_sha256: str, content_sha256: str | None
) -> tuple[tuple[int, bytes], ...]:
    """Owner and file of each kept document that is this very file, or in which the same was frozen.

    A home of before, which nobody has upgraded yet, has none.
    """
    if not inspect(session.connection()).has_table(table.name):
        return ()
    is_meant = or_(table.c.file_sha256 == file_sha256, table.c.content_sha256 == (content_sha256 or ""))
    return tuple(
        (row[0], bytes(row[1])) for row in session.connection().execute(select(owner, table.c.file).where(is_meant))
    )
