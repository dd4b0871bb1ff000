"""Few labels in long columns, as whole numbers: Labels, digests."""

from __future__ import annotations

import secrets
import unicodedata
from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from assessments.decision_log.faults import LogRefusedError
from assessments.decision_log.log import Codes

FORMULA_SIGN = "="
_OF_THIS_PROCESS = secrets.token_hex(8)
_OF_EVERY_PROCESS = "0" * 16
_PERHAPS_NOT_NFC = (
    r"[^\x{0}-\x{2ff}\x{2010}-\x{206f}\x{3000}-\x{3029}\x{4e00}-\x{9fff}\x{ac00}-\x{d7a3}\x{ff01}-\x{ff5e}]"
)
"""Signs that NFC may change or join with others; of all others it changes none."""
EMPTY, FORMULA = -1, -2
"""Codes of values that are no label."""


class Labels:
    """Gives each new label the next number; refuses a column that has too many to be one of labels."""

    def __init__(self, header: str, most: int, name: Callable[[str], str] = lambda value: value) -> None:
        self.header, self.most, self.name = header, most, name
        self.codes: dict[str, int] = {}

    def encode(self, column: Any) -> Codes:
        """EMPTY and FORMULA stand for what is no label. Raises: LogRefusedError."""
        encoded = as_text(column).dictionary_encode()
        values = [self._code(tidy(value)) for value in encoded.dictionary.to_pylist()]
        return np.asarray(np.asarray(values, np.int32)[np.asarray(encoded.indices)])

    def _code(self, value: str) -> int:
        if value.startswith(FORMULA_SIGN):
            return FORMULA
        value = self.name(value)
        if not value:
            return EMPTY
        code = self.codes.setdefault(value, len(self.codes))
        if code >= self.most:
            raise LogRefusedError(
                f"The column '{self.header}' has more than {self.most:,} different values. Choose another column in the "
                "mapping; for an AI output that is a number give a cutoff, for ages give bands.",
                f"‘{self.header}’ 열에 서로 다른 값이 {self.most:,}개를 넘습니다. 다른 열을 대응시키십시오. "
                "인공지능 결과가 숫자이면 기준(cutoff)을, 나이는 연령대를 정하십시오.",
            )
        return code


def sorted_labels(labels: Labels, codes: Codes) -> tuple[Codes, tuple[str, ...]]:
    """Codes and labels in alphabetical order, so that nothing depends on the order of rows."""
    names = sorted(labels.codes)
    place = np.full(len(names) + 2, EMPTY, np.int32)
    for new, name in enumerate(names):
        place[labels.codes[name]] = new
    return place[codes], tuple(names)


def numbers_of(column: Any) -> npt.NDArray[np.int64]:
    """A number a text, equal for equal texts within this process; 0 for the empty text."""
    return _numbers(_normalized(pc.utf8_trim_whitespace(as_text(column))), _OF_THIS_PROCESS)


def digests(column: Any) -> npt.NDArray[np.int64]:
    """A number a text without its case and the blanks around it, the same in every process; 0 for the empty text."""
    return _numbers(pc.utf8_lower(pc.utf8_trim_whitespace(_normalized(as_text(column)))), _OF_EVERY_PROCESS)


def _normalized(texts: Any) -> Any:
    """NFC, which takes five times as long as seeing that a column is NFC already."""
    return (
        pc.utf8_normalize(texts, "NFC") if pc.any(pc.match_substring_regex(texts, _PERHAPS_NOT_NFC)).as_py() else texts
    )


def _numbers(texts: Any, key: str) -> npt.NDArray[np.int64]:
    """Keyed SipHash of each text. Nobody gains by making two meet, for it would only join rows of their own log."""
    from pandas.util import hash_array  # type: ignore[import-untyped]  # loaded only where a log is read

    filled = pc.fill_null(texts, "")
    numbers = hash_array(filled.to_numpy(zero_copy_only=False), hash_key=key, categorize=False).view(np.int64)
    is_empty = np.asarray(pc.equal(filled, ""))
    return np.asarray(np.where(is_empty, 0, np.where(numbers == 0, 1, numbers)), np.int64)


def as_text(column: Any) -> Any:
    if pa.types.is_dictionary(column.type):
        column = column.dictionary_decode()
    return pc.fill_null(pc.cast(column, pa.string()), "")


def tidy(text: str) -> str:
    """Without blanks around it, NFC."""
    return unicodedata.normalize("NFC", text.strip())
