"""The end of an assessment: its system retired or in use again, and the archive."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import streamlit as st

from assessments import actions
from assessments.model import Actor, Assessment
from assessments.rights import may
from assessments.viewing import Aftermath
from pages._field import forms
from pages._frame import markup, pressing, shared
from pages._frame.shared import _
from questionnaires import wording

MAX_REASON = 2000


def state(after: Aftermath) -> None:
    """At the head: that the system is retired or the assessment archived, by whom and why."""
    language = shared.language()
    if retirement := after.followed.retirement:
        head = _("The system is retired since {day}.", day=wording.day(retirement.on, language))
        who = markup.quiet(f"{retirement.by.name} · {shared.moment(retirement.at)}")
        markup.show(markup.notice("note", head, markup.free_text(retirement.reason) + who))
    if shelf := after.archived:
        head = _("This assessment is archived. It is in no list unless archived ones are asked for.")
        who = markup.quiet(f"{shelf.by.name} · {shared.moment(shelf.at)}")
        markup.show(markup.notice("note", head, markup.free_text(shelf.reason) + who))


def show(assessment: Assessment, after: Aftermath, actor: Actor) -> None:
    """What its reader may do to end it, or to take that back."""
    is_held = any(hold.stands for hold in after.holds)
    can_retire = after.is_alive and may(actor, "retire")
    can_resume = after.followed.retirement is not None and after.archived is None and may(actor, "resume")
    can_archive = after.is_ended and after.archived is None and may(actor, "archive")
    can_return = after.archived is not None and may(actor, "unarchive")
    if not (can_retire or can_resume or can_archive or can_return):
        return
    markup.show(markup.h2(_("End")))
    if can_archive and is_held:
        markup.show(markup.quiet(_("It cannot be archived while a legal hold stands.")))
    with shared.folds("ending"):
        if can_retire:
            text = _("The system is no longer offered or used. Nothing is due any more; what was decided stays.")
            _form(assessment, "retire", _("Retire the system"), text, _retire, has_day=True)
        if can_resume:
            _form(assessment, "resume", _("The system is in use again"), "", _resume)
        if can_archive and not is_held:
            text = _("It leaves the lists and can be read as before.")
            _form(assessment, "archive", _("Archive"), text, _archive)
        if can_return:
            _form(assessment, "back", _("Take it out of the archive"), "", _unarchive)


def _form(
    assessment: Assessment,
    name: str,
    label: str,
    text: str,
    deed: Callable[[int, str], None],
    *,
    has_day: bool = False,
) -> None:
    button = f"after-{name}-{assessment.id}"
    of = f"{button}-field-"
    with forms.fold(label, button, of=of) as is_open:
        if not is_open:
            return
        if text:
            markup.show(markup.paragraph(text))
        with st.form(button, border=False, enter_to_submit=False):
            if has_day:
                forms.day(_("Since which day"), key=f"{of}on", required=True)
            forms.text(_("Reason"), key=f"{of}reason", kind="long", max_chars=MAX_REASON, required=True)
            pressing.button(label, f"{button}-go", deed, assessment.id, of, in_form=True)


def _retire(assessment_id: int, of: str) -> None:
    """of: here and below, how the keys of the form's fields begin."""
    actor = shared.current_actor()
    if not forms.complete(of):
        return
    with pressing.problems_kept():
        on = forms.day_entered(f"{of}on")
        with forms.refused_at(f"{of}on"), forms.deed(of) as session:
            actions.retire(session, assessment_id, on or date.min, forms.entered(f"{of}reason"), actor, shared.now())
        pressing.tell(_("The system is retired."))


def _resume(assessment_id: int, of: str) -> None:
    _do(assessment_id, of, actions.resume, _("The system is in use again."))


def _archive(assessment_id: int, of: str) -> None:
    _do(assessment_id, of, actions.archive, _("The assessment is archived."))


def _unarchive(assessment_id: int, of: str) -> None:
    _do(assessment_id, of, actions.unarchive, _("The assessment is back in the lists."))


def _do(assessment_id: int, of: str, deed: Callable[..., None], news: str) -> None:
    actor = shared.current_actor()
    if not forms.complete(of):
        return
    with pressing.problems_kept():
        with forms.deed(of) as session:
            deed(session, assessment_id, forms.entered(f"{of}reason"), actor, shared.now())
        pressing.tell(news)
