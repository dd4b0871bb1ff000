"""Organisations and their AI systems: register them, correct them, start an assessment."""

from __future__ import annotations

from html import escape

import streamlit as st

from assessments.rights import may
from assessments.storage import database, reader
from pages import _bundle, _frame, _import, _lists, _registry, _shared
from pages._shared import _

actor = _shared.current_actor()
_frame.heading(_frame.title_of("systems", _shared.language()))
_frame.show_drafts_in_use()
_shared.show_news()
with database.reading() as session:
    operators, systems, listed = (
        reader.list_operators(session),
        reader.list_systems(session),
        reader.list_assessments(session),
    )

if not operators:
    text = _("Begin with the organisation that answers for the AI systems, then register the first system.")
    st.html(f'<p class="h-empty">{escape(text)}</p>')
for operator in operators:
    example = _shared.tag("예시 · Example", "example") if operator.is_example else ""
    st.html(f"<h2>{escape(operator.name)} {example}</h2>")
    _registry.operator_facts(operator)
    if may(actor, "change_operator"):
        with st.expander(
            _("Correct the organisation's details"), expanded=st.query_params.get("operator") == str(operator.id)
        ):
            _registry.operator_form(operator)
    own = [one for one in systems if one.operator_id == operator.id]
    if not own:
        st.html(f'<p class="h-empty">{escape(_("No system is registered yet."))}</p>')
    for entry in own:
        _registry.system(entry, actor)
        for one in listed:
            if one.system_id == entry.id:
                _lists.row(one, f"system{entry.id}", "", _("Assessment {number}", number=one.id))
    if may(actor, "register_system"):
        with st.expander(_("Register a system"), icon=":material/add:"):
            _registry.system_form(operator.id or 0)
if listed:
    _bundle.form(listed)
if may(actor, "start_assessment"):
    _import.form()
if may(actor, "register_operator"):
    st.html(f"<h2>{escape(_('Another organisation') if operators else _('The organisation'))}</h2>")
    with st.expander(_("Register an organisation"), icon=":material/add:", expanded=not operators):
        _registry.operator_form(None)
