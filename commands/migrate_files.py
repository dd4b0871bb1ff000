"""`haetae migrate-files`: evidence, sealed reports and logs to another place, such as from a home folder to one for several servers."""

from __future__ import annotations

from typing import Annotated

import typer

from commands import history
from commands._output import Exit, errors_told, tell
from questionnaires.legible import legible

_ADDRESS = "file:///folder or s3://bucket/prefix"


def migrate_files(
    source: Annotated[str, typer.Argument(metavar="FROM", help=f"Where the files are: {_ADDRESS}.")],
    target: Annotated[str, typer.Argument(metavar="TO", help="An empty place, or that of an interrupted move.")],
) -> None:
    """Copy evidence, sealed reports and logs to another place and prove that each came whole. Exit: 1 where something is not intact.

    Nobody can save meanwhile; an interrupted move goes on where it stopped. Stop all servers before.
    """
    with errors_told():
        from assessments.keeping import auditing, moving_files
        from assessments.storage import database, file_store
        from exports.record import attached

        there = file_store.named(target)
        database.prepare()
        with database.transaction() as session:
            moved = moving_files.move(session, file_store.named(source), there, _Progress())
            audit = auditing.audit(session, attached.checkpoint_of, files=there, notes=False)
    tell(f"Files there: {moved.files:,}; copied in this run: {moved.copied:,}. Each was read again and is the same.")
    history.say(audit)
    if not audit.is_intact:
        raise typer.Exit(Exit.BAD)
    tell(f"Set HAETAE_FILES_URL={legible(target)} for every server and every command, then start them again.")
    tell("The old files were not changed.")


class _Progress:
    """A line for each tenth that is done."""

    def __init__(self) -> None:
        self._told = 0

    def __call__(self, share: float) -> None:
        if int(share * 10) > self._told:
            self._told = int(share * 10)
            tell(f"{self._told}/10", to_error=True)
