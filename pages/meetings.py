"""Meetings of the committees whose members, chairs or auditors read here, and the form that convenes one."""

from __future__ import annotations

import streamlit as st

from assessments import actions, viewing
from assessments.rules.meetings import Form, State
from pages._field import forms
from pages._frame import database, frame, markup, pressing, screens, shared
from pages._frame.shared import _
from pages._parts import findings
from pages._parts import meetings as _meetings
from questionnaires import wording
from questionnaires.wording import seoul_day

MOST = 50
MAX_PLACE = 200

actor = shared.acting()
frame.heading(
    screens.title_of("meetings", shared.language()),
    _("What a committee decides is voted on in each assessment. A meeting has the agenda and the minutes of it."),
)
pressing.at_top()
with database.reading() as session:
    entries = viewing.meetings_of(session, actor, MOST)
    where = viewing.places(session, actor)


def _convene(key: str) -> None:
    actor = shared.current_actor()
    if not forms.complete(f"{key}-"):
        return
    with pressing.problems_kept():
        on = forms.day_entered(f"{key}-on") or seoul_day(shared.now())
        unit = shared.whole(forms.entered(f"{key}-unit"))
        with forms.refused_at(f"{key}-on"), forms.deed(f"{key}-") as session:
            meeting = actions.convene_meeting(
                session,
                unit,
                on,
                Form(forms.entered(f"{key}-form")),
                forms.entered(f"{key}-place"),
                actor,
                shared.now(),
            )
            has_items = bool(viewing.meeting(session, actor, meeting).proceedings.meeting.items)
        pressing.go_to("meeting", meeting=meeting)
        pressing.tell(
            _("The meeting is convened, with what has waited longest for the committee on its agenda.")
            if has_items
            else _("The meeting is convened. Nothing waits for the committee, so that its agenda is empty.")
        )


def _form() -> None:
    key = "meeting-new"
    word = findings.word
    units = {str(unit): name for unit, name in where.choice("convene_meeting").items()}
    with st.form(key, enter_to_submit=False):
        first = next(iter(units))
        forms.choice(_("Unit"), units, key=f"{key}-unit", value=first, required=True, is_list=len(units) > 3)
        forms.day(word("meeting_day"), key=f"{key}-on", value=seoul_day(shared.now()), required=True)
        ways = {way.value: word(f"meeting_form_{way}") for way in Form}
        forms.choice(
            word("meeting_form"),
            ways,
            key=f"{key}-form",
            value=Form.IN_PERSON.value,
            required=True,
            is_horizontal=True,
        )
        hint = _("A room or the name of a call; in writing, how to answer. The day is then the last one for answers.")
        forms.text(word("meeting_place"), key=f"{key}-place", max_chars=MAX_PLACE, hint=hint)
        pressing.button(_("Convene the meeting"), f"{key}-go", _convene, key, in_form=True, type="primary")


if where.choice("convene_meeting"):
    is_first = not any(entry.state is State.OPEN for entry in entries)
    with forms.fold(
        _("Convene a meeting"), "meeting-new", of="meeting-new-", icon=":material/add:", expanded=is_first
    ) as is_open:
        if is_open:
            _form()
if not entries:
    markup.show(markup.empty(_("No meeting has been convened in your units yet.")))
else:
    rows = [
        (
            wording.day(entry.on, shared.language()),
            markup.link(shared.address("meeting", meeting=entry.id), _meetings.title(entry.number)),
            " / ".join(where.tree.names(entry.unit)),
            _meetings.state_tag(entry.state),
        )
        for entry in entries
    ]
    head = (findings.word("meeting_day"), _("Meeting"), _("Unit"), _("Status"))
    markup.show(markup.table(head, rows))
    if any(entry.state is State.OPEN for entry in entries):
        markup.show(markup.paragraph(markup.link("/files/calendar.ics", _("Days as a calendar file"))))
    if len(entries) == MOST:
        markup.show(markup.quiet(_("The {count} that were or will be held last.", count=MOST)))
