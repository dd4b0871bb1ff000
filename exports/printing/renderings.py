"""Renderings in progress and recently finished: Renderings. At most two run at once; equal payloads share one."""

from __future__ import annotations

import hashlib
import threading
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor

from assessments import timing

AT_ONCE = 2
"""On two cores, more in parallel only slow each other down."""
KEPT_BYTES = 32 * 2**20


class Renderings:
    """Cache of renderings by payload. Requests for a payload that is already being rendered share that rendering.

    Made in threads of their own, so that whoever waits needs none. What was made lately is kept in memory; a failure is
    not, so that asking again tries again.
    """

    def __init__(self, make: Callable[[bytes], bytes], at_once: int = AT_ONCE, kept_bytes: int = KEPT_BYTES) -> None:
        self._make = make
        self._threads = ThreadPoolExecutor(at_once, thread_name_prefix="rendering")
        self._lock = threading.Lock()
        self._under_way: dict[bytes, Future[bytes]] = {}
        self._done: OrderedDict[bytes, bytes] = OrderedDict()
        self._kept_bytes = kept_bytes

    def of(self, payload: bytes) -> bytes:
        """Render, or wait for the rendering in progress. Raises: whatever `make` raises, in every waiting caller."""
        return self.begin(payload).result()

    def begin(self, payload: bytes) -> Future[bytes]:
        """The rendering's future: queued, running or done. Callers share it, so shield it from cancellation."""
        key = hashlib.sha256(payload).digest()
        with self._lock:
            if key in self._done:
                self._done.move_to_end(key)
                known: Future[bytes] = Future()
                known.set_result(self._done[key])
                return known
            under_way = self._under_way.get(key)
            if under_way is None:
                under_way = self._under_way[key] = self._threads.submit(self._made, key, payload)
            return under_way

    def __len__(self) -> int:
        """Renderings that are waited for."""
        with self._lock:
            return len(self._under_way)

    def drop_waiting(self) -> None:
        """Cancel all queued renderings when the server stops."""
        with self._lock:
            self._under_way = {key: future for key, future in self._under_way.items() if not future.cancel()}

    def _made(self, key: bytes, payload: bytes) -> bytes:
        try:
            with timing.timed(timing.PRINTING):
                made = self._make(payload)
        except BaseException:
            self._settle(key, None)
            raise
        self._settle(key, made)
        return made

    def _settle(self, key: bytes, made: bytes | None) -> None:
        with self._lock:
            self._under_way.pop(key, None)
            if made is not None:
                self._done[key] = made
            while sum(map(len, self._done.values())) > self._kept_bytes:
                self._done.popitem(last=False)
