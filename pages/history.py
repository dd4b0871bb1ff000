"""What happened to an assessment: every deed, who did it and when, with old and new values; narrowed by what one looks for."""

from __future__ import annotations

from datetime import date

import streamlit as st

from assessments import viewing
from assessments.storage.entries import EventChoice, EventLine
from assessments.viewing import WRITING, Page
from pages._frame import database, frame, markup, screens, shared
from pages._frame.shared import _
from pages._parts import audit, events, gaps, paging, restoring

PER_PAGE = 40


def _day(name: str) -> date | None:
    """A day of the address. None: there is none, or it is none."""
    try:
        return date.fromisoformat(st.query_params.get(name, ""))
    except ValueError:
        return None


def _restored_at(line: EventLine) -> str:
    """Of an event that left another answer than there is now."""
    where = str(line.values.get("question", ""))
    if line.kind not in WRITING or "new" in line.erased or events.question_of(where, pinned) is None:
        return ""
    left = line.values.get("new")
    is_empty = left is None or (left.get("answer") is None and not left.get("note"))
    if (None if is_empty else left) == restoring.current(assessment, where):
        return ""
    return restoring.of_event(assessment, line.seq)


actor = shared.acting()
actor, assessment = shared.open_assessment(actor)
pinned = shared.editions_of(assessment)
frame.head(assessment, pinned)
frame.heading(
    screens.title_of("history", shared.language()),
    _("Every deed is kept with its author and time, chained by hashes, so that a later change of one of them shows."),
)
restoring.show(assessment, pinned, actor)
audit.offer()
number, place = assessment.id or 0, paging.requested("from")
with database.reading() as session:
    facets = viewing.event_facets(session, actor, number)
    named = {name: st.query_params.get(name, "") for name in ("person", "kind", "question")}
    known = {"person": {person.id for person in facets.people}, "kind": facets.kinds, "question": facets.questions}
    chosen = {name: value for name, value in named.items() if value in known[name]}
    choice = EventChoice(**chosen, since=_day("since"), until=_day("until"))
    if place is not None and place.is_before:
        lines = viewing.events(session, actor, number, PER_PAGE, after=place.first, choice=choice)
    else:
        lines = viewing.events(session, actor, number, PER_PAGE, before=place.first if place else None, choice=choice)
    newer = viewing.event_count(session, actor, number, after=lines[0].seq, choice=choice) if lines else 0
    page = Page(lines, newer, viewing.event_count(session, actor, number, choice=choice))
days = {name: day.isoformat() for name, day in (("since", choice.since), ("until", choice.until)) if day}
shared.draw(
    "screens/history_choice.html.j2",
    number=number,
    chosen={**chosen, **days},
    people=[(person.id, person.name) for person in facets.people],
    kinds=sorted(((kind, events.kind(kind)) for kind in facets.kinds), key=lambda entry: entry[1]),
    questions=[(where, gaps.name_of(where, pinned) or where) for where in facets.questions],
    everything="" if choice.is_all else shared.address("history", assessment=number),
    total=shared.many("{count} event", "{count} events", page.total),
)
if not lines:
    markup.show(paging.nothing_here())
markup.show(events.table(lines, pinned, _restored_at if restoring.is_possible(assessment, actor) else None))
ends = (lines[0].seq, lines[-1].seq) if lines else (0, 0)
paging.links(page, "history", "from", tuple((end, 0) for end in ends), assessment=number, **chosen, **days)
