"""Charts of the report as SVG written by hand: overall, by_dimension, qr. Each stands beside a table with the same figures.

Nothing is told by colour alone: inherent is an outline, residual is filled, an open range is hatched, figures are written.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import segno
from markupsafe import escape

from assessments.derived import Range
from exports.report import inscriptions

INK = "#1d2b36"
FAINT = "#5b6873"
LINE = "#c9d1d8"
FILL = "#2f5d7c"
SOFT = "#b9cddb"
WIDTH = 640
SMALLEST = 10.0
"""Size of the smallest words. 640 units are as wide as the lines of the report, 170 mm: this is 7.5 pt on paper."""
NARROWEST = 0.7
"""Of the line: so narrow the scale of the whole score is printed."""
_NAME, _FIGURE = 14.0, 13.5
"""Of that scale, so that its words are large enough there."""
_FONT = 'font-family="Haetae Sans, NanumGothic, sans-serif"'


@dataclass(frozen=True)
class Band:
    """One level and the figure it goes up to."""

    name: str
    up_to: int


@dataclass(frozen=True)
class Bar:
    """One dimension, or the whole."""

    name: str
    inherent: Range
    residual: Range


def overall(bar: Bar, bands: Sequence[Band], words: tuple[str, str]) -> str:
    """The whole score on the scale of the bands. words: inherent, residual. Large enough to be read at NARROWEST of the line."""
    left, width, top = 8, WIDTH - 16, 40
    parts = []
    start = 0
    for number, band in enumerate(bands):
        x, end = left + width * start / 100, left + width * band.up_to / 100
        shade = ("#f4f6f8", "#e6ebef", "#d5dde3", "#c2ccd4")[min(number, 3)]
        parts.append(f'<rect x="{x:.1f}" y="{top}" width="{end - x:.1f}" height="26" fill="{shade}" stroke="#fff"/>')
        name = inscriptions.shortened(band.name, _NAME, end - x - 4)
        parts.append(text((x + end) / 2, top + 17.5, name, anchor="middle", size=_NAME))
        start = band.up_to
    marks = [(left + width * mark / 100, str(mark)) for mark in sorted({0, *(band.up_to for band in bands)})]
    for x, name in inscriptions.spaced(marks, _FIGURE):
        inside = min(
            max(x, left + inscriptions.width(name, _FIGURE) / 2), WIDTH - inscriptions.width(name, _FIGURE) / 2
        )
        parts.append(text(inside, top + 41, name, anchor="middle", fill=FAINT, size=_FIGURE))
    parts.append(_pointer(left, width, top, bar.inherent, words[0], is_filled=False))
    parts.append(_pointer(left, width, top, bar.residual, words[1], is_filled=True))
    return drawing(WIDTH, 118, parts)


def by_dimension(bars: Sequence[Bar], bands: Sequence[Band], words: tuple[str, str]) -> str:
    """Two bars a dimension: inherent as an outline, residual filled, on the scale of the bands. words: inherent, residual."""
    left, right, row, top = 170, 56, 36, 40
    width = WIDTH - left - right
    floor_at = top + row * len(bars) + 4
    parts = [
        f'<rect x="{left}" y="3" width="18" height="10" fill="none" stroke="{FILL}" stroke-width="1.2"/>',
        text(left + 24, 12, words[0]),
        f'<rect x="{left + 150}" y="3" width="18" height="10" fill="{FILL}"/>',
        text(left + 174, 12, words[1]),
    ]
    start = 0
    for band in bands:
        x, end = left + width * start / 100, left + width * band.up_to / 100
        name = inscriptions.shortened(band.name, SMALLEST, end - x - 4)
        parts.append(text((x + end) / 2, 32, name, anchor="middle", fill=FAINT))
        parts.append(
            f'<line x1="{end:.1f}" y1="24" x2="{end:.1f}" y2="{floor_at}" stroke="{LINE}" stroke-width="0.8" stroke-dasharray="3 2"/>'
        )
        start = band.up_to
    marks = sorted({0, 100, *(band.up_to for band in bands)})
    for x, name in inscriptions.spaced([(left + width * mark / 100, str(mark)) for mark in marks], SMALLEST):
        parts.append(text(x, floor_at + 13, name, anchor="middle", fill=FAINT))
    parts.append(f'<line x1="{left}" y1="{top - 4}" x2="{left}" y2="{floor_at}" stroke="{INK}" stroke-width="0.8"/>')
    for number, bar in enumerate(bars):
        y = top + row * number
        lines = inscriptions.in_lines(bar.name, 10.5, left - 14, 2)
        for place, line in enumerate(lines):
            at = y + 17 + 13 * (place - (len(lines) - 1) / 2)
            parts.append(text(left - 10, at, line, anchor="end", size=10.5))
        parts.append(_bar(left, y + 1, width, bar.inherent, is_filled=False))
        parts.append(_bar(left, y + 15, width, bar.residual, is_filled=True))
    return drawing(WIDTH, floor_at + 18, parts)


def figure(figures: Range) -> str:
    """`52`, or `52–61` where something is open."""
    return str(figures.low) if figures.low == figures.high else f"{figures.low}–{figures.high}"


def _bar(left: float, y: float, width: float, figures: Range, *, is_filled: bool) -> str:
    low, high = width * figures.low / 100, width * figures.high / 100
    look = f'fill="{FILL}"' if is_filled else f'fill="#fff" stroke="{FILL}" stroke-width="1.2"'
    parts = [f'<rect x="{left}" y="{y}" width="{max(low, 0.8):.1f}" height="11" {look}/>']
    if figures.high > figures.low:
        parts.append(
            f'<rect x="{left + low:.1f}" y="{y}" width="{high - low:.1f}" height="11" fill="#fff" stroke="{FILL}" stroke-width="0.8"/>'
        )
        parts += hatching(left + low, y, high - low, 11, gap=2.5 if is_filled else 7)
    parts.append(backed(left + high + 6, y + 9.5, figure(figures), SMALLEST))
    return "".join(parts)


def hatching(x: float, y: float, width: float, height: float, gap: float, colour: str = FILL) -> list[str]:
    """Slanted strokes inside a box: close together where the bar is filled, apart where it is an outline."""
    strokes = []
    offset = gap - height
    while offset < width:
        start, end = max(offset, 0.0), min(offset + height, width)
        strokes.append(
            f'<line x1="{x + start:.1f}" y1="{y + height - (start - offset):.1f}" x2="{x + end:.1f}" '
            f'y2="{y + height - (end - offset):.1f}" stroke="{colour}" stroke-width="0.7"/>'
        )
        offset += gap
    return strokes


def _pointer(left: float, width: float, top: float, figures: Range, word: str, *, is_filled: bool) -> str:
    """A bracket over (inherent) or under (residual) the scale, with its figure."""
    low, high = left + width * figures.low / 100, left + width * figures.high / 100
    middle = (low + high) / 2
    y = top + 56 if is_filled else top - 6
    tip = y - 7 if is_filled else y + 5
    base = y if is_filled else y - 3
    look = f'fill="{FILL}"' if is_filled else f'fill="#fff" stroke="{FILL}" stroke-width="1.2"'
    shape = f'<polygon points="{middle - 5:.1f},{base} {middle + 5:.1f},{base} {middle:.1f},{tip}" {look}/>'
    span = (
        f'<line x1="{low:.1f}" y1="{base}" x2="{high:.1f}" y2="{base}" stroke="{FILL}" stroke-width="2"/>'
        if figures.high > figures.low
        else ""
    )
    anchor = "start" if middle < WIDTH * 0.2 else "end" if middle > WIDTH * 0.8 else "middle"
    x = max(left, middle - 8) if anchor == "start" else min(left + width, middle + 8) if anchor == "end" else middle
    return (
        span
        + shape
        + text(x, y + 15 if is_filled else y - 10, f"{word} {figure(figures)}", anchor=anchor, size=_NAME, bold=True)
    )


def backed(x: float, y: float, words: str, size: float, *, anchor: str = "start") -> str:
    """Words on white, so that no line runs through them."""
    width = inscriptions.width(words, size)
    start = {"start": x, "middle": x - width / 2, "end": x - width}[anchor]
    ground = (
        f'<rect x="{start - 1:.1f}" y="{y - size:.1f}" width="{width + 2:.1f}" height="{size + 2:.1f}" fill="#fff"/>'
    )
    return ground + text(x, y, words, anchor=anchor, size=size)


def text(
    x: float,
    y: float,
    words: str,
    *,
    anchor: str = "start",
    size: float = SMALLEST,
    fill: str = INK,
    bold: bool = False,
) -> str:
    weight = ' font-weight="700"' if bold else ""
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" font-size="{size}" fill="{fill}"{weight} {_FONT}>{escape(words)}</text>'


def drawing(width: int, height: int, parts: Sequence[str]) -> str:
    box = f'viewBox="0 0 {width} {height}" width="{width}" height="{height}"'
    return f'<svg xmlns="http://www.w3.org/2000/svg" {box}>{"".join(parts)}</svg>'


def qr(words: str) -> str:
    """SVG of a QR code, drawn as one path."""
    code = segno.make(words, error="m", micro=False)
    return str(code.svg_inline(scale=4, border=2, omitsize=False, svgclass=None, lineclass=None))
