"""The legal role with what it owes, and the coverage matrices, as HTML. All text escaped."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from assessments.derived import CoveredItem, Findings, RoleFinding
from assessments.model import Assessment
from assessments.rules.findings import IMPACT, ROLE
from pages._frame import markup, shared
from pages._frame.shared import _
from pages._parts import findings
from questionnaires.load import Edition


def show_role(results: Findings, pinned: Mapping[str, Edition]) -> None:
    """Each role with its reasons and other official views; what it owes is folded away."""
    if results.role is None or ROLE not in pinned:
        return
    word = findings.word
    markup.show(markup.h2(word("s_role")))
    if not results.role.entries:
        markup.show(markup.empty(word("role_none")))
    for role in (*results.role.roles, *results.role.possible):
        _role(role, results.role, pinned[ROLE])


def _role(role: str, role_finding: RoleFinding, edition: Edition) -> None:
    word, language = findings.word, shared.language()
    sources = edition.questionnaire.sources
    entries = [entry for entry in role_finding.entries if entry.role == role]
    tags = markup.tag(word(f"role_{role}"), "open" if role in role_finding.roles else "plain")
    if role in role_finding.contested_roles:
        tags += markup.tag(_("contested"), "cannot")
    if role not in role_finding.roles:
        tags += markup.tag(word("role_open"), "cannot")
    if role not in role_finding.roles:  # what may apply is not told as if it did
        markup.show(markup.card(markup.tags(tags)))
        return
    reasons = markup.items(
        (
            markup.joined((text[language], markup.aside(sources[source].title[language])), " ")
            for entry in entries
            for text, source in [(entry.reason.text, entry.reason.source), *((g.text, g.source) for g in entry.grounds)]
        ),
        "h-reasons",
    )
    markup.show(markup.card(markup.tags(tags) + reasons))
    owed = dict.fromkeys(text for entry in entries for text in entry.consequences)
    if owed:
        with st.expander(word("role_consequences")):
            rows = [(proviso.text[language], sources[proviso.source].title[language]) for proviso in owed]
            markup.show(markup.table((word("role_consequences"), word("source")), rows))


def show_coverage(results: Findings, assessment: Assessment, pinned: Mapping[str, Edition]) -> None:
    """One table a matrix: item, whether it is documented, what to do; and the way to the other frameworks."""
    if not results.coverage or IMPACT not in pinned:
        return
    word, language = findings.word, shared.language()
    markup.show(markup.h2(word("s_coverage"), "coverage") + markup.paragraph(word("coverage_intro")))
    for matrix in pinned[IMPACT].questionnaire.coverage:
        rows = [_row(item, language) for item in results.coverage if item.matrix == matrix.id]
        heads = (word("item"), word("coverage_asks"), word("status"), word("missing"))
        markup.show(markup.table(heads, rows, caption=matrix.title[language]))
    address = shared.address("crosswalk", assessment=assessment.id)
    markup.show(markup.paragraph(markup.link(address, word("crosswalk_open"))))


def _row(item: CoveredItem, language: str) -> tuple[str, ...]:
    word = findings.word
    status = markup.tag(word("documented"), "good") if item.is_documented else markup.tag(word("gap"), "open")
    todo = markup.lines(reason.text[language] for reason in item.missing) or "–"
    return item.item, item.title[language], status, todo
