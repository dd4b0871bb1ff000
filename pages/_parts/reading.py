"""Everything that is read before submitting or deciding: results, gaps, answers, evidence."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from assessments.derived import Findings
from assessments.model import Assessment
from assessments.rules.findings import CLAIM, IMPACT
from assessments.rules.second_scale import is_left_out
from pages._frame import markup, shared
from pages._frame.shared import _
from pages._parts import (
    answers,
    determination,
    evidence,
    findings,
    impacts,
    measures,
    role_and_coverage,
    score,
    second_scale,
)
from pages._parts.discussion import Talk
from questionnaires.load import Edition
from questionnaires.schema import Questionnaire


def show(
    assessment: Assessment,
    pinned: Mapping[str, Edition],
    results: Findings,
    *,
    editable: bool,
    reviewable: bool = False,
    talk: Talk | None = None,
) -> None:
    """In the order of the report. talk: what people say beside the answers, where it is shown."""
    word, domain = findings.word, pinned[assessment.domain].questionnaire
    role_and_coverage.show_role(results, pinned)
    markup.show(markup.h2(word("s_determination")))
    determination.show(results, assessment, pinned)
    if CLAIM in pinned:
        markup.show(markup.h2(word("s_claim")))
        findings.claim_whole(results)
        if results.claim.parts:
            with st.expander(_("Part by part")):
                findings.claim_table(results.claim, pinned[CLAIM].questionnaire)
    markup.show(markup.h2(word("s_risk")))
    score.show(results, domain, f"score-{assessment.id}")
    score.show_decisive(assessment, pinned)
    what_if = markup.link(
        shared.address("whatif", assessment=assessment.id), _("Try on a copy what would follow from other answers")
    )
    markup.show(markup.paragraph(what_if))
    second_scale.show(results.second_scale, pinned)
    _scenarios(assessment, pinned[IMPACT].questionnaire if IMPACT in pinned else None)
    role_and_coverage.show_coverage(results, assessment, pinned)
    markup.show(markup.h2(_("Check the answers")))
    for edition in pinned.values():
        if is_left_out(edition.questionnaire, assessment):
            continue
        markup.show(markup.h3(edition.questionnaire.title[shared.language()]))
        answers.show(assessment, edition, editable=editable, talk=talk)
    markup.show(markup.h2(word("s_evidence")))
    evidence.whole(assessment, pinned, reviewable=reviewable)


def _scenarios(assessment: Assessment, questionnaire: Questionnaire | None) -> None:
    """Scenarios and measures as they were written, where there are any."""
    if not assessment.scenarios and not assessment.measures:
        return
    word = findings.word
    markup.show(markup.h2(word("s_scenarios")))
    for scenario in assessment.scenarios:
        groups = (
            ("affected_direct", scenario.affected_direct),
            ("affected_indirect", scenario.affected_indirect),
            ("affected_unintended", scenario.affected_unintended),
        )
        people = [(word(name), text) for name, text in groups if text]
        rights = [
            (word("right"), f"{impacts.right_name(questionnaire, two.right)}: {two.effect}") for two in scenario.impacts
        ]
        markup.show(markup.card(markup.free_text(scenario.text) + markup.definitions([*people, *rights], "h-answers")))
    if assessment.measures:
        markup.show(measures.table_of(assessment.measures, caption=word("measures")))
