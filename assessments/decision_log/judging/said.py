"""One thing that a log says on one part of the claim: Said; and with_particle, for saying it in Korean."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from assessments.derived import Reason
from assessments.model import Finding

_SYLLABLES, _FINALS = 11_172, 28
"""Of Hangul in Unicode: all of them, and how many share a beginning; the first of these has no final consonant."""


@dataclass(frozen=True)
class Said:
    """A figure's contribution before the weakest is taken."""

    part: str
    finding: Finding
    reason: Reason
    to_do: Reason | None
    """What would have to change. None: nothing, it supports the part."""
    figure: str
    since: date | None = None
    """The day from which on it contradicts. None: all along, or it does not."""


def with_particle(word: str, after_consonant: str, after_vowel: str) -> str:
    """A Korean word with the particle that its last syllable asks for; after other letters both, as forms do."""
    syllable = ord(word[-1]) - ord("가")
    if not 0 <= syllable < _SYLLABLES:
        return f"{word}{after_consonant}({after_vowel})"
    return word + (after_consonant if syllable % _FINALS else after_vowel)
