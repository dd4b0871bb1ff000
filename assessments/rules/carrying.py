"""What a new revision took over from the one before it: marks, to_confirm. Pure.

A reassessment takes everything over; whatever stands there as it did before counts only once somebody has confirmed it. A
revision that corrects something takes over what is not touched without asking.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from assessments.model import Assessment, Person
from questionnaires import conditions
from questionnaires.schema import Questionnaire


class Mark(StrEnum):
    """How an answer, or a list, stands to the revision before."""

    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    TO_CONFIRM = "to_confirm"
    """Taken over, and nobody has said yet that it still holds."""


LISTS = ("scenarios", "measures", "evidence", "log")
"""What is confirmed as a whole."""


@dataclass(frozen=True)
class Carried:
    """Something that a reassessment took over."""

    lock_version: int
    """Of the answer as it was taken over."""
    confirmed_by: Person | None = None
    """None: nobody has confirmed it."""


def marks(now: Assessment, before: Assessment, carried: Mapping[str, Carried]) -> dict[str, Mark]:
    """`questionnaire.question`, or a list's name → its mark; what is nowhere has none. before: the revision it was copied from."""
    places = {}
    for name, responses in now.responses.items():
        earlier = before.responses.get(name, {})
        for question, response in responses.items():
            old, where = earlier.get(question), f"{name}.{question}"
            if old is None or (old.answer is None and response.answer is not None):
                places[where] = Mark.NEW
            elif (old.answer, old.note) != (response.answer, response.note):
                places[where] = Mark.CHANGED
            else:
                own = carried.get(where)
                waits = own is not None and own.confirmed_by is None and own.lock_version == response.lock_version
                places[where] = Mark.TO_CONFIRM if waits else Mark.UNCHANGED
    for name in LISTS:
        old_list, new_list = getattr(before, name), getattr(now, name)
        if not old_list and not new_list:
            continue
        if not old_list:
            places[name] = Mark.NEW
        elif old_list != new_list:
            places[name] = Mark.CHANGED
        else:
            own = carried.get(name)
            places[name] = Mark.TO_CONFIRM if own and own.confirmed_by is None else Mark.UNCHANGED
    return places


def to_confirm(
    marked: Mapping[str, Mark], questionnaires: Mapping[str, Questionnaire], now: Assessment
) -> tuple[str, ...]:
    """Places that wait for somebody to confirm them, in the order of the screens; a question that is surely hidden waits for nobody."""
    waiting = []
    for name, questionnaire in questionnaires.items():
        shown = conditions.visible(questionnaire, now.answers(name))
        waiting += [
            where
            for question in questionnaire.questions()
            if shown[question.id] is not False and marked.get(where := f"{name}.{question.id}") is Mark.TO_CONFIRM
        ]
    return (*waiting, *(name for name in LISTS if marked.get(name) is Mark.TO_CONFIRM))
