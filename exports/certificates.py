"""Reading certificates that somebody hands over: as_pem, fingerprint, organisation, in_order."""

from __future__ import annotations

from collections.abc import Sequence

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID


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


def organisation(certificate: x509.Certificate) -> str:
    """Whom the certificate names; empty where it names nobody."""
    named = certificate.subject.get_attributes_for_oid(NameOID.ORGANIZATION_NAME)
    return str(named[0].value) if named else ""


def has_issued(issuer: x509.Certificate, certificate: x509.Certificate) -> bool:
    """Whether the one's key signed the other; a certificate's own does not count."""
    try:
        certificate.verify_directly_issued_by(issuer)
    except (ValueError, TypeError, InvalidSignature):
        return False
    return issuer != certificate


def in_order(certificate: x509.Certificate, others: Sequence[x509.Certificate]) -> tuple[x509.Certificate, ...]:
    """Those of the others that issued it, one after the other, as far as they go."""
    chain: list[x509.Certificate] = []
    last = certificate
    while issuer := next((one for one in others if one not in chain and has_issued(one, last)), None):
        chain.append(issuer)
        last = issuer
    return tuple(chain)
