"""Cases measured in turns, and the report on them: Case, Figure, timed, measure, table, as_json."""

from __future__ import annotations

import gc
import statistics
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from assessments.errors import AssessmentError
from assessments.model import Json

Clock = Callable[[], float]
"""Seconds; their beginning means nothing."""


@dataclass(frozen=True)
class Case:
    """Something to be measured, the most it may take, and what it is compared with."""

    name: str
    unit: str
    take: Callable[[], float]
    """One measurement."""
    limit: float | None = None
    """Of the median, in the unit."""
    parts: int = 1
    """What is stated is the measurement divided by these: pages of a report."""
    peer: str = ""
    """Name of the case that it is compared with, whole measurement against whole measurement, turn by turn."""
    times_peer: float | None = None
    """The most that it may be of its peer."""
    turns: int = 9
    is_warmed: bool = True
    """A first measurement is thrown away."""


@dataclass(frozen=True)
class Figure:
    """What was measured of one case."""

    case: Case
    taken: Sequence[float]
    """One a turn, in the order of turns, divided by the parts."""
    ratio: float | None
    """To its peer: the median over the turns that both had. None: it has none."""
    base: float | None
    """The median of an earlier run. None: there is none."""
    trouble: str = ""
    """Why it could not be measured to the end; then nothing is met."""

    @property
    def median(self) -> float | None:
        """None: never measured."""
        return statistics.median(self.taken) if self.taken else None

    @property
    def is_met(self) -> bool | None:
        """None: nothing was promised."""
        if self.trouble or self.median is None:
            return False
        kept = []
        if self.case.limit is not None:
            kept.append(self.median <= self.case.limit)
        if self.case.times_peer is not None and self.ratio is not None:
            kept.append(self.ratio <= self.case.times_peer)
        return all(kept) if kept else None


def timed(act: Callable[[], object], clock: Clock, times: int = 1) -> Callable[[], float]:
    """Measures one act in milliseconds. times: how often `act` does its work at each call.

    Python's collector rests meanwhile, as in `timeit`: when it runs hangs on everything else in the process.
    """

    def take() -> float:
        gc.collect()
        gc.disable()
        try:
            begun = clock()
            act()
            return (clock() - begun) * 1000 / times
        finally:
            gc.enable()

    return take


def measure(cases: Sequence[Case], base: Mapping[str, float] | None = None) -> list[Figure]:
    """Each case once in every turn, so that a noisy moment meets all of them; one that is in trouble drops out.

    base: name → median of an earlier run.
    """
    taken: dict[str, list[float]] = {case.name: [] for case in cases}
    trouble: dict[str, str] = {}
    for turn in range(-1, max((case.turns for case in cases), default=0)):  # turn -1 is thrown away
        for case in cases:
            if case.name in trouble or turn >= case.turns or (turn < 0 and not case.is_warmed):
                continue
            try:
                one = case.take()
            except AssessmentError as error:
                trouble[case.name] = str(error)
                continue
            if turn >= 0:
                taken[case.name].append(one)
    return [
        Figure(
            case,
            [one / case.parts for one in taken[case.name]],
            _ratio(taken[case.name], taken.get(case.peer, [])),
            (base or {}).get(case.name),
            trouble.get(case.name, ""),
        )
        for case in cases
    ]


def table(figures: Iterable[Figure]) -> list[str]:
    """One line a case: median, least, unit, limit, ratios, met or not."""
    return [_line(one) for one in figures]


def as_json(figures: Iterable[Figure]) -> list[Json]:
    return [
        {
            "name": one.case.name,
            "unit": one.case.unit,
            "median": one.median,
            "taken": list(one.taken),
            "limit": one.case.limit,
            "peer": one.case.peer or None,
            "ratio": one.ratio,
            "times_peer": one.case.times_peer,
            "base": one.base,
            "met": one.is_met,
            "trouble": one.trouble or None,
        }
        for one in figures
    ]


def _ratio(taken: Sequence[float], peers: Sequence[float]) -> float | None:
    both = [own / peer for own, peer in zip(taken, peers, strict=False) if peer]
    return statistics.median(both) if both else None


def _line(one: Figure) -> str:
    case = one.case
    if one.median is None or one.trouble:
        return f"{case.name:<44} NOT met: {one.trouble or 'not measured'}"
    said = [f"{case.name:<44} {one.median:>9.3f} {case.unit:<10} least {min(one.taken):.3f}"]
    if case.limit is not None:
        said.append(f"limit {case.limit:g}")
    if one.ratio is not None:
        most = "" if case.times_peer is None else f" (limit {case.times_peer:.2f})"
        said.append(f"{one.ratio:.2f} x {case.peer}{most}")
    if one.base:
        said.append(f"{one.median / one.base:.2f} x base")
    if one.is_met is not None:
        said.append("met" if one.is_met else "NOT met")
    return "  ".join(said)
