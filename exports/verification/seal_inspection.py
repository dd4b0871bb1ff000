"""The seal of a file under examination: Trust; examine. Part of `inspection`; the bytes are untrusted."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from asn1crypto import pem
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import NO_CHANGES_DIFF_POLICY, ModificationLevel
from pyhanko.sign.fields import MDPPerm
from pyhanko.sign.validation import EmbeddedPdfSignature, validate_pdf_signature
from pyhanko.sign.validation.pdf_embedded import read_certification_data
from pyhanko.sign.validation.status import PdfSignatureStatus, SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext

from assessments.model import Json
from exports.record import record
from exports.seal import certificates, container, revocation
from exports.seal.certificates import fingerprint
from exports.seal.pades import Level
from exports.seal.revocation import RevocationData, RevocationStatus
from questionnaires.legible import legible

_STAMP = container.STAMP


@dataclass(frozen=True)
class Trust:
    """The reader's trust anchors and revocation data; certificates in PEM."""

    sealers: Sequence[bytes] = ()
    stampers: Sequence[bytes] = ()
    """Certificates of time-stamp servers. Empty: the sealers' certificates are used for them too."""
    revocation: RevocationData = field(default_factory=RevocationData)
    """In addition to what the file carries."""
    at: datetime | None = None
    """Time of the verification; a current list shows that nothing has been revoked until then."""
    guarded: Sequence[bytes] = ()
    """Certificates that confirm nothing here but that no other certificate may imitate."""


def examine(reader: PdfFileReader, pdf: bytes, trust: Trust, *, is_strict: bool = False) -> Json:
    """Observations by the field names of Verification. is_strict: see exports.container.is_as_written."""
    fields = reader.root["/AcroForm"]["/Fields"] if "/AcroForm" in reader.root else []
    if not len(fields):
        return {"seals": 0}
    field_ = fields[0].get_object()
    if len(fields) > 1 or "/Kids" in field_:  # nothing of ours, and its fields may be without end
        return {"seals": max(2, len(fields))}
    if not reader.embedded_signatures:
        return {"seals": 0}
    if not reader.embedded_regular_signatures:
        return {"seals": 2}
    only = reader.embedded_regular_signatures[0]
    certificate = _read(only.signer_cert)
    is_last = only.evaluate_signature_coverage() is SignatureCoverageLevel.ENTIRE_FILE
    stamped_at = _stamped_at(only)
    status = validate_pdf_signature(
        only,
        # the certificates' dates are checked by Verification; here only whose they are, at the time stated
        _context(trust.sealers, only.self_reported_timestamp, certificate),
        _context(trust.stampers or trust.sealers, stamped_at or only.self_reported_timestamp, _stamper(only)),
        diff_policy=NO_CHANGES_DIFF_POLICY,
        skip_diff=not is_last,  # what was added fails anyway, and comparing a tagged document takes minutes
    )
    known = trust.revocation + _carried(reader)
    others = _others(reader, only, trust)
    stamp = _stamp(status, trust, others, known, certificate) if stamped_at else None
    used_at = stamped_at if stamp and stamp["is_sound"] and stamped_at else only.self_reported_timestamp
    revocation_status = _revocation(certificate, others, known, used_at, trust.at)
    brought = _parsed(trust.sealers)
    chain = _chain(certificate, others, brought)
    return {
        "seals": 1,
        "is_intact": bool(status.intact and status.valid),
        "covers_whole_file": is_last and _fills_its_gap(only, pdf),
        "is_container_plain": container.is_as_written(_filled(only, pdf), is_strict=is_strict),
        "is_unchanged": is_last and bool(status.docmdp_ok) and status.modification_level is ModificationLevel.NONE,
        "is_certified": _is_certified(reader, only),
        "is_trusted": bool(status.trusted) if trust.sealers else None,
        "trusted_by": _confirming(chain, brought) if status.trusted and trust.sealers else None,
        "is_twin": any(
            certificates.is_twin(certificate, candidate) for candidate in (*brought, *_parsed(trust.guarded))
        ),
        "certificate_faults": [
            *([] if certificates.may_sign(certificate) else ["usage"]),
            *certificates.faults(chain, used_at),
        ],
        "sealed_at": record.stamp(only.self_reported_timestamp),
        "certificate": {**_about(certificate), "is_self_made": certificate.issuer == certificate.subject},
        "seal_level": _stated_level(only),
        "has_stamp": stamped_at is not None,
        "stamp": stamp,
        "revocation": {
            "is_known": revocation_status.is_known,
            "revoked_at": revocation_status.revoked_at and record.stamp(revocation_status.revoked_at),
        },
    }


def _revocation(
    certificate: x509.Certificate,
    others: Sequence[x509.Certificate],
    known: RevocationData,
    used_at: datetime,
    asked_at: datetime | None,
) -> RevocationStatus:
    """Revocation status at the time of use or today: what is not revoked today was not revoked then."""
    then = revocation.status(certificate, others, known, used_at)
    if then.is_known or asked_at is None or asked_at > certificate.not_valid_after_utc:
        return then
    now = revocation.status(certificate, others, known, asked_at)
    return replace(then, is_known=now.is_known)


def _chain(
    certificate: x509.Certificate, others: Sequence[x509.Certificate], trusted: Sequence[x509.Certificate]
) -> list[x509.Certificate]:
    """The certificate and its issuers up to the first trusted one, or as far as they are available."""
    chain = [certificate]
    for issuer in certificates.in_order(certificate, others):
        if chain[-1] in trusted:
            break
        chain.append(issuer)
    return chain


def _confirming(chain: Sequence[x509.Certificate], brought: Sequence[x509.Certificate]) -> Json | None:
    """The first of the certificates that the reader brought in the chain. None: it confirms by another way than by this chain."""
    return next(
        (
            {"name": certificates.common_name(issuer), "fingerprint": fingerprint(issuer)}
            for issuer in chain
            if issuer in brought
        ),
        None,
    )


def _stamp(
    status: PdfSignatureStatus,
    trust: Trust,
    others: Sequence[x509.Certificate],
    known: RevocationData,
    sealer: x509.Certificate,
) -> Json | None:
    """The time stamp of the seal. is_trusted None: no certificate of a time-stamp server was given to compare with."""
    stamp = status.timestamp_validity
    if stamp is None:
        return None
    certificate = _read(stamp.signing_cert)
    is_dated = certificate.not_valid_before_utc <= stamp.timestamp <= certificate.not_valid_after_utc
    revoked_at = revocation.status(certificate, others, known, stamp.timestamp).revoked_at
    is_trusted = bool(stamp.trusted)
    is_own = certificates.public_key(certificate) == certificates.public_key(sealer)
    chain = _chain(certificate, others, _parsed(trust.stampers or trust.sealers))
    return {
        **_about(certificate),
        "at": record.stamp(stamp.timestamp),
        "is_sound": bool(stamp.intact and stamp.valid and is_dated),
        "is_trusted": is_trusted if is_trusted or trust.stampers else None,
        "is_of_authority": certificates.may_stamp(certificate) and not is_own,
        "faults": certificates.faults(chain, stamp.timestamp),
        "revoked_at": revoked_at and record.stamp(revoked_at),
    }


def _stated_level(signature: EmbeddedPdfSignature) -> str:
    """The level that the signature itself states; B-B if it states none."""
    made_by = str(signature.sig_object.get("/Prop_Build", {}).get("/App", {}).get("/REx", ""))
    return next((level.value for level in Level if level.stated == made_by), Level.B_B.value)


def _stamped_at(signature: EmbeddedPdfSignature) -> datetime | None:
    for unsigned_attr in signature.signer_info["unsigned_attrs"] or ():
        if unsigned_attr["type"].native == _STAMP:
            at: datetime = (
                unsigned_attr["values"][0]["content"]["encap_content_info"]["content"].parsed["gen_time"].native
            )
            return at
    return None


def _stamper(signature: EmbeddedPdfSignature) -> x509.Certificate | None:
    """The certificate of the time stamp's signer. None: there is no time stamp."""
    for unsigned_attr in signature.signer_info["unsigned_attrs"] or ():
        if unsigned_attr["type"].native == _STAMP:
            return container.signer_of(unsigned_attr["values"][0]["content"])
    return None


def _carried(reader: PdfFileReader) -> RevocationData:
    """CRLs and OCSP responses covered by the seal."""
    return RevocationData(tuple(_stored(reader, "/CRLs")), tuple(_stored(reader, "/OCSPs")))


def _others(reader: PdfFileReader, signature: EmbeddedPdfSignature, trust: Trust) -> list[x509.Certificate]:
    """All available certificates, to search for issuers."""
    carried = [asn1_x509.Certificate.load(der) for der in _stored(reader, "/Certs")]
    brought = _roots((*trust.sealers, *trust.stampers))
    return [_read(certificate) for certificate in (*signature.other_embedded_certs, *carried, *brought)]


def _stored(reader: PdfFileReader, name: str) -> list[bytes]:
    """Entries of one kind in the file's document security store (DSS)."""
    if "/DSS" not in reader.root or name not in reader.root["/DSS"]:
        return []
    return [bytes(stream.get_object().data) for stream in reader.root["/DSS"][name]]


def _read(certificate: asn1_x509.Certificate) -> x509.Certificate:
    return x509.load_der_x509_certificate(certificate.dump())


def _about(certificate: x509.Certificate) -> Json:
    return {
        "subject": certificate.subject.rfc4514_string(),
        "name": certificates.common_name(certificate),
        "organisation": legible(certificates.organisation(certificate)),
        "issuer": certificate.issuer.rfc4514_string(),
        "fingerprint": fingerprint(certificate),
        "from": record.stamp(certificate.not_valid_before_utc),
        "until": record.stamp(certificate.not_valid_after_utc),
    }


def _context(trusted: Sequence[bytes], at: datetime | None, signer: x509.Certificate | None) -> ValidationContext:
    """Validation context; a trusted certificate that is no CA vouches only for itself."""
    roots = [root for root in _roots(trusted) if _read(root) == signer or certificates.is_authority(_read(root))]
    return ValidationContext(trust_roots=roots, allow_fetching=False, moment=at)


def _parsed(trusted: Sequence[bytes]) -> list[x509.Certificate]:
    return [_read(root) for root in _roots(trusted)]


def _filled(signature: EmbeddedPdfSignature, pdf: bytes) -> bytes:
    """The signature container without its zero padding. Empty: nothing that could be a seal."""
    _, first, second, _ = (int(offset) for offset in signature.byte_range)
    filled = re.fullmatch(rb"<([0-9A-F]+)>", pdf[first:second])
    der = bytes.fromhex(filled[1].decode()) if filled else b""
    return der[: 1 + _length_bytes(der)] if len(der) > 1 else b""


def _fills_its_gap(signature: EmbeddedPdfSignature, pdf: bytes) -> bool:
    """The unsigned gap holds the seal in hexadecimal, padded with zeros, and nothing else."""
    start, first, second, rest = (int(offset) for offset in signature.byte_range)
    gap = pdf[first:second]
    whole = re.fullmatch(rb"<([0-9A-F]+)>", gap)
    if start != 0 or second + rest != len(pdf) or whole is None:
        return False
    filled = bytes.fromhex(whole[1].decode())
    size = 1 + _length_bytes(filled) if len(filled) > 1 else 0
    return size > 0 and not any(filled[size:]) and _is_bare(signature)


def _is_bare(signature: EmbeddedPdfSignature) -> bool:
    """The signature has at most one time stamp as unsigned attribute, and the time stamp has none."""
    beside = list(signature.signer_info["unsigned_attrs"] or ())
    if not beside:
        return True
    if len(beside) != 1 or beside[0]["type"].native != _STAMP or len(beside[0]["values"]) != 1:
        return False
    (stamped,) = beside[0]["values"][0]["content"]["signer_infos"]
    return not list(stamped["unsigned_attrs"] or ())


def _length_bytes(der: bytes) -> int:
    """Bytes of the length field and the content of the outermost DER element, without its tag."""
    if der[1] < 0x80:
        return 1 + der[1]
    count = der[1] & 0x7F
    return 1 + count + int.from_bytes(der[2 : 2 + count], "big")


def _is_certified(reader: PdfFileReader, signature: EmbeddedPdfSignature) -> bool:
    info = read_certification_data(reader)
    return (
        info is not None
        and info.permission is MDPPerm.NO_CHANGES
        and info.author_sig.container_ref == signature.sig_object.container_ref
        and signature.sig_object["/SubFilter"] == "/ETSI.CAdES.detached"
    )


def _roots(trusted: Sequence[bytes]) -> list[asn1_x509.Certificate]:
    return [asn1_x509.Certificate.load(der) for text in trusted for _, _, der in pem.unarmor(text, multiple=True)]
