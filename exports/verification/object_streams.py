"""A reader of PDF files that reads the index of each object stream once: Reader. Part of `inspection`; the bytes are untrusted.

pyHanko reads the index from its beginning for every object of the stream. A report has hundreds of objects in each, and
that was four fifths of its verification. What is read is the same, and what pyHanko refuses is refused.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from pyhanko.pdf_utils import generic, misc
from pyhanko.pdf_utils.decode_limits import DecodePurpose
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.pdf_utils.xref import ObjStreamRef

_READING: Any = generic
_SPACES: Any = misc
"""pyHanko's functions that read, which have no types."""
_PLAIN = re.compile(rb"(?:[0-9]{1,10}[ \n])*[0-9]{0,10}")


@dataclass(frozen=True)
class _ObjectStream:
    content: BytesIO
    entries: tuple[tuple[int, int], ...]
    """Number of the object, and where it begins."""
    places: dict[int, int]
    """Number of an object → the first of the entries that names it."""


class Reader(PdfFileReader):
    """Strict, always."""

    def __init__(self, pdf: bytes) -> None:
        self._object_streams: dict[int, _ObjectStream] = {}
        super().__init__(BytesIO(pdf), strict=True)

    def get_object(self, ref: Any, revision: int | None = None, **settings: Any) -> Any:  # type: ignore[override]
        """As pyHanko's; an object of an object stream is taken from it without reading what stands before it."""
        cached: Any = self.resolved_objects
        if revision is None and not settings and (ref.generation, ref.idnum) not in cached:
            marker = self.xrefs[ref]
            if isinstance(marker, ObjStreamRef):
                cached[ref.generation, ref.idnum] = self._from_stream(ref.idnum, marker)
        return super().get_object(ref, revision, **settings)  # type: ignore[no-untyped-call]

    def _from_stream(self, number: int, marker: ObjStreamRef) -> Any:
        """Raises: PdfReadError, or whatever a damaged stream leads to."""
        held = self._object_streams.get(marker.obj_stream_id)
        if held is None:
            held = self._object_streams[marker.obj_stream_id] = self._read_stream(marker.obj_stream_id)
        place = held.places.get(number)
        if place is None or place != marker.ix_in_stream:
            raise misc.PdfStrictReadError("an object does not stand in its stream where the table says")
        held.content.seek(held.entries[place][1])
        read = _READING.read_object(held.content, generic.Reference(number, 0, self))
        if isinstance(read, generic.StreamObject | generic.IndirectObject):
            raise misc.PdfStrictReadError("an object stream holds what none may hold")
        _SPACES.read_non_whitespace(held.content, seek_back=True, allow_eof=True)
        return read

    def _read_stream(self, number: int) -> _ObjectStream:
        stream = generic.Reference(number, 0, self).get_object()
        if not isinstance(stream, generic.StreamObject) or stream["/Type"] != "/ObjStm":
            raise misc.PdfStrictReadError("what should be an object stream is none")
        content = BytesIO(stream.read_data(DecodePurpose.OBJECT_STREAM))
        first, count = int(stream["/First"]), int(stream["/N"])
        numbers = _plain_numbers(content.getvalue()[: max(first, 0)], 2 * count) or _read_numbers(content, 2 * count)
        entries = [(numbers[at], first + numbers[at + 1]) for at in range(0, 2 * count, 2)]
        places: dict[int, int] = {}
        for place, (held_number, _start) in enumerate(entries):
            places.setdefault(held_number, place)
        return _ObjectStream(content, tuple(entries), places)


def _plain_numbers(index: bytes, count: int) -> list[int]:
    """Of an index as this program writes it: digits and blanks. Empty: it is another, which pyHanko reads."""
    if not _PLAIN.fullmatch(index):
        return []
    numbers = index.split()
    return [int(number) for number in numbers[:count]] if len(numbers) >= count else []


def _read_numbers(content: BytesIO, count: int) -> list[int]:
    """Raises: ValueError where something else than numbers stands there."""
    numbers = []
    for _ in range(count):
        _SPACES.read_non_whitespace(content, seek_back=True)
        numbers.append(int(_READING.NumberObject.read_from_stream(content)))
    return numbers
