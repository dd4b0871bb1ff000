"""The sealing key for commands: own_signer."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from exports.keys import Signer


def own_signer(folder: Path, at: datetime | None = None) -> Signer:
    """The key of this home folder, made at the first use; refused where the register knows reports that another one sealed.

    Raises: KeyFileError, AssessmentError.
    """
    from exports import keys

    if keys.file_of(folder) is None and (folder / "haetae.db").exists():
        from assessments import register

        if register.has_entries():
            raise keys.lost(folder / keys.KEY_FILE)
    return keys.load_or_create(folder, at)
