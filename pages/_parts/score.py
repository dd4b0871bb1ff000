"""The risk score on screen: figures, chart with its table, what sets the level, floors, every point traced."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape

import streamlit as st

from assessments.derived import Findings, PointTrace, RiskScore
from assessments.model import Assessment
from assessments.rules import findings
from assessments.rules.sensitivity import decisive
from pages._frame import labels, shared
from pages._frame.shared import _
from pages._parts import charts
from pages._parts import findings as _findings
from questionnaires.load import Edition
from questionnaires.schema import Questionnaire


def show(found: Findings, questionnaire: Questionnaire, key: str) -> None:
    """The whole of the score; nothing where the questionnaire declares no method."""
    method, risk, language = questionnaire.method, found.risk, shared.language()
    if method is None:
        return
    word = _findings.word
    st.html(f'<p class="h-quiet">{escape(word("risk_intro"))}</p>')
    cells = (
        (word("risk_level"), _findings.level_tag(found)),
        (
            word("residual_score"),
            f'<span class="h-big">{_findings.figure(risk.residual)}</span> {escape(word("of_100"))}',
        ),
        (
            word("inherent_score"),
            f'<span class="h-big">{_findings.figure(risk.inherent)}</span> {escape(word("of_100"))}',
        ),
    )
    st.html(
        '<dl class="h-figures">'
        + "".join(f"<div><dt>{escape(name)}</dt><dd>{value}</dd></div>" for name, value in cells)
        + "</dl>"
    )
    if risk.is_provisional:
        st.html(f'<p class="h-quiet">{escape(word("provisional_long"))}</p>')
    if risk.residual.low != risk.residual.high:
        st.html(f'<p class="h-quiet">{escape(word("range_note"))}</p>')
    st.html(f"<h3>{escape(word('chart_dimensions'))}</h3>")
    charts.dimensions(risk, method, language, key)
    titles = {one.id: (one.title[language], one.weight) for one in method.dimensions}
    rows = []
    for one in risk.dimensions:
        title, weight = titles.get(one.dimension, (one.dimension, 0))
        rows.append((escape(title), f"{weight} %", _findings.figure(one.inherent), _findings.figure(one.residual)))
    heads = (word("dimension"), word("weight"), word("inherent"), word("residual"))
    st.html(shared.table(heads, rows, kind="h-numbers"))
    _terms(risk)
    _floors(risk, questionnaire)
    with st.expander(word("trace")):
        st.html(f'<p class="h-quiet">{escape(word("trace_intro"))}</p>')
        st.html(_trace(risk, questionnaire))
    with st.expander(word("method")):
        st.html(f"<p>{escape(method.summary[language])}</p>")


def show_decisive(assessment: Assessment, pinned: Mapping[str, Edition]) -> None:
    """Which single answers the level hangs on, all others staying as they are."""
    language, word = shared.language(), _findings.word
    domain = pinned[assessment.domain].questionnaire
    scales = findings.scales_of({name: one.questionnaire for name, one in pinned.items()})
    rows = [
        (
            escape(domain.question(one.question).text[language])
            + (f" ({escape(word('open'))})" if one.is_open else ""),
            escape(labels.level(one.best, language)),
            escape(labels.level(one.worst, language)),
        )
        for one in decisive(domain, assessment.answers(domain.id), assessment.scenarios, scales)
    ]
    with st.expander(word("decisive")):
        st.html(f"<p class='h-quiet'>{escape(word('decisive_intro'))}</p>")
        heads = (word("question"), word("decisive_best"), word("decisive_worst"))
        st.html(shared.table(heads, rows) if rows else f"<p>{escape(word('decisive_none'))}</p>")


def _terms(risk: RiskScore) -> None:
    language, word = shared.language(), _findings.word
    rows = [(escape(word(f"term_{name}")), escape(labels.level(level, language))) for name, level in risk.terms.items()]
    st.html(
        f"<h3>{escape(word('level_terms'))}</h3><p class='h-quiet'>{escape(word('level_terms_intro'))}</p>"
        + shared.table((word("result"), word("risk_level")), rows)
    )


def _floors(risk: RiskScore, questionnaire: Questionnaire) -> None:
    if not risk.floors:
        return
    language, word = shared.language(), _findings.word
    rows = [
        (
            escape(hit.reason.text[language]),
            escape(labels.level(hit.level, language)),
            escape(word("certain" if hit.is_certain else "possible")),
        )
        for hit in risk.floors
    ]
    st.html(
        f"<h3>{escape(word('floors'))}</h3><p class='h-quiet'>{escape(word('floors_intro'))}</p>"
        + shared.table((word("question"), word("floor"), _("Certainty")), rows)
    )


def _trace(risk: RiskScore, questionnaire: Questionnaire) -> str:
    language, word = shared.language(), _findings.word
    titles = {one.id: one.title[language] for one in questionnaire.method.dimensions} if questionnaire.method else {}
    rows = [
        (
            escape(questionnaire.question(one.question).text[language]),
            escape(titles.get(one.dimension, one.dimension)),
            escape(word(f"kind_{one.kind}")),
            _points(one),
            str(one.maximum),
        )
        for one in risk.trace
    ]
    heads = (word("question"), word("dimension"), word("kind"), word("points"), word("maximum"))
    return shared.table(heads, rows, kind="h-numbers")


def _points(one: PointTrace) -> str:
    word = _findings.word
    if one.visibility is False:
        return escape(word("hidden"))
    points = str(one.low) if one.low == one.high else f"{one.low}–{one.high}"
    if not one.answer:
        points += f" ({escape(word('open'))})"
    return points
