"""What makes two texts the same, and how one is as_label: key_of, as_label, spelled, constant. Pure, one text at a time.

Apart from `cleaning`, which does it by whole columns: what reads no log needs no library for columns.
"""

from __future__ import annotations

import re
import unicodedata

_UNSEEN = frozenset({"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp", "Zs"})
_WHOLE = re.compile(r"([+-]?\d+)\.0+")
"""A whole number as a table of decimal numbers holds it."""
CONSTANT = r'^\s*="((?:[^"]|"")*)"\s*$'
"""A text inside ="…", as spreadsheets are made to keep it."""


def key_of(text: str) -> str:
    """The text without case, width, blanks, characters that cannot be seen and `.0`: equal keys mean the same label."""
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    key = "".join(character for character in folded if unicodedata.category(character) not in _UNSEEN)
    whole = _WHOLE.fullmatch(key)
    return whole[1] if whole else key


def as_label(text: str) -> str:
    """As a label: of usual width, without characters that cannot be seen, single blanks."""
    seen = (
        " " if character.isspace() or unicodedata.category(character)[0] == "Z" else character
        for character in unicodedata.normalize("NFKC", text)
        if character.isspace() or unicodedata.category(character) not in _UNSEEN - {"Zl", "Zp", "Zs"}
    )
    return " ".join("".join(seen).split())


def spelled(text: str) -> str:
    """A way of writing, so that what cannot be seen can: outer and double blanks as `␣`, other unseen characters as U+200B."""
    characters = [
        f"<U+{ord(character):04X}>" if character != " " and unicodedata.category(character) in _UNSEEN else character
        for character in text
    ]
    body = "".join(characters)
    inner = body.strip(" ")
    left, right = len(body) - len(body.lstrip(" ")), len(body) - len(body.rstrip(" "))
    return "␣" * left + inner.replace("  ", "␣␣") + ("␣" * right if inner else "")


def constant(text: str) -> str:
    """The text inside ="…", as spreadsheets are made to keep a text; any other text as it is."""
    match = re.match(CONSTANT, text)
    return match[1].replace('""', '"') if match else text
