"""Texts of other people made fit for a line that a reader trusts: legible for a value, legible_line, folded, legible_json.

A file, a certificate or a name may hold characters that clear a terminal, end a line or turn the direction of writing. They
are shown by their number, never obeyed.
"""

from __future__ import annotations

import json
from unicodedata import category, east_asian_width

MOST = 100
"""Characters of a value; what is longer is cut, for nobody reads it and it pushes away what matters."""
MOST_OF_A_LINE = 4000
_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
"""Control, format (direction among them), lone surrogates, separators of lines and paragraphs."""


def legible(value: object, most: int = MOST) -> str:
    """A value on one line, cut; unseen characters stand as `<U+001B>`."""
    text = str(value)
    shortened = text if len(text) <= most else text[:most] + "…"
    if shortened.isprintable():  # nothing of _UNSEEN is
        return shortened
    return "".join(_visible_form(character) for character in shortened)


def legible_line(text: object) -> str:
    """A whole line, whose values may be long; a tab stays, for it only sets columns apart."""
    return "\t".join(legible(part, MOST_OF_A_LINE) for part in str(text)[: MOST_OF_A_LINE + 1].split("\t"))


def folded(line: str, columns: int, indent: int) -> list[str]:
    """The line as rows of a terminal, all but the first set in. Hangul takes two columns.

    A terminal that folds by itself begins the next row at its edge, where what somebody else wrote passes for a line of ours.
    """
    rows, row, taken = [], "", 0
    room = max(columns, indent + 20)
    for character in line:
        width = 2 if east_asian_width(character) in ("W", "F") else 1
        if taken + width > room:
            head, space, tail = row.rpartition(" ")
            carried = tail if space and head.strip() and len(tail) < room // 2 else ""
            rows.append(row[: len(row) - len(carried)].rstrip())
            row = " " * indent + carried
            taken = sum(2 if east_asian_width(character) in ("W", "F") else 1 for character in row)
        row += character
        taken += width
    return [*rows, row]


def legible_json(data: object, indent: int | None = None) -> str:
    """JSON in which what a terminal obeys is escaped, as JSON allows; whoever reads it gets everything back."""
    written = json.dumps(data, ensure_ascii=False, indent=indent, sort_keys=indent is not None)
    return "".join(
        json.dumps(character)[1:-1] if character != "\n" and is_unseen(character) else character
        for character in written
    )


def is_unseen(character: str) -> bool:
    """Whether a character is obeyed instead of shown."""
    return category(character) in _UNSEEN


def _visible_form(character: str) -> str:
    return f"<U+{ord(character):04X}>" if is_unseen(character) else character
