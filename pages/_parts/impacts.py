"""Scenarios with the rights they touch: shown with their grades, changed form by form. Each form is one deed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import streamlit as st

from assessments import actions
from assessments.derived import Findings, ImpactGrade
from assessments.model import Actor, Assessment, Grading, Impact, Level, Scenario
from exports.report import answers
from pages._field import forms
from pages._frame import enum_names, markup, pressing, shared
from pages._frame.shared import _
from pages._parts import findings, questions
from questionnaires.schema import ImpactScales, Label, Questionnaire

SCALES = ("scale", "duration", "likelihood")

_NOT_JUDGED = "-"
"""A choice that is shown, for nothing that is stored."""
_BEGIN = 30
"""Characters of a text by which it is told from others."""


def show(
    assessment: Assessment, questionnaire: Questionnaire, results: Findings, actor: Actor, *, editable: bool
) -> None:
    """Every scenario as a card; where the assessment may be edited, with its forms."""
    scales = questionnaire.method.impacts if questionnaire.method else None
    if scales is None:
        return
    if not assessment.scenarios:
        markup.show(markup.empty(_("There is no scenario yet. The risk level is provisional until then.")))
    for place, scenario in enumerate(assessment.scenarios, start=1):
        grades = {grade.right: grade for grade in results.risk.impacts if grade.scenario == scenario.id}
        with st.container(border=True, key=f"scenario-{scenario.id}"):
            _card(place, scenario, grades, scales, questionnaire)
            if editable:
                _forms(assessment, scenario, questionnaire, scales, actor)
    if editable:
        name = next_id("s", [scenario.id for scenario in assessment.scenarios])
        key = _key(assessment, "new")
        with forms.fold(
            _("Add a scenario"), "scenario-new", of=f"{key}-", expanded=not assessment.scenarios
        ) as is_open:
            if is_open:
                _editor(assessment, Scenario(name, ""), questionnaire, scales, actor)


def numbered(word: str, place: int, text: str) -> str:
    """`Scenario 2 (what it begins with …)`."""
    begin = " ".join(text.split())
    short = begin if len(begin) <= _BEGIN else begin[: _BEGIN - 1].rstrip() + "…"
    return f"{findings.word(word)} {place}" + (f" ({short})" if short else "")


def named_scenario(assessment: Assessment, scenario_id: str) -> str:
    """Name of a scenario by its position, as on the cards."""
    places = enumerate(assessment.scenarios, start=1)
    return next(
        (numbered("scenario", place, scenario.text) for place, scenario in places if scenario.id == scenario_id),
        scenario_id,
    )


def named_measure(assessment: Assessment, measure_id: str) -> str:
    places = enumerate(assessment.measures, start=1)
    return next(
        (numbered("measure", place, measure.text) for place, measure in places if measure.id == measure_id), measure_id
    )


def right_name(questionnaire: Questionnaire | None, right: str) -> str:
    """Name of the right in the reader's language."""
    return answers.right_name(questionnaire, right)[shared.language()]


def _card(
    place: int,
    scenario: Scenario,
    grades: Mapping[str, ImpactGrade],
    scales: ImpactScales,
    questionnaire: Questionnaire,
) -> None:
    """Text of the scenario, and a row per right with its three judgments."""
    word, language = findings.word, shared.language()
    people = (
        ("affected_direct", scenario.affected_direct),
        ("affected_indirect", scenario.affected_indirect),
        ("affected_unintended", scenario.affected_unintended),
    )
    groups = markup.definitions(((word(name), text) for name, text in people if text), "h-answers")
    markup.show(markup.h3(f"{word('scenario')} {place}") + markup.free_text(scenario.text) + groups)
    if not scenario.impacts:
        markup.show(markup.empty(_("No right is judged yet.")))
        return
    table = []
    for impact in scenario.impacts:
        grade = grades.get(impact.right)
        judged = (
            (impact.before, grade.before if grade else None),
            (impact.in_place, grade.in_place if grade else None),
            (impact.target, grade.target if grade else None),
        )
        named = right_name(questionnaire, impact.right)
        table.append(
            (
                markup.lines((named, markup.aside(impact.effect))) if impact.effect else named,
                *(_judged(grading, level, scales, language) for grading, level in judged),
            )
        )
    heads = (word("right"), word("before"), word("in_place"), word("target"))
    markup.show(markup.table(heads, table))


def _judged(grading: Grading | None, level: Level | None, scales: ImpactScales, language: str) -> str:
    """The level and the three judgments it comes from; a dash where nothing was judged."""
    if grading is None or level is None:
        return "–"
    if not any(getattr(grading, name) for name in SCALES):
        return markup.aside(_("not judged"))
    words = [label(getattr(scales, name), getattr(grading, name)) for name in SCALES]
    return markup.lines(
        (markup.tag(enum_names.level(level, language), f"level-{level}"), markup.aside(" · ".join(words)))
    )


def label(labels: Sequence[Label], value: str) -> str:
    """Display text of a value of a scale."""
    return next((entry.label[shared.language()] for entry in labels if entry.value == value), _("not judged"))


# --- forms --------------------------------------------------------------------------------------------------


def _forms(
    assessment: Assessment, scenario: Scenario, questionnaire: Questionnaire, scales: ImpactScales, actor: Actor
) -> None:
    key, out = _key(assessment, scenario.id), _out_key(assessment, scenario.id)
    with forms.fold(_("Change this scenario"), f"scenario-{scenario.id}", of=(f"{key}-", f"{out}-")) as is_open:
        if not is_open:
            return
        _editor(assessment, scenario, questionnaire, scales, actor)
        with st.form(f"scenario-{scenario.id}-remove-form", border=False):
            linked = [measure for measure in assessment.measures if scenario.id in measure.scenarios]
            alone = [measure.id for measure in linked if measure.scenarios == (scenario.id,)]
            if linked:
                names = ", ".join(named_measure(assessment, measure.id) for measure in linked)
                markup.show(
                    markup.paragraph(_("Measures that name this scenario lose the link: {names}.", names=names))
                )
            forms.tick(_("Remove this scenario and its judgments"), key=f"{out}-sure", required=True)
            too = bool(alone) and forms.tick(
                _(
                    "Remove the measures that are for it alone, too: {names}",
                    names=", ".join(named_measure(assessment, name) for name in alone),
                ),
                key=f"{out}-too",
            )
            gone = alone if too else []
            pressing.submit(_("Remove"), f"scenario-{scenario.id}-remove", _remove, assessment, scenario, gone, actor)


def _key(assessment: Assessment, scenario: str) -> str:
    """How the keys of a scenario's fields begin."""
    return f"scenario-{assessment.id}-{assessment.revision}-{scenario}"


def _out_key(assessment: Assessment, scenario: str) -> str:
    """The same of the form that removes it."""
    return f"scenario-out-{assessment.id}-{assessment.revision}-{scenario}"


def _editor(
    assessment: Assessment, scenario: Scenario, questionnaire: Questionnaire, scales: ImpactScales, actor: Actor
) -> None:
    """A scenario with the rights it touches and their judgments, in one form."""
    is_new = all(scenario.id != other.id for other in assessment.scenarios)
    name = "new" if is_new else scenario.id  # whatever number it gets: somebody else may add another meanwhile
    key = _key(assessment, name)
    judged = {impact.right: impact for impact in scenario.impacts}
    rights = _rights(questionnaire, assessment.domain, list(judged))
    titles = {right: right_name(questionnaire, right) for right in rights}
    chosen = forms.choices(_("Rights it touches"), titles, key=f"{key}-rights", value=list(judged))
    with st.form(f"scenario-{name}-form", border=False, enter_to_submit=False):
        changed = _scenario_fields(scenario, key)
        order = [*(right for right in judged if right in chosen), *(right for right in chosen if right not in judged)]
        impacts = []
        for right in order:
            markup.show(markup.h4(right_name(questionnaire, right)))
            impacts.append(_impact_fields(judged.get(right, Impact(right)), scales, f"{key}-{right}"))
        changed = replace(changed, impacts=tuple(impacts))
        if is_new:
            scenarios, label, button = (*assessment.scenarios, changed), _("Add the scenario"), "scenario-new-save"
        else:
            scenarios, label, button = _with(assessment, changed), _("Save the scenario"), f"scenario-{name}-save"
        kind = "primary" if is_new else "secondary"
        pressing.submit(label, button, _keep, assessment, scenarios, actor, f"{key}-", type=kind)


def _rights(questionnaire: Questionnaire, domain: str, taken: Sequence[str]) -> list[str]:
    """Always to be checked first, then those of the domain, then the rest; by their Korean names, as the record keeps them.

    taken: named already, also where the questionnaire knows them no longer.
    """
    rights = sorted(questionnaire.rights, key=lambda right: (not right.always, domain not in right.domains))
    known = [right.title.ko for right in rights]
    return [*known, *(right for right in taken if right not in known)]


def _scenario_fields(scenario: Scenario, key: str) -> Scenario:
    word = findings.word

    def area(label: str, value: str, name: str, *, required: bool = False) -> str:
        return forms.text(label, key=f"{key}-{name}", value=value, kind="long", required=required)

    return replace(
        scenario,
        text=area(_("What may happen, how, to whom"), scenario.text, "text", required=True),
        affected_direct=area(word("affected_direct"), scenario.affected_direct, "direct"),
        affected_indirect=area(word("affected_indirect"), scenario.affected_indirect, "indirect"),
        affected_unintended=area(word("affected_unintended"), scenario.affected_unintended, "unintended"),
    )


def _impact_fields(impact: Impact, scales: ImpactScales, key: str) -> Impact:
    effect = forms.text(_("How the right is affected"), key=f"{key}-effect", value=impact.effect, kind="long")
    before = _grading(findings.word("before"), impact.before, scales, f"{key}-before") or Grading()
    is_begun = impact.in_place is not None or impact.target is not None
    is_begun = is_begun or forms.is_held(f"{key}-in-", f"{key}-reason", f"{key}-target-")
    with st.expander(_("With the measures: what is in place, what is aimed at"), expanded=is_begun):
        in_place = _grading(findings.word("in_place"), impact.in_place, scales, f"{key}-in")
        label = _("Why the measures in place lower it")
        reason = forms.text(label, key=f"{key}-reason", value=impact.reason, kind="long")
        target = _grading(findings.word("target"), impact.target, scales, f"{key}-target")
    return replace(impact, effect=effect, before=before, in_place=in_place, reason=reason, target=target)


def _grading(title: str, grading: Grading | None, scales: ImpactScales, key: str) -> Grading | None:
    """Three choices; None where none of them is made."""
    shared.draw("parts/judged.html.j2", title=title)
    language = shared.language()
    chosen: dict[str, str] = {}
    for column, name in zip(st.columns(len(SCALES)), SCALES, strict=True):
        texts = {_NOT_JUDGED: _("not judged")} | {label.value: label.label[language] for label in getattr(scales, name)}
        now = (getattr(grading, name) if grading else "") or _NOT_JUDGED
        with column:
            value = forms.choice(findings.word(name), texts, key=f"{key}-{name}", value=now)
        chosen[name] = "" if value == _NOT_JUDGED else value
    return Grading(**chosen) if any(chosen.values()) else None


# --- deeds --------------------------------------------------------------------------------------------------


def _keep(assessment: Assessment, scenarios: tuple[Scenario, ...], actor: Actor, beginning: str) -> None:
    """beginning: of the keys of the form's fields."""
    if not forms.complete(beginning):
        return
    with pressing.problems_kept():
        with forms.deed(beginning) as session:
            actions.set_scenarios(
                session, assessment.id or 0, scenarios, actor, shared.now(), seen=assessment.scenarios
            )
        pressing.tell(_("Saved."))


def _remove(
    assessment: Assessment,
    gone: Scenario,
    measures: Sequence[str],
    actor: Actor,
) -> None:
    """The scenario with its links, and these measures with it: one act."""
    out = f"{_out_key(assessment, gone.id)}-"
    if not forms.complete(out):
        return
    with pressing.problems_kept():
        with forms.deed(out, f"{_key(assessment, gone.id)}-") as session:
            number, at = assessment.id or 0, shared.now()
            if measures:
                left = [measure for measure in assessment.measures if measure.id not in measures]
                actions.set_measures(session, number, left, actor, at, seen=assessment.measures)
            scenarios = tuple(scenario for scenario in assessment.scenarios if scenario.id != gone.id)
            actions.set_scenarios(session, number, scenarios, actor, at, seen=assessment.scenarios)
        pressing.tell(_("Removed."))


def tables(questionnaire: Questionnaire) -> None:
    """From scale, duration and likelihood to the level, as declared, and what each step of each scale is."""
    scales = questionnaire.method.impacts if questionnaire.method else None
    if scales is None:
        return
    word, language = findings.word, shared.language()
    with st.expander(_("How a level comes from scale, duration and likelihood")):
        for name in SCALES:
            steps = ", ".join(label.label[language] for label in getattr(scales, name))
            markup.show(markup.paragraph(markup.bold(word(name)) + ": " + steps))
        if scales.about:
            markup.show(markup.paragraph(scales.about[language]))
        heads = (word("scale"), *(label.label[language] for label in scales.duration))
        rows = [
            (label.label[language], *(str(cell) for cell in row))
            for label, row in zip(scales.scale, scales.severity, strict=True)
        ]
        markup.show(markup.table(heads, rows, caption=word("severity_table")))
        heads = (word("severity"), *(label.label[language] for label in scales.likelihood))
        rows = [
            (str(severity), *(markup.tag(enum_names.level(level, language), f"level-{level}") for level in row))
            for severity, row in enumerate(scales.level)
        ]
        markup.show(markup.table(heads, rows, caption=word("level_table")))
        source = questionnaire.sources[scales.source]
        markup.show(markup.quiet(questions.source(source, language)))


def _with(assessment: Assessment, changed: Scenario) -> tuple[Scenario, ...]:
    return tuple(changed if scenario.id == changed.id else scenario for scenario in assessment.scenarios)


def next_id(letter: str, taken: Sequence[str]) -> str:
    number = len(taken) + 1
    while f"{letter}{number}" in taken:
        number += 1
    return f"{letter}{number}"
