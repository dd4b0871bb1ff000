"""State while a log is read: Gathering, the columns of the rows counted so far and what was observed."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt

from assessments.decision_log.reading import meaning, spelling
from assessments.decision_log.reading.columns import NUMBERS, Column, LogMapping
from assessments.decision_log.reading.faults import Fault
from assessments.decision_log.reading.numbering import Labels
from assessments.decision_log.reading.pseudonyms import Pseudonyms
from assessments.decision_log.reading.times import EXCEL_1900

MOST_OUTCOMES, MOST_STAGES, MOST_GROUP_LABELS, MOST_REVIEWERS = 20, 50, 50, 5_000
FIRST_BAD = 100
"""Most bad rows listed with their line; all are counted."""
_ROWS = 1 << 16
_DISABILITY = "disability"
"""Group in which `none` is a value."""


class Gathering:
    """What is known about a file's rows so far; `Judged` adds to it chunk by chunk, `Collector` turns it into a log."""

    def __init__(
        self,
        mapping: LogMapping,
        key: bytes,
        at: datetime,
        *,
        guessed: frozenset[str] = frozenset(),
        epoch: int = EXCEL_1900,
        first: str = "",
        rows: int = 0,
    ) -> None:
        """guessed: inferred columns and groups. epoch: of serial dates. first: header of the first column, if read.

        rows: upper bound of the number of rows. 0: not known."""
        self.mapping, self.guessed, self.epoch, self.first = mapping, guessed, epoch, first
        self.zone = ZoneInfo(mapping.time_zone)
        self.latest = int(at.timestamp() * 1_000_000)
        self.missing = meaning.missing(mapping)
        header = mapping.columns.get
        outcome = f"{header(Column.OUTPUT)}/{header(Column.DECISION)}"
        self.outcomes = Labels("outcome", outcome, MOST_OUTCOMES, self.missing, values_by_label=mapping.values)
        self.reviewers = self._labels_of(Column.REVIEWER, MOST_REVIEWERS)
        self.stages = self._labels_of(Column.STAGE, MOST_STAGES)
        self.groups = {name: self._labels_of(name, MOST_GROUP_LABELS) for name in mapping.groups}
        self.numbers = tuple(column for column in NUMBERS if column in mapping.columns)
        self.later = self._labels_of(Column.LATER, MOST_STAGES) if Column.LATER in mapping.columns else None
        self.pseudonyms = Pseudonyms(key)
        self.is_no_person = meaning.is_no_person(mapping)
        self.machine_words = meaning.machine_words(mapping)
        self.says_yes = meaning.says_yes(mapping)
        self.is_total, self.names_total = meaning.is_total(mapping), meaning.names_total(mapping)
        self.undecided = {spelling.key_of(label) for label in mapping.undecided}
        self.rows_ahead, self.kept_rows = max(rows, _ROWS), 0
        self.columns: dict[str, npt.NDArray[Any]] = {}
        """Of the rows that were kept so far, and room for more."""
        self.counts: dict[Fault, int] = {}
        self.bad: list[tuple[int, Fault, str]] = []
        self.noted: Counter[tuple[str, str]] = Counter()
        """(key of a remark, column) → cells that it is about."""
        self.units: dict[str, str] = {}
        self.flags: Counter[tuple[bool | None, str]] = Counter()
        """What was made of each value of the column `automatic`."""
        self.machines: Counter[str] = Counter()
        """Names that were taken for no person, with their rows."""
        self.none_yet: dict[str, int] = {}
        """Outcomes that were taken for no decision yet → rows."""
        self.total = self.blank = 0
        self.records = 0
        self.own_zone = 0
        self.shows_seconds = False
        self.made: bool | None = None

    def _labels_of(self, name: str, most: int) -> Labels:
        columns: dict[str, str] = {
            **self.mapping.groups,
            **{column.value: h for column, h in self.mapping.columns.items()},
        }
        return Labels(
            name,
            columns.get(name, ""),
            most,
            self.missing,
            values_by_label=self.mapping.names.get(name) or (self.mapping.values if name == Column.LATER else None),
            is_guess=name in self.guessed,
            keeps_absence=name == _DISABILITY,
        )

    @property
    def is_made(self) -> bool:
        """Whether every case id is marked as made."""
        return bool(self.made)

    def pass_over(self, records: npt.NDArray[np.int64]) -> None:
        """Rows that are no decisions, whose words are not looked at. For whoever reads such words elsewhere."""

    def keep(self, part: dict[str, npt.NDArray[Any]]) -> None:
        """Appends the rows of one chunk that are counted so far."""
        rows = len(part["record"])
        end = self.kept_rows + rows
        for name, values in part.items():
            column = self.columns.get(name)
            if column is None or end > len(column):
                room = np.empty(max(self.rows_ahead, end + end // 2), values.dtype)
                if column is not None:
                    room[: self.kept_rows] = column[: self.kept_rows]
                self.columns[name] = column = room
            column[self.kept_rows : end] = values
        self.kept_rows = end

    def name_bad(self, record: int, fault: Fault, column: str) -> None:
        if len(self.bad) < 20 * FIRST_BAD:
            self.bad.append((record, fault, column))

    def label_columns(self) -> dict[str, Labels]:
        columns = {"reviewer": self.reviewers, "stage": self.stages, "output": self.outcomes, "decision": self.outcomes}
        return columns | {f"group.{name}": labels for name, labels in self.groups.items()} | self._later()

    def _later(self) -> dict[str, Labels]:
        """Column name → labels of the later-outcome column, if there is one."""
        return {} if self.later is None else {"later": self.later}

    def pseudonym(self, name: str) -> str:
        """The pseudonym of a name; the same for all spellings that are merged."""
        return self.pseudonyms.of(spelling.key_of(name))
