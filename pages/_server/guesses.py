"""How often a password, a code or a link may be tried: Guesses. It slows, by account and by address, and locks nobody out for good.

Counted in this process alone: a count on disk would let anybody make the database write by guessing, and each guess
costs a hash of its own besides.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from math import ceil
from time import time

from limits import parse
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

from assessments.storage.accounts import digest_of
from pages._server.admission import Admission, RefusedError, household


class Guesses:
    """Limits per account and address, per account from anywhere, and per address; a right guess counts in none of them."""

    def __init__(
        self,
        *,
        of_account_here: str = "10/15 minutes",
        of_account: str = "60/hour",
        of_address: str = "100/15 minutes",
        inside: int = 32,
        of_one: int = 8,
    ) -> None:
        """inside, of_one: compared or waiting for it, in all and of one address."""
        self._here, self._account, self._address = map(parse, (of_account_here, of_account, of_address))
        self._limiter = MovingWindowRateLimiter(MemoryStorage())
        self._places = Admission("1000000/second", "1000000/second", inside=inside, of_one=of_one)

    @contextmanager
    def guess(self, account: str, address: str) -> Iterator[Guess]:
        """One guess, which is wrong unless it is said to be right. An account that is not there is counted like any other.

        Raises: RefusedError if there were too many, or too many are compared at this moment.
        """
        made, house = Guess(), household(address)
        here = (self._here, f"account {digest_of(account)} at {house}")
        anywhere = ((self._account, f"account {digest_of(account)}"), (self._address, f"address {house}"))
        with self._places.place(house):
            for rate, key in (here, *anywhere):
                if not self._limiter.test(rate, key):
                    reset = self._limiter.get_window_stats(rate, key).reset_time
                    raise RefusedError(max(1, ceil(reset - time())))
            self._limiter.hit(*here)  # before it is compared, so that many at once are no way around it
            yield made
            if made.is_right:
                self._limiter.clear(*here)
            else:
                for rate, key in anywhere:
                    self._limiter.hit(rate, key)


class Guess:
    """What came of it."""

    def __init__(self) -> None:
        self.is_right = False
