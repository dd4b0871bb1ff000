"""What is stored for an assessment's official documents: facts, steps of the request, sealed documents; and their small writers.

Facts and steps are read from the history, so that what is erased there is erased here.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import and_, insert, select
from sqlmodel import Session

from assessments.model import AISystem, Json, Person
from assessments.rights import Kind
from assessments.rules import requesting
from assessments.rules.requesting import RequestStanding, Step, StepKind
from assessments.storage import event_lines, sealed_documents, units
from assessments.storage.expressions import Literally
from assessments.storage.facets import Facets
from assessments.storage.official_tables import OfficialDocumentRow
from assessments.storage.tables import AssessmentRow, EventRow, ProjectionRow, SystemRow, table_of
from questionnaires.confirmation import Periods

FACTS, STEP, KEPT = "set_request_facts", "note_request_step", "keep_official"
_DOCUMENT, _EVENT = table_of(OfficialDocumentRow), table_of(EventRow)
_ASSESSMENT, _SYSTEM, _RESULT = table_of(AssessmentRow), table_of(SystemRow), table_of(ProjectionRow)


@dataclass(frozen=True)
class RequestFacts:
    """What somebody wrote for the documents beside the record."""

    values: Mapping[str, str]
    """Id of a field of the form → what it holds; of several choices one a line. Empty fields are left out."""
    seen: int = 0
    """Number of the event that wrote them. 0: nobody has."""
    by: Person | None = None
    at: datetime | None = None


@dataclass(frozen=True)
class OfficialDocument:
    """A sealed official document, without its file."""

    number: int
    assessment: int
    revision: int
    kind: str
    language: str
    content_sha256: str
    file_sha256: str
    at: datetime


@dataclass(frozen=True)
class UnderWay:
    """A request whose period runs."""

    assessment: int
    system: AISystem
    """Its names."""
    standing: RequestStanding


def facts(session: Session, assessment_id: int) -> RequestFacts:
    line = event_lines.last_event(session, assessment_id, FACTS)
    if line is None:
        return RequestFacts({})
    return RequestFacts({name: str(value) for name, value in line.values.items()}, line.seq, line.by, line.at)


def steps(session: Session, assessment_id: int) -> tuple[Step, ...]:
    """As they were entered, oldest first."""
    lines = event_lines.of_kinds(session, assessment_id, (STEP,))
    return tuple(
        Step(
            line.seq,
            StepKind(line.values.get("step", StepKind.STRUCK)),
            date.fromisoformat(line.values["on"]) if "on" in line.values else line.at.date(),
            line.by,
            line.at,
            date.fromisoformat(line.values["until"]) if line.values.get("until") else None,
            str(line.values.get("outcome", "")),
            str(line.values.get("text", "")),
        )
        for line in lines
    )


def under_way(
    session: Session, held: Collection[int] | None, periods: Periods, facets: Facets | None = None
) -> tuple[UnderWay, ...]:
    """Requests whose period runs, the earliest day first, of the systems in these units. held None: in any.

    facets: only of assessments which they leave. Requests are few, and an index of their own leads to them.
    """
    query = (
        select(_EVENT.c.assessment_id, _SYSTEM.c.name_ko, _SYSTEM.c.name_en)
        .join(_ASSESSMENT, _ASSESSMENT.c.id == _EVENT.c.assessment_id)
        .join(_SYSTEM, _SYSTEM.c.id == _ASSESSMENT.c.system_id)
        .where(Literally(f"event.kind = '{STEP}'"))
        .distinct()
    )
    if held is not None:
        query = query.where(_SYSTEM.c.unit_id.in_(held))
    if facets:
        meant = and_(_RESULT.c.assessment_id == _EVENT.c.assessment_id, facets.condition(leads=False))
        query = query.where(select(_RESULT.c.assessment_id).where(meant).exists())
    running = []
    for row in session.connection().execute(query):
        standing = requesting.standing(steps(session, row.assessment_id), periods)
        if standing.until is not None:
            running.append(UnderWay(row.assessment_id, AISystem(row.name_ko, row.name_en), standing))
    return tuple(sorted(running, key=lambda entry: (entry.standing.until or date.max, entry.assessment)))


def documents(session: Session, assessment_id: int) -> tuple[OfficialDocument, ...]:
    """The newest first, without their files."""
    rows = sealed_documents.listed(session, _DOCUMENT, _DOCUMENT.c.assessment_id, assessment_id)
    return tuple(_document(row) for row in rows)


def file_of(session: Session, assessment_id: int, number: int) -> tuple[OfficialDocument, Json, bytes]:
    """With what was frozen in it, and its file. Raises: NotFoundError."""
    row = sealed_documents.with_file(session, _DOCUMENT, _DOCUMENT.c.assessment_id, assessment_id, number)
    if row is None:
        raise units.absent(Kind.ASSESSMENT, assessment_id)
    return _document(row), row.content, bytes(row.file)


def sealed_like(session: Session, file_sha256: str, content_sha256: str | None) -> tuple[tuple[int, bytes], ...]:
    """Assessment and file of each kept document that is this very file, or in which the same was frozen."""
    return sealed_documents.sealed_like(session, _DOCUMENT, _DOCUMENT.c.assessment_id, file_sha256, content_sha256)


def add_document(session: Session, document: OfficialDocument, content: Json, file: bytes) -> None:
    row = {
        "seq": document.number,
        "assessment_id": document.assessment,
        "revision": document.revision,
        "kind": document.kind,
        "language": document.language,
        "content": content,
        "content_sha256": document.content_sha256,
        "file": file,
        "file_sha256": document.file_sha256,
        "at": document.at,
    }
    session.connection().execute(insert(_DOCUMENT), row)


def _document(row: Any) -> OfficialDocument:
    return OfficialDocument(
        row.seq,
        row.assessment_id,
        row.revision,
        row.kind,
        row.language,
        row.content_sha256,
        row.file_sha256,
        row.at,
    )
