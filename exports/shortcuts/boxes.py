"""Boxes: what only the style decides is found once for a style; a report has no floats, named pages or round corners."""

from __future__ import annotations

from typing import Any, NamedTuple

from weasyprint.formatting_structure.boxes import Box, PageBox, ParentBox
from weasyprint.layout import background, percent
from weasyprint.layout import float as floats

_IN_FLOW = ("static", "relative")
_ACROSS = ("margin_left", "margin_right", "padding_left", "padding_right", "width", "min_width", "max_width")
_OF_WIDTH = (*_ACROSS, "margin_top", "margin_bottom", "padding_top", "padding_bottom")
_OF_HEIGHT = ("height", "min_height", "max_height")
_BORDERS = tuple(f"border_{side}_width" for side in ("top", "right", "bottom", "left"))
_CORNERS = tuple(f"border_{corner}_radius" for corner in ("top_left", "top_right", "bottom_right", "bottom_left"))
_SQUARE = dict.fromkeys(_CORNERS, (0, 0))

_resolve_percentages = percent.resolve_percentages
_resolve_radii = percent.resolve_radii_percentages
_avoid_collisions = floats.avoid_collisions
_layout_box_backgrounds = background.layout_box_backgrounds


def is_in_normal_flow(box: Any) -> bool:
    style = box.style
    return style["float"] == "none" and style["position"] in _IN_FLOW


def page_values(box: Any) -> tuple[str, str]:
    """No page of ours has a name."""
    return "", ""


class _Sizes(NamedTuple):
    fixed: dict[str, Any]
    relative: tuple[str, ...]
    """Properties in percent of the width around."""
    borders: dict[str, Any]
    is_collapsing: bool
    is_border_box: bool


def resolve_percentages(box: Any, containing_block: Any) -> None:
    kept = box.style.__dict__
    sizes = kept.get("haetae_sizes", False)
    if sizes is False:
        sizes = kept["haetae_sizes"] = _sizes(box.style)
    if sizes is None or isinstance(box, PageBox) or not isinstance(box, Box):
        _resolve_percentages(box, containing_block)
        return
    of_box = box.__dict__
    of_box.update(sizes.fixed)
    if sizes.relative:
        width = containing_block.width if isinstance(containing_block, Box) else containing_block[0]
        for name in sizes.relative:
            percent.resolve_one_percentage(box, name, width)
    if sizes.is_collapsing:
        for name, value in sizes.borders.items():
            of_box.setdefault(name, value)
    else:
        of_box.update(sizes.borders)
    if sizes.is_border_box:
        percent.adjust_box_sizing(box, "width")
        percent.adjust_box_sizing(box, "height")


def _sizes(style: Any) -> _Sizes | None:
    """None: a height depends on the one around."""
    fixed, relative = {}, []
    for name in _OF_WIDTH + _OF_HEIGHT:
        value = style[name]
        if value == "auto" or value is None:
            fixed[name] = 0 if name in ("min_width", "min_height") else value
        elif getattr(value, "unit", None) in (None, "%"):
            if name in _OF_HEIGHT:
                return None
            relative.append(name)
        else:
            fixed[name] = value.value
    return _Sizes(
        fixed,
        tuple(relative),
        {name: style[name] for name in _BORDERS},
        style["border_collapse"] == "collapse",
        style["box_sizing"] != "content-box",
    )


def resolve_radii_percentages(box: Any) -> None:
    kept = box.style.__dict__
    if "haetae_square" not in kept:
        kept["haetae_square"] = all((0, "px") in box.style[corner] for corner in _CORNERS)
    if kept["haetae_square"] and isinstance(box, Box):
        box.__dict__.update(_SQUARE)
    else:
        _resolve_radii(box)


def avoid_collisions(context: Any, box: Any, containing_block: Any, outer: bool = True) -> Any:
    is_plain = not context.excluded_shapes and not box.is_floated() and containing_block.style["direction"] == "ltr"
    if not is_plain:
        return _avoid_collisions(context, box, containing_block, outer)
    left = containing_block.content_box_x()
    right = left + containing_block.width
    if outer:
        return left, box.position_y, right - left
    left += box.margin_left
    right -= box.margin_right
    return left - box.margin_left, box.border_box_y() - box.margin_top, right - left


def layout_box_backgrounds(page: Any, box: Any, images: Any, layout_children: bool = True, style: Any = None) -> None:
    own = box.style if style is None else style
    kept = own.__dict__
    if "haetae_bare" not in kept:
        kept["haetae_bare"] = _is_bare(own)
    if not kept["haetae_bare"] or box is page or not isinstance(box, Box):
        _layout_box_backgrounds(page, box, images, layout_children, style)
        return
    resolve_radii_percentages(box)
    if layout_children:
        for child in box.all_children():
            layout_box_backgrounds(page, child, images)
    box.background = None


def _is_bare(style: Any) -> bool:
    """Nothing is painted behind it."""
    color = style["background_color"]
    return (
        style["border_image_source"][0] == "none"
        and style["mask_border_source"][0] == "none"
        and all(kind == "none" for kind, _ in style["background_image"])
        and not style["box_shadow"]
        and color != "currentcolor"
        and color.alpha == 0
    )


WAYS = (
    (Box, "is_in_normal_flow", is_in_normal_flow),
    (ParentBox, "page_values", page_values),
    (Box, "page_values", page_values),
    (percent, "resolve_percentages", resolve_percentages),
    (percent, "resolve_radii_percentages", resolve_radii_percentages),
    (floats, "avoid_collisions", avoid_collisions),
    (background, "layout_box_backgrounds", layout_box_backgrounds),
)
