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
    kept: dict[int, Made] = {}

    def made(given: Given) -> Made:
        found = kept.get(id(given))
        if found is None:
            found = kept[id(given)] = make(given)
            weakref.finalize(given, kept.pop, id(given), None)
        return found

    return made
