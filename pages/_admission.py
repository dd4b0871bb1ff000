"""How often, and how many at once, strangers may have something examined: Admission. Nothing of it is kept on disk."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from ipaddress import ip_address, ip_network
from math import ceil
from time import time

from limits import RateLimitItem, parse
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

BUSY_SECONDS = 15
"""After which somebody who found everything taken may try again."""


class RefusedError(Exception):
    """Too often, or too many at once. seconds: when to come again."""

    def __init__(self, seconds: int, *, is_busy: bool = False) -> None:
        super().__init__(seconds)
        self.seconds = seconds
        self.is_busy = is_busy


class Admission:
    """Counts requests by address and overall; lets few in, and fewer be worked on at the same time."""

    def __init__(self, per_address: str, overall: str, *, inside: int, of_one_address: int, at_once: int) -> None:
        """per_address, overall: like `12/minute`. inside, of_one_address: waiting or worked on, in all and of one address."""
        self._rates: tuple[RateLimitItem, RateLimitItem] = (parse(per_address), parse(overall))
        self._limiter = MovingWindowRateLimiter(MemoryStorage())
        self._lock = threading.Lock()
        self._inside: Counter[str] = Counter()
        """Address → places that it has taken."""
        self._most, self._most_of_one = inside, of_one_address
        self.turns = threading.BoundedSemaphore(at_once)
        """Taken by the thread that does the work."""

    def count(self, address: str) -> None:
        """A request that begins; it has no place yet, for it may be long in coming. Raises: RefusedError."""
        for rate, key in zip(self._rates, (_household(address), "everybody"), strict=True):
            if not self._limiter.hit(rate, key):
                reset = self._limiter.get_window_stats(rate, key).reset_time
                raise RefusedError(max(1, ceil(reset - time())))

    @contextmanager
    def place(self, address: str) -> Iterator[None]:
        """A place for a request that has arrived as a whole. Raises: RefusedError."""
        household = _household(address)
        with self._lock:
            if self._inside.total() >= self._most or self._inside[household] >= self._most_of_one:
                raise RefusedError(BUSY_SECONDS, is_busy=True)
            self._inside[household] += 1
        try:
            yield
        finally:
            with self._lock:
                self._inside[household] -= 1
                if not self._inside[household]:
                    del self._inside[household]


def _household(address: str) -> str:
    """The address; of IPv6 the network of 64 bits, which one household has to itself."""
    try:
        known = ip_address(address)
    except ValueError:
        return "unknown"
    return str(known) if known.version == 4 else str(ip_network((known, 64), strict=False))
