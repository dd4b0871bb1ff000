"""Deeds that say who of the committee reviews what: assign_review, take_back_review; and many of them at once: assign_reviews."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from assessments import authority
from assessments.errors import AssessmentError, InvalidAnswerError, NotAllowedError, WrongStatusError
from assessments.model import Actor, Assessment, Person, Role, Status
from assessments.rights import Kind
from assessments.rules.workflow import COMMITTEE
from assessments.storage import history, reader, review_queue, units
from assessments.storage.database import Session
from questionnaires.texts import texts_of

TEXTS = texts_of(__file__)


@dataclass(frozen=True)
class Refused:
    """One of several that was not done, and why."""

    assessment_id: int
    error: AssessmentError


def assign_review(session: Session, assessment_id: int, person_id: str, actor: Actor, at: datetime) -> None:
    """Somebody of the committee is to review what was submitted. Chairs assign; members take what nobody has.

    Raises: NotAllowedError, NotFoundError, WrongStatusError, InvalidAnswerError.
    """
    actor, assessment = _submitted(session, assessment_id, "assign_review", actor)
    before = review_queue.reviewer(session, assessment)
    if before is not None and before.id == person_id:
        return
    if Role.CHAIR not in actor.roles and (person_id != actor.id or before is not None):
        raise NotAllowedError(TEXTS.told("only_chairs_assign", name=actor.name))
    reviewer = _reviewer(session, assessment, person_id)
    review_queue.put(session, assessment, person_id, actor.person, at)
    values = {"person": {"id": reviewer.id, "name": reviewer.name}}
    history.add_event(session, "assign_review", actor, at, assessment_id, assessment.revision, values)


def take_back_review(session: Session, assessment_id: int, actor: Actor, at: datetime) -> None:
    """Nobody is to review it any more; it waits for the whole committee. Raises: as assign_review."""
    actor, assessment = _submitted(session, assessment_id, "take_back_review", actor)
    before = review_queue.reviewer(session, assessment)
    if before is None:
        return
    if Role.CHAIR not in actor.roles and before.id != actor.id:
        raise NotAllowedError(TEXTS.told("only_chairs_assign", name=actor.name))
    review_queue.take(session, assessment_id)
    values = {"person": {"id": before.id, "name": before.name}}
    history.add_event(session, "take_back_review", actor, at, assessment_id, assessment.revision, values)


def assign_reviews(
    session: Session, assessment_ids: Sequence[int], person_id: str, actor: Actor, at: datetime
) -> tuple[Refused, ...]:
    """Each by itself: what is refused is left as it was and told, all others are done. person_id: empty takes them back."""
    refused = []
    for assessment_id in dict.fromkeys(assessment_ids):
        try:
            with session.begin_nested():
                if person_id:
                    assign_review(session, assessment_id, person_id, actor, at)
                else:
                    take_back_review(session, assessment_id, actor, at)
        except AssessmentError as error:
            refused.append(Refused(assessment_id, error))
    return tuple(refused)


# --- parts ---------------------------------------------------------------------------------------------------


def _submitted(session: Session, assessment_id: int, deed: str, actor: Actor) -> tuple[Actor, Assessment]:
    there = authority.over(session, assessment_id, deed, actor)
    assessment = reader.get_assessment(session, assessment_id)
    if assessment.status is not Status.SUBMITTED:
        raise WrongStatusError(TEXTS.told("nothing_to_review", id=assessment_id))
    return there, assessment


def _reviewer(session: Session, assessment: Assessment, person_id: str) -> Person:
    """A member of the committee where it lies, who wrote nothing in it. Raises: InvalidAnswerError."""
    path = units.path_of(session, Kind.ASSESSMENT, assessment.id or 0)
    for person in units.people_at(session, path, COMMITTEE):
        if person.id == person_id:
            if any(author.id == person_id for author in assessment.authors):
                raise InvalidAnswerError(TEXTS.told("reviewer_wrote", name=person.name, id=assessment.id))
            return person
    raise InvalidAnswerError(TEXTS.told("no_such_reviewer", name=person_id, id=assessment.id))
