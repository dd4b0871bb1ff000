"""`haetae upgrade`: a backup, then the database brought up to this program."""

from __future__ import annotations

import typer

from assessments.home import home
from commands._output import Exit, complain, errors_told, tell
from questionnaires.legible import legible

ON_A_SERVER = (
    "The database lies on a server: before its tables change, back it up there (pg_dump). Migrations run in one "
    "transaction; what fails leaves everything as it was."
)


def upgrade() -> None:
    """Back everything up, always, then bring the database up to this program. Exit: 1 where what is kept is not intact."""
    from assessments.keeping import starting
    from assessments.storage import database
    from commands import backup
    from jobs import schema

    is_intact = True
    with errors_told():
        present = database.current()
        if present.path is None and not present.is_in_memory:
            complain(ON_A_SERVER)
        elif present.is_there:
            is_intact = backup.make().audit.is_intact
        for remark in starting.prepare():
            complain(remark.en)
        schema.prepare()
    tell(f"The database in {legible(home())} is up to date.")
    if not is_intact:
        raise typer.Exit(Exit.BAD)
