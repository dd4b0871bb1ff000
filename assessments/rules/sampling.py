"""A random sample that anybody can draw again: draw."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

Decision = tuple[int, int]
"""Numbers of an assessment and of the revision that was decided on."""


def draw(decisions: Iterable[Decision], seed: str, size: int) -> tuple[Decision, ...]:
    """Those with the smallest SHA-256 of `seed:assessment:revision`, in UTF-8, in that order; all where there are no more.

    Each is as likely as any other, a larger sample begins with the smaller one, and a further decision moves none that is drawn
    but the last.
    """

    def ticket(decision: Decision) -> str:
        assessment, revision = decision
        return hashlib.sha256(f"{seed}:{assessment}:{revision}".encode()).hexdigest()

    return tuple(sorted(decisions, key=ticket)[: max(0, size)])
