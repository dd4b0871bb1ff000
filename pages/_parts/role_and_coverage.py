"""The legal role with what it owes, and the coverage matrices, as HTML. All text escaped."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape

import streamlit as st

from assessments.derived import CoveredItem, Findings, RoleFinding
from assessments.rules.findings import IMPACT, ROLE
from pages._frame import shared
from pages._frame.shared import _
from pages._parts import findings
from questionnaires.load import Edition


def show_role(found: Findings, pinned: Mapping[str, Edition]) -> None:
    """Each role with its reasons and other official views; what it owes is folded away."""
    if found.role is None or ROLE not in pinned:
        return
    word = findings.word
    st.html(f"<h2>{escape(word('s_role'))}</h2>")
    if not found.role.entries:
        st.html(f'<p class="h-empty">{escape(word("role_none"))}</p>')
    for role in (*found.role.roles, *found.role.possible):
        _role(role, found.role, pinned[ROLE])


def _role(role: str, found: RoleFinding, edition: Edition) -> None:
    word, language = findings.word, shared.language()
    sources = edition.questionnaire.sources
    entries = [one for one in found.entries if one.role == role]
    tags = shared.tag(word(f"role_{role}"), "open" if role in found.roles else "plain")
    if role in found.contested_roles:
        tags += shared.tag(_("contested"), "cannot")
    if role not in found.roles:
        tags += shared.tag(word("role_open"), "cannot")
    if role not in found.roles:  # what may apply is not told as if it did
        st.html(f'<section class="h-card"><p class="h-tags">{tags}</p></section>')
        return
    reasons = "".join(
        f"<li>{escape(text[language])} <span class='h-quiet'>{escape(sources[source].title[language])}</span></li>"
        for one in entries
        for text, source in [(one.reason.text, one.reason.source), *((g.text, g.source) for g in one.grounds)]
    )
    st.html(f'<section class="h-card"><p class="h-tags">{tags}</p><ul class="h-reasons">{reasons}</ul></section>')
    owed = dict.fromkeys(text for one in entries for text in one.consequences)
    if owed:
        with st.expander(word("role_consequences")):
            rows = [(escape(one.text[language]), escape(sources[one.source].title[language])) for one in owed]
            st.html(shared.table((word("role_consequences"), word("source")), rows))


def show_coverage(found: Findings, pinned: Mapping[str, Edition]) -> None:
    """One table a matrix: item, whether it is documented, what to do."""
    if not found.coverage or IMPACT not in pinned:
        return
    word, language = findings.word, shared.language()
    st.html(f"<h2 id='coverage'>{escape(word('s_coverage'))}</h2><p>{escape(word('coverage_intro'))}</p>")
    for matrix in pinned[IMPACT].questionnaire.coverage:
        rows = [_row(one, language) for one in found.coverage if one.matrix == matrix.id]
        heads = (word("item"), word("coverage_asks"), word("status"), word("missing"))
        st.html(shared.table(heads, rows, caption=matrix.title[language]))


def _row(one: CoveredItem, language: str) -> tuple[str, ...]:
    word = findings.word
    status = shared.tag(word("documented"), "good") if one.is_documented else shared.tag(word("gap"), "open")
    todo = "<br>".join(escape(reason.text[language]) for reason in one.missing) or "–"
    return escape(one.item), escape(one.title[language]), status, todo
