"""Somebody who is signed in already, for tests that are not about signing in: let_in, cookies_of; give_password, enter.

Beside a running server also where a test begins: first_assessment_of, start.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any
from unittest.mock import patch
from urllib.parse import urlencode

from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher
from sqlalchemy import func, select
from sqlmodel import Session

from assessments import actions, passwords
from assessments.model import Actor
from assessments.storage import accounts, credentials, database, units
from assessments.storage.database import Database
from assessments.storage.tables import AssessmentRow, SystemRow
from tests.asgi import HOST, Answer, ask

HASHES_AS_SHIPPED = passwords._HASHES
passwords._HASHES = PasswordHash((Argon2Hasher(time_cost=1, memory_cost=8, parallelism=1),))
"""In this process a password is hashed by the same method at a hundredth of the cost; a server that runs beside it hashes as shipped."""


def let_in(person: str) -> str:
    """The token of a session that has just been opened, in the database that is in use."""
    with database.transaction() as session:
        return accounts.open_session(session, person, datetime.now(UTC))


@contextmanager
def database_at(home: Path) -> Iterator[Database]:
    """The database in the home folder of a server that runs beside this process."""
    with patch.dict(os.environ, {"HAETAE_HOME": str(home)}):
        opened = Database(f"sqlite:///{home / 'haetae.db'}")
        try:
            yield opened
        finally:
            opened.engine.dispose()


def let_in_at(home: Path, person: str) -> str:
    """The same beside a running server."""
    with database_at(home) as opened, opened.transaction() as session:
        return accounts.open_session(session, person, datetime.now(UTC))


def first_assessment_of(session: Session, system: str) -> int:
    """Of a system by its Korean name."""
    of = select(func.min(AssessmentRow.id)).join(SystemRow, SystemRow.id == AssessmentRow.system_id)
    return int(session.execute(of.where(SystemRow.name_ko == system)).scalar_one())


def start(session: Session, system: str, domain: str, actor: Actor) -> int:
    """A new assessment of the first system of this Korean name."""
    system_id = session.execute(select(func.min(SystemRow.id)).where(SystemRow.name_ko == system)).scalar_one()
    return actions.start_assessment(session, system_id, domain, actor, datetime.now(UTC))


def cookies_of(person: str) -> dict[str, str]:
    """The cookies of somebody who has just come in."""
    return {"haetae_session": let_in(person)}


PASSWORD = "노란 우산과 자전거 다섯 대"


@cache
def password_hash() -> str:
    return passwords.hashed(PASSWORD)


def give_password(person: str) -> None:
    """PASSWORD is theirs from now on."""
    with database.transaction() as session:
        credentials.set_password(session, person, password_hash(), datetime.now(UTC))


def form(**fields: str) -> bytes:
    return urlencode(fields).encode()


def enter(app: Any, person: str, password: str = PASSWORD, *, to: str = "/enter", **more: Any) -> Answer:
    """What the entrance answers to a name and a password."""
    sent = {"origin": f"http://{HOST}"} | more
    return ask(app, to, "POST", body=form(account=person, password=password), **sent)


def take_away(person: str) -> None:
    """Somebody may not come in any more."""
    with database.transaction() as session:
        units.change_account(session, person, is_active=False)
