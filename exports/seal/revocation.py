"""Whether a certificate was revoked, by lists and answers at hand: RevocationData; read, status.

pyhanko-certvalidator judges each list and answer: its signature, its issuer or the responder that the issuer appointed,
its scope. How fresh one must be to show that nothing was revoked is stated here.
"""

from __future__ import annotations

import asyncio
import base64
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from asn1crypto import crl as asn1_crl
from asn1crypto import ocsp as asn1_ocsp
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import ocsp
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.authority import CertTrustAnchor
from pyhanko_certvalidator.errors import RevokedError
from pyhanko_certvalidator.path import ValidationPath
from pyhanko_certvalidator.policy_decl import NO_REVOCATION, CertRevTrustPolicy
from pyhanko_certvalidator.revinfo.validate_crl import find_cert_in_list, verify_crl
from pyhanko_certvalidator.revinfo.validate_ocsp import verify_ocsp_response

from exports.seal.certificates import has_issued, is_authority

FRESH = timedelta(days=40)
"""How old a list or answer may be at the time that is asked about; issuers renew theirs within days or a month."""
FRESH_OF_AUTHORITIES = timedelta(days=400)
"""The same for certificates of issuers themselves, whose lists are renewed once a year."""
_POLICY = CertRevTrustPolicy(NO_REVOCATION)
"""Of whoever signs lists and answers in the issuer's name nothing more is asked than that the issuer appointed them."""


@dataclass(frozen=True)
class RevocationData:
    """Revocation lists and OCSP responses, each in DER."""

    crls: tuple[bytes, ...] = ()
    ocsps: tuple[bytes, ...] = ()

    def __add__(self, other: RevocationData) -> RevocationData:
        return RevocationData(self.crls + other.crls, self.ocsps + other.ocsps)


@dataclass(frozen=True)
class RevocationStatus:
    """Revocation status of one certificate."""

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
    if _is_list(der):
        return RevocationData(crls=(der,))
    if _is_answer(der):
        return RevocationData(ocsps=(der,))
    raise ValueError("there is no revocation list and no OCSP response in it that can be read")


def status(
    certificate: x509.Certificate, others: Iterable[x509.Certificate], known: RevocationData, at: datetime
) -> RevocationStatus:
    """Status of the certificate at a time, from data signed by its issuer, which is one of the others.

    Data issued after that time, expired by then, or older than FRESH prove nothing about it; a revocation is reported
    whenever it was published.
    """
    issuers = [candidate for candidate in others if has_issued(candidate, certificate)]
    statuses = [
        revocation_status
        for issuer in issuers
        for revocation_status in (
            *_by_lists(certificate, issuer, known.crls, at),
            *_by_answers(certificate, issuer, known.ocsps, at),
        )
    ]
    revoked = [revocation_status.revoked_at for revocation_status in statuses if revocation_status.revoked_at]
    return RevocationStatus(
        any(revocation_status.is_known for revocation_status in statuses), min(revoked) if revoked else None
    )


def _by_lists(
    certificate: x509.Certificate, issuer: x509.Certificate, crls: Iterable[bytes], at: datetime
) -> Iterator[RevocationStatus]:
    path = _path(certificate, issuer)
    for der in crls:
        try:
            crl = asn1_crl.CertificateList.load(der)
            issued_at = crl["tbs_cert_list"]["this_update"].native
            is_good = _is_good(verify_crl(_asn1(certificate), path, _context(issuer, issued_at, crls=[crl])))
            entered_at, reason = find_cert_in_list(
                _asn1(certificate), _asn1(certificate).issuer, crl, _asn1(issuer).subject
            )
        except Exception:  # noqa: S112 - another issuer's list, or a damaged one: it says nothing
            continue
        if reason is not None and reason.native != "remove_from_crl":
            yield RevocationStatus(True, entered_at)
        elif is_good:
            end = crl["tbs_cert_list"]["next_update"].native
            yield RevocationStatus(_speaks_for(certificate, issued_at, end, at))


def _by_answers(
    certificate: x509.Certificate, issuer: x509.Certificate, ocsps: Iterable[bytes], at: datetime
) -> Iterator[RevocationStatus]:
    path = _path(certificate, issuer)
    for der in ocsps:
        try:
            ocsp_response = asn1_ocsp.OCSPResponse.load(der)
            (only,) = (
                response
                for response in ocsp_response.basic_ocsp_response["tbs_response_data"]["responses"]
                if response["cert_id"]["serial_number"].native == certificate.serial_number
            )
            issued_at = only["this_update"].native
            is_good = _is_good(
                verify_ocsp_response(_asn1(certificate), path, _context(issuer, issued_at, ocsps=[ocsp_response]))
            )
        except Exception:  # noqa: S112 - another issuer's answer, or a damaged one: it says nothing
            continue
        if only["cert_status"].name == "revoked":
            yield RevocationStatus(True, only["cert_status"].chosen["revocation_time"].native)
        elif is_good:
            yield RevocationStatus(_speaks_for(certificate, issued_at, only["next_update"].native, at))


def _is_good(judging: object) -> bool:
    """Whether the list or answer, at its own time, is the issuer's and speaks well of the certificate.

    False: it says that the certificate was revoked. Raises: one of pyhanko_certvalidator's errors where it is not to be
    relied on.
    """
    try:
        asyncio.run(judging)  # type: ignore[arg-type]
    except RevokedError:
        return False
    return True


def _speaks_for(certificate: x509.Certificate, issued_at: datetime, end: datetime | None, at: datetime) -> bool:
    fresh = FRESH_OF_AUTHORITIES if is_authority(certificate) else FRESH
    return end is not None and issued_at <= at <= min(end, issued_at + fresh)


def _path(certificate: x509.Certificate, issuer: x509.Certificate) -> ValidationPath:
    return ValidationPath(CertTrustAnchor(_asn1(issuer)), [], _asn1(certificate))


def _context(issuer: x509.Certificate, at: datetime, **known: object) -> ValidationContext:
    """Nothing is fetched; only this issuer is believed."""
    return ValidationContext(
        trust_roots=[_asn1(issuer)],
        moment=at.astimezone(UTC),
        allow_fetching=False,
        revinfo_policy=_POLICY,
        **known,  # type: ignore[arg-type]
    )


def _asn1(certificate: x509.Certificate) -> asn1_x509.Certificate:
    return asn1_x509.Certificate.load(certificate.public_bytes(Encoding.DER))


def _is_list(der: bytes) -> bool:
    try:
        x509.load_der_x509_crl(der)
    except ValueError:
        return False
    return True


def _is_answer(der: bytes) -> bool:
    try:
        return ocsp.load_der_ocsp_response(der).response_status is ocsp.OCSPResponseStatus.SUCCESSFUL
    except ValueError:
        return False
