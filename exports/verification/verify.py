"""Whether a sealed report can be relied on: verify → Verification, with its facts and the verdict that follows.

Needs nothing but the file and the certificates that the reader trusts. Hostile files are parsed in another process.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

from assessments import own_process
from assessments.model import Json
from assessments.registration import Registration, Standing
from assessments.release import version
from assessments.rules import ENGINE
from exports.record import record
from exports.seal import certificates, revocation
from exports.verification import about, reprint
from exports.verification.reprint import Pages
from exports.verification.seal_facts import seal_facts
from exports.words.facts import Fact, State, Verdict, fact
from exports.words.labels import labels
from questionnaires import load
from questionnaires.schema import Text

SECONDS = 8
"""Of processor time, without printing the pages anew, which has limits of its own; a report takes a tenth of one."""
WAITING_SECONDS = 30
"""How much longer it may take where the machine is busy."""
MEMORY_BYTES = 2**30
"""A report takes a tenth of it."""
MAX_BYTES = 60 * 2**20
"""Larger files are not examined; a report is a hundredth of that."""

STANDINGS = {
    "released": State.OK,
    "draft": State.NOTE,
    "earlier_draft": State.NOTE,
    "unknown": State.OPEN,
    "differs": State.OPEN,
    "called_released": State.BAD,
    "altered": State.BAD,
}
"""What the program has under a questionnaire's number → what that means for a report that was made with it."""

Register = Callable[[bytes, str, str | None], Registration | None]
"""Looks a file up where sealed files are registered: its bytes, its SHA-256, its record's SHA-256 (None: it has none).

It gives None where there is no register."""


@dataclass(frozen=True)
class Verification:
    """What was found, as fields; facts and verdict follow and cannot contradict them.

    A field that was not reached is None, and its absence never makes a file pass.
    """

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

    @property
    def verdict(self) -> Verdict:
        states = {one.state for one in self.facts}
        if State.BAD in states:
            return Verdict.FAILED
        return Verdict.INDETERMINATE if State.OPEN in states else Verdict.PASSED

    @property
    def is_to_be_reprinted(self) -> bool:
        """Whether printing the record anew can still change the verdict."""
        return self.verdict is not Verdict.FAILED and self.is_recomputed

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
        if self.file_sha256 is None:
            return (fact("size", State.BAD),)
        if not self.is_readable:
            return (fact("readable", State.BAD),)
        if not self.is_ours:
            return (fact("ours", State.BAD),)
        if self.seals == 0:
            return (fact("sealed", State.BAD), *self._record_facts())
        if self.seals > 1 or self.certificate is None or self.sealed_at is None:
            return (fact("seals", State.BAD),)
        return (fact("sealed", State.OK), *seal_facts(self), *self._record_facts())

    def _record_facts(self) -> tuple[Fact, ...]:
        if not self.has_record:
            return (fact("record", State.BAD),)
        facts = [fact("record", State.OK), fact("stated", State.of(self.is_stated_true))]
        facts += self._page_facts()
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
        facts += _questionnaire_facts(self.questionnaires)
        if not self.is_signed_off:
            facts.append(fact("signed_off", State.BAD))
        facts += [fact("steps", State.BAD, key=f"steps_{name}") for name in self.contradictions]
        if not self.contradictions:
            facts.append(fact("steps", State.OK))
        if self.origin:
            facts.append(fact("origin", State.NOTE, key=f"origin_{self.origin}"))
        if self.is_example:
            facts.append(fact("example", State.NOTE))
        return tuple(facts)

    def _page_facts(self) -> Iterator[Fact]:
        if self.seals == 1:
            named = [labels("verification.yaml")[f"structure_{one}"] for one in self.deviations or ()]
            yield fact("structure", State.of(self.deviations is not None and not named), about=named)
        yield self._compared_fact()

    def _compared_fact(self) -> Fact:
        """A registered file is what was sealed here, to the byte, so pages of another release need no comparison."""
        if self.pages in (Pages.FOREIGN, Pages.UNSTATED, Pages.NOT_PRINTED) and self._is_registered:
            return fact("pages", State.NOTE, key="pages_registered")
        if self.pages is Pages.UNSTATED:
            return fact("pages", State.NOTE, key="pages_unstated")
        states = {Pages.SAME: State.OK, Pages.OTHER: State.BAD, None: State.NOTE}
        key = "pages_not_printed" if self.pages is Pages.NOT_PRINTED else ""
        return fact("pages", states.get(self.pages, State.OPEN), key=key)

    @property
    def _is_registered(self) -> bool:
        return self.registration is not None and self.registration.standing is Standing.REGISTERED

    def _results_fact(self) -> Fact:
        if not self.differing:
            if not self.reworded:
                return fact("results", State.OK)
            is_ours = self.pages is Pages.SAME  # printed by this very program, which tells them otherwise
            return fact(
                "results",
                State.BAD if is_ours else State.NOTE,
                key="results_altered" if is_ours else "results_reworded",
            )
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
            "seal_level": self.seal_level,
            "time_stamp": self.stamp,
            "revocation": self.revocation,
            "register": self.registration and self.registration.standing.value,
            "is_superseded": self.registration and self.registration.is_superseded,
            "pages": self.pages and self.pages.value,
            "deviations": None if self.deviations is None else list(self.deviations),
            "document": self.document or None,
            "statement": self.statement,
            "decision_origin": self.origin,
            "is_example": self.is_example,
            "redacts": self.redacts,
            "engine": self.engine,
            "version": version(),
            "outcome": self.outcome,
            "contested": self.contested,
            "level": self.level,
            "contradictions": list(self.contradictions),
            "differing_results": list(self.differing),
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
    register: Register | None = None,
    folder: Path = load.FOLDER,
    is_reprinting: bool = True,
    stampers: Sequence[bytes] = (),
    guarded: Sequence[bytes] = (),
    revoked: Sequence[bytes] = (),
) -> Verification:
    """Examine the file in processes of their own; whatever goes wrong there is `failed: not readable`, never an exception.

    trusted: certificates, PEM or DER. stampers: the same of time-stamp servers; without them, trusted counts for both.
    guarded: certificates that confirm nothing, but that no other may pass itself off as.
    revoked: revocation lists and OCSP responses, beside those in the file. register: where sealed files are registered.
    is_reprinting: also print the record anew and compare the pages, which takes some seconds; not done where something
    is wrong already. Without it the pages count as not compared, and that is said.
    Raises: ValueError where one of the texts holds no certificate or no revocation data.
    """
    known = [revocation.read(text) for text in revoked]
    settings = {
        "trusted": [certificates.as_pem(text) for text in trusted],
        "stampers": [certificates.as_pem(text) for text in stampers],
        "guarded": [certificates.as_pem(text) for text in guarded],
        "crls": [base64.b64encode(der).decode() for one in known for der in one.crls],
        "ocsps": [base64.b64encode(der).decode() for one in known for der in one.ocsps],
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
    found = conclude(seen, pdf, at=at, register=register)
    if not is_reprinting or not found.is_to_be_reprinted or "reprint" not in seen:
        return found
    return replace(found, pages=reprint.compared(pdf, seen["reprint"]))


def conclude(seen: Json, pdf: bytes, *, at: datetime, register: Register | None = None) -> Verification:
    """Observations as a Verification; none at all means that the file could not be read.

    Observations that cannot be told in every form that a reader may ask for count as none: what is told later never fails.
    """
    digest = hashlib.sha256(pdf).hexdigest()
    registration = register(pdf, digest, seen.get("record_sha256")) if register else None
    fields = {name: value for name, value in seen.items() if name != "reprint"}
    try:
        found = Verification(at=at, file_sha256=digest, registration=registration, **fields)
        json.dumps(found.to_json(), ensure_ascii=False).encode()
        _ = [(about.rows(found, language), found.verdict_text) for language in ("ko", "en")]
    except Exception:  # whatever the file made of them: dates that no calendar has, words that nothing is called
        return Verification(at=at, file_sha256=digest, registration=registration)
    return found


def _questionnaire_facts(known: Sequence[Sequence[str]]) -> Iterator[Fact]:
    """One for all of the same standing. known: id, version, standing."""
    for standing, state in STANDINGS.items():
        if named := [f"{name} {version}" for name, version, stands in known if stands == standing]:
            yield fact("questionnaire", state, key=f"questionnaire_{standing}", about=", ".join(named))
