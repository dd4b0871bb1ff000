"""The sealing keys of an installation over time: create, rotate, put_in_place; retired, known, standing.

Only one key seals. Certificates of former keys are kept, so that their reports still verify; former keys are not.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from assessments.errors import KeyFileError
from exports.seal import certificates, keys
from exports.seal.keys import Algorithm, Signer
from questionnaires.schema import Text
from questionnaires.texts import texts_of
from questionnaires.wording import day_text, seoul_day

TEXTS = texts_of(__file__)
WARNING_DAYS = 90
"""Days before expiry at which a warning starts; enough to have another certificate issued."""


class State(StrEnum):
    """State of the sealing certificate."""

    VALID = "valid"
    ENDS_SOON = "ends_soon"
    ENDED = "ended"
    NOT_YET = "not_yet"


@dataclass(frozen=True)
class Standing:
    """The sealing certificate as of today."""

    certificate: x509.Certificate
    state: State
    days: int
    """Whole days until it expires; negative afterwards."""

    @property
    def can_seal(self) -> bool:
        return self.state in (State.VALID, State.ENDS_SOON)

    @property
    def warning(self) -> Text | None:
        """A warning about the certificate's validity period. None: no warning."""
        if self.state is State.VALID:
            return None
        start, end = self.certificate.not_valid_before_utc, self.certificate.not_valid_after_utc
        if self.state is State.NOT_YET:
            return TEXTS.text("not_yet", start=day_text(seoul_day(start)))
        if self.state is State.ENDED:
            return TEXTS.text("ended", end=day_text(seoul_day(end)))
        return TEXTS.text("ending", end=day_text(seoul_day(end)), days=self.days)


def create(home: Path, algorithm: Algorithm, at: datetime, organisation: str = "") -> Signer:
    """Create the first key of a home folder, or a new one after a loss. Raises: KeyFileError if a key exists."""
    file = keys.file_of(home)
    if file is not None:
        raise KeyFileError(TEXTS.told("key_there_already", file=file))
    return put_in_place(home, keys.make(algorithm, at, organisation))


def rotate(home: Path, algorithm: Algorithm, at: datetime, organisation: str = "") -> Signer:
    """Replace the present key, which must be usable, by a new one.

    organisation: the new key's owner; empty: the owner named in the present certificate. Raises: KeyFileError.
    """
    if keys.file_of(home) is None:
        raise KeyFileError(TEXTS.told("no_key_to_replace", home=home))
    present = keys.load_or_create(home).certificate
    return put_in_place(home, keys.make(algorithm, at, organisation or certificates.organisation(present)))


def put_in_place(home: Path, signer: Signer) -> Signer:
    """Install this key and read it back from the file to prove that it works. Raises: KeyFileError."""
    keys.replace(home, signer)
    return keys.load_or_create(home)


def retired(home: Path) -> tuple[x509.Certificate, ...]:
    """Certificates of former sealing keys, newest first."""
    candidates = [_read(file) for file in sorted((home / keys.ARCHIVE).glob("*.pem"))]
    present = _read(home / keys.CERTIFICATE_FILE)
    old = [certificate for certificate in candidates if certificate is not None and certificate != present]
    return tuple(sorted(old, key=lambda certificate: certificate.not_valid_before_utc, reverse=True))


def known(home: Path) -> tuple[x509.Certificate, ...]:
    """All certificates that verify seals of this installation: the present one, then the retired ones."""
    present = _read(home / keys.CERTIFICATE_FILE)
    return ((present,) if present else ()) + retired(home)


def standing(home: Path, at: datetime) -> Standing | None:
    """Standing of the present certificate; does not open the key. None: there is no certificate yet."""
    certificate = _read(home / keys.CERTIFICATE_FILE)
    if certificate is None:
        return None
    days = (certificate.not_valid_after_utc - at).days
    if at < certificate.not_valid_before_utc:
        return Standing(certificate, State.NOT_YET, days)
    if at > certificate.not_valid_after_utc:
        return Standing(certificate, State.ENDED, days)
    return Standing(certificate, State.ENDS_SOON if days < WARNING_DAYS else State.VALID, days)


def fingerprint(home: Path) -> str:
    """SHA-256 of the present certificate, in hexadecimal; empty if there is none yet."""
    present = _read(home / keys.CERTIFICATE_FILE)
    return certificates.fingerprint(present) if present else ""


def algorithm(certificate: x509.Certificate) -> str:
    """`ECDSA P-256`, `RSA 3072`."""
    key = certificate.public_key()
    if isinstance(key, ec.EllipticCurvePublicKey):
        return f"ECDSA {key.curve.name.replace('secp256r1', 'P-256').replace('secp', 'P-').removesuffix('r1')}"
    return f"RSA {key.key_size}" if isinstance(key, rsa.RSAPublicKey) else type(key).__name__


def _read(file: Path) -> x509.Certificate | None:
    try:
        return x509.load_pem_x509_certificate(file.read_bytes())
    except (OSError, ValueError):
        return None
