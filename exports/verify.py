"""Whether a sealed report can be relied on: verify → Verification, with its facts and the verdict that follows.

Needs nothing but the file and the certificates that the reader trusts. Hostile files are parsed in another process.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from assessments.model import Json
from assessments.rules import ENGINE
from exports import certificates, limits, record
from exports.facts import Fact, State, Verdict, fact
from exports.labels import labels
from questionnaires import load
from questionnaires.schema import Text

SECONDS = 120
"""With the pages printed anew, which takes most of it; without, a moment."""
MAX_BYTES = 60 * 2**20
"""Larger files are not examined; a report is a hundredth of that."""
CLOCKS_DIFFER = timedelta(hours=24)
"""How far the clocks of two computers may be apart before the time of a seal is doubted."""


@dataclass(frozen=True)
class Verification:
    """What was found, as fields; facts and verdict follow and cannot contradict them.

    A field that was not reached is None, and its absence never makes a file pass.
    """

    at: datetime
    """When it was verified."""
    file_sha256: str
    is_readable: bool = False
    seals: int = 0
    """Signatures, or signature fields where there are more of these."""
    is_intact: bool | None = None
    covers_whole_file: bool | None = None
    is_unchanged: bool | None = None
    is_certified: bool | None = None
    is_trusted: bool | None = None
    """None: no trusted certificate was given to compare with."""
    sealed_at: str | None = None
    certificate: Json | None = None
    has_record: bool = False
    is_digest_printed: bool | None = None
    is_first_page_true: bool | None = None
    is_reprinted: bool | None = None
    """Whether the pages are what this program prints from the record. None: not tried."""
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
    differing: Sequence[str] = ()
    questionnaires: Sequence[Sequence[str]] = ()
    """id, version, and released, draft, unknown or altered."""
    is_registered: bool | None = None
    """None: no register at hand."""
    is_superseded: bool | None = None
    """Whether the register holds the sealed report of a later revision. None: no register, or not in it."""

    @property
    def verdict(self) -> Verdict:
        states = {one.state for one in self.facts}
        if State.BAD in states:
            return Verdict.FAILED
        return Verdict.INDETERMINATE if State.OPEN in states else Verdict.PASSED

    @property
    def verdict_text(self) -> Text:
        """The verdict, and that it is of a redacted copy where it is."""
        said = self.verdict.text
        if self.redacts is None:
            return said
        more = labels("verification.yaml")["verdict_redacted"]
        return Text(ko=f"{said.ko} ({more.ko})", en=f"{said.en} ({more.en})")

    @property
    def facts(self) -> tuple[Fact, ...]:
        """In the order in which a reader asks; a fact that stops the examination is the last."""
        if not self.is_readable:
            return (fact("readable", State.BAD),)
        if self.seals == 0:
            return (fact("sealed", State.BAD), *self._record_facts())
        if self.seals > 1 or self.certificate is None or self.sealed_at is None:
            return (fact("seals", State.BAD),)
        return (fact("sealed", State.OK), *self._seal_facts(), *self._record_facts())

    def _seal_facts(self) -> tuple[Fact, ...]:
        facts = [
            fact("intact", State.of(self.is_intact)),
            fact("whole", State.of(self.covers_whole_file)),
            fact("unchanged", State.of(self.is_unchanged)),
            fact("certified", State.of(self.is_certified)),
            fact("trusted", State.OPEN if self.is_trusted is None else State.of(self.is_trusted)),
            *self._date_facts(self.certificate or {}, record.time(self.sealed_at or "")),
        ]
        if (self.certificate or {})["is_self_made"]:
            facts.append(fact("self_made", State.NOTE))
        if self.is_registered is not None:
            facts.append(fact("register", State.of(self.is_registered)))
        if self.is_superseded is not None:
            facts.append(fact("superseded", State.NOTE if self.is_superseded else State.OK))
        return tuple(facts)

    def _date_facts(self, certificate: Json, sealed_at: datetime) -> tuple[Fact, ...]:
        start, end = record.time(certificate["from"]), record.time(certificate["until"])
        facts = [fact("in_date", State.of(start <= sealed_at <= end))]
        if self.at > end:
            facts.append(fact("expired", State.OPEN))
        signed_off_at = record.time(self.signed_off_at) if self.signed_off_at else sealed_at
        fits = signed_off_at - CLOCKS_DIFFER <= sealed_at <= self.at + CLOCKS_DIFFER
        return (*facts, fact("sealed_at", State.NOTE if fits else State.OPEN))

    def _record_facts(self) -> tuple[Fact, ...]:
        if not self.has_record:
            return (fact("record", State.BAD),)
        facts = [
            fact("record", State.OK),
            fact("printed", State.of(self.is_digest_printed)),
            fact("first_page", State.of(self.is_first_page_true)),
        ]
        if self.is_reprinted is not None:
            facts.append(fact("pages", State.OK if self.is_reprinted else State.NOTE))
        if not self.is_recomputed:
            return (*facts, fact("recomputed", State.BAD))
        if self.redacts is None:
            facts.append(fact("content", State.of(self.content_matches)))
        else:
            is_whole = self.is_redaction_sound and self.content_matches is None
            facts.append(fact("redacted", State.NOTE if is_whole else State.BAD, about=self.redacts))
        facts.append(self._results_fact())
        if not self.questionnaires_match:
            facts.append(fact("attached", State.BAD))
        facts += [_questionnaire_fact(*one) for one in self.questionnaires]
        if not self.is_signed_off:
            facts.append(fact("signed_off", State.BAD))
        if self.origin:
            facts.append(fact("origin", State.NOTE, key=f"origin_{self.origin}"))
        if self.is_example:
            facts.append(fact("example", State.NOTE))
        return tuple(facts)

    def _results_fact(self) -> Fact:
        if not self.differing:
            return fact("results", State.OK)
        if self.engine == ENGINE:
            return fact("results", State.BAD)
        is_newer = isinstance(self.engine, int) and self.engine > ENGINE
        return fact("results", State.OPEN, key="results_open" if is_newer else "results_older")

    def to_json(self) -> Json:
        """For `--json`: the verdict, every fact, and what the file says it is."""
        return {
            "verdict": self.verdict.value,
            "verified_at": record.stamp(self.at),
            "facts": [one.to_json() for one in self.facts],
            "file_sha256": self.file_sha256,
            "record_sha256": self.record_sha256,
            "sealed_at": self.sealed_at,
            "certificate": self.certificate,
            "document": self.document or None,
            "decision_origin": self.origin,
            "is_example": self.is_example,
            "redacts": self.redacts,
            "engine": self.engine,
            "outcome": self.outcome,
            "contested": self.contested,
            "level": self.level,
            "differing_results": list(self.differing),
            "registered": self.is_registered,
            "superseded": self.is_superseded,
            "questionnaires": [
                {"id": name, "version": version, "standing": standing}
                for name, version, standing in self.questionnaires
            ],
        }


def verify(
    pdf: bytes,
    trusted: Sequence[bytes] = (),
    *,
    at: datetime,
    register: Callable[[str], bool] | None = None,
    folder: Path = load.FOLDER,
    is_reprinting: bool = True,
) -> Verification:
    """Examine the file in a process of its own; whatever goes wrong there is `failed: not readable`, never an exception.

    trusted: certificates, PEM or DER. register: whether a file with this SHA-256 was sealed here.
    is_reprinting: also print the record anew and compare the pages, which takes some seconds.
    Raises: ValueError where one of the trusted texts holds no certificate.
    """
    settings = {
        "trusted": [certificates.as_pem(text) for text in trusted],
        "folder": str(folder),
        "reprint": is_reprinting,
    }
    if len(pdf) > MAX_BYTES:
        return conclude({}, pdf, at=at, register=register)
    try:
        raw = limits.in_own_process("verify", json.dumps(settings).encode() + b"\n" + pdf, seconds=SECONDS)
        seen = json.loads(raw)
    except (limits.OverLimitError, ValueError):
        seen = {}
    return conclude(seen, pdf, at=at, register=register)


def conclude(seen: Json, pdf: bytes, *, at: datetime, register: Callable[[str], bool] | None = None) -> Verification:
    """Observations as a Verification; none at all means that the file could not be read."""
    digest = hashlib.sha256(pdf).hexdigest()
    return Verification(at=at, file_sha256=digest, is_registered=register(digest) if register else None, **seen)


def _questionnaire_fact(name: str, version: str, standing: str) -> Fact:
    state = {"released": State.OK, "draft": State.NOTE, "unknown": State.OPEN, "altered": State.BAD}[standing]
    return fact("questionnaire", state, about=f"{name} {version}")
