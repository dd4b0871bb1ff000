"""The legal role with what it owes, and the coverage matrices, as HTML. All text escaped."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from assessments.derived import CoveredItem, Findings, RoleFinding
from assessments.rules.findings import IMPACT, ROLE
from pages._frame import markup, shared
from pages._frame.shared import _
from pages._parts import findings
from questionnaires.load import Edition


def show_role(found: Findings, pinned: Mapping[str, Edition]) -> None:
    """Each role with its reasons and other official views; what it owes is folded away."""
    if found.role is None or ROLE not in pinned:
        return
    word = findings.word
    markup.show(markup.h2(word("s_role")))
    if not found.role.entries:
        markup.show(markup.empty(word("role_none")))
    for role in (*found.role.roles, *found.role.possible):
        _role(role, found.role, pinned[ROLE])


def _role(role: str, found: RoleFinding, edition: Edition) -> None:
    word, language = findings.word, shared.language()
    sources = edition.questionnaire.sources
    entries = [one for one in found.entries if one.role == role]
    tags = markup.tag(word(f"role_{role}"), "open" if role in found.roles else "plain")
    if role in found.contested_roles:
        tags += markup.tag(_("contested"), "cannot")
    if role not in found.roles:
        tags += markup.tag(word("role_open"), "cannot")
    if role not in found.roles:  # what may apply is not told as if it did
        markup.show(markup.card(markup.tags(tags)))
        return
    reasons = markup.items(
        (
            markup.joined((text[language], markup.aside(sources[source].title[language])), " ")
            for one in entries
            for text, source in [(one.reason.text, one.reason.source), *((g.text, g.source) for g in one.grounds)]
        ),
        "h-reasons",
    )
    markup.show(markup.card(markup.tags(tags) + reasons))
    owed = dict.fromkeys(text for one in entries for text in one.consequences)
    if owed:
        with st.expander(word("role_consequences")):
            rows = [(one.text[language], sources[one.source].title[language]) for one in owed]
            markup.show(markup.table((word("role_consequences"), word("source")), rows))


def show_coverage(found: Findings, pinned: Mapping[str, Edition]) -> None:
    """One table a matrix: item, whether it is documented, what to do."""
    if not found.coverage or IMPACT not in pinned:
        return
    word, language = findings.word, shared.language()
    markup.show(markup.h2(word("s_coverage"), "coverage") + markup.paragraph(word("coverage_intro")))
    for matrix in pinned[IMPACT].questionnaire.coverage:
        rows = [_row(one, language) for one in found.coverage if one.matrix == matrix.id]
        heads = (word("item"), word("coverage_asks"), word("status"), word("missing"))
        markup.show(markup.table(heads, rows, caption=matrix.title[language]))


def _row(one: CoveredItem, language: str) -> tuple[str, ...]:
    word = findings.word
    status = markup.tag(word("documented"), "good") if one.is_documented else markup.tag(word("gap"), "open")
    todo = markup.lines(reason.text[language] for reason in one.missing) or "–"
    return one.item, one.title[language], status, todo
