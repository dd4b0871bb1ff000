"""The organisation's own triggers on the figures of a decision log: shown, set and taken away."""

from __future__ import annotations

import streamlit as st
from pydantic import ValidationError

from assessments import actions
from assessments.decision_log.judging.measuring import in_unit
from assessments.decision_log.triggers import KINDS, Figure, Trigger, Triggers
from assessments.model import Actor, Assessment
from pages._field import forms
from pages._frame import markup, pressing, shared
from pages._frame.shared import _
from pages._log import tables
from questionnaires import wording

NEEDED = (Figure.DIVERGENCE_RATE, Figure.MEDIAN_REVIEW_SECONDS)


def show(assessment: Assessment, triggers: Triggers, actor: Actor, *, editable: bool) -> None:
    """All marks, and where the assessment may be edited a form for one more and a way to take each away."""
    language = shared.language()
    text = _(
        "No law sets a number, and this tool sets none. A figure wholly beyond a mark of your own contradicts the part "
        "it belongs to. Without one, time and departures stay indeterminate."
    )
    markup.show(markup.h2(_("Own triggers")) + markup.quiet(text))
    if triggers.triggers:
        rows = [
            (
                KINDS[trigger.figure].title[language],
                _mark(trigger),
                wording.day(trigger.on, language),
                trigger.reason,
                (trigger.by or "–"),
            )
            for trigger in triggers.triggers
        ]
        heads = (_("figure"), _("mark"), _("set on"), _("reason"), _("set by"))
        markup.show(tables.table(heads, rows))
    else:
        markup.show(markup.empty(_("No trigger is set.")))
    if not editable:
        return
    with shared.folds("marks"):
        for trigger in triggers.triggers:
            label = _("Remove: {figure}", figure=shared.literal(KINDS[trigger.figure].title[language]))
            with st.expander(label, key=f"mark-out-{trigger.figure}-fold"):
                out = f"mark-out-{trigger.figure}"
                pressing.button(_("Remove the trigger"), out, _remove, assessment, trigger.figure)
    _form(assessment, triggers)


def _mark(trigger: Trigger) -> str:
    kind = KINDS[trigger.figure]
    mark = in_unit(float(trigger.mark), kind.unit)[shared.language()]
    return _("at least {mark}", mark=mark) if kind.good_is_high else _("at most {mark}", mark=mark)


def _form(assessment: Assessment, triggers: Triggers) -> None:
    language = shared.language()
    taken = {trigger.figure for trigger in triggers.triggers}
    left = sorted((figure for figure in Figure if figure not in taken), key=lambda figure: figure not in NEEDED)
    if not left:
        return
    units = {"percent": "%", "seconds": _("seconds"), "count": _("cases or people")}

    def label(figure: Figure) -> str:
        side = _("at least") if KINDS[figure].good_is_high else _("at most")
        return f"{KINDS[figure].title[language]} ({side}, {units[KINDS[figure].unit]})"

    of = f"mark-{assessment.id}-{assessment.revision}-new-"
    with forms.fold(_("Set a trigger"), "mark", of=of) as is_open:
        if not is_open:
            return
        with st.form("mark-new", border=False):
            figures = {str(figure): label(figure) for figure in left}
            forms.choice(_("Figure"), figures, key=f"{of}figure", value=str(left[0]), required=True, is_list=True)
            first, second = st.columns(2)
            with first:
                forms.text(_("Mark"), key=f"{of}value", max_chars=12, required=True)
            with second:
                forms.day(_("Day on which it was set"), key=f"{of}on", required=True)
            forms.text(_("Why this mark"), key=f"{of}reason", kind="long", max_chars=2000, required=True)
            forms.text(_("Who set it (optional)"), key=f"{of}by", max_chars=100)
            pressing.button(_("Set the trigger"), "mark-save", _add, assessment, triggers, of, in_form=True)


def _add(assessment: Assessment, triggers: Triggers, of: str) -> None:
    """of: how the keys of the form's fields begin."""
    if not forms.complete(of):
        return
    with pressing.problems_kept():
        figure = Figure(forms.entered(f"{of}figure"))
        side = "at_least" if KINDS[figure].good_is_high else "at_most"
        on = forms.day_entered(f"{of}on")
        try:
            new = Trigger.model_validate(
                {
                    "figure": figure,
                    side: forms.entered(f"{of}value").replace("%", "").strip(),
                    "on": on,
                    "reason": forms.entered(f"{of}reason").strip(),
                    "by": forms.entered(f"{of}by").strip(),
                }
            )
        except ValidationError:
            problem = _("A trigger needs a number, the day on which it was set, and its reason.")
            forms.refuse_at(f"{of}value", problem)
            pressing.refuse(problem)
            return
        _keep(assessment, triggers, Triggers(triggers=(*triggers.triggers, new)), _("The trigger was set."), of)


def _remove(assessment: Assessment, figure: Figure) -> None:
    if assessment.log is None:
        return
    old = assessment.log.triggers
    with pressing.problems_kept():
        left = Triggers(triggers=tuple(trigger for trigger in old.triggers if trigger.figure is not figure))
        _keep(assessment, old, left, _("The trigger was removed."))


def _keep(assessment: Assessment, old: Triggers, new: Triggers, news: str, *of: str) -> None:
    """of: how the keys of the form's fields begin."""
    actor = shared.current_actor()
    with forms.deed(*of) as session:
        actions.set_log_triggers(session, assessment.id or 0, new, actor, shared.now(), seen=old)
    pressing.tell(news)
