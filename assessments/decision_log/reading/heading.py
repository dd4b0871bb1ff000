"""Where the header of a table stands: find_header, is_comment."""

from __future__ import annotations

from collections.abc import Sequence

from assessments.decision_log.reading.columns import REQUIRED, LogMapping, suggest

LOOKED_AT = 50
"""Rows at the top of a table among which its header is looked for."""


def find_header(rows: Sequence[Sequence[str]], mapping: LogMapping | None) -> int | None:
    """Place of the row that names the columns: all those of the mapping, or those that a log needs; else the first of three cells.

    None: there is no such row.
    """
    named = _names_log(rows, mapping)
    if named is not None:
        return named
    wide = (place for place, row in enumerate(rows) if not is_comment(row) and sum(map(bool, row)) >= len(REQUIRED))
    return next(wide, None)


def names_log(rows: Sequence[Sequence[str]], mapping: LogMapping | None) -> bool:
    """Whether one of the rows names the columns of a log."""
    return _names_log(rows, mapping) is not None


def is_comment(row: Sequence[str]) -> bool:
    """Nothing, or a line that starts with #."""
    return not any(row) or row[0].startswith("#")


def _names_log(rows: Sequence[Sequence[str]], mapping: LogMapping | None) -> int | None:
    mapped_headers = set(mapping.columns.values()) if mapping else set()
    for place, row in enumerate(rows[:LOOKED_AT]):
        if (
            mapped_headers <= set(row)
            if mapped_headers
            else sum(map(bool, row)) >= len(REQUIRED) and not suggest(row).missing
        ):
            return place
    return None
