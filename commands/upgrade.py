"""`haetae upgrade`: a backup, then the database brought up to this program."""

from __future__ import annotations

from pathlib import Path

import typer

from assessments.home import home
from commands._output import Exit, complain, errors_told, tell
from questionnaires.legible import legible


def upgrade() -> None:
    """Back everything up, always, then bring the database up to this program. Exit: 1 where what is kept is not intact."""
    from assessments.keeping import starting
    from assessments.storage import database
    from commands import backup

    is_intact = True
    with errors_told():
        file = database.current().path
        if file is not None and Path(file).exists():
            is_intact = backup.make().audit.is_intact
        for remark in starting.prepare():
            complain(remark.en)
    tell(f"The database in {legible(home())} is up to date.")
    if not is_intact:
        raise typer.Exit(Exit.BAD)
