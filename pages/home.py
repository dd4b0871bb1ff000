"""What waits for whoever is here, by role, and all assessments."""

from __future__ import annotations

from html import escape

import streamlit as st

from assessments.rules import workflow
from assessments.storage import database, reader
from pages import _frame, _labels, _lists, _report, _shared
from pages._shared import _

actor = _shared.current_actor()
language = _shared.language()
_frame.heading(_frame.title_of("home", language))
_frame.show_drafts_in_use()
_shared.show_news()
standing = _report.key_standing(actor)
if standing and standing.warning:
    st.html(_shared.notice("bad", standing.warning[language]))

with _shared.problems_shown():
    with database.reading() as session:
        listed = reader.list_assessments(session)
        waiting = [
            (one, steps)
            for one in listed
            if _lists.may_wait(one.status, actor)
            and (steps := workflow.possible_steps(reader.get_assessment(session, one.id), actor))
        ]
    tasks = [(one, task) for one, steps in waiting if (task := _lists.task(one, steps))]
    st.html(f"<h2>{escape(_('Waiting for you'))}</h2>")
    if not tasks:
        st.html(f'<p class="h-empty">{escape(_("Nothing waits for you now."))}</p>')
    for one, task in tasks:
        _lists.row(one, "task", task)
    st.html(f"<h2>{escape(_('All assessments'))}</h2>")
    if not listed:
        st.html(f'<p class="h-empty">{escape(_("There is no assessment yet. Register a system, then start one."))}</p>')
        st.page_link(_frame.FOLDER / "systems.py", label=_("Register a system"), icon=":material/add:")
    for one in listed:
        _lists.row(one, "all", _labels.outcome(one.outcome, language))
