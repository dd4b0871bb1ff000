"""Deeds of a legal hold, and what else stands against giving something up: its period of keeping; re-exported by `actions`."""

from __future__ import annotations

from datetime import datetime

from assessments import authority
from assessments.content.answers import clean_text
from assessments.errors import (
    AlreadyDoneError,
    IncompleteError,
    NotAllowedError,
    NotFoundError,
    WrongStatusError,
)
from assessments.model import Actor
from assessments.storage import following, history, reader
from assessments.storage.database import Session
from questionnaires.texts import texts_of
from questionnaires.wording import seoul_day

TEXTS = texts_of(__file__)


def place_hold(session: Session, assessment_id: int, reason: str, actor: Actor, at: datetime) -> int:
    """Places a legal hold: nothing of the assessment is erased, removed or archived until two people have released it.

    Returns the hold's number. Raises: NotAllowedError, NotFoundError, IncompleteError.
    """
    actor = authority.over(session, assessment_id, "place_hold", actor)
    newest = reader.get_assessment(session, assessment_id)
    reason = _reason(reason)
    number = following.place_hold(session, assessment_id, reason, actor.person, at)
    values = {"hold": number, "reason": reason}
    history.add_event(session, "place_hold", actor, at, assessment_id, newest.revision, values)
    return number


def release_hold(session: Session, assessment_id: int, hold_id: int, reason: str, actor: Actor, at: datetime) -> bool:
    """Releases a legal hold, of which two people are needed, each with a reason. Whether it is released with this.

    Raises: NotAllowedError, NotFoundError, WrongStatusError, IncompleteError.
    """
    actor = authority.over(session, assessment_id, "release_hold", actor)
    newest = reader.get_assessment(session, assessment_id)
    hold = next((hold for hold in following.holds(session, assessment_id) if hold.id == hold_id), None)
    if hold is None:
        raise NotFoundError(TEXTS.told("no_such_hold", id=assessment_id, hold=hold_id))
    reason = _reason(reason)
    if hold.second is not None:
        raise AlreadyDoneError(TEXTS.told("released_already"))
    if hold.first is not None and hold.first.by.id == actor.id:
        raise NotAllowedError(TEXTS.told("one_person_releases", name=actor.name))
    following.release_hold(session, hold, reason, actor.person, at)
    is_released = hold.first is not None
    values = {"hold": hold_id, "reason": reason, "is_released": is_released}
    history.add_event(session, "release_hold", actor, at, assessment_id, newest.revision, values)
    return is_released


def check_not_held(session: Session, assessment_id: int) -> None:
    """Raises: WrongStatusError where a legal hold stands."""
    hold = following.standing_hold(session, assessment_id)
    if hold is not None:
        raise WrongStatusError(
            TEXTS.told("held", id=assessment_id, name=hold.by.name, day=seoul_day(hold.at), reason=hold.reason)
        )


def check_may_erase(session: Session, assessment_id: int, at: datetime) -> None:
    """Nothing of an assessment is erased under a legal hold, nor before the end of a period for which a statute has it kept.

    Raises: WrongStatusError.
    """
    check_not_held(session, assessment_id)
    keeping = following.keeping(session, assessment_id)
    if keeping is not None and keeping.binds and keeping.runs(seoul_day(at)):
        raise WrongStatusError(TEXTS.told("kept_until", id=assessment_id, day=keeping.until, years=keeping.years))


def check_nothing_held(session: Session) -> None:
    """For what concerns no single assessment. Raises: WrongStatusError."""
    if following.is_anything_held(session):
        raise WrongStatusError(TEXTS.told("something_held"))


def _reason(text: str) -> str:
    """Raises: IncompleteError."""
    reason = clean_text(text, "reason")
    if not reason:
        raise IncompleteError(TEXTS.told("deed_without_reason"))
    return reason
