"""The content of a revision as it was submitted, each time: add, before, all_of, remove."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, func
from sqlmodel import Session, col, select

from assessments.content.canonical import content, digest
from assessments.errors import AlteredFileError
from assessments.model import Assessment, Person
from assessments.storage import reader
from assessments.storage.entries import Submission
from assessments.storage.tables import RevisionRow, SubmissionRow, table_of
from assessments.storage.writer import revision_of
from questionnaires.texts import texts_of

TEXTS = texts_of(__file__)


def add(session: Session, assessment: Assessment, content_sha256: str, by: Person, at: datetime) -> None:
    """The present content, which has this digest, as one more submission of its revision."""
    revision_id = revision_of(session, assessment).id
    query = select(func.count()).select_from(SubmissionRow).where(SubmissionRow.revision_id == revision_id)
    row = SubmissionRow(
        revision_id=revision_id,
        round=session.exec(query).one() + 1,
        content=content(assessment),
        content_sha256=content_sha256,
        by_id=by.id,
        by_name=by.name,
        at=at,
    )
    session.add(row)
    session.flush()


def all_of(session: Session, assessment_id: int) -> tuple[Submission, ...]:
    """Of all revisions, oldest first. Raises: AlteredFileError where one is not what was submitted."""
    query = (
        select(SubmissionRow, RevisionRow.number)
        .join(RevisionRow, col(RevisionRow.id) == SubmissionRow.revision_id)
        .where(RevisionRow.assessment_id == assessment_id)
        .order_by(col(RevisionRow.number), col(SubmissionRow.round))
    )
    return tuple(_read(row, number) for row, number in session.exec(query))


def before(session: Session, assessment: Assessment) -> Submission | None:
    """What was submitted last before the present content: of this revision, else of the one before. None: nothing was.

    Raises: AlteredFileError.
    """
    number = assessment.id or 0
    earlier = [submission for submission in all_of(session, number) if submission.revision <= assessment.revision]
    if assessment.content_sha256 is not None and earlier and earlier[-1].revision == assessment.revision:
        earlier.pop()  # the present content itself
    if earlier:
        return earlier[-1]
    for revision in range(assessment.revision - 1, 0, -1):
        old = reader.get_assessment(session, number, revision)
        if old.content_sha256 is not None:
            return Submission(revision, 0, old.submitted_by, old.submitted_at, content(old))
    return None


def remove(session: Session, assessment: Assessment) -> None:
    """With the rest of a draft that is deleted."""
    table = table_of(SubmissionRow)
    session.connection().execute(delete(table).where(table.c.revision_id == revision_of(session, assessment).id))


def _read(row: SubmissionRow, number: int) -> Submission:
    if digest(row.content) != row.content_sha256:
        raise AlteredFileError(TEXTS.told("submission_altered", revision=number, round=row.round))
    return Submission(number, row.round, Person(row.by_id, row.by_name), row.at, row.content)
