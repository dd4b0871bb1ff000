"""Columns of texts made plain, and which texts stand for no value: constants, plain_texts, Missing, mask_of."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from assessments.decision_log.reading.spelling import CONSTANT, as_label, key_of

_PERHAPS_UNLIKE = r"[^\x{21}-\x{7e}\x{4e00}-\x{9fff}\x{ac00}-\x{d7a3} ]|^ | $"
"""Signs beside which a text may have to be made plain; all others are as they should be."""
_PERHAPS_ODD = _PERHAPS_UNLIKE + r"|^=|^[+-]?\d(\.\d+)?[eE]"
"""Texts that may be unlike, constants, formulas, or numbers rounded by a spreadsheet."""
_ODD_BYTE = np.array([not 0x21 <= byte <= 0x7E or chr(byte) in "=eE" for byte in range(256)])
_SIGNS_ONLY = r"^\p{P}+$"
"""Dashes, dots, stars and the like, however many."""
_DASHES = frozenset({"-", "–", "—"})
_BRACKETS = (("(", ")"), ("[", "]"), ("<", ">"), ("{", "}"))


def constants(column: Any) -> tuple[Any, npt.NDArray[np.bool_]]:
    """A column with all ="…" as the text they hold, and which they were."""
    is_constant = pc.match_substring_regex(column, CONSTANT)
    rows = np.asarray(is_constant, np.bool_)
    if not rows.any():
        return column, rows
    held = pc.replace_substring(pc.replace_substring_regex(column, CONSTANT, r"\1"), '""', '"')
    return pc.if_else(is_constant, held, column), rows


def are_plain(column: Any) -> bool:
    """Whether no text of a long column needs a closer look, which is seen in one go."""
    if _are_plain_signs(column):
        return True
    return not pc.any(pc.match_substring_regex(column, _PERHAPS_ODD)).as_py()


def _bytes_of(column: Any) -> tuple[npt.NDArray[np.uint8], npt.NDArray[np.int32]] | None:
    """The bytes of all texts, and where each begins and the last ends. None: the column is not kept in that way."""
    if not pa.types.is_string(column.type) or not len(column) or column.null_count or column.buffers()[2] is None:
        return None
    _, offsets, characters = column.buffers()
    ends = np.frombuffer(offsets, np.int32)[column.offset : column.offset + len(column) + 1]
    return np.frombuffer(characters, np.uint8)[ends[0] : ends[-1]], ends - ends[0]


def _are_plain_signs(column: Any) -> bool:
    """Whether all characters are ASCII that can be seen, and neither `=` nor `e`: then no pattern has to be looked for."""
    held = _bytes_of(column)
    return held is not None and not _ODD_BYTE[held[0]].any()


def plain_texts(column: Any) -> Any:
    """NFKC without outer blanks and characters that cannot be seen, a whole column; only what may need it is touched."""
    unlike = pc.match_substring_regex(column, _PERHAPS_UNLIKE)
    if not pc.any(unlike).as_py():
        return column
    rows = np.flatnonzero(np.asarray(unlike))
    texts = pc.utf8_normalize(column.take(pa.array(rows)), "NFKC")
    texts = pc.replace_substring_regex(texts, r"[\p{Cf}\x{0}-\x{8}\x{e}-\x{1f}\x{7f}-\x{9f}]", "")
    texts = pc.utf8_trim_whitespace(pc.replace_substring_regex(texts, r"\s+", " "))
    return pc.replace_with_mask(column, unlike, texts.cast(column.type))


def _is_signs(key: str) -> bool:
    return all(unicodedata.category(character).startswith("P") for character in key)


class Missing:
    """Which texts stand for no value; counts them by column."""

    def __init__(self, words: Iterable[str], counterparts: Mapping[str, Iterable[str]]) -> None:
        missing_words = {key_of(word) for word in words} - {""}
        self.keys = missing_words | {left + word + right for word in missing_words for left, right in _BRACKETS}
        self.takes_signs = bool(missing_words & _DASHES)
        """Signs alone stand for none, if a dash does."""
        self.counterparts = {
            key_of(word): frozenset(map(key_of, others))
            for word, others in counterparts.items()
            if key_of(word) in self.keys
        }
        """Words of absence (`none`) → what they are the absence of; beside it they are values."""
        lasts = {key.encode()[-1] for key in self.keys}
        self.last_bytes = np.array(
            [byte >= 0x80 or not chr(byte).isalnum() or ord(chr(byte).lower()) in lasts for byte in range(256)]
        )
        """Bytes in which a missing word, or characters alone, can end."""
        self.counts: dict[tuple[str, str], int] = {}

    def is_missing(self, text: str) -> bool:
        key = key_of(text)
        return not key or key in self.keys or (self.takes_signs and _is_signs(key))

    def is_absence(self, text: str) -> bool:
        return key_of(text) in self.counterparts

    def count(self, column: str, word: str, cells: int) -> None:
        if key_of(word) and cells:
            place = (column, as_label(word))
            self.counts[place] = self.counts.get(place, 0) + cells

    def are_among(self, texts: Any) -> bool:
        """Whether a missing word is among different texts."""
        return bool(pc.any(self._missing_rows(texts)).as_py())

    def are_in(self, texts: Any) -> bool:
        """Whether a missing word is in a long column of plain texts; mostly their last byte says that they are none."""
        held = _bytes_of(texts)
        if held is not None:
            characters, ends = held
            if (ends[1:] == ends[:-1]).any():
                return True
            rows = np.flatnonzero(self.last_bytes[characters[ends[1:] - 1]])
            if not len(rows):
                return False
            texts = texts.take(pa.array(rows))
        return bool(pc.any(self._missing_rows(texts)).as_py())

    def _missing_rows(self, texts: Any) -> Any:
        lower = pc.replace_substring(pc.utf8_lower(texts), " ", "")
        is_missing = pc.is_in(lower, pa.array(sorted(self.keys), lower.type))
        return pc.or_(is_missing, pc.match_substring_regex(lower, _SIGNS_ONLY)) if self.takes_signs else is_missing

    def blanked(self, column: str, texts: Any, cases: npt.NDArray[np.int64] | None = None) -> Any:
        """A long column of plain texts with its missing words as empty texts. cases: rows that each stands for; None: one."""
        if not self.are_in(texts):
            return texts
        is_missing = self._missing_rows(texts)
        words = texts.filter(is_missing).dictionary_encode()
        cells = None if cases is None else cases[np.asarray(is_missing)]
        for word, count in zip(
            words.dictionary.to_pylist(),
            np.bincount(np.asarray(words.indices), cells, len(words.dictionary)),
            strict=True,
        ):
            self.count(column, word, int(count))
        return pc.if_else(is_missing, pa.scalar("", texts.type), texts)


def mask_of(column: Any, values: Iterable[str]) -> npt.NDArray[np.bool_]:
    """Rows whose text is one of the values."""
    return np.asarray(pc.is_in(column, pa.array(list(values), column.type)), np.bool_)
