"""How often, and how many at once, somebody may have something made or examined: Admission."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from ipaddress import ip_address, ip_network
from math import ceil
from time import time

from limits import RateLimitItem, parse

from pages._server.counting import Counts

BUSY_SECONDS = 15
"""After which somebody who found everything taken may try again."""


class RefusedError(Exception):
    """Too often, or too many at once.

    seconds: when to come again; is_busy: too many at once; is_own: of whoever asks, and not of all together.
    """

    def __init__(self, seconds: int, *, is_busy: bool = False, is_own: bool = False) -> None:
        super().__init__(seconds)
        self.seconds = seconds
        self.is_busy = is_busy
        self.is_own = is_own


class Admission:
    """Rate limit per client and overall, with an even lower limit on concurrent requests."""

    def __init__(
        self, per_asker: str, overall: str, *, inside: int, of_one: int, at_once: int = 1, counted: str = ""
    ) -> None:
        """per_asker, overall: like `12/minute`. inside, of_one: waiting or worked on by this server, in all and of one asker.

        counted: name under which all servers of one database count together; empty: each for itself, as it guards its own
        processor.
        """
        self._rates: tuple[RateLimitItem, RateLimitItem] = (parse(per_asker), parse(overall))
        self._counts = Counts(counted)
        self._lock = threading.Lock()
        self._inside: Counter[str] = Counter()
        """Asker → places that are taken."""
        self._most, self._most_of_one = inside, of_one
        self.turns = threading.BoundedSemaphore(at_once)
        """Taken by the thread that does the work."""

    def __len__(self) -> int:
        """Places that are taken now."""
        with self._lock:
            return self._inside.total()

    async def counted(self, asker: str) -> None:
        """Like `count`, without keeping others waiting while a database counts. Raises: RefusedError, AssessmentError."""
        await self._counts.run(self.count, asker)

    def count(self, asker: str) -> None:
        """A request that begins; it has no place yet, for it may be long in coming. Raises: RefusedError.

        Where one of the rates is reached nothing is written, neither of the asker nor of all.
        """
        limiter = self._counts.limiter
        keys = tuple(
            (rate, self._counts.name, key)
            for rate, key in zip(self._rates, (f"asker {asker}", "everybody"), strict=True)
        )
        if not all(limiter.test(*key) for key in keys) or not all(limiter.hit(*key) for key in keys):
            reset = max(
                (limiter.get_window_stats(*key).reset_time for key in keys if not limiter.test(*key)), default=time()
            )
            raise RefusedError(max(1, ceil(reset - time())))

    @contextmanager
    def place(self, asker: str) -> Iterator[None]:
        """A place for a request that has arrived as a whole. Raises: RefusedError."""
        with self._lock:
            is_own = self._inside[asker] >= self._most_of_one
            if is_own or self._inside.total() >= self._most:
                raise RefusedError(BUSY_SECONDS, is_busy=True, is_own=is_own)
            self._inside[asker] += 1
        try:
            yield
        finally:
            with self._lock:
                self._inside[asker] -= 1
                if not self._inside[asker]:
                    del self._inside[asker]


def household(address: str) -> str:
    """The address; of IPv6 the network of 64 bits, which one household has to itself."""
    try:
        known = ip_address(address)
    except ValueError:
        return "unknown"
    return str(known) if known.version == 4 else str(ip_network((known, 64), strict=False))
