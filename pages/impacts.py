"""Impact scenarios, the rights they touch, and the measures: what may go wrong for whom, and what is done about it."""

from __future__ import annotations

from html import escape

import streamlit as st

from assessments.rights import may
from assessments.rules.findings import IMPACT
from pages._frame import frame, screens, shared
from pages._frame.shared import _
from pages._parts import contradictions, impacts, measures

actor = shared.current_actor()
assessment = shared.open_assessment(actor)
pinned = shared.editions_of(assessment)
frame.head(assessment, pinned)
found = shared.findings_of(assessment, pinned)
frame.heading(screens.title_of("impacts", shared.language()))
lead = _("Describe how the system may harm somebody, judge each right it touches, and say what is done about it.")
st.html(f'<p class="h-lead">{escape(lead)}</p>')
editable = assessment.status.is_editable and may(actor, "set_scenarios")
impact = pinned[IMPACT].questionnaire if IMPACT in pinned else None
if impact is None:
    st.html(shared.notice("note", _("This assessment was begun without the questionnaire on impacts.")))
else:
    st.html(f"<h2>{escape(_('Scenarios'))}</h2>")
    impacts.tables(impact)
    for where in ("scenarios", "measures"):
        contradictions.beside(where, found, assessment, pinned)
    impacts.show(assessment, impact, found, actor, editable=editable)
    st.html(f"<h2>{escape(_('Measures'))}</h2>")
    measures.show(assessment, actor, editable=editable)
