"""Pictures of a decision log as SVG: over_time, review_times, funnel, decided_as, selection. A table stands beside each.

Intervals are drawn as lines through their point. Nothing is told by colour alone.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import log10

from assessments.decision_log.statistics.analysis_model import Disparity, FunnelLine, Rate, Reviewer, ReviewTimes
from exports.report.charts import FAINT, FILL, INK, LINE, SOFT, WIDTH, drawing, text
from questionnaires.wording import duration, percent

_LEFT, _RIGHT, _TOP, _BOTTOM = 52, 16, 12, 30
_HEIGHT = 190
_WARN = "#8c2f14"
Scale = Callable[[float], float]
_TICKS = (1.0, 10.0, 60.0, 600.0, 3600.0)
"""Seconds."""


def over_time(rows: Sequence[Rate], overall: Rate) -> str:
    """Share of departures month by month with its interval; the dotted line is the whole period."""
    top = _nice(max([rate.high for rate in rows] + [overall.value]))
    parts, y = _frame(top, "%")
    step = (WIDTH - _LEFT - _RIGHT) / max(len(rows), 1)
    every = max(1, len(rows) // 12)
    for at, rate in enumerate(rows):
        x = _LEFT + step * (at + 0.5)
        parts.append(_point(x, y, rate, is_filled=not rate.is_small))
        if at % every == 0:
            parts.append(text(x, _HEIGHT - 12, rate.label or "–", anchor="middle", fill=FAINT, size=9))
    parts.append(_level(y(overall.value), "4 3"))
    return drawing(WIDTH, _HEIGHT, parts)


def review_times(times: ReviewTimes, marks: Sequence[tuple[str, float]], language: str) -> str:
    """Share of decisions that took less than so many seconds, on a logarithmic scale. marks: name and seconds."""
    points = [
        (float(share_below.seconds), share_below.cases / times.n)
        for share_below in times.below
        if share_below.seconds >= 1 and times.n
    ]
    parts, y = _frame(1.0, "%")
    if not points:
        return drawing(WIDTH, _HEIGHT, parts)
    first, last = points[0][0], max(points[-1][0], 60.0)
    x = _log_scale(first, last)
    line = " ".join(f"{x(seconds):.1f},{y(share):.1f}" for seconds, share in points)
    parts.append(f'<polyline points="{line}" fill="none" stroke="{FILL}" stroke-width="1.8"/>')
    for seconds in _TICKS:
        if first <= seconds <= last:
            name = duration(seconds)[language]
            parts.append(text(x(seconds), _HEIGHT - 12, name, anchor="middle", fill=FAINT, size=9))
    for at, (name, seconds) in enumerate(marks):
        place = x(min(max(seconds, first), last))
        parts.append(
            f'<line x1="{place:.1f}" y1="{_TOP}" x2="{place:.1f}" y2="{_HEIGHT - _BOTTOM}" stroke="{_WARN}" stroke-dasharray="5 3"/>'
        )
        is_before = place > WIDTH * 0.7 or seconds == min(
            mark for _, mark in marks
        )  # the smaller one keeps clear of the other
        parts.append(
            text(
                place + (-5 if is_before else 5),
                _TOP + 10 + 13 * at,
                name,
                anchor="end" if is_before else "start",
                fill=_WARN,
                size=9.5,
            )
        )
    return drawing(WIDTH, _HEIGHT, parts)


def funnel(reviewers: Sequence[Reviewer], lines: Sequence[FunnelLine], overall: Rate) -> str:
    """Each reviewer by cases and share of departures, inside or outside the corrected limits."""
    most = max([reviewer.n for reviewer in reviewers] + [1])
    shown = [line for line in lines if line.n <= most * 1.05]
    top = _nice(
        max([reviewer.departures / reviewer.n for reviewer in reviewers if reviewer.n] + [overall.value * 1.4, 0.01])
    )
    parts, y = _frame(top, "%")

    def x(n: float) -> float:
        return _LEFT + (WIDTH - _LEFT - _RIGHT) * n / (most * 1.05)

    for high in (True, False):
        line = " ".join(
            f"{x(line.n):.1f},{y(min(line.high_corrected if high else line.low_corrected, top)):.1f}" for line in shown
        )
        parts.append(f'<polyline points="{line}" fill="none" stroke="{FAINT}" stroke-dasharray="3 3"/>')
    parts.append(_level(y(overall.value), "4 3"))
    for reviewer in reviewers:
        share = min(reviewer.departures / reviewer.n, top) if reviewer.n else 0.0
        if reviewer.funnel == "inside":
            parts.append(f'<circle cx="{x(reviewer.n):.1f}" cy="{y(share):.1f}" r="3" fill="{SOFT}" stroke="{FILL}"/>')
        else:
            parts.append(_diamond(x(reviewer.n), y(share)))
            parts.append(text(x(reviewer.n) - 7, y(share) + 3, reviewer.name[:8], anchor="end", size=8.5, fill=_WARN))
    parts.append(text(WIDTH - _RIGHT, _HEIGHT - 12, f"n {most:,}", anchor="end", fill=FAINT, size=9))
    parts.append(text(_LEFT, _HEIGHT - 12, "0", fill=FAINT, size=9))
    return drawing(WIDTH, _HEIGHT, parts)


def decided_as(rows: Sequence[tuple[str, Sequence[tuple[str, int]]]]) -> str:
    """For each output of the AI a bar of what was decided; the first part is what agrees with it."""
    left, height = 150, 30
    width = WIDTH - left - 8
    parts = []
    for at, (output, decided) in enumerate(rows):
        total = sum(count for _, count in decided) or 1
        x, y = float(left), 6 + height * at
        parts.append(text(left - 8, y + 15, f"{output[:18]} ({total:,})", anchor="end", size=9.5))
        for place, (decision, count) in enumerate(decided):
            part = width * count / total
            look = f'fill="{SOFT}"' if place == 0 else f'fill="#fff" stroke="{_WARN}"'
            parts.append(f'<rect x="{x:.1f}" y="{y}" width="{max(part, 0.6):.1f}" height="20" {look}/>')
            if part > 60:
                parts.append(text(x + 5, y + 14, f"{decision[:16]} {percent(100 * count / total)}", size=9))
            x += part
    return drawing(WIDTH, 12 + height * max(len(rows), 1), parts)


def selection(disparity: Disparity, words: tuple[str, str]) -> str:
    """Share of favourable outcomes by group: by the AI (ring) and in the end (filled), with intervals. words: their names."""
    top = _nice(max(rate.high for row in disparity.rows for rate in (row.ai, row.final)))
    parts, y = _frame(top, "%")
    step = (WIDTH - _LEFT - _RIGHT) / len(disparity.rows)
    for at, row in enumerate(disparity.rows):
        x = _LEFT + step * (at + 0.5)
        parts.append(_point(x - 9, y, row.ai, is_filled=False))
        parts.append(_point(x + 9, y, row.final, is_filled=True))
        parts.append(text(x, _HEIGHT - 12, row.label or "–", anchor="middle", fill=FAINT, size=9.5))
    parts.append(f'<circle cx="{_LEFT + 8}" cy="8" r="3.4" fill="#fff" stroke="{FILL}" stroke-width="1.4"/>')
    parts.append(text(_LEFT + 16, 11, words[0], size=9, fill=FAINT))
    parts.append(f'<circle cx="{_LEFT + 128}" cy="8" r="3.4" fill="{FILL}"/>')
    parts.append(text(_LEFT + 136, 11, words[1], size=9, fill=FAINT))
    return drawing(WIDTH, _HEIGHT, parts)


def _frame(top: float, unit: str) -> tuple[list[str], Scale]:
    """Lines across with their figures, in percent; and the scale from a share to a height."""

    def y(share: float) -> float:
        return _HEIGHT - _BOTTOM - (_HEIGHT - _TOP - _BOTTOM) * share / top

    parts = []
    for at in range(5):
        share = top * at / 4
        parts.append(
            f'<line x1="{_LEFT}" y1="{y(share):.1f}" x2="{WIDTH - _RIGHT}" y2="{y(share):.1f}" stroke="{LINE}" stroke-width="0.7"/>'
        )
        parts.append(text(_LEFT - 6, y(share) + 3, f"{100 * share:.3g}{unit}", anchor="end", fill=FAINT, size=9))
    return parts, y


def _point(x: float, y: Scale, rate: Rate, *, is_filled: bool) -> str:
    look = f'fill="{FILL}"' if is_filled else f'fill="#fff" stroke="{FILL}" stroke-width="1.4"'
    return (
        f'<line x1="{x:.1f}" y1="{y(rate.low):.1f}" x2="{x:.1f}" y2="{y(rate.high):.1f}" stroke="{FILL}" stroke-width="1.2"/>'
        f'<circle cx="{x:.1f}" cy="{y(rate.value):.1f}" r="3.4" {look}/>'
    )


def _diamond(x: float, y: float) -> str:
    return f'<polygon points="{x:.1f},{y - 5:.1f} {x + 5:.1f},{y:.1f} {x:.1f},{y + 5:.1f} {x - 5:.1f},{y:.1f}" fill="{_WARN}"/>'


def _level(y: float, dashes: str) -> str:
    return f'<line x1="{_LEFT}" y1="{y:.1f}" x2="{WIDTH - _RIGHT}" y2="{y:.1f}" stroke="{INK}" stroke-dasharray="{dashes}"/>'


def _log_scale(first: float, last: float) -> Scale:
    low, high = log10(first), log10(last)

    def x(seconds: float) -> float:
        return _LEFT + (WIDTH - _LEFT - _RIGHT) * (log10(seconds) - low) / ((high - low) or 1)

    return x


def _nice(share: float) -> float:
    """The next end of a scale: 1, 2, 5, 10, 20, 50 or 100 percent."""
    return next((step for step in (0.01, 0.02, 0.05, 0.1, 0.2, 0.5) if share <= step), 1.0)
