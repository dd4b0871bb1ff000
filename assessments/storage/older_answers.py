"""An answer as it was: OlderAnswer says of when, read gives it."""

from __future__ import annotations

from dataclasses import dataclass

from sqlmodel import Session

from assessments.content.canonical import content
from assessments.errors import NotFoundError
from assessments.model import Json
from assessments.storage import event_lines, reader, submissions
from questionnaires.texts import texts_of

TEXTS = texts_of(__file__)
WRITING = ("record_response", "restore_response")
"""Kinds of events that hold an answer before and after."""


@dataclass(frozen=True)
class OlderAnswer:
    """Of when: as an event left it, or as it was submitted."""

    event: int = 0
    """0: it is that of a submission."""
    revision: int = 0
    round: int = 0
    """0: of a revision whose submissions were not kept yet, as it stands."""


def read(session: Session, assessment_id: int, where: str, of: OlderAnswer) -> Json | None:
    """`answer` and `note` as the content holds them. None: there was none. Raises: NotFoundError, AlteredFileError."""
    if of.event:
        line = event_lines.event(session, of.event)
        is_it = line.assessment_id == assessment_id and line.kind in WRITING and line.values.get("question") == where
        if not is_it or "new" in line.erased:
            raise NotFoundError(TEXTS.told("no_older_answer"))
        return _plain(line.values.get("new"))
    questionnaire, _dot, question = where.partition(".")
    held = _content(session, assessment_id, of)
    return _plain(held["answers"].get(questionnaire, {}).get(question))


def _content(session: Session, assessment_id: int, of: OlderAnswer) -> Json:
    for submission in submissions.all_of(session, assessment_id):
        if (submission.revision, submission.round) == (of.revision, of.round):
            return submission.content
    if of.round or of.revision not in reader.revisions(session, assessment_id):
        raise NotFoundError(TEXTS.told("no_older_answer"))
    return content(reader.get_assessment(session, assessment_id, of.revision))


def _plain(held: Json | None) -> Json | None:
    """None also of an answer that was taken back."""
    if held is None or (held.get("answer") is None and not held.get("note")):
        return None
    return {"answer": held.get("answer"), "note": str(held.get("note") or "")}
