"""What a verified file says it is, and whose seal it carries, in the order in which a reader asks: rows. A claim, no finding.

Every value is legible already: it may stand on a terminal or a page as it is.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from assessments.model import Json
from exports.record import record
from exports.verification.verdict import Verification
from exports.words.facts import Verdict
from exports.words.labels import day, labels, moment
from questionnaires.legible import legible


@dataclass(frozen=True)
class Row:
    """A name with what is said under it."""

    name: str
    value: str
    is_code: bool = False
    """Digits to be compared, to be shown in characters of equal width."""


def rows(verification: Verification, language: str) -> tuple[Row, ...]:
    """Whom and what it concerns and how it was ruled is left out of a file that failed: nobody is to rely on it."""
    return tuple(_rows(verification, language))


def _rows(verification: Verification, language: str) -> Iterator[Row]:
    texts = labels()
    if verification.committee:
        committee = verification.committee
        kind = labels("verification.yaml")[f"kind_{committee['kind']}"][language]
        yield Row(texts["document_id"][language], f"{kind} · {legible(committee['title'])}")
        yield Row(labels("verification.yaml")["committee_unit"][language], legible(committee["unit"]))
        yield Row(texts["meeting_day"][language], day(date.fromisoformat(committee["on"]), language))
        frozen_at = moment(record.time(committee["made_at"]), language)
        yield Row(labels("verification.yaml")["frozen_at"][language], f"{frozen_at} (Asia/Seoul)")
    if verification.official:
        yield from _official(verification.official, language)
    if verification.archive:
        yield Row(texts["archive_sha256"][language], legible(verification.archive["sha256"]), is_code=True)
        yield Row(texts["archive_fingerprint"][language], legible(verification.archive["fingerprint"]), is_code=True)
    if verification.document:
        document = f"{legible(verification.document['id'])} · {texts['revision'][language]} {verification.document['revision']}"
        yield Row(texts["document_id"][language], document)
    if verification.outcome:
        contested = f" · {texts['contested'][language]}" if verification.contested else ""
        yield Row(texts["determination"][language], texts[f"outcome_{verification.outcome}"][language] + contested)
    if verification.level:
        yield Row(texts["risk_level"][language], texts[f"level_{verification.level}"][language])
    if verification.verdict is not Verdict.FAILED:
        yield from _statement(verification, language)
    yield from _seal(verification, language)
    if verification.record_sha256:
        digest = (
            labels("verification.yaml")["frozen_sha256"]
            if verification.committee or verification.official
            else texts["record_sha256"]
        )
        yield Row(digest[language], verification.record_sha256, is_code=True)
    if verification.file_sha256:
        yield Row(labels("verification.yaml")["file_sha256"][language], verification.file_sha256, is_code=True)


def _official(official: Json, language: str) -> Iterator[Row]:
    texts, words = labels(), labels("verification.yaml")
    kind = words["kind_" + official["kind"]][language]
    yield Row(texts["document_id"][language], f"{kind} · {legible(official['title'])}")
    yield Row(texts["operator"][language], legible(official["operator"]))
    yield Row(texts["system"][language], legible(official["system"]))
    made_from = f"{legible(official['document_id'])} · {texts['revision'][language]} {official['revision']}"
    yield Row(words["made_from"][language], made_from)
    yield Row(words["content_sha256"][language], official["content_sha256"], is_code=True)
    frozen_at = moment(record.time(official["made_at"]), language)
    yield Row(words["frozen_at"][language], f"{frozen_at} (Asia/Seoul)")


def _statement(verification: Verification, language: str) -> Iterator[Row]:
    statement, texts = verification.statement, labels()
    if statement is None:
        return
    system = statement["system"]
    names = (system["ko"], system["en"]) if language == "ko" else (system["en"], system["ko"])
    yield Row(texts["operator"][language], legible(statement["operator"]))
    yield Row(texts["system"][language], legible(next((name for name in names if name), "")))
    if statement["version"]:
        yield Row(texts["version"][language], legible(statement["version"]))
    if statement["ruling"]:
        yield Row(texts["ruling"][language], texts[f"ruling_{statement['ruling']}"][language])
    for condition in statement["conditions"]:
        yield Row(labels("verification.yaml")["condition"][language], legible(condition))
    for name in ("decided_by", "signed_off_by"):
        if statement[name]:
            yield Row(texts[name][language], legible(statement[name]))


def _seal(verification: Verification, language: str) -> Iterator[Row]:
    words = labels("verification.yaml")
    if verification.certificate is None or verification.sealed_at is None:
        return
    yield Row(words["sealed_when"][language], f"{moment(record.time(verification.sealed_at), language)} (Asia/Seoul)")
    yield Row(words["sealing_certificate"][language], legible(verification.certificate["subject"]))
    yield Row(words["fingerprint"][language], verification.certificate["fingerprint"], is_code=True)
