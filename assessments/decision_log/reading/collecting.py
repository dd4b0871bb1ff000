"""Accumulates the rows of a log as compact arrays until all are read: Collector."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from assessments.decision_log.reading import meaning, noting
from assessments.decision_log.reading.checking import Judged
from assessments.decision_log.reading.choices import Joined, Remark
from assessments.decision_log.reading.chunks import Chunk
from assessments.decision_log.reading.columns import Column, LogMapping
from assessments.decision_log.reading.duplicates import find_repeated
from assessments.decision_log.reading.faults import BadRow, Fault
from assessments.decision_log.reading.gathering import FIRST_BAD, Gathering
from assessments.decision_log.reading.log import DecisionLog, RowCount
from assessments.decision_log.reading.numbering import EMPTY, Named
from assessments.decision_log.reading.preparing import without_blank


@dataclass(frozen=True)
class Place:
    """Position of one record in the file."""

    line: int
    sheet: str = ""


Places = Callable[[set[int], int], Mapping[int, Place]]
"""(record numbers, total number of records) → the place of each record."""


@dataclass(frozen=True)
class Collected:
    """The result of reading the rows of one file."""

    log: DecisionLog
    rows: RowCount
    joined: tuple[Joined, ...]
    assumed: tuple[Remark, ...]
    not_computed: tuple[Remark, ...]
    asked: tuple[Remark, ...]
    missing: Mapping[tuple[str, str], int]
    """(column, word) → number of cells."""
    blank_rows: int
    mapping: LogMapping
    """The mapping without inferred columns that turned out to be wrong."""


def _sum(columns: Mapping[str, npt.NDArray[Any]], chosen: npt.NDArray[np.bool_]) -> int:
    """How many rows of the log the chosen ones stand for."""
    return int(columns["cases"][chosen].sum() if "cases" in columns else chosen.sum())


class Collector(Gathering):
    """Call `add` for each chunk in file order, then `finish`."""

    def add(self, chunk: Chunk) -> None:
        """Raises: LogRefusedError if a column cannot be what it is mapped to."""
        for record in chunk.wrong_width:
            fault = Fault.TOTAL_LINE if record in chunk.totals else Fault.COLUMN_COUNT
            self.counts[fault] = self.counts.get(fault, 0) + 1
            self.total += 1
            self.name_bad(record, fault, "")
        if len(chunk.records):
            before = chunk
            chunk = without_blank(chunk)
            if len(chunk.records) < len(before.records):
                self.blank += before.sum(~np.isin(before.records, chunk.records))
        if len(chunk.records):
            Judged(self, chunk).keep()

    def finish(self, places: Places) -> Collected:
        """The complete log, with labels in alphabetical order."""
        names = ("record", "case", "output", "decision", "reviewer", "decided", "review_ms", "reason", "stage")
        flags = ("by_name", "by_flag")
        beside = (*(f"group.{group}" for group in self.groups), *(f"number.{column}" for column in self.numbers))
        empty = {name: np.empty(0, np.int64) for name in (*names, *flags, *beside, *self._later())}
        columns = {name: values[: self.kept_rows] for name, values in self.columns.items()} or empty
        self.columns = {}
        dropped = self._drop_wrong_guesses(columns)
        columns = self._settle_people(columns)
        columns = self._set_aside_missing(columns)
        columns = self._set_aside_undecided(columns)
        columns, others = self._set_aside_repeated(columns)
        del columns["case"], columns["record"]
        named = self._in_alphabetical_order(columns)
        log = self._log(columns, named, dropped)
        rows = self._rows(log, others, places)
        joined = {id(named_item): named_item for named_item in named.values()}.values()
        return Collected(
            log,
            rows,
            tuple(joining for named_item in joined for joining in noting.numbered(named_item)),
            tuple(noting.assumptions(self)),
            tuple(dropped.values()),
            (*noting.machine_names(self, columns, named), *noting.names_alike(self, named)),
            self.missing.counts,
            self.blank,
            self._mapping_without(dropped),
        )

    def _drop_wrong_guesses(self, columns: dict[str, npt.NDArray[Any]]) -> dict[str, Remark]:
        """Column or group that is not used after all → the remark that says why."""
        dropped: dict[str, Remark] = {}
        for name, labels in {
            Column.REVIEWER.value: self.reviewers,
            Column.STAGE.value: self.stages,
            **({} if self.later is None else {Column.LATER.value: self.later}),
            **self.groups,
        }.items():
            if labels.is_dropped:
                values: dict[str, str | int] = {"column": name, "header": labels.header, "most": labels.most}
                dropped[name] = Remark("guess_dropped", values)
                places = {Column.REVIEWER: "reviewer", Column.STAGE: "stage", Column.LATER: "later"}
                place = f"group.{name}" if name in self.groups else places[Column(name)]
                columns[place] = np.full(len(columns[place]), EMPTY, labels.kind)
        unknown = sorted(value for meant, value in self.flags if meant is None)
        if unknown and Column.AUTOMATIC in self.guessed:
            header = self.mapping.columns[Column.AUTOMATIC]
            values = {
                "column": Column.AUTOMATIC.value,
                "header": header,
                "values": ", ".join(unknown[: noting.VALUES_NAMED]),
            }
            dropped[Column.AUTOMATIC.value] = Remark("guess_not_yes_no", values)
            columns["by_flag"] = np.zeros(len(columns["by_flag"]), np.bool_)
        return dropped

    def _settle_people(self, columns: dict[str, npt.NDArray[Any]]) -> dict[str, npt.NDArray[Any]]:
        """Clears the reviewer on the automatic path; elsewhere, rows without a reviewer are set aside."""
        automatic = (columns.pop("by_name") > 0) | (columns.pop("by_flag") > 0)
        columns["automatic"] = automatic
        columns["reviewer"] = (
            np.where(automatic, EMPTY, columns["reviewer"]) if automatic.any() else columns["reviewer"]
        )
        if Column.REVIEWER not in self.mapping.columns or self.reviewers.is_dropped:
            return columns
        return self._without(columns, (columns["reviewer"] == EMPTY) & ~automatic, Fault.MISSING, Column.REVIEWER)

    def _set_aside_missing(self, columns: dict[str, npt.NDArray[Any]]) -> dict[str, npt.NDArray[Any]]:
        """Clears labels that mean a missing value, such as `none`; rows without a required value are set aside."""
        places = {"output": self.outcomes, "decision": self.outcomes, "reviewer": self.reviewers, "stage": self.stages}
        places |= {f"group.{name}": labels for name, labels in self.groups.items()} | self._later()
        for place, labels in places.items():
            absences = labels.absences()
            if not absences:
                continue
            for code, word in absences.items():
                self.missing.count(labels.column, word, _sum(columns, columns[place] == code))
            is_absent = np.isin(columns[place], list(absences))
            columns[place] = np.where(is_absent, EMPTY, columns[place])
            if place in ("output", "decision", "reviewer"):
                column = {"output": Column.OUTPUT, "decision": Column.DECISION}.get(place, Column.REVIEWER)
                columns = self._without(columns, is_absent, Fault.MISSING, column)
        return columns

    def _set_aside_undecided(self, columns: dict[str, npt.NDArray[Any]]) -> dict[str, npt.NDArray[Any]]:
        """Sets aside rows still pending by the usual words; a word that the AI outputs too is an outcome."""
        is_none_yet = meaning.undecided(self.mapping)
        names = self.outcomes.raw_names()
        codes = [code for code, name in names.items() if is_none_yet(name) and not (columns["output"] == code).any()]
        if not codes:
            return columns
        waits = np.isin(columns["decision"], codes)
        for code in codes:
            if rows := _sum(columns, columns["decision"] == code):
                self.none_yet[names[code]] = rows
        return self._without(columns, waits, Fault.UNDECIDED, Column.DECISION)

    def _set_aside_repeated(
        self, columns: dict[str, npt.NDArray[Any]]
    ) -> tuple[dict[str, npt.NDArray[Any]], dict[int, int]]:
        """The remaining rows, and record set aside → record counted in its place."""
        self.records = max(self.records, int(columns["record"].max(initial=-1)) + 1)
        columns = self._with_ordered_codes(columns)
        repeated = find_repeated(columns)
        others: dict[int, int] = {}
        for fault, rows, instead in repeated.faults:
            self.counts[fault] = self.counts.get(fault, 0) + len(rows)
            first = np.argsort(columns["record"][rows])[:FIRST_BAD]
            for row, other in zip(rows[first], instead[first], strict=True):
                record = int(columns["record"][row])
                others[record] = int(columns["record"][other])
                self.bad.append((record, fault, ""))
        if not repeated.stay.all():
            columns = {name: values[repeated.stay] for name, values in columns.items()}
        return columns, others

    def _with_ordered_codes(self, columns: dict[str, npt.NDArray[Any]]) -> dict[str, npt.NDArray[Any]]:
        """Renumbers codes in the order of label keys, so that which of two rows stays never depends on row order."""
        for place, labels in self.label_columns().items():
            order = {name: rank for rank, name in enumerate(sorted(labels.codes))}
            ranks = np.full(len(labels.codes) + 2, EMPTY, np.int32)
            for name, code in labels.codes.items():
                ranks[code] = order[name]
            # The codes of a dropped column are used by nobody.
            columns[place] = ranks.astype(labels.kind)[columns[place]]
        for labels in {id(labels): labels for labels in self.label_columns().values()}.values():
            ordered = sorted(labels.codes)
            labels.variants = [labels.variants[labels.codes[name]] for name in ordered]
            labels.codes = {name: rank for rank, name in enumerate(ordered)}
        return columns

    def _without(
        self, columns: dict[str, npt.NDArray[Any]], bad: npt.NDArray[np.bool_], fault: Fault, column: str
    ) -> dict[str, npt.NDArray[Any]]:
        if not bad.any():
            return columns
        self.records = max(self.records, int(columns["record"].max()) + 1)
        self.counts[fault] = self.counts.get(fault, 0) + _sum(columns, bad)
        for record in np.sort(columns["record"][bad])[:FIRST_BAD]:
            self.name_bad(int(record), fault, column)
        return {name: values[~bad] for name, values in columns.items()}

    def _rows(self, log: DecisionLog, others: dict[int, int], places: Places) -> RowCount:
        first = sorted(self.bad)[:FIRST_BAD]
        records = max([self.records, *(record + 1 for record, _, _ in self.bad)])
        named_records = {record for record, _, _ in first} | {
            others[record] for record, _, _ in first if record in others
        }
        place = places(named_records, records)
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

    def _in_alphabetical_order(self, columns: dict[str, npt.NDArray[Any]]) -> dict[str, Named]:
        """Renumbers all labels used in counted rows. Returns column → its labels."""
        named: dict[str, Named] = {}
        for place, labels in self.label_columns().items():
            used = np.zeros(len(labels.codes) + 2, np.bool_)
            for other in ("output", "decision") if labels is self.outcomes else (place,):
                used[columns[other]] = True
            if place == "decision":
                named[place] = named["output"]
            else:
                named[place] = labels.finish(used, self.pseudonym if labels is self.reviewers else str)
        for place, named_item in named.items():
            columns[place] = named_item.of(columns[place])
        return named

    def _log(
        self, columns: dict[str, npt.NDArray[Any]], named: dict[str, Named], dropped: Mapping[str, Remark]
    ) -> DecisionLog:
        groups = [name for name in self.groups if name not in dropped]
        return DecisionLog(
            output=columns["output"],
            decision=columns["decision"],
            outcomes=named["output"].labels,
            favourable=meaning.favour(named["output"].labels, self.mapping).codes,
            reviewer=columns["reviewer"],
            reviewers=named["reviewer"].labels,
            automatic=columns["automatic"].astype(np.bool_),
            decided=columns["decided"],
            review_ms=columns["review_ms"],
            reason=columns["reason"],
            stage=columns["stage"],
            stages=named["stage"].labels,
            groups={name: columns[f"group.{name}"] for name in groups},
            group_labels={name: named[f"group.{name}"].labels for name in groups},
            has=frozenset(column for column in self.mapping.columns if column.value not in dropped),
            time_zone=self.mapping.time_zone,
            is_to_the_minute=not self.shows_seconds,
            numbers={name.value: columns[f"number.{name}"] for name in self.numbers},
            later=columns.get("later") if Column.LATER.value not in dropped else None,
            later_labels=named["later"].labels if "later" in named else (),
            cases=columns.get("cases"),
        )

    def _mapping_without(self, dropped: Mapping[str, Remark]) -> LogMapping:
        columns = {column: header for column, header in self.mapping.columns.items() if column.value not in dropped}
        groups = {name: header for name, header in self.mapping.groups.items() if name not in dropped}
        return self.mapping.model_copy(update={"columns": columns, "groups": groups})
