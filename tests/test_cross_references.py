"""Cross-reference streams are read quickly and as pyHanko reads them, whatever stands in them."""

from __future__ import annotations

from typing import Any

from hypothesis import example, given
from hypothesis import strategies as st
from pyhanko.pdf_utils import generic, xref
from pyhanko.pdf_utils.generic import pdf_name

from exports import cross_references
from tests.strategies import thorough

WIDTHS = st.tuples(st.integers(0, 2), st.integers(0, 9), st.integers(0, 3)) | st.just((1, 3, 2)) | st.just((1, 2, 1))
PARTS = st.none() | st.tuples(st.integers(0, 3), st.integers(0, 6)) | st.just((0, 2, 5, 1))


def stream(widths: tuple[int, ...], parts: tuple[int, ...] | None, rows: int, content: bytes) -> generic.StreamObject:
    about: dict[Any, Any] = {
        pdf_name("/Type"): pdf_name("/XRef"),
        pdf_name("/W"): generic.ArrayObject(map(generic.NumberObject, widths)),
        pdf_name("/Size"): generic.NumberObject(rows),
    }
    if parts is not None:
        about[pdf_name("/Index")] = generic.ArrayObject(map(generic.NumberObject, parts))
    return generic.StreamObject(about, stream_data=content)


def seen(parse: Any, process: Any, given_stream: generic.StreamObject, strict: bool) -> Any:
    section = xref.XRefSectionData()
    try:
        highest = process(section, parse(given_stream, strict), strict)
    except Exception as error:
        return type(error), str(error)
    return highest, vars(section)


@thorough
@given(WIDTHS, PARTS, st.integers(0, 6), st.binary(max_size=40), st.booleans(), st.booleans())
@example((1, 3, 2), (0, 2), 2, bytes([1, 0, 0, 9, 0, 1, 2, 0, 0, 7, 255, 255]), False, True)
@example((1, 2, 3), (1, 1), 2, bytes([1, 0, 9, 1, 0, 0]), False, True)
def test_every_stream_is_read_as_pyhanko_reads_it(
    widths: tuple[int, ...], parts: tuple[int, ...] | None, rows: int, content: bytes, is_fitted: bool, strict: bool
) -> None:
    count = rows if parts is None else sum(parts[1::2])
    fitted = bytes(one % 4 if at % max(sum(widths), 1) == 0 else one for at, one in enumerate(content * 9))
    content = fitted[: sum(widths) * count] if is_fitted else content
    ours = seen(cross_references.parse, cross_references.process, stream(widths, parts, rows, content), strict)
    theirs = seen(cross_references._parse, cross_references._process, stream(widths, parts, rows, content), strict)
    assert ours == theirs


def test_a_stream_without_widths_is_refused_as_pyhanko_refuses_it() -> None:
    for about in ({}, {pdf_name("/W"): pdf_name("/None")}, {pdf_name("/W"): generic.ArrayObject([pdf_name("/A")] * 3)}):
        ours, theirs = (
            seen(parse, process, generic.StreamObject(dict(about), stream_data=b"\0\0\0"), True)
            for parse, process in (
                (cross_references.parse, cross_references.process),
                (cross_references._parse, cross_references._process),
            )
        )
        assert ours == theirs
