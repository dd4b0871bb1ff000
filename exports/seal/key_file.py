"""The bytes of a key file: pack, opened. The private key as encrypted PKCS#8, then its certificate and who issued it, all PEM.

A PKCS#12 file is read too: issuers hand them out, and Haetae kept its own key in one before.
"""

from __future__ import annotations

from collections.abc import Sequence

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    PrivateFormat,
    load_pem_private_key,
    pkcs12,
)

MIN_PASSPHRASE_BYTES = 20
"""PKCS#8 makes a guess cheap, so the passphrase alone must be out of reach of guessing; the one made here has 256 random bits."""


def pack(
    key: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey,
    certificate: x509.Certificate,
    chain: Sequence[x509.Certificate],
    passphrase: bytes,
) -> bytes:
    """One file, so that a key is never beside the certificate of another."""
    closed = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(passphrase))
    return closed + b"".join(candidate.public_bytes(Encoding.PEM) for candidate in (certificate, *chain))


def opened(content: bytes, passphrase: bytes | None) -> tuple[object, list[x509.Certificate]]:
    """The private key, and the certificates in the order of the file.

    Raises: ValueError, TypeError where it is no key file or the passphrase is not its own; UnsupportedAlgorithm.
    """
    if not is_pem(content):
        key, certificate, others = pkcs12.load_key_and_certificates(content, passphrase)
        return key, [candidate for candidate in (certificate, *others) if candidate is not None]
    is_closed = b"ENCRYPTED" in content
    private_key = load_pem_private_key(content, passphrase if is_closed else None)
    has_certificate = b"-----BEGIN CERTIFICATE-----" in content
    return private_key, x509.load_pem_x509_certificates(content) if has_certificate else []


def is_pem(content: bytes) -> bool:
    return b"-----BEGIN" in content
