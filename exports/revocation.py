"""Whether a certificate was revoked, by lists and answers at hand: RevocationData; read, status.

Only what the certificate's own issuer signed counts, or a responder that the issuer appointed.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.x509 import ocsp
from cryptography.x509.oid import ExtendedKeyUsageOID

from exports.certificates import has_issued


@dataclass(frozen=True)
class RevocationData:
    """Revocation lists and OCSP responses, each in DER."""

    crls: tuple[bytes, ...] = ()
    ocsps: tuple[bytes, ...] = ()

    def __add__(self, other: RevocationData) -> RevocationData:
        return RevocationData(self.crls + other.crls, self.ocsps + other.ocsps)


@dataclass(frozen=True)
class RevocationStatus:
    """What is known of one certificate."""

    is_known: bool
    """Whether a list or an answer speaks for the time that was asked about."""
    revoked_at: datetime | None = None


def read(text: bytes) -> RevocationData:
    """One file: a CRL or an OCSP response, PEM or DER. Raises: ValueError."""
    armored = re.search(rb"-----BEGIN ([A-Z0-9 ]+)-----(.+?)-----END \1-----", text, re.DOTALL)
    try:
        der = base64.b64decode(armored[2]) if armored else text
    except ValueError:
        raise ValueError("it is damaged") from None
    if _crl(der) is not None:
        return RevocationData(crls=(der,))
    if _ocsp(der) is not None:
        return RevocationData(ocsps=(der,))
    raise ValueError("there is no revocation list and no OCSP response in it that can be read")


def status(
    certificate: x509.Certificate, others: Iterable[x509.Certificate], known: RevocationData, at: datetime
) -> RevocationStatus:
    """Of the certificate at a time, by what its issuer, one of the others, says. A later revocation is told too."""
    issuers = [one for one in others if has_issued(one, certificate)]
    said = [
        one
        for issuer in issuers
        for one in (*_by_lists(certificate, issuer, known.crls, at), *_by_answers(certificate, issuer, known.ocsps, at))
    ]
    revoked = [one.revoked_at for one in said if one.revoked_at]
    return RevocationStatus(any(one.is_known for one in said), min(revoked) if revoked else None)


def _by_lists(
    certificate: x509.Certificate, issuer: x509.Certificate, crls: Iterable[bytes], at: datetime
) -> Iterator[RevocationStatus]:
    for der in crls:
        found = _crl(der)
        if found is None or found.issuer != issuer.subject or not _signed_list(found, issuer):
            continue
        entry = found.get_revoked_certificate_by_serial_number(certificate.serial_number)
        if entry is not None and not _is_lifted(entry):
            yield RevocationStatus(True, entry.revocation_date_utc)
        elif _speaks_for(found, certificate):
            end = found.next_update_utc
            yield RevocationStatus(end is None or at <= end)


def _by_answers(
    certificate: x509.Certificate, issuer: x509.Certificate, ocsps: Iterable[bytes], at: datetime
) -> Iterator[RevocationStatus]:
    for der in ocsps:
        found = _ocsp(der)
        if found is None or not _signed_answer(found, issuer):
            continue
        for one in found.responses:
            if one.serial_number != certificate.serial_number:
                continue
            if one.certificate_status is ocsp.OCSPCertStatus.REVOKED:
                yield RevocationStatus(True, one.revocation_time_utc)
            elif one.certificate_status is ocsp.OCSPCertStatus.GOOD:
                end = one.next_update_utc
                yield RevocationStatus(one.this_update_utc >= at if end is None else at <= end)


def _speaks_for(found: x509.CertificateRevocationList, certificate: x509.Certificate) -> bool:
    """Whether a certificate that is not in the list would be, had it been revoked. Source: RFC 5280, 5.2.5."""
    part = next((one.value for one in found.extensions if isinstance(one.value, x509.IssuingDistributionPoint)), None)
    if any(one.critical and one.value is not part for one in found.extensions):
        return False
    if part is None:
        return True
    if part.indirect_crl or part.only_some_reasons or part.only_contains_ca_certs or part.only_contains_attribute_certs:
        return False
    try:
        points = certificate.extensions.get_extension_for_class(x509.CRLDistributionPoints).value
    except (x509.ExtensionNotFound, ValueError):
        return part.full_name is None
    named = {name for point in points for name in point.full_name or ()}
    return part.full_name is None or bool(named & set(part.full_name))


def _crl(der: bytes) -> x509.CertificateRevocationList | None:
    try:
        return x509.load_der_x509_crl(der)
    except ValueError:
        return None


def _ocsp(der: bytes) -> ocsp.OCSPResponse | None:
    try:
        found = ocsp.load_der_ocsp_response(der)
    except ValueError:
        return None
    return found if found.response_status is ocsp.OCSPResponseStatus.SUCCESSFUL else None


def _signed_list(found: x509.CertificateRevocationList, issuer: x509.Certificate) -> bool:
    key = issuer.public_key()
    return isinstance(key, ec.EllipticCurvePublicKey | rsa.RSAPublicKey) and found.is_signature_valid(key)


def _signed_answer(found: ocsp.OCSPResponse, issuer: x509.Certificate) -> bool:
    """By the issuer itself, or by a responder that it appointed. Source: RFC 6960, 4.2.2.2."""
    appointed = [one for one in found.certificates if has_issued(issuer, one) and _may_answer(one)]
    return any(_is_signed_by(found, one) for one in (issuer, *appointed))


def _may_answer(responder: x509.Certificate) -> bool:
    try:
        usage = responder.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    except (x509.ExtensionNotFound, ValueError):
        return False
    return ExtendedKeyUsageOID.OCSP_SIGNING in usage


def _is_signed_by(found: ocsp.OCSPResponse, signer: x509.Certificate) -> bool:
    key, hash_ = signer.public_key(), found.signature_hash_algorithm
    try:
        if isinstance(key, ec.EllipticCurvePublicKey) and hash_:
            key.verify(found.signature, found.tbs_response_bytes, ec.ECDSA(hash_))
        elif isinstance(key, rsa.RSAPublicKey) and hash_:
            key.verify(found.signature, found.tbs_response_bytes, padding.PKCS1v15(), hash_)
        else:
            return False
    except InvalidSignature:
        return False
    return True


def _is_lifted(entry: x509.RevokedCertificate) -> bool:
    try:
        reason = entry.extensions.get_extension_for_class(x509.CRLReason).value.reason
    except (x509.ExtensionNotFound, ValueError):
        return False
    return reason is x509.ReasonFlags.remove_from_crl
