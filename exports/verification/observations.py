"""What the examination of a sealed file showed: Observations. `seal_facts` and `verdict` say what it means."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from assessments.model import Json
from assessments.registration import Registration
from exports.verification.reprint import Pages


@dataclass(frozen=True)
class Observations:
    """A field that the examination did not reach is None; a missing field never makes a file pass."""

    at: datetime
    """When it was verified."""
    file_sha256: str | None
    """None: the file is too large to be examined."""
    is_readable: bool = False
    is_ours: bool | None = None
    """Whether it is a report of this program at all, sealed or not."""
    seals: int = 0
    """Number of signatures, or of signature fields if that is higher."""
    is_intact: bool | None = None
    covers_whole_file: bool | None = None
    is_container_plain: bool | None = None
    """Whether the signature's container, which it cannot cover itself, holds only what this program writes there."""
    is_unchanged: bool | None = None
    is_certified: bool | None = None
    is_trusted: bool | None = None
    """None: no trusted certificate was given to compare with."""
    trusted_by: Json | None = None
    """Name and fingerprint of the trusted certificate that confirms the seal. None: none does, or by a way that is not told."""
    is_twin: bool | None = None
    """Whether the sealing certificate imitates one that it was compared with."""
    certificate_faults: Sequence[str] | None = None
    """Why the certificate, or one in its chain, is not acceptable."""
    sealed_at: str | None = None
    certificate: Json | None = None
    seal_level: str | None = None
    """B-B, B-T (time stamp) or B-LT (revocation data too), as the seal states under its own signature."""
    has_stamp: bool | None = None
    stamp: Json | None = None
    """The time stamp: issuer, time, and whether it is sound, trusted and revoked."""
    revocation: Json | None = None
    """Whether available CRLs or OCSP responses cover the sealing certificate (is_known), and since when it is revoked."""
    deviations: Sequence[str] | None = None
    """Differences in structure from a report printed and sealed by this program."""
    has_record: bool = False
    is_stated_true: bool | None = None
    """Whether the metadata state the record's digest, determination and level."""
    pages: Pages | None = None
    """Whether the pages equal what this program prints from the record. None: they were not compared."""
    record_sha256: str | None = None
    document: Json = field(default_factory=dict)
    is_signed_off: bool = False
    signed_off_at: str | None = None
    origin: str | None = None
    is_example: bool = False
    redacts: str | None = None
    """Digest of the full record, where this is a redacted copy of it."""
    is_redaction_sound: bool | None = None
    engine: int | None = None
    outcome: str | None = None
    contested: bool | None = None
    level: str | None = None
    is_recomputed: bool = False
    content_matches: bool | None = None
    questionnaires_match: bool | None = None
    statement: Json | None = None
    """Operator, system, version, ruling, conditions and people, as the record says. None: no record was read."""
    committee: Json | None = None
    """Kind, title, unit, number and day of a committee's meeting, and when it was frozen. None: it is no such document."""
    official: Json | None = None
    """Kind, title, operator, system, revision and when an official document was frozen. None: it is no such document."""
    archive: Json | None = None
    """Digest, fingerprint and record of the sealed report that this is an archive copy of, as it states. None: it is no copy."""
    original: Json | None = None
    """The file given as its original: sha256, fingerprint, verdict and record. None: none was given, or it is no copy."""
    last_act: str | None = None
    """The earliest moment by which everything stated in the record can have happened."""
    contradictions: Sequence[str] = ()
    """Contradictions in the sequence of steps that the record states (see exports.consistency)."""
    differing: Sequence[str] = ()
    reworded: Sequence[str] = ()
    """Results that differ only in wording, as they may between releases of the program."""
    questionnaires: Sequence[Sequence[str]] = ()
    """id, version, and one of STANDINGS."""
    registration: Registration | None = None
    """None: no register is available."""
