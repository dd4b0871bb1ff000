"""The words printed on a page, read back through the fonts' own tables, for tests of what a report says: printed_text.

pyHanko's parser of content streams does not get past WeasyPrint's operators, so the few tokens needed are read here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from pyhanko.pdf_utils import generic

from exports.words.korean import WORD_JOINER

_CHARS = re.compile(rb"beginbfchar(.*?)endbfchar", re.DOTALL)
_PAIR = re.compile(rb"<([0-9a-fA-F]+)>\s*<([0-9a-fA-F]+)>")
_TOKEN = re.compile(
    rb"(?P<open>\()|(?P<dictionary><<|>>)|<(?P<hex>[0-9a-fA-F\s]*)>|/(?P<name>[^\s()<>\[\]{}/%]*)|(?P<word>[^\s()<>\[\]{}/%]+)"
)
_ESCAPES = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}
_CODE_BYTES = 2

CharacterMap = Mapping[int, str]


def printed_text(page: Any) -> str:
    """Every piece of text that the page's content shows, in drawing order, one a line.

    Reads the fonts that WeasyPrint writes (two-byte codes, a table to Unicode); text shown otherwise is not found.
    """
    listed = page["/Resources"]["/Font"]
    fonts = {str(name): _character_map(listed[name]) for name in listed}
    content = page["/Contents"]
    streams = [content] if isinstance(content, generic.StreamObject) else [one.get_object() for one in content]
    return "\n".join(_lines(b"\n".join(stream.data for stream in streams), fonts))


def _lines(content: bytes, fonts: Mapping[str, CharacterMap]) -> Iterator[str]:
    current: CharacterMap = {}
    strings: list[bytes] = []
    name = ""
    position = 0
    while token := _TOKEN.search(content, position):
        position = token.end()
        if token["open"]:
            text, position = _literal(content, position)
            strings.append(text)
        elif token["hex"] is not None:
            digits = "".join(token["hex"].decode().split())
            strings.append(bytes.fromhex(digits + "0" * (len(digits) % 2)))
        elif token["name"] is not None:
            name = "/" + token["name"].decode("latin-1")
        elif (word := token["word"]) and not _is_number(word):
            if word == b"Tf":
                current = fonts.get(name, {})
            elif word in (b"Tj", b"TJ"):
                yield "".join(_decoded(one, current) for one in strings)
            strings = []


def _literal(content: bytes, position: int) -> tuple[bytes, int]:
    """The string whose opening bracket was just read, and the place after its closing one."""
    text = bytearray()
    depth = 1
    while position < len(content):
        sign = content[position : position + 1]
        position += 1
        if sign == b"\\":
            octal = re.compile(rb"[0-7]{1,3}").match(content, position)
            if octal:
                text.append(int(octal[0], 8) & 0xFF)
                position = octal.end()
                continue
            following = content[position : position + 1]
            position += 1
            text += b"" if following == b"\n" else _ESCAPES.get(following, following)
            continue
        depth += {b"(": 1, b")": -1}.get(sign, 0)
        if depth == 0:
            break
        text += sign
    return bytes(text), position


def _is_number(word: bytes) -> bool:
    return word[:1] in b"+-.0123456789"


def _decoded(raw: bytes, characters: CharacterMap) -> str:
    codes = (int.from_bytes(raw[at : at + _CODE_BYTES], "big") for at in range(0, len(raw), _CODE_BYTES))
    return "".join(characters.get(code, "\ufffd") for code in codes).replace(WORD_JOINER, "")


def _character_map(font: Any) -> CharacterMap:
    if "/ToUnicode" not in font:
        return {}
    table: dict[int, str] = {}
    for block in _CHARS.findall(font["/ToUnicode"].data):
        for code, text in _PAIR.findall(block):
            table[int(code, 16)] = bytes.fromhex(text.decode()).decode("utf-16-be", "replace")
    return table
