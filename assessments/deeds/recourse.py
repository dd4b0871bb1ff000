"""Deeds on requests of people concerned by a decision, from their receipt to their answer; re-exported by `actions`."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from assessments import authority
from assessments.content.answers import clean_text
from assessments.errors import (
    AlreadyDoneError,
    IncompleteError,
    InvalidAnswerError,
    NotFoundError,
    WrongStatusError,
)
from assessments.model import Actor, Person
from assessments.rights import RIGHTS, Kind
from assessments.rules.recourse import Answer, Request, State, Stated
from assessments.storage import history, recourse, system_list, units
from assessments.storage.database import Session
from questionnaires import recourse as rules
from questionnaires.recourse import RequestKind
from questionnaires.texts import texts_of
from questionnaires.wording import seoul_day

TEXTS = texts_of(__file__)
MAX_REFERENCE, MAX_REVIEWER = 80, 80


def state_request(session: Session, system_id: int, stated: Stated, actor: Actor, at: datetime) -> int:
    """Enters what somebody asked about a system's decision. Returns its number.

    The due day follows from the kind; a day of the operator's own counts only where no text sets a period.

    Raises: NotFoundError, NotAllowedError, IncompleteError, InvalidAnswerError, AlreadyDoneError.
    """
    actor = authority.over(session, system_id, recourse.STATED, actor)
    kind, today = _kind(stated.kind), seoul_day(at)
    if not kind.is_of(system_list.domains_of(session, system_id)):
        raise InvalidAnswerError(TEXTS.told("request_of_another_domain", kind=kind.title))
    if stated.channel not in {channel.id for channel in rules.recourse().channels}:
        raise InvalidAnswerError(TEXTS.told("request_no_such_channel", channel=stated.channel))
    if stated.received > today:
        raise InvalidAnswerError(TEXTS.told("request_received_ahead", day=stated.received, today=today))
    if stated.decision_on is not None and stated.decision_on > stated.received:
        raise InvalidAnswerError(
            TEXTS.told("request_before_decision", day=stated.decision_on, received=stated.received)
        )
    reference = clean_text(stated.reference, "reference", MAX_REFERENCE)
    words = clean_text(stated.asked, "asked")
    if not reference or not words:
        raise IncompleteError(TEXTS.told("request_without_reference" if not reference else "request_without_words"))
    twin = recourse.namesake(session, system_id, reference)
    if twin is not None:
        raise AlreadyDoneError(TEXTS.told("request_entered_already", reference=reference, number=twin))
    due = _first_due(kind, stated)
    owner = _owner(session, Kind.SYSTEM, system_id, stated.owner_id or actor.id, actor)
    values = {
        "system": system_id,
        "kind": kind.id,
        "received": stated.received.isoformat(),
        "channel": stated.channel,
        "reference": reference,
        "asked": words,
        "decision_on": _iso(stated.decision_on),
        "decision": clean_text(stated.decision, "decision", MAX_REFERENCE),
        "due": _iso(due),
        "person": {"id": owner.id, "name": owner.name},
        "counted_by": rules.recourse().as_of.isoformat(),
    }
    event = history.add_event(session, recourse.STATED, actor, at, values=values)
    recourse.add(session, event.seq, system_id, kind.id, stated.received, due, owner.id)
    recourse.note(session, event.seq, event.seq)
    return event.seq


def give_request(session: Session, number: int, owner_id: str, actor: Actor, at: datetime) -> None:
    """Another person sees to it. Raises: NotFoundError, NotAllowedError, WrongStatusError, InvalidAnswerError."""
    actor, before = _open(session, number, recourse.GIVEN, actor)
    owner = _owner(session, Kind.REQUEST, number, owner_id, actor)
    if before.owner is not None and before.owner.id == owner.id:
        return
    recourse.set_columns(session, number, owner_id=owner.id)
    _note(session, recourse.GIVEN, number, {"person": {"id": owner.id, "name": owner.name}}, actor, at)


def extend_request(
    session: Session, number: int, until: date, told_on: date, reason: str, actor: Actor, at: datetime
) -> None:
    """Puts the due day off, as far and as often as the kind allows, with the reason that the person was told before it passed.

    Raises: NotFoundError, NotAllowedError, WrongStatusError, IncompleteError, InvalidAnswerError.
    """
    actor, before = _open(session, number, recourse.EXTENDED, actor)
    kind, today = _kind(before.kind), seoul_day(at)
    if before.due is None:
        raise WrongStatusError(TEXTS.told("request_without_due_day"))
    if kind.period is not None and not kind.period.extensions:
        raise WrongStatusError(TEXTS.told("request_not_extendable", kind=kind.title))
    if kind.period is not None and len(before.extensions) >= kind.period.extensions:
        raise WrongStatusError(TEXTS.told("request_extended_out", most=kind.period.extensions))
    reason = clean_text(reason, "reason")
    if not reason:
        raise IncompleteError(TEXTS.told("request_extended_without_reason"))
    if told_on > today or told_on < before.received:
        raise InvalidAnswerError(
            TEXTS.told("request_day_out_of_range", day=told_on, received=before.received, today=today)
        )
    if told_on > before.due:
        raise InvalidAnswerError(TEXTS.told("request_extended_too_late", day=told_on, due=before.due))
    latest = rules.extended_day(kind, before.due)
    if until <= before.due or (latest is not None and until > latest):
        raise InvalidAnswerError(
            TEXTS.told("request_extended_too_far", day=until, due=before.due, latest=latest)
            if latest is not None
            else TEXTS.told("request_not_later", day=until, due=before.due)
        )
    recourse.set_columns(session, number, due_on=until, extensions=len(before.extensions) + 1)
    values = {"until": until.isoformat(), "told_on": told_on.isoformat(), "reason": reason}
    _note(session, recourse.EXTENDED, number, values, actor, at)


def answer_request(session: Session, number: int, answer: Answer, actor: Actor, at: datetime) -> None:
    """States what was answered, and whether somebody looked at the decision again and changed it.

    Raises: NotFoundError, NotAllowedError, WrongStatusError, IncompleteError, InvalidAnswerError.
    """
    actor, before = _open(session, number, recourse.ANSWERED, actor)
    kind, texts = _kind(before.kind), rules.recourse()
    _check_closing_day(before, answer.on, at)
    if answer.outcome not in kind.outcomes:
        raise InvalidAnswerError(TEXTS.told("request_no_such_outcome", kind=kind.title))
    text = clean_text(answer.text, "text")
    if not text:
        raise IncompleteError(TEXTS.told("request_answered_without_words"))
    outcome = texts.outcome(answer.outcome)
    reviewed_by = clean_text(answer.reviewed_by, "reviewed_by", MAX_REVIEWER)
    changed = True if outcome.always_changes else answer.changed
    if outcome.reviews:
        if changed is None:
            raise IncompleteError(TEXTS.told("request_without_result", outcome=outcome.title))
        if answer.reviewer not in {reviewer.id for reviewer in texts.reviewers} or not reviewed_by:
            raise IncompleteError(TEXTS.told("request_without_reviewer", outcome=outcome.title))
    elif answer.changed is not None or answer.reviewer or reviewed_by:
        raise InvalidAnswerError(TEXTS.told("request_not_reviewed", outcome=outcome.title))
    recourse.set_columns(
        session, number, state=State.ANSWERED.value, closed_on=answer.on, outcome=outcome.id, changed=changed
    )
    review = {"changed": changed, "reviewer": answer.reviewer, "reviewed_by": reviewed_by} if outcome.reviews else {}
    values = {"on": answer.on.isoformat(), "outcome": outcome.id, "text": text, **review}
    _note(session, recourse.ANSWERED, number, values, actor, at)


def refuse_request(
    session: Session, number: int, on: date, ground: str, reason: str, actor: Actor, at: datetime
) -> None:
    """States that it was refused, on a ground that its kind knows, with the reason that the person was told.

    Raises: NotFoundError, NotAllowedError, WrongStatusError, IncompleteError, InvalidAnswerError.
    """
    actor, before = _open(session, number, recourse.REFUSED, actor)
    kind = _kind(before.kind)
    _check_closing_day(before, on, at)
    if not ground:
        raise IncompleteError(TEXTS.told("request_refused_without_ground"))
    if ground not in kind.grounds:
        raise InvalidAnswerError(TEXTS.told("request_no_such_ground", kind=kind.title))
    reason = clean_text(reason, "reason")
    if not reason:
        raise IncompleteError(TEXTS.told("request_refused_without_reason"))
    recourse.set_columns(session, number, state=State.REFUSED.value, closed_on=on, outcome=ground)
    _note(session, recourse.REFUSED, number, {"on": on.isoformat(), "ground": ground, "text": reason}, actor, at)


def withdraw_request(session: Session, number: int, on: date, reason: str, actor: Actor, at: datetime) -> None:
    """It was taken back, or entered by mistake.

    Raises: NotFoundError, NotAllowedError, WrongStatusError, IncompleteError, InvalidAnswerError.
    """
    actor, before = _open(session, number, recourse.WITHDRAWN, actor)
    _check_closing_day(before, on, at)
    reason = clean_text(reason, "reason")
    if not reason:
        raise IncompleteError(TEXTS.told("deed_without_reason"))
    recourse.set_columns(session, number, state=State.WITHDRAWN.value, closed_on=on)
    _note(session, recourse.WITHDRAWN, number, {"on": on.isoformat(), "text": reason}, actor, at)


# --- parts ---------------------------------------------------------------------------------------------------


def _open(session: Session, number: int, deed: str, actor: Actor) -> tuple[Actor, Request]:
    """The actor there, and the request while it is open. Raises: NotFoundError, NotAllowedError, WrongStatusError."""
    actor = authority.over(session, number, deed, actor)
    request = recourse.find(session, number)
    if request.state is not State.OPEN:
        raise WrongStatusError(TEXTS.told("request_closed_already", number=number))
    return actor, request


def _kind(name: str) -> RequestKind:
    kind = rules.recourse().by_id.get(name)
    if kind is None:
        raise NotFoundError(TEXTS.told("no_such_request_kind", kind=name))
    return kind


def _first_due(kind: RequestKind, stated: Stated) -> date | None:
    """Raises: InvalidAnswerError where a day of the operator's own takes the place of a period, or comes before receipt."""
    if kind.period is not None:
        if stated.due is not None:
            raise InvalidAnswerError(TEXTS.told("request_due_day_follows", kind=kind.title))
        return rules.due_day(kind, stated.received)
    if stated.due is not None and stated.due < stated.received:
        raise InvalidAnswerError(TEXTS.told("request_due_before_receipt", day=stated.due, received=stated.received))
    return stated.due


def _check_closing_day(request: Request, on: date, at: datetime) -> None:
    today = seoul_day(at)
    if on < request.received or on > today:
        raise InvalidAnswerError(TEXTS.told("request_day_out_of_range", day=on, received=request.received, today=today))


def _owner(session: Session, of: Kind, which: int, owner_id: str, actor: Actor) -> Person:
    """Whoever sees to a request may answer it, as the actor does. Raises: InvalidAnswerError."""
    if owner_id == actor.id:
        return actor.person
    path = units.path_of(session, of, which)
    for person in units.people_at(session, path, RIGHTS[recourse.ANSWERED].roles):
        if person.id == owner_id:
            return person
    raise InvalidAnswerError(TEXTS.told("request_no_such_owner", name=owner_id))


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _note(session: Session, kind: str, number: int, values: Mapping[str, Any], actor: Actor, at: datetime) -> None:
    event = history.add_event(session, kind, actor, at, values={"request": number, **values})
    recourse.note(session, number, event.seq)
