"""Impact scenarios, the rights they touch, and the measures: what may go wrong for whom, and what is done about it."""

from __future__ import annotations

from html import escape

import streamlit as st

from assessments.rights import may
from assessments.rules.findings import IMPACT
from pages import _contradictions, _frame, _impacts, _measures, _shared
from pages._shared import _

actor = _shared.current_actor()
assessment = _shared.open_assessment(actor)
pinned = _shared.editions_of(assessment)
_frame.head(assessment, pinned)
found = _shared.findings_of(assessment, pinned)
_frame.heading(_frame.title_of("impacts", _shared.language()))
lead = _("Describe how the system may harm somebody, judge each right it touches, and say what is done about it.")
st.html(f'<p class="h-lead">{escape(lead)}</p>')
editable = assessment.status.is_editable and may(actor, "set_scenarios")
impact = pinned[IMPACT].questionnaire if IMPACT in pinned else None
if impact is None:
    st.html(_shared.notice("note", _("This assessment was begun without the questionnaire on impacts.")))
else:
    st.html(f"<h2>{escape(_('Scenarios'))}</h2>")
    _impacts.tables(impact)
    for where in ("scenarios", "measures"):
        _contradictions.beside(where, found, assessment, pinned)
    _impacts.show(assessment, impact, found, actor, editable=editable)
    st.html(f"<h2>{escape(_('Measures'))}</h2>")
    _measures.show(assessment, actor, editable=editable)
