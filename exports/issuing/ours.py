"""What an installation can tell about a file from its own certificates and register: Ours; read, judged.

Command and page both use this rule, so that neither claims more about a foreign seal than the other.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from assessments.registration import Standing
from exports.issuing import sealing
from exports.seal import certificates, keyring
from exports.verification.verdict import Verification


@dataclass(frozen=True)
class Ours:
    """Certificates that this installation seals and time-stamps with, present and former."""

    certificates: tuple[bytes, ...]
    """PEM."""
    stampers: tuple[bytes, ...]
    """Certificates of time-stamp servers, PEM."""
    fingerprints: frozenset[str]
    """Of the certificates."""


def read(home: Path) -> Ours:
    """Read them without creating a key. Raises: InvalidFileError if a setting is damaged."""
    return Ours(
        tuple(sealing.known_certificates(home)),
        tuple(sealing.known_stampers(home)),
        frozenset(certificates.fingerprint(certificate) for certificate in keyring.known(home)),
    )


def judged(verification: Verification, ours: Ours, *, is_given: bool) -> Verification:
    """Of a seal that names no certificate of ours, our certificates say nothing, and our register only if it holds the file.

    is_given: the reader gave a certificate of their own to compare with, which is judged by as it is.
    """
    if verification.certificate is not None and verification.certificate["fingerprint"] in ours.fingerprints:
        return verification
    if verification.registration and verification.registration.standing is not Standing.REGISTERED:
        verification = replace(verification, registration=None)
    if is_given:
        return verification
    return replace(
        verification, is_trusted=None, stamp=verification.stamp and {**verification.stamp, "is_trusted": None}
    )
