"""The record: the frozen content of one revision with everything needed to read and recompute it by itself.

build, read; Record with its canonical bytes and digest; recompute. Exporters know nothing but records.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from datetime import time as clock_time
from functools import cached_property
from typing import Any, Protocol

from assessments.content import canonical as content
from assessments.derived import Findings
from assessments.errors import QuestionnaireChangedError
from assessments.model import (
    Assessment,
    Decision,
    Json,
    Origin,
    Person,
    SignOff,
    Status,
)
from assessments.release import version
from assessments.rules import ENGINE, findings, operators
from exports.record import acts, schema
from exports.record.acts import stamp as stamp
from exports.record.acts import time as time
from exports.record.appearance import Appearance
from exports.record.schema import NoRecordError
from questionnaires import load
from questionnaires.load import Edition
from questionnaires.schema import Questionnaire
from questionnaires.texts import texts_of
from questionnaires.wording import SEOUL

TEXTS = texts_of(__file__)
FORMAT = "haetae-record/1"
MAX_BYTES = 20 * 2**20


class Checkpoint(Protocol):
    """The head of the history at a point in time."""

    @property
    def seq(self) -> int: ...
    @property
    def hash(self) -> str: ...
    @property
    def at(self) -> datetime: ...


@dataclass(frozen=True)
class NamedSeal:
    """A sealing certificate as a record names it, so that the page can print what is to be compared."""

    name: str
    """Common name of its subject."""
    fingerprint: str
    """SHA-256 of the certificate, in hexadecimal."""
    organisation: str = ""
    """Empty: the certificate names none."""

    @property
    def in_words(self) -> str:
        """Whose it is, as far as the certificate says, and its name."""
        return ", ".join(filter(None, (self.organisation, self.name)))

    def to_json(self) -> Json:
        organisation = {"organisation": self.organisation} if self.organisation else {}
        return {"name": self.name, "fingerprint": self.fingerprint, **organisation}


@dataclass(frozen=True)
class Record:
    """One complete revision as JSON."""

    data: Json

    @cached_property
    def canonical(self) -> bytes:
        """Canonical JSON (RFC 8785): the bytes attached to the PDF, over which the digest is computed."""
        return content.canonical(self.data)

    @cached_property
    def sha256(self) -> str:
        """`record_sha256`: printed on the first page, never inside the record."""
        return hashlib.sha256(self.canonical).hexdigest()

    @property
    def is_draft(self) -> bool:
        """True without a sign-off, and for a redacted copy of an unsealed record. A draft is never sealed."""
        return self.data["sign_off"] is None or self.is_draft_copy

    @property
    def is_draft_copy(self) -> bool:
        """A redacted copy of a record that did not come from a sealed report of this installation."""
        return bool(self.data.get("is_draft_copy"))

    @property
    def redacts(self) -> str | None:
        """`record_sha256` of the full record that this is a redacted copy of. None: it is a full record."""
        full: str | None = self.data.get("redacts")
        return full

    @property
    def is_example(self) -> bool:
        return bool(self.data["document"]["is_example"])

    @property
    def at(self) -> datetime | None:
        """When the document was made. None: it was made from a file, which states only a day (`on`)."""
        at = self.data["document"].get("at")
        return time(at) if at else None

    @property
    def on(self) -> date:
        """The day of the document, in Seoul."""
        return self.at.astimezone(SEOUL).date() if self.at else date.fromisoformat(self.data["document"]["on"])

    @property
    def judged_on(self) -> date | None:
        """The day on which evidence had to be in force. None: the assessment's own day; older records do not state it."""
        day = self.data.get("judged_on")
        return date.fromisoformat(day) if day else None

    @property
    def dated(self) -> str:
        """The time or the day of the document, as the record states it."""
        return when_text(self.data["document"])

    @property
    def file_dated(self) -> datetime:
        """The document's time for file properties, which cannot hold a day without a time."""
        return self.at or datetime.combine(self.on, clock_time(), UTC)

    @property
    def file_name(self) -> str:
        """Name of the downloaded report, also used in the printed commands."""
        if self.at is None:
            return "redacted.pdf" if self.redacts else "report.pdf"
        mark = "-redacted" if self.redacts else "-draft" if self.is_draft else ""
        return f"{self.data['document']['id']}{mark}.pdf"

    @property
    def seal(self) -> NamedSeal | None:
        """The certificate that it says it is sealed with. None: a draft, not made to be sealed, or of before it was named."""
        named = self.data["document"].get("seal")
        return NamedSeal(**named) if named else None

    def name_seal(self, seal: NamedSeal) -> Record:
        """The same record, which says what certificate it is sealed with; its digest is another."""
        return Record({**self.data, "document": {**self.data["document"], "seal": seal.to_json()}})


@dataclass(frozen=True)
class Recomputation:
    """Results recomputed from a record's own content and questionnaires, compared with those it states."""

    assessment: Assessment
    questionnaires: Mapping[str, Questionnaire]
    findings: Findings
    content_matches: bool | None
    """The content's digest is the one stated, and the one that decision and sign-off name. None: a redacted copy."""
    questionnaires_match: bool
    """The attached questionnaires are the pinned ones, to the byte."""
    differing: tuple[str, ...]
    """Names of the results that differ in substance, not only in wording."""
    reworded: tuple[str, ...]
    """Names of the results that differ only in wording, as they may between releases of the program."""
    engine: int
    """Of the record."""

    @property
    def is_same_engine(self) -> bool:
        return self.engine == ENGINE


def build(
    assessment: Assessment,
    editions: Mapping[str, Edition],
    *,
    at: datetime | None = None,
    on: date | None = None,
    document_id: str,
    checkpoint: Checkpoint | None = None,
    appearance: Appearance = Appearance(),  # noqa: B008 - frozen
    reassess_on: date | None = None,
) -> Record:
    """The record of this revision, dated `at`, or `on` where only a day is known.

    editions: by id, all that the assessment pins. reassess_on: as it stands when the record is made; None: nothing says so.

    Raises: QuestionnaireChangedError where an edition is not what was pinned, or the content is not what was submitted.
    """
    order = sorted((ref.id for ref in assessment.editions), key=lambda name: (name != assessment.domain, name))
    used = {name: editions[name] for name in order}
    _check_pinned(assessment, used)
    judged_on = assessment.day_judged(_day(at, on))
    questionnaires = {name: edition.questionnaire for name, edition in used.items()}
    results = findings.derive(questionnaires, assessment, judged_on=judged_on)
    stated = content.content_sha256(assessment)
    if assessment.content_sha256 not in (None, stated):
        raise QuestionnaireChangedError(TEXTS.told("content_differs"))
    decision, sign_off = assessment.decision, assessment.sign_off
    years = operators.keep_years({name: edition.questionnaire for name, edition in editions.items()})
    return Record(
        {
            "format": FORMAT,
            "engine": ENGINE,
            "version": version(),
            "document": {
                "id": document_id,
                "revision": assessment.revision,
                "status": assessment.status.value,
                **acts.when(at, on),
                "retention_until": retention_until(day_of(sign_off), years).isoformat() if sign_off and years else None,
                **({"reassess_on": reassess_on.isoformat()} if reassess_on and decision else {}),
                "is_example": assessment.operator.is_example,
                **({} if appearance.is_plain else {"appearance": appearance.to_json()}),
            },
            "content": content.content(assessment),
            "content_sha256": stated,
            "questionnaires": [_edition(edition) for edition in used.values()],
            "judged_on": judged_on.isoformat(),
            "results": content.results(results, assessment),
            "authors": [acts.person(person) for person in assessment.authors],
            **acts.reviews(assessment),
            "decision": acts.decision(decision) if decision else None,
            "decision_origin": assessment.origin.value if decision and assessment.origin else None,
            **acts.committee(assessment),
            "sign_off": acts.sign_off(sign_off) if sign_off else None,
            "history_checkpoint": None
            if checkpoint is None
            else {"seq": checkpoint.seq, "hash": checkpoint.hash, "at": stamp(checkpoint.at)},
        }
    )


def read(raw: bytes) -> Record:
    """Parse a record. Raises: ValueError unless the bytes are a canonical record of this format that fits its schema."""
    if len(raw) > MAX_BYTES:
        raise NoRecordError(TEXTS.text("record_too_large", size=len(raw), most=MAX_BYTES))
    data = json.loads(raw)
    if not isinstance(data, dict) or data.get("format") != FORMAT:
        raise NoRecordError(TEXTS.text("other_format", format=FORMAT))
    record = Record(data)
    if record.canonical != raw:
        raise NoRecordError(TEXTS.text("not_canonical"))
    schema.check(raw)
    return record


def recompute(record: Record) -> Recomputation:
    """Recompute all results from the record's own content and questionnaires; no other file is read.

    Raises: whatever a malformed record leads to (InvalidFileError, AssessmentError, KeyError, TypeError, ValueError).
    """
    data, questionnaires = record.data, questionnaires_of(record)
    assessment = replace(
        content.from_content(data["content"], questionnaires),
        status=Status(data["document"]["status"]),
        revision=data["document"]["revision"],
        authors=tuple(Person(**author) for author in data.get("authors", ())),
        evidence_reviews=tuple(
            acts.read_review(evidence_review) for evidence_review in data.get("evidence_reviews", ())
        ),
        decision=acts.read_decision(data["decision"]),
        committee=acts.read_committee(data.get("committee")),
        votes=acts.read_votes(data.get("committee")),
        sign_off=acts.read_sign_off(data["sign_off"]),
        origin=Origin(data["decision_origin"]) if data["decision_origin"] else None,
    )
    recomputed = findings.derive(questionnaires, assessment, judged_on=record.judged_on or assessment.on)
    results = content.results(recomputed, assessment)
    if record.redacts is not None:
        results["content_sha256"] = data["content_sha256"]  # of the full content, which a copy does not have
    stated = data["results"]
    other = sorted(name for name in results.keys() | stated.keys() if results.get(name) != stated.get(name))
    reworded = tuple(name for name in other if _wordless(results.get(name)) == _wordless(stated.get(name)))
    done = [
        *(data[act] for act in ("decision", "sign_off") if data[act]),
        *(data.get("committee") or {"votes": ()})["votes"],
    ]
    named = {data["content_sha256"], *(act["content_sha256"] for act in done)}
    return Recomputation(
        assessment=assessment,
        questionnaires=questionnaires,
        findings=recomputed,
        content_matches=_content_matches(record, results["content_sha256"], named),
        questionnaires_match=_are_pinned(data, questionnaires),
        differing=tuple(name for name in other if name not in reworded),
        reworded=reworded,
        engine=data["engine"],
    )


def _wordless(result: Any) -> Any:
    """A result with each bilingual text replaced by a placeholder."""
    if isinstance(result, dict):
        return "" if result.keys() == {"ko", "en"} else {name: _wordless(part) for name, part in result.items()}
    return [_wordless(part) for part in result] if isinstance(result, list) else result


def questionnaires_of(record: Record) -> dict[str, Questionnaire]:
    """The record's own questionnaires, by id. Raises: InvalidFileError, KeyError."""
    return {
        questionnaire["id"]: load.read_once(
            questionnaire["file"], f"{questionnaire['id']}/{questionnaire['version']}.yaml"
        )
        for questionnaire in record.data["questionnaires"]
    }


def day_of(act: Decision | SignOff) -> date:
    """The day of an act: as the file states it, otherwise the day of its time in Seoul."""
    if act.at is not None:
        return act.at.astimezone(SEOUL).date()
    if act.on is None:
        raise ValueError("a decision or sign-off has neither a time nor a day")
    return act.on


def organisation(of: Record) -> str:
    """The organisation to name in a key created to seal this record: its operator; empty for an example."""
    return "" if of.is_example else str(of.data["content"]["operator"]["name"])


def when_text(part: Json) -> str:
    """The time, or only the day, stated in a part of a record."""
    text: str = part["at"] if "at" in part else part["on"]
    return text


def earliest(text: str) -> datetime:
    """The earliest moment that a stated time or day can mean; for comparison, never for display."""
    if "T" in text:
        return time(text)
    return datetime.combine(date.fromisoformat(text), clock_time(), SEOUL).astimezone(UTC)


def retention_until(day: date, years: int) -> date:
    """The last day of a retention period in years that starts on the day of the sign-off in Seoul."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:  # 29 February
        return day.replace(year=day.year + years, day=28)


def text_sha256(text: str) -> str:
    """SHA-256 of a questionnaire file's text, the digest by which an edition is pinned."""
    return hashlib.sha256(text.encode()).hexdigest()


# --- parts ---------------------------------------------------------------------------------------------------


def _day(at: datetime | None, on: date | None) -> date | None:
    return at.astimezone(SEOUL).date() if at else on


def _check_pinned(assessment: Assessment, editions: Mapping[str, Edition]) -> None:
    for ref in assessment.editions:
        edition = editions[ref.id]
        is_text_whole = text_sha256(edition.text) == edition.sha256
        if (edition.version, edition.sha256) != (ref.version, ref.sha256) or not is_text_whole:
            raise QuestionnaireChangedError(TEXTS.told("edition_differs", id=ref.id, version=ref.version))


def _content_matches(record: Record, recomputed: str, named: set[str]) -> bool | None:
    if record.redacts is None:
        return named == {content.digest(record.data["content"])} == {recomputed}
    return None if len(named) == 1 else False


def _are_pinned(data: Json, questionnaires: Mapping[str, Questionnaire]) -> bool:
    pinned = {(edition["id"], edition["version"], edition["sha256"]) for edition in data["content"]["editions"]}
    attached = {
        (
            questionnaires[questionnaire["id"]].id,
            questionnaires[questionnaire["id"]].version,
            text_sha256(questionnaire["file"]),
        )
        for questionnaire in data["questionnaires"]
    }
    stated = {
        (questionnaire["id"], questionnaire["version"], questionnaire["sha256"])
        for questionnaire in data["questionnaires"]
    }
    return pinned == attached == stated and len(data["questionnaires"]) == len(pinned)


def _edition(edition: Edition) -> Json:
    return {
        "id": edition.id,
        "version": edition.version,
        "sha256": edition.sha256,
        "is_released": edition.is_released,
        "file": edition.text,
    }
