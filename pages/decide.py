"""The committee's screen: what decides first, then everything that is decided on, and the form beside it all along."""

from __future__ import annotations

import streamlit as st

from assessments.model import Status
from assessments.rules import workflow
from pages._frame import frame, markup, screens, shared
from pages._frame.shared import _
from pages._parts import (
    acts,
    brief,
    conditions,
    contradictions,
    differences,
    discussion,
    findings,
    gaps,
    officer,
    points,
    presence,
    reading,
    seal,
    votes,
)

actor = shared.acting()
actor, assessment = shared.open_assessment(actor)
pinned = shared.editions_of(assessment)
talk = discussion.of(assessment, actor)
results = shared.findings_of(assessment)
steps = workflow.possible_steps(assessment, actor)
frame.head(assessment, pinned)
frame.heading(screens.title_of("decide", shared.language()))
acts.lead_to(steps)
markup.show(findings.strip(results))
is_waiting = assessment.status in (Status.SUBMITTED, Status.DECIDED)
if is_waiting:
    brief.show(assessment, results, talk, actor)
presence.show(assessment)
if assessment.status.is_editable:
    markup.show(markup.notice("note", _("This revision has not been submitted yet. There is nothing to decide.")))
acts.why_not(assessment, actor)
with st.container(key="decide-page"):
    with st.container(key="decide-reading"):
        officer.refused(assessment, actor)
        seal.decision(assessment)
        if not is_waiting:
            votes.show(assessment, pinned, actor)
        if assessment.status is Status.SIGNED_OFF:
            seal.seal_where_due(assessment, actor)
            seal.redacted_where_asked(assessment, actor)
        if is_waiting:
            points.listed(assessment, pinned, actor)
            differences.since_submission(assessment, pinned, actor)
            conditions.of_revision_before(assessment, actor)
            markup.show(markup.h2(_("What is open"), "open"))
            discussion.counted(talk, pinned)
            gaps.show(results, assessment, pinned)
            contradictions.show(results, assessment, pinned, editable=False)
            votes.show(assessment, pinned, actor)
            seal.reports(assessment, actor)
            markup.show(markup.h2(_("What is decided on")))
            markup.show(
                markup.quiet(
                    markup.joined((findings.word("content_sha256"), " ", markup.code(assessment.content_sha256 or "")))
                )
            )
            reading.show(
                assessment, pinned, results, editable=False, reviewable=bool({"decide", "vote"} & set(steps)), talk=talk
            )
        else:
            seal.reports(assessment, actor)
    if {"decide", "return_", "vote", "close", "sign_off", "refuse"} & set(steps):
        with st.container(key="decide-act"):
            acts.decide(assessment, actor, steps)
            acts.return_to_author(assessment, pinned, steps)
            votes.close_form(assessment, actor, steps, acts.STEP)
            votes.form(assessment, pinned, actor, steps, "" if "close" in steps else acts.STEP)
            officer.sign_off(assessment, actor, steps, acts.STEP)
            officer.refuse(assessment, steps)
acts.revise_and_withdraw(assessment, actor, steps)
