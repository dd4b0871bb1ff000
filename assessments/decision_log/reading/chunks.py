"""Rows of a decision log as they are handed on, whatever the file is: Chunk, Table, SheetTable."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol, runtime_checkable

import numpy as np
import numpy.typing as npt

from assessments.decision_log.reading.choices import Remark, SheetReading


@dataclass(frozen=True)
class Chunk:
    """Some rows, in the order of the file."""

    records: npt.NDArray[np.int64]
    """Number of each row; 0 is the first row after the header."""
    columns: dict[str, Any]
    """Header → pyarrow array: text, or in Parquet whatever the file holds."""
    wrong_width: list[int] = field(default_factory=list)
    """Records among or just before these that have more or fewer columns than the header."""
    share: float = 0.0
    """Of the file that is read with it, 0 to 1."""
    totals: frozenset[int] = frozenset()
    """Those of `wrong_width` that are lines of totals."""
    plain_ids: npt.NDArray[np.int64] | None = None
    """A number for each case id, where all are there and as they should be. None: they have to be looked at."""
    cases: npt.NDArray[np.int64] | None = None
    """How many rows each stands for, of a table that was counted where it lies. None: one."""

    def sum(self, chosen: npt.NDArray[np.bool_]) -> int:
        """How many rows the chosen ones stand for."""
        return int(chosen.sum() if self.cases is None else self.cases[chosen].sum())


class Table(Protocol):
    """A file whose headers are known and whose rows can be read once."""

    headers: tuple[str, ...]
    comments: tuple[str, ...]
    sheets: tuple[SheetReading, ...]
    """Of a workbook."""
    remarks: tuple[Remark, ...]
    """What was made of the file's form, once it was read."""
    epoch: int
    """Day 0 of serial dates."""
    unreadable: Mapping[str, str]
    """Header → type, where no text can be made of it."""
    lists: frozenset[str]
    """Headers of columns whose values are lists."""
    rows: int
    """How many there are. 0: not known before they are read."""

    def chunks(self, wanted: Sequence[str], few: Sequence[str] = ()) -> Iterator[Chunk]:
        """Only these columns. few: those that hold few different values. Raises: LogRefusedError."""
        ...


@runtime_checkable
class SheetTable(Protocol):
    """A table that stands in sheets."""

    def place_of(self, record: int) -> tuple[int, str]:
        """Line, and the sheet where several are read."""
        ...
