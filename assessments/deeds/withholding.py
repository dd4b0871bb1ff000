"""The deed that marks values as trade secret or personal: set_withheld. A redacted copy leaves them out."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from assessments import authority, editions
from assessments.content.canonical import content
from assessments.content.texts import cleaned
from assessments.content.withholding import places
from assessments.errors import InvalidAnswerError
from assessments.model import Actor, Withheld
from assessments.rules import workflow
from assessments.storage import history, projection, reader, writer
from assessments.storage.database import Session
from questionnaires.texts import texts_of

TEXTS = texts_of(__file__)
SALT_BYTES = 16


def set_withheld(
    session: Session, assessment_id: int, marks: Sequence[Withheld], actor: Actor, at: datetime
) -> tuple[Withheld, ...]:
    """Replaces all marks; each new mark gets its salt here.

    Raises: NotAllowedError, NotFoundError, WrongStatusError, InvalidAnswerError.
    """
    actor = authority.over(session, assessment_id, "set_withheld", actor)
    assessment = reader.get_assessment(session, assessment_id)
    workflow.check_may_edit(assessment, actor)
    known = places({"content": content(assessment)}, editions.questionnaires(assessment))
    salts = {withheld.path: withheld.salt for withheld in assessment.withheld}
    withheld_passages = tuple(
        replace(withheld, salt=salts.get(withheld.path) or secrets.token_hex(SALT_BYTES), sha256="")
        for withheld in cleaned(tuple(marks), "withheld")
    )
    paths = [withheld.path for withheld in withheld_passages]
    for withheld in withheld_passages:
        if withheld.path not in known or paths.count(withheld.path) > 1:
            raise InvalidAnswerError(TEXTS.told("mark_not_possible", path=withheld.path))
        if not withheld.reason:
            raise InvalidAnswerError(TEXTS.told("mark_without_reason", path=withheld.path))
    writer.set_withheld(session, assessment, withheld_passages, actor.person, at)
    authors = writer.add_author(session, assessment, actor.person)
    values = {
        name: [{"path": withheld.path, "kind": withheld.kind.value, "reason": withheld.reason} for withheld in some]
        for name, some in (("old", assessment.withheld), ("new", withheld_passages))
    }
    history.add_event(session, "set_withheld", actor, at, assessment_id, assessment.revision, values)
    projection.save(session, replace(assessment, withheld=withheld_passages, authors=authors), at)
    return withheld_passages
