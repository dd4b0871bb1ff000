"""The figures beside what was promised: `python -m tests.bench.limits FIGURES.json`."""

from __future__ import annotations

import math
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import pyperf

from tests.bench import collection, dashboards, lists, logs, reports, rescoring, rules, screens, seals


@dataclass(frozen=True)
class Promise:
    """The most that the median of one figure may be."""

    figure: str
    """Its name."""
    at_most: float | None = None
    """In the figure's own unit: seconds or bytes."""
    peer: str = ""
    """Name of the figure that it is compared with."""
    times_peer: float | None = None
    """The most that it may be of its peer."""
    grown: int = 0
    """So many times as much is in it as in its peer, and the exponent of growth is told. 0: another thing than its peer."""
    memory: int | None = None
    """Bytes, the most that the measured process may have at any time."""


def _of_list(name: str, at_most: float) -> Promise:
    """On the larger portfolio, with how it grows from the smaller."""
    small, large = lists.COUNTS
    peer = lists.figure_of(name, small)
    return Promise(lists.figure_of(name, large), at_most, peer=peer, grown=large // small)


MEGABYTES = 1_000_000
PROMISES = (
    Promise(rules.COLD, 0.3, peer=rules.YARDSTICK),
    Promise(rules.CACHED, 0.005, peer=rules.YARDSTICK),
    Promise(rules.JUDGED, 0.0002, peer=rules.YARDSTICK),
    Promise(reports.WARM, 0.06, peer=reports.CHROMIUM, times_peer=4),
    Promise(reports.FROM_NOTHING, 0.09),
    Promise(reports.AT_ONCE, peer=reports.ONE_BY_ONE, times_peer=1 / 1.3),
    Promise(reports.ASSESSED, 8),
    Promise(seals.SIZE, 12_500),
    Promise(seals.SEALED, 0.03),
    Promise(seals.VERIFIED, 0.1),
    Promise(collection.IN_A_FOLDER, peer=collection.ALONE, times_peer=1 / 5),
    Promise(collection.MEMORY_GROWTH, 1.3),
    *(Promise(name, 10, memory=1000 * MEGABYTES) for name in logs.FILES),
    *(Promise(name, 0.2) for name in screens.SERVER.values()),
    *(Promise(name, 1) for name in screens.DRAWN.values()),
    *(_of_list(name, 0.005) for name in lists.PAGES.values()),
    *(_of_list(name, 0.1) for name in lists.SEARCHES.values()),
    *(_of_list(name, 0.02) for name in dashboards.QUERIES.values()),
    Promise(
        lists.figure_of(dashboards.WHOLE, lists.COUNTS[1]),
        peer=lists.figure_of(dashboards.LOADED, lists.COUNTS[1]),
        times_peer=1 / 20,
    ),
    *(Promise(name, 20) for name in rescoring.CLOCK.values()),
    Promise(screens.LOCKED, 0.2, peer=screens.SERVER["home", 1_000], times_peer=1.5),
    Promise(screens.DOWNLOADS, 0.5),
    Promise(screens.ANSWERED, 0.15),
    Promise(screens.COST, 0.02),
    Promise(screens.SAVED, 0.5),
)


def _of_most(name: str, at_most: float) -> Promise:
    """On a million, which only `--full` measures."""
    peer = lists.figure_of(name, lists.COUNTS[-1])
    return Promise(lists.figure_of(name, lists.MOST), at_most, peer=peer, grown=lists.MOST // lists.COUNTS[-1])


OF_MOST = (
    *(_of_most(name, 0.005) for name in lists.PAGES.values()),
    *(_of_most(name, 0.5) for name in lists.SEARCHES.values()),
    *(_of_most(name, 0.15) for name in dashboards.QUERIES.values()),
)


def promised_of(suite: pyperf.BenchmarkSuite) -> tuple[Promise, ...]:
    """What is promised of every run, and of a million as far as that was measured."""
    names = set(suite.get_benchmark_names())
    return (*PROMISES, *(promise for promise in OF_MOST if promise.figure in names))


def table(suite: pyperf.BenchmarkSuite, promises: Iterable[Promise] = PROMISES) -> list[str]:
    """One line a figure: median, least, most that was promised, ratio to its peer, memory, met or not."""
    by_name = {figure.get_name(): figure for figure in suite.get_benchmarks()}
    promised = {promise.figure: promise for promise in promises}
    lines = [_line(figure, promised.get(name, Promise(name)), by_name) for name, figure in by_name.items()]
    return lines + [f"{name:<48} NOT met: not measured" for name in promised if name not in by_name]


def _line(figure: pyperf.Benchmark, promise: Promise, others: dict[str, pyperf.Benchmark]) -> str:
    median = figure.median()
    said = [
        f"{promise.figure:<48} {figure.format_value(median):>9}  least {figure.format_value(min(figure.get_values()))}"
    ]
    kept: list[bool] = []
    if promise.at_most is not None:
        said.append(f"limit {figure.format_value(promise.at_most)}")
        kept.append(median <= promise.at_most)
    if promise.peer in others:
        ratio = median / others[promise.peer].median()
        most = "" if promise.times_peer is None else f" (limit {promise.times_peer:.2f})"
        said.append(f"{ratio:.4g} x {promise.peer}{most}")
        if promise.grown and ratio > 0:
            said.append(f"exponent {math.log(ratio) / math.log(promise.grown):.2f}")
        kept += [] if promise.times_peer is None else [ratio <= promise.times_peer]
    if memory := _most_memory(figure):
        most = "" if promise.memory is None else f" (limit {promise.memory // MEGABYTES} MB)"
        said.append(f"memory {memory // MEGABYTES} MB{most}")
        kept += [] if promise.memory is None else [memory <= promise.memory]
    return "  ".join([*said, *(["met" if all(kept) else "NOT met"] if kept else [])])


def _most_memory(figure: pyperf.Benchmark) -> int | None:
    """Bytes. None: what was measured is no process of its own."""
    runs = [run.get_metadata() for run in figure.get_runs()]
    return max((run["command_max_rss"] for run in runs if "command_max_rss" in run), default=None)


def main(arguments: Sequence[str]) -> None:
    suite = pyperf.BenchmarkSuite.load(arguments[0])
    for line in table(suite, promised_of(suite)):
        sys.stdout.write(line + "\n")


if __name__ == "__main__":
    main(sys.argv[1:])
