"""Styles: what is inherited or initial needs no computing."""

from __future__ import annotations

from typing import Any

from weasyprint import css
from weasyprint.css.computed_values import PHYSICAL_FUNCTIONS
from weasyprint.css.properties import INHERITED, INITIAL_NOT_COMPUTED, INITIAL_VALUES

_DEPENDENT = {"float", "position", "display", "page"}
"""Their computed values hang together, or on the page."""
_LINES = {
    f"{one}_width": f"{one}_style" for one in ("border_top", "border_right", "border_bottom", "border_left", "outline")
}
"""A line without a style has no width."""
_LOGICAL = {key: name_of(block="ttb", inline="ltr") for key, name_of in PHYSICAL_FUNCTIONS.items()}
"""Property → the one that says the same of a text from left to right."""
_PLAIN = {
    key: key in INHERITED
    for key in INITIAL_VALUES
    if key not in _DEPENDENT
    and not key.startswith("text_decoration_")
    and (key in INHERITED or key in _LINES or key not in INITIAL_NOT_COMPUTED)
}
"""Property → whether it is inherited; where nothing is declared, the rest of the cascade has no say in it."""
_computed = css.ComputedStyle.__missing__


def computed(style: Any, key: str) -> Any:
    is_inherited = _PLAIN.get(key)
    if is_inherited is None or key in style.cascaded or style.parent_style is None:
        return _computed(style, key)
    if key in _LOGICAL and (_LOGICAL[key] in style.cascaded or style["direction"] != "ltr"):
        return _computed(style, key)
    if key not in _LINES:
        value = style[key] = style.parent_style[key] if is_inherited else INITIAL_VALUES[key]
    elif style[_LINES[key]] == "none":
        value = style[key] = 0
    else:
        value = _computed(style, key)
    return value


WAYS = ((css.ComputedStyle, "__missing__", computed),)
