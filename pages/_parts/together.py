"""Questions of a section that offer the same answers, such as in place, planned, none: what is still open, answered in one go."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st

from assessments import actions
from assessments.model import Response
from assessments.storage import database, reader
from pages._frame import markup, pressing, shared
from pages._frame.shared import _
from pages._parts.questions import Place
from questionnaires.schema import UNKNOWN, Option, Question, QuestionType

FEWEST = 3
"""For fewer, a click each is as quick."""


def offer(place: Place, visible: Sequence[Question], responses: Mapping[str, Response]) -> None:
    """A button for each answer, for every group of open questions that share all of them."""
    language = shared.language()
    for options, questions in _alike(visible, responses).items():
        if len(questions) < FEWEST:
            continue
        key = f"together-{place.key(questions[0].id)}"
        with st.container(key=key, horizontal=True, vertical_alignment="center", gap="small"):
            labels = " · ".join(option.label[language] for option in options if option.value != UNKNOWN)
            text = _(
                "The {count} open questions with the answers {answers}, all at once:",
                count=len(questions),
                answers=labels,
            )
            markup.show(markup.quiet(text), width="content")
            for option in options:
                if option.value != UNKNOWN:
                    names = tuple(question.id for question in questions)
                    label = shared.literal(option.label[language])
                    pressing.button(label, f"{key}-{option.value}", _answer, place, names, option.value)


def _alike(visible: Sequence[Question], responses: Mapping[str, Response]) -> dict[tuple[Option, ...], list[Question]]:
    """Answers → the open questions that offer exactly these."""
    groups: dict[tuple[tuple[str, str], ...], list[Question]] = {}
    for question in visible:
        response = responses.get(question.id)
        if question.type is QuestionType.CHOICE and question.required and (response is None or response.answer is None):
            shape = tuple((option.value, option.label.en) for option in question.options)
            groups.setdefault(shape, []).append(question)
    return {tuple(questions[0].options): questions for questions in groups.values()}


def _answer(place: Place, questions: Sequence[str], value: str) -> None:
    """The same answer to each; one that somebody answered meanwhile is left alone."""
    actor = shared.current_actor()
    with pressing.problems_kept():
        with database.transaction() as session:
            stored = reader.get_assessment(session, place.assessment_id).responses.get(place.questionnaire, {})
            for question in questions:
                before = stored.get(question, Response(question, None))
                if before.answer is None:
                    response = Response(question, value, note=before.note, lock_version=before.lock_version)
                    actions.record_response(
                        session, place.assessment_id, place.questionnaire, response, actor, shared.now()
                    )
        pressing.tell(shared.many("{count} question answered", "{count} questions answered", len(questions)))
