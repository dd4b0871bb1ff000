"""One meeting of a committee: its agenda, who took part, what was voted and said on each item, and the end of its minutes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st

from assessments import actions, agenda, viewing
from assessments.errors import AssessmentError, NotFoundError
from assessments.rights import may
from assessments.rules import meetings as rules
from assessments.rules.meetings import PRESENCES, Attendance, Form, Item, Minute, Presence, State, Subject
from assessments.viewing import MeetingDocument, MeetingView
from pages._field import forms
from pages._frame import database, frame, markup, pressing, screens, shared
from pages._frame.plain import NAMES
from pages._frame.shared import _, many
from pages._frame.translation import LANGUAGES
from pages._parts import events, findings
from pages._parts import meetings as _meetings
from pages._server import committee_documents
from questionnaires.problems import InvalidFileError
from questionnaires.texts import texts_of
from questionnaires.wording import seoul_day

TEXTS = texts_of(__file__)
MAX_PLACE, MAX_TITLE, MAX_LEFT = 200, 300, 60
actor = shared.acting()
word = findings.word


def _read() -> MeetingView:
    """The meeting that the address names; stops the run with a message where there is none."""
    number = shared.whole(st.query_params.get("meeting", ""))
    try:
        if not number:
            raise NotFoundError(TEXTS.told("no_meeting_named"))
        with database.reading() as session:
            return viewing.meeting(session, actor, number)
    except AssessmentError:
        frame.heading(screens.title_of("meeting", shared.language()))
        with shared.problems_shown():
            raise
        st.stop()


view = _read()
proceedings, meeting = view.proceedings, view.proceedings.meeting
is_open = meeting.state is State.OPEN
KEY = f"meeting-{meeting.id}"


def _can(deed: str) -> bool:
    return may(view.actor, deed)


# --- the agenda ------------------------------------------------------------------------------------------------


def _agenda() -> None:
    items = meeting.on_agenda
    markup.show(markup.h2(_("Agenda"), "agenda"))
    if not items:
        markup.show(markup.empty(_("Nothing is on the agenda.")))
    else:
        rows = [
            (
                str(place),
                _meetings.subject_tag(item),
                _meetings.matter(item, view),
                _meetings.standing(item, view),
            )
            for place, item in enumerate(items, start=1)
        ]
        markup.show(markup.table((_("No."), _("Kind"), _("Matter"), _("Status")), rows, kind="h-agenda"))
    if is_open and _can("set_agenda"):
        if items:
            text = _(
                "Of what waits, up to {decisions} decisions and up to {others} matters of each other kind are put on at a time, those "
                "that were due first. “Add an item” puts on what follows.",
                decisions=agenda.MOST_DECISIONS,
                others=agenda.MOST_OTHERS,
            )
            markup.show(markup.quiet(text))
        with shared.folds(f"{KEY}-agenda"):
            with forms.fold(_("Add an item"), f"{KEY}-add", of=f"{KEY}-item-", icon=":material/add:") as opened:
                if opened:
                    _item_form()
            with shared.fold(_("Order and strike items"), f"{KEY}-order") as opened:
                if opened:
                    _order()


def _item_form() -> None:
    with st.form(f"{KEY}-item", enter_to_submit=False):
        forms.text(_("Item"), key=f"{KEY}-item-title", max_chars=MAX_TITLE, required=True)
        pressing.button(_("Put it on the agenda"), f"{KEY}-item-go", _add_item, in_form=True, type="primary")
    markup.show(
        markup.quiet(
            _(
                "What has come to wait since the agenda was set up, and what did not go on it yet, can be put on as well."
            )
        )
    )
    pressing.button(_("Put on what waits now"), f"{KEY}-fill", _fill)


def _order() -> None:
    for item in meeting.items:
        with st.container(horizontal=True, vertical_alignment="center", key=f"{KEY}-row-{item.number}"):
            name = _meetings.name_of(item, view)
            struck = markup.joined((" ", markup.tag(_("struck"), "plain"))) if item.is_struck else ""
            markup.show(markup.joined((_meetings.subject_tag(item), " ", name, struck)))
            args = (item.number,)
            if item.is_struck:
                pressing.button(_("Put it back"), f"{KEY}-{item.number}-again", _put_back, *args)
                continue
            pressing.button(_("Up"), f"{KEY}-{item.number}-up", _up, *args)
            pressing.button(_("Down"), f"{KEY}-{item.number}-down", _down, *args)
            pressing.button(_("Strike"), f"{KEY}-{item.number}-strike", _strike, *args)


# --- attendance ------------------------------------------------------------------------------------------------


def _attendance() -> None:
    markup.show(markup.h2(_("Attendance"), "attendance"))
    if meeting.attendance:
        rows = [_attendance_row(each) for each in meeting.attendance]
        markup.show(markup.table((word("member"), _("Took part"), _("Left")), rows))
        if meeting.guests:
            markup.show(markup.paragraph(_("Others who were there: {names}", names=meeting.guests)))
    else:
        markup.show(markup.empty(_("Nobody has written down yet who took part.")))
    missing = rules.missing(view.members, meeting.attendance)
    if is_open and meeting.attendance and missing:
        names = ", ".join(person.name for person in missing)
        markup.show(markup.notice("note", _("Not said yet of: {names}", names=names)))
    if is_open and _can("set_attendance"):
        with forms.fold(_("Write down who took part"), f"{KEY}-who", of=f"{KEY}-who-") as opened:
            if opened:
                _attendance_form()


def _attendance_row(each: Attendance) -> tuple[str, ...]:
    kind = "plain" if each.presence is Presence.ABSENT else "good"
    return each.person.name, markup.tag(word(f"presence_{each.presence}"), kind), each.left or "—"


def _attendance_form() -> None:
    stated = {each.person.id: each for each in meeting.attendance}
    people = {person.id: person for person in (*view.members, *(each.person for each in meeting.attendance))}
    ways = {way.value: word(f"presence_{way}") for way in PRESENCES[meeting.form]}
    with st.form(f"{KEY}-who", enter_to_submit=False):
        for place, (account, person) in enumerate(people.items()):
            before = stated.get(account)
            key = f"{KEY}-who-{place}"
            value = before.presence.value if before and before.presence.value in ways else ""
            forms.choice(person.name, ways, key=f"{key}-how", value=value, required=True, is_horizontal=True)
            hint = _("Only if they left before the end: when, or before which item.")
            left = before.left if before else ""
            label = _("{name} left", name=person.name)
            forms.text(label, key=f"{key}-left", value=left, max_chars=MAX_LEFT, hint=hint)
        forms.text(_("Others who were there"), key=f"{KEY}-who-guests", value=meeting.guests)
        args = (tuple(people),)
        pressing.button(
            _("Save the attendance"), f"{KEY}-who-go", _save_attendance, *args, in_form=True, type="primary"
        )


# --- what was voted and said -----------------------------------------------------------------------------------


def _minutes() -> None:
    items = meeting.on_agenda
    if not items:
        return
    markup.show(markup.h2(_("Minutes"), "minutes"))
    for place, item in enumerate(items, start=1):
        markup.show(markup.h3(f"{place}. {_meetings.name_of(item, view)}"))
        outcome = view.outcomes.get(item.number)
        if item.subject is Subject.DECISION and outcome is not None:
            markup.show(_meetings.ballots(outcome))
            if outcome.decision:
                text, kind = _meetings.decided(outcome.decision)
                reason = str(outcome.decision.values.get("reason", ""))
                markup.show(markup.tags(markup.tag(text, kind)) + markup.free_text(reason))
        minute = meeting.minutes.get(item.number, Minute())
        parts = [(_("Said"), minute.discussion), (_("Resolved"), minute.resolution)]
        written = [(title, markup.free_text(text)) for title, text in parts if text]
        if written:
            markup.show(markup.definitions(written, "h-values"))
        elif not is_open:
            markup.show(markup.empty(_("Nothing was written down.")))
        if is_open and _can("take_minutes"):
            label = _("Change what is written") if written else _("Write down what was said and resolved")
            key = f"{KEY}-minute-{item.number}"
            with forms.fold(label, key, of=f"{key}-") as opened:
                if opened:
                    _minute_form(key, item, minute)


def _minute_form(key: str, item: Item, minute: Minute) -> None:
    with st.form(key, enter_to_submit=False):
        forms.text(_("What was said"), key=f"{key}-discussion", value=minute.discussion, kind="long")
        hint = _("Votes and their reasons are taken over as they were cast; they need no words here.")
        hint = hint if item.subject is Subject.DECISION else ""
        forms.text(_("What was resolved"), key=f"{key}-resolution", value=minute.resolution, kind="long", hint=hint)
        args = (item.number, key)
        pressing.button(
            _("Save these minutes"), f"{KEY}-minute-{item.number}-go", _save_minute, *args, in_form=True, type="primary"
        )


# --- documents -------------------------------------------------------------------------------------------------


def _documents() -> None:
    """Sealed papers and minutes, and the closed minutes in forms to work with."""
    is_closed = meeting.state is State.CLOSED
    if not is_open and not is_closed and not view.documents:
        return
    markup.show(markup.h2(_("Documents"), "documents"))
    if is_closed:
        forms_of = (("pdf", "PDF"), ("docx", "DOCX"), ("md", _("Markdown")))
        links = (
            markup.link(f"/files/meeting/{meeting.id}/minutes.{ending}?language={shared.language()}", name)
            for ending, name in forms_of
        )
        markup.show(markup.paragraph(markup.joined((_("The minutes as"), ": ", markup.joined(links, " · ")))))
    if view.documents:
        rows = [
            (
                markup.link(f"/files/meeting/{meeting.id}/{document.number}.pdf", _kind_of(document)),
                NAMES[document.language],
                shared.moment(document.at),
                markup.joined(
                    (
                        markup.code(f"{document.file_sha256[:16]}…", document.file_sha256),
                        " · ",
                        markup.link(f"/files/meeting/{meeting.id}/{document.number}.json", "JSON"),
                    )
                ),
            )
            for document in view.documents
        ]
        head = (_("Document"), _("Language"), _("Sealed at"), "SHA-256")
        markup.show(markup.table(head, rows))
    elif is_open:
        markup.show(markup.empty(_("No paper has been made for this meeting yet.")))
    if _can("keep_document") and (is_open or is_closed):
        label = _("Make and seal the committee's paper") if is_open else _("Seal the minutes")
        with forms.fold(label, f"{KEY}-seal", of=f"{KEY}-seal-") as opened:
            if opened:
                _seal_form("paper" if is_open else "minutes")


def _kind_of(document: MeetingDocument) -> str:
    return _("Committee paper") if document.kind == "paper" else _("Sealed minutes")


def _seal_form(kind: str) -> None:
    text = _("The committee's screen of this unit is frozen as it is now, with its lists, and printed on a few pages.")
    if kind == "minutes":
        text = _("The closed minutes are printed with their addenda and sealed.")
    markup.show(markup.quiet(text))
    with st.form(f"{KEY}-seal", enter_to_submit=False):
        languages = {language: NAMES[language] for language in LANGUAGES}
        value = shared.language()
        forms.choice(
            _("Language"), languages, key=f"{KEY}-seal-language", value=value, required=True, is_horizontal=True
        )
        pressing.button(_("Make and seal"), f"{KEY}-seal-go", _seal, kind, in_form=True, type="primary")


@contextmanager
def _files_usable() -> Iterator[None]:
    """A file of the installation that cannot be used is told, not thrown."""
    try:
        yield
    except InvalidFileError as error:
        sentences = markup.items(problem.sentence(shared.language()) for problem in error.problems)
        pressing.refuse(_("A file of this installation cannot be used."), more=sentences)


def _seal(kind: str) -> None:
    actor = shared.current_actor()
    if not forms.complete(f"{KEY}-seal-"):
        return
    with pressing.problems_kept(), _files_usable():
        remark = committee_documents.keep(meeting.id, kind, actor, forms.entered(f"{KEY}-seal-language"))
        forms.succeeded(f"{KEY}-seal-")
        more = markup.quiet(remark[shared.language()]) if remark else markup.NOTHING
        pressing.tell(_("It is sealed and stands among the documents."), more)


# --- its end ---------------------------------------------------------------------------------------------------


def _end() -> None:
    if is_open and _can("close_meeting"):
        markup.show(markup.h2(_("Close the minutes"), "close"))
        text = _(
            "Closed minutes are never changed; what is to be corrected is added to them. Votes cast later are no part of them."
        )
        markup.show(markup.paragraph(text))
        pressing.button(_("Close the minutes for good"), f"{KEY}-close-go", _close, meeting.seen, type="primary")
        with shared.folds(f"{KEY}-more"):
            with forms.fold(_("Change day, form or place"), f"{KEY}-change", of=f"{KEY}-change-") as opened:
                if opened:
                    _change_form()
            with forms.fold(_("Cancel the meeting"), f"{KEY}-cancel", of=f"{KEY}-cancel-") as opened:
                if opened:
                    _cancel_form()
    if meeting.state is State.CLOSED:
        _addenda()


def _change_form() -> None:
    key = f"{KEY}-change"
    with st.form(key, enter_to_submit=False):
        forms.day(word("meeting_day"), key=f"{key}-on", value=meeting.on, required=True)
        ways = {way.value: word(f"meeting_form_{way}") for way in Form}
        forms.choice(
            word("meeting_form"), ways, key=f"{key}-form", value=meeting.form.value, required=True, is_horizontal=True
        )
        forms.text(word("meeting_place"), key=f"{key}-place", value=meeting.place, max_chars=MAX_PLACE)
        pressing.button(_("Save"), f"{key}-go", _change, in_form=True, type="primary")


def _cancel_form() -> None:
    key = f"{KEY}-cancel"
    with st.form(key, enter_to_submit=False):
        forms.text(_("Why it does not take place"), key=f"{key}-reason", required=True)
        pressing.button(_("Cancel this meeting"), f"{key}-go", _cancel, in_form=True)


def _addenda() -> None:
    markup.show(markup.h2(_("Addenda"), "addenda"))
    if not proceedings.addenda:
        markup.show(markup.empty(_("Nothing was added to the minutes.")))
    for addendum in proceedings.addenda:
        by = addendum.by.name if addendum.by else _("erased")
        text = markup.free_text(addendum.text or _("erased"))
        markup.show(markup.card(text + markup.quiet(f"{by} · {shared.moment(addendum.at)}")))
    if _can("add_addendum"):
        key = f"{KEY}-addendum"
        with forms.fold(_("Add to the minutes"), key, of=f"{key}-", icon=":material/add:") as opened:
            if opened:
                with st.form(key, enter_to_submit=False):
                    forms.text(_("What is corrected or added"), key=f"{key}-text", kind="long", required=True)
                    pressing.button(_("Add it for good"), f"{key}-go", _add_addendum, in_form=True, type="primary")


# --- deeds -----------------------------------------------------------------------------------------------------


def _add_item() -> None:
    actor = shared.current_actor()
    if not forms.complete(f"{KEY}-item-"):
        return
    with pressing.problems_kept():
        with forms.deed(f"{KEY}-item-") as session:
            actions.add_item(session, meeting.id, forms.entered(f"{KEY}-item-title"), actor, shared.now())
        pressing.tell(_("It is on the agenda."))


def _fill() -> None:
    actor = shared.current_actor()
    with pressing.problems_kept():
        with database.transaction() as session:
            count = actions.fill_agenda(session, meeting.id, actor, shared.now())
        added = many("{count} item was put on the agenda.", "{count} items were put on the agenda.", count)
        pressing.tell(added if count else _("Everything that waits is on the agenda already, or was struck."))


def _up(number: int) -> None:
    _moved(number, up=True)


def _down(number: int) -> None:
    _moved(number, up=False)


def _moved(number: int, *, up: bool) -> None:
    actor = shared.current_actor()
    with pressing.problems_kept():
        with database.transaction() as session:
            actions.move_item(session, meeting.id, number, actor, shared.now(), up=up)
        pressing.tell(_("The agenda is in its new order."))


def _strike(number: int) -> None:
    _struck(number, again=False)


def _put_back(number: int) -> None:
    _struck(number, again=True)


def _struck(number: int, *, again: bool) -> None:
    actor = shared.current_actor()
    with pressing.problems_kept():
        with database.transaction() as session:
            actions.strike_item(session, meeting.id, number, actor, shared.now(), again=again)
        pressing.tell(_("It is on the agenda again.") if again else _("It is struck from the agenda."))


def _save_attendance(accounts: tuple[str, ...]) -> None:
    actor = shared.current_actor()
    if not forms.complete(f"{KEY}-who-"):
        return
    presences = {
        account: (
            Presence(forms.entered(f"{KEY}-who-{place}-how")),
            forms.entered(f"{KEY}-who-{place}-left"),
        )
        for place, account in enumerate(accounts)
    }
    with pressing.problems_kept():
        with forms.deed(f"{KEY}-who-") as session:
            guests = forms.entered(f"{KEY}-who-guests")
            actions.set_attendance(session, meeting.id, presences, guests, actor, shared.now())
        pressing.tell(_("The attendance is saved."))


def _save_minute(number: int, key: str) -> None:
    actor = shared.current_actor()
    if not forms.complete(f"{key}-"):
        return
    with pressing.problems_kept():
        with forms.deed(f"{key}-") as session:
            discussion, resolution = (forms.entered(f"{key}-{name}") for name in ("discussion", "resolution"))
            actions.take_minutes(session, meeting.id, number, discussion, resolution, actor, shared.now())
        pressing.tell(_("The minutes of this item are saved."))


def _close(seen: int) -> None:
    actor = shared.current_actor()
    with pressing.problems_kept():
        with database.transaction() as session:
            actions.close_meeting(session, meeting.id, seen, actor, shared.now())
        pressing.tell(_("The minutes are closed."))


def _change() -> None:
    actor, key = shared.current_actor(), f"{KEY}-change"
    if not forms.complete(f"{key}-"):
        return
    with pressing.problems_kept():
        on = forms.day_entered(f"{key}-on") or meeting.on
        with forms.refused_at(f"{key}-on"), forms.deed(f"{key}-") as session:
            form, place = Form(forms.entered(f"{key}-form")), forms.entered(f"{key}-place")
            actions.change_meeting(session, meeting.id, on, form, place, actor, shared.now())
        pressing.tell(_("Saved."))


def _cancel() -> None:
    actor, key = shared.current_actor(), f"{KEY}-cancel"
    if not forms.complete(f"{key}-"):
        return
    with pressing.problems_kept():
        with forms.deed(f"{key}-") as session:
            actions.cancel_meeting(session, meeting.id, forms.entered(f"{key}-reason"), actor, shared.now())
        pressing.tell(_("The meeting is cancelled."))


def _add_addendum() -> None:
    actor, key = shared.current_actor(), f"{KEY}-addendum"
    if not forms.complete(f"{key}-"):
        return
    with pressing.problems_kept():
        with forms.deed(f"{key}-") as session:
            actions.add_addendum(session, meeting.id, forms.entered(f"{key}-text"), actor, shared.now())
        pressing.tell(_("It is added to the minutes."))


# --- the screen ------------------------------------------------------------------------------------------------

back = markup.link(shared.address("meetings"), _("All meetings"))
markup.show(markup.paragraph(back))
frame.heading(f"{_meetings.title(meeting.number)} · {' / '.join(view.unit_names)}")
markup.show(markup.tags(_meetings.state_tag(meeting.state)))
pressing.at_top()
markup.show(markup.definitions(_meetings.facts(meeting), "h-answers h-tight"))
if meeting.state is State.CANCELLED:
    markup.show(markup.notice("note", _("Cancelled: {reason}", reason=proceedings.why_cancelled or _("erased"))))
if proceedings.closed_at:
    by = proceedings.closed_by.name if proceedings.closed_by else _("erased")
    text = _("The minutes were closed by {name} at {at}.", name=by, at=shared.moment(proceedings.closed_at))
    digest = markup.paragraph(markup.joined(("SHA-256 ", markup.code(proceedings.minutes_sha256 or ""))), "h-quiet")
    markup.show(markup.notice("good", text, digest))
if is_open and meeting.on < seoul_day(shared.now()):
    markup.show(markup.notice("note", _("Its day has passed, and its minutes are not closed yet.")))
_agenda()
_attendance()
_minutes()
_documents()
_end()
with shared.fold(_("History of this meeting"), f"{KEY}-history") as opened:
    if opened:
        with database.reading() as session:
            lines = viewing.meeting_events(session, actor, meeting.id)
        markup.show(events.table(lines, {}))
