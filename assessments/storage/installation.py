"""What every server of one database must have alike: Thing, settle, state, check, differing.

On SQLite one machine has it all, and nothing is asked. The database holds a digest of each, never the thing itself. The first server
says which it is; another one that has something else, or would make its own, is told to take it from there.
"""

from __future__ import annotations

import hashlib
import socket
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from enum import StrEnum

from sqlalchemy import delete
from sqlmodel import Session, col

from assessments.errors import AssessmentError
from assessments.storage import database
from assessments.storage.server_tables import InstallationRow
from questionnaires.legible import legible
from questionnaires.texts import texts_of
from questionnaires.vocabulary import Text
from questionnaires.wording import seoul_day

TEXTS = texts_of(__file__)


class Thing(StrEnum):
    SEAL = "seal"
    """Fingerprint of the certificate that seals."""
    PSEUDONYM = "pseudonym"
    """Digest of the key that names reviewers of logs."""
    FILES = "files"
    """Id that lies with evidence and sealed reports."""


def is_shared() -> bool:
    """Whether other machines may use the database in use."""
    return database.current().dialect.is_shared


def check(thing: Thing, present: str) -> None:
    """present: what this server has; empty: nothing yet. Raises: AssessmentError where another server has said otherwise."""
    if not is_shared():
        return
    with database.reading() as session:
        _check(session, thing, present)


def settle(thing: Thing, present: str, make: Callable[[], str]) -> None:
    """What this server has is what all have; where none has it, it is made here and said for all.

    make: called only then, and gives what was made. Raises: AssessmentError where another server has said otherwise, also
    at this very moment.
    """
    if not is_shared():
        return
    with database.reading() as session:
        if _check(session, thing, present):
            return
    present = present or make()
    with database.transaction() as session:
        if not _check(session, thing, present):
            state(session, thing, present)


def stated(session: Session, thing: Thing) -> str:
    """What every server must have. Empty: nobody has said anything, or one machine has it all."""
    row = session.get(InstallationRow, thing.value) if database.current().dialect.is_shared else None
    return row.value if row else ""


def state(session: Session, name: str, present: str) -> None:
    """From now on this is what every server must have."""
    if database.current().dialect.is_shared:
        session.execute(delete(InstallationRow).where(col(InstallationRow.name) == str(name)))
        session.add(InstallationRow(name=str(name), value=present, machine=machine(), at=datetime.now(UTC)))
        session.flush()


def differing(session: Session, files: Mapping[str, str]) -> Iterator[Text]:
    """Settings that were others on the machine that started before this one. They are told of and not refused, for they are
    changed on one machine after the other.

    files: name → digest of what is here; empty: there is none.
    """
    if not database.current().dialect.is_shared:
        return
    for name, present in files.items():
        row = session.get(InstallationRow, name)
        if row is not None and row.value != present and row.machine != machine():
            day = seoul_day(row.at).isoformat()
            yield TEXTS.text("servers_other_settings", name=name, machine=row.machine, day=day)
        state(session, name, present)


def forget(session: Session, thing: Thing) -> None:
    """The next server to start says anew."""
    session.execute(delete(InstallationRow).where(col(InstallationRow.name) == thing.value))


def machine() -> str:
    """The name of this computer, by which people know it."""
    return legible(socket.gethostname())[:100] or "?"


def digest_of(secret: bytes) -> str:
    return hashlib.sha256(secret).hexdigest()


def _check(session: Session, thing: Thing, present: str) -> bool:
    """False: nobody has said anything. Raises: AssessmentError."""
    row = session.get(InstallationRow, thing.value)
    if row is None:
        return False
    if row.value != present:
        which = "other" if present else "no"
        day = seoul_day(row.at).isoformat()
        raise AssessmentError(
            TEXTS.told(f"servers_{which}_{thing.value}", machine=row.machine, day=day, here=machine())
        )
    return True
