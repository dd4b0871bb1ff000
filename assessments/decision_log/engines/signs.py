"""What an engine does to a text so that it compares as `reading.spelling` compares: FLAT, FOLD, is_known, PUNCTUATION.

An engine can replace one character by another and nothing finer. So a table of characters says what each becomes; a text with any
other character is not compared at all, and the table is refused with how many there are, so that nothing is counted wrongly
in silence. Tests hold the table against `key_of`.
"""

from __future__ import annotations

import unicodedata
from functools import cache

from assessments.decision_log.reading.spelling import as_label, key_of

_BLOCKS = (
    (0x1, 0x17F),
    (0x386, 0x3FF),
    (0x400, 0x45F),
    (0x2000, 0x206F),
    (0x20A9, 0x20AC),
    (0x2100, 0x27BF),
    (0x3000, 0x303F),
    (0x3041, 0x30FE),
    (0xFEFF, 0xFEFF),
    (0xFF01, 0xFFEE),
)
_WHOLE_BLOCKS = ((0x4E00, 0x9FFF), (0xAC00, 0xD7A3))
"""Hanja and Hangul syllables, which stay as they are."""


def _is_single(character: str) -> bool:
    """Whether what it becomes does not hang on what stands beside it."""
    made = unicodedata.normalize("NFKC", character)
    return (
        len(made) <= 1
        and not unicodedata.combining(character)
        and not any(unicodedata.combining(sign) or 0x1100 <= ord(sign) <= 0x11FF for sign in made)
        and len(key_of(character)) <= 1
        and key_of(made.casefold()) == key_of(made.lower())
    )


@cache
def _characters() -> tuple[str, ...]:
    every = (chr(code) for first, last in _BLOCKS for code in range(first, last + 1))
    return tuple(
        character
        for character in every
        if _is_single(character) and unicodedata.category(character) not in {"Cn", "Co", "Cs"}
    )


@cache
def flat() -> tuple[str, str]:
    """From and to: of usual width; blanks of every kind become one, what cannot be seen goes (it stands last, without a partner)."""
    changed: dict[str, str] = {}
    for character in _characters():
        made = " " if character.isspace() else as_label(character)
        if made != character:
            changed[character] = made
    stays = {character: made for character, made in changed.items() if made}
    return "".join([*stays, *(character for character, made in changed.items() if not made)]), "".join(stays.values())


@cache
def fold() -> tuple[str, str]:
    """From and to: without case, of what is flat already."""
    pairs = {character: character.lower() for character in _characters() if len(key_of(character)) == 1}
    changed = {
        left: right for left, right in pairs.items() if left != right and left == unicodedata.normalize("NFKC", left)
    }
    return "".join(changed), "".join(changed.values())


@cache
def known() -> str:
    """The characters that the tables know, as the inside of a bracket of a regular expression."""
    codes = sorted({ord(character) for character in _characters()})
    ranges: list[tuple[int, int]] = []
    for code in codes:
        if ranges and code == ranges[-1][1] + 1:
            ranges[-1] = (ranges[-1][0], code)
        else:
            ranges.append((code, code))
    return "".join(
        f"{_escaped(first)}-{_escaped(last)}" if last > first else _escaped(first)
        for first, last in [*ranges, *_WHOLE_BLOCKS]
    )


def _escaped(code: int) -> str:
    sign = chr(code)
    return sign if sign.isalnum() or code > 0x7F or code < 0x20 else "\\" + sign


@cache
def punctuation() -> str:
    """What is punctuation to `cleaning.Missing`, among the flat characters."""
    _, to = flat()
    flat_signs = {*(character for character in _characters() if as_label(character) == character), *to}
    return "".join(sorted(sign for sign in flat_signs if unicodedata.category(sign).startswith("P")))
