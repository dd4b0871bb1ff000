"""Pictures of a decision log as SVG: over_time, review_times, funnel, decided_as, selection. A table stands beside each.

Every axis says what it counts and in which unit, every kind of mark stands in the key above. Intervals are drawn as lines
through their point. Nothing is told by colour alone: shapes, dashes and hatching differ too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import ceil, floor, log10

from assessments.decision_log.statistics.analysis_model import (
    FunnelLine,
    Rate,
    Reviewer,
    ReviewTimes,
    Selection,
)
from exports.report import inscriptions
from exports.report.charts import FAINT, FILL, INK, LINE, SMALLEST, SOFT, WIDTH, backed, drawing, hatching, text
from questionnaires.wording import duration, share

MOST_ROWS = 12
"""Of a picture; the table beside it holds more."""
_LEFT, _RIGHT, _BOTTOM = 52, 18, 44
_PLOT = 150
"""Height of a plot without what stands around it."""
_LABEL, _SMALL = 10.5, SMALLEST
_LINE_HEIGHT, _ROW = 14, 40
_WARN = "#8c2f14"
_TICKS = (1, 3, 10, 30, 60, 180, 600, 1800, 3600, 10_800, 36_000, 86_400)
"""Seconds."""
_NEARLY_ALL = 0.999
_NUMBERED = 13
"""So many points at most have their figure beside them."""
_NAMED = 12
"""So many reviewers at most are named in the picture."""
_OUTPUTS, _GROUPS = 170, 150
"""Room for names to the left of bars and of groups."""

Scale = Callable[[float], float]


@dataclass(frozen=True)
class Point:
    """A share with its name below the axis."""

    name: str
    rate: Rate


@dataclass(frozen=True)
class Turn:
    """A day from which on people decided differently: months after the first (2.5: the middle of the third), and its words."""

    place: float
    name: str


@dataclass(frozen=True)
class Decided:
    """What became of one output of the AI. differing: cases of each other decision, the most frequent first."""

    name: str
    same: int
    differing: tuple[int, ...]

    @property
    def n(self) -> int:
        return self.same + sum(self.differing)


def over_time(
    points: Sequence[Point], overall: Rate, turns: Sequence[Turn], words: Mapping[str, str], line_words: str
) -> str:
    """Share of departures month by month with its interval; the dashed line is the whole period. line_words: its name."""
    step = (WIDTH - _LEFT - _RIGHT) / max(len(points), 1)
    has_figures = len(points) <= _NUMBERED
    key = [("dot", words["month_share"]), ("whisker", words["interval"])]
    key += [("ring", words["few_cases"])] if any(point.rate.is_small for point in points) else []
    key += [("dashed", line_words), *(("turn", turn.name) for turn in turns)]
    plot = _Plot(max([point.rate.high for point in points] + [overall.value]) * (1.12 if has_figures else 1.0), key)
    parts = plot.drawn(words["axis_departures"], words["axis_month"])
    every = inscriptions.every([point.name for point in points], _SMALL, step)
    for turn in turns:
        parts.append(_upright(_LEFT + step * turn.place, plot.top, plot.floor, "turn"))
    parts.append(_across(plot.y(overall.value), "dashed"))
    for at, point in enumerate(points):
        x = _LEFT + step * (at + 0.5)
        parts.append(_whiskers(x, plot.y, point.rate))
        parts.append(_mark(x, plot.y(point.rate.value), "ring" if point.rate.is_small else "dot"))
        if has_figures:
            parts.append(backed(x, plot.y(point.rate.high) - 4, share(point.rate.value), _SMALL, anchor="middle"))
        if at % every == 0:
            parts.append(text(x, plot.floor + 14, point.name, anchor="middle", fill=FAINT, size=_SMALL))
    return drawing(WIDTH, plot.height, parts)


def review_times(
    times: ReviewTimes, marks: Sequence[tuple[str, str, float]], language: str, words: Mapping[str, str]
) -> str:
    """Share of decisions that took less than so long, on a logarithmic scale. marks: kind of line, name and seconds."""
    below = [entry for entry in times.below if entry.seconds >= 1 and times.n]
    first, last = _span([entry.seconds for entry in below if entry.cases < _NEARLY_ALL * times.n], marks)
    below = [entry for entry in below if first <= entry.seconds <= last]
    plot = _Plot(1.0, [("curve", words["share_faster"]), ("band", words["interval"])], rows=len(marks))
    parts = plot.drawn(words["axis_faster"], words["axis_time"])
    x = _logarithmic(first, last)
    ticks = [(x(tick), duration(tick)[language]) for tick in _TICKS if first <= tick <= last]
    parts += [_upright(place, plot.top, plot.floor, "grid") for place, _ in ticks]
    for place, name in inscriptions.spaced(ticks, _SMALL):
        parts.append(text(place, plot.floor + 14, name, anchor="middle", fill=FAINT, size=_SMALL))
    upper = [(x(entry.seconds), plot.y(entry.high)) for entry in below]
    lower = [(x(entry.seconds), plot.y(entry.low)) for entry in reversed(below)]
    parts.append(f'<polygon points="{_joined([*upper, *lower])}" fill="{SOFT}" fill-opacity="0.6"/>')
    curve = [(x(entry.seconds), plot.y(entry.cases / times.n)) for entry in below]
    parts.append(f'<polyline points="{_joined(curve)}" fill="none" stroke="{FILL}" stroke-width="2"/>')
    named = sorted(((x(seconds), kind, name) for kind, name, seconds in marks), key=lambda mark: mark[0])
    at_edge = [mark for mark in named if mark[0] + 5 + inscriptions.width(mark[2], _LABEL) > WIDTH]
    ordered = [*reversed(at_edge), *(mark for mark in named if mark not in at_edge)]  # no line through a later name
    tops = [plot.top - _LINE_HEIGHT * (len(ordered) - at) for at in range(len(ordered))]
    for (place, kind, _), top in zip(ordered, tops, strict=True):
        parts.append(_upright(place, top, plot.floor, kind))
    for mark, top in zip(ordered, tops, strict=True):
        place, name = mark[0] + (-5 if mark in at_edge else 5), mark[2]
        parts.append(backed(place, top + 9, name, _LABEL, anchor="end" if mark in at_edge else "start"))
    return drawing(WIDTH, plot.height, parts)


def funnel(
    reviewers: Sequence[Reviewer],
    lines: Sequence[FunnelLine],
    overall: Rate,
    words: Mapping[str, str],
    line_words: str,
) -> str:
    """Each reviewer by cases and share of departures, inside or outside the corrected limits. line_words: of the whole."""
    people = [reviewer for reviewer in reviewers if reviewer.n]
    most = max(reviewer.n for reviewer in people)
    least = min(reviewer.n for reviewer in people)
    start = max(0.0, least - max(0.12 * (most - least), 0.06 * most))
    end = most + max(0.05 * (most - least), 0.04 * most)
    highest = max([reviewer.departures / reviewer.n for reviewer in people] + [overall.value])
    upper, lower = (
        _between([(line.n, getattr(line, limit)) for line in lines], start, end)
        for limit in ("high_corrected", "low_corrected")
    )
    is_outside = any(reviewer.funnel != "inside" for reviewer in people)
    key = [("disc", words["reviewer_inside"])] + ([("diamond", words["reviewer_outside"])] if is_outside else [])
    key += [("dashed", line_words), ("dotted", words["limits"])]
    top = max((height for _, height in upper), default=0.0)
    plot = _Plot(1.1 * max(highest, min(top, 4 * highest or 1.0)), key)
    parts = plot.drawn(words["axis_departures"], words["axis_cases"])

    def x(n: float) -> float:
        return _LEFT + (WIDTH - _LEFT - _RIGHT) * (n - start) / ((end - start) or 1.0)

    for tick in _round_ticks(start, end):
        parts.append(text(x(tick), plot.floor + 14, f"{tick:,.0f}", anchor="middle", fill=FAINT, size=_SMALL))
        parts.append(_upright(x(tick), plot.floor, plot.floor + 4, "grid"))
    for limits in (upper, lower):
        for run in _below_the_top([(x(n), height) for n, height in limits], plot.end):
            way = _joined([(place, plot.y(height)) for place, height in run])
            parts.append(
                f'<polyline points="{way}" fill="none" stroke="{FAINT}" stroke-width="1.2" stroke-dasharray="1.5 3"/>'
            )
    parts.append(_across(plot.y(overall.value), "dashed"))
    places = [
        (reviewer, x(reviewer.n), plot.y(reviewer.departures / reviewer.n))
        for reviewer in sorted(people, key=lambda reviewer: reviewer.funnel != "inside")
    ]
    parts += [_mark(place, height, _of_funnel(reviewer)) for reviewer, place, height in places]
    outside = [(reviewer.name, place, height) for reviewer, place, height in places if reviewer.funnel != "inside"]
    parts += _names(outside, [(place, height) for _, place, height in places], plot)
    return drawing(WIDTH, plot.height, parts)


def decided_as(rows: Sequence[Decided], words: Mapping[str, str]) -> str:
    """For each output of the AI a bar of what was decided: the same (filled), then each other decision (hatched)."""
    left, right = _OUTPUTS, 10
    width = WIDTH - left - right
    key, height = _key([("filled", words["same"]), ("hatched", words["differing"])], 0)
    top = height + 6
    names = [inscriptions.in_lines(output.name, _LABEL, left - 12, 2) for output in rows]
    tops = [top + sum(_ROW + _LINE_HEIGHT * (len(name) - 1) for name in names[:at]) for at in range(len(rows) + 1)]
    floor_at = tops[-1]
    parts = list(key)
    for mark in range(5):
        x = left + width * mark / 4
        parts.append(_upright(x, top, floor_at + 4, "grid"))
        parts.append(
            text(x, floor_at + 16, share(mark / 4), anchor="end" if mark == 4 else "middle", fill=FAINT, size=_SMALL)
        )
    parts.append(text(left + width, floor_at + 31, words["axis_of_output"], anchor="end", size=_SMALL, fill=FAINT))
    for output, lines, at in zip(rows, names, tops, strict=False):
        y = at + 4
        for place, line in enumerate(lines):
            parts.append(text(left - 8, y + 11 + 13 * place, line, anchor="end", size=_LABEL))
        count = words["count"].format(n=f"{output.n:,}")
        parts.append(text(left - 8, y + 11 + 13 * len(lines), count, anchor="end", size=_SMALL, fill=FAINT))
        parts += _bar(output, left, y + _LINE_HEIGHT / 2 * (len(lines) - 1), width)
    return drawing(WIDTH, round(floor_at) + 36, parts)


def selection(rows: Sequence[Selection], names: Sequence[str], words: Mapping[str, str]) -> str:
    """Share of favourable outcomes by group: by the AI (square) and in the end (dot), with intervals, figures beside."""
    left, row, right = _GROUPS, 36, 132
    width = WIDTH - left - right
    some = [("whisker", words["interval"])]
    some += (
        [("ring", words["few_cases"])] if any(rate.is_small for each in rows for rate in (each.ai, each.final)) else []
    )
    key, height = _key([("square", words["by_ai"]), ("dot", words["in_the_end"]), *some], 0)
    top = height + 6
    floor_at = top + row * len(rows)
    ends = [end for each in rows for rate in (each.ai, each.final) for end in (rate.low, rate.high)]
    start, end = _around(min(ends), max(ends))

    def x(value: float) -> float:
        return left + width * (value - start) / (end - start)

    parts = list(key)
    for tick in _round_ticks(100 * start, 100 * end):
        parts.append(_upright(x(tick / 100), top, floor_at + 4, "grid"))
        parts.append(text(x(tick / 100), floor_at + 16, share(tick / 100), anchor="middle", fill=FAINT, size=_SMALL))
    parts.append(text(left + width, floor_at + 31, words["axis_favourable"], anchor="end", size=_SMALL, fill=FAINT))
    for at, (each, name) in enumerate(zip(rows, names, strict=True)):
        y = top + row * at
        lines = inscriptions.in_lines(name, _LABEL, left - 12, 2)
        first = y + row / 2 + 4 - (len(lines) - 1) * 6.5
        parts += [
            text(left - 8, first + 13 * place, line, anchor="end", size=_LABEL) for place, line in enumerate(lines)
        ]
        for rate, height_at, shape in ((each.ai, y + 11, "square"), (each.final, y + 25, "dot")):
            if not rate.n:
                continue
            is_hollow = "hollow_" if rate.is_small else ""
            parts.append(_stroke(x(rate.low), height_at, x(rate.high), height_at))
            parts.append(_mark(x(rate.value), height_at, is_hollow + shape))
        figures = f"{share(each.ai.value) if each.ai.n else '–'} → {share(each.final.value) if each.final.n else '–'}"
        parts.append(text(WIDTH - 2, y + row / 2 + 4, figures, anchor="end", size=_LABEL, bold=True))
        parts.append(_stroke(0, y + row, WIDTH, y + row, LINE, 0.5))
    return drawing(WIDTH, round(floor_at) + 36, parts)


# --- parts -------------------------------------------------------------------------------------------


class _Plot:
    """The frame of a picture with shares upright: key, name of the axis, lines across with their figures."""

    def __init__(self, highest: float, key: Sequence[tuple[str, str]], rows: int = 0) -> None:
        """highest: share that has to fit. rows: lines kept free above the plot for the names of marks."""
        self.step, self.end = _round_scale(highest)
        self._key, below = _key(key, 0)
        self.top = below + 24 + _LINE_HEIGHT * rows
        self._title_at = below + 11
        self.floor = self.top + _PLOT
        self.height = round(self.floor + _BOTTOM - 8)

    def y(self, value: float) -> float:
        return self.floor - _PLOT * min(value, self.end) / self.end

    def drawn(self, upright: str, along: str) -> list[str]:
        """upright, along: names of the axes."""
        parts = [*self._key, text(0, self._title_at, upright, size=_SMALL, fill=FAINT)]
        for at in range(round(self.end / self.step) + 1):
            y = self.y(self.step * at)
            parts.append(_stroke(_LEFT, y, WIDTH - _RIGHT, y, INK if at == 0 else LINE, 0.7))
            parts.append(text(_LEFT - 6, y + 3.5, share(self.step * at), anchor="end", fill=FAINT, size=_SMALL))
        parts.append(text(WIDTH - _RIGHT, self.floor + 30, along, anchor="end", size=_SMALL, fill=FAINT))
        return parts


def _key(items: Sequence[tuple[str, str]], y: float) -> tuple[list[str], float]:
    """The marks of a picture with their words, on as many lines as they need; and where what follows begins."""
    parts: list[str] = []
    x, line = 0.0, 0
    for kind, name in items:
        words = inscriptions.shortened(name, _SMALL, WIDTH - 28)
        needed = 26 + inscriptions.width(words, _SMALL)
        if x and x + needed > WIDTH:
            x, line = 0.0, line + 1
        middle = y + 8 + _LINE_HEIGHT * line
        parts.append(_sample(kind, x, middle))
        parts.append(text(x + 24, middle + 3.5, words, size=_SMALL, fill=INK))
        x += needed + 14
    return parts, y + 16 + _LINE_HEIGHT * line


def _sample(kind: str, x: float, y: float) -> str:
    match kind:
        case "dashed" | "turn" | "dotted" | "curve":
            return _stroke(x, y, x + 19, y, *_strokes(kind))
        case "whisker":
            return _stroke(x + 10, y - 6, x + 10, y + 6)
        case "band":
            return f'<rect x="{x}" y="{y - 5}" width="19" height="10" fill="{SOFT}" fill-opacity="0.6"/>'
        case "filled":
            return f'<rect x="{x}" y="{y - 6}" width="19" height="12" fill="{SOFT}"/>'
        case "hatched":
            return "".join(_hatched(x, y - 6, 19, 12))
    return _mark(x + 10, y, kind)


def _strokes(kind: str) -> tuple[str, float, str]:
    """Colour, width and dashes of a line by its kind."""
    return {
        "dashed": (INK, 1.2, "6 3"),
        "turn": (_WARN, 1.4, "2 2"),
        "dotted": (FAINT, 1.2, "1.5 3"),
        "curve": (FILL, 2.0, ""),
        "grid": (LINE, 0.7, ""),
        "median": (INK, 1.2, ""),
        "claimed": (_WARN, 1.4, "6 3"),
        "minimum": (_WARN, 1.4, "1.5 2.5"),
    }[kind]


def _stroke(
    x1: float, y1: float, x2: float, y2: float, colour: str = FILL, width: float = 1.2, dashes: str = ""
) -> str:
    look = f' stroke-dasharray="{dashes}"' if dashes else ""
    ends = f'x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}"'
    return f'<line {ends} stroke="{colour}" stroke-width="{width}"{look}/>'


def _upright(x: float, top: float, bottom: float, kind: str) -> str:
    return _stroke(x, top, x, bottom, *_strokes(kind))


def _across(y: float, kind: str) -> str:
    return _stroke(_LEFT, y, WIDTH - _RIGHT, y, *_strokes(kind))


def _whiskers(x: float, y: Scale, rate: Rate) -> str:
    return _stroke(x, y(rate.low), x, y(rate.high))


def _mark(x: float, y: float, kind: str) -> str:
    hollow = f'fill="#fff" stroke="{FILL}" stroke-width="1.4"'
    match kind:
        case "dot":
            return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3.8" fill="{FILL}"/>'
        case "ring" | "hollow_dot":
            return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3.6" {hollow}/>'
        case "disc":
            return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3.4" fill="{SOFT}" stroke="{FILL}"/>'
        case "square":
            return f'<rect x="{x - 3.6:.1f}" y="{y - 3.6:.1f}" width="7.2" height="7.2" fill="{INK}"/>'
        case "hollow_square":
            return f'<rect x="{x - 3.4:.1f}" y="{y - 3.4:.1f}" width="6.8" height="6.8" {hollow}/>'
    corners = _joined([(x, y - 5.5), (x + 5.5, y), (x, y + 5.5), (x - 5.5, y)])
    return f'<polygon points="{corners}" fill="{_WARN}"/>'


def _bar(output: Decided, left: float, y: float, width: float) -> Iterator[str]:
    total = output.n or 1
    same = width * output.same / total
    if output.same:
        yield f'<rect x="{left:.1f}" y="{y}" width="{max(same, 0.6):.1f}" height="28" fill="{SOFT}"/>'
    x = left + same
    for count in output.differing:
        part = width * count / total
        yield from _hatched(x, y, max(part, 0.6), 28)
        x += part
    if output.n:
        inside, beside = share(output.same / total), share(1 - output.same / total)
        if same > inscriptions.width(inside, _LABEL) + 12:
            yield text(left + 6, y + 18, inside, size=_LABEL, bold=True)
        if width - same > inscriptions.width(beside, _LABEL) + 12:
            yield backed(left + width - 6, y + 18, beside, _LABEL, anchor="end")
        elif output.same < output.n and same > 2 * inscriptions.width(inside + beside, _LABEL):
            yield text(left + same - 6, y + 18, f"{beside} →", anchor="end", size=_LABEL)


def _hatched(x: float, y: float, width: float, height: float) -> Iterator[str]:
    yield f'<rect x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height}" fill="#fff" stroke="{_WARN}"/>'
    yield from hatching(x, y, width, height, gap=5, colour=_WARN)


def _of_funnel(reviewer: Reviewer) -> str:
    return "disc" if reviewer.funnel == "inside" else "diamond"


def _names(
    outside: Sequence[tuple[str, float, float]], marks: Sequence[tuple[float, float]], plot: _Plot
) -> Iterator[str]:
    """The names of these reviewers where there is room beside their mark; who finds none stands in the table."""
    boxes = [(x - 6, y - 6, x + 6, y + 6) for x, y in marks]
    for name, x, y in outside[:_NAMED]:
        width = inscriptions.width(name, _SMALL)
        for start, base in ((x - 9 - width, y + 4), (x + 9, y + 4), (x - width / 2, y - 10), (x - width / 2, y + 18)):
            box = (start, base - _SMALL, start + width, base + 3)
            is_free = not any(_touch(box, other) for other in boxes)
            is_inside = start >= _LEFT and box[2] <= WIDTH and box[1] >= plot.top - 12 and box[3] <= plot.floor
            if is_free and is_inside:
                boxes.append(box)
                yield backed(start, base, name, _SMALL, anchor="start")
                break


def _touch(box: tuple[float, float, float, float], other: tuple[float, float, float, float]) -> bool:
    return box[0] < other[2] and other[0] < box[2] and box[1] < other[3] and other[1] < box[3]


def _between(line: Sequence[tuple[float, float]], start: float, end: float) -> list[tuple[float, float]]:
    """The part of a line from start to end; where it leaves, straight between the points around."""
    inner = [point for point in line if start <= point[0] <= end]
    for edge in (start, end):
        for (x1, y1), (x2, y2) in pairwise(line):
            if x1 < edge < x2:
                inner.append((edge, y1 + (y2 - y1) * (edge - x1) / (x2 - x1)))
    return sorted(inner)


def _below_the_top(points: Sequence[tuple[float, float]], top: float) -> Iterator[list[tuple[float, float]]]:
    """The line as far as it runs below the top of the picture, cut where it leaves."""
    run: list[tuple[float, float]] = []
    for before, (x, height) in zip([None, *points], points, strict=False):
        if before and (before[1] > top) is not (height > top):
            cut = before[0] + (x - before[0]) * (top - before[1]) / (height - before[1])
            run.append((cut, top))
        if height <= top:
            run.append((x, height))
        elif run:
            yield run
            run = []
    if run:
        yield run


def _span(seconds: Sequence[float], marks: Sequence[tuple[str, str, float]]) -> tuple[float, float]:
    """From a tick at or before everything that is shown to one at or behind it."""
    places = [*seconds, *(place for _, _, place in marks)] or [60.0]
    first, last = max(1.0, min(places)), max(1.0, *places)
    low = max((tick for tick in _TICKS if tick <= first), default=_TICKS[0])
    high = min((tick for tick in _TICKS if tick > last), default=last)
    return float(low), float(high)


def _logarithmic(first: float, last: float) -> Scale:
    low, high = log10(first), log10(last)

    def x(seconds: float) -> float:
        inside = min(max(seconds, first), last)
        return _LEFT + (WIDTH - _LEFT - _RIGHT) * (log10(inside) - low) / ((high - low) or 1.0)

    return x


def _round_scale(highest: float) -> tuple[float, float]:
    """Step and end of a scale of shares that begins at 0 and ends at 1 at the latest, with three to six steps."""
    step = _round_step(max(highest, 0.001))
    return step, min(1.0, step * ceil(round(highest / step, 6) or 1))


def _round_ticks(start: float, end: float) -> list[float]:
    step = _round_step(end - start)
    return [step * at for at in range(ceil(start / step), floor(end / step) + 1)]


def _round_step(span: float) -> float:
    """1, 2 or 5 times a power of ten, so that three to six of them make the span."""
    size = 10.0 ** floor(log10(span / 3))
    return float(max(size * by for by in (1, 2, 5) if span / (size * by) >= 2.5))


def _around(low: float, high: float) -> tuple[float, float]:
    """A piece of the scale that holds both ends with some room, never wider than from 0 to 1."""
    room = max(0.06 * (high - low), 0.01)
    return max(0.0, low - room), min(1.0, high + room)


def _joined(points: Sequence[tuple[float, float]]) -> str:
    return " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
