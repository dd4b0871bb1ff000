"""What makes two texts the same, and which texts stand for no value: key_of, shown, spelled, Missing, constants."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

_UNSEEN = frozenset({"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp", "Zs"})
_PERHAPS_UNLIKE = r"[^\x{21}-\x{7e}\x{4e00}-\x{9fff}\x{ac00}-\x{d7a3} ]|^ | $"
"""Signs beside which a text may have to be made plain; all others are as they should be."""
_PERHAPS_ODD = _PERHAPS_UNLIKE + r"|^=|^[+-]?\d(\.\d+)?[eE]"
"""Texts that may be unlike, constants, formulas, or numbers rounded by a spreadsheet."""
_WHOLE = re.compile(r"([+-]?\d+)\.0+")
"""A whole number as a table of decimal numbers holds it."""
_SIGNS_ONLY = r"^\p{P}+$"
"""Dashes, dots, stars and the like, however many."""
_DASHES = frozenset({"-", "–", "—"})
_BRACKETS = (("(", ")"), ("[", "]"), ("<", ">"), ("{", "}"))
_CONSTANT = r'^\s*="((?:[^"]|"")*)"\s*$'


def key_of(text: str) -> str:
    """The text without case, width, blanks, signs that cannot be seen and `.0`: equal keys mean the same label."""
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    key = "".join(sign for sign in folded if unicodedata.category(sign) not in _UNSEEN)
    whole = _WHOLE.fullmatch(key)
    return whole[1] if whole else key


def shown(text: str) -> str:
    """As a label: of usual width, without signs that cannot be seen, single blanks."""
    seen = (
        " " if sign.isspace() or unicodedata.category(sign)[0] == "Z" else sign
        for sign in unicodedata.normalize("NFKC", text)
        if sign.isspace() or unicodedata.category(sign) not in _UNSEEN - {"Zl", "Zp", "Zs"}
    )
    return " ".join("".join(seen).split())


def spelled(text: str) -> str:
    """A way of writing, so that what cannot be seen can: outer and double blanks as `␣`, other unseen signs as U+200B."""
    signs = [f"<U+{ord(sign):04X}>" if sign != " " and unicodedata.category(sign) in _UNSEEN else sign for sign in text]
    body = "".join(signs)
    inner = body.strip(" ")
    left, right = len(body) - len(body.lstrip(" ")), len(body) - len(body.rstrip(" "))
    return "␣" * left + inner.replace("  ", "␣␣") + ("␣" * right if inner else "")


def constant(text: str) -> str:
    """The text inside ="…", as spreadsheets are made to keep a text; any other text as it is."""
    match = re.match(_CONSTANT, text)
    return match[1].replace('""', '"') if match else text


def constants(column: Any) -> tuple[Any, int]:
    """A column with all ="…" as the text they hold, and how many there were."""
    is_constant = pc.match_substring_regex(column, _CONSTANT)
    count = int(pc.sum(is_constant).as_py() or 0)
    if not count:
        return column, 0
    held = pc.replace_substring(pc.replace_substring_regex(column, _CONSTANT, r"\1"), '""', '"')
    return pc.if_else(is_constant, held, column), count


def are_plain(column: Any) -> bool:
    """Whether no text of a long column needs a closer look, which is seen in one go."""
    return not pc.any(pc.match_substring_regex(column, _PERHAPS_ODD)).as_py()


def plain_texts(column: Any) -> Any:
    """NFKC without outer blanks and signs that cannot be seen, a whole column; only what may need it is touched."""
    unlike = pc.match_substring_regex(column, _PERHAPS_UNLIKE)
    if not pc.any(unlike).as_py():
        return column
    rows = np.flatnonzero(np.asarray(unlike))
    texts = pc.utf8_normalize(column.take(pa.array(rows)), "NFKC")
    texts = pc.replace_substring_regex(texts, r"[\p{Cf}\x{0}-\x{8}\x{e}-\x{1f}\x{7f}-\x{9f}]", "")
    texts = pc.utf8_trim_whitespace(pc.replace_substring_regex(texts, r"\s+", " "))
    return pc.replace_with_mask(column, unlike, texts.cast(column.type))


def _is_signs(key: str) -> bool:
    return all(unicodedata.category(sign).startswith("P") for sign in key)


class Missing:
    """Which texts stand for no value; counts them by column."""

    def __init__(self, words: Iterable[str], counterparts: Mapping[str, Iterable[str]]) -> None:
        said = {key_of(word) for word in words} - {""}
        self.keys = said | {left + word + right for word in said for left, right in _BRACKETS}
        self.takes_signs = bool(said & _DASHES)
        """Signs alone stand for none, if a dash does."""
        self.counterparts = {
            key_of(word): frozenset(map(key_of, others))
            for word, others in counterparts.items()
            if key_of(word) in self.keys
        }
        """Words of absence (`없음`) → what they are the absence of; beside it they are values."""
        self.counts: dict[tuple[str, str], int] = {}

    def is_missing(self, text: str) -> bool:
        key = key_of(text)
        return not key or key in self.keys or (self.takes_signs and _is_signs(key))

    def is_absence(self, text: str) -> bool:
        return key_of(text) in self.counterparts

    def count(self, column: str, word: str, cells: int) -> None:
        if key_of(word) and cells:
            place = (column, shown(word))
            self.counts[place] = self.counts.get(place, 0) + cells

    def are_among(self, texts: Any) -> bool:
        """Whether a missing word is among different texts."""
        return bool(pc.any(self._found(texts)).as_py())

    def _found(self, texts: Any) -> Any:
        lower = pc.replace_substring(pc.utf8_lower(texts), " ", "")
        found = pc.is_in(lower, pa.array(sorted(self.keys), lower.type))
        return pc.or_(found, pc.match_substring_regex(lower, _SIGNS_ONLY)) if self.takes_signs else found

    def blanked(self, column: str, texts: Any) -> Any:
        """A long column of plain texts with its missing words as empty texts."""
        found = self._found(texts)
        if not pc.any(found).as_py():
            return texts
        for pair in pc.value_counts(texts.filter(found)).to_pylist():
            self.count(column, pair["values"], pair["counts"])
        return pc.if_else(found, pa.scalar("", texts.type), texts)


def mask_of(column: Any, values: Iterable[str]) -> npt.NDArray[np.bool_]:
    """Rows whose text is one of the values."""
    return np.asarray(pc.is_in(column, pa.array(list(values), column.type)), np.bool_)
