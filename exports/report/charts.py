"""Charts of the report as SVG written by hand: overall, qr. Each stands beside a table with the same figures.

Nothing is told by colour alone: inherent is an outline, residual is filled, an open range is a line, figures are written.
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


def overall(inherent: Range, residual: Range, bands: Sequence[Band], words: tuple[str, str]) -> str:
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
    parts.append(_pointer(left, width, top, inherent, words[0], is_filled=False))
    parts.append(_pointer(left, width, top, residual, words[1], is_filled=True))
    return drawing(WIDTH, 118, parts)


def figure(figures: Range) -> str:
    """`52`, or `52–61` where something is open."""
    return str(figures.low) if figures.low == figures.high else f"{figures.low}–{figures.high}"


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
