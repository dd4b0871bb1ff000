"""Where it is counted how often somebody tried: Counts. By all servers of one database together, or in this process where it is alone."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

from assessments.storage import installation
from assessments.storage.rate_limits import SharedCounts
from pages._server import pools

T = TypeVar("T")


class Counts:
    """A moving window, each with what it counts under a name of its own."""

    def __init__(self, name: str) -> None:
        """name: under which servers count together. Empty: each counts for itself, for it guards what each has of its own."""
        self.name = name
        self._own = MovingWindowRateLimiter(MemoryStorage())
        self._of_all = MovingWindowRateLimiter(SharedCounts())

    @property
    def is_shared(self) -> bool:
        return bool(self.name) and installation.is_shared()

    @property
    def limiter(self) -> MovingWindowRateLimiter:
        return self._of_all if self.is_shared else self._own

    async def run(self, work: Callable[..., T], *arguments: object) -> T:
        """What counts; in a thread where that waits for a server."""
        return await pools.DOORS.run(work, *arguments) if self.is_shared else work(*arguments)
