"""A PDF as plain objects, read once: objects, operators, Stream, Name, Ref. For tests, on files that this program made.

Reads whole objects and object streams in the order of the file, so that what a later revision rewrites counts.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

_TOKEN = re.compile(
    rb"\s*(?:(?P<open><<|\[)|(?P<close>>>|\])|/(?P<name>[^\s()<>\[\]{}/%]*)|<(?P<hex>[0-9a-fA-F\s]*)>|(?P<text>\()"
    rb"|(?P<ref>\d+)\s+\d+\s+R\b|(?P<number>[+-]?(?:\d+\.?\d*|\.\d+))|(?P<word>true|false|null))"
)
_OPERATOR = re.compile(rb"\s*(?!(?:true|false|null)\b)([A-Za-z'\"]+[*01]?)")
_OBJECT = re.compile(rb"(?:^|[\r\n])(\d+) 0 obj\b")
_STREAM = re.compile(rb"\s*stream\r?\n")
_WORDS = {b"true": True, b"false": False, b"null": None}
_ESCAPES = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}


class Name(str):
    """`/Page` as `Page`."""

    __slots__ = ()


@dataclass(frozen=True)
class Ref:
    """Points to the object of this number."""

    number: int


@dataclass(frozen=True)
class Stream:
    """A dictionary with bytes behind it."""

    about: dict[str, Any]
    raw: bytes

    @property
    def data(self) -> bytes:
        return zlib.decompress(self.raw) if self.about.get("Filter") == "FlateDecode" else self.raw


def objects(pdf: bytes) -> dict[int, Any]:
    """Number → object, as the last revision has it."""
    found: dict[int, Any] = {}
    position = 0
    while started := _OBJECT.search(pdf, position):
        value, end = read(pdf, started.end())
        if isinstance(value, dict) and (opened := _STREAM.match(pdf, end)):
            length = value["Length"]
            value = Stream(value, pdf[opened.end() : opened.end() + length])
            end = opened.end() + length
            if value.about.get("Type") == "ObjStm":
                found |= _packed(value)
        found[int(started[1])] = value
        position = end
    return found


def _packed(stream: Stream) -> dict[int, Any]:
    data, first = stream.data, stream.about["First"]
    numbers = [int(one) for one in data[:first].split()]
    return {number: read(data, first + offset)[0] for number, offset in zip(numbers[::2], numbers[1::2], strict=True)}


def read(data: bytes, position: int) -> tuple[Any, int]:
    """The value that begins there, and the place after it. Raises: ValueError."""
    token = _TOKEN.match(data, position)
    if token is None:
        raise ValueError(f"no value at {position}: {data[position : position + 40]!r}")
    position = token.end()
    if token["open"]:
        return _collection(data, position, token["open"])
    if token["text"]:
        return _text(data, position)
    return _simple(token), position


def _simple(token: re.Match[bytes]) -> Any:
    if token["name"] is not None:
        return Name(re.sub(rb"#([0-9a-fA-F]{2})", lambda one: bytes.fromhex(one[1].decode()), token["name"]).decode())
    if token["hex"] is not None:
        return bytes.fromhex(token["hex"].decode())
    if token["ref"]:
        return Ref(int(token["ref"]))
    if token["number"]:
        return float(token["number"]) if b"." in token["number"] else int(token["number"])
    if token["word"]:
        return _WORDS[token["word"]]
    raise ValueError(f"unexpected {token[0]!r}")


def _collection(data: bytes, position: int, opened: bytes) -> tuple[Any, int]:
    values: list[Any] = []
    end = b">>" if opened == b"<<" else b"]"
    while not (closed := re.compile(rb"\s*" + re.escape(end)).match(data, position)):
        value, position = read(data, position)
        values.append(value)
    if end == b"]":
        return values, closed.end()
    return dict(zip(values[::2], values[1::2], strict=True)), closed.end()


def _text(data: bytes, position: int) -> tuple[bytes, int]:
    """A string in brackets."""
    text, depth = bytearray(), 1
    while depth:
        sign = data[position : position + 1]
        position += 1
        if sign == b"\\":
            octal = re.compile(rb"[0-7]{1,3}").match(data, position)
            following = octal[0] if octal else data[position : position + 1]
            position += len(following)
            text += bytes([int(octal[0], 8) & 0xFF]) if octal else _ESCAPES.get(following, following)
            continue
        depth += {b"(": 1, b")": -1}.get(sign, 0)
        text += sign if depth else b""
    return bytes(text), position


def operators(content: bytes) -> Iterator[tuple[str, list[Any]]]:
    """Every operator of a page's content with its operands."""
    operands: list[Any] = []
    position, end = 0, len(content.rstrip())
    while position < end:
        if found := _OPERATOR.match(content, position):
            yield found[1].decode(), operands
            operands, position = [], found.end()
        else:
            value, position = read(content, position)
            operands.append(value)
