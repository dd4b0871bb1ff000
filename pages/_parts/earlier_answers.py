"""What earlier assessments of the same system answered, offered with its day and taken only when asked: offer."""

from __future__ import annotations

from collections.abc import Callable

from assessments.content.answers import check_answer
from assessments.errors import InvalidAnswerError
from assessments.model import Answer, Response
from assessments.storage.entries import EarlierAnswer
from pages._frame import markup, pressing, shared
from pages._frame.shared import _
from pages._parts import fields
from pages._parts.questions import Place, answer_open
from questionnaires import wording
from questionnaires.schema import Question


def offer(
    place: Place,
    question: Question,
    response: Response | None,
    answer: EarlierAnswer | None,
    then: Callable[[], None] | None = None,
) -> None:
    """Below a question that has no answer yet: the earlier one, if it is an answer to the question as it stands today.

    answer: None where there is none, or nothing can be taken over. then: as of a button of `pressing`.
    """
    language, key = shared.language(), f"earlier-{place.key(question.id)}"
    if response is not None and response.answer is not None:
        pressing.news(key)  # its button is gone, and only this part is drawn anew
    if answer is None:
        return
    value = _fitting(question, answer.value)
    if value is None:
        return
    text = _(
        "Answered on {day} (assessment {number}): {answer}",
        day=wording.day(answer.on, language),
        number=answer.assessment_id,
        answer=" ".join(fields.text_of(question, value, language).split()),
    )
    markup.show(markup.quiet(text))
    pressing.button(_("Use this answer"), key, _use, place, question.id, answer.value, then=then, type="tertiary")


def _fitting(question: Question, value: object) -> Answer | None:
    """None: today's question does not offer it."""
    try:
        return check_answer(question, value)
    except InvalidAnswerError:
        return None


def _use(place: Place, question: str, value: Answer) -> None:
    actor = shared.current_actor()
    with pressing.problems_kept():
        if answer_open(place, {question: value}, actor):
            pressing.tell(_("The earlier answer was taken over."))
        else:
            pressing.tell(_("Somebody answered this question meanwhile; that answer stands."), kind="note")
