"""The decision log: what people decided on what the AI said, held against the human-involvement claim."""

from __future__ import annotations

import streamlit as st

from assessments import actions, log_intake
from assessments.model import Assessment
from assessments.rights import may
from assessments.storage import database
from pages import _frame, _log_intake, _log_marks, _log_result, _shared
from pages._shared import _


def _remove(number: int) -> None:
    actor = _shared.current_actor()
    with _shared.problems_kept():
        with database.transaction() as session:
            actions.remove_log(session, number, actor, _shared.now())
        _shared.tell(_("The figures of the log were removed."))


def _removal(one: Assessment) -> None:
    with st.popover(_("Remove the log"), key="log-ask", type="tertiary"):
        st.write(_("Take its figures out of the assessment? The history keeps that they were there."))
        st.button(_("Remove the figures"), key="log-remove", on_click=_remove, args=(one.id,))


actor = _shared.current_actor()
assessment = _shared.open_assessment(actor)
pinned = _shared.editions_of(assessment)
_frame.head(assessment, pinned)
_frame.heading(
    _frame.title_of("log", _shared.language()),
    _(
        "What people decided on what the AI said. The figures are held against the human-involvement claim, part by part; a text "
        "alone decides nothing."
    ),
)
editable = assessment.status.is_editable and may(actor, "set_log")
waiting = log_intake.pending(assessment.id or 0, assessment.revision) if editable else None
if waiting:
    _log_intake.show(assessment, waiting)
elif assessment.log is None and not editable:
    st.html(_shared.notice("note", _("No decision log was read for this assessment.")))
if assessment.log:
    _log_result.show(assessment, assessment.log, _shared.findings_of(assessment, pinned), pinned)
    _log_marks.show(assessment, assessment.log.triggers, actor, editable=editable)
if editable and not waiting:
    _log_intake.form(assessment)
if editable and assessment.log:
    _removal(assessment)
st.page_link(
    _frame.FOLDER / "involvement.py",
    label="← " + _frame.title_of("involvement", _shared.language()),
    query_params={"assessment": str(assessment.id)},
)
