"""Sections of a questionnaire: how far each has come, one of them as a fragment, the way from one to the next."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from html import escape

import streamlit as st

from assessments.derived import Findings
from assessments.model import Actor, Assessment
from assessments.rights import may
from assessments.storage import database, reader
from pages import _findings, _frame, _questions, _shared
from pages._shared import _
from questionnaires import conditions
from questionnaires.load import Edition
from questionnaires.schema import Section

Extra = Callable[[Assessment, dict[str, Edition], Findings], None]


@dataclass(frozen=True)
class Progress:
    """How far a section has come; only questions that are not surely hidden count."""

    asked: int
    answered: int
    missing: int
    """Required questions without an answer, as the gaps list them."""

    @property
    def kind(self) -> str:
        """done, begun, untouched."""
        if self.answered == 0 and (self.missing or self.asked):
            return "untouched"
        return "begun" if self.missing else "done"


def progress(assessment: Assessment, edition: Edition, section: Section, found: Findings) -> Progress:
    questionnaire = edition.questionnaire
    answers = assessment.answers(questionnaire.id)
    visibility = conditions.visible(questionnaire, answers)
    asked = [one.id for one in section.questions if visibility[one.id] is not False]
    places = {f"{questionnaire.id}.{one}" for one in asked}
    missing = sum(gap.where in places for gap in found.gaps)
    return Progress(len(asked), sum(one in answers for one in asked), missing)


def progress_tag(one: Progress) -> str:
    """HTML: not begun, n of m, done. Only what is to be done has colour."""
    texts = {
        "untouched": (_("Not started"), "open"),
        "begun": (_("{answered} of {asked} answered", answered=one.answered, asked=one.asked), "open"),
        "done": (_("Completed"), "plain"),
    }
    text, kind = texts[one.kind]
    return _shared.tag(text, kind)


def chosen(edition: Edition) -> int | None:
    """The place of the section that the address names. None: it names none."""
    asked = st.query_params.get("section", "")
    names = [one.id for one in edition.questionnaire.sections]
    return names.index(asked) if asked in names else None


@st.fragment
def show(assessment_id: int, questionnaire_id: str, place: int, actor: Actor, extra: Extra | None = None) -> None:
    """One section; drawn again by itself after each answer, with the results so far above it."""
    with database.reading() as session:
        assessment = reader.get_assessment(session, assessment_id)
    pinned = _shared.editions_of(assessment)
    edition = pinned[questionnaire_id]
    questionnaire, section = edition.questionnaire, edition.questionnaire.sections[place]
    found = _shared.findings_of(assessment, pinned)
    editable = assessment.status.is_editable and may(actor, "record_response")
    _findings.strip(found, progress_tag(progress(assessment, edition, section, found)))
    if not editable:
        st.html(_shared.notice("note", _("This revision can be read here; it cannot be changed now, or not by you.")))
    answers = assessment.answers(questionnaire_id)
    visibility = conditions.visible(questionnaire, answers)
    given = assessment.responses.get(questionnaire_id, {})
    where = _questions.Place(assessment_id, assessment.revision, questionnaire_id)
    for number, question in enumerate(section.questions, 1):
        if visibility[question.id] is False:
            continue
        _questions.show(
            where,
            edition,
            question,
            f"{place + 1}.{number}",
            given.get(question.id),
            maybe=visibility[question.id] is None,
            editable=editable,
        )
    if extra:
        extra(assessment, pinned, found)


def listed(screen: str, assessment: Assessment, edition: Edition, found: Findings) -> None:
    """All sections as a task list: the link, how far it has come, and the finding where it is a part of the claim."""
    language = _shared.language()
    parts = {part.part: part.finding for part in found.claim.parts}
    with st.container(key=f"list-{screen}", gap=None):
        for number, section in enumerate(edition.questionnaire.sections, 1):
            with st.container(horizontal=True, key=f"list-{screen}-{section.id}", vertical_alignment="center"):
                _link(screen, assessment, section.id, f"{number}. {section.title[language]}")
                tags = [progress_tag(progress(assessment, edition, section, found))]
                if section.id in parts:
                    tags.insert(0, _findings.finding_tag(parts[section.id]))
                st.html(f'<p class="h-tags">{"".join(tags)}</p>', width="content")


def onward(screen: str, assessment: Assessment, edition: Edition, place: int) -> None:
    """To the section before and after, and back to the task list."""
    language, sections = _shared.language(), edition.questionnaire.sections
    with st.container(horizontal=True, key="onward", horizontal_alignment="distribute"):
        if place > 0:
            _link(screen, assessment, sections[place - 1].id, f"← {sections[place - 1].title[language]}")
        else:
            _link("assessment", assessment, None, "← " + _("Task list"))
        if place + 1 < len(sections):
            _link(screen, assessment, sections[place + 1].id, f"{sections[place + 1].title[language]} →")
        else:
            after = "involvement" if screen == "answer" else "review"
            _link(after, assessment, None, f"{_frame.title_of(after, language)} →")


def title(edition: Edition, place: int) -> None:
    """Heading of a section, with its place among the others and what it is about."""
    language, section = _shared.language(), edition.questionnaire.sections[place]
    count = len(edition.questionnaire.sections)
    _frame.heading(section.title[language], section.intro[language] if section.intro else "")
    part = _(
        "{title}: section {number} of {count}",
        title=edition.questionnaire.title[language],
        number=place + 1,
        count=count,
    )
    st.html(f'<p class="h-quiet h-part">{escape(part)}</p>')


def _link(screen: str, assessment: Assessment, section: str | None, label: str) -> None:
    query = {"assessment": str(assessment.id)} | ({"section": section} if section else {})
    st.page_link(_frame.FOLDER / f"{screen}.py", label=_shared.plain(label), query_params=query)
