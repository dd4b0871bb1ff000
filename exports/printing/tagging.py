"""What PDF/UA-1 asks of a report's tags and WeasyPrint has no setting for: take_over.

The two functions of WeasyPrint that the project replaces stand here, and no others do. Beside each: why, and what
WeasyPrint would have to offer so that it can go.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pydyf
from weasyprint import draw
from weasyprint.formatting_structure import boxes
from weasyprint.pdf import tags

from exports.printing import lettering
from exports.words import korean

POINTS = 0.75
"""A CSS pixel in the units of a PDF."""
_BETTER = {"b": "/Span", "nav": "/Sect"}
"""Elements for which WeasyPrint knows no tag."""

_draw_stacking_context = draw.draw_stacking_context
_build_box_tree = tags._build_box_tree


def take_over() -> None:
    """Puts the two functions below in place of WeasyPrint's, in this process."""
    draw.draw_stacking_context = _draw
    tags._build_box_tree = _tag


def _draw(stream: Any, context: Any) -> None:
    """`weasyprint.draw.draw_stacking_context`, with running heads and feet as artifacts of pagination.

    Why: PDF/UA-1 wants what repeats on every page out of the tree (ISO 14289-1, 7.8). WeasyPrint tags it and leaves the
    tags hanging nowhere. Upstream: margin boxes drawn as artifacts, of type Pagination, where a file is tagged.
    """
    if not isinstance(context.box, boxes.MarginBox) or stream._tags is None:
        _draw_stacking_context(stream, context)
        return
    stream_tags, stream._tags = stream._tags, None
    place = "/Header" if context.box.at_keyword.startswith("@top") else "/Footer"
    about = pydyf.Dictionary({"Type": "/Pagination", "Subtype": place})
    pydyf.Stream.begin_marked_content(stream, "Artifact", about)
    _draw_stacking_context(stream, context)
    pydyf.Stream.end_marked_content(stream)
    stream._tags = stream_tags


def _tag(box: Any, parent: Any, pdf: Any, page: int, *rest: Any) -> Iterator[Any]:
    """`weasyprint.pdf.tags._build_box_tree`, with what is said at each step added.

    Why: PDF/UA-1 wants the language of passages (7.2), links that are named (7.18.5), headers of cells that say their
    direction (7.5), pictures at their true place (7.3) and every element of a kind that readers know (7.1); PDF/A-3a wants
    the character that something stands in for (ISO 19005-3, 6.2.11.7.3).
    Upstream: `lang` written as Lang, `Contents` of link annotations, `Scope` of headers and only the header a cell
    stands behind, BBox in points from below, ActualText, tags for b and nav; or one public hook for each element that is made.
    """
    if isinstance(box, boxes.MarginBox):
        return
    if getattr(box, "link_annotation", None) and box.element is not None:
        words = "".join(box.element.itertext()).replace(korean.WORD_JOINER, "").split()
        box.link_annotation["Contents"] = pydyf.String(" ".join(words))
    language = None if box.element is None else (box.element.get("data-lang") or box.element.get("lang"))
    is_outer = isinstance(box, boxes.PageBox) or (box.element is not None and box.element_tag in ("html", "body"))
    for element in _build_box_tree(box, parent, pdf, page, *rest):
        if box.element is not None and (character := box.element.get(lettering.ACTUAL)):
            element["ActualText"] = pydyf.String(character)
        if language and element["S"] != "/Document":
            element.setdefault("Lang", pydyf.String(language))  # what lies further in knows better
        if not is_outer:
            _mend(box, element, pdf, page)
        yield element


def _mend(box: Any, element: Any, pdf: Any, page: int) -> None:
    """One element of the tree, its own children already there."""
    kind = element["S"]
    if kind == "/TH":
        element["A"]["Scope"] = "/Row" if box.element.get("scope") == "row" else "/Column"
    elif kind == "/Figure":
        _place(element, pdf, page)
    elif kind == "/Table":
        for row in _rows(box):
            _own_headers(row)
    elif kind == "/NonStruct" and box.element is not None:
        element["S"] = _BETTER.get(box.element_tag, kind)


def _place(figure: Any, pdf: Any, page: int) -> None:
    """Its box in points from the foot of the page; WeasyPrint gives pixels from the head."""
    _, _, _, page_height = pdf.objects[int(pdf.page_references[page].split()[0])]["MediaBox"]
    left, top, right, bottom = (POINTS * edge for edge in figure["A"]["BBox"])
    ends = (left, page_height - bottom, right, page_height - top)
    figure["A"]["BBox"] = pydyf.Array(round(edge, 3) for edge in ends)


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
        named = [header for header in cell.mark["A"]["Headers"] if header is nearest or header not in heads]
        if named:
            cell.mark["A"]["Headers"] = pydyf.Array(named)
        else:
            del cell.mark["A"]["Headers"]
