"""Words inside a picture, which no layout breaks or moves: width, shortened, in_lines, spaced, every.

Widths are a little more than those of the report's font, so that what fits by them fits on paper.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

_WIDE = frozenset("%@&MWmw\\")
_NARROW = frozenset("ijlftrI.,·:;!|'’‘–“” ()[]/-")
_OF_WIDE, _OF_NARROW, _OF_CAPITALS, _OF_OTHERS = 1.1, 0.43, 0.83, 0.66
_FULL = 0.98
"""Hangul, Chinese signs and whatever else is no sign of a plain keyboard; most of them fill a square."""
_CUT = "…"
_APART = 4


def width(words: str, size: float) -> float:
    """How much room the words take, in the unit of their size."""
    return size * sum(map(_share, words))


def shortened(words: str, size: float, room: float) -> str:
    """The words where they fit, else as many signs of them as fit before an ellipsis; nothing where not even one does."""
    if width(words, size) <= room:
        return words
    fitting = words
    while fitting and width(fitting.rstrip() + _CUT, size) > room:
        fitting = fitting[:-1]
    return fitting.rstrip() + _CUT if fitting else ""


def in_lines(words: str, size: float, room: float, most: int) -> tuple[str, ...]:
    """At most so many lines, broken between words, inside a word only where it is longer than a line; the last one shortened."""
    lines: list[str] = []
    left = " ".join(words.split())
    while left and len(lines) + 1 < most and width(left, size) > room:
        line = _first_line(left, size, room)
        lines.append(line.rstrip())
        left = left[len(line) :].lstrip()
    return (*lines, shortened(left, size, room)) if left else tuple(lines)


def spaced(places: Sequence[tuple[float, str]], size: float) -> Iterator[tuple[float, str]]:
    """Of labels in a row, centred on their places: those that do not touch one before them."""
    written_to = float("-inf")
    for place, name in places:
        half = width(name, size) / 2
        if place - half > written_to + _APART:
            written_to = place + half
            yield place, name


def every(names: Sequence[str], size: float, step: float) -> int:
    """Of labels in a row, each so far from the next: how many steps apart they can stand without touching."""
    longest = max((width(name, size) for name in names), default=0.0)
    return max(1, -(-int(longest + size) // max(1, int(step))))


def _first_line(words: str, size: float, room: float) -> str:
    fits = len(words)
    while fits > 1 and width(words[:fits], size) > room:
        fits -= 1
    at_blank = words.rfind(" ", 0, fits + 1)
    return words[:at_blank] if at_blank > 0 else words[:fits]


def _share(sign: str) -> float:
    if sign in _WIDE:
        return _OF_WIDE
    if sign in _NARROW:
        return _OF_NARROW
    if not sign.isascii():
        return _FULL
    return _OF_CAPITALS if sign.isupper() else _OF_OTHERS
