"""The key that seals, the same on every server of one database: settle, before anything is sealed or its certificate handed out."""

from __future__ import annotations

from assessments import register
from assessments.home import home
from assessments.storage import installation


def settle(organisation: str = "") -> None:
    """Where there is none anywhere it is made here, and named to all. Raises: KeyFileError; AssessmentError where others have another."""
    from exports.seal import keyring, keys

    installation.check(installation.Thing.SEAL, keyring.fingerprint(home()))
    if keys.file_of(home()) is None and register.has_entries():  # its reports would fail under another one
        raise keys.lost(home() / keys.KEY_FILE)
    installation.settle(
        installation.Thing.SEAL,
        keyring.fingerprint(home()),
        lambda: keys.load_or_create(home(), organisation=organisation).fingerprint,
    )
