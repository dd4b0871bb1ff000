"""What takes time is told to whoever counts it, and to nobody where nobody does: listen, timed, took."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import perf_counter

Listener = Callable[[str, float, bool], None]
"""What was done, how many seconds it took, and whether it was done without a failure."""
READ_WAIT, WRITE_WAIT = "database read", "database write"
"""Waiting until the database lets somebody read or write."""
PRINTING = "printing"
_listeners: list[Listener] = []


def listen(listener: Listener) -> None:
    """Once for each listener, however often it is asked for."""
    if listener not in _listeners:
        _listeners.append(listener)


def took(what: str, seconds: float, *, is_done: bool = True) -> None:
    for listener in _listeners:
        listener(what, seconds, is_done)


@contextmanager
def timed(what: str) -> Iterator[None]:
    """Around what takes time."""
    began, is_done = perf_counter(), False
    try:
        yield
        is_done = True
    finally:
        took(what, perf_counter() - began, is_done=is_done)
