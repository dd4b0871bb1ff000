"""Sections of a questionnaire: progress, one section as a fragment, navigation between them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

import streamlit as st
from markupsafe import Markup

from assessments.derived import Findings
from assessments.model import Actor, Assessment
from assessments.rights import may
from assessments.rules.findings import CLAIM
from assessments.storage import database, reader
from pages._frame import frame, markup, screens, shared
from pages._frame.shared import _
from pages._parts import contradictions, findings, places, questions
from questionnaires import conditions
from questionnaires.load import Edition
from questionnaires.schema import Section

Extra = Callable[[Assessment, dict[str, Edition], Findings], None]


@dataclass(frozen=True)
class Progress:
    """Progress of a section; questions that are definitely hidden do not count."""

    questions: int
    answered: int
    missing: int
    """Number of required questions without an answer, as listed in the gaps."""

    @property
    def kind(self) -> str:
        """done, begun, untouched."""
        if self.answered == 0 and (self.missing or self.questions):
            return "untouched"
        return "begun" if self.missing else "done"


def progress(assessment: Assessment, edition: Edition, section: Section, results: Findings) -> Progress:
    questionnaire = edition.questionnaire
    answers = assessment.answers(questionnaire.id)
    visibility = conditions.visible(questionnaire, answers)
    question_ids = [question.id for question in section.questions if visibility[question.id] is not False]
    places = {f"{questionnaire.id}.{question_id}" for question_id in question_ids}
    missing = sum(gap.where in places for gap in results.gaps)
    return Progress(len(question_ids), sum(question_id in answers for question_id in question_ids), missing)


def progress_tag(state: Progress) -> Markup:
    """Badge: not started, n of m, completed. Only open work is coloured."""
    texts = {
        "untouched": (_("Not started"), "open"),
        "begun": (_("{answered} of {asked} answered", answered=state.answered, asked=state.questions), "open"),
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


@st.fragment
def show(assessment_id: int, questionnaire_id: str, place: int, actor: Actor, extra: Extra | None = None) -> None:
    """One section with the results so far above it; reruns on its own after each answer."""
    with database.reading() as session:
        assessment = reader.get_assessment(session, assessment_id)
    pinned = shared.editions_of(assessment)
    edition = pinned[questionnaire_id]
    questionnaire, section = edition.questionnaire, edition.questionnaire.sections[place]
    where = questions.Place(assessment_id, assessment.revision, questionnaire_id)
    if questions.receive(where, section.questions, actor):
        with database.reading() as session:
            assessment = reader.get_assessment(session, assessment_id)
    results = shared.findings_of(assessment, pinned)
    editable = assessment.status.is_editable and may(actor, "record_response")
    findings.strip(results, progress_tag(progress(assessment, edition, section, results)))
    if not editable:
        markup.show(
            markup.notice("note", _("This revision can be read here; it cannot be changed now, or not by you."))
        )
    answers = assessment.answers(questionnaire_id)
    visibility = conditions.visible(questionnaire, answers)
    responses = assessment.responses.get(questionnaire_id, {})
    for number, question in enumerate(section.questions, 1):
        if visibility[question.id] is False:
            continue
        questions.show(
            where,
            edition,
            section.id,
            question,
            f"{place + 1}.{number}",
            responses.get(question.id),
            actor,
            maybe=visibility[question.id] is None,
            editable=editable,
            against=partial(contradictions.beside, f"{questionnaire_id}.{question.id}", results, assessment, pinned),
        )
    if extra:
        extra(assessment, pinned, results)


def listed(assessment: Assessment, edition: Edition, results: Findings, *, is_here: bool = False) -> None:
    """All sections as a task list: link, progress, and the finding if it is a part of the claim.

    is_here: they are answered on the screen that shows the list.
    """
    language = shared.language()
    parts = {part.part: part.finding for part in results.claim.parts} if edition.id == CLAIM else {}
    with st.container(key=f"list-{edition.id}", gap=None):
        for number, section in enumerate(edition.questionnaire.sections, 1):
            with st.container(horizontal=True, key=f"task-{edition.id}-{section.id}", vertical_alignment="center"):
                go = _near if is_here else _link
                go(assessment, edition, section.id, f"{number}. {section.title[language]}")
                tags = [progress_tag(progress(assessment, edition, section, results))]
                if section.id in parts:
                    tags.insert(0, findings.finding_tag(parts[section.id]))
                markup.show(markup.tags(*tags), width="content")


def onward(assessment: Assessment, pinned: Mapping[str, Edition], edition: Edition, place: int) -> None:
    """Links to the previous and next section, the next questionnaire and the task list."""
    language, sections, order = shared.language(), edition.questionnaire.sections, list(pinned)
    with st.container(horizontal=True, key="onward", horizontal_alignment="distribute"):
        if place > 0:
            _near(assessment, edition, sections[place - 1].id, f"← {sections[place - 1].title[language]}")
        else:
            _screen_link(assessment, "assessment", "← " + _("Task list"))
        if place + 1 < len(sections):
            _near(assessment, edition, sections[place + 1].id, f"{sections[place + 1].title[language]} →")
        elif edition.id != order[-1]:
            after = pinned[order[order.index(edition.id) + 1]]
            go = _near if places.screen_of(after.id) == places.screen_of(edition.id) else _link
            go(assessment, after, None, f"{after.questionnaire.title[language]} →")
        else:
            _screen_link(assessment, "review", f"{screens.title_of('review', language)} →")


def title(edition: Edition, place: int) -> None:
    """Heading of a section, with its position and introduction."""
    language, section = shared.language(), edition.questionnaire.sections[place]
    count = len(edition.questionnaire.sections)
    frame.heading(section.title[language], section.intro[language] if section.intro else "")
    part = _(
        "{title}: section {number} of {count}",
        title=edition.questionnaire.title[language],
        number=place + 1,
        count=count,
    )
    markup.show(markup.paragraph(part, "h-quiet h-part"))


def _link(assessment: Assessment, edition: Edition, section: str | None, label: str) -> None:
    st.page_link(
        frame.FOLDER / f"{places.screen_of(edition.id)}.py",
        label=shared.literal(label),
        query_params=places.address_query(assessment, edition.id, section),
    )


def _near(assessment: Assessment, edition: Edition, section: str | None, label: str) -> None:
    """Link to another section on the same screen; reloads the page, since a Streamlit self-link keeps the old address."""
    query = places.address_query(assessment, edition.id, section)
    shared.draw("parts/near.html.j2", address=shared.address(places.screen_of(edition.id), **query), label=label)


def _screen_link(assessment: Assessment, screen: str, label: str) -> None:
    st.page_link(frame.FOLDER / f"{screen}.py", label=label, query_params={"assessment": str(assessment.id)})


def scenarios_line(assessment: Assessment) -> None:
    """Task list entry for scenarios and measures, with their counts."""
    with st.container(key="task-impacts", horizontal=True, vertical_alignment="center"):
        st.page_link(
            frame.FOLDER / "impacts.py",
            label=screens.title_of("impacts", shared.language()),
            query_params={"assessment": str(assessment.id)},
        )
        count = len(assessment.scenarios)
        text = shared.many("{count} scenario", "{count} scenarios", count) if count else _("Not started")
        markup.show(markup.tags(markup.tag(text, "plain" if count else "open")), width="content")
