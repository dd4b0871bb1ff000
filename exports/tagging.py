"""What PDF/UA-1 asks of the tag tree beyond WeasyPrint's own: mend, is_running, draw_running_heads_apart.

Headers of cells say their direction, pictures their true place, and what repeats on every page is no part of the tree.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pydyf
from weasyprint import draw
from weasyprint.formatting_structure import boxes

POINTS = 0.75
"""A CSS pixel in the units of a PDF."""
_BETTER = {"b": "/Span", "nav": "/Sect"}
"""Elements for which WeasyPrint knows no tag."""

_draw_stacking_context = draw.draw_stacking_context


def is_running(box: Any) -> bool:
    """Whether it is the head, the foot or the marks of a page."""
    return isinstance(box, boxes.MarginBox)


def draw_running_heads_apart() -> None:
    """Makes WeasyPrint draw running heads as artifacts of pagination; it would tag them and leave them out of the tree."""
    draw.draw_stacking_context = _draw


def _draw(stream: Any, context: Any) -> None:
    if not is_running(context.box) or stream._tags is None:
        _draw_stacking_context(stream, context)
        return
    kept, stream._tags = stream._tags, None
    place = "/Header" if context.box.at_keyword.startswith("@top") else "/Footer"
    about = pydyf.Dictionary({"Type": "/Pagination", "Subtype": place})
    pydyf.Stream.begin_marked_content(stream, "Artifact", about)
    _draw_stacking_context(stream, context)
    pydyf.Stream.end_marked_content(stream)
    stream._tags = kept


def mend(box: Any, element: Any, page_height: float) -> None:
    """One element of the tree, its own children already there. page_height: in CSS pixels."""
    kind = element["S"]
    if kind == "/TH":
        element["A"]["Scope"] = "/Row" if box.element.get("scope") == "row" else "/Column"
    elif kind == "/Figure":
        left, top, right, bottom = element["A"]["BBox"]
        ends = (left, page_height - bottom, right, page_height - top)
        element["A"]["BBox"] = pydyf.Array(round(one * POINTS, 3) for one in ends)
    elif kind == "/Table":
        for row in _rows(box):
            _own_headers(row)
    elif kind == "/NonStruct" and box.element is not None:
        element["S"] = _BETTER.get(box.element_tag, kind)


def _rows(box: Any) -> Iterator[Any]:
    for child in box.children:
        if child.element_tag == "tr":
            yield child
        elif not isinstance(child, boxes.LineBox):
            yield from _rows(child)


def _own_headers(row: Any) -> None:
    """Of several headers of a row, the one that a cell stands behind; WeasyPrint names all of them."""
    heads = [
        cell.mark["ID"] for cell in row.children if cell.element_tag == "th" and cell.element.get("scope") == "row"
    ]
    nearest = None
    for cell in row.children:
        if cell.element_tag == "th":
            nearest = cell.mark["ID"]
            continue
        named = [one for one in cell.mark["A"]["Headers"] if one is nearest or one not in heads]
        if named:
            cell.mark["A"]["Headers"] = pydyf.Array(named)
        else:
            del cell.mark["A"]["Headers"]
