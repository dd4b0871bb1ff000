"""The risk score on screen: figures, chart with its table, what sets the level, floors, every point traced."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st
from markupsafe import Markup

from assessments.derived import Findings, PointTrace, Range, RiskScore
from assessments.model import Assessment
from assessments.rules import findings
from assessments.rules.sensitivity import decisive
from pages._frame import enum_names, markup, shared
from pages._frame.shared import _
from pages._parts import charts
from pages._parts import findings as _findings
from questionnaires import wording
from questionnaires.load import Edition
from questionnaires.schema import Questionnaire


def show(results: Findings, questionnaire: Questionnaire, key: str) -> None:
    """The whole of the score; nothing where the questionnaire declares no method."""
    method, risk, language = questionnaire.method, results.risk, shared.language()
    if method is None:
        return
    word = _findings.word
    markup.show(markup.quiet(word("risk_intro")))
    cells = (
        (word("risk_level"), _findings.level_tag(results)),
        (
            word("residual_score"),
            _of_100(risk.residual),
        ),
        (
            word("inherent_score"),
            _of_100(risk.inherent),
        ),
    )
    markup.show(markup.definitions(cells, "h-figures"))
    if risk.is_provisional:
        markup.show(markup.quiet(word("provisional_long")))
    if risk.residual.low != risk.residual.high:
        markup.show(markup.quiet(word("range_note")))
    markup.show(markup.h3(word("chart_dimensions")))
    charts.dimensions(risk, method, language, key)
    titles = {dimension.id: (dimension.title[language], dimension.weight) for dimension in method.dimensions}
    rows = []
    for dimension in risk.dimensions:
        title, weight = titles.get(dimension.dimension, (dimension.dimension, 0))
        rows.append(
            (title, wording.percent(weight), _findings.figure(dimension.inherent), _findings.figure(dimension.residual))
        )
    heads = (word("dimension"), word("weight"), word("inherent"), word("residual"))
    markup.show(markup.table(heads, rows, kind="h-numbers"))
    _terms(risk)
    _floors(risk, questionnaire)
    with st.expander(word("trace")):
        markup.show(markup.quiet(word("trace_intro")))
        markup.show(_trace(risk, questionnaire))
    with st.expander(word("method")):
        markup.show(markup.paragraph(method.summary[language]))


def _of_100(figure: Range) -> Markup:
    return markup.joined((markup.span(_findings.figure(figure), "h-big"), _findings.word("of_100")), " ")


def show_decisive(assessment: Assessment, pinned: Mapping[str, Edition]) -> None:
    """Which single answers the level hangs on, all others staying as they are."""
    language, word = shared.language(), _findings.word
    domain = pinned[assessment.domain].questionnaire
    scales = findings.scales_of({name: edition.questionnaire for name, edition in pinned.items()})
    rows = [
        (
            domain.question(decisive_reason.question).text[language]
            + (f" ({word('open')})" if decisive_reason.is_open else ""),
            enum_names.level(decisive_reason.best, language),
            enum_names.level(decisive_reason.worst, language),
        )
        for decisive_reason in decisive(domain, assessment.answers(domain.id), assessment.scenarios, scales)
    ]
    with st.expander(word("decisive")):
        markup.show(markup.quiet(word("decisive_intro")))
        heads = (word("question"), word("decisive_best"), word("decisive_worst"))
        markup.show(markup.table(heads, rows) if rows else markup.paragraph(word("decisive_none")))


def _terms(risk: RiskScore) -> None:
    language, word = shared.language(), _findings.word
    rows = [(word(f"term_{name}"), enum_names.level(level, language)) for name, level in risk.terms.items()]
    markup.show(
        (markup.h3(word("level_terms")) + markup.quiet(word("level_terms_intro")))
        + markup.table((word("result"), word("risk_level")), rows)
    )


def _floors(risk: RiskScore, questionnaire: Questionnaire) -> None:
    if not risk.floors:
        return
    language, word = shared.language(), _findings.word
    rows = [
        (
            hit.reason.text[language],
            enum_names.level(hit.level, language),
            word("certain" if hit.is_certain else "possible"),
        )
        for hit in risk.floors
    ]
    markup.show(
        (markup.h3(word("floors")) + markup.quiet(word("floors_intro")))
        + markup.table((word("question"), word("floor"), _("Certainty")), rows)
    )


def _trace(risk: RiskScore, questionnaire: Questionnaire) -> Markup:
    language, word = shared.language(), _findings.word
    titles = (
        {dimension.id: dimension.title[language] for dimension in questionnaire.method.dimensions}
        if questionnaire.method
        else {}
    )
    rows = [
        (
            questionnaire.question(trace.question).text[language],
            titles.get(trace.dimension, trace.dimension),
            word(f"kind_{trace.kind}"),
            _points(trace),
            str(trace.maximum),
        )
        for trace in risk.trace
    ]
    heads = (word("question"), word("dimension"), word("kind"), word("points"), word("maximum"))
    return markup.table(heads, rows, kind="h-numbers")


def _points(trace: PointTrace) -> str:
    word = _findings.word
    if trace.visibility is False:
        return word("hidden")
    points = str(trace.low) if trace.low == trace.high else f"{trace.low}–{trace.high}"
    if not trace.answer:
        points += f" ({word('open')})"
    return points
