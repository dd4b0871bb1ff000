"""Assessments in a list: the next task, and a row with link and status."""

from __future__ import annotations

import streamlit as st
from markupsafe import Markup

from assessments.model import Actor, AISystem, Assessment, Outcome, Status
from assessments.rules import workflow
from assessments.storage.entries import AssessmentSummary, SignedRevision
from pages._frame import enum_names, frame, markup, shared
from pages._frame.shared import _, many
from pages._parts import acts

_KINDS = {Outcome.HIGH_IMPACT: "bad", Outcome.NOT_HIGH_IMPACT: "good", Outcome.CANNOT_DETERMINE: "cannot"}


def task(assessment: AssessmentSummary, actor: Actor) -> str:
    """The next task as a sentence; empty if there is none."""
    steps = workflow.awaited_steps(assessment.standing, actor)
    if "sign_off" in steps:
        return _("Sign off the decision")
    if "close" in steps:
        return _("The quorum is met: close the vote")
    if "vote" in steps:
        return _("Read and vote")
    if "decide" in steps:
        return _("Read and decide")
    if "submit" in steps and assessment.status is Status.RETURNED:
        return _("Returned to you: read why, correct, submit again")
    if "submit" in steps and assessment.open_required:
        return many(
            "{count} required answer is missing", "{count} required answers are missing", assessment.open_required
        )
    return _("Complete: check the answers and submit") if "submit" in steps else ""


def screen_of(assessment: AssessmentSummary) -> str:
    return "decide" if assessment.status in (Status.SUBMITTED, Status.DECIDED) else "assessment"


def name_of(system: AISystem, language: str) -> str:
    """Name in the reader's language if there is one, otherwise in the other language."""
    names = (system.name_en, system.name_ko) if language == "en" else (system.name_ko, system.name_en)
    return names[0] or names[1]


def begun(assessment: Assessment, before: SignedRevision | None) -> None:
    """What somebody has begun: the way to go on, how much is answered and how long the rest may take.

    before: what was signed off and stands beside it.
    """
    language = shared.language()
    pinned = shared.editions_of(assessment)
    results = shared.findings_of(assessment)
    facts = (
        _("Assessment {number}", number=assessment.id),
        pinned[assessment.domain].questionnaire.title[language],
        assessment.operator.name,
        _("revision {number}", number=assessment.revision),
        _("changed {at}", at=shared.moment(assessment.updated_at)),
    )
    acts.go_on(
        assessment,
        pinned,
        results,
        title=name_of(assessment.system, language),
        address=shared.address("assessment", assessment=assessment.id),
        facts=" · ".join(facts),
        beside=signed(assessment.id or 0, before) if before else markup.NOTHING,
    )


def row(assessment: AssessmentSummary, place: str, what: str, title: str = "", line: str = "") -> None:
    """One assessment: its name (or the title) as a link, what is said of it, and its tags. place: task, all, or another list.

    line: a sentence of its own below its name.

    A plain link, which writes one entry into the browser's history; Streamlit's own writes two, so that going back takes two presses.
    """
    language = shared.language()
    name = title or name_of(assessment.system, language)
    with st.container(key=f"row-{place}-{assessment.id}", gap=None):
        screen = screen_of(assessment) if place == "task" else "assessment"
        name_line = markup.paragraph(markup.link(shared.address(screen, assessment=assessment.id), name), "h-row-name")
        facts = " · ".join(
            (
                *(() if title else (_("Assessment {number}", number=assessment.id), assessment.operator_name)),
                _("revision {number}", number=assessment.revision),
                _("changed {at}", at=shared.moment(assessment.updated_at)),
            )
        )
        tags = [frame.status_tag(assessment.status)]
        if place != "task":
            what = what or enum_names.outcome(assessment.outcome, language)
            tags.append(markup.tag(what, "plain" if assessment.open_required else _KINDS[assessment.outcome]))
            if assessment.contested:
                tags.append(markup.tag(_("contested"), "cannot"))
            if assessment.open_required:
                count = assessment.open_required
                tags.append(markup.tag(many("{count} answer missing", "{count} answers missing", count), "plain"))
            else:
                level = enum_names.level(assessment.level, language)
                tags.append(markup.tag(_("risk: {level}", level=level), f"level-{assessment.level}"))
        if assessment.is_example and not title:
            tags.append(markup.tag(enum_names.word("mark_example", language), "example"))
        line = line or (what if place == "task" else "")
        task_line = markup.paragraph(line, "h-task") if line else markup.NOTHING
        states = markup.tags(*tags)
        if assessment.signed:
            own = _("Revision {number}", number=assessment.revision)
            states = signed(assessment.id, assessment.signed) + beside(own, states)
        markup.show(markup.block(name_line + task_line + states + markup.quiet(facts), "h-row"))


def signed(assessment_id: int, revision: SignedRevision) -> Markup:
    """What was decided and signed off and holds on while the next revision is at work, as one line of it."""
    language = shared.language()
    address = shared.address("revisions", assessment=assessment_id, read=revision.revision)
    tags = [markup.tag(enum_names.ruling(revision.ruling, language), "good" if revision.is_approved else "bad")]
    if revision.outcome is not None:
        tags.append(markup.tag(enum_names.outcome(revision.outcome, language), _KINDS[revision.outcome]))
    if revision.contested:
        tags.append(markup.tag(_("contested"), "cannot"))
    if revision.level is not None:
        level = enum_names.level(revision.level, language)
        tags.append(markup.tag(_("risk: {level}", level=level), f"level-{revision.level}"))
    tags.append(markup.aside(_("signed off {at}", at=shared.moment(revision.signed_at))))
    name = _("Revision {number}, approved", number=revision.revision)
    if not revision.is_approved:
        name = _("Revision {number}", number=revision.revision)
    return beside(markup.link(address, name), markup.tags(*tags))


def beside(name: str, states: Markup) -> Markup:
    """One revision of several in a row of a list."""
    return markup.block(markup.paragraph(name, "h-of-revision") + states, "h-revision")
