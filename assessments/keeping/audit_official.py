"""Sealed official documents, held against what the history tells of them: compared."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

from sqlalchemy import select

from assessments.content.canonical import digest
from assessments.keeping.audit_findings import Finding, Harm, Thing, finding
from assessments.storage import event_lines, official
from assessments.storage.database import Session
from assessments.storage.entries import EventChoice
from assessments.storage.official_tables import OfficialDocumentRow
from assessments.storage.tables import table_of


def compared(session: Session) -> Iterator[Finding]:
    """Each is, file and frozen content, what its digests in the history say. Values that were erased say nothing."""
    lines = event_lines.events(session, choice=EventChoice(kind=official.KEPT))
    held = {row.seq: row for row in session.connection().execute(select(table_of(OfficialDocumentRow)))}
    stated = {line.seq: line for line in lines}
    for seq in sorted(held.keys() | stated.keys()):
        row, line = held.get(seq), stated.get(seq)
        if row is None:
            yield finding(Thing.OFFICIAL, Harm.MISSING, seq)
        elif line is None:
            yield finding(Thing.OFFICIAL, Harm.ADDED, seq)
        else:
            digests = {"content_sha256": digest(row.content), "file_sha256": hashlib.sha256(row.file).hexdigest()}
            columns = {"kind": row.kind, "language": row.language, **digests}
            is_elsewhere = (row.assessment_id, row.revision) != (line.assessment_id, line.revision)
            if is_elsewhere or any(line.values.get(name) not in (None, columns[name]) for name in columns):
                yield finding(Thing.OFFICIAL, Harm.ALTERED, seq)
