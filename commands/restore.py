"""`haetae restore`: a backup put back."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from assessments.home import home
from commands import history
from commands._output import Exit, errors_told, tell
from commands.backup import tell_passphrase
from questionnaires.legible import legible


def restore(
    folder: Annotated[Path, typer.Argument(help="A backup.")],
    replaces: Annotated[bool, typer.Option("--replace", help="Move what lies in the home folder aside.")] = False,
) -> None:
    """Put a backup into the home folder, once every byte of it was compared. Exit: 1 where what it keeps is not intact."""
    with errors_told():
        from assessments.keeping import backup as backups
        from assessments.storage import database, file_store
        from exports.record import attached

        on_a_server, files_url = database.open_database().path is None, os.environ.get(file_store.VARIABLE, "")
        restored = backups.restore(folder, home(), attached.checkpoint_of, replaces=replaces)
    history.say(restored.audit)
    tell(f"{legible(home())} is what it was at {restored.manifest.at:%Y-%m-%d %H:%M:%S} UTC.")
    if on_a_server:
        tell(
            f"HAETAE_DATABASE_URL names a server. Move the restored database there, into an empty one: "
            f"haetae migrate-database sqlite:///{legible(home() / 'haetae.db')} …"
        )
    if files_url:
        tell(
            f"HAETAE_FILES_URL names another place for evidence and reports. Move the restored ones there, into an empty one: "
            f"haetae migrate-files {home().as_uri()} …"
        )
    if restored.replaced:
        tell(f"What lay there before lies in {legible(restored.replaced)}. Remove it once it is no longer needed.")
    tell_passphrase(home() / "seal.passphrase")
    if not restored.audit.is_intact:
        raise typer.Exit(Exit.BAD)
