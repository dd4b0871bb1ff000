"""What a verified file says it is, and whose seal it carries, in the order in which a reader asks: rows. A claim, no finding.

Every value is legible already: it may stand on a terminal or a page as it is.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from exports.record import record
from exports.verification.verdict import Verification
from exports.words.facts import Verdict
from exports.words.labels import labels, moment
from questionnaires.legible import legible


@dataclass(frozen=True)
class Row:
    """A name with what is said under it."""

    name: str
    value: str
    is_code: bool = False
    """Digits to be compared, to be shown in signs of equal width."""


def rows(found: Verification, language: str) -> tuple[Row, ...]:
    """Whom and what it concerns and how it was ruled is left out of a file that failed: nobody is to rely on it."""
    return tuple(_rows(found, language))


def _rows(found: Verification, language: str) -> Iterator[Row]:
    said = labels()
    if found.document:
        document = f"{legible(found.document['id'])} · {said['revision'][language]} {found.document['revision']}"
        yield Row(said["document_id"][language], document)
    if found.outcome:
        contested = f" · {said['contested'][language]}" if found.contested else ""
        yield Row(said["determination"][language], said[f"outcome_{found.outcome}"][language] + contested)
    if found.level:
        yield Row(said["risk_level"][language], said[f"level_{found.level}"][language])
    if found.verdict is not Verdict.FAILED:
        yield from _statement(found, language)
    yield from _seal(found, language)
    if found.record_sha256:
        yield Row(said["record_sha256"][language], found.record_sha256, is_code=True)
    if found.file_sha256:
        yield Row(labels("verification.yaml")["file_sha256"][language], found.file_sha256, is_code=True)


def _statement(found: Verification, language: str) -> Iterator[Row]:
    statement, said = found.statement, labels()
    if statement is None:
        return
    system = statement["system"]
    names = (system["ko"], system["en"]) if language == "ko" else (system["en"], system["ko"])
    yield Row(said["operator"][language], legible(statement["operator"]))
    yield Row(said["system"][language], legible(next((name for name in names if name), "")))
    if statement["version"]:
        yield Row(said["version"][language], legible(statement["version"]))
    if statement["ruling"]:
        yield Row(said["ruling"][language], said[f"ruling_{statement['ruling']}"][language])
    for condition in statement["conditions"]:
        yield Row(labels("verification.yaml")["condition"][language], legible(condition))
    for name in ("decided_by", "signed_off_by"):
        if statement[name]:
            yield Row(said[name][language], legible(statement[name]))


def _seal(found: Verification, language: str) -> Iterator[Row]:
    words = labels("verification.yaml")
    if found.certificate is None or found.sealed_at is None:
        return
    yield Row(words["sealed_when"][language], f"{moment(record.time(found.sealed_at), language)} (Asia/Seoul)")
    yield Row(words["sealing_certificate"][language], legible(found.certificate["subject"]))
    yield Row(words["fingerprint"][language], found.certificate["fingerprint"], is_code=True)
