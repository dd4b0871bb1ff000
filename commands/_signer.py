"""The sealing key for commands: own_signer, check_signer."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from exports.seal.keys import Signer


def check_signer(folder: Path) -> None:
    """The key can be used where there is one. Where there never was, it is made with the first seal, in its operator's name.

    Raises: KeyFileError, AssessmentError.
    """
    from exports.seal import keys

    if keys.file_of(folder) is not None or keys.was_in_use(folder) or _has_sealed(folder):
        own_signer(folder)


def own_signer(folder: Path, at: datetime | None = None, organisation: str = "") -> Signer:
    """The key of this home folder, made at the first use; refused where the register knows reports that another one sealed.

    Raises: KeyFileError, AssessmentError.
    """
    from exports.seal import keys

    if keys.file_of(folder) is None and _has_sealed(folder):
        raise keys.lost(folder / keys.KEY_FILE)
    return keys.load_or_create(folder, at, organisation)


def _has_sealed(folder: Path) -> bool:
    """Whether the register knows a report that was sealed here."""
    from assessments import register
    from assessments.home import home
    from assessments.storage import database

    return folder.resolve() == home().resolve() and database.current().is_there and register.has_entries()
