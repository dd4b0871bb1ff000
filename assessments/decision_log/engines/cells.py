"""Counted kinds of rows, judged by the reading of files: CellCollector, columns_of, unwanted.

For each kind of row a row is made that a file could hold, with the number of rows that it stands for. `checking` and `collecting`
judge it as they judge any other, so that there are no second rules.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from functools import reduce
from itertools import combinations
from typing import Any

import ibis
import numpy as np
import numpy.typing as npt
import pyarrow as pa

from assessments.decision_log.engines.relation import UNKNOWN
from assessments.decision_log.reading.collecting import Collector
from assessments.decision_log.reading.columns import NUMBERS, Column, LogMapping
from assessments.decision_log.reading.faults import Fault, refused

FIRST_RECORD = 3
"""A table has no first rows, among which rows of units are looked for."""
_MOMENTS = {
    "m": "",
    "e": "1980-01-01 09:00",
    "l": "9998-01-01 09:00",
    "k0": "2000-01-04 09:00",
    "k1": "2000-01-04 09:00:01",
    "n": "2000-02-31 09:00",
    "o": "02/04/2000 09:00",
    "de": "1980-01-01",
    "dl": "9998-01-01",
    "dk0": "2000-01-04",
    "dk1": "2000-01-04",
}
_SHOWN = {
    **_MOMENTS,
    "k0": "2000-01-03 09:00",
    "k1": "2000-01-03 09:00:01",
    "dk0": "2000-01-03",
    "dk1": "2000-01-03",
}
_LATER = {"k0": "2000-01-05 09:00", "k1": "2000-01-05 09:00:01"}
_DURATIONS = {
    Column.SECONDS: {"m": "", "k0": "60", "k1": "61", "b": "-1"},
    Column.MINUTES: {"m": "", "k0": "1", "k1": "1.5", "b": "-1"},
}
_BESIDE = {"m": "", "k": "1", "x": "x"}
_CASES = {"m": "", "k": "1", "U": "1", "M": "MADE-1", "f": "=x", "r": "1.0E+14"}


class Names:
    """The reviewers' names as they left the engine: digests, and words that everybody knows."""

    def __init__(self, table: Any) -> None:
        self.numbers: list[int] = table["name"].to_pylist()
        self.persons: list[int] = table["person"].to_pylist()
        self.rows: list[int] = table["n"].to_pylist()
        self.kinds: list[str] = table["kind"].to_pylist()
        self.digests: list[str] = table["digest"].to_pylist()
        self.words = {
            digest: tuple(word for word in words.split(",") if word)
            for digest, words in zip(self.digests, table["words"].to_pylist(), strict=True)
        }
        self.texts: dict[int, str] = {}
        """Number of a name → what stands for it in a made row; spellings of one name differ in blanks at the end."""
        self.said: dict[str, list[str]] = {}
        spellings: dict[str, int] = {}
        for number, kind, digest, is_said in zip(
            self.numbers, self.kinds, self.digests, table["is_said"].to_pylist(), strict=True
        ):
            text = {"m": "", "N": "", "f": "=x", "r": "1.0E+14"}.get(kind)
            if kind.startswith("w:"):
                text = kind[2:]
            if text is None:
                text = digest + " " * spellings.get(digest, 0)
                spellings[digest] = spellings.get(digest, 0) + 1
                if is_said:
                    self.said.setdefault(digest, []).append(text)
            self.texts[number] = text


def columns_of(
    cells: Mapping[str, list[Any]], words: Mapping[str, tuple[Any, ...]], mapping: LogMapping, names: Names | None
) -> dict[str, Any]:
    """Header → what a file would hold, row by row. Raises: LogRefusedError where the engine could not compare something."""
    made: dict[str, list[str]] = {}
    counts = cells["n"]
    is_before = cells.get("is_before", [False] * len(counts))
    for column, header in mapping.columns.items():
        kinds = cells.get(f"is_{column.name.lower()}", [])
        if f"is_{column.name.lower()}" in words:
            kinds = [words[f"is_{column.name.lower()}"][place] for place in kinds]
        unknown = sum(n for kind, n in zip(kinds, counts, strict=False) if str(kind).lstrip(" c") == UNKNOWN)
        if unknown and column not in _AS_THEY_ARE:
            raise refused("engine_odd", header=header, n=f"{unknown:,}")
        if column in _AS_THEY_ARE:
            made[header] = kinds
        elif column is Column.CASE:
            made[header] = [_case(kind) for kind in kinds]
        elif column is Column.DECIDED:
            made[header] = [_value(kind, _MOMENTS) for kind in kinds]
        elif column is Column.SHOWN:
            made[header] = [
                _value(kind, _SHOWN | _LATER if before else _SHOWN)
                for kind, before in zip(kinds, is_before, strict=True)
            ]
        elif column in _DURATIONS:
            made[header] = [_value(kind, _DURATIONS[column]) for kind in kinds]
        elif column in NUMBERS:
            made[header] = [_value(kind, _BESIDE) for kind in kinds]
        elif column is Column.REVIEWER and names is not None:
            made[header] = [names.texts[number] for number in cells["name"]]
        elif column is Column.REASON:
            made[header] = ["" if is_blank else "x" for is_blank in cells["is_blank"]]
    for place, header in enumerate(mapping.groups.values()):
        made[header] = cells[f"is_group_{place}"]
    return {header: pa.array(texts, pa.string()) for header, texts in made.items()}


_AS_THEY_ARE = frozenset({Column.OUTPUT, Column.DECISION, Column.STAGE, Column.AUTOMATIC, Column.LATER})


def _value(kind: str, values: Mapping[str, str]) -> str:
    return kind[2:] if kind.startswith("m:") else values[kind]


def _case(kind: str) -> str:
    inner = kind[1:]
    text = inner[2:] if inner[:2] in ("m:", "t:") else _CASES[inner]
    return f'="{text}"' if kind[0] == "c" else text


class CellCollector(Collector):
    """Collects made rows that stand for many. `repeated` asks the engine which of them say the same thing twice."""

    def __init__(
        self,
        mapping: LogMapping,
        key: bytes,
        at: datetime,
        *,
        guessed: frozenset[str],
        names: Names | None,
        repeated: Callable[[CellCollector, dict[str, npt.NDArray[Any]]], Mapping[Fault, npt.NDArray[np.int64]]],
    ) -> None:
        by_name = {**mapping.names, Column.REVIEWER.value: names.said} if names and names.said else mapping.names
        super().__init__(mapping.model_copy(update={"names": by_name}), key, at, guessed=guessed)
        self.said_mapping, self.names, self.repeated = mapping, names, repeated
        self.used_cells: npt.NDArray[np.int64] = np.empty(0, np.int64)
        """Of each row of the log that is made: which of the counted kinds it is."""
        self.passed_over = self.used_cells
        """Which of the counted kinds are no decisions."""
        if names is not None:
            self.machine_words = lambda label: names.words.get(label, ())

    def pass_over(self, records: npt.NDArray[np.int64]) -> None:
        self.passed_over = np.concatenate([self.passed_over, records - FIRST_RECORD])

    def pseudonym(self, name: str) -> str:
        if self.names is not None and name in self.names.words:
            return self.pseudonyms.of_digest(name)
        return super().pseudonym(name)

    def _set_aside_repeated(
        self, columns: dict[str, npt.NDArray[Any]]
    ) -> tuple[dict[str, npt.NDArray[Any]], dict[int, int]]:
        columns = self._with_ordered_codes(columns)
        if not len(columns["record"]):  # nothing is left that could be repeated
            return columns, {}
        for fault, cases in self.repeated(self, columns).items():
            if cases.any():
                self.counts[fault] = self.counts.get(fault, 0) + int(cases.sum())
                columns["cases"] = columns["cases"] - cases
        left = columns["cases"] > 0
        if not left.all():
            columns = {name: values[left] for name, values in columns.items()}
        self.used_cells = columns["record"] - FIRST_RECORD
        return columns, {}

    def _mapping_without(self, dropped: Mapping[str, Any]) -> LogMapping:
        return super()._mapping_without(dropped).model_copy(update={"names": self.said_mapping.names})


def unwanted(
    rows: Any,
    cells: Mapping[str, list[Any]],
    among: npt.NDArray[np.bool_],
    wanted: npt.NDArray[np.bool_],
) -> Any | None:
    """Which rows are not of a wanted kind, given that they are of one of these. None: all are.

    Whatever a column holds in no wanted kind is told by that column, else by two of them, else kind by kind.
    """
    left, tests = among & ~wanted, []
    for name in (column for column in cells if column != "n"):
        if not left.any():
            break
        held = np.array(cells[name], object)
        wanted_values = set(held[wanted].tolist())
        bad = {text for text in set(held[left].tolist()) if text not in wanted_values}
        if bad:
            tests.append(is_any(rows[name], bad))
            left = left & ~np.isin(held, list(bad))
    names = [name for name in cells if name != "n"]
    for first, second in combinations(names, 2):
        if not left.any():
            break
        pairs = list(zip(cells[first], cells[second], strict=True))
        good = {pairs[place] for place in np.flatnonzero(wanted)}
        bad_pairs = {pairs[place] for place in np.flatnonzero(left)} - good
        by_first: dict[Any, set[Any]] = {}
        for left_text, right_text in bad_pairs:
            by_first.setdefault(left_text, set()).add(right_text)
        tests += [(rows[first] == text) & is_any(rows[second], others) for text, others in by_first.items()]
        left = left & ~np.fromiter((pair in bad_pairs for pair in pairs), np.bool_, len(pairs))
    for place in np.flatnonzero(left):
        tests.append(all_of(rows[name] == cells[name][place] for name in names))
    return reduce(lambda left, right: left | right, tests) if tests else None


def all_of(tests: Any) -> Any:
    """Of several tests, that all hold."""
    return reduce(lambda left, right: left & right, tests)


def is_any(column: Any, values: Collection[Any]) -> Any:
    """Whether it is one of these. One is compared as one: engines look it up as dearly as many, in every row."""
    return column.isin(sorted(values)) if len(values) > 1 else column == next(iter(values))


def coded(column: Any, codes: Mapping[Any, int]) -> Any:
    """The number that stands for each text; -1 for any other."""
    by_code: dict[int, list[Any]] = {}
    for text, code in codes.items():
        by_code.setdefault(code, []).append(text)
    if not by_code:
        return ibis.literal(-1).cast("int64")
    return ibis.cases(*((is_any(column, texts), code) for code, texts in sorted(by_code.items())), else_=-1).cast(
        "int64"
    )


def renumbered(column: Any, before: npt.NDArray[Any], after: npt.NDArray[Any]) -> Any:
    """A column of codes as other codes, kind of row by kind of row the same ones."""
    codes = {int(left): int(right) for left, right in zip(before, after, strict=True)}
    if all(left == right for left, right in codes.items()):
        return column
    return ibis.cases(*((column == left, right) for left, right in sorted(codes.items())), else_=-1).cast(column.type())
