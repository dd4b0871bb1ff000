"""Whose work the server does at this moment: the number of the request and the account, for its log. begun, acting, now."""

from __future__ import annotations

import secrets
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import cache

from assessments import monitoring
from assessments.file.decision_log import pseudonym_key


@dataclass
class Work:
    """A request, or a socket."""

    request: str = field(default_factory=lambda: secrets.token_hex(8))
    """Drawn by lot."""
    actor: str = ""
    """How the log calls the account; empty: nobody is signed in."""


_NOW: ContextVar[Work | None] = ContextVar("haetae_work", default=None)


def begun() -> Work:
    """From here on, and in all that is awaited from here, it is another request's work."""
    work = Work()
    _NOW.set(work)
    return work


def acting(actor_id: str) -> None:
    """Who is signed in, once that is known."""
    work = _NOW.get()
    if work is not None and actor_id:
        work.actor = _log_id(actor_id)


def now() -> Work | None:
    """None: what the server does for nobody in particular."""
    return _NOW.get()


@cache
def _log_id(actor_id: str) -> str:
    return monitoring.log_id(pseudonym_key(), actor_id)
