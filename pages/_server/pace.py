"""A least speed for what strangers send: paced. Somebody who sends a byte a second holds nothing for long."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from starlette.requests import Request
from starlette.types import Message

from pages._server.received import TooSlowError


@dataclass(frozen=True)
class Pace:
    """How slowly a body may come in, on the whole."""

    bytes_per_second: float
    grace_seconds: float
    """For which nothing is asked; a line may falter."""

    def seconds(self, taken: int) -> float:
        """Seconds from the start by which the next byte must arrive, given the number received."""
        return self.grace_seconds + taken / self.bytes_per_second


def paced(request: Request, pace: Pace) -> Request:
    """The request, with a body that raises TooSlowError if it arrives too slowly."""
    begun, taken = asyncio.get_running_loop().time(), 0

    async def receive() -> Message:
        nonlocal taken
        try:
            async with asyncio.timeout_at(begun + pace.seconds(taken)):
                message = await request.receive()
        except TimeoutError:
            raise TooSlowError from None
        taken += len(message.get("body", b""))
        return message

    return Request(request.scope, receive)
