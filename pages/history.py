"""What happened to an assessment: every deed, who did it and when, with old and new values."""

from __future__ import annotations

from assessments import viewing
from assessments.storage import database
from assessments.viewing import Page
from pages._frame import frame, markup, screens, shared
from pages._frame.shared import _
from pages._parts import audit, events, paging

PER_PAGE = 40

actor = shared.current_actor()
actor, assessment = shared.open_assessment(actor)
pinned = shared.editions_of(assessment)
frame.head(assessment, pinned)
frame.heading(
    screens.title_of("history", shared.language()),
    _("Every deed is kept with its author and time, chained by hashes, so that a later change of one of them shows."),
)
audit.offer()
number, place = assessment.id or 0, paging.requested("from")
with database.reading() as session:
    if place is not None and place.is_before:
        lines = viewing.events(session, actor, number, PER_PAGE, after=place.first)
    else:
        lines = viewing.events(session, actor, number, PER_PAGE, before=place.first if place else None)
    newer = viewing.event_count(session, actor, number, after=lines[0].seq) if lines else 0
    page = Page(lines, newer, viewing.event_count(session, actor, number))
if not lines:
    markup.show(paging.nothing_here())
markup.show(events.table(lines, pinned))
ends = (lines[0].seq, lines[-1].seq) if lines else (0, 0)
paging.links(page, "history", "from", tuple((end, 0) for end in ends), assessment=number)
