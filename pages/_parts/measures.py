"""Measures that prevent, mitigate or make good: shown as a table, changed form by form."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import streamlit as st
from markupsafe import Markup

from assessments import actions
from assessments.content.answers import MAX_NAME
from assessments.deeds.drafting import KINDS
from assessments.model import Actor, Assessment, Measure
from pages._field import forms
from pages._frame import markup, pressing, shared
from pages._frame.shared import _
from pages._parts import findings, impacts
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
        key = _key(assessment, measure.id)
        with forms.fold(_("Change measure {name}", name=place), f"measure-{measure.id}", of=f"{key}-") as is_open:
            if is_open:
                _change_form(assessment, measure, key, actor)
    name = impacts.next_id("m", [measure.id for measure in assessment.measures])
    key = _key(assessment, "new")
    with forms.fold(_("Add a measure"), "measure-new", of=f"{key}-") as is_open:
        if not is_open:
            return
        only = tuple(scenario.id for scenario in assessment.scenarios) if len(assessment.scenarios) == 1 else ()
        with st.form("measure-new", border=False):
            made = _form_fields(assessment, Measure(name, "", scenarios=only), key)
            added, add = [*assessment.measures, made], _("Add the measure")
            pressing.submit(add, "measure-new-save", _keep, assessment, added, made.id, key, actor, type="primary")


def _key(assessment: Assessment, measure: str) -> str:
    """How the keys of a measure's fields begin."""
    return f"measure-{assessment.id}-{assessment.revision}-{measure}"


def _change_form(assessment: Assessment, measure: Measure, key: str, actor: Actor) -> None:
    with st.form(f"measure-{measure.id}", border=False):
        changed = _form_fields(assessment, measure, key)
        out = forms.tick(_("Remove this measure"), key=f"{key}-out")
        saved = [
            changed if other.id == changed.id else other
            for other in assessment.measures
            if other.id != changed.id or not out
        ]
        save = _("Save the measure")
        pressing.submit(save, f"measure-{measure.id}-save", _keep, assessment, saved, changed.id, key, actor)


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


def _form_fields(assessment: Assessment, measure: Measure, key: str) -> Measure:
    """The measure as the fields have it, without its day, which is read once the form is sent."""
    word = findings.word
    kinds = {kind: word(f"kind_{kind}") for kind in KINDS}
    scenarios = {scenario.id: impacts.named_scenario(assessment, scenario.id) for scenario in assessment.scenarios}
    linked = [name for name in measure.scenarios if name in scenarios]
    kind = measure.kind if measure.text else ""
    changed = replace(
        measure,
        text=forms.text(word("measure"), key=f"{key}-text", value=measure.text, kind="long", required=True),
        kind=forms.choice(word("kind"), kinds, key=f"{key}-kind", value=kind, required=True, is_horizontal=True),
        owner=forms.text(word("owner"), key=f"{key}-owner", value=measure.owner, max_chars=MAX_NAME),
        is_in_place=forms.tick(word("measure_in_place"), key=f"{key}-in-place", value=measure.is_in_place),
        scenarios=tuple(
            forms.choices(_("Scenarios it is for"), scenarios, key=f"{key}-scenarios", value=linked)
            if scenarios
            else ()
        ),
    )
    forms.day(word("due"), key=f"{key}-due", value=measure.due)
    return changed


def _keep(assessment: Assessment, measures: list[Measure], changed: str, key: str, actor: Actor) -> None:
    is_kept = any(measure.id == changed for measure in measures)
    if is_kept and not forms.complete(f"{key}-"):
        return
    with pressing.problems_kept():
        due = forms.day_entered(f"{key}-due") if is_kept else None
        dated = tuple(replace(measure, due=due) if measure.id == changed else measure for measure in measures)
        with forms.deed(f"{key}-") as session:
            actions.set_measures(session, assessment.id or 0, dated, actor, shared.now(), seen=assessment.measures)
        pressing.tell(_("Saved."))
