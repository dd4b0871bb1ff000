"""The organisation's sealing key: Signer; load_or_create, replace, certificate_pem.

A file in the home folder holds the key, closed by a passphrase, and its certificate. The passphrase comes from the
environment or from a file beside it. The first use makes all three; a key that was there and cannot be read is never replaced. How a key
ends and what comes after it stands in `keyring`.
"""

from __future__ import annotations

import os
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from assessments.errors import KeyFileError
from exports.seal import certificates, key_file
from questionnaires.legible import legible
from questionnaires.texts import texts_of

TEXTS = texts_of(__file__)
KEY_FILE = "seal.key"
OLD_KEY_FILE = "seal.p12"
"""Where versions before 0.2 kept key and certificate, in PKCS#12."""
PASSPHRASE_FILE = "seal.passphrase"  # noqa: S105 - the name of a file
CERTIFICATE_FILE = "certificate.pem"
PASSPHRASE_VARIABLE = "HAETAE_KEY_PASSPHRASE"  # noqa: S105 - the name of a variable
LIFETIME_YEARS = 10
SELF_MADE = "{0.en} ({0.ko})".format(TEXTS["self_made"])
"""Said in the subject, so that every reader of the certificate sees that nobody else vouches for it."""

MOST_OF_NAME = 64
"""Characters of an organisation's name in a certificate. Source: RFC 5280, ub-organization-name."""

ARCHIVE = "certificates"
"""Folder of the certificates that sealed before: one file each, named by fingerprint."""

REPORTS = "reports"
"""Folder of the sealed reports that are registered here."""

PrivateKey = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey


class Algorithm(StrEnum):
    """Algorithm of a key generated here."""

    P256 = "p256"
    RSA3072 = "rsa3072"

    def make(self) -> PrivateKey:
        if self is Algorithm.P256:
            return ec.generate_private_key(ec.SECP256R1())
        return rsa.generate_private_key(public_exponent=65537, key_size=3072)


@dataclass(frozen=True)
class Signer:
    """A private key, parsed once, and the certificate that goes with it."""

    key: PrivateKey
    certificate: x509.Certificate
    chain: tuple[x509.Certificate, ...] = ()
    """Who issued it, one after the other; empty where it is self-made."""

    @property
    def is_self_made(self) -> bool:
        return self.certificate.issuer == self.certificate.subject

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the certificate, in hexadecimal."""
        return certificates.fingerprint(self.certificate)

    def is_valid_at(self, at: datetime) -> bool:
        return self.certificate.not_valid_before_utc <= at <= self.certificate.not_valid_after_utc


def load_or_create(home: Path, at: datetime | None = None, organisation: str = "") -> Signer:
    """The signer of this home folder; created on first use, valid from `at` (default: now), naming the organisation.

    Raises: KeyFileError where key, passphrase or certificate are there but cannot be used.
    """
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    if (home / OLD_KEY_FILE).exists():
        _take_over(home)
    file = file_of(home)
    if file is None:
        file = home / KEY_FILE
        if was_in_use(home):
            raise lost(file)
        _write_new(file, _packed(home, make(Algorithm.P256, at, organisation)))
    signer = _load(file, _passphrase(home, may_make=False))
    _keep_certificate(home, signer)
    return signer


def was_in_use(home: Path) -> bool:
    """Whether the home folder has a trace of a sealing key: its certificate, a former one or a sealed report."""
    return (
        (home / CERTIFICATE_FILE).exists()
        or any((home / ARCHIVE).glob("*.pem"))
        or any(path.is_file() for path in (home / REPORTS).glob("*"))
    )


def lost(file: Path) -> KeyFileError:
    """The error for a lost key. Never replaced silently: its reports would fail under another certificate."""
    return KeyFileError(
        TEXTS.told("key_lost", file=file, name=file.name, passphrase=PASSPHRASE_FILE, certificate=CERTIFICATE_FILE)
    )


def file_of(home: Path) -> Path | None:
    """Path of the key file. None: there is no key."""
    return next((home / name for name in (KEY_FILE, OLD_KEY_FILE) if (home / name).exists()), None)


def make(algorithm: Algorithm, at: datetime | None = None, organisation: str = "") -> Signer:
    """Generate a key and a self-signed certificate valid for ten years from `at` (default: now). Writes nothing."""
    key = algorithm.make()
    return Signer(key, self_made_certificate(key, at or datetime.now(UTC), organisation=organisation))


def replace(home: Path, signer: Signer) -> None:
    """Replace the present key, if any, by another one; former certificates stay in the archive.

    Whatever interrupts it, either the old key or the new one is there whole. Raises: KeyFileError, OSError.
    """
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    archive(home)
    _write(home / KEY_FILE, _packed(home, signer))
    (home / OLD_KEY_FILE).unlink(missing_ok=True)
    _keep_certificate(home, signer)


def archive(home: Path) -> None:
    """Archive the home folder's certificate, so that the reports it sealed can still be verified."""
    try:
        present = (home / CERTIFICATE_FILE).read_bytes()
        name = certificates.fingerprint(x509.load_pem_x509_certificate(present))
    except (FileNotFoundError, ValueError):
        return
    (home / ARCHIVE).mkdir(mode=0o700, exist_ok=True)
    _write_new(home / ARCHIVE / f"{name}.pem", present, mode=0o644)


def _keep_certificate(home: Path, signer: Signer) -> None:
    """Make sure that the certificate file matches the key, even after an interrupted replacement."""
    file, present = home / CERTIFICATE_FILE, certificate_pem(signer)
    if not file.is_file() or file.read_bytes() != present:
        archive(home)
        _write(file, present, mode=0o644)


def _packed(home: Path, signer: Signer) -> bytes:
    passphrase = _passphrase(home, may_make=True)
    if len(passphrase) < key_file.MIN_PASSPHRASE_BYTES:
        raise KeyFileError(
            TEXTS.told("passphrase_short", variable=PASSPHRASE_VARIABLE, least=key_file.MIN_PASSPHRASE_BYTES)
        )
    return key_file.pack(signer.key, signer.certificate, signer.chain, passphrase)


def certificate_pem(signer: Signer) -> bytes:
    """The certificate as a PEM file, to give to whoever verifies reports."""
    return signer.certificate.public_bytes(Encoding.PEM)


def _passphrase(home: Path, *, may_make: bool) -> bytes:
    from_environment = os.environ.get(PASSPHRASE_VARIABLE)
    if from_environment:
        return from_environment.encode()
    file = home / PASSPHRASE_FILE
    if may_make:
        _write_new(file, secrets.token_urlsafe(32).encode())
    try:
        is_open = file.stat().st_mode & 0o077
        passphrase = file.read_bytes().strip()
    except OSError as error:
        raise KeyFileError(
            TEXTS.told(
                "passphrase_missing", file=file, key=home / KEY_FILE, why=error.strerror, variable=PASSPHRASE_VARIABLE
            )
        ) from None
    if is_open:
        raise KeyFileError(TEXTS.told("passphrase_open", file=file))
    return passphrase


def _load(file: Path, passphrase: bytes) -> Signer:
    try:
        key, candidates = key_file.opened(file.read_bytes(), passphrase)
    except (OSError, ValueError, TypeError, UnsupportedAlgorithm):
        raise KeyFileError(
            TEXTS.told("key_unopened", file=file, variable=PASSPHRASE_VARIABLE, passphrase=PASSPHRASE_FILE)
        ) from None
    if not candidates or not isinstance(key, ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey):
        raise KeyFileError(TEXTS.told("not_key_and_certificate", file=file))
    if candidates[0].public_key() != key.public_key():
        raise KeyFileError(TEXTS.told("certificate_of_another", file=file))
    return Signer(key, candidates[0], certificates.in_order(candidates[0], candidates))


def _take_over(home: Path) -> None:
    """A key that lies in PKCS#12, as it did before, comes into today's file; the old one goes once the new one is proven.

    It stays where the passphrase is short: in today's file that could be guessed. Raises: KeyFileError.
    """
    old, file = home / OLD_KEY_FILE, home / KEY_FILE
    passphrase = _passphrase(home, may_make=False)
    if len(passphrase) < key_file.MIN_PASSPHRASE_BYTES:
        return
    try:
        before = _load(old, passphrase)
    except KeyFileError:
        if file.exists():  # another process was quicker, or it is no longer the key that seals
            return
        raise
    _write_new(file, key_file.pack(before.key, before.certificate, before.chain, passphrase))
    _make_lasting(home)
    after = _load(file, passphrase)
    if after.key.private_numbers() == before.key.private_numbers() and after.chain == before.chain:
        old.unlink(missing_ok=True)


def self_made_certificate(
    key: PrivateKey, at: datetime, lifetime: timedelta | None = None, organisation: str = ""
) -> x509.Certificate:
    """A self-signed certificate valid for ten years; its subject says that it is self-signed.

    organisation: owner of the seal, truncated to the length a certificate allows. Empty: unknown.
    """
    serial = x509.random_serial_number()
    named = legible(organisation).strip()[:MOST_OF_NAME].strip()
    name = x509.Name(
        [
            *([x509.NameAttribute(NameOID.ORGANIZATION_NAME, named)] if named else []),
            x509.NameAttribute(NameOID.COMMON_NAME, f"Haetae seal {serial:x}"[:24]),
            x509.NameAttribute(NameOID.ORGANIZATIONAL_UNIT_NAME, SELF_MADE),
        ]
    )
    start = at.replace(microsecond=0)
    end = start + lifetime if lifetime else _years_later(start, LIFETIME_YEARS)
    usage = x509.KeyUsage(
        digital_signature=True,
        content_commitment=True,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=False,
        crl_sign=False,
        encipher_only=False,
        decipher_only=False,
    )
    return (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(serial)
        .not_valid_before(start)
        .not_valid_after(end)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )


def _years_later(at: datetime, years: int) -> datetime:
    """The same day of that year, or 28 February where it has no 29th."""
    try:
        return at.replace(year=at.year + years)
    except ValueError:
        return at.replace(year=at.year + years, day=28)


def _write_new(file: Path, content: bytes, mode: int = 0o600) -> None:
    """Write atomically; never overwrites an existing file, even when two processes start at once."""
    draft = _draft(file, content, mode)
    try:
        os.link(draft, file)
    except FileExistsError:
        pass
    finally:
        draft.unlink()


def _write(file: Path, content: bytes, mode: int = 0o600) -> None:
    """Write atomically, replacing an existing file."""
    os.replace(_draft(file, content, mode), file)
    _make_lasting(file.parent)


def _make_lasting(folder: Path) -> None:
    """Sync the folder, so that renames and removals survive a power failure."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _draft(file: Path, content: bytes, mode: int) -> Path:
    draft = file.with_name(f".{file.name}.{os.getpid()}.{secrets.token_hex(4)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    with os.fdopen(descriptor, "wb") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())
    return draft
