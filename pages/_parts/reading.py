"""Everything that is read before submitting or deciding: results, gaps, answers, evidence."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape

import streamlit as st

from assessments.derived import Findings
from assessments.model import Assessment
from assessments.rules.findings import CLAIM, IMPACT
from pages._frame import shared
from pages._frame.shared import _
from pages._parts import answers, determination, evidence, findings, impacts, measures, role_and_coverage, score
from questionnaires.load import Edition
from questionnaires.schema import Questionnaire


def show(
    assessment: Assessment, pinned: Mapping[str, Edition], found: Findings, *, editable: bool, reviewable: bool = False
) -> None:
    """In the order of the report."""
    word, domain = findings.word, pinned[assessment.domain].questionnaire
    role_and_coverage.show_role(found, pinned)
    st.html(f"<h2>{escape(word('s_determination'))}</h2>")
    determination.show(found, assessment, pinned)
    if CLAIM in pinned:
        st.html(f"<h2>{escape(word('s_claim'))}</h2>")
        findings.claim_whole(found.claim)
        if found.claim.parts:
            with st.expander(_("Part by part")):
                findings.claim_table(found.claim, pinned[CLAIM].questionnaire)
    st.html(f"<h2>{escape(word('s_risk'))}</h2>")
    score.show(found, domain, f"score-{assessment.id}")
    score.show_decisive(assessment, pinned)
    _scenarios(assessment, pinned[IMPACT].questionnaire if IMPACT in pinned else None)
    role_and_coverage.show_coverage(found, pinned)
    st.html(f"<h2>{escape(_('Check the answers'))}</h2>")
    for edition in pinned.values():
        st.html(f"<h3>{escape(edition.questionnaire.title[shared.language()])}</h3>")
        answers.show(assessment, edition, editable=editable)
    st.html(f"<h2>{escape(word('s_evidence'))}</h2>")
    evidence.whole(assessment, pinned, reviewable=reviewable)


def _scenarios(assessment: Assessment, asked: Questionnaire | None) -> None:
    """Scenarios and measures as they were written, where there are any."""
    if not assessment.scenarios and not assessment.measures:
        return
    word = findings.word
    st.html(f"<h2>{escape(word('s_scenarios'))}</h2>")
    for one in assessment.scenarios:
        groups = (("affected_direct", one.affected_direct), ("affected_indirect", one.affected_indirect))
        groups += (("affected_unintended", one.affected_unintended),)
        who = "".join(
            f"<div><dt>{escape(word(name))}</dt><dd>{escape(text)}</dd></div>" for name, text in groups if text
        )
        rights = "".join(
            f"<div><dt>{escape(word('right'))}</dt><dd>{escape(impacts.right_name(asked, two.right))}: {escape(two.effect)}</dd></div>"
            for two in one.impacts
        )
        st.html(f'<section class="h-card">{shared.written(one.text)}<dl class="h-answers">{who}{rights}</dl></section>')
    if assessment.measures:
        st.html(measures.table_of(assessment.measures, caption=word("measures")))
