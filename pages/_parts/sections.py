"""Sections of a questionnaire: progress, the page that the address names, the task list. Their questions: question_page.py."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import streamlit as st
from markupsafe import Markup

from assessments.derived import Findings
from assessments.model import Assessment
from assessments.rules import topics
from assessments.rules.findings import CLAIM
from assessments.rules.involvement import is_made
from assessments.storage.entries import GivenSection
from pages._frame import frame, markup, screens, shared
from pages._frame.shared import _
from pages._parts import findings, giving, way
from questionnaires import conditions
from questionnaires.load import Edition
from questionnaires.schema import Section


@dataclass(frozen=True)
class Progress:
    """Progress of one section or several; questions that are definitely hidden do not count."""

    questions: int
    answered: int
    missing: int
    """Number of required questions without an answer, as listed in the gaps."""
    unclear: int = 0
    """Number of answers that contradict others, unexplained."""

    def __add__(self, other: Progress) -> Progress:
        return Progress(
            self.questions + other.questions,
            self.answered + other.answered,
            self.missing + other.missing,
            self.unclear + other.unclear,
        )

    @property
    def kind(self) -> str:
        """done, unclear, begun, untouched, optional."""
        if self.answered == 0 and self.questions:
            return "untouched" if self.missing else "optional"
        if self.missing:
            return "begun"
        return "unclear" if self.unclear else "done"


NO_PROGRESS = Progress(0, 0, 0)


def progress(
    assessment: Assessment,
    edition: Edition,
    section: Section,
    results: Findings,
    visibility: Mapping[str, conditions.Truth] | None = None,
) -> Progress:
    """visibility: of the questions, where it is known already."""
    questionnaire = edition.questionnaire
    answers = assessment.answers(questionnaire.id)
    visibility = visibility or conditions.visible(questionnaire, answers)
    question_ids = [question.id for question in section.questions if visibility[question.id] is not False]
    places = {f"{questionnaire.id}.{question_id}" for question_id in question_ids}
    missing = {gap.where for gap in results.gaps if gap.where in places and not gap.is_contradiction}
    unclear = {gap.where for gap in results.gaps if gap.is_contradiction and not gap.explanation}
    missing = {where for where in missing if where.partition(".")[2] not in answers}
    answered = sum(question_id in answers for question_id in question_ids)
    return Progress(len(question_ids), answered, len(missing), len(unclear & places))


def progress_tag(state: Progress) -> Markup:
    """Badge: not started, n of m, answers to check, completed. Only open work is coloured."""
    texts = {
        "untouched": (_("Not started"), "open"),
        "optional": (_("Optional"), "plain"),
        "begun": (_("{answered} of {asked} answered", answered=state.answered, asked=state.questions), "open"),
        "unclear": (
            shared.many("answered; {count} answer to check", "answered; {count} answers to check", state.unclear),
            "open",
        ),
        "done": (_("Completed"), "plain"),
    }
    text, kind = texts[state.kind]
    return markup.tag(text, kind)


def requested(assessment: Assessment, pinned: Mapping[str, Edition]) -> Edition:
    """The questionnaire named by the address; the domain's by default."""
    named = st.query_params.get("questionnaire", "")
    return pinned[named if named in pinned and named != CLAIM else assessment.domain]


def chosen(edition: Edition) -> int | None:
    """Index of the section named by the address. None: it names none."""
    section_name = st.query_params.get("section", "")
    names = [section.id for section in edition.questionnaire.sections]
    return names.index(section_name) if section_name in names else None


def listed(
    assessment: Assessment,
    edition: Edition,
    results: Findings,
    shares: Mapping[str, GivenSection] | None = None,
    unconfirmed: Collection[str] = (),
) -> None:
    """All sections as a task list: link, progress, and the finding if it is a part of the claim.

    shares: place → who has it. unconfirmed: places that a reassessment took over and nobody has confirmed.
    """
    language = shared.language()
    parts = {part.part: part.finding for part in results.claim.parts} if edition.id == CLAIM else {}
    with st.container(key=f"list-{edition.id}", gap=None):
        for number, section in enumerate(edition.questionnaire.sections, 1):
            with st.container(horizontal=True, key=f"task-{edition.id}-{section.id}", vertical_alignment="center"):
                near(way.place_of(assessment, edition, section.id), f"{number}. {section.title[language]}")
                state = progress(assessment, edition, section, results)
                tags = [markup.tag(_("does not apply"), "plain")] if not state.questions else [progress_tag(state)]
                if section.id in parts:
                    tags.insert(0, findings.finding_tag(parts[section.id]))
                if share := giving.tag((shares or {}).get(topics.of_section(edition.id, section.id))):
                    tags.insert(0, share)
                if count := sum(f"{edition.id}.{question.id}" in unconfirmed for question in section.questions):
                    tags.insert(0, markup.tag(shared.many("{count} to confirm", "{count} to confirm", count), "open"))
                markup.show(markup.tags(*tags), width="content")


def claim_line(assessment: Assessment, edition: Edition, results: Findings, *, editable: bool) -> None:
    """Below the claim on the task list: how far its questions are answered, or that it is still to be said whether one is made."""
    states = [progress(assessment, edition, section, results) for section in edition.questionnaire.sections]
    whole = sum(states, NO_PROGRESS)
    first = edition.questionnaire.sections[0]
    with st.container(key="task-claim-questions", horizontal=True, vertical_alignment="center"):
        near(way.place_of(assessment, edition, first.id), _("Questions on the claim"))
        made = is_made(edition.questionnaire, assessment.answers(CLAIM))
        tag = progress_tag(whole if made else states[0])
        if editable and not made and states[0].missing:
            tag = markup.tag(_("say whether a claim is made; no is an answer, too"), "open")
        markup.show(markup.tags(tag), width="content")


def title(edition: Edition, page: range) -> None:
    """Heading of a page: the section's title where it is alone, else the questionnaire's."""
    language, questionnaire = shared.language(), edition.questionnaire
    section = questionnaire.sections[page.start]
    if len(page) > 1:
        frame.heading(way.page_title(questionnaire, page))
        return
    frame.heading(section.title[language], section.intro[language] if section.intro else "")
    markup.show(markup.h2(way.page_title(questionnaire, page), kind="h-part"))


def near(address: str, label: str) -> None:
    """A link that loads the page anew, since a Streamlit link to the same screen keeps the old address."""
    shared.draw("parts/near.html.j2", address=address, label=label)


def scenarios_line(assessment: Assessment, share: GivenSection | None = None) -> None:
    """Task list entry for scenarios and measures, with their counts."""
    with st.container(key="task-impacts", horizontal=True, vertical_alignment="center"):
        near(shared.address("impacts", assessment=assessment.id), screens.title_of("impacts", shared.language()))
        count = len(assessment.scenarios)
        text = shared.many("{count} scenario", "{count} scenarios", count) if count else _("Not started")
        tags = [markup.tag(text, "plain" if count else "open")]
        if share is not None:
            tags.insert(0, giving.tag(share))
        markup.show(markup.tags(*tags), width="content")
