"""Answers to be checked: every question that is not surely hidden, its answer, its note, a way to change it."""

from __future__ import annotations

import streamlit as st
from markupsafe import Markup

from assessments.model import Assessment, Response
from pages._frame import markup, shared
from pages._parts import discussion, places, questions
from pages._parts.discussion import Talk
from questionnaires import conditions
from questionnaires.load import Edition
from questionnaires.schema import Section


def show(assessment: Assessment, edition: Edition, *, editable: bool, talk: Talk | None = None) -> None:
    """One questionnaire, section by section; changing leads to the question itself. talk: what people say, where it is shown."""
    language = shared.language()
    answers = assessment.answers(edition.questionnaire.id)
    visibility = conditions.visible(edition.questionnaire, answers)
    for number, section in enumerate(edition.questionnaire.sections, 1):
        answered = sum(question.id in answers for question in section.questions)
        visible = sum(visibility[question.id] is not False for question in section.questions)
        label = f"{number}. {section.title[language]} ({answered}/{visible})"
        with st.expander(shared.literal(label), expanded=number == 1):
            markup.show(_section(assessment, edition, section, visibility, talk, editable=editable))


def _section(
    assessment: Assessment,
    edition: Edition,
    section: Section,
    visibility: dict[str, bool | None],
    talk: Talk | None,
    *,
    editable: bool,
) -> Markup:
    language = shared.language()
    responses = assessment.responses.get(edition.questionnaire.id, {})
    rows = []
    for question in section.questions:
        if visibility[question.id] is False:
            continue
        response = responses.get(question.id)
        answer = questions.reading(question, response or Response(question.id, None), language)
        query = places.address_query(assessment, edition.id, section.id)
        where = shared.address(places.screen_of(edition.id), question.id, **query)
        change = where if editable else ""
        if talk is not None:
            answer += discussion.beside(f"{edition.id}.{question.id}", question.text[language], talk)
        rows.append((question.text[language], answer, change))
    return shared.render("parts/answers.html.j2", rows=rows)
