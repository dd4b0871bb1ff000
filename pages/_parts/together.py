"""Questions of a section that offer the same answers, such as in place, planned, none: what is still open, answered in one go."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence

import streamlit as st

from assessments.model import Answer
from pages._frame import markup, pressing, shared
from pages._frame.shared import _
from pages._parts.questions import Place, answer_open
from questionnaires.schema import UNKNOWN, Option, Question

FEWEST = 3
"""For fewer, a click each is as quick."""
DEGREES = 3
"""Answers besides not known, at least: how far something is done can be said of several at once, yes and no cannot."""


def offer(
    place: Place,
    questions_there: Sequence[Question],
    visible: Sequence[Question],
    waiting: Collection[str],
    then: Callable[[], None] | None = None,
) -> None:
    """A button for each answer, for every group of open questions that share all of them.

    questions_there: of the section, shown or not. waiting: the ids of `unanswered`. then: as of a button of `pressing`.
    """
    language, groups = shared.language(), _alike(visible)
    drawn = {questions[0].id for questions in groups.values()}
    for question in questions_there:
        # answers together may have hidden questions of their own group, and with them its buttons
        for option in question.options if question.id not in drawn else ():
            pressing.news(f"together-{place.key(question.id)}-{option.value}")
    for options, questions in groups.items():
        names = tuple(question.id for question in questions if question.id in waiting)
        key = f"together-{place.key(questions[0].id)}"
        # drawn, if empty, also once all are answered: what stands below keeps its place, and fields what is typed in them
        with st.container(key=key, horizontal=True, vertical_alignment="center", gap="small"):
            if len(names) < FEWEST:
                for option in options:
                    pressing.news(f"{key}-{option.value}")  # its button is gone, and only this part is drawn anew
                continue
            labels = " · ".join(option.label[language] for option in options if option.value != UNKNOWN)
            text = _(
                "The {count} open questions with the answers {answers}, all at once:", count=len(names), answers=labels
            )
            markup.show(markup.quiet(text), width="content")
            for option in options:
                if option.value != UNKNOWN:
                    label = shared.literal(option.label[language])
                    pressing.button(label, f"{key}-{option.value}", _answer, place, names, option.value, then=then)


def unanswered(visible: Sequence[Question], answers: Mapping[str, Answer]) -> frozenset[str]:
    """Ids of the questions without an answer that could be answered together with others."""
    return frozenset(
        question.id for alike in _alike(visible).values() for question in alike if question.id not in answers
    )


def _alike(visible: Sequence[Question]) -> dict[tuple[Option, ...], list[Question]]:
    """Answers → the required questions that offer exactly these; of as many as are worth it."""
    groups: dict[tuple[tuple[str, str], ...], list[Question]] = {}
    for question in visible:
        degrees = [option for option in question.options if option.value != UNKNOWN]
        if question.options and not question.type.takes_several and question.required and len(degrees) >= DEGREES:
            shape = tuple((option.value, option.label.en) for option in question.options)
            groups.setdefault(shape, []).append(question)
    return {tuple(questions[0].options): questions for questions in groups.values() if len(questions) >= FEWEST}


def _answer(place: Place, questions: Sequence[str], value: str) -> None:
    """The same answer to each that is still open."""
    actor = shared.current_actor()
    with pressing.problems_kept():
        count = answer_open(place, dict.fromkeys(questions, value), actor)
        pressing.tell(shared.many("{count} question answered", "{count} questions answered", count))
