"""Text: a line is drawn as it was laid out, and a font is described once for a style."""

from __future__ import annotations

from typing import Any, NamedTuple

from weasyprint.draw import text as drawn
from weasyprint.text import line_break
from weasyprint.text.constants import PANGO_DIRECTION
from weasyprint.text.ffi import FROM_UNITS, ffi, gobject, pango, unicode_to_char_p
from weasyprint.text.fonts import font_features, get_font_description
from weasyprint.text.line_break import Layout

_FEATURES = (
    "font_kerning",
    "font_variant_ligatures",
    "font_variant_position",
    "font_variant_caps",
    "font_variant_numeric",
    "font_variant_alternates",
    "font_variant_east_asian",
    "font_feature_settings",
)
_DESCRIPTION = ("font_family", "font_style", "font_stretch", "font_weight", "font_size", "font_variant_caps")
_GLYPH_BYTES = ffi.sizeof("PangoGlyphInfo")
_NUMBERS = 5
"""Of a glyph: its number, its width, its offsets across and up, a mark."""
_LINE_ENDS = frozenset("\n\v\f\r\x85\u2028\u2029")

_setup = Layout.setup
_deactivate = Layout.deactivate
_reactivate = Layout.reactivate
_strut = line_break.strut
_draw_first_line = drawn.draw_first_line


class _Font(NamedTuple):
    context: Any
    description: Any
    language: Any


def setup(layout: Any, style: Any) -> None:
    font = style.__dict__.get("haetae_font", False)
    if font is False:
        font = style.__dict__["haetae_font"] = _font(style)
    if font is None:
        _setup(layout, style)
        return
    layout.style = style
    layout.first_line_direction = 0
    layout.language = font.language
    layout.layout = ffi.gc(pango.pango_layout_new(font.context), gobject.g_object_unref)
    pango.pango_layout_set_auto_dir(layout.layout, False)
    pango.pango_layout_set_font_description(layout.layout, font.description)
    layout.ascent = layout.underline_position = layout.strikethrough_position = None


def _font(style: Any) -> _Font | None:
    """None: lines under the text, features of the font or a language of its own."""
    if (
        style["text_decoration_line"] != "none"
        or style["font_language_override"] != "normal"
        or style["font_variation_settings"] != "normal"
        or not style["lang"]
        or font_features(*(style[name] for name in _FEATURES))
    ):
        return None
    known = style.font_config.__dict__.setdefault("haetae_fonts", {})
    key = (style["direction"], style["lang"], *(style[name] for name in _DESCRIPTION))
    if key not in known:
        known[key] = _described(style)
    font: _Font = known[key]
    return font


def _described(style: Any) -> _Font:
    context = ffi.gc(pango.pango_font_map_create_context(style.font_config.font_map), gobject.g_object_unref)
    pango.pango_context_set_round_glyph_positions(context, False)
    pango.pango_context_set_base_dir(context, PANGO_DIRECTION[style["direction"]])
    name, _kept = unicode_to_char_p(style["lang"])
    language = pango.pango_language_from_string(name)
    pango.pango_context_set_language(context, language)
    return _Font(context, get_font_description(style), language)


def deactivate(layout: Any) -> None:
    """Kept until it is drawn: making it anew takes longer than the memory is worth."""
    if not _is_kept(layout, layout.style):
        _deactivate(layout)


def reactivate(layout: Any, style: Any) -> None:
    if not _is_kept(layout, style):
        _reactivate(layout, style)


def _is_kept(layout: Any, style: Any) -> bool:
    return style.__dict__.get("haetae_font") is not None and not layout.justification_spacing


def strut(style: Any) -> tuple[float, float]:
    kept = style.__dict__
    if "haetae_strut" not in kept:
        kept["haetae_strut"] = _strut(style)
    found: tuple[float, float] = kept["haetae_strut"]
    return found


class _Run(NamedTuple):
    """Signs of one font."""

    font: Any
    size: float
    pieces: dict[tuple[int, int, int], str]
    """Glyph, its width and its shift → what a PDF's text operator takes for it; for this font and size."""
    glyphs: list[int]
    data: Any


def draw_first_line(stream: Any, textbox: Any, text_overflow: str, block_ellipsis: str, matrix: Any) -> list[Any]:
    layout = textbox.pango_layout
    is_plain = text_overflow != "ellipsis" and block_ellipsis == "none" and _LINE_ENDS.isdisjoint(layout.text)
    runs = _runs(stream, layout) if is_plain and textbox.text.strip() else None
    if runs is None:
        emojis: list[Any] = _draw_first_line(stream, textbox, text_overflow, block_ellipsis, matrix)
        return emojis
    stream.set_text_matrix(*matrix.values)
    previous, shown = None, ""
    for run in runs:
        if run.font is not previous:
            if shown:
                stream.show_text(shown)
            previous, shown = run.font, ""
            stream.set_font_size(run.font.hash, run.size)
        shown += _shown(run, layout.text)
    stream.show_text(shown)
    return []


def _runs(stream: Any, layout: Any) -> list[_Run] | None:
    """None: pictures for signs, signs without a glyph, or signs that stand higher or lower."""
    line, _ = layout.get_first_line()
    known = layout.style.font_config.__dict__.setdefault("haetae_runs", {})
    runs = []
    each = line.runs[0]
    while each != ffi.NULL:
        data = each.data
        pointer = data.item.analysis.font
        if pointer not in known:
            known[pointer] = (*stream.add_font(pointer), {}, layout.layout)  # the layout keeps the font alive
        font, size, pieces, _ = known[pointer]
        string = data.glyphs
        glyphs = memoryview(ffi.buffer(string.glyphs, string.num_glyphs * _GLYPH_BYTES)).cast("i").tolist()
        has_pictures = font.bitmap or font.png or font.svg or font.colr
        if has_pictures or any(glyphs[3::_NUMBERS]) or max(glyphs[::_NUMBERS], default=0) > pango.PANGO_GLYPH_EMPTY:
            return None
        runs.append(_Run(font, size, pieces, glyphs, data))
        each = each.next
    return runs


def _shown(run: _Run, text: str) -> str:
    glyphs, pieces = run.glyphs, run.pieces
    parts = ["<"]
    for at, key in enumerate(zip(glyphs[::_NUMBERS], glyphs[1::_NUMBERS], glyphs[2::_NUMBERS], strict=True)):
        piece = pieces.get(key)
        if piece is None:
            piece = pieces[key] = _piece(run, text, at, *key)
        parts.append(piece)
    shown = "".join(parts)
    return shown[:-1] if shown[-1] == "<" else shown + ">"


def _piece(run: _Run, text: str, at: int, glyph: int, width: int, shift: int) -> str:
    font = run.font
    if glyph == pango.PANGO_GLYPH_EMPTY:
        return f">{-width / run.size}<"
    if glyph not in font.to_unicode:
        font.to_unicode[glyph] = _sign(run, text, at)
    if glyph not in font.widths:
        ink, logical = ffi.new("PangoRectangle *"), ffi.new("PangoRectangle *")
        pango.pango_font_get_glyph_extents(run.data.item.analysis.font, glyph, ink, logical)
        font.widths[glyph] = round(logical.width * 1000 * FROM_UNITS / run.size)
    offset = shift / run.size
    kerning = font.widths[glyph] + offset - width * 1000 * FROM_UNITS / run.size
    return (f">{-offset}<" if offset else "") + f"{glyph:04x}" + (f">{int(kerning)}<" if kerning else "")


def _sign(run: _Run, text: str, at: int) -> str:
    """What the glyph at this place of its run stands for."""
    item, clusters = run.data.item, run.data.glyphs.log_clusters
    if item.analysis.level % 2:  # from right to left
        end = item.length if at == 0 else clusters[at - 1]
    else:
        end = item.length if at == run.data.glyphs.num_glyphs - 1 else clusters[at + 1]
    return text.encode()[item.offset + clusters[at] : item.offset + end].decode()


WAYS = (
    (Layout, "setup", setup),
    (Layout, "deactivate", deactivate),
    (Layout, "reactivate", reactivate),
    (line_break, "strut", strut),
    (drawn, "draw_first_line", draw_first_line),
)
