"""Until when a record is kept, and legal holds on it: shown, placed, released by two people."""

from __future__ import annotations

from datetime import date

import streamlit as st
from markupsafe import Markup

from assessments import actions, periods
from assessments.model import Actor, Assessment
from assessments.rights import may
from assessments.rules.lifecycle import Keeping
from assessments.storage.entries import Hold, Release
from assessments.viewing import Aftermath
from pages._field import forms
from pages._frame import markup, pressing, shared
from pages._frame.shared import _
from questionnaires import wording

MAX_REASON = 2000


def show(assessment: Assessment, after: Aftermath, actor: Actor, today: date) -> None:
    """The period with what it rests on, and every hold with who placed and released it."""
    markup.show(markup.h2(_("Keeping")))
    markup.show(_period(after.keeping, today))
    for hold in after.holds:
        markup.show(markup.block(_hold(hold), "h-row"))
        if hold.stands and may(actor, "release_hold"):
            _release_form(assessment, hold, actor)
    if not any(hold.stands for hold in after.holds) and may(actor, "place_hold"):
        _place_form(assessment)


def _period(keeping: Keeping | None, today: date) -> Markup:
    if keeping is None or keeping.until is None:
        text = _("No period of keeping has begun: it begins with the sign-off, where one is stated.")
        return markup.paragraph(text)
    if keeping.is_own:
        basis = _("the operator's own period, set for this installation: {basis}", basis=periods.current().keep_basis)
    elif keeping.is_owed:
        basis = _("owed by operators of high-impact AI (Decree Art. 27(2)): {count} years", count=keeping.years)
    elif keeping.may_be_owed:
        basis = _("may be owed (Decree Art. 27(2), {count} years): it could not be determined", count=keeping.years)
    else:
        basis = _("kept of one's own accord: {count} years, as operators of high-impact AI must", count=keeping.years)
    state = markup.tag(_("runs"), "plain") if keeping.runs(today) else markup.tag(_("has ended"), "good")
    rows = [
        (_("Kept until"), markup.joined((markup.short(wording.day(keeping.until, shared.language())), " ", state))),
        (_("Rests on"), basis),
    ]
    if keeping.binds:
        rows.append((_("Until then"), _("Nothing of its history is erased.")))
    return markup.definitions(rows, "h-answers h-tight")


def _hold(hold: Hold) -> Markup:
    tag = markup.tag(_("legal hold"), "bad") if hold.stands else markup.tag(_("legal hold, released"), "plain")
    lines = [
        markup.tags(tag),
        markup.free_text(hold.reason),
        markup.quiet(_("Placed by {name} · {at}", name=hold.by.name, at=shared.moment(hold.at))),
    ]
    lines += [_release(release) for release in (hold.first, hold.second) if release]
    if hold.first and hold.stands:
        lines.append(markup.paragraph(_("A second person has to release it, too.")))
    return markup.joined(lines)


def _release(release: Release) -> Markup:
    who = _("Released by {name} · {at}", name=release.by.name, at=shared.moment(release.at))
    return markup.quiet(who) + markup.free_text(release.reason)


def _place_form(assessment: Assessment) -> None:
    of = f"after-hold-{assessment.id}-"
    with forms.fold(_("Place a legal hold"), f"after-hold-{assessment.id}", of=of) as is_open:
        if not is_open:
            return
        text = _(
            "While it stands nothing of the assessment is erased, removed or archived. Two different people release it, each "
            "with a reason."
        )
        markup.show(markup.paragraph(text))
        with st.form(f"after-hold-{assessment.id}", border=False, enter_to_submit=False):
            forms.text(_("Reason"), key=f"{of}reason", kind="long", max_chars=MAX_REASON, required=True)
            label = _("Place the legal hold")
            pressing.button(label, f"after-hold-{assessment.id}-go", _place, assessment.id, of, in_form=True)


def _release_form(assessment: Assessment, hold: Hold, actor: Actor) -> None:
    if hold.first and hold.first.by.id == actor.id:
        markup.show(markup.quiet(_("You have released it. Another person has to do so, too.")))
        return
    button = f"after-release-{assessment.id}-{hold.id}"
    of = f"{button}-field-"
    with forms.fold(_("Release the legal hold"), button, of=of) as is_open:
        if not is_open:
            return
        if hold.first is None:
            markup.show(markup.paragraph(_("It stands until a second person has released it, too.")))
        else:
            markup.show(markup.paragraph(_("You are the second person: with this it ends.")))
        with st.form(button, border=False, enter_to_submit=False):
            forms.text(_("Reason"), key=f"{of}reason", kind="long", max_chars=MAX_REASON, required=True)
            pressing.button(_("Release it"), f"{button}-go", _let_go, assessment.id, hold.id, of, in_form=True)


def _place(assessment_id: int, of: str) -> None:
    """of: here and below, how the key of the form's field begins."""
    actor = shared.current_actor()
    if not forms.complete(of):
        return
    with pressing.problems_kept():
        with forms.deed(of) as session:
            actions.place_hold(session, assessment_id, forms.entered(f"{of}reason"), actor, shared.now())
        pressing.tell(_("The legal hold stands."))


def _let_go(assessment_id: int, hold_id: int, of: str) -> None:
    actor = shared.current_actor()
    if not forms.complete(of):
        return
    with pressing.problems_kept():
        with forms.deed(of) as session:
            reason = forms.entered(f"{of}reason")
            is_released = actions.release_hold(session, assessment_id, hold_id, reason, actor, shared.now())
        pressing.tell(_("The legal hold is released.") if is_released else _("A second person has to release it, too."))
