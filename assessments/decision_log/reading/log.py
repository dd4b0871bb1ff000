"""A decision log in memory: DecisionLog, LogFile, RowCount, ImportedLog."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from assessments.decision_log.reading.choices import Reading
from assessments.decision_log.reading.columns import Column, LogMapping
from assessments.decision_log.reading.faults import BadRow, Fault
from assessments.decision_log.reading.source import EngineTable

Codes = npt.NDArray[np.signedinteger[Any]]
"""Place in a tuple of labels, row by row; -1: none."""
Cases = npt.NDArray[np.int64]
"""How many decisions each row stands for."""
NO_REASON = 0
"""In `DecisionLog.reason`: the reason is empty."""


@dataclass(frozen=True)
class LogFile:
    """The file that was read; of a raw log nothing else is kept."""

    name: str
    sha256: str
    size: int
    """Bytes."""
    kind: str
    """csv, parquet or xlsx."""
    encoding: str = ""
    delimiter: str = ""
    is_made: bool = False
    """The file says that it was made by `haetae log make`: it shows nothing about any organisation."""
    origin: EngineTable | None = None
    """Where it was counted, of a log that lies in an engine and was never a file. None: it is a file."""


@dataclass(frozen=True)
class RowCount:
    """How many rows there were and what became of them; every row is in `used` or in `bad`."""

    total: int
    used: int
    bad: Mapping[Fault, int]
    first_bad: tuple[BadRow, ...]
    """The first of them by line; `bad` counts all."""
    without_review_time: int = 0
    """Used rows whose review time is not known."""
    own_zone: int = 0
    """Times that carried a zone of their own."""

    @property
    def set_aside(self) -> int:
        return self.total - self.used


@dataclass(frozen=True)
class DecisionLog:
    """One row a decision, as columns of equal length. Reviewers are pseudonyms, reasons are digests."""

    output: Codes
    """What the AI said, in `outcomes`."""
    decision: Codes
    """What was decided, in `outcomes`."""
    outcomes: tuple[str, ...]
    favourable: frozenset[int]
    """Codes of outcomes that are good for the person concerned; empty: not known."""
    reviewer: Codes
    """In `reviewers`; -1: no person (automatic path) or no such column."""
    reviewers: tuple[str, ...]
    automatic: npt.NDArray[np.bool_]
    decided: npt.NDArray[np.int64]
    """Microseconds since 1970, UTC; all NO_TIME where there is no such column."""
    review_ms: npt.NDArray[np.int64]
    """Milliseconds; -1: not known."""
    reason: npt.NDArray[np.int64]
    """Equal numbers, equal reasons (case and outer blanks aside); NO_REASON: empty. Without meaning outside this log."""
    stage: Codes
    stages: tuple[str, ...]
    groups: Mapping[str, Codes]
    group_labels: Mapping[str, tuple[str, ...]]
    has: frozenset[Column]
    """Columns that the file had."""
    time_zone: str = "Asia/Seoul"
    is_to_the_minute: bool = False
    """No time in the file shows seconds, but for those that cannot be."""

    numbers: Mapping[str, npt.NDArray[np.int64]] = field(default_factory=dict)
    """Column that goes with a decision as a number → thousandths; -1: not known."""
    later: Codes | None = None
    """What turned out later, in `later_labels`. None: no such column."""
    later_labels: tuple[str, ...] = ()

    cases: Cases | None = None
    """How many decisions each row stands for, of a log that was counted where it lies. None: one."""

    def __len__(self) -> int:
        """How many decisions there are."""
        return self.sum(None)

    def sum(self, chosen: npt.NDArray[np.bool_] | None) -> int:
        """How many decisions the chosen rows stand for. None: all."""
        if self.cases is None:
            return len(self.output) if chosen is None else int(chosen.sum())
        return int(self.cases.sum() if chosen is None else self.cases[chosen].sum())

    def where(self, chosen: npt.NDArray[np.bool_]) -> DecisionLog:
        """Only the chosen rows."""
        changed: dict[str, Any] = {
            name: values[chosen] if len(values := getattr(self, name)) else values
            for name in ("output", "decision", "reviewer", "automatic", "decided", "review_ms", "reason", "stage")
        }
        changed["groups"] = {name: codes[chosen] for name, codes in self.groups.items()}
        changed["numbers"] = {name: values[chosen] for name, values in self.numbers.items()}
        changed["later"] = None if self.later is None else self.later[chosen]
        changed["cases"] = None if self.cases is None else self.cases[chosen]
        return DecisionLog(**{**self.__dict__, **changed})


@dataclass(frozen=True)
class ImportedLog:
    """What one file gave."""

    log: DecisionLog
    file: LogFile
    rows: RowCount
    columns: Mapping[str, str]
    """What it means → header, as mapped."""
    mapping: LogMapping = field(default_factory=LogMapping)
    """As it was used."""
    reading: Reading = field(default_factory=Reading)
    """What was decided while the file was read."""
