"""The sealing key for commands: own_signer, check_signer."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from exports.seal.keys import Signer


def check_signer(folder: Path) -> None:
    """The key can be used where there is one. Where there never was, it is made with the first seal, in its operator's name.

    Raises: KeyFileError, AssessmentError, also where another server of the same database has another one.
    """
    from assessments.storage import installation
    from exports.seal import keyring, keys

    installation.check(installation.Thing.SEAL, keyring.fingerprint(folder))
    if keys.file_of(folder) is not None or keys.was_in_use(folder) or _has_sealed(folder):
        own_signer(folder)


def own_signer(folder: Path, at: datetime | None = None, organisation: str = "") -> Signer:
    """The key of this home folder, made at the first use; refused where the register knows reports that another one sealed.

    Raises: KeyFileError, AssessmentError.
    """
    from exports.seal import keys

    if keys.file_of(folder) is None and _has_sealed(folder):
        raise keys.lost(folder / keys.KEY_FILE)
    if _is_of_installation(folder):
        settle(folder, at, organisation)
    return keys.load_or_create(folder, at, organisation)


def settle(folder: Path, at: datetime | None = None, organisation: str = "") -> None:
    """All servers of one database seal with one key. Raises: KeyFileError, AssessmentError where another one has another."""
    from assessments.storage import installation
    from exports.seal import keyring, keys

    installation.settle(
        installation.Thing.SEAL,
        keyring.fingerprint(folder),
        lambda: keys.load_or_create(folder, at, organisation).fingerprint,
    )


def replaced(folder: Path) -> None:
    """The key was replaced by a command: from now on it is this one on every server. Raises: AssessmentError."""
    from assessments.storage import database, installation
    from exports.seal import keyring

    if _is_of_installation(folder) and installation.is_shared():
        with database.transaction() as session:
            installation.state(session, installation.Thing.SEAL, keyring.fingerprint(folder))


def _has_sealed(folder: Path) -> bool:
    """Whether the register knows a report that was sealed here."""
    from assessments import register
    from assessments.storage import database

    return _is_of_installation(folder) and database.current().is_there and register.has_entries()


def _is_of_installation(folder: Path) -> bool:
    from assessments.home import home

    return folder.resolve() == home().resolve()
