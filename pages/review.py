"""Before submitting: results with and without the claim, gaps, score, all answers, the draft report."""

from __future__ import annotations

from html import escape

import streamlit as st

from assessments.content.canonical import content
from assessments.rights import may
from assessments.rules import workflow
from exports.printing import lettering
from pages._frame import frame, screens, shared
from pages._frame.shared import _
from pages._parts import acts, contradictions, gaps, reading, seal, withheld

PASSAGES_SHOWN = 10

actor = shared.current_actor()
assessment = shared.open_assessment(actor)
pinned = shared.editions_of(assessment)
found = shared.findings_of(assessment, pinned)
frame.head(assessment, pinned)
frame.heading(screens.title_of("review", shared.language()))
acts.returned_because(assessment)
gaps.show(found, assessment, pinned)
contradictions.show(found, assessment, pinned, editable=assessment.status.is_editable and may(actor, "explain"))
reading.show(assessment, pinned, found, editable=assessment.status.is_editable and may(actor, "record_response"))
withheld.show(assessment, pinned, editable=assessment.status.is_editable and may(actor, "set_withheld"))
if passages := lettering.undrawn_passages(content(assessment)):
    lacking = _(
        "No font of the report has these characters. They will stand there by their number; write them otherwise."
    )
    st.html(
        shared.notice(
            "note", lacking, f"<ul>{''.join(f'<li>{escape(one)}</li>' for one in passages[:PASSAGES_SHOWN])}</ul>"
        )
    )
st.html(f"<h2>{escape(_('Draft report'))}</h2>")
st.html(
    f"<p>{escape(_('The whole assessment as a PDF, marked as a draft and not sealed. It takes a few seconds.'))}</p>"
)
draft = f"/files/report/{assessment.id}/draft.pdf?language={seal.language_choice(f'draft-{assessment.id}-language')}"
st.html(
    f'<p><a class="h-button" href="{draft}">{escape(_("Download the draft PDF"))}</a></p>'
    + seal.other_forms(assessment)
)
acts.submit(assessment, workflow.possible_steps(assessment, actor))
