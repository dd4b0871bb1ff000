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
from pages._frame import markup, pressing, shared
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
    for place, measure in enumerate(assessment.measures, start=1):
        with st.expander(_("Change measure {name}", name=place)), st.form(f"measure-{measure.id}", border=False):
            changed, due = _form_fields(assessment, measure, measure.id)
            out = st.checkbox(_("Remove this measure"), key=f"measure-{measure.id}-out")
            saved = [
                changed if other.id == changed.id else other
                for other in assessment.measures
                if other.id != changed.id or not out
            ]
            save = _("Save the measure")
            pressing.submit(save, f"measure-{measure.id}-save", _keep, assessment, saved, changed.id, due, actor)
    with st.expander(_("Add a measure")), st.form("measure-new", border=False):
        made = Measure(impacts.next_id("m", [measure.id for measure in assessment.measures]), "")
        made, due = _form_fields(assessment, made, f"new-{made.id}")
        added, add = [*assessment.measures, made], _("Add the measure")
        pressing.submit(add, "measure-new-save", _keep, assessment, added, made.id, due, actor, type="primary")


def table_of(measures: Sequence[Measure], caption: str = "") -> Markup:
    """A row each."""
    word, language = findings.word, shared.language()
    rows = [
        (
            str(place),
            measure.text,
            markup.short(word(f"kind_{measure.kind}")),
            measure.owner,
            markup.short(wording.day(measure.due, language)) if measure.due else "–",
            markup.short(word("measure_in_place" if measure.is_in_place else "measure_planned")),
        )
        for place, measure in enumerate(measures, start=1)
    ]
    heads = (_("No."), word("measure"), word("kind"), word("owner"), word("due"), word("status"))
    return markup.table(heads, rows, caption=caption)


def _form_fields(assessment: Assessment, measure: Measure, key: str) -> tuple[Measure, str]:
    """The measure as the fields have it, and its day as it was typed."""
    word = findings.word
    kinds = {kind: word(f"kind_{kind}") for kind in KINDS}
    scenarios = [scenario.id for scenario in assessment.scenarios]
    changed = replace(
        measure,
        text=st.text_area(
            word("measure"), measure.text, key=f"measure-{key}-text", max_chars=MAX_CHARACTERS, height="content"
        ),
        kind=st.radio(
            word("kind"),
            list(kinds),
            list(kinds).index(measure.kind) if measure.text else None,
            kinds.__getitem__,
            key=f"measure-{key}-kind",
            horizontal=True,
        )
        or "",
        owner=st.text_input(word("owner"), measure.owner, key=f"measure-{key}-owner", max_chars=MAX_NAME),
        is_in_place=st.checkbox(word("measure_in_place"), measure.is_in_place, key=f"measure-{key}-in-place"),
        scenarios=tuple(
            st.pills(
                _("Scenarios it is for"),
                scenarios,
                selection_mode="multi",
                default=[name for name in measure.scenarios if name in scenarios],
                format_func=lambda name: shared.literal(impacts.named_scenario(assessment, name)),
                key=f"measure-{key}-scenarios",
            )
        ),
    )
    day = st.text_input(
        word("due"),
        measure.due.isoformat() if measure.due else "",
        key=f"measure-{key}-due",
        placeholder="2026-12-31",
        max_chars=10,
    )
    return changed, day


def _keep(assessment: Assessment, measures: list[Measure], changed: str, day: str, actor: Actor) -> None:
    if any(not measure.text.strip() or not measure.kind for measure in measures):
        pressing.refuse(_("Describe the measure and choose its kind first. Nothing was saved."))
        return
    with pressing.problems_kept():
        due = fields.day_of(day)
        dated = tuple(replace(measure, due=due) if measure.id == changed else measure for measure in measures)
        with database.transaction() as session:
            actions.set_measures(session, assessment.id or 0, dated, actor, shared.now(), seen=assessment.measures)
        pressing.tell(_("Saved."))
