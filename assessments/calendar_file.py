"""Days to come as a calendar file (RFC 5545): calendar_of."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from icalendar import Calendar, Event

from assessments.rules.lifecycle import CAUSES
from assessments.storage.entries import DueEntry
from questionnaires.legible import legible_line
from questionnaires.texts import texts_of

TEXTS = texts_of(__file__)
MEDIA_TYPE = "text/calendar"


def calendar_of(entries: Iterable[DueEntry], language: str, links: str, at: datetime) -> bytes:
    """A day each; the same duty keeps its UID, so that a calendar which reads the file again changes it and adds none.

    links: where this installation is reached. Empty: no links. Of an assessment it says what it is about, its number and the day.
    """
    calendar = Calendar()
    calendar.add("prodid", "-//Haetae//Duties after decisions//EN")
    calendar.add("version", "2.0")
    calendar.add("name", TEXTS["calendar_name"][language])
    for entry in entries:
        duty = entry.duty
        names = [entry.system.name_ko, entry.system.name_en]
        name = legible_line(next(filter(None, names if language == "ko" else reversed(names)), ""))
        text = TEXTS.text("calendar_line", cause=CAUSES[duty.cause], system=name, number=entry.assessment_id)
        event = Event()
        which = duty.which or "all"
        event.add("uid", f"{entry.assessment_id}-{duty.cause}-{which}@haetae")
        event.add("dtstamp", at)
        event.add("dtstart", duty.on)
        event.add("dtend", duty.on + timedelta(days=1))
        event.add("summary", text[language])
        event.add("transp", "TRANSPARENT")
        if links:
            event.add("url", f"{links}/followup?assessment={entry.assessment_id}")
        calendar.add_component(event)
    return bytes(calendar.to_ical())
