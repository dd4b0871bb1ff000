"""The key that seals, the same on every server of one database: settle, before anything is sealed or its certificate handed out."""

from __future__ import annotations

from assessments.home import home
from assessments.storage import installation


def settle(organisation: str = "") -> None:
    """Where there is none anywhere it is made here, and named to all. Raises: KeyFileError; AssessmentError where others have another."""
    from exports.seal import keyring, keys

    installation.settle(
        installation.Thing.SEAL,
        keyring.fingerprint(home()),
        lambda: keys.load_or_create(home(), organisation=organisation).fingerprint,
    )
