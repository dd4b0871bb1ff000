"""The human-involvement claim, part by part: its questions, its finding, its evidence."""

from __future__ import annotations

from html import escape

import streamlit as st

from assessments.rules.findings import CLAIM
from pages import _evidence, _findings, _frame, _log_link, _sections, _shared, _supervision
from pages._shared import _

actor = _shared.current_actor()
assessment = _shared.open_assessment(actor)
pinned = _shared.editions_of(assessment)
_frame.head(assessment, pinned)
edition = pinned[CLAIM]
place = _sections.chosen(edition)
if place is None:
    found = _shared.findings_of(assessment, pinned)
    _frame.heading(_frame.title_of("involvement", _shared.language()))
    intro = edition.questionnaire.intro
    if intro:
        st.html(f'<p class="h-lead">{escape(intro[_shared.language()])}</p>')
    _findings.claim_whole(found.claim)
    _log_link.show(assessment, found)
    st.html(f"<h2>{escape(_('Part by part'))}</h2>")
    _sections.listed(assessment, edition, found, is_here=True)
    _supervision.show(found, pinned)
    st.html(f"<h2>{escape(_('Evidence of the assessment as a whole'))}</h2>")
    _evidence.show(assessment.id or 0, "", actor)
else:
    section = edition.questionnaire.sections[place]
    _sections.title(edition, place)
    _sections.show(assessment.id or 0, CLAIM, place, actor, _findings.claim_part(section.id))
    if edition.questionnaire.claim and section.id in {part.id for part in edition.questionnaire.claim.parts}:
        st.html(f"<h2>{escape(_('Evidence for this part'))}</h2>")
        _evidence.show(assessment.id or 0, section.id, actor)
    _sections.onward(assessment, pinned, edition, place)
