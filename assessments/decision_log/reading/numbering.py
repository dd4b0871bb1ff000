"""Few labels in long columns, as whole numbers: Labels; long columns as numbers: numbers_of, digests."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from assessments.decision_log.reading.choices import Joined, Variant
from assessments.decision_log.reading.cleaning import Missing
from assessments.decision_log.reading.faults import refused
from assessments.decision_log.reading.log import Codes
from assessments.decision_log.reading.spelling import as_label, constant, key_of, spelled

FORMULA_SIGN = "="
_OF_THIS_PROCESS = secrets.token_hex(8)
_WORDS = 3
"""Texts of so many words of eight bytes are short, as ids are."""
_SEEDS = np.frombuffer(secrets.token_bytes(8 * (_WORDS + 1)), np.uint64)
DIGEST_SIGNS = 15
"""Hexadecimal signs of a reason's digest that are kept: they fit a whole number of 64 bits in every engine."""
EMPTY, FORMULA = -1, -2
"""Codes of values that are no label."""
_MOST_VARIANTS = 50
_ENDS = np.array([(1 << (8 * size)) - 1 for size in range(8)] + [2**64 - 1], np.uint64)
"""Size → the bytes of a word that belong to a text that ends in it."""
Places = npt.NDArray[np.int32]
_Kind = TypeVar("_Kind", bound=np.generic)


@dataclass(frozen=True)
class Named:
    """Labels in alphabetical order of their keys, whatever the order of rows, and how the column's codes become theirs."""

    labels: tuple[str, ...]
    place: Codes
    """Old code → place in `labels`; EMPTY for what turned out to be no label. The last two stand for FORMULA and EMPTY."""
    joined: tuple[Joined, ...]

    def of(self, codes: Codes) -> Codes:
        return self.place[codes]


class Labels:
    """Gives each new label the next number; what differs in case, width, blanks or unseen characters only is one label."""

    def __init__(
        self,
        column: str,
        header: str,
        most: int,
        missing: Missing,
        *,
        values_by_label: Mapping[str, Collection[str]] | None = None,
        is_guess: bool = False,
        keeps_absence: bool = False,
    ) -> None:
        """values_by_label: label → the values that mean it. is_guess: too many values drop the column instead of refusing the file.

        keeps_absence: words of absence are values in this column whatever stands beside them.
        """
        self.column, self.header, self.most, self.missing = column, header, most, missing
        self.is_guess, self.is_dropped, self.keeps_absence = is_guess, False, keeps_absence
        self.exact = {raw: label for label, raws in (values_by_label or {}).items() for raw in raws}
        by_key: dict[str, set[str]] = {}
        for raw, label in [*self.exact.items(), *((label, label) for label in (values_by_label or {}))]:
            by_key.setdefault(key_of(raw), set()).add(label)
        self.by_key = {key: labels.pop() for key, labels in by_key.items() if len(labels) == 1}
        self.codes: dict[str, int] = {}
        """`=LABEL` where a mapping says it, else the key."""
        self.variants: list[dict[str, int]] = []
        self.constants = 0
        self.kind: type[np.int8 | np.int16] = np.int8 if most < np.iinfo(np.int8).max else np.int16
        self.seen: dict[str, int] = {}
        """Raw value → code, so that each is judged once."""

    def encode(self, column: Any, cases: npt.NDArray[np.int64] | None = None) -> Codes:
        """EMPTY and FORMULA stand for what is no label. cases: rows that each stands for. Raises: LogRefusedError."""
        if self.is_dropped:
            return np.full(len(column), EMPTY, self.kind)
        coded = encoded(column)
        codes = [self._code(raw, cells) if cells else EMPTY for raw, cells in counted(coded, cases)]
        if self.is_dropped:
            return np.full(len(column), EMPTY, self.kind)
        return by_value(coded, codes, self.kind)

    def _code(self, raw: str, cells: int) -> int:
        code = self.seen.get(raw)
        if code is None:
            code = self.seen[raw] = self._judge(raw)
        if code >= 0:
            self._add(code, raw, cells)
        elif code == EMPTY:
            self.missing.count(self.column, constant(raw), cells)
        return code

    def _add(self, code: int, raw: str, cells: int) -> None:
        text = constant(raw)
        self.constants += cells if text is not raw and text != raw else 0
        variants = self.variants[code]
        if text in variants or len(variants) < _MOST_VARIANTS:
            variants[text] = variants.get(text, 0) + cells

    def _judge(self, raw: str) -> int:
        text = constant(raw)
        key = key_of(text)
        label = self.exact.get(text) or self.exact.get(as_label(text)) or self.by_key.get(key)
        if label is None:
            if key.startswith(FORMULA_SIGN):
                return FORMULA
            if self.missing.is_missing(text) and not self.missing.is_absence(text):
                return EMPTY
        name = f"={label}" if label else key
        code = self.codes.get(name)
        if code is None:
            code = self.codes[name] = len(self.codes)
            self.variants.append({})
            if code >= self.most:
                self._refuse()
        return code

    def _refuse(self) -> None:
        if self.is_guess:
            self.is_dropped = True
            return
        raise refused("too_many_values", header=self.header, most=f"{self.most:,}")

    def raw_names(self) -> dict[int, str]:
        """Code → the label as it is shown: as said, else the way of writing it that is most frequent."""
        names: dict[int, str] = {}
        for name, code in self.codes.items():
            names[code] = name[1:] if name.startswith("=") else as_label(_most_frequent(self.variants[code]))
        return names

    def absences(self) -> dict[int, str]:
        """Codes of words of absence that stand for a missing value here, with the word."""
        if self.keeps_absence:
            return {}
        return {
            code: as_label(_most_frequent(self.variants[code]))
            for name, code in self.codes.items()
            if name in self.missing.counterparts and not self.missing.counterparts[name] & set(self.codes)
        }

    def kept_absences(self) -> dict[str, str]:
        """Word of absence that is a value here → what stands beside it."""
        counterparts = {}
        for name in self.codes:
            beside = self.missing.counterparts.get(name, frozenset()) & set(self.codes)
            if beside:
                counterparts[name] = sorted(beside)[0]
        return counterparts

    def finish(self, used: npt.NDArray[np.bool_], name: Callable[[str], str] = lambda label: label) -> Named:
        """used: code → whether a row that is counted has it. name: label → what is kept of it (a pseudonym)."""
        names = {code: name(label) for code, label in self.raw_names().items() if used[code]}
        labels = sorted(set(names.values()), key=lambda label: (key_of(label), label))
        place: Codes = np.full(len(self.codes) + 2, EMPTY, self.kind)
        for code, label in names.items():
            place[code] = labels.index(label)
        joined = tuple(
            Joined(self.column, names[code], self._variants(code, is_said=key.startswith("=")))
            for key, code in sorted(self.codes.items())
            if code in names and len(self._variants(code, is_said=key.startswith("="))) > 1
        )
        return Named(tuple(labels), place, joined)

    def _variants(self, code: int, is_said: bool) -> tuple[Variant, ...]:
        """What was joined; values that a mapping joins are said there."""
        variants = self.variants[code]
        if is_said:
            variants = {text: count for text, count in variants.items() if text not in self.exact}
        ordered = sorted(variants.items(), key=lambda variant: (-variant[1], variant[0]))
        return tuple(Variant(spelled(text), count) for text, count in ordered)


def _most_frequent(variants: Mapping[str, int]) -> str:
    return min(variants, key=lambda text: (-variants[text], text))


def numbers_of(texts: Any) -> npt.NDArray[np.int64]:
    """A number a plain text, equal for equal texts within this process; 0 for the empty text."""
    filled = pc.fill_null(texts, "")
    if not pa.types.is_string(filled.type) or filled.buffers()[2] is None:
        return _numbers(filled, _OF_THIS_PROCESS)
    _, offsets, data = filled.buffers()
    ends = np.frombuffer(offsets, np.int32)[filled.offset : filled.offset + len(filled) + 1]
    sizes = np.diff(ends)
    is_short = sizes <= _WORDS * 8
    if is_short.all():
        numbers = _short_numbers(np.frombuffer(data, np.uint8)[ends[0] : ends[-1]], ends[:-1] - ends[0], sizes).view(
            np.int64
        )
    else:
        numbers = np.empty(len(sizes), np.int64)
        short, long = np.flatnonzero(is_short), np.flatnonzero(~is_short)
        numbers[short] = _short_numbers(np.frombuffer(data, np.uint8), ends[short], sizes[short]).view(np.int64)
        numbers[long] = _numbers(filled.take(pa.array(long)), _OF_THIS_PROCESS)
    return np.asarray(np.where(sizes == 0, 0, np.where(numbers == 0, 1, numbers)), np.int64)


def digests(texts: Any) -> npt.NDArray[np.int64]:
    """A number a plain text without its case and blanks, the same in every process; 0 for the empty text."""
    coded = encoded(texts)  # reasons repeat
    different = pc.replace_substring(pc.utf8_lower(coded.dictionary), " ", "")
    return by_value(coded, [digest(text) for text in different.to_pylist()], np.int64)


def digest(text: str) -> int:
    """By SHA-256, which every engine has, so that a log counted where it lies has the same order of reasons."""
    return int(hashlib.sha256(text.encode()).hexdigest()[:DIGEST_SIGNS], 16) or 1 if text else 0


def _numbers(texts: Any, key: str) -> npt.NDArray[np.int64]:
    """Keyed SipHash of each text. Nobody gains by making two meet, for it would only join rows of their own log."""
    from pandas.util import hash_array  # loaded only where a log is read

    filled = pc.fill_null(texts, "")
    numbers = hash_array(filled.to_numpy(zero_copy_only=False), hash_key=key, categorize=False).view(np.int64)
    is_empty = np.asarray(pc.equal(filled, ""))
    return np.asarray(np.where(is_empty, 0, np.where(numbers == 0, 1, numbers)), np.int64)


def _short_numbers(characters: npt.NDArray[np.uint8], starts: Places, sizes: Places) -> npt.NDArray[np.uint64]:
    """The same of short texts, by their length and bytes and a key of this process."""
    padded = np.zeros(len(characters) + 8 * (_WORDS + 1), np.uint8)
    padded[: len(characters)] = characters
    words = np.ndarray(len(padded) - 7, "<u8", padded, strides=(1,))  # the eight bytes from each byte on
    values = _mixed(sizes.astype(np.uint64) + _SEEDS[_WORDS])
    longest = int(sizes.max(initial=0))
    for place in range(_WORDS):
        start = 8 * place
        word = words[starts + start] & _ENDS[np.clip(sizes - start, 0, 8)] if longest > start else np.uint64(0)
        values = _mixed(values ^ (word + _SEEDS[place]))
    return values


def _mixed(words: npt.NDArray[np.uint64]) -> npt.NDArray[np.uint64]:
    """Every bit of a word in every bit of another (the finaliser of SplitMix64), one to one."""
    words = (words ^ (words >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    words = (words ^ (words >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return words ^ (words >> np.uint64(31))


def encoded(column: Any) -> Any:
    """A column of texts as a few different ones and a place among them a row; nothing is the empty text."""
    kind = column.type
    if not (pa.types.is_dictionary(kind) and pa.types.is_string(kind.value_type) and not column.dictionary.null_count):
        return as_text(column).dictionary_encode()
    if not column.null_count:
        return column
    texts = pa.concat_arrays([column.dictionary, pa.array([""])])
    return pa.DictionaryArray.from_arrays(
        pc.fill_null(pc.cast(column.indices, pa.int32()), len(column.dictionary)), texts
    )


def counted(coded: Any, cases: npt.NDArray[np.int64] | None = None) -> Iterator[tuple[str, int]]:
    """Each text of an encoded column with its rows, which can be none. cases: rows that each stands for; None: one."""
    cells = np.bincount(np.asarray(coded.indices), cases, len(coded.dictionary))
    return zip(coded.dictionary.to_pylist(), map(int, cells), strict=True)


def by_value(coded: Any, values: Any, kind: type[_Kind]) -> npt.NDArray[_Kind]:
    """What stands for each text, row by row."""
    if not len(coded):
        return np.empty(0, kind)
    return np.asarray(np.asarray(values, kind)[np.asarray(coded.indices)])


def as_text(column: Any) -> Any:
    if pa.types.is_dictionary(column.type):
        column = column.dictionary_decode()
    if pa.types.is_floating(column.type):
        column = _whole_numbers(column)
    return pc.fill_null(pc.cast(column, pa.string()), "")


def _whole_numbers(column: Any) -> Any:
    """Numbers that are whole as whole numbers, so that none is written as 2.026e+14; the others as they are."""
    column = pc.cast(column, pa.float64())
    exact = pc.and_(pc.equal(pc.floor(column), column), pc.less(pc.abs(column), float(2**53)))
    exact = pc.fill_null(exact, fill_value=False)
    if not pc.any(exact).as_py():
        return column
    whole = pc.cast(pc.cast(pc.if_else(exact, column, 0.0), pa.int64()), pa.string())
    return pc.if_else(exact, whole, pc.cast(column, pa.string()))
