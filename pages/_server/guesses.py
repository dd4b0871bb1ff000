"""How often a password, a code or a link may be tried: Guesses. It slows, by account and by address, and locks nobody out for good.

Where several servers share a database they count together in it. A guess over a limit writes nothing, the others cost a hash
each: so nobody can make the database write more than the servers can hash, nor keep more than an hour of that.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from math import ceil
from time import time

from limits import RateLimitItem, parse

from assessments.storage.accounts import digest_of
from pages._server.admission import Admission, RefusedError, household
from pages._server.counting import Counts

_Counted = tuple[RateLimitItem, str]
"""A rate, and what is counted."""


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
        self._counts = Counts("guesses")
        self._places = Admission("1000000/second", "1000000/second", inside=inside, of_one=of_one)

    @asynccontextmanager
    async def guess(self, account: str, address: str) -> AsyncIterator[Guess]:
        """One guess, which is wrong unless it is said to be right. An account that is not there is counted like any other.

        Raises: RefusedError if there were too many, or too many are compared at this moment; AssessmentError where nothing can
        be counted.
        """
        made, house = Guess(), household(address)
        here = (self._here, f"account {digest_of(account)} at {house}")
        anywhere = ((self._account, f"account {digest_of(account)}"), (self._address, f"address {house}"))
        with self._places.place(house):
            await self._counts.run(self._begin, here, anywhere)
            yield made
            await self._counts.run(self._end, here, anywhere, made.is_right)

    def _begin(self, here: _Counted, anywhere: Sequence[_Counted]) -> None:
        limiter = self._counts.limiter
        for key in (here, *anywhere):
            if not limiter.test(*key):
                raise RefusedError(max(1, ceil(limiter.get_window_stats(*key).reset_time - time())))
        if not limiter.hit(*here):  # before it is compared, so that many at once are no way around it
            raise RefusedError(max(1, ceil(limiter.get_window_stats(*here).reset_time - time())))

    def _end(self, here: _Counted, anywhere: Sequence[_Counted], is_right: bool) -> None:
        if is_right:
            self._counts.limiter.clear(*here)
        for key in () if is_right else anywhere:
            self._counts.limiter.hit(*key)


class Guess:
    """What came of it."""

    def __init__(self) -> None:
        self.is_right = False
