"""Verifies that stored data is unaltered: audit, for everything; check_history, for what is new before sealing.

The chain of events is re-derived and compared with the checkpoints in sealed reports and with the last one that
was verified here; evidence, sealed reports and submitted revisions are compared with their digests and with the events that
tell of them. Whoever owns the computer can rewrite database, files and the last verified checkpoint alike: only reports
that were given out show that.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import text

from assessments.content.canonical import content_sha256, digest
from assessments.errors import AssessmentError
from assessments.home import home
from assessments.keeping import (
    audit_following,
    audit_meetings,
    audit_official,
    audit_recourse,
    audit_told,
    sealed_files,
)
from assessments.keeping.audit_findings import Finding, Harm, Thing, finding, of_history
from assessments.storage import event_lines, evidence_files, file_store, history, reader
from assessments.storage.database import Session
from assessments.storage.entries import EventChoice
from assessments.storage.file_store import Store
from assessments.storage.history import Checkpoint, HistoryVerification
from questionnaires.problems import InvalidFileError
from questionnaires.texts import joined, texts_of

TEXTS = texts_of(__file__)


CheckpointOf = Callable[[bytes], Mapping[str, Any] | None]
"""A sealed report, or its record → its checkpoint, as `seq`, `hash` and `at`. None: it has none."""
Tell = Callable[[float], None]
"""Called with the share done, 0 to 1."""
VERIFIED = "history.checkpoint"
"""File in the home folder that stores the last verified checkpoint."""


@dataclass(frozen=True)
class Audit:
    """What was examined, and the findings."""

    events: int
    erased: int
    """Number of values properly erased, each by an event."""
    checkpoints: int
    evidence: int
    reports: int
    revisions: int
    head: Checkpoint | None
    """Head of the history. None: no event yet, or the chain is not intact."""
    findings: tuple[Finding, ...]

    @property
    def is_intact(self) -> bool:
        return not self.findings


def audit(
    session: Session,
    checkpoint_of: CheckpointOf,
    tell: Tell = lambda _: None,
    *,
    folder: Path | None = None,
    files: Store | None = None,
    notes: bool = True,
) -> Audit:
    """Audits everything stored, on one snapshot of the database.

    folder: a copy of a home folder, with all files in it; files: another place of them; None: those of this installation.
    notes: whether to store the verified checkpoint if all is intact.
    """
    store = files or (file_store.FolderStore(folder) if folder else file_store.current())
    folder = folder or home()
    findings: list[Finding] = []
    evidence = _rows(session, "SELECT DISTINCT id, stored_name, sha256 FROM evidence ORDER BY id")
    proofs = _rows(session, "SELECT id, stored_name, sha256 FROM proof ORDER BY id")
    reports = _rows(session, "SELECT id, stored_name, file_sha256, record_sha256 FROM sealed_report ORDER BY id")
    revisions = _rows(
        session,
        "SELECT assessment_id, number, content_sha256 FROM revision WHERE content_sha256 IS NOT NULL ORDER BY id",
    )
    steps = _Steps(tell, len(evidence) + len(proofs) + len(reports) + len(revisions))
    findings += _evidence(store, [*evidence, *proofs], steps)
    sound, faults = _reports(store, reports, steps)
    findings += faults
    findings += _revisions(session, revisions, steps)
    findings += _submissions(session)
    findings += audit_told.compared(session, evidence, reports)
    findings += audit_following.compared(session)
    findings += audit_meetings.compared(session)
    findings += audit_recourse.compared(session)
    findings += audit_official.compared(session)
    checkpoints, faults = _checkpoints(store, sound, checkpoint_of)
    findings += faults
    verified = history.verify(
        session, [*checkpoints, *_last_verified(folder)], tell=lambda share: tell(0.5 + share / 2)
    )
    findings += [of_history(fault) for fault in verified.faults]
    head = history.checkpoint(session) if verified.is_intact else None
    made = Audit(
        verified.events,
        len(verified.erased),
        verified.checkpoints,
        len(evidence) + len(proofs),
        len(reports),
        len(revisions),
        head,
        tuple(findings),
    )
    if made.is_intact and notes:
        _note(folder, head)
    tell(1.0)
    return made


@dataclass(frozen=True)
class LastVerified:
    """Up to where the chain was last intact, by what this home folder keeps of it."""

    upto: Checkpoint
    at: datetime
    """When that was noted."""


def last_verified() -> LastVerified | None:
    """None: nothing was verified yet, or the note is unreadable."""
    folder = home()
    for checkpoint in _last_verified(folder):
        try:
            return LastVerified(checkpoint, datetime.fromtimestamp((folder / VERIFIED).stat().st_mtime, UTC))
        except OSError:
            continue  # it was just replaced
    return None


def check_history(session: Session) -> HistoryVerification:
    """Verifies the chain from the last verified checkpoint to its end, before a new checkpoint is given out.

    Its cost depends only on the new events; the checkpoint's hash covers the earlier ones. Raises: AssessmentError
    if the history was altered, because that must not be sealed over.
    """
    folder = home()
    last = next(iter(_last_verified(folder)), None)
    history_verification = history.verify(session, [last] if last else [], since=last)
    if not history_verification.is_intact:
        named = [of_history(fault) for fault in history_verification.faults[:3]]
        raise AssessmentError(TEXTS.told("history_not_intact", found=joined(*(fault.words for fault in named))))
    _note(folder, history.checkpoint(session))
    return history_verification


# --- parts -------------------------------------------------------------------------------------------------


@dataclass
class _Steps:
    """Progress of the first half, files and revisions; the chain is the second half."""

    tell: Tell
    all: int
    done: int = field(default=0)

    def one(self) -> None:
        self.done += 1
        self.tell(self.done / max(1, self.all) / 2)


def _rows(session: Session, statement: str) -> Sequence[Any]:
    return session.connection().execute(text(statement)).all()


def _content(store: Store, path: str) -> bytes | None:
    """The file's bytes. None: missing or unreadable. Raises: AssessmentError where nothing there can be reached."""
    try:
        return store.read(path)
    except OSError:
        return None


def _evidence(store: Store, rows: Sequence[Any], steps: _Steps) -> Iterator[Finding]:
    known = {row.sha256 for row in rows}
    for row in rows:
        content = _content(store, f"{evidence_files.EVIDENCE}/{Path(row.stored_name).name}")
        steps.one()
        yield from _harmed(Thing.EVIDENCE, row.id, content, row.sha256, known)


def _harmed(thing: Thing, which: object, content: bytes | None, sha256: str, known: set[str]) -> Iterator[Finding]:
    if content is None:
        yield finding(thing, Harm.MISSING, which)
        return
    digest = hashlib.sha256(content).hexdigest()
    if digest != sha256:
        yield finding(thing, Harm.SWAPPED if digest in known else Harm.ALTERED, which)


def _reports(store: Store, rows: Sequence[Any], steps: _Steps) -> tuple[list[tuple[int, str]], list[Finding]]:
    """Number and path of the record (or of the file that contains it) of each intact report, and findings on the others."""
    known = {row.file_sha256 for row in rows}
    sound, findings = [], []
    for row in rows:
        file = f"{evidence_files.REPORTS}/{Path(row.stored_name).name}"
        beside = sealed_files.record_name(file)
        record = _content(store, beside)
        steps.one()
        faults = list(_harmed(Thing.REPORT, row.id, _content(store, file), row.file_sha256, known))
        if record is not None and hashlib.sha256(record).hexdigest() != row.record_sha256:
            faults.append(finding(Thing.RECORD, Harm.ALTERED, row.id))
        findings += faults
        if not faults:
            sound.append((row.id, file if record is None else beside))
    return sound, findings


def _checkpoints(
    store: Store, reports: Sequence[tuple[int, str]], of: CheckpointOf
) -> tuple[list[Checkpoint], list[Finding]]:
    """The checkpoints in sealed reports, and findings on unreadable ones."""
    checkpoints, findings = [], []
    for number, path in reports:
        try:
            checkpoint_json = of(store.read(path))
            if checkpoint_json is not None:
                checkpoints.append(
                    Checkpoint(
                        int(checkpoint_json["seq"]),
                        str(checkpoint_json["hash"]),
                        datetime.fromisoformat(checkpoint_json["at"]),
                    )
                )
        except (AssessmentError, OSError, ValueError, KeyError, TypeError):
            findings.append(finding(Thing.REPORT, Harm.UNREADABLE, number))
    return checkpoints, findings


def _revisions(session: Session, rows: Sequence[Any], steps: _Steps) -> Iterator[Finding]:
    for row in rows:
        which = f"{row.assessment_id}/{row.number}"
        try:
            digest = content_sha256(reader.get_assessment(session, row.assessment_id, row.number))
        except (AssessmentError, InvalidFileError, ValueError, KeyError, TypeError):
            yield finding(Thing.REVISION, Harm.UNREADABLE, which)
        else:
            if digest != row.content_sha256:
                yield finding(Thing.REVISION, Harm.ALTERED, which)
        steps.one()


def _submissions(session: Session) -> Iterator[Finding]:
    """Each is what its digest says, and they are the last that the history tells of their revision: earlier releases kept none."""
    stored: dict[tuple[int, int], list[Any]] = {}
    for row in _rows(
        session,
        "SELECT assessment_id, number, round, content, submission.content_sha256 FROM submission "
        "JOIN revision ON revision.id = revision_id ORDER BY revision_id, round",
    ):
        stored.setdefault((row.assessment_id, row.number), []).append(row)
    for (assessment_id, number), rows in stored.items():
        for row in rows:
            if digest(json.loads(row.content)) != row.content_sha256:
                yield finding(Thing.SUBMISSION, Harm.ALTERED, f"{assessment_id}/{number}.{row.round}")
        lines = [
            line
            for kind in ("submit", "submit_again")
            for line in event_lines.events(session, assessment_id, choice=EventChoice(kind=kind))
            if line.revision == number
        ]
        ordered = sorted(lines, key=lambda line: line.seq)
        in_history = [line.values.get("content_sha256") for line in ordered][-len(rows) :]
        is_told = len(in_history) == len(rows) and all(
            sha256 in (None, row.content_sha256) for sha256, row in zip(in_history, rows, strict=True)
        )
        if not is_told or [row.round for row in rows] != list(range(1, len(rows) + 1)):
            yield finding(Thing.SUBMISSION, Harm.ADDED, f"{assessment_id}/{number}")


def _last_verified(folder: Path) -> Sequence[Checkpoint]:
    """The last verified checkpoint; empty if nothing was verified yet or the note is unreadable."""
    try:
        checkpoint_json = json.loads((folder / VERIFIED).read_text("utf-8"))
        return [
            Checkpoint(
                int(checkpoint_json["seq"]), str(checkpoint_json["hash"]), datetime.fromisoformat(checkpoint_json["at"])
            )
        ]
    except (OSError, ValueError, KeyError, TypeError):
        return []


def _note(folder: Path, head: Checkpoint | None) -> None:
    if head is None:
        return
    file = folder / VERIFIED
    draft = file.with_name(f".{file.name}.{os.getpid()}.{datetime.now(UTC):%f}")
    with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as stream:
        json.dump({"seq": head.seq, "hash": head.hash, "at": head.at.isoformat()}, stream)
    os.replace(draft, file)
