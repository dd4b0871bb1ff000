"""The deed that marks values as trade secret or personal: set_withheld. A redacted copy leaves them out."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from assessments import editions, rights
from assessments.content.canonical import content
from assessments.content.texts import cleaned
from assessments.content.withholding import places
from assessments.errors import InvalidAnswerError
from assessments.model import Actor, Withheld
from assessments.rules import workflow
from assessments.storage import history, projection, reader, writer
from assessments.storage.database import Session

SALT_BYTES = 16


def set_withheld(
    session: Session, assessment_id: int, marks: Sequence[Withheld], actor: Actor, at: datetime
) -> tuple[Withheld, ...]:
    """Replaces all marks; a new one gets its salt here.

    Raises: NotAllowedError, NotFoundError, WrongStatusError, InvalidAnswerError.
    """
    rights.check(actor, "set_withheld")
    assessment = reader.get_assessment(session, assessment_id)
    workflow.check_may_edit(assessment, actor)
    known = places({"content": content(assessment)}, editions.questionnaires(assessment))
    salts = {one.path: one.salt for one in assessment.withheld}
    kept = tuple(
        replace(one, salt=salts.get(one.path) or secrets.token_hex(SALT_BYTES), sha256="")
        for one in cleaned(tuple(marks), "withheld")
    )
    paths = [one.path for one in kept]
    for one in kept:
        if one.path not in known or paths.count(one.path) > 1:
            raise InvalidAnswerError(
                f"withheld: '{one.path}' cannot be left out of a copy, or stands here twice. Only texts, notes, titles and "
                "people can be; what decides a result cannot.",
                f"withheld: ‘{one.path}’ 항목은 사본에서 제외할 수 없거나 두 번 표시되었습니다. 글, 비고, 제목, 사람만 제외할 "
                "수 있고 결과를 정하는 답변은 제외할 수 없습니다.",
            )
        if not one.reason:
            raise InvalidAnswerError(
                f"withheld: '{one.path}' has no reason. Say why it is left out.",
                f"withheld: ‘{one.path}’ 항목에 사유가 없습니다. 제외하는 이유를 적으십시오.",
            )
    writer.set_withheld(session, assessment, kept, actor.person, at)
    authors = writer.add_author(session, assessment, actor.person)
    values = {
        name: [{"path": one.path, "kind": one.kind.value, "reason": one.reason} for one in some]
        for name, some in (("old", assessment.withheld), ("new", kept))
    }
    history.add_event(session, "set_withheld", actor, at, assessment_id, assessment.revision, values)
    projection.save(session, replace(assessment, withheld=kept, authors=authors), at)
    return kept
