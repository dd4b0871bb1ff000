"""pyHanko's reading of a cross-reference stream, for the plain kind that WeasyPrint writes: read_quickly.

Thousands of rows of equal width are cut at once; anything else, and anything wrong, is left to pyHanko itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from pyhanko.pdf_utils import xref
from pyhanko.pdf_utils.decode_limits import DecodePurpose
from pyhanko.pdf_utils.xref import ObjStreamRef, XRefEntry, XRefSectionData

_WIDEST = 7
"""Bytes; pyHanko reads eight as a number with a sign."""
_FREE, _AT_OFFSET, _IN_STREAM = range(3)
_LAST_GENERATION = 0xFFFF
_parse = xref.parse_xref_stream
_process = XRefSectionData.process_entries


def read_quickly() -> None:
    """From now on, in this process."""
    for owner, name, ours in ((xref, "parse_xref_stream", parse), (XRefSectionData, "process_entries", process)):
        setattr(owner, name, ours)


@dataclass(frozen=True)
class _Rows:
    """The rows of one stream. To iterate is to read them as pyHanko does."""

    entries: Iterable[XRefEntry]
    numbers: range
    kinds: bytes
    seconds: list[int]
    thirds: list[int]

    def __iter__(self) -> Iterator[XRefEntry]:
        return iter(self.entries)


def parse(stream: Any, strict: bool = True) -> Iterable[XRefEntry]:
    entries = _parse(stream, strict)  # reads nothing before its first row is asked for
    widths, parts = stream.get("/W"), stream.get("/Index", [0, stream.get("/Size")])
    if not all(isinstance(given, list) and all(isinstance(one, int) for one in given) for given in (widths, parts)):
        return entries
    if len(widths) != 3 or widths[0] != 1 or not all(0 < one <= _WIDEST for one in widths) or len(parts) != 2:
        return entries
    width, (first, count) = sum(widths), parts
    content = stream.read_data(DecodePurpose.XREF_STREAM, expected_size=(width + 1) * count)
    if first < 0 or len(content) != width * count:
        return entries
    columns = [content[at::width] for at in range(width)]
    seconds, thirds = _numbers(columns[1 : 1 + widths[1]]), _numbers(columns[1 + widths[1] :])
    return _Rows(entries, range(first, first + count), columns[0], seconds, thirds)


def _numbers(columns: list[bytes]) -> list[int]:
    """One a row; the first column weighs most."""
    numbers = list(columns[0])
    for column in columns[1:]:
        numbers = [number << 8 | byte for number, byte in zip(numbers, column, strict=True)]
    return numbers


def process(section: Any, entries: Iterable[XRefEntry], strict: bool) -> int:
    """The highest number. What each row says goes into the section."""
    if not isinstance(entries, _Rows) or max(entries.thirds, default=0) > _LAST_GENERATION:
        highest: int = _process(section, iter(entries), strict)
        return highest
    explicit, streams = section.explicit_refs_in_revision, section.obj_streams_used
    highest = 0
    for idnum, kind, second, third in zip(entries.numbers, entries.kinds, entries.seconds, entries.thirds, strict=True):
        if kind <= _IN_STREAM:
            highest = idnum
        if idnum == 0:
            continue
        if kind == _IN_STREAM:
            section.xrefs_in_objstm[idnum] = ObjStreamRef(second, third)
            streams.add(second)
            explicit.add((idnum, 0))
        elif kind == _AT_OFFSET:
            section.standard_xrefs[idnum] = (third, second)
            explicit.add((idnum, third))
        elif kind == _FREE:
            section.freed[idnum] = third
            explicit.add((idnum, third - 1))
    return highest
