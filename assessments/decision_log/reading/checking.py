"""Checks one chunk of rows, column by column: Judged."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from assessments.decision_log.reading import cleaning, meaning, spelling
from assessments.decision_log.reading.chunks import Chunk
from assessments.decision_log.reading.columns import Column, LogMapping, marks, says_header, suggest
from assessments.decision_log.reading.faults import Fault
from assessments.decision_log.reading.gathering import FIRST_BAD, Gathering
from assessments.decision_log.reading.log import Codes
from assessments.decision_log.reading.numbering import (
    EMPTY,
    FORMULA,
    FORMULA_SIGN,
    Labels,
    as_text,
    by_value,
    counted,
    digests,
    encoded,
    numbers_of,
)
from assessments.decision_log.reading.times import FAULT_OF, NO_TIME, Micros, are_midnights, read_times

MOST_FLAGS = 50
"""Most distinct values of the column `automatic` that are distinguished."""
_EARLIEST = 631_152_000_000_000
"""1990-01-01 in microseconds."""
_MINUTE = 60_000_000
_MADE = "MADE-"
_ROUNDED = r"^[+-]?(\d(\.\d+)?[eE]\+\d{2,3}|\d\.\d+[eE]\d{1,3})$"
"""An id that a spreadsheet or a program turned into scientific notation; 1E05 without a sign and a point is none."""
_LONGEST_NUMBER = r"^\d{1,308}(\.\d*)?([eE][+-]?\d{1,2})?$|^\.\d+$"
_CLOCK = r"^(?:(?P<days>\d{1,3}) days?,? )?(?P<hours>\d{1,4}):(?P<minutes>[0-5]?\d):(?P<seconds>[0-5]?\d(?:\.\d+)?)$"
_THOUSANDS = r"^[1-9]\d{0,2}(,\d{3})+(\.\d+)?$"
_DECIMAL = r"\d{1,9}(?:\.\d{1,9})?"
_MARKS = marks()
_WITH_UNITS = (
    rf"^(?i:pt)?\s*(?:(?P<hours>{_DECIMAL})\s*(?i:{_MARKS['hours']}|hours?|hrs?|h)\s*)?"
    rf"(?:(?P<minutes>{_DECIMAL})\s*(?i:{_MARKS['minute']}|minutes?|mins?|m)\s*)?"
    rf"(?:(?P<seconds>{_DECIMAL})\s*(?i:{_MARKS['second']}|seconds?|secs?|s))?\.?$"
)
_BESIDE = r"^\d{1,12}(\.\d+)?$"
_MOST_SECONDS = 1e9
_MILLISECONDS = {"s": 1000.0, "ms": 1.0, "us": 1e-3, "ns": 1e-6}
_UNIT_ROWS = 3
"""A row of units is among the first rows below the header."""


class Judged:
    """One chunk while its columns are checked; of several faults in a row the first is reported."""

    def __init__(self, into: Gathering, chunk: Chunk) -> None:
        self.into, self.chunk, self.size = into, chunk, len(chunk.records)
        self.fault = np.zeros(self.size, np.int8)
        self.set_aside = np.zeros(self.size, np.bool_)
        self.where: list[tuple[Fault, str]] = []
        self.codes: dict[str, Any] = {}
        """Header → its column of few different values, as a place among them a row."""

    def keep(self) -> None:
        into = self.into
        columns: dict[str, npt.NDArray[Any]] = {"record": self.chunk.records}
        self._no_decisions()
        columns["case"] = self._case()
        columns["output"] = self._outcome(Column.OUTPUT)
        columns["decision"] = self._outcome(Column.DECISION)
        columns["reviewer"], columns["by_name"], columns["by_flag"] = self._person()
        columns["decided"], columns["review_ms"] = self._times()
        columns["reason"] = self._reason()
        columns["stage"] = self._labels(into.stages, self.coded(Column.STAGE), Column.STAGE)
        for name, labels in into.groups.items():
            columns[f"group.{name}"] = self._labels(labels, self.coded(name), name)
        for number in into.numbers:
            columns[f"number.{number}"] = self._number_beside(number)
        if into.later is not None:
            columns["later"] = self._labels(into.later, self.coded(Column.LATER), Column.LATER)
        good = self.fault == 0
        into.total += self.size if self.chunk.cases is None else int(self.chunk.cases.sum())
        if self.chunk.cases is not None:
            columns["cases"] = self.chunk.cases
        into.records = max(into.records, int(self.chunk.records[-1]) + 1)
        self._tell()
        into.keep(columns if good.all() else {name: values[good] for name, values in columns.items()})

    def _no_decisions(self) -> None:
        """Sets aside repeated headers, totals and unit rows before their words can become labels."""
        into, mapping = self.into, self.into.mapping
        output, decision = (self.coded(name) for name in (Column.OUTPUT, Column.DECISION))
        case = as_text(self.column(Column.CASE))
        again = _is_header(output, mapping, Column.OUTPUT) & _is_header(decision, mapping, Column.DECISION)
        for row in np.flatnonzero(again):
            again[row] = says_header(case[int(row)].as_py(), mapping, Column.CASE)
        totals = self._totals(case, output, decision)
        units = np.zeros(self.size, np.bool_)
        for row in np.flatnonzero(self.chunk.records < _UNIT_ROWS):
            cells = [as_text(column)[int(row)].as_py() for column in self.chunk.columns.values()]
            filled = [cell for cell in cells if not into.missing.is_missing(cell)]
            units[row] = bool(filled) and all(meaning.is_unit(cell) for cell in filled)
            again[row] |= not suggest(filled).missing
        out = again | totals | units
        if not out.any():
            return
        self._mark(again, Fault.REPEATED_HEADER, "")
        self._mark(totals, Fault.TOTAL_LINE, "")
        self._mark(units, Fault.UNIT_LINE, "")
        self.set_aside = out
        into.pass_over(self.chunk.records[out])
        self.codes.clear()
        blank = pa.array(out)
        self.chunk.columns.update(
            {
                header: pc.if_else(blank, pa.scalar(None, column.type), column)
                for header, column in ((name, _decoded(array)) for name, array in self.chunk.columns.items())
            }
        )

    def _totals(self, case: Any, output: Any, decision: Any) -> npt.NDArray[np.bool_]:
        """Rows of totals: the outcomes are no outcomes, and a word for totals stands as the case, or first where no case is named."""
        into = self.into
        first = as_text(self.chunk.columns[into.first]) if into.first in self.chunk.columns else case
        values = np.zeros(self.size, np.bool_)
        for row in np.flatnonzero(_holds(output, self._is_count) & _holds(decision, self._is_count)):
            name, before = case[int(row)].as_py(), first[int(row)].as_py()
            if into.missing.is_missing(name):
                values[row] = into.is_total(name) or into.is_total(before)
            else:
                values[row] = into.is_total(name) or (meaning.is_number(name) and into.names_total(before))
        return values

    def _is_count(self, text: str) -> bool:
        return meaning.is_count(text) or self.into.missing.is_missing(text)

    def coded(self, column: Column | str) -> Any:
        """A mapped column with few distinct values, dictionary-encoded. None: not mapped."""
        mapping = self.into.mapping
        header = mapping.columns.get(column) if isinstance(column, Column) else mapping.groups[column]
        if header is not None and header not in self.codes:
            self.codes[header] = encoded(self.chunk.columns[header])
        return None if header is None else self.codes[header]

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
            self.into.counts[fault] = self.into.counts.get(fault, 0) + self.chunk.sum(self.fault == code)
            for record in self.chunk.records[rows[:FIRST_BAD]]:
                self.into.name_bad(int(record), fault, column)

    def _labels(self, labels: Labels, column: Any, name: str) -> Codes:
        if column is None:
            return np.full(self.size, EMPTY, labels.kind)
        codes = labels.encode(column, self.chunk.cases)
        self._mark(codes == FORMULA, Fault.FORMULA, name)
        return codes

    def _texts(self, name: Column) -> Any:
        """A text column, with ="…" replaced by the text inside."""
        texts = as_text(self.column(name))
        return texts if cleaning.are_plain(texts) else self._made_plain(name, texts)

    def _made_plain(self, name: Column, texts: Any) -> Any:
        texts, is_constant = cleaning.constants(texts)
        self._note("text_constants", name, self.chunk.sum(is_constant))
        return cleaning.plain_texts(texts)

    def _blanked(self, name: Column) -> Any:
        """The texts of a column without its missing words."""
        return self.into.missing.blanked(name, self._texts(name), self.chunk.cases)

    def _note(self, key: str, column: str, cells: int) -> None:
        if cells:
            self.into.noted[key, column] += cells

    def _case(self) -> npt.NDArray[np.int64]:
        if self.chunk.plain_ids is not None and self.into.made is False and not self.set_aside.any():
            return self.chunk.plain_ids
        texts = as_text(self.column(Column.CASE))
        is_plain = cleaning.are_plain(texts)
        texts = texts if is_plain else self._made_plain(Column.CASE, texts)
        texts = self.into.missing.blanked(Column.CASE, texts, self.chunk.cases)
        if not is_plain:
            self._mark(np.asarray(pc.starts_with(texts, "=")), Fault.FORMULA, Column.CASE)
            self._mark(np.asarray(pc.match_substring_regex(texts, _ROUNDED)), Fault.ROUNDED_ID, Column.CASE)
        case = numbers_of(texts)
        self._mark(case == 0, Fault.MISSING, Column.CASE)
        if self.into.made is not False:
            stays = texts.filter(pa.array(~self.set_aside)) if self.set_aside.any() else texts
            self.into.made = bool(pc.all(pc.starts_with(stays, _MADE)).as_py())
        return case

    def _outcome(self, name: Column) -> Codes:
        into, column = self.into, self.coded(name)
        if name is Column.OUTPUT:
            column, no_number = meaning.by_cutoff(column, into.mapping, into.missing)
            self._mark(no_number, Fault.NOT_A_NUMBER, name)
        codes = self._labels(into.outcomes, column, name)
        self._mark(codes == EMPTY, Fault.MISSING, name)
        if name is Column.DECISION and into.undecided:
            keys = {code: spelling.key_of(label.lstrip(FORMULA_SIGN)) for label, code in into.outcomes.codes.items()}
            codes_of = [code for code, key in keys.items() if key in into.undecided]
            self._mark(np.isin(codes, codes_of), Fault.UNDECIDED, name)
        return codes

    def _person(self) -> tuple[Codes, npt.NDArray[np.bool_], npt.NDArray[np.bool_]]:
        """Reviewer codes, and whether no person decided: by the reviewer's name, and by the column `automatic`."""
        column, flag = self.coded(Column.REVIEWER), self.coded(Column.AUTOMATIC)
        reviewer = self._labels(self.into.reviewers, column, Column.REVIEWER)
        by_name, by_flag = np.zeros(self.size, np.bool_), np.zeros(self.size, np.bool_)
        if column is not None:
            by_name = _matches(column, self.into.is_no_person, self.into.machines, self.chunk.cases) & ~self.set_aside
            is_rounded = _holds(column, lambda name: bool(re.match(_ROUNDED, name)))
            self._mark(is_rounded, Fault.ROUNDED_ID, Column.REVIEWER)
        if flag is not None:
            by_flag = self._flags(flag)
        return reviewer, by_name, by_flag

    def _flags(self, column: Any) -> npt.NDArray[np.bool_]:
        meant: list[bool] = []
        for raw, cells in counted(column, self.chunk.cases):
            text = spelling.constant(raw)
            says = None if self.into.missing.is_missing(text) else self.into.says_yes(text)
            meant.append(bool(says))
            if self.into.missing.is_missing(text):
                self.into.missing.count(Column.AUTOMATIC, text, cells)
            elif cells and len(self.into.flags) < MOST_FLAGS:
                self.into.flags[says, spelling.as_label(text)] += cells
        return by_value(column, meant, np.bool_)

    def _times(self) -> tuple[Micros, npt.NDArray[np.int64]]:
        decided, has_clock = self._time(Column.DECIDED, is_needed=True)
        shown, shown_clock = self._time(Column.SHOWN, is_needed=False)
        review = np.full(self.size, -1, np.int64)
        both = (decided != NO_TIME) & (shown != NO_TIME) & has_clock & shown_clock
        self._mark(both & (decided < shown), Fault.BEFORE_SHOWN, Column.DECIDED)
        review[both] = (decided[both] - shown[both]) // 1000
        for name, unit in ((Column.SECONDS, 1000.0), (Column.MINUTES, 60_000.0)):
            if self.column(name) is not None:
                stated = self._number(name, unit)
                use = (review < 0) & np.isfinite(stated)
                review[use] = np.round(stated[use]).astype(np.int64)
                self.into.shows_seconds |= bool((use & (stated % 60_000.0 != 0)).any())
        return decided, review

    def _time(self, name: Column, is_needed: bool) -> tuple[Micros, npt.NDArray[np.bool_]]:
        column = self.column(name)
        if column is None:
            return np.full(self.size, NO_TIME, np.int64), np.zeros(self.size, np.bool_)
        if not (pa.types.is_timestamp(column.type) or pa.types.is_date(column.type)):
            column = self._blanked(name)
        times = read_times(column, self.into.zone, self.into.mapping.date_order, self.into.epoch)
        for code, fault in FAULT_OF.items():
            if fault is not Fault.MISSING or is_needed:
                self._mark(times.fault == code, fault, name)
        known = times.fault == 0
        off = known & ((times.micros < _EARLIEST) | (times.micros > self.into.latest))
        self._mark(off, Fault.IMPLAUSIBLE_TIME, name)
        self.into.own_zone += times.zoned
        if not self.into.shows_seconds:
            self.into.shows_seconds = bool((times.micros[known & ~off] % _MINUTE != 0).any())
        return times.micros, ~(times.is_day | are_midnights(times.micros, self.into.zone))

    def _number(self, name: Column, unit: float) -> npt.NDArray[np.float64]:
        """Durations in milliseconds, NaN if empty; a value that is not a finite number of 0 or more is a fault."""
        column = self.column(name)
        if pa.types.is_duration(column.type):
            self.into.units[name.value] = column.type.unit
            whole = np.asarray(pc.fill_null(pc.cast(column, pa.int64()), -1))
            self._mark((whole < 0) & np.asarray(pc.is_valid(column)), Fault.NOT_A_NUMBER, name)
            return np.where(whole < 0, np.nan, whole * _MILLISECONDS[column.type.unit])
        texts = self._without_commas(name, self._blanked(name))
        is_number = pc.match_substring_regex(texts, _LONGEST_NUMBER)
        numbers = np.array(pc.cast(pc.if_else(is_number, texts, "nan"), pa.float64())) * unit
        clocks = np.flatnonzero(np.asarray(pc.match_substring_regex(texts, _CLOCK)))
        if len(clocks):
            numbers[clocks] = _clock_milliseconds(texts.take(pa.array(clocks)))
            self._note("clock_durations", name, self._rows_of(clocks))
        has_units = pc.and_(pc.match_substring_regex(texts, r"\d\s*\pL"), pc.match_substring_regex(texts, _WITH_UNITS))
        units = np.flatnonzero(np.asarray(has_units))
        if len(units):
            numbers[units] = _stated_milliseconds(texts.take(pa.array(units)))
            self._note("stated_units", name, self._rows_of(units))
        bad = ~np.isfinite(numbers) & np.asarray(pc.not_equal(texts, ""))
        numbers[np.abs(numbers) > _MOST_SECONDS * 1000] = np.nan
        bad |= ~np.isfinite(numbers) & np.asarray(pc.not_equal(texts, ""))
        self._mark(bad, Fault.NOT_A_NUMBER, name)
        return numbers

    def _number_beside(self, name: Column) -> npt.NDArray[np.int64]:
        """Values in thousandths, -1 if none. A non-number is remarked on, but the row still counts."""
        column = self.column(name)
        if pa.types.is_duration(column.type):
            hours = np.asarray(pc.fill_null(pc.cast(column, pa.int64()), -1)) * _MILLISECONDS[column.type.unit] / 3600
            return np.where(hours < 0, -1, np.round(hours)).astype(np.int64)
        texts = self._without_commas(name, self._blanked(name))
        is_number = pc.match_substring_regex(texts, _BESIDE)
        is_unread = pc.invert(pc.or_(is_number, pc.equal(texts, "")))
        self._note("beside_unread", name, self.chunk.sum(np.asarray(is_unread)))
        numbers = np.asarray(pc.cast(pc.if_else(is_number, texts, "-1"), pa.float64()))
        return np.where(numbers < 0, -1, np.round(numbers * 1000)).astype(np.int64)

    def _rows_of(self, places: npt.NDArray[np.int64]) -> int:
        return len(places) if self.chunk.cases is None else int(self.chunk.cases[places].sum())

    def _without_commas(self, name: Column, texts: Any) -> Any:
        """`1,200` becomes 1200; other commas stay, so that separators and decimal points are never confused."""
        has_thousands = pc.match_substring_regex(texts, _THOUSANDS)
        cells = self.chunk.sum(np.asarray(has_thousands))
        if not cells:
            return texts
        self._note("thousands", name, cells)
        return pc.if_else(has_thousands, pc.replace_substring(texts, ",", ""), texts)

    def _reason(self) -> npt.NDArray[np.int64]:
        column = self.coded(Column.REASON)
        if column is None:
            return np.zeros(self.size, np.int64)
        if cleaning.are_plain(column.dictionary) and not self.into.missing.are_among(column.dictionary):
            return digests(column)
        return digests(self._blanked(Column.REASON))


def _clock_milliseconds(texts: Any) -> npt.NDArray[np.float64]:
    """Milliseconds of `0:12:30` and `1 day, 0:12:30`."""
    parts = pc.extract_regex(texts, _CLOCK)

    def number(name: str) -> npt.NDArray[np.float64]:
        values = pc.struct_field(parts, name)
        return np.asarray(pc.cast(pc.if_else(pc.equal(values, ""), "0", values), pa.float64()))

    return ((number("days") * 24 + number("hours")) * 60 + number("minutes")) * 60_000 + number("seconds") * 1000


def _stated_milliseconds(texts: Any) -> npt.NDArray[np.float64]:
    """Milliseconds of `1 h 2 min 3 s` (also in Korean), `12.5 min`, `90s` and `PT12M30S`."""
    parts = pc.extract_regex(texts, _WITH_UNITS)

    def number(name: str) -> npt.NDArray[np.float64]:
        values = pc.struct_field(parts, name)
        return np.asarray(pc.cast(pc.if_else(pc.equal(values, ""), "0", values), pa.float64()))

    return (number("hours") * 60 + number("minutes")) * 60_000 + number("seconds") * 1000


def _is_header(column: Any, mapping: LogMapping, name: Column) -> npt.NDArray[np.bool_]:
    """Rows of an encoded column that repeat its header in any spelling, or a synonym of it."""
    return _holds(column, lambda value: says_header(value, mapping, name))


def _holds(column: Any, holds: Callable[[str], bool]) -> npt.NDArray[np.bool_]:
    """Rows of an encoded column whose label satisfies the predicate."""
    return by_value(column, [holds(value) for value in column.dictionary.to_pylist()], np.bool_)


def _decoded(column: Any) -> Any:
    return column.dictionary_decode() if pa.types.is_dictionary(column.type) else column


def _matches(
    column: Any, holds: Callable[[str], bool], counts: Counter[str], cases: npt.NDArray[np.int64] | None
) -> npt.NDArray[np.bool_]:
    is_held: list[bool] = []
    for value, cells in counted(column, cases):
        is_held.append(holds(spelling.constant(value)))
        if is_held[-1] and cells:
            counts[spelling.as_label(value)] += cells
    return by_value(column, is_held, np.bool_)
