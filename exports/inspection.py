"""What a sealed file shows under examination: examine. Untrusted bytes are parsed here, so `verify` starts it apart.

Stricter than pyHanko's own verdict: see the fields of exports.verify.Verification, which this fills.
"""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Sequence
from io import BytesIO
from pathlib import Path

from asn1crypto import pem
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import NO_CHANGES_DIFF_POLICY, ModificationLevel
from pyhanko.sign.fields import MDPPerm
from pyhanko.sign.validation import EmbeddedPdfSignature, validate_pdf_signature
from pyhanko.sign.validation.pdf_embedded import read_certification_data
from pyhanko.sign.validation.status import SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext

from assessments.model import Json
from exports import first_page, record, redaction, reprint
from exports.attached import attachment
from exports.certificates import fingerprint
from exports.record import Record
from questionnaires import load
from questionnaires.schema import Questionnaire

for _name in ("pyhanko", "pyhanko_certvalidator"):
    logging.getLogger(_name).disabled = True


def task(payload: bytes) -> bytes:
    """One line of settings, then the PDF; gives the observations as JSON."""
    head, _, pdf = payload.partition(b"\n")
    given = json.loads(head)
    trusted = [text.encode() for text in given["trusted"]]
    seen = examine(pdf, trusted, Path(given["folder"]), is_reprinting=given["reprint"])
    return json.dumps(seen, ensure_ascii=False).encode()


def examine(pdf: bytes, trusted: Sequence[bytes], folder: Path = load.FOLDER, *, is_reprinting: bool = False) -> Json:
    """Observations by the field names of Verification. Raises: anything at all, where the bytes are hostile."""
    reader = PdfFileReader(BytesIO(pdf), strict=True)
    if reader.encrypted:
        raise ValueError("the file is encrypted")
    seen: Json = {"is_readable": True, **_seal(reader, pdf, trusted)}
    try:
        attached = record.read(attachment(reader))
    except Exception:  # a sealed file without a readable record is a finding of its own, not an unreadable file
        return {**seen, "has_record": False}
    seen |= {"has_record": True, **first_page.examine(reader, attached), **_record(attached, folder)}
    if is_reprinting and seen["seals"] == 1 and seen["is_recomputed"]:
        seen["is_reprinted"] = reprint.is_exactly(reader, pdf, attached)
    return seen


# --- the seal -------------------------------------------------------------------------------------------------


def _seal(reader: PdfFileReader, pdf: bytes, trusted: Sequence[bytes]) -> Json:
    signatures = reader.embedded_signatures
    fields = len(reader.root["/AcroForm"]["/Fields"]) if "/AcroForm" in reader.root else 0
    if not signatures:
        return {"seals": 0}
    only = reader.embedded_regular_signatures[0] if reader.embedded_regular_signatures else None
    if len(signatures) != 1 or fields != 1 or only is None:
        return {"seals": max(len(signatures), fields)}
    certificate = x509.load_der_x509_certificate(only.signer_cert.dump())
    is_last = only.evaluate_signature_coverage() is SignatureCoverageLevel.ENTIRE_FILE
    status = validate_pdf_signature(
        only,
        # the certificate's dates are checked by Verification; here only whose it is, at the time stated in the seal
        ValidationContext(trust_roots=_roots(trusted), allow_fetching=False, moment=only.self_reported_timestamp),
        diff_policy=NO_CHANGES_DIFF_POLICY,
        skip_diff=not is_last,  # what was added fails anyway, and comparing a tagged document takes minutes
    )
    return {
        "seals": 1,
        "is_intact": bool(status.intact and status.valid),
        "covers_whole_file": is_last and _fills_its_gap(only, pdf),
        "is_unchanged": is_last and bool(status.docmdp_ok) and status.modification_level is ModificationLevel.NONE,
        "is_certified": _is_certified(reader, only),
        "is_trusted": bool(status.trusted) if trusted else None,
        "sealed_at": record.stamp(only.self_reported_timestamp),
        "certificate": {
            "subject": certificate.subject.rfc4514_string(),
            "issuer": certificate.issuer.rfc4514_string(),
            "fingerprint": fingerprint(certificate),
            "from": record.stamp(certificate.not_valid_before_utc),
            "until": record.stamp(certificate.not_valid_after_utc),
            "is_self_made": certificate.issuer == certificate.subject,
        },
    }


def _fills_its_gap(signature: EmbeddedPdfSignature, pdf: bytes) -> bool:
    """The unsigned gap holds the seal in hexadecimal, padded with zeros, and nothing else."""
    start, first, second, rest = (int(one) for one in signature.byte_range)
    gap = pdf[first:second]
    whole = re.fullmatch(rb"<([0-9a-f]+|[0-9A-F]+)>", gap)
    if start != 0 or second + rest != len(pdf) or whole is None:
        return False
    filled = bytes.fromhex(whole[1].decode())
    sealed = signature.signed_data
    size = 1 + _length_bytes(filled) if len(filled) > 1 else 0
    is_bare = not any(sealed_info["unsigned_attrs"].native or () for sealed_info in sealed["signer_infos"])
    return size > 0 and not any(filled[size:]) and is_bare


def _length_bytes(der: bytes) -> int:
    """Bytes of the length and the content of the outermost element."""
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


# --- the record -----------------------------------------------------------------------------------------------


def _record(attached: Record, folder: Path) -> Json:
    data = attached.data
    known = {
        "record_sha256": attached.sha256,
        "document": data["document"],
        "is_signed_off": not attached.is_draft,
        "signed_off_at": data["sign_off"]["at"] if data["sign_off"] else None,
        "origin": data["decision_origin"],
        "is_example": attached.is_example,
        "redacts": attached.redacts,
        "engine": data["engine"],
        "outcome": data["results"]["determination"]["outcome"],
        "contested": data["results"]["determination"]["contested"],
        "level": data["results"]["risk"]["level"],
    }
    try:
        found = record.recompute(attached)
    except Exception:  # whatever a hostile record leads to: it cannot be recomputed, and that is the finding
        return {**known, "is_recomputed": False}
    standings = [[one.id, one.version, _standing(one, text["file"], folder)] for one, text in _attached(found, data)]
    return {
        **known,
        "is_recomputed": True,
        "content_matches": found.content_matches,
        "is_redaction_sound": attached.redacts is None or redaction.is_sound(attached, found.questionnaires),
        "questionnaires_match": found.questionnaires_match,
        "differing": list(found.differing),
        "questionnaires": standings,
    }


def _attached(found: record.Recomputation, data: Json) -> list[tuple[Questionnaire, Json]]:
    return [(found.questionnaires[one["id"]], one) for one in data["questionnaires"]]


def _standing(questionnaire: Questionnaire, text: str, folder: Path) -> str:
    """released, draft, unknown, or altered: what this program has under that id and version."""
    name = f"{questionnaire.id}/{questionnaire.version}.yaml"
    released = load.released_digests(folder).get(name)
    digest = record.text_sha256(text)
    if released is not None:
        return "released" if digest == released else "altered"
    own = folder / name
    return "draft" if own.is_file() and record.text_sha256(own.read_text("utf-8")) == digest else "unknown"
