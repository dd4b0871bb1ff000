"""The reader that verification uses reads and refuses what pyHanko's own does, and asks for each object stream once."""

from __future__ import annotations

import re
import zlib
from collections import Counter
from io import BytesIO
from typing import Any

import pytest
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.pdf_utils.xref import ObjStreamRef

from exports.verification.object_streams import Reader
from tests import many_reports as many


@pytest.fixture(scope="module")
def report() -> bytes:
    return many.sealed(many.short(many.record_of(many.assessment())))


def written(read: Any) -> bytes:
    buffer = BytesIO()
    read.write_to_stream(buffer, None)
    return buffer.getvalue()


def in_streams(reader: PdfFileReader) -> list[generic.Reference]:
    references = [generic.Reference(number, 0, reader) for number in range(1, int(reader.trailer["/Size"]))]
    return [reference for reference in references if isinstance(reader.xrefs[reference], ObjStreamRef)]


def test_every_object_is_the_one_that_pyhanko_reads(report: bytes) -> None:
    ours, theirs = Reader(report), PdfFileReader(BytesIO(report), strict=True)
    references = in_streams(theirs)
    assert len(references) > 10, "a report has object streams"
    for reference in references:
        own = ours.get_object(generic.Reference(reference.idnum, 0, ours))
        assert written(own) == written(theirs.get_object(reference))
        assert own.container_ref.idnum == reference.idnum


def test_the_index_of_a_stream_is_read_once(report: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    times: Counter[int] = Counter()
    really = Reader._read_stream

    def counted(self: Reader, number: int) -> Any:
        times[number] += 1
        return really(self, number)

    monkeypatch.setattr(Reader, "_read_stream", counted)
    ours = Reader(report)
    for reference in in_streams(ours):
        ours.get_object(reference)
    assert times and set(times.values()) == {1}


def changed(report: bytes, change: Any) -> bytes:
    """With the index of the first object stream changed, in as many bytes."""
    begin = report.index(b"/ObjStm")
    start = report.rindex(b"obj", 0, begin)
    match = re.compile(rb"stream\r?\n").search(report, begin)
    assert match is not None
    length = int(re.search(rb"/Length (\d+)", report[start : match.start()])[1])  # type: ignore[index]
    packed = report[match.end() : match.end() + length]
    for level in (9, 6, 1):
        again = zlib.compress(
            change(zlib.decompress(packed))[:-200], level
        )  # shorter, so that it fits; nobody reads its end
        if len(again) <= length:
            return report.replace(packed, again + b"\0" * (length - len(again)))
    raise AssertionError("it does not fit")


def swapped(content: bytes) -> bytes:
    """The first two objects in each other's place."""
    first, second, rest = re.match(rb"(\d+ \d+) (\d+ \d+)(.*)", content, re.S).groups()  # type: ignore[union-attr]
    return second + b" " + first + rest


def broken(content: bytes) -> bytes:
    return b"x" + content[1:]


def read_the_first(reader: PdfFileReader) -> None:
    """Of each object stream, the object at its beginning."""
    for reference in in_streams(reader):
        if reader.xrefs[reference].ix_in_stream == 0:
            reader.get_object(generic.Reference(reference.idnum, 0, reader))


@pytest.mark.parametrize("change", [swapped, broken])
def test_what_pyhanko_refuses_is_refused(report: bytes, change: Any) -> None:
    bad = changed(report, change)
    for reader in (PdfFileReader(BytesIO(bad), strict=True), Reader(bad)):
        with pytest.raises(Exception, match=r"."):
            read_the_first(reader)


@pytest.mark.parametrize("index", [b"1 0 2 10 ", b"1 0\n2 10\n", b"1 0 2 10", b" 1\t0 % c\n 2 10 "])
def test_an_index_is_read_as_numbers_however_it_is_written(index: bytes) -> None:
    from exports.verification.object_streams import _plain_numbers, _read_numbers

    numbers = _plain_numbers(index, 4)
    assert numbers in ([], [1, 0, 2, 10])
    if b"%" not in index:
        assert _read_numbers(BytesIO(index + b" "), 4) == [1, 0, 2, 10]
