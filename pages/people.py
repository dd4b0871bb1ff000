"""People of the units in which one administers: add, correct, give and take roles, invite, end sessions, disable."""

from __future__ import annotations

import streamlit as st

from assessments import roster
from assessments.roster import Only
from pages._admin import door, members
from pages._field import forms
from pages._frame import database, markup, shared
from pages._frame.shared import _, many
from pages._parts import oversight, paging

actor = shared.acting()
door.open_for_administrators("people", actor)
search = paging.search(_("Search"), _("Name, id or e-mail address"), "from")
place = paging.requested("from")
named = st.query_params.get("only", "")
only = Only(named) if named in set(Only) else None
if only is not None:
    text = _("Only these are listed: {what}.", what=oversight.only_title(only))
    every = markup.link(shared.address("people"), _("Show all"))
    markup.show(markup.notice("note", text, markup.paragraph(every)))
with database.reading() as session:
    start = 0
    if place is not None:
        start = place.first - roster.PER_PAGE if place.is_before else place.first + 1
    listed = roster.roster(session, actor, shared.now(), search.text, start, only)

with forms.fold(_("Add a person"), "person-add", of="person-new-", icon=":material/person_add:") as is_open:
    if is_open:
        members.add_form(listed)
page = listed.page
if page.entries:
    markup.show(markup.quiet(many("{count} person", "{count} people", page.total)))
else:
    markup.show(paging.nothing_here())
for member in page.entries:
    members.show(member, listed, actor)
if page.entries:
    ends = [(page.before, 0), (page.before + len(page.entries) - 1, 0)]
    paging.links(page, "people", "from", ends, q=search.text, only=named if only else "")
