"""Rows of a log, judged one column at a time and kept as compact numbers: Collector."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from assessments.decision_log import meaning
from assessments.decision_log.columns import Column, LogMapping
from assessments.decision_log.duplicates import find_repeated
from assessments.decision_log.faults import BadRow, Fault
from assessments.decision_log.labels import EMPTY, FORMULA, Labels, as_text, digests, numbers_of, sorted_labels, tidy
from assessments.decision_log.log import DecisionLog, RowCount
from assessments.decision_log.pseudonyms import Pseudonyms
from assessments.decision_log.tables import Chunk
from assessments.decision_log.times import FAULT_OF, NO_TIME, Micros, read_times

MOST_OUTCOMES, MOST_STAGES, MOST_GROUP_LABELS, MOST_REVIEWERS = 20, 50, 50, 5_000
FIRST_BAD = 100
"""Bad rows that are named with their line; all are counted."""
_EARLIEST = 631_152_000_000_000
"""1990-01-01 in microseconds."""
_MINUTE = 60_000_000
_MADE = "MADE-"


class Collector:
    """Add chunks in the order of the file, then finish."""

    def __init__(self, mapping: LogMapping, key: bytes, at: datetime) -> None:
        self.mapping = mapping
        self.zone = ZoneInfo(mapping.time_zone)
        self.latest = int(at.timestamp() * 1_000_000)
        header = mapping.columns.get
        self.outcomes = Labels(
            f"{header(Column.OUTPUT)}/{header(Column.DECISION)}", MOST_OUTCOMES, meaning.common_label(mapping)
        )
        self.reviewers = Labels(header(Column.REVIEWER, ""), MOST_REVIEWERS, self._pseudonym)
        self.stages = Labels(header(Column.STAGE, ""), MOST_STAGES)
        self.groups = {name: Labels(column, MOST_GROUP_LABELS) for name, column in mapping.groups.items()}
        self.pseudonyms = Pseudonyms(key)
        self.is_no_person = meaning.is_no_person(mapping)
        self.says_yes = meaning.says_yes(mapping)
        self.parts: list[dict[str, npt.NDArray[Any]]] = []
        self.counts: dict[Fault, int] = {}
        self.bad: list[tuple[int, Fault, str]] = []
        self.total = 0
        self.own_zone = 0
        self.shows_seconds = False
        self.made: bool | None = None

    @property
    def is_made(self) -> bool:
        """Every case id is marked as made."""
        return bool(self.made)

    def add(self, chunk: Chunk) -> None:
        """Raises: LogRefusedError where a column cannot be what it is mapped to."""
        for record in chunk.wrong_width:
            self.counts[Fault.COLUMN_COUNT] = self.counts.get(Fault.COLUMN_COUNT, 0) + 1
            self.total += 1
            self._name(record, Fault.COLUMN_COUNT, "")
        size = len(chunk.records)
        if not size:
            return
        chunk = _without_blank(chunk)
        size = len(chunk.records)
        if size:
            _Judged(self, chunk).keep()

    def finish(self, lines: Callable[[set[int], int], dict[int, int]]) -> tuple[DecisionLog, RowCount]:
        """lines: records and the number of all records → record → line."""
        names = (
            "record",
            "case",
            "output",
            "decision",
            "reviewer",
            "automatic",
            "decided",
            "review_ms",
            "reason",
            "stage",
        )
        empty = {name: np.empty(0, np.int64) for name in (*names, *(f"group.{one}" for one in self.groups))}
        parts = self.parts or [empty]
        kept = {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
        self.parts = []
        named = self._in_alphabetical_order(kept)
        repeated = find_repeated(kept)
        others: dict[int, int] = {}
        for fault, rows, instead in repeated.faults:
            self.counts[fault] = self.counts.get(fault, 0) + len(rows)
            first = np.argsort(kept["record"][rows])[:FIRST_BAD]
            for row, other in zip(rows[first], instead[first], strict=True):
                record = int(kept["record"][row])
                others[record] = int(kept["record"][other])
                self.bad.append((record, fault, ""))
        records = int(max(kept["record"], default=-1)) + 1
        if not repeated.stay.all():
            kept = {name: values[repeated.stay] for name, values in kept.items()}
        log = self._log(kept, named)
        return log, self._rows(log, records, others, lines)

    def _rows(
        self, log: DecisionLog, records: int, others: dict[int, int], lines: Callable[[set[int], int], dict[int, int]]
    ) -> RowCount:
        first = sorted(self.bad)[:FIRST_BAD]
        records = max([records, *(record + 1 for record, _, _ in self.bad)])
        asked = {record for record, _, _ in first} | {others[record] for record, _, _ in first if record in others}
        line = lines(asked, records)
        bad = tuple(
            BadRow(line.get(record, 0), fault, column, line.get(others.get(record, -1), 0))
            for record, fault, column in first
        )
        counts = {fault: self.counts[fault] for fault in Fault if self.counts.get(fault)}
        return RowCount(self.total, len(log), counts, bad, int((log.review_ms < 0).sum()), self.own_zone)

    def _in_alphabetical_order(self, kept: dict[str, npt.NDArray[Any]]) -> dict[str, tuple[str, ...]]:
        """Renumbers all labels, so that nothing depends on the order of rows; column → its labels."""
        labels = {"reviewer": self.reviewers, "stage": self.stages, "output": self.outcomes, "decision": self.outcomes}
        labels |= {f"group.{name}": one for name, one in self.groups.items()}
        named: dict[str, tuple[str, ...]] = {}
        for name, one in labels.items():
            kept[name], named[name] = sorted_labels(one, kept[name])
        return named

    def _log(self, kept: dict[str, npt.NDArray[Any]], named: dict[str, tuple[str, ...]]) -> DecisionLog:
        return DecisionLog(
            output=kept["output"],
            decision=kept["decision"],
            outcomes=named["output"],
            favourable=meaning.favourable_codes(named["output"], self.mapping),
            reviewer=kept["reviewer"],
            reviewers=named["reviewer"],
            automatic=kept["automatic"].astype(np.bool_),
            decided=kept["decided"],
            review_ms=kept["review_ms"],
            reason=kept["reason"],
            stage=kept["stage"],
            stages=named["stage"],
            groups={name: kept[f"group.{name}"] for name in self.groups},
            group_labels={name: named[f"group.{name}"] for name in self.groups},
            has=frozenset(self.mapping.columns),
            time_zone=self.mapping.time_zone,
            is_to_the_minute=not self.shows_seconds,
        )

    def _pseudonym(self, name: str) -> str:
        """Empty for what is no person."""
        return "" if self.is_no_person(name) else self.pseudonyms.of(name)

    def _name(self, record: int, fault: Fault, column: str) -> None:
        if len(self.bad) < 20 * FIRST_BAD:
            self.bad.append((record, fault, column))


class _Judged:
    """One chunk while its columns are judged; the first fault of a row is the one that is told."""

    def __init__(self, into: Collector, chunk: Chunk) -> None:
        self.into, self.chunk, self.size = into, chunk, len(chunk.records)
        self.fault = np.zeros(self.size, np.int8)
        self.where: list[tuple[Fault, str]] = []

    def keep(self) -> None:
        into = self.into
        kept: dict[str, npt.NDArray[Any]] = {"record": self.chunk.records}
        kept["case"] = self._case()
        kept["output"] = self._outcome(Column.OUTPUT)
        kept["decision"] = self._outcome(Column.DECISION)
        kept["reviewer"], kept["automatic"] = self._person()
        kept["decided"], kept["review_ms"] = self._times()
        kept["reason"] = self._reason()
        kept["stage"] = self._labels(into.stages, self.column(Column.STAGE), Column.STAGE)
        for name, labels in into.groups.items():
            kept[f"group.{name}"] = self._labels(labels, self.chunk.columns[into.mapping.groups[name]], name)
        good = self.fault == 0
        into.total += self.size
        self._tell()
        into.parts.append(kept if good.all() else {name: values[good] for name, values in kept.items()})

    def column(self, column: Column) -> Any:
        """None: not mapped."""
        header = self.into.mapping.columns.get(column)
        return None if header is None else self.chunk.columns[header]

    def _mark(self, bad: npt.NDArray[np.bool_], fault: Fault, column: str) -> None:
        new = bad & (self.fault == 0)
        if new.any():
            self.where.append((fault, column))
            self.fault[new] = len(self.where)

    def _tell(self) -> None:
        for code, (fault, column) in enumerate(self.where, start=1):
            rows = np.flatnonzero(self.fault == code)
            self.into.counts[fault] = self.into.counts.get(fault, 0) + len(rows)
            for record in self.chunk.records[rows[:FIRST_BAD]]:
                self.into._name(int(record), fault, column)

    def _labels(self, labels: Labels, column: Any, name: str) -> npt.NDArray[np.int32]:
        if column is None:
            return np.full(self.size, EMPTY, np.int32)
        codes = labels.encode(column)
        self._mark(codes == FORMULA, Fault.FORMULA, name)
        return codes

    def _case(self) -> npt.NDArray[np.int64]:
        column = as_text(self.column(Column.CASE))
        self._mark(np.asarray(pc.starts_with(column, "=")), Fault.FORMULA, Column.CASE)
        case = numbers_of(column)
        self._mark(case == 0, Fault.MISSING, Column.CASE)
        if self.into.made is not False:
            self.into.made = bool(pc.all(pc.starts_with(column, _MADE)).as_py())
        return case

    def _outcome(self, name: Column) -> npt.NDArray[np.int32]:
        column = self.column(name)
        if name is Column.OUTPUT:
            column, no_number = meaning.by_cutoff(column, self.into.mapping)
            self._mark(no_number, Fault.NOT_A_NUMBER, name)
        codes = self._labels(self.into.outcomes, column, name)
        self._mark(codes == EMPTY, Fault.MISSING, name)
        return codes

    def _person(self) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.bool_]]:
        column, flag = self.column(Column.REVIEWER), self.column(Column.AUTOMATIC)
        reviewer = self._labels(self.into.reviewers, column, Column.REVIEWER)
        automatic = np.zeros(self.size, np.bool_)
        if column is not None:
            automatic |= _matches(column, self.into.is_no_person)
        if flag is not None:
            automatic |= _matches(flag, self.into.says_yes)
        if column is not None:
            self._mark((reviewer == EMPTY) & ~automatic, Fault.MISSING, Column.REVIEWER)
        reviewer[automatic] = EMPTY
        return reviewer, automatic

    def _times(self) -> tuple[Micros, npt.NDArray[np.int64]]:
        decided, has_clock = self._time(Column.DECIDED, is_needed=True)
        shown, shown_clock = self._time(Column.SHOWN, is_needed=False)
        review = np.full(self.size, -1, np.int64)
        both = (decided != NO_TIME) & (shown != NO_TIME) & has_clock & shown_clock
        self._mark(both & (decided < shown), Fault.BEFORE_SHOWN, Column.DECIDED)
        review[both] = (decided[both] - shown[both]) // 1000
        for name, unit in ((Column.SECONDS, 1000.0), (Column.MINUTES, 60_000.0)):
            if self.column(name) is not None:
                stated = self._number(name) * unit
                use = (review < 0) & np.isfinite(stated)
                review[use] = np.round(stated[use]).astype(np.int64)
                self.into.shows_seconds |= bool((use & (stated % 60_000.0 != 0)).any())
        return decided, review

    def _time(self, name: Column, is_needed: bool) -> tuple[Micros, npt.NDArray[np.bool_]]:
        column = self.column(name)
        if column is None:
            return np.full(self.size, NO_TIME, np.int64), np.zeros(self.size, np.bool_)
        times = read_times(column, self.into.zone, self.into.mapping.date_order)
        for code, fault in FAULT_OF.items():
            if fault is not Fault.MISSING or is_needed:
                self._mark(times.fault == code, fault, name)
        known = times.fault == 0
        off = known & ((times.micros < _EARLIEST) | (times.micros > self.into.latest))
        self._mark(off, Fault.IMPLAUSIBLE_TIME, name)
        self.into.own_zone += times.zoned
        if not self.into.shows_seconds:
            self.into.shows_seconds = bool((times.micros[known] % _MINUTE != 0).any())
        return times.micros, ~times.is_day

    def _number(self, name: Column) -> npt.NDArray[np.float64]:
        """NaN where it is empty; what is no number, or negative, is a fault."""
        texts = pc.utf8_trim_whitespace(as_text(self.column(name)))
        is_number = pc.match_substring_regex(texts, r"^\d{1,9}(\.\d{1,9})?$")
        numbers = np.array(pc.cast(pc.if_else(is_number, texts, "nan"), pa.float64()))
        bad = ~np.asarray(is_number) & np.asarray(pc.not_equal(texts, ""))
        self._mark(bad, Fault.NOT_A_NUMBER, name)
        return numbers

    def _reason(self) -> npt.NDArray[np.int64]:
        column = self.column(Column.REASON)
        if column is None:
            return np.zeros(self.size, np.int64)
        return digests(column)


def _matches(column: Any, holds: Callable[[str], bool]) -> npt.NDArray[np.bool_]:
    encoded = as_text(column).dictionary_encode()
    values = np.asarray([holds(tidy(value)) for value in encoded.dictionary.to_pylist()], np.bool_)
    return np.asarray(values[np.asarray(encoded.indices)])


def _without_blank(chunk: Chunk) -> Chunk:
    """Lines that hold nothing at all in the wanted columns are no rows."""
    blank = np.ones(len(chunk.records), np.bool_)
    for column in chunk.columns.values():
        if not blank.any():
            return chunk
        blank &= np.asarray(pc.equal(as_text(column), ""))
    if not blank.any():
        return chunk
    stay = pa.array(~blank)
    return Chunk(
        chunk.records[~blank], {name: one.filter(stay) for name, one in chunk.columns.items()}, share=chunk.share
    )
