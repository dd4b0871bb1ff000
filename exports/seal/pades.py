"""The seal of a report: seal → Seal. One PAdES certification signature that permits no changes, in a single revision.

Its level: B-B, the plain seal; B-T, with a time stamp; B-LT, with a time stamp and with what shows that nothing was revoked.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from io import BytesIO
from typing import Any

from asn1crypto import keys as asn1_keys
from asn1crypto import tsp
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
)
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign import fields, signers
from pyhanko.sign.attributes import CMSAttributeProvider, SignedAttributeProviderSpec
from pyhanko.sign.general import SigningError, as_signing_certificate_v2
from pyhanko.sign.signers.pdf_byterange import BuildProps
from pyhanko.sign.signers.pdf_signer import DSSContentSettings, SigDSSPlacementPreference
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.registry import SimpleCertificateStore

from assessments.errors import KeyFileError, SealRefusedError
from exports.seal import revocation
from exports.seal.container import lowered
from exports.seal.keys import PrivateKey, Signer
from exports.seal.revocation import RevocationData
from exports.seal.settings import SealSettings, TimeStampServer
from exports.seal.time_stamps import HttpTimeStamper, TimeStampError
from questionnaires.texts import texts_of
from questionnaires.wording import day_text, seoul_day

TEXTS = texts_of(__file__)
FIELD = "Seal"
REASON = "{0.ko} / {0.en}".format(TEXTS["reason"])
OF_COMMITTEE = "{0.ko} / {0.en}".format(TEXTS["reason_committee"])
"""Reason of the seal of a committee's paper or minutes."""
OFFICIAL = "{0.ko} / {0.en}".format(TEXTS["reason_official"])
"""Reason of the seal of an official document."""
CLOCKS_DIFFER = timedelta(hours=1)
"""How far the clock of this computer may be from the time stamp; beyond that one of them is wrong."""


class Level(StrEnum):
    """PAdES level of a seal. The signature covers the stated level, so that nothing can be removed unnoticed."""

    B_B = "B-B"
    B_T = "B-T"
    B_LT = "B-LT"

    @property
    def stated(self) -> str:
        """The level as written in the file, searchable as plain text: `PAdES BT`."""
        return f"PAdES {self.value.replace('-', '')}"


@dataclass(frozen=True)
class Seal:
    """A sealed report and the way it was sealed."""

    pdf: bytes
    level: Level
    certificate: str
    """SHA-256 of the sealing certificate."""
    why_no_stamp: str = ""
    """What the time-stamp server did where a stamp was asked for and the settings let a seal go without."""


def seal(pdf: bytes, signer: Signer, at: datetime | None = None) -> bytes:
    """Seal the PDF at level B-B: certified, no later changes permitted, no visible mark on the pages.

    at: the time stated in the seal (now). Raises: KeyFileError where the certificate does not count at that time.
    """
    return seal_as_set(pdf, signer, SealSettings(), at).pdf


def seal_as_set(
    pdf: bytes, signer: Signer, settings: SealSettings, at: datetime | None = None, reason: str = REASON
) -> Seal:
    """Seal the PDF at the level in the settings; at a lower one only if the settings allow it. reason: stated in the seal.

    Raises: KeyFileError as in `seal`; SealRefusedError where no time stamp is to be had or revocation cannot be shown.
    """
    at = (at or datetime.now(UTC)).replace(microsecond=0)
    _check_dates(signer, at)
    why_no_stamp = ""
    if settings.time_stamps is not None:
        try:
            sealed, level = _stamped(pdf, signer, settings.time_stamps, settings.revocation, at, reason)
            return Seal(sealed, level, signer.fingerprint)
        except TimeStampError as error:
            if not settings.time_stamps.may_go_without:
                raise _no_stamp(settings.time_stamps, str(error)) from None
            why_no_stamp = str(error)
    return Seal(_signed(pdf, signer, at, Level.B_B, reason), Level.B_B, signer.fingerprint, why_no_stamp)


def _stamped(
    pdf: bytes, signer: Signer, server: TimeStampServer, revoked: RevocationData | None, at: datetime, reason: str
) -> tuple[bytes, Level]:
    level = Level.B_LT if revoked else Level.B_T
    stamper = _stamper(server)
    more: dict[str, Any] = {}
    if revoked:
        _check_revocation(signer, server, revoked, at)
        anchor = signer.chain[-1] if signer.chain else signer.certificate
        more = {
            "embed_validation_info": True,
            "validation_context": ValidationContext(
                trust_roots=[_asn1(certificate) for certificate in (anchor, *server.certificates)],
                crls=list(revoked.crls),
                ocsps=list(revoked.ocsps),
                allow_fetching=False,
                moment=at,
                retroactive_revinfo=True,
            ),
            # in the seal's own revision: a second one would defeat simple readers, and take them ten seconds
            "dss_settings": DSSContentSettings(
                placement=SigDSSPlacementPreference.TOGETHER_WITH_SIGNATURE, include_vri=False
            ),
        }
    try:
        sealed = _signed(pdf, signer, at, level, reason, stamper, **more)
    except SigningError as error:
        if not revoked:
            raise
        raise SealRefusedError(TEXTS.told("no_validation_data", error=error)) from None
    stamped_at = _stamped_at(sealed)
    if abs(stamped_at - at) > CLOCKS_DIFFER:
        raise TimeStampError(f"its clock says {stamped_at:%Y-%m-%d %H:%M} UTC, this computer's {at:%Y-%m-%d %H:%M} UTC")
    return sealed, level


def _signed(
    pdf: bytes,
    signer: Signer,
    at: datetime,
    level: Level,
    reason: str = REASON,
    stamper: HttpTimeStamper | None = None,
    **more: Any,
) -> bytes:
    about = signers.PdfSignatureMetadata(
        field_name=FIELD,
        md_algorithm="sha256",
        reason=reason,
        app_build_props=BuildProps("Haetae", level.stated),
        certify=True,
        docmdp_permissions=fields.MDPPerm.NO_CHANGES,
        subfilter=fields.SigSeedSubFilter.PADES,
        **more,
    )
    field = fields.SigFieldSpec(FIELD, readable_field_name=reason)  # no box: the widget has no area on the page
    sealed = BytesIO()
    _AtTime(about, _pades_signer(signer), at, timestamper=stamper, new_field_spec=field).sign_pdf(
        _UnchangedMetadata(BytesIO(pdf)), output=sealed, bytes_reserved=None if stamper else _room(signer)
    )
    return sealed.getvalue()


def _room(signer: Signer) -> int:
    """Hexadecimal digits reserved for a plain seal: certificates, signature and 2 KB of overhead.

    Without it pyHanko makes the whole signature a first time to see how long it gets.
    """
    certificates = (signer.certificate, *signer.chain)
    return 2 * (
        sum(len(certificate.public_bytes(Encoding.DER)) for certificate in certificates)
        + signer.key.key_size // 4
        + 2048
    )


@lru_cache(maxsize=4)
def _stamper(server: TimeStampServer) -> HttpTimeStamper:
    """Cached, because it learns the size of a time stamp only by requesting one."""
    return HttpTimeStamper(server)


def _stamped_at(sealed: bytes) -> datetime:
    (seal,) = PdfFileReader(BytesIO(sealed)).embedded_signatures
    (token,) = (
        unsigned_attr
        for unsigned_attr in seal.signer_info["unsigned_attrs"]
        if unsigned_attr["type"].native == "signature_time_stamp_token"
    )
    at: datetime = token["values"][0]["content"]["encap_content_info"]["content"].parsed["gen_time"].native
    return at


def _check_dates(signer: Signer, at: datetime) -> None:
    if signer.is_valid_at(at):
        return
    start, end = signer.certificate.not_valid_before_utc, signer.certificate.not_valid_after_utc
    raise KeyFileError(
        TEXTS.told(
            "certificate_not_valid",
            at=day_text(seoul_day(at)),
            start=day_text(seoul_day(start)),
            end=day_text(seoul_day(end)),
        )
    )


def _check_revocation(signer: Signer, server: TimeStampServer, known: RevocationData, at: datetime) -> None:
    """Check that every certificate issued by somebody else is shown not to be revoked. Raises: SealRefusedError."""
    all_ = (signer.certificate, *signer.chain, *server.certificates)
    for certificate in all_:
        if certificate.issuer == certificate.subject:
            continue
        status = revocation.status(certificate, all_, known, at)
        name = certificate.subject.rfc4514_string()
        if status.revoked_at is not None:
            raise SealRefusedError(
                TEXTS.told("certificate_revoked", name=name, revoked_at=day_text(seoul_day(status.revoked_at)))
            )
        if not status.is_known:
            raise SealRefusedError(TEXTS.told("revocation_unknown", name=name))


def _no_stamp(server: TimeStampServer, why: str) -> SealRefusedError:
    return SealRefusedError(TEXTS.told("no_stamp", url=server.url, why=why))


class _UnchangedMetadata(IncrementalPdfFileWriter):
    """Keeps title, dates and XMP as rendered; pyHanko would set the dates from the clock and rewrite the XMP."""

    def _update_meta(self) -> None:
        return


class _AtTime(signers.PdfSigner):
    """Signs with a given time instead of the current one."""

    def __init__(self, about: signers.PdfSignatureMetadata, signer: signers.Signer, at: datetime, **more: Any) -> None:
        super().__init__(about, signer, **more)
        self._at = at

    def init_signing_session(self, *arguments: Any, **named: Any) -> Any:
        session = super().init_signing_session(*arguments, **named)
        session.system_time = self._at
        return session


class _SealCertificates(CMSAttributeProvider):
    """Digests of all certificates in the seal, the sealing one first, so that the signature covers them all."""

    attribute_type = "signing_certificate_v2"

    def __init__(self, named: Sequence[asn1_x509.Certificate]) -> None:
        self._named = named

    async def build_attr_value(self, dry_run: bool = False) -> tsp.SigningCertificateV2:
        listed = [as_signing_certificate_v2(attribute)["certs"][0] for attribute in self._named]
        return tsp.SigningCertificateV2({"certs": listed})


class _SealAttributes(SignedAttributeProviderSpec):
    """The signed attributes that PAdES requires besides digest and content type."""

    def __init__(self, named: Sequence[asn1_x509.Certificate]) -> None:
        self._named = named

    def signed_attr_providers(self, data_digest: bytes, digest_algorithm: str) -> Iterable[CMSAttributeProvider]:
        yield _SealCertificates(self._named)


class _ParsedKeySigner(signers.SimpleSigner):
    """Signs with the already parsed key; parsing it again takes ten times as long as an RSA signature."""

    parsed: PrivateKey

    def sign_raw(self, data: bytes, digest_algorithm: str) -> bytes:
        if digest_algorithm != "sha256":
            raise ValueError(f"The seal is made over SHA-256, not {digest_algorithm}.")
        if isinstance(self.parsed, ec.EllipticCurvePrivateKey):
            return lowered(self.parsed.sign(data, ec.ECDSA(hashes.SHA256())), self.parsed.curve)
        return self.parsed.sign(data, padding.PKCS1v15(), hashes.SHA256())


@lru_cache(maxsize=4)
def _pades_signer(signer: Signer) -> _ParsedKeySigner:
    chain = SimpleCertificateStore()  # type: ignore[no-untyped-call]
    chain.register_multiple(_asn1(certificate) for certificate in signer.chain)
    key = asn1_keys.PrivateKeyInfo.load(signer.key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption()))
    pades_signer = _ParsedKeySigner(_asn1(signer.certificate), key, chain)
    pades_signer.parsed = signer.key
    pades_signer.signed_attr_prov_spec = _SealAttributes(
        [_asn1(certificate) for certificate in (signer.certificate, *signer.chain)]
    )
    return pades_signer


def _asn1(certificate: x509.Certificate) -> asn1_x509.Certificate:
    return asn1_x509.Certificate.load(certificate.public_bytes(Encoding.DER))
