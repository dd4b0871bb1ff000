"""Deeds on a committee's meeting, from the day it is convened to addenda to its closed minutes; re-exported by `actions`."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from assessments import agenda, authority
from assessments.content.answers import clean_text
from assessments.content.canonical import digest
from assessments.errors import (
    IncompleteError,
    InvalidAnswerError,
    NotFoundError,
    StaleAssessmentError,
    WrongStatusError,
)
from assessments.model import Actor, Json, Person
from assessments.rights import Kind
from assessments.rules import meetings as rules
from assessments.rules.meetings import PRESENCES, Attendance, Form, Item, Meeting, Presence, State, Subject
from assessments.rules.workflow import COMMITTEE
from assessments.storage import history, meetings, units
from assessments.storage.database import Session
from assessments.storage.meetings import MeetingDocument
from questionnaires.texts import texts_of
from questionnaires.wording import seoul_day

TEXTS = texts_of(__file__)
MOST_ITEMS = 200
MAX_PLACE, MAX_TITLE, MAX_LEFT = 200, 300, 60
MAX_DOCUMENT_BYTES = 8 * 2**20


@dataclass(frozen=True)
class Sealed:
    """A document of a meeting as it was sealed, and what was frozen in it."""

    kind: str
    language: str
    content: Json
    file: bytes


def convene_meeting(session: Session, unit: int, on: date, form: Form, place: str, actor: Actor, at: datetime) -> int:
    """Convenes the unit's committee, with what waits for it on the agenda. Returns the meeting's number in this installation.

    on: the day itself, in writing the last day for answers. Raises: NotFoundError, NotAllowedError, InvalidAnswerError.
    """
    actor = authority.over(session, unit, meetings.CONVENED, actor)
    if on < seoul_day(at):
        raise InvalidAnswerError(TEXTS.told("meeting_before_today", day=on, today=seoul_day(at)))
    items = agenda.waiting(session, actor, unit, seoul_day(at))[:MOST_ITEMS]
    meeting_id = meetings.add(session, unit, on)
    values = {"unit": unit, **_details(on, form, place), **_agenda(items)}
    _note(session, meetings.CONVENED, meeting_id, values, actor, at)
    return meeting_id


def change_meeting(
    session: Session, meeting_id: int, on: date, form: Form, place: str, actor: Actor, at: datetime
) -> None:
    """Another day, form or place. Raises: NotFoundError, NotAllowedError, WrongStatusError, InvalidAnswerError."""
    actor, before = _open(session, meeting_id, meetings.CHANGED, actor)
    if on < seoul_day(before.convened_at):
        raise InvalidAnswerError(TEXTS.told("meeting_before_today", day=on, today=seoul_day(before.convened_at)))
    values = _details(on, form, place)
    if values == _details(before.on, before.form, before.place):
        return
    meetings.set_columns(session, meeting_id, on_day=on)
    _note(session, meetings.CHANGED, meeting_id, values, actor, at)


def fill_agenda(session: Session, meeting_id: int, actor: Actor, at: datetime) -> int:
    """Puts on what waits by now and is not on it, and was not struck, some of each kind at a time. Returns how many items that are.

    Raises: NotFoundError, NotAllowedError, WrongStatusError; InvalidAnswerError where no more go on it.
    """
    actor, before = _open(session, meeting_id, meetings.AGENDA, actor)
    known = {item.cause for item in before.items}
    waiting = agenda.waiting(session, actor, before.unit, seoul_day(at), known)
    if waiting and len(before.items) >= MOST_ITEMS:
        raise InvalidAnswerError(TEXTS.told("agenda_full", most=MOST_ITEMS))
    items = rules.filled_up(before.items, waiting)[:MOST_ITEMS]
    _set_agenda(session, before, items, actor, at)
    return len(items) - len(before.items)


def add_item(session: Session, meeting_id: int, title: str, actor: Actor, at: datetime) -> None:
    """An item of the chair's own, at the end. Raises: NotFoundError, NotAllowedError, WrongStatusError, IncompleteError."""
    actor, before = _open(session, meeting_id, meetings.AGENDA, actor)
    title = clean_text(title, "title", MAX_TITLE)
    if not title:
        raise IncompleteError(TEXTS.told("item_without_title"))
    if len(before.items) >= MOST_ITEMS:
        raise InvalidAnswerError(TEXTS.told("agenda_full", most=MOST_ITEMS))
    number = max((item.number for item in before.items), default=0) + 1
    _set_agenda(session, before, (*before.items, Item(number, Subject.OWN, text=title)), actor, at)


def move_item(session: Session, meeting_id: int, number: int, actor: Actor, at: datetime, *, up: bool) -> None:
    """One place up or down. Raises: NotFoundError, NotAllowedError, WrongStatusError."""
    actor, before = _open(session, meeting_id, meetings.AGENDA, actor)
    _item(before, number)
    _set_agenda(session, before, rules.moved(before.items, number, up=up), actor, at)


def strike_item(session: Session, meeting_id: int, number: int, actor: Actor, at: datetime, *, again: bool) -> None:
    """Takes it off the agenda; again: puts it back. Raises: NotFoundError, NotAllowedError, WrongStatusError."""
    actor, before = _open(session, meeting_id, meetings.AGENDA, actor)
    _item(before, number)
    items = tuple(replace(item, is_struck=not again) if item.number == number else item for item in before.items)
    _set_agenda(session, before, items, actor, at)


def set_attendance(
    session: Session,
    meeting_id: int,
    presences: Mapping[str, tuple[Presence, str]],
    guests: str,
    actor: Actor,
    at: datetime,
) -> None:
    """Which members took part, how, and who left before the end. presences: account → how, and when they left.

    guests: who else was there. Raises: NotFoundError, NotAllowedError, WrongStatusError, InvalidAnswerError.
    """
    actor, before = _open(session, meeting_id, meetings.ATTENDANCE, actor)
    people = {each.person.id: each.person for each in before.attendance}
    people |= {person.id: person for person in members(session, before.unit)}
    stated = []
    for account, (presence, left) in presences.items():
        if account not in people or presence not in PRESENCES[before.form]:
            raise InvalidAnswerError(TEXTS.told("no_such_member", name=account))
        is_there = presence is not Presence.ABSENT
        stated.append(Attendance(people[account], presence, clean_text(left, "left", MAX_LEFT) if is_there else ""))
    guests = clean_text(guests, "guests")
    if (tuple(stated), guests) == (before.attendance, before.guests):
        return
    values = {
        "attendance": [
            {
                "id": each.person.id,
                "name": each.person.name,
                "presence": each.presence.value,
                **({"left": each.left} if each.left else {}),
            }
            for each in stated
        ],
        "guests": guests,
    }
    _note(session, meetings.ATTENDANCE, meeting_id, values, actor, at)


def take_minutes(
    session: Session, meeting_id: int, number: int, discussion: str, resolution: str, actor: Actor, at: datetime
) -> None:
    """What was said on an item and what was resolved, in the place of what was written before. Votes are not written here.

    Raises: NotFoundError, NotAllowedError, WrongStatusError, InvalidAnswerError.
    """
    actor, before = _open(session, meeting_id, meetings.MINUTE, actor)
    item = _item(before, number)
    minute = rules.Minute(clean_text(discussion, "discussion"), clean_text(resolution, "resolution"))
    if minute == before.minutes.get(item.number, rules.Minute()):
        return
    values = {"item": item.number, "discussion": minute.discussion, "resolution": minute.resolution}
    _note(session, meetings.MINUTE, meeting_id, values, actor, at)


def close_meeting(session: Session, meeting_id: int, seen: int, actor: Actor, at: datetime) -> None:
    """Closes the minutes for good, on exactly what the chair saw. seen: number of the newest event about the meeting.

    Raises: NotFoundError, NotAllowedError, WrongStatusError, IncompleteError, StaleAssessmentError.
    """
    actor, before = _open(session, meeting_id, meetings.CLOSED, actor)
    if before.seen != seen:
        raise StaleAssessmentError(TEXTS.told("minutes_changed"))
    if before.on > seoul_day(at):
        raise WrongStatusError(TEXTS.told("meeting_still_ahead", day=before.on))
    missing = rules.missing(members(session, before.unit), before.attendance)
    if missing or not rules.taking_part(before.attendance):
        names = ", ".join(person.name for person in missing) or "-"
        raise IncompleteError(TEXTS.told("attendance_missing", names=names))
    minutes = meetings.references(session, meetings.find(session, meeting_id))
    sha256 = digest(minutes)
    _note(session, meetings.CLOSED, meeting_id, {"minutes": minutes, "minutes_sha256": sha256}, actor, at)
    meetings.set_columns(session, meeting_id, state=State.CLOSED.value, minutes=minutes, minutes_sha256=sha256)


def cancel_meeting(session: Session, meeting_id: int, reason: str, actor: Actor, at: datetime) -> None:
    """It does not take place. Raises: NotFoundError, NotAllowedError, WrongStatusError, IncompleteError."""
    actor, _before = _open(session, meeting_id, meetings.CANCELLED, actor)
    reason = clean_text(reason, "reason")
    if not reason:
        raise IncompleteError(TEXTS.told("cancelled_without_reason"))
    _note(session, meetings.CANCELLED, meeting_id, {"reason": reason}, actor, at)
    meetings.set_columns(session, meeting_id, state=State.CANCELLED.value)


def add_addendum(session: Session, meeting_id: int, text: str, actor: Actor, at: datetime) -> None:
    """Corrects closed minutes by what is added to them. Raises: NotFoundError, NotAllowedError, WrongStatusError, IncompleteError."""
    actor = authority.over(session, meeting_id, meetings.ADDED, actor)
    before = meetings.find(session, meeting_id).meeting
    if before.state is not State.CLOSED:
        raise WrongStatusError(TEXTS.told("minutes_not_closed"))
    text = clean_text(text, "text")
    if not text:
        raise IncompleteError(TEXTS.told("addendum_without_text"))
    _note(session, meetings.ADDED, meeting_id, {"text": text}, actor, at)


def keep_document(session: Session, meeting_id: int, sealed: Sealed, actor: Actor, at: datetime) -> int:
    """Keeps a sealed paper or sealed minutes with what was frozen in them. Returns the document's number.

    Raises: NotFoundError, NotAllowedError, WrongStatusError, InvalidAnswerError.
    """
    actor = authority.over(session, meeting_id, meetings.KEPT, actor)
    state = meetings.find(session, meeting_id).meeting.state
    if state is not (State.OPEN if sealed.kind == "paper" else State.CLOSED):
        raise WrongStatusError(TEXTS.told("paper_too_late" if sealed.kind == "paper" else "minutes_not_closed"))
    if not sealed.file.startswith(b"%PDF-") or len(sealed.file) > MAX_DOCUMENT_BYTES:
        raise InvalidAnswerError(TEXTS.told("report_no_pdf"))
    content_sha256, file_sha256 = digest(sealed.content), hashlib.sha256(sealed.file).hexdigest()
    values = {
        "kind": sealed.kind,
        "language": sealed.language,
        "content_sha256": content_sha256,
        "file_sha256": file_sha256,
    }
    number = _note(session, meetings.KEPT, meeting_id, values, actor, at)
    document = MeetingDocument(number, meeting_id, sealed.kind, sealed.language, content_sha256, file_sha256, at)
    meetings.add_document(session, document, sealed.content, sealed.file)
    return number


# --- parts ---------------------------------------------------------------------------------------------------


def members(session: Session, unit: int) -> tuple[Person, ...]:
    """Of the unit's committee, by name."""
    return units.people_at(session, units.path_of(session, Kind.UNIT, unit), COMMITTEE)


def _open(session: Session, meeting_id: int, deed: str, actor: Actor) -> tuple[Actor, Meeting]:
    """The actor there, and the meeting while it is open. Raises: NotFoundError, NotAllowedError, WrongStatusError."""
    actor = authority.over(session, meeting_id, deed, actor)
    meeting = meetings.find(session, meeting_id).meeting
    if meeting.state is not State.OPEN:
        raise WrongStatusError(TEXTS.told(f"meeting_{meeting.state}"))
    return actor, meeting


def _item(meeting: Meeting, number: int) -> Item:
    item = next((item for item in meeting.items if item.number == number), None)
    if item is None:
        raise NotFoundError(TEXTS.told("no_such_item", number=number))
    return item


def _details(on: date, form: Form, place: str) -> dict[str, Any]:
    return {"on": on.isoformat(), "form": Form(form).value, "place": clean_text(place, "place", MAX_PLACE)}


def _agenda(items: Sequence[Item]) -> dict[str, Any]:
    texts = meetings.texts_json(items)
    return {"items": [meetings.item_json(item) for item in items], **({"texts": texts} if texts else {})}


def _set_agenda(session: Session, before: Meeting, items: Collection[Item], actor: Actor, at: datetime) -> None:
    if tuple(items) != before.items:
        _note(session, meetings.AGENDA, before.id, _agenda(tuple(items)), actor, at)


def _note(session: Session, kind: str, meeting_id: int, values: Mapping[str, Any], actor: Actor, at: datetime) -> int:
    event = history.add_event(session, kind, actor, at, values={"meeting": meeting_id, **values})
    meetings.note(session, meeting_id, event.seq)
    return event.seq
