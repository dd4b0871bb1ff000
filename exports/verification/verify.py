"""Whether a sealed report can be relied on: verify → Verification, with its facts and the verdict that follows.

Needs nothing but the file and the certificates that the reader trusts. Hostile files are parsed in another process.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from assessments import own_process
from assessments.model import Json
from assessments.registration import Registration
from exports.record import record
from exports.record.original import SealedOriginal
from exports.seal import certificates, revocation
from exports.verification import about, reprint
from exports.verification.verdict import Verification
from exports.words.facts import Verdict
from questionnaires import load

SECONDS = 8
"""Limit of processor time, without reprinting, which has its own limits; a typical report takes a tenth of a second."""
WAITING_SECONDS = 30
"""Wall-clock seconds allowed beyond that on a busy machine."""
MEMORY_BYTES = 2**30
"""Memory limit; a typical report takes a tenth of it."""
MAX_BYTES = 60 * 2**20
"""Larger files are not examined; a typical report is a hundredth of this size."""

Register = Callable[[bytes, str, str | None], Registration | None]
"""Looks a file up where sealed files are registered: its bytes, its SHA-256, its record's SHA-256 (None: it has none).

The function itself returns None where there is no register."""


def verify(
    pdf: bytes,
    trusted: Sequence[bytes] = (),
    *,
    at: datetime,
    register: Register | None = None,
    folder: Path = load.FOLDER,
    is_reprinting: bool = True,
    stampers: Sequence[bytes] = (),
    guarded: Sequence[bytes] = (),
    revoked: Sequence[bytes] = (),
    original: bytes | None = None,
) -> Verification:
    """Examine the file in separate processes; any error there yields `failed: not readable`, never an exception.

    trusted: certificates, PEM or DER. stampers: the same of time-stamp servers; without them, trusted counts for both.
    guarded: certificates that confirm nothing, but that no other may pass itself off as.
    revoked: revocation lists and OCSP responses, beside those in the file. register: where sealed files are registered.
    original: of an archive copy, the file that it may be made of; of any other file it counts for nothing.
    is_reprinting: also print the record anew and compare the pages, which takes some seconds; not done where something
    is wrong already. Without it the pages count as not compared, and that is said.
    Raises: ValueError where one of the texts holds no certificate or no revocation data.
    """
    known = [revocation.read(text) for text in revoked]
    settings = {
        "trusted": [certificates.as_pem(text) for text in trusted],
        "stampers": [certificates.as_pem(text) for text in stampers],
        "guarded": [certificates.as_pem(text) for text in guarded],
        "crls": [base64.b64encode(der).decode() for revocation_data in known for der in revocation_data.crls],
        "ocsps": [base64.b64encode(der).decode() for revocation_data in known for der in revocation_data.ocsps],
        "folder": str(folder),
        "at": record.stamp(at),
    }
    if len(pdf) > MAX_BYTES:
        return Verification(at=at, file_sha256=None)
    try:
        payload = json.dumps(settings).encode() + b"\n" + pdf
        raw = own_process.in_own_process(
            "verify", payload, seconds=SECONDS, waiting_seconds=WAITING_SECONDS, memory_bytes=MEMORY_BYTES
        )
        seen = json.loads(raw)
    except (own_process.OverLimitError, ValueError):
        seen = {}
    verification = conclude(seen, pdf, at=at, register=register)
    if verification.archive is not None and original is not None:
        of_original = verify(
            original,
            trusted,
            at=at,
            register=register,
            folder=folder,
            is_reprinting=is_reprinting,
            stampers=stampers,
            guarded=guarded,
            revoked=revoked,
        )
        return _beside(verification, pdf, of_original, original, is_reprinting=is_reprinting)
    if not is_reprinting or not verification.is_to_be_reprinted or "reprint" not in seen:
        return verification
    return replace(verification, pages=reprint.compared(pdf, seen["reprint"]))


def _beside(
    copy: Verification, pdf: bytes, of_original: Verification, original: bytes, *, is_reprinting: bool
) -> Verification:
    """An archive copy beside a file, which has been verified, that may be its original. pdf: the copy."""
    about_original = {
        "sha256": of_original.file_sha256,
        "fingerprint": (of_original.certificate or {}).get("fingerprint", ""),
        "record_sha256": of_original.record_sha256,
        "verdict": of_original.verdict.value,
        "facts": [fact.to_json() for fact in of_original.facts],
    }
    compared = replace(copy, original=about_original)
    if not is_reprinting or compared.verdict is Verdict.FAILED or of_original.sealed_at is None or not copy.archive:
        return compared
    of = SealedOriginal(str(of_original.file_sha256), about_original["fingerprint"], of_original.sealed_at)
    return replace(compared, pages=reprint.compared_copy(pdf, original, of, copy.archive["printed_by"]))


def conclude(seen: Json, pdf: bytes, *, at: datetime, register: Register | None = None) -> Verification:
    """Turn observations into a Verification; no observations at all means that the file could not be read.

    Observations that cannot be told in every form that a reader may ask for count as none: what is told later never fails.
    """
    digest = hashlib.sha256(pdf).hexdigest()
    registration = register(pdf, digest, seen.get("record_sha256")) if register else None
    fields = {name: value for name, value in seen.items() if name != "reprint"}
    try:
        verification = Verification(at=at, file_sha256=digest, registration=registration, **fields)
        json.dumps(verification.to_json(), ensure_ascii=False).encode()
        _ = [(about.rows(verification, language), verification.verdict_text) for language in ("ko", "en")]
    except Exception:  # whatever the file made of them: dates that no calendar has, words that nothing is called
        return Verification(at=at, file_sha256=digest, registration=registration)
    return verification
