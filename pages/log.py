"""The decision log: what people decided on what the AI said, held against the human-involvement claim."""

from __future__ import annotations

import streamlit as st

from assessments import actions, viewing
from assessments.decision_log.intake import waiting as log_intake
from assessments.model import Assessment
from assessments.rights import may
from pages._field import forms
from pages._frame import database, frame, markup, pressing, screens, shared
from pages._frame.shared import _
from pages._log import intake, numbers, result, triggers
from pages._parts import discussion, points, presence, way

MAX_REASON = 500


def _withdraw(number: int, of: str) -> None:
    """of: how the key of the form's field begins."""
    actor = shared.current_actor()
    if not forms.complete(of):
        return
    with pressing.problems_kept():
        reason = forms.entered(f"{of}why")
        with forms.deed(of) as session:
            actions.remove_log(session, number, reason, actor, shared.now())
        pressing.tell(_("The log was withdrawn."))


def _withdrawal(assessment: Assessment) -> None:
    of = f"log-{assessment.id}-{assessment.revision}-"
    with shared.folds("log-acts"), forms.fold(_("Withdraw the log"), "log-withdraw", of=of) as is_open:
        if not is_open:
            return
        st.write(
            _(
                "It supports nothing any more. What it shows against the claim stays until a log takes its place that is as long "
                "and ends no earlier. A log that was only made for demonstration goes for good."
            )
        )
        with st.form("log-withdraw", border=False):
            forms.text(_("Why it is withdrawn"), key=f"{of}why", max_chars=MAX_REASON, required=True)
            pressing.button(_("Withdraw"), "log-remove", _withdraw, assessment.id, of, in_form=True)


actor = shared.acting()
actor, assessment = shared.open_assessment(actor)
pinned = shared.editions_of(assessment)
frame.head(assessment, pinned)
frame.heading(
    screens.title_of("log", shared.language()),
    _(
        "What people decided on what the AI said. The figures are held against the human-involvement claim, part by part; a text "
        "alone decides nothing."
    ),
)
presence.show(assessment)
points.beside("log", points.of(assessment, actor), assessment)
on_log = discussion.beside(
    "log", screens.title_of("log", shared.language()), discussion.of(assessment, actor), _("Comment on the log")
)
if on_log:
    markup.show(on_log)
editable = assessment.status.is_editable and may(actor, "set_log")
is_watched = False
if not assessment.status.is_editable and may(actor, "watch_log"):
    with shared.problems_shown(), database.reading() as session:
        is_watched = viewing.is_followed(session, actor, assessment.id or 0)
takes_logs = editable or is_watched
waiting = log_intake.pending(assessment.id or 0, assessment.revision) if takes_logs else None
if waiting:
    intake.show(assessment, waiting)
elif assessment.log is None and not takes_logs:
    markup.show(markup.notice("note", _("No decision log was read for this assessment.")))
if assessment.log:
    result.show(assessment, assessment.log, shared.findings_of(assessment), pinned)
    numbers.show(assessment, editable=editable)
    triggers.show(assessment, assessment.log.triggers, actor, editable=editable)
if takes_logs and not waiting:
    intake.form(assessment, is_watched=is_watched)
if editable and assessment.log and not assessment.log.withdrawn:
    _withdrawal(assessment)
way.onward(assessment, pinned, "log")
