"""What is due after a decision: reasons for a reassessment and its day, measures and conditions, later decision logs."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import PurePath

import streamlit as st
from markupsafe import Markup
from streamlit.runtime.uploaded_file_manager import UploadedFile

from assessments import actions, periods, scanning, viewing
from assessments.content import uploads
from assessments.content.uploads import EXTENSIONS, MAX_BYTES, Upload
from assessments.decision_log.triggers import KINDS, Figure
from assessments.model import Actor, Assessment, Status
from assessments.rights import may
from assessments.rules import lifecycle
from assessments.rules.lifecycle import Cause, ChangeKind, Duty, FollowUp, Urgency
from assessments.storage.entries import DueEntry
from assessments.viewing import Aftermath
from pages._field import forms
from pages._frame import database, enum_names, markup, pressing, screens, shared
from pages._frame.shared import _
from pages._parts import findings, lists
from pages._server import uploading
from questionnaires import load, wording

MAX_TEXT = 2000
MEBIBYTE = 1024 * 1024
CALLS = tuple(cause for cause in Cause if cause not in lifecycle.FOLLOWED_UP)
"""Causes that end with a new decision."""


# --- what calls for a reassessment ------------------------------------------------------------------------------


def calls(assessment: Assessment, after: Aftermath, actor: Actor, today: date) -> None:
    """Each reason with its day, and what can be done about it."""
    markup.show(markup.h2(_("Reassessment")))
    reached = lifecycle.triggers(after.duties, today)
    if not after.is_alive:
        markup.show(markup.empty(_("Nothing is due: no approval is in force, or the system is retired.")))
        return
    if reached:
        count = len(reached)
        text = shared.many("{count} thing calls for a reassessment", "{count} things call for a reassessment", count)
        markup.show(markup.notice("note", text))
    day = wording.day(after.reassess_on, shared.language()) if after.reassess_on else "–"
    rows: list[tuple[str, str]] = [(_("To be assessed again by"), markup.short(day))]
    if after.set_by:
        rows.append((_("Set by"), f"{after.set_by.by.name} · {shared.moment(after.set_by.at)}"))
        rows.append((_("Reason"), markup.free_text(after.set_by.reason)))
    else:
        months = periods.current().reassess_months
        rows.append((_("Basis"), _("{count} months after the decision, as set for this installation", count=months)))
    markup.show(markup.definitions(rows, "h-answers h-tight"))
    if others := [duty for duty in after.duties if duty.cause is not Cause.REASSESSMENT]:
        heads = (_("What"), _("Day"), findings.word("status"))
        lines = [
            (_named(duty), markup.short(wording.day(duty.on, shared.language())), tag(duty, today)) for duty in others
        ]
        markup.show(markup.table(heads, lines, caption=_("What is due, and what calls for a reassessment")))
    with shared.folds("calls"):
        if may(actor, "reassess"):
            _reassess_form(assessment)
        if may(actor, "set_reassessment"):
            _day_form(assessment)
        if may(actor, "state_change"):
            _change_form(assessment)


def strip(assessment: Assessment, actor: Actor) -> None:
    """On the task list: a legal hold, and that something is due, with the way there; nothing where nothing is."""
    today = wording.seoul_day(shared.now())
    open_duties: Sequence[Duty] = ()
    hold = None
    with shared.problems_shown(), database.reading() as session:
        hold = viewing.standing_hold(session, actor, assessment.id or 0)
        if assessment.revision > 1 or assessment.decision is not None:
            open_duties = viewing.duties(session, actor, assessment.id or 0, today)
    address = shared.address("followup", assessment=assessment.id)
    link = markup.paragraph(markup.link(address, screens.title_of("followup", shared.language())))
    if hold is not None:
        text = _("A legal hold stands on this assessment ({name}, {at}).", name=hold.by.name, at=shared.moment(hold.at))
        markup.show(markup.notice("note", text, link))
    reached = lifecycle.triggers(open_duties, today)
    if reached:
        names = dict.fromkeys(enum_names.cause(duty.cause, shared.language()) for duty in reached)
        text = shared.many(
            "{count} thing is due: {names}", "{count} things are due: {names}", len(reached), names=", ".join(names)
        )
        markup.show(markup.notice("note", text, link))


def rows(entries: Sequence[DueEntry], today: date) -> None:
    """Of several assessments: what is due after decisions, the earliest first."""
    for place, entry in enumerate(entries):
        duty = entry.duty
        with st.container(key=f"row-due-{place}", gap=None):
            address = shared.address("followup", assessment=entry.assessment_id)
            name = markup.paragraph(markup.link(address, lists.name_of(entry.system, shared.language())), "h-row-name")
            facts = (
                _("Assessment {number}", number=entry.assessment_id),
                wording.day(duty.on, shared.language()),
                *((f"{findings.word('owner')}: {duty.owner}",) if duty.owner else ()),
            )
            task = markup.paragraph(text_of(duty), "h-task")
            line = name + task + markup.tags(tag(duty, today)) + markup.quiet(" · ".join(facts))
            markup.show(markup.block(line, "h-row"))


def text_of(duty: Duty) -> str:
    """What is due, in a line: the cause, and people's own words."""
    language, name = shared.language(), enum_names.cause(duty.cause, shared.language())
    if duty.cause is Cause.EDITION:
        title = load.newest(duty.which).questionnaire.title[language]
        return f"{name}: {title} {duty.text}"
    if duty.cause is Cause.LOG:
        titles = ", ".join(KINDS[Figure(figure)].title[language] for figure in duty.text.split(", "))
        return f"{name}: {titles}"
    return f"{name}: {duty.text}" if duty.text else name


def tag(duty: Duty, today: date) -> Markup:
    """Whether its day has come."""
    urgency = duty.urgency(today, periods.current().soon_days)
    if urgency is Urgency.REACHED:
        if duty.cause in lifecycle.FOLLOWED_UP:
            return markup.tag(_("overdue"), "bad")
        return markup.tag(_("calls for a reassessment"), "cannot")
    return markup.tag(_("soon"), "open") if urgency is Urgency.SOON else markup.tag(_("later"), "plain")


def _named(duty: Duty) -> Markup:
    name, text = enum_names.cause(duty.cause, shared.language()), text_of(duty)
    rest = text.removeprefix(name).removeprefix(": ")
    owner = [markup.aside(f"{findings.word('owner')}: {duty.owner}")] if duty.owner else []
    return markup.lines((markup.bold(name), *([rest] if rest else []), *owner))


def _reassess_form(assessment: Assessment) -> None:
    if assessment.status not in (Status.SIGNED_OFF, Status.WITHDRAWN, Status.REFUSED):
        return
    of = f"after-reassess-{assessment.id}-{assessment.revision}-"
    with forms.fold(_("Begin the reassessment"), f"after-reassess-{assessment.id}", of=of) as is_open:
        if not is_open:
            return
        text = _(
            "A new revision takes everything over, with the questionnaires of today. Each answer is confirmed or changed before "
            "it is submitted. What was decided stays in force until the new revision is signed off."
        )
        markup.show(markup.paragraph(text))
        with st.form(f"after-reassess-{assessment.id}", border=False, enter_to_submit=False):
            forms.text(_("Why it is assessed again"), key=f"{of}reason", kind="long", max_chars=MAX_TEXT, required=True)
            key = f"after-reassess-{assessment.id}-go"
            pressing.button(_("Begin"), key, _reassess, assessment.id, of, in_form=True, type="primary")


def _day_form(assessment: Assessment) -> None:
    of = f"after-day-{assessment.id}-{assessment.revision}-"
    with forms.fold(_("Set another day"), f"after-day-{assessment.id}", of=of) as is_open:
        if not is_open:
            return
        markup.show(markup.quiet(_("Only the committee puts it off.")))
        with st.form(f"after-day-{assessment.id}", border=False, enter_to_submit=False):
            forms.day(_("Day"), key=f"{of}on", required=True)
            forms.text(_("Reason"), key=f"{of}reason", kind="long", max_chars=MAX_TEXT, required=True)
            pressing.button(
                _("Set the day"), f"after-day-{assessment.id}-go", _set_day, assessment.id, of, in_form=True
            )


def _change_form(assessment: Assessment) -> None:
    of = f"after-change-{assessment.id}-{assessment.revision}-"
    with forms.fold(_("State a material change"), f"after-change-{assessment.id}", of=of) as is_open:
        if not is_open:
            return
        text = _(
            "The guideline asks for another assessment when core functions or the people affected change. It names no interval."
        )
        markup.show(markup.quiet(text))
        with st.form(f"after-change-{assessment.id}", border=False, enter_to_submit=False):
            kinds = {str(kind): enum_names.change_kind(kind, shared.language()) for kind in ChangeKind}
            forms.choice(_("What changed"), kinds, key=f"{of}kind", required=True)
            forms.text(_("How it changed"), key=f"{of}text", kind="long", max_chars=MAX_TEXT, required=True)
            forms.day(_("Since which day"), key=f"{of}on", required=True)
            key = f"after-change-{assessment.id}-go"
            pressing.button(_("State the change"), key, _state_change, assessment.id, of, in_form=True)


# --- measures and conditions -------------------------------------------------------------------------------------


def followed_up(after: Aftermath, actor: Actor, today: date) -> None:
    """Planned measures and conditions of the approval: open, done with evidence, overdue."""
    if after.decided is None:
        return
    items = _items(after)
    markup.show(markup.h2(_("Measures and conditions")))
    if not items:
        markup.show(markup.empty(_("The decision left no planned measure and no condition.")))
        return
    titles = _evidence_titles(after)
    rows = [
        (
            str(number),
            markup.lines((markup.bold(enum_names.cause(duty.cause, shared.language())), duty.text)),
            duty.owner or "–",
            markup.short(wording.day(duty.on, shared.language())) if duty.on < date.max else "–",
            _state(duty, last, titles, today if after.is_alive else None),
        )
        for number, (duty, last) in enumerate(items, 1)
    ]
    heads = (_("No."), _("What"), findings.word("owner"), findings.word("due"), findings.word("status"))
    markup.show(markup.table(heads, rows))
    if not after.is_alive:
        return
    with shared.folds("followed-up"):
        for number, (duty, last) in enumerate(items, 1):
            is_done = last is not None and last.is_done
            if is_done and may(actor, "reopen_follow_up"):
                _reopen_form(after.decided, duty, number)
            if not is_done and may(actor, "follow_up"):
                _done_form(after.decided, duty, titles, number)


def _items(after: Aftermath) -> list[tuple[Duty, FollowUp | None]]:
    """Each with what was said of it last; without a day: date.max."""
    decided, followed = after.decided, after.followed
    if decided is None:
        return []
    duties = [
        Duty(Cause.CONDITION, condition.id, condition.due or date.max, condition.text, condition.owner)
        for condition in followed.conditions
    ]
    duties += [
        Duty(Cause.MEASURE, measure.id, measure.due or date.max, measure.text, measure.owner)
        for measure in decided.measures
        if not measure.is_in_place
    ]
    return [(duty, lifecycle.state_of(duty.cause, duty.which, duty.text, followed.follow_ups)) for duty in duties]


def _evidence_titles(after: Aftermath) -> dict[str, tuple[str, str]]:
    """Id of a file → its title, and where it is handed out."""
    of_decided = after.decided.evidence if after.decided else ()
    titles = {evidence.id: (evidence.title, f"/files/evidence/{evidence.id}") for evidence in of_decided}
    return titles | {proof.id: (proof.title, f"/files/proof/{proof.id}") for proof in after.proofs}


def _state(duty: Duty, last: FollowUp | None, titles: dict[str, tuple[str, str]], today: date | None) -> Markup:
    """today None: nothing is due any more."""
    has_day = today is not None and duty.on < date.max
    state = tag(duty, today) if today is not None and has_day else markup.tag(_("not carried out"), "plain")
    if last is None:
        return state
    who = markup.aside(f"{last.by.name} · {wording.day(last.on, shared.language())}")
    if not last.is_done:
        return markup.lines((state, _("Opened again: {reason}", reason=last.text), who))
    title, address = titles.get(last.evidence, (last.evidence, ""))
    shown_by = markup.link(address, title) if address else title
    return markup.lines((markup.tag(_("carried out"), "good"), last.text, shown_by, who))


def _key(decided: Assessment, duty: Duty) -> str:
    return f"{decided.id}-{duty.cause}-{duty.which}"


def _done_form(decided: Assessment, duty: Duty, titles: dict[str, tuple[str, str]], number: int) -> None:
    button = f"after-done-{_key(decided, duty)}"
    of = f"{button}-field-"
    with forms.fold(_("Number {number} is done", number=number), button, of=of) as is_open:
        if not is_open:
            return
        markup.show(markup.free_text(duty.text))
        endings = [ending for kinds in EXTENSIONS.values() for ending in kinds]
        with st.form(button, border=False, enter_to_submit=False):
            forms.text(_("What was done"), key=f"{of}text", kind="long", max_chars=MAX_TEXT, required=True)
            forms.day(_("On which day"), key=f"{of}on", required=True)
            label = _(
                "File that shows it: {types}, at most {size} MB", types=", ".join(endings), size=MAX_BYTES // MEBIBYTE
            )
            file = uploading.uploader(label, type=endings, key=pressing.key_of(f"{button}-go", f"{button}-file"))
            if titles:
                names = {name: title for name, (title, _address) in titles.items()}
                forms.choice(_("or a file that is there already"), names, key=f"{of}there", is_list=True)
            pressing.submit(_("Record it as done"), f"{button}-go", _done, decided.id, duty, file, of)


def _reopen_form(decided: Assessment, duty: Duty, number: int) -> None:
    button = f"after-open-{_key(decided, duty)}"
    of = f"{button}-field-"
    with forms.fold(_("Open number {number} again", number=number), button, of=of) as is_open:
        if not is_open:
            return
        markup.show(markup.free_text(duty.text))
        with st.form(button, border=False, enter_to_submit=False):
            forms.text(_("Reason"), key=f"{of}reason", kind="long", max_chars=MAX_TEXT, required=True)
            pressing.button(_("Open it again"), f"{button}-go", _reopen, decided.id, duty, of, in_form=True)


# --- later logs ---------------------------------------------------------------------------------------------


def logs(assessment: Assessment, after: Aftermath, actor: Actor) -> None:
    """Decision logs that were counted after the decision, and the way to count one more."""
    if after.decided is None or not (after.followed.logs or after.is_alive):
        return
    markup.show(markup.h2(_("Later decision logs")))
    rows = [
        (
            log.file_name,
            markup.short(wording.day(log.on, shared.language())),
            log.by.name,
            _beyond(log.beyond),
        )
        for log in reversed(after.followed.logs)
    ]
    if rows:
        heads = (_("File"), _("Counted on"), _("By"), _("Against the own triggers"))
        markup.show(markup.table(heads, rows))
    else:
        markup.show(markup.empty(_("No log was counted since the decision.")))
    if after.is_alive and may(actor, "watch_log"):
        link = markup.link(shared.address("log", assessment=assessment.id), _("Count a later log"))
        markup.show(markup.paragraph(link))


def _beyond(figures: Sequence[str]) -> Markup:
    if not figures:
        return markup.tag(_("within, or none is set"), "plain")
    titles = [KINDS[Figure(figure)].title[shared.language()] for figure in figures]
    return markup.lines((markup.tag(_("beyond"), "bad"), *titles))


# --- deeds --------------------------------------------------------------------------------------------------


def _reassess(assessment_id: int, of: str) -> None:
    """of: here and below, how the keys of the form's fields begin."""
    actor = shared.current_actor()
    if not forms.complete(of):
        return
    with pressing.problems_kept():
        with forms.deed(of) as session:
            number = actions.reassess(session, assessment_id, forms.entered(f"{of}reason"), actor, shared.now())
        pressing.tell(_("The reassessment is open as revision {number}.", number=number))
        pressing.go_to("assessment", assessment=assessment_id)


def _set_day(assessment_id: int, of: str) -> None:
    actor = shared.current_actor()
    if not forms.complete(of):
        return
    with pressing.problems_kept():
        on = forms.day_entered(f"{of}on")
        with forms.refused_at(f"{of}on"), forms.deed(of) as session:
            reason = forms.entered(f"{of}reason")
            actions.set_reassessment(session, assessment_id, on or date.min, reason, actor, shared.now())
        pressing.tell(_("The day of reassessment is set."))


def _state_change(assessment_id: int, of: str) -> None:
    actor = shared.current_actor()
    if not forms.complete(of):
        return
    with pressing.problems_kept():
        kind, on = ChangeKind(forms.entered(f"{of}kind")), forms.day_entered(f"{of}on")
        with forms.refused_at(f"{of}on"), forms.deed(of) as session:
            text = forms.entered(f"{of}text")
            actions.state_change(session, assessment_id, kind, text, on or date.min, actor, shared.now())
        pressing.tell(_("The change is stated. It calls for a reassessment."))


def _done(assessment_id: int, duty: Duty, file: UploadedFile | None, of: str) -> None:
    actor = shared.current_actor()
    if not forms.complete(of):
        return
    with pressing.problems_kept():
        on, there = forms.day_entered(f"{of}on"), forms.entered(f"{of}there")
        shown_by: Upload | str = there
        if file is not None:
            shared.check_right(assessment_id, "follow_up")
            content = file.getvalue()
            shown_by = Upload(title=PurePath(file.name).stem, file_name=file.name, content=content)
            scanning.look([content])
            uploads.look_at_pdfs([content])  # before anything is locked: opening a PDF takes a process of its own
        is_ahead = on is not None and on > wording.seoul_day(shared.now())
        with forms.refused_at(f"{of}on", where=is_ahead), forms.deed(of) as session:
            text = forms.entered(f"{of}text")
            actions.follow_up(
                session, assessment_id, duty.cause, duty.which, on or date.min, text, shown_by, actor, shared.now()
            )
        if file is not None:
            uploading.used(file)
        pressing.tell(_("Recorded as done."))


def _reopen(assessment_id: int, duty: Duty, of: str) -> None:
    actor = shared.current_actor()
    if not forms.complete(of):
        return
    with pressing.problems_kept():
        with forms.deed(of) as session:
            reason = forms.entered(f"{of}reason")
            actions.reopen_follow_up(session, assessment_id, duty.cause, duty.which, reason, actor, shared.now())
        pressing.tell(_("It is open again."))
