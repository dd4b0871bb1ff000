"""One assessment as a task list: what is done, what is open, what comes next."""

from __future__ import annotations

import streamlit as st

from assessments.model import Status
from assessments.rules import workflow
from assessments.rules.findings import CLAIM, IMPACT
from pages._frame import frame, markup, screens, shared
from pages._frame.shared import _, many
from pages._parts import acts, carried, discussion, findings, following, giving, officer, presence, sections

actor = shared.acting()
actor, assessment = shared.open_assessment(actor)
pinned = shared.editions_of(assessment)
shares = giving.of(assessment, actor)
talk = discussion.of(assessment, actor)
unconfirmed = carried.open_places(assessment, pinned, carried.of(assessment, actor))
results = shared.findings_of(assessment)
steps = workflow.possible_steps(assessment, actor)
frame.head(assessment, pinned)
frame.heading(screens.title_of("assessment", shared.language()))
markup.show(findings.strip(results))
presence.show(assessment)
acts.returned_because(assessment, actor)
officer.refused(assessment, actor)
following.strip(assessment, actor)
acts.go_on(assessment, pinned, results)
discussion.counted(talk, pinned)
giving.show(assessment, pinned, shares, actor)

for number, edition in enumerate(pinned.values(), 1):
    title = edition.questionnaire.title[shared.language()]
    if edition.id != CLAIM:
        markup.show(markup.h2(f"{number}. {title}"))
        sections.listed(assessment, edition, results, shares, unconfirmed)
        if edition.id == IMPACT:
            sections.scenarios_line(assessment, shares.get(giving.SCENARIOS))
        continue
    markup.show(markup.h2(f"{number}. {_('Show what people do with the output')}"))
    with st.container(key="task-claim", horizontal=True, vertical_alignment="center"):
        sections.near(shared.address("involvement", assessment=assessment.id), title)
        markup.show(markup.tags(findings.claim_tag(results)), width="content")
    sections.claim_line(assessment, edition, results, editable=assessment.status.is_editable)

markup.show(markup.h2(f"{len(pinned) + 1}. {_('Check the answers and submit')}"))
missing = len({gap.where for gap in results.gaps if gap.is_required and not gap.check})
unclear = len({gap.check for gap in results.gaps if gap.is_required and gap.check})
with st.container(key="task-review", horizontal=True, vertical_alignment="center"):
    st.page_link(
        frame.FOLDER / "review.py",
        label=_("Results, gaps and answers"),
        query_params={"assessment": str(assessment.id)},
    )
    if not assessment.status.is_editable:
        text, kind = _("Submitted"), "plain"
    elif missing:
        text, kind = many("{count} required answer is missing", "{count} required answers are missing", missing), "open"
    elif unclear:
        text = many(
            "{count} contradiction to resolve or explain", "{count} contradictions to resolve or explain", unclear
        )
        kind = "open"
    elif unconfirmed:
        count = len(unconfirmed)
        text, kind = many("{count} thing taken over to confirm", "{count} things taken over to confirm", count), "open"
    else:
        text, kind = _("Ready to submit"), "open"
    markup.show(markup.tags(markup.tag(text, kind)), width="content")

markup.show(markup.h2(f"{len(pinned) + 2}. {_('Committee and sign-off')}"))
with st.container(key="task-decide", horizontal=True, vertical_alignment="center"):
    st.page_link(
        frame.FOLDER / "decide.py",
        label=_("Decision and sealed report"),
        query_params={"assessment": str(assessment.id)},
    )
    if assessment.status in (Status.DRAFT, Status.RETURNED):
        text, kind = _("Cannot start yet"), "plain"
    elif assessment.status is Status.SUBMITTED:
        text, kind = _("Waits for the committee"), "wait"
    elif assessment.status is Status.DECIDED:
        text, kind = _("Waits for the sign-off"), "wait"
    else:
        text, kind = frame.status_text(assessment.status), "plain"
    markup.show(markup.tags(markup.tag(text, kind)), width="content")

acts.revise_and_withdraw(assessment, actor, steps)
