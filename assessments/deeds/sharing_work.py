"""Deeds that share out the work on a draft: give_section, take_back_section, finish_section."""

from __future__ import annotations

from datetime import date, datetime

from assessments import authority, editions
from assessments.errors import InvalidAnswerError, NotAllowedError, NotFoundError, WrongStatusError
from assessments.model import Actor, Assessment
from assessments.rights import may
from assessments.rules import topics, workflow
from assessments.storage import given_sections, history, reader
from assessments.storage.database import Session
from assessments.storage.entries import GivenSection
from questionnaires.texts import texts_of
from questionnaires.wording import seoul_day

TEXTS = texts_of(__file__)


def give_section(
    session: Session, assessment_id: int, place: str, person_id: str, due: date, actor: Actor, at: datetime
) -> None:
    """Gives a section to somebody who may write in the assessment, until a day; of whoever had it before it is taken.

    Raises: NotAllowedError, NotFoundError, WrongStatusError, InvalidAnswerError.
    """
    actor, assessment = _editable(session, assessment_id, "give_section", actor)
    if not topics.is_section(place, editions.questionnaires(assessment)):
        raise InvalidAnswerError(TEXTS.told("no_such_section", where=place))
    writers = {
        writer.id: writer.person
        for writer in authority.readers(session, assessment_id)
        if may(writer, "record_response")
    }
    if person_id not in writers:
        raise InvalidAnswerError(TEXTS.told("nobody_who_writes", name=person_id))
    if due < seoul_day(at):
        raise InvalidAnswerError(TEXTS.told("due_in_the_past", due=due))
    given_sections.put(session, assessment, place, writers[person_id], due, actor.person, at)
    person = {"id": person_id, "name": writers[person_id].name}
    values = {"question": place, "person": person, "due": due.isoformat()}
    history.add_event(session, "give_section", actor, at, assessment_id, assessment.revision, values)


def take_back_section(session: Session, assessment_id: int, place: str, actor: Actor, at: datetime) -> None:
    """Raises: NotAllowedError, NotFoundError, WrongStatusError."""
    actor, assessment = _editable(session, assessment_id, "take_back_section", actor)
    section = _given(session, assessment, place)
    given_sections.take(session, assessment, place)
    _note(session, "take_back_section", assessment, section, actor, at)


def finish_section(session: Session, assessment_id: int, place: str, actor: Actor, at: datetime) -> None:
    """Whoever has it, or may give it, says that it is done; it may hold open questions all the same.

    Raises: NotAllowedError, NotFoundError, WrongStatusError.
    """
    actor, assessment = _editable(session, assessment_id, "finish_section", actor)
    section = _given(session, assessment, place)
    if section.person.id != actor.id and not may(actor, "give_section"):
        raise NotAllowedError(TEXTS.told("section_of_another", name=section.person.name))
    if section.done_at is not None:
        raise WrongStatusError(TEXTS.told("section_done"))
    given_sections.finish(session, assessment, place, at)
    _note(session, "finish_section", assessment, section, actor, at)


# --- parts ---------------------------------------------------------------------------------------------------


def _editable(session: Session, assessment_id: int, deed: str, actor: Actor) -> tuple[Actor, Assessment]:
    there = authority.over(session, assessment_id, deed, actor)
    assessment = reader.get_assessment(session, assessment_id)
    workflow.check_may_edit(assessment, there)
    return there, assessment


def _given(session: Session, assessment: Assessment, place: str) -> GivenSection:
    for section in given_sections.of_assessment(session, assessment):
        if section.place == place:
            return section
    raise NotFoundError(TEXTS.told("section_not_given"))


def _note(
    session: Session, kind: str, assessment: Assessment, section: GivenSection, actor: Actor, at: datetime
) -> None:
    person = {"id": section.person.id, "name": section.person.name}
    values = {"question": section.place, "person": person}
    history.add_event(session, kind, actor, at, assessment.id, assessment.revision, values)
