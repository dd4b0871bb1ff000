"""Whole numbers that stand more than once among very many, found in bounded memory: repeated."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

import numpy as np
import numpy.typing as npt

_RUN = 1 << 22
"""So many numbers are sorted at a time: 32 MiB."""
_AT_ONCE = min(4, os.cpu_count() or 1)
"""So many runs are sorted beside one another: few on a machine of many cores too, for each takes memory."""

_Numbers = npt.NDArray[np.uint64]
_Item = TypeVar("_Item")
_Made = TypeVar("_Made")


def repeated(batches: Iterable[_Numbers], folder: Path, run: int = _RUN) -> Iterator[_Numbers]:
    """Each number that stands there more than once, once, in some arrays of which none is empty.

    Sorted run after run; the runs lie in the folder, and of all of them the same span of numbers is put together at a time.
    """

    def sort(numbered: tuple[int, _Numbers]) -> Path:
        number, numbers = numbered
        numbers.sort()
        path = folder / f"run-{number}"
        _at_most_twice(numbers).tofile(path)
        return path

    with ThreadPoolExecutor(_AT_ONCE) as pool:
        paths = list(_beside(pool, sort, enumerate(_runs(batches, run))))
        if not paths:
            return
        # Equal shares of the first run are about equal shares of all, for the numbers are those of a hash.
        first = np.fromfile(paths[0], np.uint64)
        edges = first[:: -(-len(first) // len(paths))].copy()
        ends = [_ends(path, edges) for path in paths]

        def put_together(part: int) -> _Numbers:
            spans = [_span(path, *end[part : part + 2]) for path, end in zip(paths, ends, strict=True)]
            numbers = np.concatenate(spans)
            # A stable sort goes by the runs that it meets, and so only puts the sorted spans together.
            numbers.sort(kind="stable")
            return np.unique(numbers[1:][numbers[1:] == numbers[:-1]])

        yield from (again for again in _beside(pool, put_together, range(len(edges))) if len(again))


def _ends(path: Path, edges: _Numbers) -> list[int]:
    """Where in a run each span begins, and where the last one ends."""
    held = np.memmap(path, np.uint64, "r")
    return [0, *np.searchsorted(held, edges[1:]).tolist(), len(held)]


def _span(path: Path, begin: int, end: int) -> _Numbers:
    """Read, not mapped: what is mapped stays in the memory of this process as long as there is room for it."""
    return np.fromfile(path, np.uint64, end - begin, offset=begin * np.dtype(np.uint64).itemsize)


def _runs(batches: Iterable[_Numbers], run: int) -> Iterator[_Numbers]:
    """The same numbers in arrays of so many; the last may be shorter, and none is empty."""
    room, filled = np.empty(run, np.uint64), 0
    for batch in batches:
        begun = 0
        while begun < len(batch):
            taken = min(len(batch) - begun, run - filled)
            room[filled : filled + taken] = batch[begun : begun + taken]
            begun, filled = begun + taken, filled + taken
            if filled == run:
                yield room
                room, filled = np.empty(run, np.uint64), 0
    if filled:
        yield room[:filled]


def _beside(pool: ThreadPoolExecutor, work: Callable[[_Item], _Made], items: Iterable[_Item]) -> Iterator[_Made]:
    """What the work makes of each, in their order; few are taken up ahead of what is called for."""
    waiting: deque[Future[_Made]] = deque()
    for item in items:
        waiting.append(pool.submit(work, item))
        if len(waiting) >= _AT_ONCE:
            yield waiting.popleft().result()
    while waiting:
        yield waiting.popleft().result()


def _at_most_twice(numbers: _Numbers) -> _Numbers:
    """Of sorted numbers: no more of each than tell that it is repeated, so that one that stands everywhere fills no memory."""
    thrice = numbers[2:] == numbers[:-2]
    return numbers[np.concatenate(([True, True], ~thrice))] if thrice.any() else numbers
