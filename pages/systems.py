"""Organisations and their AI systems: register them, correct them, start an assessment. One page of them at a time.

Forms are drawn once they are opened, so that a long list is no long screen of fields.
"""

from __future__ import annotations

import streamlit as st

from assessments import viewing
from assessments.rights import may
from assessments.viewing import Assessed, RegisterEntry
from pages._admin import places
from pages._field import forms
from pages._frame import database, enum_names, frame, markup, pressing, screens, shared
from pages._frame.shared import _
from pages._parts import bundle, paging, record_import, registry
from pages._parts import lists as _lists
from pages._parts import screened as _screened

actor = shared.acting()
frame.heading(screens.title_of("systems", shared.language()))
frame.show_drafts_in_use()
pressing.at_top()
as_list = markup.link(shared.address("register"), _("The register as a list, with owners, life cycle and incidents"))
markup.show(markup.paragraph(as_list))
screened = _screened.waiting()
_screened.show(screened)
search = paging.search(_("Search"), _("System, operator or assessment number"), "from")
chosen = shared.whole(st.query_params.get("operator", "")) or None
with database.reading() as session:
    is_begun = viewing.has_operators(session, actor)
    page = viewing.register(session, actor, search, operator_id=chosen, start=paging.by_name("from"))
    shown = [entry.system.id for entry in page.entries if entry.system]
    assessed = viewing.of_systems(session, actor, shown)
    counts = viewing.system_counts(session, actor, list({entry.operator.id or 0 for entry in page.entries}))
    where = viewing.places(session, actor)


def _organisation(entry: RegisterEntry) -> None:
    operator = entry.operator
    mark = enum_names.word("mark_example", shared.language())
    example = markup.tag(mark, "example") if operator.is_example else ""
    markup.show(markup.h2(markup.joined((operator.name, " ", example))))
    registry.operator_facts(operator, counts[operator.id or 0])
    if where.may("change_operator", entry.unit_id):
        with forms.fold(
            _("Correct the operator's details"),
            f"operator-{operator.id}",
            of=f"operator-{operator.id}-",
            expanded=chosen == operator.id and "correct" in st.query_params,
        ) as is_open:
            if is_open:
                registry.operator_form(operator)
    others = registry.elsewhere(where, "move_operator", entry.unit_id)
    if others:
        with forms.fold(
            _("Move to another unit"), f"operator-move-{operator.id}", of=f"operator-move-{operator.id}-"
        ) as is_open:
            if is_open:
                places.move_form("operator", operator.id or 0, operator.name, others)
    if where.choice("register_system", entry.unit_id):
        with forms.fold(
            _("Register a system"),
            f"register-{operator.id}",
            of=f"system-new-{operator.id}-",
            icon=":material/add:",
            expanded=chosen == operator.id and not counts[operator.id or 0],
        ) as is_open:
            if is_open:
                registry.system_form(operator.id or 0, where.choice("register_system", entry.unit_id))


if may(actor, "register_operator") and not chosen:
    with forms.fold(
        _("Register an operator"),
        "register-operator",
        of="operator-new-",
        icon=":material/add:",
        expanded=not is_begun,
    ) as is_open:
        if is_open:
            registry.operator_form(None, where.choice("register_operator"))
if not is_begun:
    text = _("Begin with the operator that answers for the AI systems, then register the first system.")
    markup.show(markup.empty(text))
elif not page.entries:
    markup.show(paging.nothing_here())
if chosen:
    st.page_link(frame.FOLDER / "systems.py", label=_("All operators"), icon=":material/arrow_back:")
before = None
for entry in page.entries:
    if entry.operator.id != before:
        _organisation(entry)
        before = entry.operator.id
    if entry.system is None:
        markup.show(markup.empty(_("No system is registered yet.")))
        continue
    registry.system(entry.system, where.at(entry.system.unit_id), screened)
    others = registry.elsewhere(where, "move_system", entry.system.unit_id, below=entry.unit_id)
    if others:
        key = f"system-move-{entry.system.id}"
        with forms.fold(_("Move to another unit"), key, of=f"{key}-") as is_open:
            if is_open:
                places.move_form(
                    "system", entry.system.id, _lists.name_of(entry.system.system, shared.language()), others
                )
    own = assessed.get(entry.system.id, Assessed((), 0))
    for assessment in own.newest:
        _lists.row(assessment, f"system{entry.system.id}", "", _("Assessment {number}", number=assessment.id))
    if own.total > len(own.newest):
        st.page_link(
            frame.FOLDER / "home.py",
            label=_("All {count} assessments of this system", count=f"{own.total:,}"),
            query_params={"system": str(entry.system.id)},
        )
if page.entries:
    ends = [(end.operator.id or 0, end.system.id if end.system else 0) for end in (page.entries[0], page.entries[-1])]
    paging.links(page, "systems", "from", ends, q=search.text, operator=chosen)
if is_begun:
    bundle.form(actor)
    if may(actor, "start_assessment"):
        record_import.form(where)
