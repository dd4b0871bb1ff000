"""Rows that say the same thing twice: find_repeated."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from assessments.decision_log.reading.faults import Fault

_KEY = ("case", "stage", "reviewer", "automatic")
Rows = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Repeated:
    """Which rows stay, and why the others do not."""

    stay: npt.NDArray[np.bool_]
    faults: tuple[tuple[Fault, Rows, Rows], ...]
    """(why, rows set aside, the row that is counted instead of each)."""


def find_repeated(columns: Mapping[str, npt.NDArray[Any]]) -> Repeated:
    """One person's decision on one case at one stage counts once.

    Equal rows are duplicates. Of rows that differ the last decision stays, and of equally late ones the one that
    agrees with the AI, so that no order of rows and no added agreeing row can raise the divergence.
    """
    size = len(columns["case"])
    everyone = Repeated(np.ones(size, np.bool_), ())
    case = columns["case"]
    with ThreadPoolExecutor(2) as sorting:
        if all(sorting.map(_are_different, (case[case < 0], case[case >= 0]))):
            return everyone
    order = np.lexsort([columns[name] for name in _KEY])
    same = np.ones(max(0, size - 1), np.bool_)
    for name in _KEY:
        same &= columns[name][order][1:] == columns[name][order][:-1]
    if not same.any():
        return everyone
    starts = np.concatenate([[True], ~same])
    group = np.empty(size, np.int64)
    group[order] = np.cumsum(starts) - 1
    sizes = np.bincount(group)
    among = np.flatnonzero(sizes[group] > 1)
    return _settle(columns, group, among, size)


def _are_different(numbers: Rows) -> bool:
    ordered = np.sort(numbers)
    return bool((ordered[1:] != ordered[:-1]).all())


def _settle(columns: Mapping[str, npt.NDArray[Any]], group: Rows, among: Rows, size: int) -> Repeated:
    """Sorts the rows of each group so that the one that stays comes last."""
    agrees = columns["output"][among] == columns["decision"][among]
    fields = [name for name in sorted(columns) if name not in (*_KEY, "record", "decided")]
    keys = [
        -columns["record"][among],
        *(columns[name][among] for name in fields),
        agrees,
        columns["decided"][among],
        group[among],
    ]
    rows = among[np.lexsort(keys)]
    ends = np.append(group[rows][1:] != group[rows][:-1], True)
    last = rows[ends][np.cumsum(ends) - ends]
    set_aside, instead = rows[~ends], last[~ends]
    equal = np.ones(len(set_aside), np.bool_)
    for name in (*fields, "decided"):
        equal &= columns[name][set_aside] == columns[name][instead]
    stay = np.ones(size, np.bool_)
    stay[set_aside] = False
    faults = tuple(
        (fault, set_aside[chosen], instead[chosen])
        for fault, chosen in ((Fault.DUPLICATE, equal), (Fault.REPLACED, ~equal))
        if chosen.any()
    )
    return Repeated(stay, faults)
