"""What this browser still holds of the reader's answers: saved from any screen, or listed there until its reader decides."""

from __future__ import annotations

from typing import Any

import streamlit as st

from assessments import editions, viewing
from assessments.errors import AssessmentError
from assessments.model import Actor
from pages._field import component, forms
from pages._field.letter import Letter, Verdict
from pages._frame import database, shared
from pages._parts import questions
from questionnaires.schema import Question
from questionnaires.texts import texts_of

TEXTS = texts_of(__file__)
KEY = "unsaved"
_MOST = 20
"""Letters taken from one message; the browser sends no more at a time."""


def show(actor: Actor) -> None:
    """Drawn on every screen, before it: what is saved here is already in what the screen reads."""
    verdicts = _receive(actor)
    forms.hear(_post(), actor)
    content = {
        "kind": "keeper",
        "person": actor.id,
        "verdicts": {nonce: verdict.json(shared.language()) for nonce, verdict in verdicts.items()},
        **forms.begin(actor),
    }
    component.mount(KEY, content, on_post_change=lambda: None)


def _post() -> dict[str, Any]:
    """The last message of the browser."""
    post = (st.session_state.get(KEY) or {}).get("post")
    return post if isinstance(post, dict) else {}


def _receive(actor: Actor) -> dict[str, Verdict]:
    """Verdict on each letter of the last message; one that is final is not looked at again."""
    letters = _post().get("letters")
    before: dict[str, Verdict] = st.session_state.get(f"{KEY}-verdicts") or {}
    verdicts: dict[str, Verdict] = {}
    for content in (letters if isinstance(letters, list) else [])[:_MOST]:
        letter = Letter.of(content)
        if letter is not None:
            earlier = before.get(letter.nonce)
            is_settled = earlier is not None and earlier.is_final
            verdicts[letter.nonce] = earlier if is_settled and earlier else _settle(content.get("place"), letter, actor)
    st.session_state[f"{KEY}-verdicts"] = verdicts
    return verdicts


def _settle(address: Any, letter: Letter, actor: Actor) -> Verdict:
    match address:
        case [int(assessment_id), int(revision), str(questionnaire), str(question_id)]:
            place = questions.Place(assessment_id, revision, questionnaire)
            try:
                question = _question(place, question_id, actor)
            except AssessmentError as error:
                return Verdict(letter.nonce, "refused", error.text)
            if question is not None and letter.token == place.token(question_id, actor):
                return questions.settle(place, question, letter, actor)
    return Verdict(letter.nonce, "refused", TEXTS.told("no_longer_open").text)


def _question(place: questions.Place, question_id: str, actor: Actor) -> Question | None:
    """None: the revision is no longer the one that is open, or does not ask it."""
    with database.reading() as session:
        assessment = viewing.assessment(session, actor, place.assessment_id)
    edition = editions.for_assessment(assessment).get(place.questionnaire)
    if edition is None or assessment.revision != place.revision:
        return None
    asked_here = (question for section in edition.questionnaire.sections for question in section.questions)
    return next((question for question in asked_here if question.id == question_id), None)
