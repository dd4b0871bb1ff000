"""PDF/A-1b, which no later part of the standard replaces where an archive takes nothing else: opaque, without_groups, CSS.

PDF/A-1 forbids attachments and transparency (ISO 19005-1, 6.1.11 and 6.4). Nothing in a report is transparent; only the
groups that WeasyPrint draws pictures in are declared so, and a logo may be. It also knows no OpenType files (6.3.2), which
came with PDF 1.6: bare_outlines leaves of such a font the outlines, as PDF 1.3 has them.
"""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pydyf
from fontTools.ttLib import TTFont
from PIL import Image

VARIANT = "pdf/a-1b"
CSS = """
.archive { break-before: page; }
"""
"""Beside the style sheet of the report."""


def opaque(logo: bytes) -> bytes:
    """The picture on white, without transparency; nothing of nothing. The same picture gives the same bytes."""
    if not logo:
        return logo
    with Image.open(BytesIO(logo)) as picture:
        if picture.mode not in ("RGBA", "LA", "P", "PA") and "transparency" not in picture.info:
            return logo
        clear = picture.convert("RGBA")
    white = Image.new("RGBA", clear.size, "white")
    made = BytesIO()
    Image.alpha_composite(white, clear).convert("RGB").save(made, "png")
    return made.getvalue()


def without_groups(pdf: Any) -> None:
    """Takes the declaration of transparency from every page and picture; none of them has a transparent part.

    Raises: ValueError where one of them has.
    """
    for made in pdf.objects:
        about = made.extra if isinstance(made, pydyf.Stream) else made if isinstance(made, pydyf.Dictionary) else None
        if about is None:
            continue
        about.pop("Group", None)
        if "SMask" in about or any(about.get(key, 1) != 1 for key in ("CA", "ca")):
            raise ValueError("a picture of the report is transparent, which PDF/A-1 forbids")


def bare_outlines(pdf: Any) -> None:
    """Takes from every OpenType file that is embedded all but its CFF outlines (ISO 32000-1, 9.9, CIDFontType0C).

    Alone, the outlines are found by character identifiers, within an OpenType file by the numbers of glyphs.
    Raises: ValueError where the two differ.
    """
    for made in pdf.objects:
        if not isinstance(made, pydyf.Stream) or made.extra.get("Subtype") != "/OpenType":
            continue
        with TTFont(BytesIO(b"".join(made.stream))) as font:
            outlines = font["CFF "].cff[0]
            numbers = [f"cid{number:05d}" for number in range(len(outlines.charset))]
            if not hasattr(outlines, "ROS") or [".notdef", *numbers[1:]] != outlines.charset:
                raise ValueError(
                    "the glyphs of a font are numbered otherwise than its characters, which PDF/A-1 forbids"
                )
            made.stream = [font.reader["CFF "]]
        made.extra["Subtype"] = "/CIDFontType0C"
