"""Work done once for each object: once_for_each."""

from __future__ import annotations

import weakref
from collections.abc import Callable
from typing import TypeVar

Given = TypeVar("Given")
Made = TypeVar("Made")


def once_for_each(make: Callable[[Given], Made]) -> Callable[[Given], Made]:
    """`make`, which remembers what it made of an object for as long as that object lives.

    Only for what follows from a frozen object alone, and what is made must not refer back to the object. Told apart
    by identity, for comparing two questionnaires takes longer than reading one.
    """
    made_of: dict[int, Made] = {}

    def made(source: Given) -> Made:
        result = made_of.get(id(source))
        if result is None:
            result = made_of[id(source)] = make(source)
            weakref.finalize(source, made_of.pop, id(source), None)
        return result

    return made
