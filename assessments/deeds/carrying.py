"""Deeds of a reassessment: reassess, confirm; re-exported by `actions`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from assessments import authority, editions
from assessments.content.answers import check_answer, clean_text
from assessments.errors import AlreadyDoneError, IncompleteError, InvalidAnswerError, WrongStatusError
from assessments.model import Actor, Answer, Assessment, Status
from assessments.rules import lifecycle, workflow
from assessments.rules.carrying import Mark
from assessments.rules.rescore import still_possible
from assessments.storage import carried, following, history, projection, reader, wording, writer
from assessments.storage.database import Session
from questionnaires.schema import Question, Questionnaire
from questionnaires.texts import texts_of
from questionnaires.wording import seoul_day

TEXTS = texts_of(__file__)


def reassess(session: Session, assessment_id: int, reason: str, actor: Actor, at: datetime) -> int:
    """Opens a revision that takes over what was decided, with the editions in force today; returns its number.

    The decided revision stays in force until the new one is signed off. Each answer that is taken over is to be confirmed or
    changed before it is submitted; answers that the editions of today no longer offer are left behind. Its authors are authors
    of the new one, as are those who have since edited system or organisation.

    Raises: NotAllowedError, NotFoundError, WrongStatusError, IncompleteError, QuestionnaireChangedError.
    """
    actor = authority.over(session, assessment_id, "reassess", actor)
    newest, decided = reader.get_assessment(session, assessment_id), following.decided(session, assessment_id)
    reason = clean_text(reason, "reason")
    if not reason:
        raise IncompleteError(TEXTS.told("deed_without_reason"))
    if newest.status.is_editable or newest.status in (Status.SUBMITTED, Status.DECIDED):
        title = workflow.STATUS_TITLES[newest.status]
        raise WrongStatusError(TEXTS.told("revision_at_work", revision=newest.revision, status=title))
    if decided is None or not lifecycle.is_alive(decided, following.of_assessment(session, decided)):
        raise WrongStatusError(TEXTS.told("nothing_follows", id=assessment_id))
    on = seoul_day(at)
    pinned = editions.pinned_for(decided.domain, on)
    of_today = {name: edition.questionnaire for name, edition in editions.of_pinned(pinned).items()}
    people = (*decided.authors, actor.person, *wording.changers(session, decided))
    after = replace(
        workflow.as_draft(decided, newest.revision + 1),
        on=on,
        editions=pinned,
        authors=tuple({person.id: person for person in people}.values()),
    )
    writer.add_revision(session, after, actor.person, at)
    writer.copy_content(session, decided, after)
    dropped = _dropped(of_today, decided)
    carried.take_over(session, replace(decided, revision=after.revision), dropped)
    values = {
        "from": decided.revision,
        "reason": reason,
        "on": on.isoformat(),
        "editions": [{"id": edition.id, "version": edition.version, "sha256": edition.sha256} for edition in pinned],
        "dropped": list(dropped),
    }
    history.add_event(session, "reassess", actor, at, assessment_id, after.revision, values)
    projection.save(session, reader.get_assessment(session, assessment_id), at)
    following.refresh(session, assessment_id)
    return after.revision


def confirm(session: Session, assessment_id: int, places: Sequence[str], actor: Actor, at: datetime) -> int:
    """Confirms that what was taken over still holds. How many of the places that was said of.

    places: `questionnaire.question`, or scenarios, measures, evidence, log. What was changed or confirmed meanwhile is left out.

    Raises: NotAllowedError, NotFoundError, WrongStatusError, AlreadyDoneError where nothing of it was to be confirmed.
    """
    actor = authority.over(session, assessment_id, "confirm", actor)
    assessment = reader.get_assessment(session, assessment_id)
    workflow.check_may_edit(assessment, actor)
    marked = carried.marks(session, assessment)
    open_places = [where for where in dict.fromkeys(places) if marked.get(where) is Mark.TO_CONFIRM]
    if not open_places:
        raise AlreadyDoneError(TEXTS.told("nothing_to_confirm"))
    carried.confirm(session, assessment, open_places, actor.person, at)
    writer.add_author(session, assessment, actor.person)
    history.add_event(session, "confirm", actor, at, assessment_id, assessment.revision, {"places": open_places})
    return len(open_places)


def _dropped(of_today: Mapping[str, Questionnaire], decided: Assessment) -> tuple[str, ...]:
    """Answers that the editions of today no longer ask for, no longer offer, or ask for in another form."""
    left, _lost = still_possible(of_today, decided)
    return tuple(
        f"{name}.{question}"
        for name, responses in decided.responses.items()
        for question, response in responses.items()
        if question not in left.responses.get(name, {}) or not _fits(of_today[name].question(question), response.answer)
    )


def _fits(question: Question, answer: Answer | None) -> bool:
    if answer is None:
        return True
    try:
        check_answer(question, answer)
    except InvalidAnswerError:
        return False
    return True
