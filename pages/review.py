"""Before submitting: results with and without the claim, gaps, score, all answers, the draft report."""

from __future__ import annotations

from html import escape

import streamlit as st

from assessments.content import content
from assessments.rights import may
from assessments.rules import workflow
from exports import lettering
from pages import _acts, _contradictions, _frame, _gaps, _reading, _seal, _shared, _withheld
from pages._shared import _

PASSAGES_SHOWN = 10

actor = _shared.current_actor()
assessment = _shared.open_assessment(actor)
pinned = _shared.editions_of(assessment)
found = _shared.findings_of(assessment, pinned)
_frame.head(assessment, pinned)
_frame.heading(_frame.title_of("review", _shared.language()))
_acts.returned_because(assessment)
_gaps.show(found, assessment, pinned)
_contradictions.show(found, assessment, pinned, editable=assessment.status.is_editable and may(actor, "explain"))
_reading.show(assessment, pinned, found, editable=assessment.status.is_editable and may(actor, "record_response"))
_withheld.show(assessment, pinned, editable=assessment.status.is_editable and may(actor, "set_withheld"))
if passages := lettering.undrawn_passages(content(assessment)):
    lacking = _(
        "No font of the report has these characters. They will stand there by their number; write them otherwise."
    )
    st.html(
        _shared.notice(
            "note", lacking, f"<ul>{''.join(f'<li>{escape(one)}</li>' for one in passages[:PASSAGES_SHOWN])}</ul>"
        )
    )
st.html(f"<h2>{escape(_('Draft report'))}</h2>")
st.html(
    f"<p>{escape(_('The whole assessment as a PDF, marked as a draft and not sealed. It takes a few seconds.'))}</p>"
)
draft = f"/files/report/{assessment.id}/draft.pdf?language={_seal.language_choice(f'draft-{assessment.id}-language')}"
st.html(
    f'<p><a class="h-button" href="{draft}">{escape(_("Download the draft PDF"))}</a></p>'
    + _seal.other_forms(assessment)
)
_acts.submit(assessment, workflow.possible_steps(assessment, actor))
