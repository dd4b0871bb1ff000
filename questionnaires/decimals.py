"""Numbers with at most one decimal place, exactly: counted in tenths, held and printed as the text of the number."""

from __future__ import annotations

import re

TENTHS = 10
"""In one."""
_WRITTEN = re.compile(r"(?:0|[1-9][0-9]{0,14})(?:\.[1-9])?")
"""The one way to write each of them: no leading zero, no trailing one."""


def is_written(text: str) -> bool:
    """Whether this is the text of such a number, as it is held."""
    return _WRITTEN.fullmatch(text) is not None


def tenths(text: str) -> int:
    """How many tenths it is. Raises: ValueError where the text is none that is held."""
    if not is_written(text):
        raise ValueError(f"{text!r} is no number with at most one decimal place.")
    whole, _, tenth = text.partition(".")
    return int(whole) * TENTHS + int(tenth or 0)


def written(count: int) -> str:
    """So many tenths as text: `245` is `24.5`, `250` is `25`. count: 0 or more."""
    whole, tenth = divmod(count, TENTHS)
    return f"{whole}.{tenth}" if tenth else str(whole)
