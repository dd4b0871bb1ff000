"""Text on paper: Korean words that break only at spaces, the language of a text, and long texts shortened."""

from __future__ import annotations

import re

WORD_JOINER = "\u2060"
_BETWEEN = re.compile(r"(?<=[\uac00-\ud7a30-9)·])(?=[\uac00-\ud7a3])|(?<=[\uac00-\ud7a3])(?=[·)])|(?<=\uc81c)(?=[0-9])")
_HANGUL = re.compile(r"[\u1100-\u11ff\u3130-\u318f\uac00-\ud7a3]")
_LATIN = re.compile(r"[A-Za-z]")
LONGEST_WORD = 16
"""Signs in a row from which on a break inside the word is better than a hole in the line."""
ON_COVER = 80
"""Signs of a name or a contact that the first page shows; the whole stands in the section on system and operator."""
_SENTENCE_END = re.compile(r"[.?!][)\]”’\"']*\s")
_IN_ADDRESS = re.compile(r"(?<=[\w.]-)(?=[\w.-]*@)")
_RUN = re.compile(r"[0-9\uac00-\ud7a3·)]{2,}")


def kept_together(text: str) -> str:
    """The text with a word joiner between Hangul syllables, between a figure and its unit, after a hyphen of an e-mail address.

    The layout knows no `word-break: keep-all`.

    Copied or extracted text is free of the joiner.
    """
    text = _IN_ADDRESS.sub(WORD_JOINER, text)
    return _RUN.sub(lambda run: run[0] if len(run[0]) > LONGEST_WORD else _BETWEEN.sub(WORD_JOINER, run[0]), text)


def language_of(text: str) -> str:
    """`ko` where there is any Hangul, `en` where there are Latin letters only, else `ko`."""
    return "en" if not _HANGUL.search(text) and _LATIN.search(text) else "ko"


def shortened(text: str, most: int) -> str:
    """At most so many characters of a text, ended at a word where there is one, with an ellipsis."""
    return text if len(text) <= most else text[:most].rsplit(maxsplit=1)[0] + " …"


def in_sentences(text: str, most: int) -> str:
    """Whole sentences of at most so many characters in all, with an ellipsis; where the first is longer, its beginning."""
    if len(text) <= most:
        return text
    ends = [end.end() for end in _SENTENCE_END.finditer(text, 0, most)]
    return text[: ends[-1]].rstrip() + " …" if ends else shortened(text, most)


def on_cover(text: str) -> str:
    return shortened(text, ON_COVER)
