"""`haetae upgrade`: a backup, then the database brought up to this program."""

from __future__ import annotations

from assessments.home import home
from commands._output import errors_told, tell


def upgrade() -> None:
    """Back the database up and migrate it; does nothing where it is up to date."""
    from assessments.storage import database

    with errors_told():
        database.prepare()
    tell(f"The database in {home()} is up to date; where something changed, the backup lies beside it.")
