"""Measures that prevent, mitigate or make good: shown as a table, changed form by form."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import streamlit as st
from markupsafe import Markup

from assessments import actions
from assessments.content.answers import MAX_CHARACTERS, MAX_NAME
from assessments.deeds.drafting import KINDS
from assessments.model import Actor, Assessment, Measure
from assessments.storage import database
from pages._frame import markup, shared
from pages._frame.shared import _
from pages._parts import fields, findings, impacts
from questionnaires import wording


def show(assessment: Assessment, actor: Actor, *, editable: bool) -> None:
    """All measures, and where the assessment may be edited a form for each and for one more."""
    if assessment.measures:
        markup.show(table_of(assessment.measures))
    else:
        markup.show(markup.empty(_("There is no measure yet.")))
    if not editable:
        return
    for place, one in enumerate(assessment.measures, start=1):
        with st.expander(_("Change measure {name}", name=place)), st.form(f"measure-{one.id}"):
            changed, due = _form_fields(assessment, one, one.id)
            out = st.checkbox(_("Remove this measure"), key=f"measure-{one.id}-out")
            if st.form_submit_button(_("Save the measure"), key=f"measure-{one.id}-save"):
                others = [
                    changed if kept.id == one.id else kept
                    for kept in assessment.measures
                    if kept.id != one.id or not out
                ]
                _keep(assessment, others, changed.id, due, actor)
    with st.expander(_("Add a measure")), st.form("measure-new"):
        made = Measure(impacts.next_id("m", [one.id for one in assessment.measures]), "")
        made, due = _form_fields(assessment, made, f"new-{made.id}")
        if st.form_submit_button(_("Add the measure"), type="primary", key="measure-new-save"):
            _keep(assessment, [*assessment.measures, made], made.id, due, actor)


def table_of(measures: Sequence[Measure], caption: str = "") -> Markup:
    """A row each."""
    word, language = findings.word, shared.language()
    rows = [
        (
            str(place),
            one.text,
            markup.short(word(f"kind_{one.kind}")),
            one.owner,
            markup.short(wording.day(one.due, language)) if one.due else "–",
            markup.short(word("measure_in_place" if one.is_in_place else "measure_planned")),
        )
        for place, one in enumerate(measures, start=1)
    ]
    heads = (_("No."), word("measure"), word("kind"), word("owner"), word("due"), word("status"))
    return markup.table(heads, rows, caption=caption)


def _form_fields(assessment: Assessment, one: Measure, key: str) -> tuple[Measure, str]:
    """The measure as the fields have it, and its day as it was typed."""
    word = findings.word
    kinds = {kind: word(f"kind_{kind}") for kind in KINDS}
    scenarios = [scenario.id for scenario in assessment.scenarios]
    changed = replace(
        one,
        text=st.text_area(
            word("measure"), one.text, key=f"measure-{key}-text", max_chars=MAX_CHARACTERS, height="content"
        ),
        kind=st.radio(
            word("kind"),
            list(kinds),
            list(kinds).index(one.kind),
            kinds.__getitem__,
            key=f"measure-{key}-kind",
            horizontal=True,
        ),
        owner=st.text_input(word("owner"), one.owner, key=f"measure-{key}-owner", max_chars=MAX_NAME),
        is_in_place=st.checkbox(word("measure_in_place"), one.is_in_place, key=f"measure-{key}-in-place"),
        scenarios=tuple(
            st.multiselect(
                _("Scenarios it is for"),
                scenarios,
                [name for name in one.scenarios if name in scenarios],
                format_func=lambda name: shared.plain(impacts.named_scenario(assessment, name)),
                key=f"measure-{key}-scenarios",
                placeholder=_("Choose"),
            )
        ),
    )
    day = st.text_input(
        word("due"),
        one.due.isoformat() if one.due else "",
        key=f"measure-{key}-due",
        placeholder="2026-12-31",
        max_chars=10,
    )
    return changed, day


def _keep(assessment: Assessment, measures: list[Measure], changed: str, day: str, actor: Actor) -> None:
    with shared.problems_kept():
        due = fields.day_of(day)
        kept = tuple(replace(one, due=due) if one.id == changed else one for one in measures)
        with database.transaction() as session:
            actions.set_measures(session, assessment.id or 0, kept, actor, shared.now(), seen=assessment.measures)
        shared.tell(_("Saved."))
    st.rerun()  # what was typed stays in its fields where it could not be saved
