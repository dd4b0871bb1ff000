"""Counts as rates with intervals: Clusters, rate, rates."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from assessments.decision_log.figures import BY_REVIEWER, INDEPENDENT, Rate, is_small
from assessments.decision_log.proportions import by_cluster, wilson

DIGITS = 6


@dataclass(frozen=True)
class Clusters:
    """Which reviewer each row belongs to."""

    codes: npt.NDArray[Any]
    size: int
    """How many there are; 0: unknown, rows count as independent."""

    def table(self, cells: npt.NDArray[Any], how_many: int) -> npt.NDArray[np.int64]:
        """Rows per cell and reviewer, shape (cells, reviewers); negative cells and reviewers are left out."""
        width = max(1, self.size)
        codes = self.codes if self.size else np.zeros(len(cells), np.int64)
        if len(cells) and min(cells.min(), codes.min()) < 0:
            known = (cells >= 0) & (codes >= 0)
            cells, codes = cells[known], codes[known]
        joined = np.multiply(cells, width, dtype=np.int64)
        joined += codes
        return np.bincount(joined, minlength=how_many * width).reshape(how_many, width)


def rates(count: npt.NDArray[Any], n: npt.NDArray[Any], labels: Sequence[str]) -> tuple[Rate, ...]:
    """One rate a cell, from tables of shape (cells, reviewers)."""
    found = by_cluster(count, n)
    return tuple(
        Rate(
            int(count[cell].sum()),
            int(n[cell].sum()),
            rounded(found.low[cell]),
            rounded(found.high[cell]),
            BY_REVIEWER if found.clusters[cell] > 1 else INDEPENDENT,
            is_small(int(count[cell].sum()), int(n[cell].sum())),
            label,
        )
        for cell, label in enumerate(labels)
    )


def rate(chosen: npt.NDArray[np.bool_], clusters: Clusters, label: str = "") -> Rate:
    """The share of rows that are chosen."""
    zero = np.zeros(len(chosen), np.int64)
    return rates(clusters.table(np.where(chosen, 0, -1), 1), clusters.table(zero, 1), [label])[0]


def independent(count: int, n: int, label: str = "") -> Rate:
    low, high = wilson(count, n)
    return Rate(count, n, rounded(low), rounded(high), INDEPENDENT, is_small(count, n), label)


def rounded(value: Any) -> float:
    """As it is stored: six digits after the point, the same on every machine."""
    return round(float(value), DIGITS)
