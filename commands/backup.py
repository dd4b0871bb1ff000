"""`haetae backup`: the whole installation, kept elsewhere."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from assessments.home import home
from commands import history
from commands._output import Exit, complain, errors_told, tell
from questionnaires.legible import legible

if TYPE_CHECKING:
    from assessments.keeping.backup import Made


def backup(
    folder: Annotated[Path, typer.Argument(help="A folder that is not there yet, on another disk if possible.")],
) -> None:
    """Copy database, evidence, sealed reports, keys, people and settings, while people work. Exit: 1 where what is kept is not intact."""
    with errors_told():
        made = make(folder)
    if not made.audit.is_intact:
        raise typer.Exit(Exit.BAD)


def make(folder: Path | None = None) -> Made:
    """A backup, and what is to be said about it. folder None: one of its own below the home folder. Raises: AssessmentError."""
    from assessments.keeping import backup as backups
    from assessments.release import version
    from exports.record import attached

    target = folder or home() / "backups" / f"{datetime.now(UTC):%Y%m%dT%H%M%S%fZ}"
    made = backups.make(home(), target.absolute(), version(), attached.checkpoint_of)
    history.say(made.audit)
    tell(
        f"Backup of {len(made.manifest.files):,} files in {legible(made.folder, 500)}, read again and compared. It holds the "
        "signing key: keep it where nobody else can read it."
    )
    tell_passphrase(home() / "seal.passphrase")
    return made


def tell_passphrase(file: Path) -> None:
    """What a backup cannot hold."""
    if not file.exists() and "HAETAE_KEY_PASSPHRASE" in os.environ:
        complain(
            "The passphrase of the signing key comes from HAETAE_KEY_PASSPHRASE and is not in the backup. Keep it too."
        )
