"""Korean particles by the sound that a word ends in: with_particle."""

from __future__ import annotations

import re
from enum import Enum

_FIRST, _SYLLABLES, _FINALS = 0xAC00, 11_172, 28
"""Of Hangul in Unicode: the first syllable, how many there are, and how many share a beginning; of these the first is open."""
_FINAL_L = 8
"""Place of the final consonant L among them."""
_EU = "\uc73c"
"""The vowel that parts the particle of direction from a consonant, but not from an L."""
_ASIDE = re.compile(r"(?<=\w)\s*\([^()]*\)$")
_SIGNS = re.compile(r"[^0-9A-Za-z\uac00-\ud7a3]+$")


class _End(Enum):
    VOWEL = "vowel"
    CONSONANT = "consonant"
    L = "l"


_DIGITS = {"0": _End.CONSONANT, "1": _End.L, "3": _End.CONSONANT, "6": _End.CONSONANT, "7": _End.L, "8": _End.L}
"""As Korean reads them; the others end in a vowel. Tens and hundreds end in a consonant, as nought does."""
_NAMES = {"L": _End.L, "M": _End.CONSONANT, "N": _End.CONSONANT, "R": _End.L}
"""Letters whose names end in a consonant."""
_SPELT = re.compile(r"[A-Za-z]*[A-Z]|(?:pdf|csv|xlsx|html|db|id|md)")
"""Read letter by letter."""
_WORD = re.compile(r"(?P<l>le?)|(?P<consonant>[mn]e?|ng|[aeiou][pk])")


def with_particle(word: str, after_consonant: str, after_vowel: str, closing: str = "") -> str:
    """The word with the particle that its last sound asks for; closing: characters that stand between the two.

    What stands in brackets behind a word is not read. Digits are read as Korean does, Latin letters by name or, in small
    letters, roughly as the word sounds; after anything else the particle is the one for a vowel.
    """
    end = _end(_SIGNS.sub("", _ASIDE.sub("", word)))
    is_open = end is _End.VOWEL or (end is _End.L and after_consonant == _EU + after_vowel)
    return word + closing + (after_vowel if is_open else after_consonant)


def _end(word: str) -> _End:
    if not word:
        return _End.VOWEL
    last = word[-1]
    if 0 <= (place := ord(last) - _FIRST) < _SYLLABLES:
        final = place % _FINALS
        return _End.VOWEL if final == 0 else _End.L if final == _FINAL_L else _End.CONSONANT
    if last.isdigit():
        return _DIGITS.get(last, _End.VOWEL)
    latin = re.search(r"[A-Za-z]+$", word)
    if latin is None:
        return _End.VOWEL
    if _SPELT.fullmatch(latin[0]) or len(latin[0]) == 1:
        return _NAMES.get(last.upper(), _End.VOWEL)
    ends = [match for start in range(len(latin[0])) if (match := _WORD.fullmatch(latin[0], start))]
    if not ends:
        return _End.VOWEL
    return _End.L if ends[0]["l"] else _End.CONSONANT
