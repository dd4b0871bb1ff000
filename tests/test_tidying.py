"""What a server has loaded is set aside, and what is garbage all the same is found the next time."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Iterator

import pytest

from pages._server import tidying


class _Part:
    other: _Part | None = None


@pytest.fixture(autouse=True)
def thresholds() -> Iterator[None]:
    before = gc.get_threshold()
    yield
    gc.set_threshold(*before)


def test_what_lives_is_passed_over_and_what_dies_later_is_found_the_next_time() -> None:
    first, second = _Part(), _Part()
    first.other, second.other = second, first
    gone = weakref.ref(first)
    tidying.set_aside()
    assert gc.get_freeze_count() > 1_000
    del first, second
    gc.collect()
    assert gone() is not None, "it was set aside, and a look does not see it"
    tidying.set_aside()
    assert gone() is None


def test_new_garbage_is_found_as_ever() -> None:
    tidying.begin()
    assert gc.isenabled() and gc.get_threshold() == tidying.GENERATIONS
    tidying.set_aside()
    part = _Part()
    part.other = part
    gone = weakref.ref(part)
    del part
    gc.collect()
    assert gone() is None
