"""The seal under a report: seal. One PAdES signature that allows no change whatever, in a single revision."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import lru_cache
from io import BytesIO
from typing import Any

from asn1crypto import keys as asn1_keys
from asn1crypto import x509 as asn1_x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
)
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import fields, signers
from pyhanko_certvalidator.registry import SimpleCertificateStore

from assessments.errors import KeyFileError
from exports.keys import PrivateKey, Signer

FIELD = "Seal"
REASON = "고영향 인공지능 위험평가 보고서의 봉인 / Seal of a risk assessment report"


def seal(pdf: bytes, signer: Signer, at: datetime | None = None) -> bytes:
    """The PDF with the organisation's seal: certified, nothing may follow, no visible mark on a page.

    at: the time stated in the seal (now). Raises: KeyFileError where the certificate does not count at that time.
    """
    at = (at or datetime.now(UTC)).replace(microsecond=0)
    if not signer.is_valid_at(at):
        ends = signer.certificate.not_valid_after_utc
        raise KeyFileError(
            f"The certificate of the sealing key does not count at {at:%Y-%m-%d}: it is valid from "
            f"{signer.certificate.not_valid_before_utc:%Y-%m-%d} to {ends:%Y-%m-%d}. Check the clock of this computer, "
            "or put a new key in place.",
            f"봉인 키의 인증서는 {at:%Y-%m-%d}에 유효하지 않습니다. 유효기간은 "
            f"{signer.certificate.not_valid_before_utc:%Y-%m-%d}부터 {ends:%Y-%m-%d}까지입니다. 컴퓨터의 시계를 확인하거나 "
            "새 키를 준비하십시오.",
        )
    about = signers.PdfSignatureMetadata(
        field_name=FIELD,
        md_algorithm="sha256",
        reason=REASON,
        certify=True,
        docmdp_permissions=fields.MDPPerm.NO_CHANGES,
        subfilter=fields.SigSeedSubFilter.PADES,
    )
    field = fields.SigFieldSpec(FIELD, readable_field_name=REASON)  # no box: the widget has no area on the page
    sealed = BytesIO()
    _AtTime(about, _kept(signer), at, new_field_spec=field).sign_pdf(_KeptMetadata(BytesIO(pdf)), output=sealed)
    return sealed.getvalue()


class _KeptMetadata(IncrementalPdfFileWriter):
    """Leaves title, dates and XMP as they were rendered: pyHanko would date them by the clock and rewrite the XMP."""

    def _update_meta(self) -> None:
        return


class _AtTime(signers.PdfSigner):
    """Signs with a stated time instead of the clock's."""

    def __init__(self, about: signers.PdfSignatureMetadata, signer: signers.Signer, at: datetime, **more: Any) -> None:
        super().__init__(about, signer, **more)
        self._at = at

    def init_signing_session(self, *given: Any, **named: Any) -> Any:
        session = super().init_signing_session(*given, **named)
        session.system_time = self._at
        return session


class _KeptKey(signers.SimpleSigner):
    """Signs with the key that is already parsed; parsing it anew takes ten times as long as an RSA signature."""

    parsed: PrivateKey

    def sign_raw(self, data: bytes, digest_algorithm: str) -> bytes:
        if digest_algorithm != "sha256":
            raise ValueError(f"The seal is made over SHA-256, not {digest_algorithm}.")
        if isinstance(self.parsed, ec.EllipticCurvePrivateKey):
            return self.parsed.sign(data, ec.ECDSA(hashes.SHA256()))
        return self.parsed.sign(data, padding.PKCS1v15(), hashes.SHA256())


@lru_cache(maxsize=4)
def _kept(signer: Signer) -> _KeptKey:
    certificate = asn1_x509.Certificate.load(signer.certificate.public_bytes(Encoding.DER))
    key = asn1_keys.PrivateKeyInfo.load(signer.key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption()))
    kept = _KeptKey(certificate, key, SimpleCertificateStore())  # type: ignore[no-untyped-call]
    kept.parsed = signer.key
    return kept
