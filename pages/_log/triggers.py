"""The organisation's own triggers on the figures of a decision log: shown, set and taken away."""

from __future__ import annotations

import streamlit as st
from pydantic import ValidationError

from assessments import actions
from assessments.decision_log.judging.measuring import in_unit
from assessments.decision_log.triggers import KINDS, Figure, Trigger, Triggers
from assessments.model import Actor, Assessment
from assessments.storage import database
from pages._frame import markup, pressing, shared
from pages._frame.shared import _
from pages._log import tables
from pages._parts import fields
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
    for trigger in triggers.triggers:
        title = KINDS[trigger.figure].title[language]
        with st.popover(
            _("Remove: {figure}", figure=shared.literal(title)), key=f"mark-ask-{trigger.figure}", type="tertiary"
        ):
            pressing.button(_("Remove the trigger"), f"mark-out-{trigger.figure}", _remove, assessment, trigger.figure)
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

    with st.expander(_("Set a trigger"), key="mark-fold"), st.form("mark-new", border=False):
        st.selectbox(_("Figure"), left, format_func=label, key="mark-figure")
        first, second = st.columns(2)
        first.text_input(_("Mark"), key="mark-value", max_chars=12)
        second.text_input(_("Day on which it was set"), key="mark-on", placeholder="2026-11-20", max_chars=10)
        st.text_area(_("Why this mark"), key="mark-reason", max_chars=2000, height=80)
        st.text_input(_("Who set it (optional)"), key="mark-by", max_chars=100)
        pressing.button(_("Set the trigger"), "mark-save", _add, assessment, triggers, in_form=True)


def _add(assessment: Assessment, triggers: Triggers) -> None:
    state = st.session_state
    with pressing.problems_kept():
        figure = Figure(state["mark-figure"])
        side = "at_least" if KINDS[figure].good_is_high else "at_most"
        on = fields.day_of(state.get("mark-on"))
        try:
            new = Trigger.model_validate(
                {
                    "figure": figure,
                    side: str(state.get("mark-value", "")).replace("%", "").strip(),
                    "on": on,
                    "reason": str(state.get("mark-reason", "")).strip(),
                    "by": str(state.get("mark-by", "")).strip(),
                }
            )
        except ValidationError:
            pressing.refuse(_("A trigger needs a number, the day on which it was set, and its reason."))
            return
        _keep(assessment, triggers, Triggers(triggers=(*triggers.triggers, new)), _("The trigger was set."))


def _remove(assessment: Assessment, figure: Figure) -> None:
    if assessment.log is None:
        return
    old = assessment.log.triggers
    with pressing.problems_kept():
        left = Triggers(triggers=tuple(trigger for trigger in old.triggers if trigger.figure is not figure))
        _keep(assessment, old, left, _("The trigger was removed."))


def _keep(assessment: Assessment, old: Triggers, new: Triggers, news: str) -> None:
    actor = shared.current_actor()
    with database.transaction() as session:
        actions.set_log_triggers(session, assessment.id or 0, new, actor, shared.now(), seen=old)
    pressing.tell(news)
