"""Which answers are noted in the security log, and how: answered, turned_away.

Decided here for every route there is and comes: what is handed out, taken in and refused. Strangers cannot fill the log: of one
address and of all together only so many refusals are noted a minute.
"""

from __future__ import annotations

from limits import parse
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter
from starlette.types import Scope

from assessments import security_log
from assessments.model import Actor
from assessments.security_log import Deed, Outcome
from pages._server import arrival, measuring, pools
from pages._server.admission import household

_OF_STRANGERS = MovingWindowRateLimiter(MemoryStorage())
_RATES = ((parse("30/minute"), True), (parse("240/minute"), False))
"""Rate, and whether it is that of one household."""
_BELOW = (
    ("/files/log/", "POST", Deed.UPLOAD),
    ("/_stcore/upload_file/", "PUT", Deed.UPLOAD),
    ("/files/", "GET", Deed.DOWNLOAD),
    ("/media/", "GET", Deed.DOWNLOAD),
    ("/verify", "POST", Deed.VERIFICATION),
)
"""Beginning of the path, method → what an answer there is."""
_ASKED_AGAIN = frozenset({"/alive", "/ready"})
"""A page that lies open asks this by itself, also when its session is over, and machines ask it all day."""
_REFUSED = frozenset({401, 403, 405, 408, 413, 429, 503})
"""Noted wherever they are answered; elsewhere other refusals tell of mistakes."""


async def turned_away(scope: Scope, reason: str) -> None:
    """A request, or a socket, that the gate did not let in."""
    measuring.turned_away(reason)
    await _note(scope, Deed.REQUEST, Outcome.REFUSED, None, reason)


async def answered(scope: Scope, status: int, actor: Actor | None) -> None:
    """An answer that was given, if it is one to note."""
    path, method = scope["path"], scope["method"]
    for beginning, of_method, deed in _BELOW:
        if path.startswith(beginning) and method == of_method:
            outcome = Outcome.DONE if status < 400 else Outcome.FAILED if status == 500 else Outcome.REFUSED
            await _note(scope, deed, outcome, actor, "" if status < 400 else str(status))
            return
    if path not in _ASKED_AGAIN and (status in _REFUSED or status >= 500):
        outcome = Outcome.FAILED if status == 500 else Outcome.REFUSED
        await _note(scope, Deed.REQUEST, outcome, actor, f"{method} {status}")


async def _note(scope: Scope, deed: Deed, outcome: Outcome, actor: Actor | None, reason: str) -> None:
    address = arrival.client(scope)
    if actor is None and outcome is not Outcome.DONE and not _is_room(address):
        return
    await pools.LOG.run(
        lambda: security_log.note(
            deed,
            outcome,
            actor=actor.id if actor else "",
            address=address,
            subject=security_log.place(scope["path"]),
            reason=reason,
        )
    )


def _is_room(address: str) -> bool:
    return all(_OF_STRANGERS.hit(rate, household(address) if is_own else "everybody") for rate, is_own in _RATES)
