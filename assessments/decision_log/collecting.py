"""Rows of a log, judged one column at a time and kept as compact numbers: Collector."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from assessments.decision_log import cleaning, meaning
from assessments.decision_log.columns import Column, LogMapping
from assessments.decision_log.duplicates import find_repeated
from assessments.decision_log.faults import BadRow, Fault
from assessments.decision_log.labels import EMPTY, FORMULA, FORMULA_SIGN, Labels, Named, as_text, digests, numbers_of
from assessments.decision_log.log import DecisionLog, RowCount
from assessments.decision_log.pseudonyms import Pseudonyms
from assessments.decision_log.reading import Joined, Remark
from assessments.decision_log.tables import Chunk
from assessments.decision_log.times import EXCEL_1900, FAULT_OF, NO_TIME, Micros, read_times

MOST_OUTCOMES, MOST_STAGES, MOST_GROUP_LABELS, MOST_REVIEWERS = 20, 50, 50, 5_000
FIRST_BAD = 100
"""Bad rows that are named with their line; all are counted."""
_EARLIEST = 631_152_000_000_000
"""1990-01-01 in microseconds."""
_MINUTE = 60_000_000
_MADE = "MADE-"
_ROUNDED = r"^[+-]?\d(\.\d+)?[eE]\+?\d{2,3}$"
"""An id as a spreadsheet shows a number that is too long for it."""
_LONGEST_NUMBER = r"^\d{1,308}(\.\d*)?([eE][+-]?\d{1,2})?$|^\.\d+$"
_CLOCK = r"^(?:(?P<days>\d{1,3}) days?,? )?(?P<hours>\d{1,4}):(?P<minutes>[0-5]?\d):(?P<seconds>[0-5]?\d(?:\.\d+)?)$"
_MOST_SECONDS = 1e9
_MILLISECONDS = {"s": 1000.0, "ms": 1.0, "us": 1e-3, "ns": 1e-6}
_UNIT_ROWS = 3
"""Units stand in one of the first rows below the header."""
_VALUES_NAMED = 8
_DISABILITY = "disability"
"""Group in which none is a value."""


@dataclass(frozen=True)
class Place:
    """Where one record stands."""

    line: int
    sheet: str = ""


Places = Callable[[set[int], int], Mapping[int, Place]]
"""Records and the number of all records → where each stands."""


@dataclass(frozen=True)
class Collected:
    """What the rows of one file gave."""

    log: DecisionLog
    rows: RowCount
    joined: tuple[Joined, ...]
    assumed: tuple[Remark, ...]
    not_computed: tuple[Remark, ...]
    asked: tuple[Remark, ...]
    missing: Mapping[tuple[str, str], int]
    """(column, word) → cells."""
    blank_rows: int
    mapping: LogMapping
    """Without the guesses that turned out to be wrong."""


class Collector:
    """Add chunks in the order of the file, then finish."""

    def __init__(
        self,
        mapping: LogMapping,
        key: bytes,
        at: datetime,
        *,
        guessed: frozenset[str] = frozenset(),
        epoch: int = EXCEL_1900,
        first: str = "",
    ) -> None:
        """guessed: Columns and groups that nobody named. epoch: of serial dates. first: header of the first column, if read."""
        self.mapping, self.guessed, self.epoch, self.first = mapping, guessed, epoch, first
        self.zone = ZoneInfo(mapping.time_zone)
        self.latest = int(at.timestamp() * 1_000_000)
        self.missing = meaning.missing(mapping)
        header = mapping.columns.get
        outcome = f"{header(Column.OUTPUT)}/{header(Column.DECISION)}"
        self.outcomes = Labels("outcome", outcome, MOST_OUTCOMES, self.missing, said=mapping.values)
        self.reviewers = self._labels_of(Column.REVIEWER, MOST_REVIEWERS)
        self.stages = self._labels_of(Column.STAGE, MOST_STAGES)
        self.groups = {name: self._labels_of(name, MOST_GROUP_LABELS) for name in mapping.groups}
        self.pseudonyms = Pseudonyms(key)
        self.is_no_person = meaning.is_no_person(mapping)
        self.says_yes = meaning.says_yes(mapping)
        self.is_total, self.like_total = meaning.is_total(mapping), meaning.like_total(mapping)
        self.undecided = {cleaning.key_of(label) for label in mapping.undecided}
        self.parts: list[dict[str, npt.NDArray[Any]]] = []
        self.counts: dict[Fault, int] = {}
        self.bad: list[tuple[int, Fault, str]] = []
        self.noted: Counter[tuple[str, str]] = Counter()
        """(key of a remark, column) → cells that it is about."""
        self.units: dict[str, str] = {}
        self.flags: Counter[tuple[bool | None, str]] = Counter()
        """What was made of each value of the column `automatic`."""
        self.machines: Counter[str] = Counter()
        """Names that were taken for no person, with their rows."""
        self.total = self.blank = 0
        self.records = 0
        self.own_zone = 0
        self.shows_seconds = False
        self.made: bool | None = None

    def _labels_of(self, name: str, most: int) -> Labels:
        columns: dict[str, str] = {**self.mapping.groups, **{one.value: h for one, h in self.mapping.columns.items()}}
        return Labels(
            name,
            columns.get(name, ""),
            most,
            self.missing,
            said=self.mapping.names.get(name),
            is_guess=name in self.guessed,
            keeps_absence=name == _DISABILITY,
        )

    @property
    def is_made(self) -> bool:
        """Every case id is marked as made."""
        return bool(self.made)

    def add(self, chunk: Chunk) -> None:
        """Raises: LogRefusedError where a column cannot be what it is mapped to."""
        for record in chunk.wrong_width:
            fault = Fault.TOTAL_LINE if record in chunk.totals else Fault.COLUMN_COUNT
            self.counts[fault] = self.counts.get(fault, 0) + 1
            self.total += 1
            self._name(record, fault, "")
        before = len(chunk.records)
        if before:
            chunk = _without_blank(chunk)
            self.blank += before - len(chunk.records)
        if len(chunk.records):
            _Judged(self, chunk).keep()

    def finish(self, places: Places) -> Collected:
        """Everything together, labels in alphabetical order."""
        names = ("record", "case", "output", "decision", "reviewer", "decided", "review_ms", "reason", "stage")
        flags = ("by_name", "by_flag")
        empty = {name: np.empty(0, np.int64) for name in (*names, *flags, *(f"group.{one}" for one in self.groups))}
        parts = self.parts or [empty]
        kept = {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
        self.parts = []
        dropped = self._drop_wrong_guesses(kept)
        kept = self._settle_people(kept)
        kept = self._set_aside_missing(kept)
        kept, others = self._set_aside_repeated(kept)
        named = self._in_alphabetical_order(kept)
        log = self._log(kept, named, dropped)
        rows = self._rows(log, others, places)
        joined = {id(one): one for one in named.values()}.values()
        return Collected(
            log,
            rows,
            tuple(joining for one in joined for joining in self._unnamed(one)),
            tuple(self._assumed()),
            tuple(dropped.values()),
            tuple(self._asked(kept, named)),
            self.missing.counts,
            self.blank,
            self._mapping_without(dropped),
        )

    def _drop_wrong_guesses(self, kept: dict[str, npt.NDArray[Any]]) -> dict[str, Remark]:
        """Column or group that is not used after all → why."""
        dropped: dict[str, Remark] = {}
        for name, labels in {
            Column.REVIEWER.value: self.reviewers,
            Column.STAGE.value: self.stages,
            **self.groups,
        }.items():
            if labels.is_dropped:
                values: dict[str, str | int] = {"column": name, "header": labels.header, "most": labels.most}
                dropped[name] = Remark("guess_dropped", values)
                place = name if name in (Column.REVIEWER, Column.STAGE) else f"group.{name}"
                kept[place] = np.full(len(kept[place]), EMPTY, np.int32)
        unknown = sorted(value for meant, value in self.flags if meant is None)
        if unknown and Column.AUTOMATIC in self.guessed:
            header = self.mapping.columns[Column.AUTOMATIC]
            values = {"column": Column.AUTOMATIC.value, "header": header, "values": ", ".join(unknown[:_VALUES_NAMED])}
            dropped[Column.AUTOMATIC.value] = Remark("guess_not_yes_no", values)
            kept["by_flag"] = np.zeros(len(kept["by_flag"]), np.bool_)
        return dropped

    def _settle_people(self, kept: dict[str, npt.NDArray[Any]]) -> dict[str, npt.NDArray[Any]]:
        """Who decided: nobody on the automatic path; elsewhere a row without a reviewer is set aside."""
        automatic = (kept.pop("by_name") > 0) | (kept.pop("by_flag") > 0)
        kept["automatic"] = automatic
        kept["reviewer"] = np.where(automatic, EMPTY, kept["reviewer"])
        if Column.REVIEWER not in self.mapping.columns or self.reviewers.is_dropped:
            return kept
        return self._without(kept, (kept["reviewer"] == EMPTY) & ~automatic, Fault.MISSING, Column.REVIEWER)

    def _set_aside_missing(self, kept: dict[str, npt.NDArray[Any]]) -> dict[str, npt.NDArray[Any]]:
        """Words of absence that stand alone in their column are no labels."""
        places = {"output": self.outcomes, "decision": self.outcomes, "reviewer": self.reviewers, "stage": self.stages}
        places |= {f"group.{name}": labels for name, labels in self.groups.items()}
        for place, labels in places.items():
            absences = labels.absences()
            if not absences:
                continue
            for code, word in absences.items():
                self.missing.count(labels.column, word, int((kept[place] == code).sum()))
            is_absent = np.isin(kept[place], list(absences))
            kept[place] = np.where(is_absent, EMPTY, kept[place])
            if place in ("output", "decision", "reviewer"):
                column = {"output": Column.OUTPUT, "decision": Column.DECISION}.get(place, Column.REVIEWER)
                kept = self._without(kept, is_absent, Fault.MISSING, column)
        return kept

    def _set_aside_repeated(
        self, kept: dict[str, npt.NDArray[Any]]
    ) -> tuple[dict[str, npt.NDArray[Any]], dict[int, int]]:
        """Rows that stay, and record set aside → record that is counted instead."""
        self.records = max(self.records, int(max(kept["record"], default=-1)) + 1)
        kept = self._with_ordered_codes(kept)
        repeated = find_repeated(kept)
        others: dict[int, int] = {}
        for fault, rows, instead in repeated.faults:
            self.counts[fault] = self.counts.get(fault, 0) + len(rows)
            first = np.argsort(kept["record"][rows])[:FIRST_BAD]
            for row, other in zip(rows[first], instead[first], strict=True):
                record = int(kept["record"][row])
                others[record] = int(kept["record"][other])
                self.bad.append((record, fault, ""))
        if not repeated.stay.all():
            kept = {name: values[repeated.stay] for name, values in kept.items()}
        return kept, others

    def _label_columns(self) -> dict[str, Labels]:
        columns = {"reviewer": self.reviewers, "stage": self.stages, "output": self.outcomes, "decision": self.outcomes}
        return columns | {f"group.{name}": one for name, one in self.groups.items()}

    def _with_ordered_codes(self, kept: dict[str, npt.NDArray[Any]]) -> dict[str, npt.NDArray[Any]]:
        """Codes in the order of their labels' keys, so that which of two rows stays never depends on the order of rows."""
        for place, labels in self._label_columns().items():
            order = {name: rank for rank, name in enumerate(sorted(labels.codes))}
            ranks = np.full(len(labels.codes) + 2, EMPTY, np.int32)
            for name, code in labels.codes.items():
                ranks[code] = order[name]
            kept[place] = ranks[kept[place]]
        for labels in {id(one): one for one in self._label_columns().values()}.values():
            ordered = sorted(labels.codes)
            labels.variants = [labels.variants[labels.codes[name]] for name in ordered]
            labels.codes = {name: rank for rank, name in enumerate(ordered)}
        return kept

    def _without(
        self, kept: dict[str, npt.NDArray[Any]], bad: npt.NDArray[np.bool_], fault: Fault, column: str
    ) -> dict[str, npt.NDArray[Any]]:
        if not bad.any():
            return kept
        self.records = max(self.records, int(kept["record"].max()) + 1)
        self.counts[fault] = self.counts.get(fault, 0) + int(bad.sum())
        for record in np.sort(kept["record"][bad])[:FIRST_BAD]:
            self._name(int(record), fault, column)
        return {name: values[~bad] for name, values in kept.items()}

    def _rows(self, log: DecisionLog, others: dict[int, int], places: Places) -> RowCount:
        first = sorted(self.bad)[:FIRST_BAD]
        records = max([self.records, *(record + 1 for record, _, _ in self.bad)])
        asked = {record for record, _, _ in first} | {others[record] for record, _, _ in first if record in others}
        place = places(asked, records)
        nowhere = Place(0)
        bad = tuple(
            BadRow(
                place.get(record, nowhere).line,
                fault,
                column,
                place.get(others.get(record, -1), nowhere).line,
                place.get(record, nowhere).sheet,
            )
            for record, fault, column in first
        )
        counts = {fault: self.counts[fault] for fault in Fault if self.counts.get(fault)}
        return RowCount(self.total, len(log), counts, bad, int((log.review_ms < 0).sum()), self.own_zone)

    def _in_alphabetical_order(self, kept: dict[str, npt.NDArray[Any]]) -> dict[str, Named]:
        """Renumbers all labels that a counted row has; place → its labels."""
        named: dict[str, Named] = {}
        for place, labels in self._label_columns().items():
            used = np.zeros(len(labels.codes) + 2, np.bool_)
            for other in ("output", "decision") if labels is self.outcomes else (place,):
                used[np.unique(kept[other])] = True
            if place == "decision":
                named[place] = named["output"]
            else:
                named[place] = labels.finish(used, self._pseudonym if labels is self.reviewers else str)
        for place, one in named.items():
            kept[place] = one.of(kept[place])
        return named

    def _log(
        self, kept: dict[str, npt.NDArray[Any]], named: dict[str, Named], dropped: Mapping[str, Remark]
    ) -> DecisionLog:
        groups = [name for name in self.groups if name not in dropped]
        return DecisionLog(
            output=kept["output"],
            decision=kept["decision"],
            outcomes=named["output"].labels,
            favourable=meaning.favour(named["output"].labels, self.mapping).codes,
            reviewer=kept["reviewer"],
            reviewers=named["reviewer"].labels,
            automatic=kept["automatic"].astype(np.bool_),
            decided=kept["decided"],
            review_ms=kept["review_ms"],
            reason=kept["reason"],
            stage=kept["stage"],
            stages=named["stage"].labels,
            groups={name: kept[f"group.{name}"] for name in groups},
            group_labels={name: named[f"group.{name}"].labels for name in groups},
            has=frozenset(column for column in self.mapping.columns if column.value not in dropped),
            time_zone=self.mapping.time_zone,
            is_to_the_minute=not self.shows_seconds,
        )

    def _mapping_without(self, dropped: Mapping[str, Remark]) -> LogMapping:
        columns = {column: header for column, header in self.mapping.columns.items() if column.value not in dropped}
        groups = {name: header for name, header in self.mapping.groups.items() if name not in dropped}
        return self.mapping.model_copy(update={"columns": columns, "groups": groups})

    def _unnamed(self, named: Named) -> Sequence[Joined]:
        """Ways of writing a reviewer's name are told by number only: names are not kept."""
        if not named.joined or named.joined[0].column != Column.REVIEWER:
            return named.joined
        return tuple(
            Joined(one.column, one.label, tuple(type(v)(f"#{n}", v.count) for n, v in enumerate(one.variants, start=1)))
            for one in named.joined
        )

    def _assumed(self) -> Sequence[Remark]:
        found = [
            Remark(key, {"column": column, "n": f"{cells:,}"} if key != "list_values" else {"column": column})
            for (key, column), cells in sorted(self.noted.items())
        ]
        found += [Remark("duration_type", {"column": name, "unit": unit}) for name, unit in sorted(self.units.items())]
        for labels in {id(one): one for one in self._label_columns().values()}.values():
            if labels.constants:
                found.append(Remark("text_constants", {"column": labels.column, "n": f"{labels.constants:,}"}))
            for word, other in labels.kept_absences().items():
                found.append(Remark("absent_is_value", {"column": labels.column, "word": word, "other": other}))
        if self.machines and not self.mapping.automatic_reviewers:
            cells = f"{sum(self.machines.values()):,}"
            found.append(Remark("no_person_names", {"words": ", ".join(sorted(self.machines)), "n": cells}))
        yes = sorted(value for meant, value in self.flags if meant)
        no = sorted(value for meant, value in self.flags if not meant)
        if (
            no
            and not self.mapping.automatic_values
            and not (None in {meant for meant, _ in self.flags} and Column.AUTOMATIC in self.guessed)
        ):
            values = {"yes": ", ".join(yes[:_VALUES_NAMED]) or "–", "no": ", ".join(no[:_VALUES_NAMED])}
            found.append(Remark("automatic_values", values))
        return found

    def _asked(self, kept: dict[str, npt.NDArray[Any]], named: dict[str, Named]) -> Sequence[Remark]:
        """Reviewers whose names look like a machine's, as pseudonyms."""
        if self.mapping.automatic_reviewers:
            return []
        held = meaning.machine_words(self.mapping)
        found: dict[str, tuple[str, ...]] = {}
        for label in self.reviewers.raw_names().values():
            words = held(label)
            if words and not self.is_no_person(label):
                found[self._pseudonym(label)] = words
        names = [name for name in named["reviewer"].labels if name in found]
        if not names:
            return []
        codes = [named["reviewer"].labels.index(name) for name in names]
        values: dict[str, str | int] = {
            "n": f"{len(names):,}",
            "names": ", ".join(names[:_VALUES_NAMED]),
            "words": ", ".join(sorted({word for name in names for word in found[name]})),
            "cases": f"{int(np.isin(kept['reviewer'], codes).sum()):,}",
        }
        return [Remark("machine_names", values)]

    def _pseudonym(self, name: str) -> str:
        """Equal for all ways of writing a name that are joined."""
        return self.pseudonyms.of(cleaning.key_of(name))

    def _name(self, record: int, fault: Fault, column: str) -> None:
        if len(self.bad) < 20 * FIRST_BAD:
            self.bad.append((record, fault, column))


class _Judged:
    """One chunk while its columns are judged; the first fault of a row is the one that is told."""

    def __init__(self, into: Collector, chunk: Chunk) -> None:
        self.into, self.chunk, self.size = into, chunk, len(chunk.records)
        self.fault = np.zeros(self.size, np.int8)
        self.set_aside = np.zeros(self.size, np.bool_)
        self.where: list[tuple[Fault, str]] = []

    def keep(self) -> None:
        into = self.into
        kept: dict[str, npt.NDArray[Any]] = {"record": self.chunk.records}
        self._no_decisions()
        kept["case"] = self._case()
        kept["output"] = self._outcome(Column.OUTPUT)
        kept["decision"] = self._outcome(Column.DECISION)
        kept["reviewer"], kept["by_name"], kept["by_flag"] = self._person()
        kept["decided"], kept["review_ms"] = self._times()
        kept["reason"] = self._reason()
        kept["stage"] = self._labels(into.stages, self.column(Column.STAGE), Column.STAGE)
        for name, labels in into.groups.items():
            kept[f"group.{name}"] = self._labels(labels, self.chunk.columns[into.mapping.groups[name]], name)
        good = self.fault == 0
        into.total += self.size
        into.records = max(into.records, int(self.chunk.records[-1]) + 1)
        self._tell()
        into.parts.append(kept if good.all() else {name: values[good] for name, values in kept.items()})

    def _no_decisions(self) -> None:
        """Headers that were repeated by joining files, lines of totals and of units; their words become no labels."""
        into, mapping = self.into, self.into.mapping
        output, decision = (as_text(self.column(name)) for name in (Column.OUTPUT, Column.DECISION))
        case = as_text(self.column(Column.CASE))
        again = _is_text(output, mapping.columns[Column.OUTPUT]) & _is_text(decision, mapping.columns[Column.DECISION])
        header = cleaning.key_of(mapping.columns[Column.CASE])
        for row in np.flatnonzero(again):
            again[row] = cleaning.key_of(case[int(row)].as_py()) == header
        totals = self._totals(case, output, decision)
        units = np.zeros(self.size, np.bool_)
        for row in np.flatnonzero(self.chunk.records < _UNIT_ROWS):
            cells = [as_text(column)[int(row)].as_py() for column in self.chunk.columns.values()]
            filled = [cell for cell in cells if not into.missing.is_missing(cell)]
            units[row] = bool(filled) and all(meaning.is_unit(cell) for cell in filled)
        out = again | totals | units
        if not out.any():
            return
        self._mark(again, Fault.REPEATED_HEADER, "")
        self._mark(totals, Fault.TOTAL_LINE, "")
        self._mark(units, Fault.UNIT_LINE, "")
        self.set_aside = out
        blank = pa.array(out)
        self.chunk.columns.update(
            {
                header: pc.if_else(blank, pa.scalar(None, column.type), column)
                for header, column in ((name, _decoded(one)) for name, one in self.chunk.columns.items())
            }
        )

    def _totals(self, case: Any, output: Any, decision: Any) -> npt.NDArray[np.bool_]:
        """A line whose case, or whose first cell, is a word for totals, and whose outcomes are none."""
        marks = (
            [case]
            if self.into.first not in self.chunk.columns
            else [case, as_text(self.chunk.columns[self.into.first])]
        )
        found = np.zeros(self.size, np.bool_)
        for column in marks:
            for row in np.flatnonzero(np.asarray(pc.match_substring_regex(column, self.into.like_total))):
                if self.into.is_total(column[int(row)].as_py()):
                    outcomes = (output[int(row)].as_py(), decision[int(row)].as_py())
                    found[row] = all(meaning.is_count(one) or self.into.missing.is_missing(one) for one in outcomes)
        return found

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

    def _texts(self, name: Column) -> Any:
        """A long column, plain, ="…" as the text it holds."""
        texts, constants = cleaning.constants(as_text(self.column(name)))
        self._note("text_constants", name, constants)
        return cleaning.plain_texts(texts)

    def _note(self, key: str, column: str, cells: int) -> None:
        if cells:
            self.into.noted[key, column] += cells

    def _case(self) -> npt.NDArray[np.int64]:
        texts = self.into.missing.blanked(Column.CASE, self._texts(Column.CASE))
        self._mark(np.asarray(pc.starts_with(texts, "=")), Fault.FORMULA, Column.CASE)
        self._mark(np.asarray(pc.match_substring_regex(texts, _ROUNDED)), Fault.ROUNDED_ID, Column.CASE)
        case = numbers_of(texts)
        self._mark(case == 0, Fault.MISSING, Column.CASE)
        if self.into.made is not False:
            stays = texts.filter(pa.array(~self.set_aside)) if self.set_aside.any() else texts
            self.into.made = bool(pc.all(pc.starts_with(stays, _MADE)).as_py())
        return case

    def _outcome(self, name: Column) -> npt.NDArray[np.int32]:
        into, column = self.into, self.column(name)
        if name is Column.OUTPUT:
            column, no_number = meaning.by_cutoff(column, into.mapping, into.missing)
            self._mark(no_number, Fault.NOT_A_NUMBER, name)
        codes = self._labels(into.outcomes, column, name)
        self._mark(codes == EMPTY, Fault.MISSING, name)
        if name is Column.DECISION and into.undecided:
            keys = {code: cleaning.key_of(label.lstrip(FORMULA_SIGN)) for label, code in into.outcomes.codes.items()}
            codes_of = [code for code, key in keys.items() if key in into.undecided]
            self._mark(np.isin(codes, codes_of), Fault.UNDECIDED, name)
        return codes

    def _person(self) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.bool_], npt.NDArray[np.bool_]]:
        """Reviewer, and whether no person decided: by the reviewer's name, and by the column that says so."""
        column, flag = self.column(Column.REVIEWER), self.column(Column.AUTOMATIC)
        reviewer = self._labels(self.into.reviewers, column, Column.REVIEWER)
        by_name, by_flag = np.zeros(self.size, np.bool_), np.zeros(self.size, np.bool_)
        if column is not None:
            by_name = _matches(column, self.into.is_no_person, self.into.machines) & ~self.set_aside
            is_rounded = np.asarray(pc.match_substring_regex(as_text(column), _ROUNDED))
            self._mark(is_rounded, Fault.ROUNDED_ID, Column.REVIEWER)
        if flag is not None:
            by_flag = self._flags(flag)
        return reviewer, by_name, by_flag

    def _flags(self, column: Any) -> npt.NDArray[np.bool_]:
        encoded = as_text(column).dictionary_encode()
        cells = np.bincount(np.asarray(encoded.indices), minlength=len(encoded.dictionary))
        meant: list[bool] = []
        for raw, count in zip(encoded.dictionary.to_pylist(), cells, strict=True):
            text = cleaning.constant(raw)
            says = None if self.into.missing.is_missing(text) else self.into.says_yes(text)
            meant.append(bool(says))
            if self.into.missing.is_missing(text):
                self.into.missing.count(Column.AUTOMATIC, text, int(count))
            elif len(self.into.flags) < MOST_GROUP_LABELS:
                self.into.flags[says, cleaning.shown(text)] += int(count)
        return np.asarray(np.asarray([*meant, False], np.bool_)[np.asarray(encoded.indices)])

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
            column = self.into.missing.blanked(name, self._texts(name))
        times = read_times(column, self.into.zone, self.into.mapping.date_order, self.into.epoch)
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

    def _number(self, name: Column, unit: float) -> npt.NDArray[np.float64]:
        """Milliseconds; NaN where it is empty; what is no number, negative or endless is a fault."""
        column = self.column(name)
        if pa.types.is_duration(column.type):
            self.into.units[name.value] = column.type.unit
            whole = np.asarray(pc.fill_null(pc.cast(column, pa.int64()), -1))
            self._mark((whole < 0) & np.asarray(pc.is_valid(column)), Fault.NOT_A_NUMBER, name)
            return np.where(whole < 0, np.nan, whole * _MILLISECONDS[column.type.unit])
        texts = self.into.missing.blanked(name, self._texts(name))
        is_number = pc.match_substring_regex(texts, _LONGEST_NUMBER)
        numbers = np.array(pc.cast(pc.if_else(is_number, texts, "nan"), pa.float64())) * unit
        clocks = np.flatnonzero(np.asarray(pc.match_substring_regex(texts, _CLOCK)))
        if len(clocks):
            numbers[clocks] = _clock_milliseconds(texts.take(pa.array(clocks)))
            self._note("clock_durations", name, len(clocks))
        bad = ~np.isfinite(numbers) & np.asarray(pc.not_equal(texts, ""))
        numbers[np.abs(numbers) > _MOST_SECONDS * 1000] = np.nan
        bad |= ~np.isfinite(numbers) & np.asarray(pc.not_equal(texts, ""))
        self._mark(bad, Fault.NOT_A_NUMBER, name)
        return numbers

    def _reason(self) -> npt.NDArray[np.int64]:
        column = self.column(Column.REASON)
        if column is None:
            return np.zeros(self.size, np.int64)
        return digests(self.into.missing.blanked(Column.REASON, self._texts(Column.REASON)))


def _clock_milliseconds(texts: Any) -> npt.NDArray[np.float64]:
    """Of `0:12:30` and `1 day, 0:12:30`."""
    parts = pc.extract_regex(texts, _CLOCK)

    def number(name: str) -> npt.NDArray[np.float64]:
        values = pc.struct_field(parts, name)
        return np.asarray(pc.cast(pc.if_else(pc.equal(values, ""), "0", values), pa.float64()))

    return ((number("days") * 24 + number("hours")) * 60 + number("minutes")) * 60_000 + number("seconds") * 1000


def _is_text(column: Any, text: str) -> npt.NDArray[np.bool_]:
    """Rows of a column of few labels that hold this text, however it is written."""
    encoded = column.dictionary_encode()
    key = cleaning.key_of(text)
    same = [cleaning.key_of(value) == key for value in encoded.dictionary.to_pylist()]
    return np.asarray(np.asarray([*same, False], np.bool_)[np.asarray(encoded.indices)])


def _decoded(column: Any) -> Any:
    return column.dictionary_decode() if pa.types.is_dictionary(column.type) else column


def _matches(column: Any, holds: Callable[[str], bool], found: Counter[str]) -> npt.NDArray[np.bool_]:
    encoded = as_text(column).dictionary_encode()
    cells = np.bincount(np.asarray(encoded.indices), minlength=len(encoded.dictionary))
    values = [holds(cleaning.constant(value)) for value in encoded.dictionary.to_pylist()]
    for value, count, is_held in zip(encoded.dictionary.to_pylist(), cells, values, strict=True):
        if is_held:
            found[cleaning.shown(value)] += int(count)
    return np.asarray(np.asarray([*values, False], np.bool_)[np.asarray(encoded.indices)])


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
