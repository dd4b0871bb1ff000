"""What happened to an assessment: every deed, who did it and when, with old and new values."""

from __future__ import annotations

import streamlit as st

from assessments.storage import database, reader
from pages import _audit, _events, _frame, _shared
from pages._shared import _

PER_PAGE = 40

actor = _shared.current_actor()
assessment = _shared.open_assessment(actor)
pinned = _shared.editions_of(assessment)
_frame.head(assessment, pinned)
_frame.heading(
    _frame.title_of("history", _shared.language()),
    _("Every deed is kept with its author and time, chained by hashes, so that a later change of one of them shows."),
)
_audit.offer(actor)
with database.reading() as session:
    lines = reader.events(session, assessment.id)
pages = max(1, -(-len(lines) // PER_PAGE))
page = st.pagination(pages, key=f"history-{assessment.id}") if pages > 1 else 1
st.html(_events.table(lines[(page - 1) * PER_PAGE : page * PER_PAGE], pinned))
