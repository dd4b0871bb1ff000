"""What on a page is a list, said to readers that see no layout: name_lists. Tags alone, nothing that anybody sees.

PDF/UA-1 wants lists and contents tagged as such (ISO 14289-1, 7.6). An element of the page for each list would cost layout
time, so that items are named here, and `tagging` gathers neighbours into a list.
"""

from __future__ import annotations

import re
from xml.etree.ElementTree import Element, SubElement

TAG = "data-tag"
"""Attribute with the tag of an element, where it is another than that of its kind."""
ITEM, ENTRY, LABEL = "LI", "TOCI", "Lbl"
CONTINUED = "Continued"
"""Of what belongs to the item before it: the same in another language."""
_ITEMS = frozenset({"item", "step", "src", "remark"})
"""Classes of what stands one after another."""
NUMBERING = "data-numbering"
"""Attribute of an item with what its label is: Decimal, LowerAlpha, Square or None."""
_KINDS = (("Decimal", re.compile(r"\[?\d")), ("LowerAlpha", re.compile(r"\([a-z]")), ("Square", re.compile("\u25a1")))
_LABEL = re.compile(r"(?:[\u25a1\u2192]|\d{1,3}\.|\[\d{1,4}\]|\([a-z\uac00-\ud7a3]\))\s")
"""At the start of a paragraph: a box to tick, an arrow, a number, a letter in brackets."""


def name_lists(root: Element) -> None:
    """Names every item of a list and every entry of the contents, and sets labels apart from what they label."""
    for parent in list(root.iter()):
        before: Element | None = None
        for child in list(parent):
            _name(child, before)
            before = child


def _name(element: Element, before: Element | None) -> None:
    classes = set((element.get("class") or "").split())
    if element.tag == "p" and element.get("data-to"):
        element.set(TAG, ENTRY)
    elif element.tag == "p" and "s" in classes and before is not None and before.get(TAG) in (ITEM, CONTINUED):
        element.set(TAG, CONTINUED)
    elif classes & _ITEMS and element.tag in ("p", "div"):
        element.set(TAG, ITEM)
        _set_label_apart(element)
    elif element.tag == "p" and _set_label_apart(element):
        element.set(TAG, ITEM)


def _set_label_apart(element: Element) -> bool:
    """Whether it begins with one."""
    label = _LABEL.match(element.text or "") if element.tag == "p" else None
    if label is None:
        return False
    rest, element.text = (element.text or "")[label.end() :], None
    span = SubElement(element, "span", {TAG: LABEL})
    span.text, span.tail = label[0], rest
    element.set(NUMBERING, next((kind for kind, pattern in _KINDS if pattern.match(label[0])), "None"))
    element.remove(span)
    element.insert(0, span)
    return True
