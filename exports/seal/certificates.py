"""Certificates supplied by others: as_pem, fingerprint, organisation, in_order; and what makes one unacceptable: faults."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TypeVar

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from questionnaires.legible import legible

_Extension = TypeVar("_Extension", bound=x509.ExtensionType)

CURVES = (ec.SECP256R1, ec.SECP384R1, ec.SECP521R1, ec.BrainpoolP256R1, ec.BrainpoolP384R1, ec.BrainpoolP512R1)
LEAST_RSA_BITS = 2048
LEAST_RSA_EXPONENT = 65537
HASHES = (hashes.SHA256, hashes.SHA384, hashes.SHA512)


def as_pem(text: bytes) -> str:
    """Convert all certificates in PEM or DER to PEM. Raises: ValueError if there is none or one is damaged."""
    try:
        is_pem = b"-----BEGIN" in text
        certificates = x509.load_pem_x509_certificates(text) if is_pem else [x509.load_der_x509_certificate(text)]
    except ValueError:
        raise ValueError("there is no certificate in it that can be read") from None
    return "".join(certificate.public_bytes(Encoding.PEM).decode() for certificate in certificates)


def fingerprint(certificate: x509.Certificate) -> str:
    """SHA-256 of the certificate, in hexadecimal digits."""
    return certificate.fingerprint(hashes.SHA256()).hex()


def organisation(certificate: x509.Certificate) -> str:
    """The organisation that the certificate names; empty if it names none."""
    named = certificate.subject.get_attributes_for_oid(NameOID.ORGANIZATION_NAME)
    return str(named[0].value) if named else ""


def common_name(certificate: x509.Certificate) -> str:
    """The name that the certificate's subject bears, fit for a line; the whole subject where it bears none."""
    named = [str(attribute.value) for attribute in certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)]
    return legible(", ".join(named) or certificate.subject.rfc4514_string())


def has_issued(issuer: x509.Certificate, certificate: x509.Certificate) -> bool:
    """Whether the first certificate's key signed the second; self-signed certificates do not count."""
    try:
        certificate.verify_directly_issued_by(issuer)
    except (ValueError, TypeError, InvalidSignature):
        return False
    return issuer != certificate


def in_order(certificate: x509.Certificate, others: Sequence[x509.Certificate]) -> tuple[x509.Certificate, ...]:
    """The certificate's chain of issuers among the others, as far as it can be followed."""
    chain: list[x509.Certificate] = []
    last = certificate
    while issuer := next(
        (candidate for candidate in others if candidate not in chain and has_issued(candidate, last)), None
    ):
        chain.append(issuer)
        last = issuer
    return tuple(chain)


def faults(chain: Sequence[x509.Certificate], at: datetime) -> list[str]:
    """Why a certificate is not acceptable at a given time: key, hash, issuer_date; their texts are in verification.yaml.

    chain: the certificate, then whoever issued it, up to the one that is trusted.
    """
    signed = [
        certificate for certificate in chain if certificate.issuer != certificate.subject or certificate is chain[0]
    ]  # nobody relies on a root's own signature
    is_wrong = {
        "key": not all(has_strong_key(certificate) for certificate in chain),
        "hash": not all(isinstance(certificate.signature_hash_algorithm, HASHES) for certificate in signed),
        "issuer_date": not all(
            certificate.not_valid_before_utc <= at <= certificate.not_valid_after_utc for certificate in chain[1:]
        ),
    }
    return [name for name, holds in is_wrong.items() if holds]


def has_strong_key(certificate: x509.Certificate) -> bool:
    key = certificate.public_key()
    if isinstance(key, ec.EllipticCurvePublicKey):
        return isinstance(key.curve, CURVES)
    if isinstance(key, rsa.RSAPublicKey):
        return key.key_size >= LEAST_RSA_BITS and key.public_numbers().e >= LEAST_RSA_EXPONENT
    return False


def may_sign(certificate: x509.Certificate) -> bool:
    """Whether its key usage permits signing documents; a certificate that states no key usage permits it."""
    usage = _extension(certificate, x509.KeyUsage)
    return usage is None or usage.digital_signature


def may_stamp(certificate: x509.Certificate) -> bool:
    usage = _extension(certificate, x509.ExtendedKeyUsage)
    return usage is not None and ExtendedKeyUsageOID.TIME_STAMPING in usage


def is_authority(certificate: x509.Certificate) -> bool:
    """Whether it may issue other certificates (CA)."""
    constraints, usage = _extension(certificate, x509.BasicConstraints), _extension(certificate, x509.KeyUsage)
    return constraints is not None and constraints.ca and (usage is None or usage.key_cert_sign)


def is_twin(certificate: x509.Certificate, own: x509.Certificate) -> bool:
    """Whether it imitates another certificate: same issuer and serial number, or same key identifier, but another key.

    Of two that are self-made, the same name is enough: it has the number in it.
    """
    if public_key(certificate) == public_key(own):
        return False
    names = [_extension(candidate, x509.SubjectKeyIdentifier) for candidate in (certificate, own)]
    is_same_number = (certificate.issuer, certificate.serial_number) == (own.issuer, own.serial_number)
    is_same_name = certificate.subject == own.subject and all(
        candidate.issuer == candidate.subject for candidate in (certificate, own)
    )
    return is_same_number or is_same_name or (names[0] is not None and names[0] == names[1])


def public_key(certificate: x509.Certificate) -> bytes:
    return certificate.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


def _extension(certificate: x509.Certificate, kind: type[_Extension]) -> _Extension | None:
    try:
        return certificate.extensions.get_extension_for_class(kind).value
    except (x509.ExtensionNotFound, ValueError):
        return None
