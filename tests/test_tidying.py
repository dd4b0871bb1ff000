"""What a server has loaded is set aside, and what is garbage all the same is found the next time.

In a process of its own: it looks through all that lives, and where many tests run that is all that they loaded.
"""

from __future__ import annotations

import gc
import subprocess
import sys
import weakref
from collections.abc import Callable

from pages._server import tidying


class _Part:
    other: _Part | None = None


def _in_own_process(told: Callable[[], None]) -> None:
    source = f"from {__name__} import {told.__name__} as told; told()"
    ended = subprocess.run([sys.executable, "-c", source], check=False, text=True, capture_output=True)
    assert ended.returncode == 0, ended.stderr


def test_what_lives_is_passed_over_and_what_dies_later_is_found_the_next_time() -> None:
    _in_own_process(_passes_over_what_lives)


def _passes_over_what_lives() -> None:
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
    _in_own_process(_finds_new_garbage)


def _finds_new_garbage() -> None:
    tidying.begin()
    assert gc.isenabled() and gc.get_threshold() == tidying.GENERATIONS
    tidying.set_aside()
    part = _Part()
    part.other = part
    gone = weakref.ref(part)
    del part
    gc.collect()
    assert gone() is None
