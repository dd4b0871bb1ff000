"""Texts of other people made fit for a line that a reader trusts: legible for a value, legible_line for a whole line.

A file, a certificate or a name may hold signs that clear a terminal, end a line or turn the direction of writing. They
are shown by their number, never obeyed.
"""

from __future__ import annotations

from unicodedata import category

MOST = 100
"""Characters of a value; what is longer is cut, for nobody reads it and it pushes away what matters."""
MOST_OF_A_LINE = 4000
_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
"""Control, format (direction among them), lone surrogates, separators of lines and paragraphs."""


def legible(value: object, most: int = MOST) -> str:
    """A value on one line, cut; unseen characters stand as `<U+001B>`."""
    text = str(value)
    kept = text if len(text) <= most else text[:most] + "…"
    return "".join(_shown(sign) for sign in kept)


def legible_line(text: object) -> str:
    """A whole line, whose values may be long; a tab stays, for it only sets columns apart."""
    return "\t".join(legible(part, MOST_OF_A_LINE) for part in str(text)[: MOST_OF_A_LINE + 1].split("\t"))


def is_unseen(sign: str) -> bool:
    """Whether a character is obeyed instead of shown."""
    return category(sign) in _UNSEEN


def _shown(sign: str) -> str:
    return f"<U+{ord(sign):04X}>" if is_unseen(sign) else sign
