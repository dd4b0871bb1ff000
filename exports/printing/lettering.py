"""Characters that the report's own fonts lack: complete, in_words, undrawn, further_fonts.

`fonts.conf` names further fonts for them. What none of them has is shown by its number, and the tag tree says the character itself.
"""

from __future__ import annotations

import os
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from xml.etree import ElementTree

CONFIGURATION = Path(__file__).with_name("fonts.conf")
OWN_FOLDERS = (
    Path("/usr/share/fonts/truetype/nanum"),
    Path("/usr/share/fonts/nanum"),
    Path.home() / ".fonts",
    Path.home() / "Library/Fonts",
)
OWN = ("NanumGothic.ttf", "NanumGothicBold.ttf", "NanumGothicCoding.ttf")
"""The first two have the same characters; in the third only digests are set."""
FURTHER = (
    ("/usr/share/fonts/opentype/noto", "NotoSansCJK-Regular.ttc"),
    ("/usr/share/fonts/truetype/ancient-scripts", "Symbola*.ttf"),
    ("/usr/share/fonts/truetype/noto", "NotoSans*-Regular.ttf"),
)
"""Folder and file pattern of the fonts that `fonts.conf` allows, the most used first."""
WITHOUT_SPACE = "NotoSansTamilSupplement-Regular"
"""Left out, here and there: a space beside its letters would be drawn as an empty box."""
STAND_IN = "standin"
ACTUAL = "data-actual"
"""Attribute of an element that stands in for a character: the character."""
OLD_HANGUL = "jamo"
_SURELY_DRAWN = re.compile(
    "[\t\n\r -~\xa0\xa7\xa9\xab\xae\xb0\xb1\xb4\xb6-\xb8\xbb\xd7\xf7\u2010\u2013-\u2015\u2018\u2019\u201c\u201d\u2022\u2026\u203b"
    "\u2160-\u2169\u2170-\u2179\u2190-\u2193\u2264\u2265\u2460-\u246e\u25a0\u25a1\u25b2\u25b3\u25b7\u25bd\u25c6\u25c7\u25c9\u25cb\u25cf\u25d0"
    "\u3008-\u3011\u3131-\u3163\u318d\uac00-\ud7a3\u2060]"
)
"""Characters that Nanum has and that make up most reports; for all others the font itself is consulted."""
_UNSEEN = re.compile(
    "[\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff"
    "\uffa0\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
"""Unicode characters without a glyph; the layout draws nothing for them."""
_OLD_HANGUL = re.compile("[\u1100-\u11ff\ua960-\ua97f\ud7b0-\ud7ff\u302e\u302f]+")
_DRAWN_ATTRIBUTES = {"data-head", "data-foot", "data-label"}
"""Attributes whose text the style sheet puts on the page."""
_PRIVATE = re.compile("[\ue000-\uf8ff\U000f0000-\U0010ffff]")
"""No font says what such a character is to a reader, and PDF/A-3a wants it said."""
_STEERING = ("Cc", "Cf")
"""Unicode categories that the layout sets in the preceding character's font, whether it has a glyph or not."""


def own_folder() -> Path:
    """Raises: FileNotFoundError."""
    folder = next((folder for folder in OWN_FOLDERS if (folder / OWN[0]).is_file()), None)
    if folder is None:
        raise FileNotFoundError(f"the font {OWN[0]} is not installed (Debian and Ubuntu: apt install fonts-nanum)")
    return folder


@contextmanager
def further_fonts() -> Iterator[None]:
    """The fonts of `fonts.conf`, for a font configuration that is made inside."""
    before = os.environ.get("FONTCONFIG_FILE")
    os.environ["FONTCONFIG_FILE"] = str(CONFIGURATION)
    try:
        yield
    finally:
        if before is None:
            del os.environ["FONTCONFIG_FILE"]
        else:
            os.environ["FONTCONFIG_FILE"] = before


def complete(root: ElementTree.Element) -> None:
    """Puts a stand-in for every character that no font has, and old Hangul into a font that joins its letters.

    Nanum has these letters, but sets them one beside the other.
    """
    texts = [text for element in root.iter() for text in (element.text, element.tail, *element.attrib.values()) if text]
    characters = set().union(*map(set, texts))
    lacking = undrawable("".join(characters))
    if not lacking and not any(_OLD_HANGUL.match(character) for character in characters):
        return
    pattern = re.compile(
        "|".join((f"({_OLD_HANGUL.pattern})", f"[{re.escape(''.join(lacking))}]" if lacking else "(?!)"))
    )
    for element in list(root.iter()):
        for name in _DRAWN_ATTRIBUTES & element.attrib.keys():
            element.set(name, _in_numbers(element.get(name, ""), lacking))
        if element.tag not in ("title", "meta"):
            for child in list(element):
                child.tail, added = _split(child.tail or "", pattern)
                _insert(element, list(element).index(child) + 1, added)
            element.text, added = _split(element.text or "", pattern)
            _insert(element, 0, added)


def in_words(text: str) -> str:
    """A text that is drawn without a tag of its own, such as a chart's, with stand-ins for what no font has."""
    return _in_numbers(text, undrawable(text))


def _in_numbers(text: str, lacking: Iterable[str]) -> str:
    for character in lacking:
        text = text.replace(character, number_of(character))
    return text


def undrawn(data: object) -> tuple[str, ...]:
    """Characters in the texts of a record that a report shows by their number, each with its place: `U+E000 in system.name_ko`."""
    return tuple(f"U+{ord(character):04X} in {where}" for where, _, character in _characters_lacking(data))


def undrawn_passages(data: object) -> tuple[str, ...]:
    """The same characters as code points, each with the words around it: `…called [U+E000] by…`."""
    return tuple(dict.fromkeys(_passage(text, character) for _, text, character in _characters_lacking(data)))


_AROUND = 15
"""Characters shown on either side."""


def _passage(text: str, character: str) -> str:
    at = text.index(character)
    before, after = text[max(0, at - _AROUND) : at], text[at + 1 : at + 1 + _AROUND]
    start, end = "…" if at > _AROUND else "", "…" if len(text) > at + 1 + _AROUND else ""
    return " ".join(f"{start}{before}{number_of(character)}{after}{end}".split())


def _characters_lacking(data: object) -> tuple[tuple[str, str, str], ...]:
    """Yields path, text, and a character of the text that no font has."""
    texts = list(_texts(data, ()))
    try:
        lacking = undrawable("".join(set().union(*(text for _, text in texts))))
    except FileNotFoundError:  # without its own fonts no report is made, which is told there
        return ()
    return tuple((where, text, character) for where, text in texts for character in lacking if character in text)


def _texts(data: object, where: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    if isinstance(data, str):
        yield ".".join(where), data
    elif isinstance(data, Mapping):
        for name, value in data.items():
            yield from _texts(value, (*where, str(name)))
    elif isinstance(data, list | tuple):
        for place, value in enumerate(data):
            yield from _texts(value, (*where, str(place)))


def number_of(character: str) -> str:
    """What stands in for a character, such as `[U+E000]`."""
    return f"[U+{ord(character):04X}]"


def _split(text: str, pattern: re.Pattern[str]) -> tuple[str, list[ElementTree.Element]]:
    """What stands before the first match, then an element for each match with what follows it."""
    added: list[ElementTree.Element] = []
    end, before = 0, text
    for match in pattern.finditer(text):
        if added:
            added[-1].tail = text[end : match.start()]
        else:
            before = text[: match.start()]
        is_old = match.group(1) is not None
        element = ElementTree.Element(
            "span", {"class": OLD_HANGUL} if is_old else {"class": STAND_IN, ACTUAL: match[0]}
        )
        element.text = match[0] if is_old else number_of(match[0])
        added.append(element)
        end = match.end()
    if added:
        added[-1].tail = text[end:]
    return before, added


def _insert(parent: ElementTree.Element, place: int, added: list[ElementTree.Element]) -> None:
    for offset, element in enumerate(added):
        parent.insert(place + offset, element)


def undrawable(text: str) -> tuple[str, ...]:
    """The characters of a text that no font of the report has, each once, in the order of their numbers."""
    characters = {
        character for character in set(text) if not _SURELY_DRAWN.match(character) and not _UNSEEN.match(character)
    }
    never = {
        character
        for character in characters
        if _PRIVATE.match(character) or unicodedata.category(character) in _STEERING
    }
    return tuple(sorted(never | _lacking(characters - never)))


def _lacking(characters: Iterable[str]) -> set[str]:
    left = set(characters)
    fonts = _fonts() if left else iter(())
    while left and (font := next(fonts, None)):
        left -= {character for character in left if ord(character) in _characters_of(font)}
    return left


def _fonts() -> Iterator[Path]:
    yield own_folder() / OWN[0]
    yield from further()


def further() -> tuple[Path, ...]:
    """The further fonts that are installed here."""
    fonts_of_folders = (sorted(Path(folder).glob(names)) for folder, names in FURTHER)
    return tuple(font for fonts in fonts_of_folders for font in fonts if font.stem != WITHOUT_SPACE)


@cache
def _characters_of(font: Path) -> frozenset[int]:
    from fontTools.ttLib import TTCollection, TTFont  # few records have a character that makes it necessary

    with TTCollection(font) if font.suffix == ".ttc" else TTFont(font, lazy=True) as read:
        face = read.fonts[1] if isinstance(read, TTCollection) else read
        return frozenset(face.getBestCmap())
