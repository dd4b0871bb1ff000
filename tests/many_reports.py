"""Many sealed reports at little cost: short, sealed. One page without words instead of thirty, everything else as in a report.

What is verified without comparing pages stands in these as well: metadata, attachment, structure, seal. Laying out a report
takes seconds; a page with one line takes a tenth of one, and sealing it anew, with another key or at another time, two hundredths.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import cache

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtensionOID

from assessments.content.canonical import content_sha256
from assessments.model import Assessment, Condition, Decision, Ruling
from exports.printing import document, stated
from exports.record import record
from exports.record.record import Record
from exports.report.report import Report
from exports.seal import keys, pades
from exports.seal.keys import Signer
from tests import report_samples as samples

_PAGE = (
    '<!DOCTYPE html><html lang="{lead}"><head><meta charset="utf-8"><title>{title}</title>'
    '<meta name="generator" content="{creator}"><meta name="keywords" content="{keywords}">'
    "</head><body><p>{title}</p></body></html>"
)


def short(made_from: Record, languages: tuple[str, ...] = ("ko",)) -> bytes:
    """Not yet sealed."""
    report = Report(made_from, record.recompute(made_from), languages)
    by = document.printed_by()
    page = _PAGE.format(
        lead=languages[0],
        title=made_from.data["document"]["id"],
        creator=stated.creator(by),
        keywords=stated.keywords(made_from, languages, by),
    )
    return document.lay_out(page, report)


def assessment(
    system: str = "분류기", operator: str = "주식회사 다온인사", *, revision: int = 1, applicants: int = 4200
) -> Assessment:
    """Of another system, operator, revision or answer than that of the samples."""
    answers = {**samples.ANSWERS, "hiring": {**samples.ANSWERS["hiring"], "applicants": applicants}}
    plain = samples.assessment(answers=answers)
    return replace(
        plain,
        revision=revision,
        system=replace(plain.system, name_ko=system, name_en=f"{system} (en)"),
        operator=replace(plain.operator, name=operator),
    )


def record_of(made_of: Assessment, *, number: str = "HT-00001", ruling: Ruling | None = None) -> Record:
    """Decided and signed off. ruling: another one than the samples'."""
    done = samples.signed_off(made_of)
    if ruling is not None:
        conditions = (Condition("조건", "담당", None),) if ruling is Ruling.APPROVED_WITH_CONDITIONS else ()
        decided = Decision(
            ruling,
            "사유",
            done.decision.by if done.decision else done.authors[0],
            samples.AT,
            content_sha256(made_of),
            conditions,
        )
        done = replace(done, decision=decided, committee=None, votes=())
    return record.build(done, samples.editions(), at=samples.AT, document_id=f"{number}-{made_of.revision}")


def sealed(pdf: bytes, signer: Signer | None = None, minutes: int = 0) -> bytes:
    """minutes: so much later than the samples."""
    return pades.seal(pdf, signer or samples.signer(), samples.SEALED_AT + timedelta(minutes=minutes))


@cache
def other_signer() -> Signer:
    """Another key, with a name of its own."""
    key = ec.generate_private_key(ec.SECP256R1())
    return keys.Signer(key, keys.self_made_certificate(key, samples.AT - timedelta(days=1), None))


def named_like(signer: Signer) -> Signer:
    """Another key whose certificate bears the same name."""
    key, theirs = ec.generate_private_key(ec.SECP256R1()), signer.certificate
    builder = x509.CertificateBuilder(theirs.issuer, theirs.subject, key.public_key(), x509.random_serial_number())
    builder = builder.not_valid_before(theirs.not_valid_before_utc).not_valid_after(theirs.not_valid_after_utc)
    for extension in theirs.extensions:
        if extension.oid not in (ExtensionOID.SUBJECT_KEY_IDENTIFIER, ExtensionOID.AUTHORITY_KEY_IDENTIFIER):
            builder = builder.add_extension(extension.value, extension.critical)
    return keys.Signer(key, builder.sign(key, hashes.SHA256()))


def pems(signers: Sequence[Signer]) -> list[bytes]:
    return [keys.certificate_pem(signer) for signer in signers]


NOW: datetime = samples.SEALED_AT + timedelta(days=6)
