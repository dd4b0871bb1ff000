"""Work done once for each object: once while it lives, never for another one; and what is prepared is what is read."""

from __future__ import annotations

import gc
import weakref

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.rules import points
from questionnaires import conditions
from questionnaires.once import once_for_each
from tests.strategies import answered, scorable, thorough


class Thing:
    def __init__(self, name: str) -> None:
        self.name = name

    def __eq__(self, other: object) -> bool:
        return True

    def __hash__(self) -> int:
        return 1


def test_an_object_is_read_once_and_an_equal_one_for_itself() -> None:
    read: list[str] = []

    @once_for_each
    def name_of(thing: Thing) -> str:
        read.append(thing.name)
        return thing.name

    one, other = Thing("one"), Thing("other")
    assert [name_of(one), name_of(one), name_of(other)] == ["one", "one", "other"]
    assert read == ["one", "other"]


@pytest.mark.slow
def test_what_was_made_goes_when_the_object_goes() -> None:
    again = once_for_each(lambda thing: Thing(thing.name))
    thing = Thing("first")
    made = weakref.ref(again(thing))
    assert made() is not None
    del thing
    gc.collect()
    assert made() is None
    for place in range(100):  # a new one may well stand where an old one stood
        assert again(Thing(str(place))).name == str(place)


@thorough
@given(st.data())
def test_a_prepared_row_is_what_the_question_itself_gives(data: st.DataObject) -> None:
    asked = data.draw(scorable())
    answers = data.draw(answered(asked))
    shown = conditions.visible(asked, answers)
    plain = tuple(points.row(one, answers.get(one.id), shown[one.id]) for one in asked.scored_questions)
    assert points.trace(asked, answers, shown) == plain
