"""Values as they go into a text: filled_in. A day in words; thousands set apart in amounts, and in no number that names something."""

from __future__ import annotations

from datetime import date, datetime

from questionnaires import days

AMOUNTS = frozenset(
    (
        *("count", "total", "all", "shown", "rows", "lines", "n", "most", "limit", "days", "times", "cases", "people"),
        *("done", "left", "used", "changed", "tested", "tried", "seen", "answers", "measures", "scenarios", "unknown"),
        *("answered", "asked", "claimed", "files", "flagged", "half", "length", "months", "size", "without"),
    )
)
"""Names in texts of how many there are. Of others, such as a year or the number of an assessment, no digit is set apart."""


class Amount(int):
    """Written with a comma between thousands, as Korean and English do; a format of its own in the text counts first."""

    def __str__(self) -> str:
        return f"{int(self):,}"


def filled_in(name: str, value: object, language: str) -> object:
    """name: by which the text asks for it."""
    if isinstance(value, date) and not isinstance(value, datetime):
        return days.day(value, language)
    if name in AMOUNTS and isinstance(value, int) and not isinstance(value, bool):
        return Amount(value)
    return value
