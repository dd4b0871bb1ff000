"""Somebody who is signed in already, for tests that are not about signing in: let_in, cookies_of."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path
from unittest.mock import patch

from assessments.storage import accounts, database
from assessments.storage.database import Database


def let_in(person: str) -> str:
    """The token of a session that has just been opened, in the database that is in use."""
    with database.transaction() as session:
        return accounts.open_session(session, person, datetime.now(UTC))


def let_in_at(home: Path, person: str) -> str:
    """The same in the home folder of a server that runs beside this process."""
    with patch.dict(os.environ, {"HAETAE_HOME": str(home)}):
        opened = Database(f"sqlite:///{home / 'haetae.db'}")
        try:
            with opened.transaction() as session:
                return accounts.open_session(session, person, datetime.now(UTC))
        finally:
            opened.engine.dispose()


def cookies_of(person: str) -> dict[str, str]:
    """The cookies of somebody who has just come in."""
    return {"haetae_session": let_in(person)}
