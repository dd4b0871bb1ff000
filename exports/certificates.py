"""Reading certificates that somebody hands over: as_pem, fingerprint."""

from __future__ import annotations

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding


def as_pem(text: bytes) -> str:
    """All certificates in PEM or DER, as PEM. Raises: ValueError where there is none or it is damaged."""
    try:
        is_pem = b"-----BEGIN" in text
        found = x509.load_pem_x509_certificates(text) if is_pem else [x509.load_der_x509_certificate(text)]
    except ValueError:
        raise ValueError("there is no certificate in it that can be read") from None
    return "".join(one.public_bytes(Encoding.PEM).decode() for one in found)


def fingerprint(certificate: x509.Certificate) -> str:
    """SHA-256 of the certificate, in hexadecimal digits."""
    return certificate.fingerprint(hashes.SHA256()).hex()
