"""Days to come as a calendar file (RFC 5545), of duties, of meetings and of requests: calendar_of."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from icalendar import Calendar, Event

from assessments.model import AISystem
from assessments.rules.lifecycle import CAUSES
from assessments.rules.meetings import State
from assessments.storage.entries import DueEntry
from assessments.storage.meetings import Ahead
from assessments.storage.official import UnderWay
from assessments.storage.recourse import RequestEntry
from questionnaires.confirmation import Span, form
from questionnaires.legible import legible_line
from questionnaires.recourse import recourse
from questionnaires.texts import texts_of

TEXTS = texts_of(__file__)
MEDIA_TYPE = "text/calendar"


def calendar_of(
    entries: Iterable[DueEntry],
    language: str,
    links: str,
    at: datetime,
    meetings: Iterable[Ahead] = (),
    requests: Iterable[UnderWay] = (),
    of_people: Iterable[RequestEntry] = (),
) -> bytes:
    """A day each; the same duty or meeting keeps its UID, so that a calendar which reads the file again changes it and adds none.

    links: where this installation is reached. Empty: no links. Of an assessment it says what it is about, its number and the day;
    of a meeting which it is, the day and the place, and that it is cancelled where it is; of a request of Act Art. 33 which period
    ends; of a request of somebody concerned its kind, its number and the day.
    """
    calendar = Calendar()
    calendar.add("prodid", "-//Haetae//Days to come//EN")
    calendar.add("version", "2.0")
    calendar.add("name", TEXTS["calendar_name"][language])
    for entry in entries:
        duty = entry.duty
        name = _name(entry.system, language)
        text = TEXTS.text("calendar_line", cause=CAUSES[duty.cause], system=name, number=entry.assessment_id)
        event = _day(f"{entry.assessment_id}-{duty.cause}-{duty.which or 'all'}", duty.on, text[language], at)
        if links:
            event.add("url", f"{links}/followup?assessment={entry.assessment_id}")
        calendar.add_component(event)
    for meeting in meetings:
        unit = legible_line(meeting.unit)
        text = TEXTS.text("calendar_meeting", number=meeting.number, unit=unit)
        event = _day(f"meeting-{meeting.id}", meeting.on, text[language], at)
        if place := legible_line(meeting.place):
            event.add("location", place)
        if meeting.state is State.CANCELLED:
            event.add("status", "CANCELLED")
        if links:
            event.add("url", f"{links}/meeting?meeting={meeting.id}")
        calendar.add_component(event)
    for request in requests:
        standing, system = request.standing, request.system
        if standing.until is None:
            continue
        names = [system.name_ko, system.name_en] if language == "ko" else [system.name_en, system.name_ko]
        span: Span = getattr(form().periods, standing.period)
        name = legible_line(next(filter(None, names), ""))
        text = TEXTS.text("calendar_request", period=span.title, system=name, number=request.assessment)
        event = _day(f"{request.assessment}-request", standing.until, text[language], at)
        if links:
            event.add("url", f"{links}/documents?assessment={request.assessment}")
        calendar.add_component(event)
    for asking in of_people:
        if asking.due is None:
            continue
        kind = recourse().by_id.get(asking.kind)
        title = kind.title if kind else asking.kind
        name = _name(asking.system, language)
        text = TEXTS.text("calendar_of_people", kind=title, system=name, number=asking.number)
        event = _day(f"request-{asking.number}", asking.due, text[language], at)
        if links:
            event.add("url", f"{links}/request?request={asking.number}")
        calendar.add_component(event)
    return bytes(calendar.to_ical())


def _name(system: AISystem, language: str) -> str:
    names = [system.name_ko, system.name_en]
    return legible_line(next(filter(None, names if language == "ko" else reversed(names)), ""))


def _day(which: str, on: date, text: str, at: datetime) -> Event:
    event = Event()
    event.add("uid", f"{which}@haetae")
    event.add("dtstamp", at)
    event.add("dtstart", on)
    event.add("dtend", on + timedelta(days=1))
    event.add("summary", text)
    event.add("transp", "TRANSPARENT")
    return event
