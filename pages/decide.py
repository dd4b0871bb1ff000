"""The committee's screen: read everything, decide or return, sign off, seal, and the sealed report."""

from __future__ import annotations

from html import escape

import streamlit as st

from assessments.model import Status
from assessments.rules import workflow
from pages import _acts, _contradictions, _findings, _frame, _gaps, _reading, _seal, _shared
from pages._shared import _

actor = _shared.current_actor()
assessment = _shared.open_assessment(actor)
pinned = _shared.editions_of(assessment)
found = _shared.findings_of(assessment, pinned)
steps = workflow.possible_steps(assessment, actor)
_frame.head(assessment, pinned)
_frame.heading(_frame.title_of("decide", _shared.language()))
_findings.strip(found)
if assessment.status.is_editable:
    st.html(_shared.notice("note", _("This revision has not been submitted yet. There is nothing to decide.")))
_acts.why_not(assessment, actor)
_seal.decision(assessment)
if assessment.status is Status.SIGNED_OFF:
    _seal.seal_where_due(assessment, actor)
    _seal.redacted_where_asked(assessment, actor)
_seal.reports(assessment)
if assessment.status in (Status.SUBMITTED, Status.DECIDED):
    st.html(f"<h2>{escape(_('What is decided on'))}</h2>")
    st.html(
        f'<p class="h-quiet">{escape(_findings.word("content_sha256"))} <code>{escape(assessment.content_sha256 or "")}</code></p>'
    )
    _gaps.show(found, assessment, pinned)
    _contradictions.show(found, assessment, pinned, editable=False)
    _reading.show(assessment, pinned, found, editable=False, reviewable="decide" in steps)
_acts.decide(assessment, steps)
_acts.return_to_author(assessment, steps)
_acts.sign_off(assessment, steps)
_acts.revise_and_withdraw(assessment, steps)
