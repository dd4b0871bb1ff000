"""Whole numbers that stand more than once among very many, found in bounded memory: repeated."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np
import numpy.typing as npt

_RUN = 1 << 23
"""So many numbers are sorted at a time: 64 MiB."""

_Numbers = npt.NDArray[np.uint64]


def repeated(batches: Iterable[_Numbers], folder: Path, run: int = _RUN) -> Iterator[_Numbers]:
    """Each number that stands there more than once, once, in some arrays of which none is empty.

    Sorted run after run; the runs lie in the folder, and of all of them the same span of numbers is put together at a time.
    """
    runs, room, filled = 0, np.empty(run, np.uint64), 0
    for batch in batches:
        begun = 0
        while begun < len(batch):
            taken = min(len(batch) - begun, run - filled)
            room[filled : filled + taken] = batch[begun : begun + taken]
            begun, filled = begun + taken, filled + taken
            if filled == run:
                room.sort()
                _at_most_twice(room).tofile(folder / f"run-{runs}")
                runs, filled = runs + 1, 0
    rest = room[:filled]
    rest.sort()
    if not runs:
        yield from _twice(rest)
        return
    every = [np.memmap(folder / f"run-{number}", np.uint64, "r") for number in range(runs)] + [rest]
    # Equal shares of the first run are about equal shares of all, for the numbers are those of a hash.
    edges = every[0][:: -(-len(every[0]) // len(every))].copy()
    begins = [np.concatenate(([0], np.searchsorted(held, edges[1:]), [len(held)])) for held in every]
    for part in range(len(edges)):
        spans = (held[begin[part] : begin[part + 1]] for held, begin in zip(every, begins, strict=True))
        numbers = np.concatenate(list(spans))
        numbers.sort()
        yield from _twice(numbers)


def _at_most_twice(numbers: _Numbers) -> _Numbers:
    """Of sorted numbers: no more of each than tell that it is repeated, so that one that stands everywhere fills no memory."""
    thrice = numbers[2:] == numbers[:-2]
    return numbers[np.concatenate(([True, True], ~thrice))] if thrice.any() else numbers


def _twice(numbers: _Numbers) -> Iterator[_Numbers]:
    again = numbers[1:][numbers[1:] == numbers[:-1]]
    if len(again):
        yield np.unique(again)
