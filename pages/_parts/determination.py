"""The determination on screen: with and without the claim, the sources that say otherwise, what no answer can compute."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape

import streamlit as st

from assessments.derived import ContestedGround, Determination, Findings, Reason
from assessments.model import Assessment, Outcome
from exports.record import advice
from exports.report.overview import compared, head_of_reasons
from pages._frame import shared
from pages._parts import findings, gaps, questions
from pages._parts.findings import word
from questionnaires.load import Edition
from questionnaires.schema import Proviso, Source


def show(found: Findings, assessment: Assessment, pinned: Mapping[str, Edition]) -> None:
    """Both outcomes side by side, each with its reasons and sources."""
    pair, questionnaire = found.determination, pinned[assessment.domain].questionnaire
    sources = sources_of(assessment, pinned)
    st.html(f'<p class="h-quiet">{escape(word("determination_intro"))}</p>')
    cards = (
        _card(word(name), one, assessment, pinned)
        for name, one in (("with_claim", pair.with_claim), ("without_claim", pair.without_claim))
    )
    st.html(f'<div class="h-pair">{"".join(cards)}</div>')
    st.html(f"<p>{escape(word(compared(pair.with_claim, pair.without_claim, found.claim.whole)))}</p>")
    st.html(f'<p class="h-quiet">{escape(word("side_by_side_intro"))}</p>')
    if pair.with_claim.contested or pair.without_claim.contested:
        asked = {name: one.questionnaire for name, one in pinned.items()}
        advised = word(advice.label(found.role, assessment, asked))
        st.html(f"<p><b>{escape(word('recommendation'))}</b> {escape(advised)}</p>")
    if questionnaire.provisos:
        st.html(
            f"<h3>{escape(word('provisos'))}</h3><p class='h-quiet'>{escape(word('provisos_intro'))}</p>"
            + _listed(questionnaire.provisos, sources)
        )


def sources_of(assessment: Assessment, pinned: Mapping[str, Edition]) -> dict[str, Source]:
    """Source id → source, of all pinned questionnaires; where two share an id, the domain's."""
    found: dict[str, Source] = {}
    for edition in (*pinned.values(), pinned[assessment.domain]):
        found |= edition.questionnaire.sources
    return found


def _card(title: str, one: Determination, assessment: Assessment, pinned: Mapping[str, Edition]) -> str:
    sources = sources_of(assessment, pinned)
    is_open = one.outcome is Outcome.CANNOT_DETERMINE
    body = f'<h3>{escape(title)}</h3><p class="h-tags">{findings.outcome_tags(one)}</p>'
    if is_open:
        body += _deciding(one, assessment, pinned)
        head = f"{word(head_of_reasons(one))} ({len(one.reasons)})"
        inner = _listed(one.reasons, sources)
        is_shown = " open" if one.is_contradicted else ""
        body += f'<details class="h-why"{is_shown}><summary>{escape(head)}</summary>{inner}</details>'
    else:
        contested = word("contested" if one.contested else "not_contested")
        body += f'<p class="h-quiet">{escape(contested)}</p><h4>{escape(word("reasons"))}</h4>'
        body += _listed(one.reasons, sources)
    if one.grounds:
        body += f"<h4>{escape(word('contested_grounds'))}</h4><p class='h-quiet'>{escape(word('contested_intro'))}</p>"
        body += _listed(one.grounds, sources)
    return f'<section class="h-card h-{findings.OUTCOME_KINDS[one.outcome]}-edge">{body}</section>'


def _deciding(one: Determination, assessment: Assessment, pinned: Mapping[str, Edition]) -> str:
    """The questions whose answers would decide, each leading to its place."""
    rows = ""
    for name in one.deciding:
        where = name if "." in name else f"{assessment.domain}.{name}"
        link, text = gaps.place_of(where, assessment, pinned), gaps.name_of(where, pinned) or name
        rows += f'<li><a href="{escape(link)}">{escape(text)}</a></li>'
    return f'<h4>{escape(word("deciding_questions"))}</h4><ul class="h-reasons">{rows}</ul>' if rows else ""


def _listed(
    reasons: tuple[Reason, ...] | tuple[ContestedGround, ...] | tuple[Proviso, ...], sources: Mapping[str, Source]
) -> str:
    language, rows = shared.language(), ""
    for one in reasons:
        is_sure = one.is_certain if isinstance(one, ContestedGround) else True
        opened = "" if is_sure else f'<span class="h-source">{escape(word("ground_open"))}</span>'
        rows += f"<li>{questions.reasoned(one.text, sources[one.source], language)}{opened}</li>"
    return f'<ul class="h-reasons">{rows}</ul>'
