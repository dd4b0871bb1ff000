"""What was seen of a sealed file: Observations, as fields. What they mean is said in `seal_facts` and `verdict`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from assessments.model import Json
from assessments.registration import Registration
from exports.verification.reprint import Pages


@dataclass(frozen=True)
class Observations:
    """A field that was not reached is None, and its absence never makes a file pass."""

    at: datetime
    """When it was verified."""
    file_sha256: str | None
    """None: the file is larger than what is examined."""
    is_readable: bool = False
    is_ours: bool | None = None
    """Whether it is a report of this program at all, sealed or not."""
    seals: int = 0
    """Signatures, or signature fields where there are more of these."""
    is_intact: bool | None = None
    covers_whole_file: bool | None = None
    is_container_plain: bool | None = None
    """Whether the place of the seal, which no seal covers, holds what this program writes there and nothing else."""
    is_unchanged: bool | None = None
    is_certified: bool | None = None
    is_trusted: bool | None = None
    """None: no trusted certificate was given to compare with."""
    is_twin: bool | None = None
    """Whether the sealing certificate passes itself off as one that it was compared with."""
    certificate_faults: Sequence[str] | None = None
    """Why the certificate, or one that issued it, does not count."""
    sealed_at: str | None = None
    certificate: Json | None = None
    seal_level: str | None = None
    """B-B, B-T (time stamp) or B-LT (revocation data too), as the seal states under its own signature."""
    has_stamp: bool | None = None
    stamp: Json | None = None
    """Whose time stamp it carries, of when, and whether that is sound, trusted, revoked."""
    revocation: Json | None = None
    """Whether lists or answers at hand speak for the sealing certificate (is_known), and since when it is revoked."""
    deviations: Sequence[str] | None = None
    """What the file is built of otherwise than a report that this program printed and sealed."""
    has_record: bool = False
    is_stated_true: bool | None = None
    """Whether the metadata state the record's digest, determination and level."""
    pages: Pages | None = None
    """Whether the pages are what this program prints from the record. None: they were not compared."""
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
    last_act: str | None = None
    """The earliest moment at which everything that the record tells of can have been done."""
    contradictions: Sequence[str] = ()
    """What does not fit in the steps that the record tells of (see exports.consistency)."""
    differing: Sequence[str] = ()
    reworded: Sequence[str] = ()
    """Results that come out the same but are told in other words, as another release of the program may tell them."""
    questionnaires: Sequence[Sequence[str]] = ()
    """id, version, and one of STANDINGS."""
    registration: Registration | None = None
    """None: no register at hand."""
