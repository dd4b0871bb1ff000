"""What PDF/UA-1 asks of a report's tags and WeasyPrint has no setting for: take_over.

The two functions of WeasyPrint that the project replaces stand here, and no others do. Beside each: why, and what
WeasyPrint would have to offer so that it can go.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pydyf
from weasyprint import draw
from weasyprint.css import AnonymousStyle
from weasyprint.formatting_structure import boxes
from weasyprint.pdf import tags

from exports.printing import lettering, listing
from exports.words import korean

POINTS = 0.75
"""A CSS pixel in the units of a PDF."""
_LISTS = {f"/{listing.ITEM}": "/L", f"/{listing.ENTRY}": "/TOC"}
"""Kind of an item → kind of the list around it."""
_BODY = {f"/{listing.ITEM}": "/LBody", f"/{listing.ENTRY}": "/Reference"}
_CONTINUED = f"/{listing.CONTINUED}"
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
    _gather(element, pdf)
    if name := _named(box):
        element["S"] = name
        if name in _BODY:
            _put_into_body(element, pdf)
        if numbering := box.element.get(listing.NUMBERING):
            element["ListNumbering"] = f"/{numbering}"  # until it stands in its list, which says so of all of them
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


def _named(box: Any) -> str:
    """The tag that the page names for this very box, which is no part of it that the layout made. Empty: none."""
    if box.element is None or isinstance(box.style, AnonymousStyle) or "::" in box.element_tag:
        return ""
    name = box.element.get(listing.TAG)
    return f"/{name}" if name else ""


def _element(pdf: Any, reference: Any) -> Any:
    """What stands in an element. None: it is no element but a piece of the page."""
    return pdf.objects[int(reference.split()[0])] if isinstance(reference, bytes) else None


def _made(pdf: Any, kind: str, parent: Any) -> Any:
    made = pydyf.Dictionary(
        {"Type": "/StructElem", "S": kind, "K": pydyf.Array(), "Pg": parent["Pg"], "P": parent.reference}
    )
    pdf.add_object(made)
    return made


def _put_into_body(item: Any, pdf: Any) -> None:
    """Of an item or an entry: what it says into a body of its own, behind its label."""
    body = _made(pdf, _BODY[item["S"]], item)
    kids = list(item["K"])
    labels = [kid for kid in kids if (element := _element(pdf, kid)) is not None and element["S"] == "/Lbl"]
    for kid in kids:
        if kid not in labels:
            _move(kid, body, pdf)
    item["K"] = pydyf.Array([*labels, body.reference])


def _move(kid: Any, into: Any, pdf: Any) -> None:
    into["K"].append(kid)
    if (element := _element(pdf, kid)) is not None:
        element["P"] = into.reference


def _gather(element: Any, pdf: Any) -> None:
    """Items that stand one after another into a list; what continues an item, into its body."""
    kids, around, last = pydyf.Array(), None, None
    for kid in element["K"]:
        child = _element(pdf, kid)
        kind = child["S"] if child is not None and child.get("Type") == "/StructElem" else ""
        if kind in _LISTS:
            if around is None or around["S"] != _LISTS[kind]:
                around = _made(pdf, _LISTS[kind], element)
                kids.append(around.reference)
            if numbering := child.pop("ListNumbering", None):
                around["A"] = pydyf.Dictionary({"O": "/List", "ListNumbering": numbering})
            _move(kid, around, pdf)
            last = child
        elif kind == _CONTINUED:
            child["S"] = "/P"
            if last is None:
                kids.append(kid)
            else:
                _move(kid, _element(pdf, last["K"][-1]), pdf)
        else:
            kids.append(kid)
            around, last = None, None
    element["K"] = kids


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
