"""Renderings under way and lately done: Renderings. Never more than two at once, and the same thing never twice."""

from __future__ import annotations

import hashlib
import threading
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import Future

AT_ONCE = 2
"""On two cores more at once only make each other wait."""
KEPT_BYTES = 32 * 2**20


class Renderings:
    """What is made of a payload. Whoever asks for the same while it is being made waits for the one rendering.

    What was made lately is kept in memory; a failure is not, so that asking again tries again.
    """

    def __init__(self, make: Callable[[bytes], bytes], at_once: int = AT_ONCE, kept_bytes: int = KEPT_BYTES) -> None:
        self._make = make
        self._turns = threading.BoundedSemaphore(at_once)
        self._lock = threading.Lock()
        self._under_way: dict[bytes, Future[bytes]] = {}
        self._done: OrderedDict[bytes, bytes] = OrderedDict()
        self._kept_bytes = kept_bytes

    def of(self, payload: bytes) -> bytes:
        """Raises: whatever `make` raises, to everybody who waited for it."""
        key = hashlib.sha256(payload).digest()
        with self._lock:
            if key in self._done:
                self._done.move_to_end(key)
                return self._done[key]
            waiting = self._under_way.get(key)
            if waiting is None:
                mine = self._under_way[key] = Future()
        if waiting is not None:
            return waiting.result()
        try:
            with self._turns:
                made = self._make(payload)
        except BaseException as error:
            self._settle(key, None)
            mine.set_exception(error)
            raise
        self._settle(key, made)
        mine.set_result(made)
        return made

    def _settle(self, key: bytes, made: bytes | None) -> None:
        with self._lock:
            del self._under_way[key]
            if made is not None:
                self._done[key] = made
            while sum(map(len, self._done.values())) > self._kept_bytes:
                self._done.popitem(last=False)
