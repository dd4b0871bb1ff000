"""Counts as rates with intervals: Clusters, rate, rates."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from assessments.decision_log.statistics.analysis_model import BY_REVIEWER, INDEPENDENT, Rate, is_small
from assessments.decision_log.statistics.proportions import by_cluster, wilson

DIGITS = 6
_ROWS = 1 << 17
_ONE_CELL = np.zeros((), np.int64)


@dataclass(frozen=True)
class Clusters:
    """Which reviewer each row belongs to."""

    codes: npt.NDArray[Any]
    size: int
    """How many there are; 0: unknown, rows count as independent."""
    cases: npt.NDArray[np.int64] | None = None
    """How many decisions each row stands for. None: one."""

    def where(self, chosen: npt.NDArray[np.bool_]) -> Clusters:
        cases = None if self.cases is None else self.cases[chosen]
        return Clusters(self.codes[chosen] if self.size else self.codes, self.size, cases)

    def table(self, cells: npt.NDArray[Any], how_many: int) -> npt.NDArray[np.int64]:
        """Rows per cell and reviewer, shape (cells, reviewers); negative cells and reviewers are left out."""
        values = np.zeros(how_many * self.width, np.int64)
        for rows, places in self._places(cells, how_many):
            values += self._counted(rows, places, len(values))
        return values.reshape(how_many, self.width)

    def both(
        self, chosen: npt.NDArray[np.bool_], cells: npt.NDArray[Any] | None = None, how_many: int = 1
    ) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
        """Chosen rows, and all rows, as two tables in one go. cells: None puts all rows into one."""
        values = np.zeros(2 * how_many * self.width, np.int64)
        for rows, places in self._places(np.broadcast_to(_ONE_CELL, len(chosen)) if cells is None else cells, how_many):
            values += self._counted(rows, places * 2 + chosen[rows], len(values))
        split = values.reshape(how_many, self.width, 2)
        return split[:, :, 1], split.sum(axis=2)

    def _counted(self, rows: Any, places: npt.NDArray[np.int64], size: int) -> npt.NDArray[np.int64]:
        if self.cases is None:
            return np.bincount(places, minlength=size)
        return np.bincount(places, self.cases[rows], size).astype(np.int64)  # exact up to 2**53 decisions

    @property
    def width(self) -> int:
        return max(1, self.size)

    def _places(self, cells: npt.NDArray[Any], how_many: int) -> Iterator[tuple[Any, npt.NDArray[np.int64]]]:
        """Rows and their places in a table, so many rows at a time that they stay in the processor's cache."""
        step = max(_ROWS, how_many * self.width)
        for start in range(0, len(cells), step):
            rows: Any = slice(start, start + step)
            part = cells[rows]
            codes = self.codes[rows] if self.size else None
            if part.min() < 0 or (codes is not None and codes.min() < 0):
                known = part >= 0 if codes is None else (part >= 0) & (codes >= 0)
                rows = start + np.flatnonzero(known)
                part, codes = cells[rows], None if codes is None else codes[known]
            places = np.multiply(part, self.width, dtype=np.int64)
            if codes is not None:
                places += codes
            yield rows, places


def rates(count: npt.NDArray[Any], n: npt.NDArray[Any], labels: Sequence[str]) -> tuple[Rate, ...]:
    """One rate a cell, from tables of shape (cells, reviewers)."""
    interval = by_cluster(count, n)
    return tuple(
        Rate(
            int(count[cell].sum()),
            int(n[cell].sum()),
            rounded(interval.low[cell]),
            rounded(interval.high[cell]),
            BY_REVIEWER if interval.clusters[cell] > 1 else INDEPENDENT,
            is_small(int(count[cell].sum()), int(n[cell].sum())),
            label,
        )
        for cell, label in enumerate(labels)
    )


def rate(chosen: npt.NDArray[np.bool_], clusters: Clusters, label: str = "") -> Rate:
    """The share of rows that are chosen."""
    return rates(*clusters.both(chosen), [label])[0]


def independent(count: int, n: int, label: str = "") -> Rate:
    low, high = wilson(count, n)
    return Rate(count, n, rounded(low), rounded(high), INDEPENDENT, is_small(count, n), label)


def rounded(value: Any) -> float:
    """As it is stored: six digits after the point, the same on every machine."""
    return round(float(value), DIGITS)
