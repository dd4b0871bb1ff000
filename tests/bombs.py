"""About a hundred small files that cost a lot where a reader is careless: BOMBS, EXPLODED. `examined` tries them apart.

`python -m tests.bombs SECONDS` is the other end: it forks for every file that it reads, under the limits of verification.
"""

from __future__ import annotations

import contextlib
import json
import math
import os
import signal
import struct
import subprocess
import sys
import tempfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from assessments import own_process
from assessments.content.canonical import canonical
from assessments.model import Json
from exports.seal import pades
from exports.verification import inspection, verify
from tests import report_samples as samples

CATALOG = b"<</Type/Catalog/Pages 2 0 R%s>>"
NO_PAGES = b"<</Type/Pages/Kids[]/Count 0>>"
PAGE = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>"
ONE_PAGE = b"<</Type/Pages/Kids[3 0 R]/Count 1>>"
MB = 2**20


def wrapped(*objects: bytes, root: int = 1, trailer: bytes = b"", head: bytes = b"%PDF-1.7\n") -> bytes:
    """A file of these objects, numbered from one, with a plain table."""
    out, places = bytearray(head), []
    for number, one in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, one)
    table = b"".join(b"%010d 00000 n \n" % one for one in places)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n%s" % (len(objects) + 1, table)
    out += b"trailer\n<</Size %d/Root %d 0 R%s>>\n" % (len(objects) + 1, root, trailer)
    return bytes(out) + b"startxref\n%d\n%%%%EOF\n" % start


def with_entry(entry: bytes, *objects: bytes) -> bytes:
    """A catalog with this entry; further objects are numbered from three."""
    return wrapped(CATALOG % entry, NO_PAGES, *objects)


@cache
def small_print() -> bytes:
    """A file of one empty page."""
    return wrapped(CATALOG % b"", ONE_PAGE, PAGE)


def rows(widths: bytes, count: int, content: bytes, more: bytes = b"") -> bytes:
    """A file whose table is a stream of so many rows."""
    packed = zlib.compress(content, 1)
    head = b"%%PDF-1.7\n1 0 obj\n<</Type/XRef/W[%s]/Size %d%s/Root 2 0 R/Filter/FlateDecode/Length %d>>\nstream\n"
    return head % (widths, count, more, len(packed)) + packed + b"\nendstream\nendobj\nstartxref\n9\n%%EOF\n"


def stream(content: bytes, about: bytes = b"") -> bytes:
    return b"<<%s/Length %d>>stream\n%s\nendstream" % (about, len(content), content)


def packed(content: bytes, *, times: int = 1, about: bytes = b"") -> bytes:
    for _ in range(times):
        content = zlib.compress(content, 1)
    return stream(content, b"/Filter[%s]%s" % (b"/FlateDecode" * times, about))


@cache
def zeros(megabytes: int) -> bytes:
    return bytes(megabytes * MB)


def metadata(content: bytes) -> bytes:
    return with_entry(b"/Metadata 3 0 R", content)


def attachment(content: bytes) -> bytes:
    """A file attached as a record is."""
    tree = b"/Names<</EmbeddedFiles<</Names[(record.json) 3 0 R]>>>>/AF[3 0 R]"
    return with_entry(tree, b"<</Type/Filespec/F(record.json)/UF(record.json)/EF<</F 4 0 R>>>>", content)


def record_with(change: Callable[[Any], object]) -> bytes:
    """A genuine record but for this change, attached."""
    data = json.loads(samples.sealed_record().canonical)
    change(data)
    return attachment(packed(canonical(data)))


def record_asking(text: str) -> bytes:
    """A record whose first questionnaire is this text."""
    return record_with(lambda data: data["questionnaires"][0].update(file=text))


def form_tree(levels: int) -> bytes:
    fields = [b"<</T(a)/Kids[%d 0 R %d 0 R]>>" % (at + 4, at + 4) for at in range(levels)]
    return with_entry(b"/AcroForm<</Fields[3 0 R]>>", *fields, b"<</T(a)/FT/Sig>>")


def page_tree(levels: int) -> bytes:
    nodes = [b"<</Type/Pages/Count 1/Kids[%d 0 R %d 0 R]>>" % (at + 3, at + 3) for at in range(levels)]
    return wrapped(CATALOG % b"", *nodes, b"<</Type/Page>>")


def outline(levels: int) -> bytes:
    entries = [b"<</Title(a)/First %d 0 R/Next %d 0 R>>" % (at + 4, at + 4) for at in range(levels)]
    return with_entry(b"/Outlines 3 0 R", *entries, b"<</Title(a)>>")


def field(entries: bytes, *more: bytes) -> bytes:
    """One signature field whose value is made of these entries."""
    return with_entry(
        b"/AcroForm<</SigFlags 3/Fields[3 0 R]>>", b"<</FT/Sig/T(Seal)/V 4 0 R>>", b"<</Type/Sig%s>>" % entries, *more
    )


def seal_of(container: bytes) -> bytes:
    """A field whose seal is this, over the bytes that it names."""
    digits = container.hex().encode()
    return field(b"/Filter/Adobe.PPKLite/SubFilter/ETSI.CAdES.detached/ByteRange[0 9 20 9]/Contents<%s>" % digits)


def nested(depth: int, tag: int = 0x30) -> bytes:
    """Elements in one another, as deep as that."""
    parts, length = [], 0
    for _ in range(depth):
        size = length.to_bytes(4, "big")
        parts.append(bytes([tag, 0x84]) + size)
        length += 6
    return b"".join(reversed(parts))


def stored(name: bytes, count: int, content: bytes) -> bytes:
    """A sealed page whose store of validation data lists the same thing again and again, put behind the seal."""
    from io import BytesIO

    from pyhanko.pdf_utils import generic
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

    raw = pades.seal(small_print(), samples.signer(), samples.SEALED_AT)
    revised = IncrementalPdfFileWriter(BytesIO(raw))
    held = revised.add_object(generic.StreamObject(stream_data=content))
    listed = generic.ArrayObject([held] * count)
    revised.root[generic.pdf_name("/DSS")] = generic.DictionaryObject({generic.pdf_name(f"/{name.decode()}"): listed})
    revised.update_root()
    out = BytesIO()
    revised.write(out)
    return out.getvalue()


def sealed(entry: bytes, *objects: bytes, first: bytes = PAGE) -> bytes:
    """Under a real seal, so that all of it is walked; further objects are numbered from four."""
    return pades.seal(wrapped(CATALOG % entry, ONE_PAGE, first, *objects), samples.signer(), samples.SEALED_AT)


def tables_in_a_circle() -> bytes:
    raw = wrapped(CATALOG % b"", NO_PAGES)
    start = int(raw.split(b"startxref\n")[1].split()[0])
    return raw.replace(b"/Root", b"/Prev %d/Root" % start)


def many_tables(count: int) -> bytes:
    """One table after the other, each behind the one before."""
    out = bytearray(wrapped(CATALOG % b"", NO_PAGES))
    last = out.rfind(b"xref\n0")
    for _ in range(count):
        here = len(out)
        out += b"xref\n0 0\ntrailer\n<</Size 3/Root 1 0 R/Prev %d>>\nstartxref\n%d\n%%%%EOF\n" % (last, here)
        last = here
    return bytes(out)


def in_object_stream(content: bytes, count: int, first: int, more: bytes = b"", *, times: int = 1) -> bytes:
    """The catalog lies in an object stream, as the table says."""
    held = packed(content, times=times, about=b"/Type/ObjStm/N %d/First %d%s" % (count, first, more))
    start = b"%PDF-1.7\n"
    body = start + b"3 0 obj\n" + held + b"\nendobj\n"
    entries = b"".join(
        struct.pack(">BIH", *one)
        for one in ((0, 0, 65535), (2, 3, 0), (2, 3, 1), (1, len(start), 0), (1, len(body), 0))
    )
    table = stream(entries, b"/Type/XRef/W[1 4 2]/Size 5/Root 1 0 R")
    return body + b"4 0 obj\n" + table + b"\nendobj\nstartxref\n%d\n%%%%EOF\n" % len(body)


def laughs(levels: int, width: int = 10) -> bytes:
    """Entities made of entities."""
    lines = [f'<!ENTITY e{at} "{f"&e{at - 1};" * width}">' for at in range(1, levels)]
    return f'<!DOCTYPE a [<!ENTITY e0 "ha">{"".join(lines)}]><a>&e{levels - 1};</a>'.encode()


def aliases(levels: int) -> str:
    """A YAML text whose values are made of one another."""
    rows = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    rows += [f"a{at}: &a{at} [{', '.join([f'*a{at - 1}'] * 9)}]" for at in range(1, levels)]
    return "\n".join(rows)


def conditions(depth: int, width: int = 1) -> str:
    """The sample questionnaire with a rule as deep and as wide as that."""
    plain = '{question: grades_profiles, is: ["yes"]}'
    deep = "{all: [" * depth + ", ".join([plain] * width) + "]}" * depth
    assert plain in samples.TEXTS["hiring"]
    return samples.TEXTS["hiring"].replace(plain, deep, 1)


JUNK = {
    "zeros": b"\x00", "remarks": b"%", "dictionaries": b"<<", "arrays": b"[", "strings": b"(", "ends": b"%%EOF\n",
    "starts": b"startxref\n9\n", "tables": b"xref\n", "trailers": b"trailer\n<<", "objects": b"1 0 obj\n",
    "streams": b"stream\n", "row tables": b"/XRef ", "names": b"/#41", "numbers": b"9", "signs": b"+-.",
}  # fmt: skip
VALUES: dict[str, Callable[[], bytes]] = {
    "a name of 30 MB": lambda: b"/" + b"#41" * (10 * MB),
    "a string of 30 MB": lambda: b"(" + b"a" * (30 * MB) + b")",
    "a string of octal signs": lambda: b"(" + rb"\101" * (7 * MB) + b")",
    "brackets in a string": lambda: b"(" + b"(" * (5 * MB) + b")" * (5 * MB) + b")",
    "a hexadecimal string": lambda: b"<" + b"41" * (15 * MB) + b">",
    "a number of a million digits": lambda: b"9" * MB,
    "a fraction of a million digits": lambda: b"0." + b"9" * MB,
    "a million numbers": lambda: b"[" + b"1 " * MB + b"]",
    "a million references": lambda: b"[" + b"1 0 R " * MB + b"]",
    "a million entries": lambda: b"<<" + b"".join(b"/a%d 1" % at for at in range(MB // 2)) + b">>",
    "a million empty entries": lambda: b"[" + b"<<>>" * MB + b"]",
    "arrays in arrays": lambda: b"[" * 20_000 + b"]" * 20_000,
    "a million arrays in arrays": lambda: b"[" * MB + b"]" * MB,
    "dictionaries in dictionaries": lambda: b"<</a" * 20_000 + b"1" + b">>" * 20_000,
    "a remark of 30 MB": lambda: b"% " + b"x" * (30 * MB) + b"\n1",
}
"""What stands under a name in the catalog."""
FILTERS: dict[str, Callable[[], bytes]] = {
    "200 MB": lambda: packed(zeros(200)),
    "300 MB packed twice": lambda: packed(zeros(300), times=2),
    "200 MB packed three times": lambda: packed(zeros(200), times=3),
    "100,000 filters": lambda: stream(b"x", b"/Filter[%s]" % (b"/FlateDecode" * 100_000)),
    "hexadecimal": lambda: stream(b"00" * (15 * MB) + b">", b"/Filter/ASCIIHexDecode"),
    "base 85": lambda: stream(b"z" * (15 * MB) + b"~>", b"/Filter/ASCII85Decode"),
    "run lengths": lambda: stream(b"\x81\x00" * (3 * MB) + b"\x80", b"/Filter/RunLengthDecode"),
    "words": lambda: stream(b"\x80\x0b\x60\x50" * MB, b"/Filter/LZWDecode"),
    "wide rows to be predicted": lambda: packed(zeros(50), about=b"/DecodeParms[<</Predictor 12/Columns 999999999>>]"),
    "narrow rows to be predicted": lambda: packed(zeros(20), about=b"/DecodeParms[<</Predictor 12/Columns 1>>]"),
    "a length that is no number": lambda: b"<</Length 3 0 R>>stream\nx\nendstream",
    "a filter that points to itself": lambda: b"<</Length 1/Filter 3 0 R>>stream\nx\nendstream",
}
"""How a stream is packed."""

BOMBS: dict[str, Callable[[], bytes]] = {
    "rows of nothing": lambda: rows(b"0 0 0", 10**8, b""),
    "rows of nothing in another spelling": lambda: rows(b"0 0 0", 10**8, b"").replace(b"/XRef", b"/XR#65f"),
    "a wide row of nothing": lambda: rows(b"1 0 0", 10**8, b"\x01"),
    "60 MB of rows": lambda: rows(b"1 2 1", 15_000_000, zeros(60)),
    "rows of 255 bytes": lambda: rows(b"255 255 255", 100_000, zeros(70)),
    "rows of a width without end": lambda: rows(b"1 99999999999 1", 10, b"x"),
    "more rows than bytes": lambda: rows(b"1 2 1", 9_999_999, bytes(4)),
    "rows from a number without end": lambda: rows(b"1 2 1", 9, zeros(1), b"/Index[99999999999999 999999]"),
    "a million groups of rows": lambda: rows(b"1 2 1", 9, zeros(4), b"/Index[%s]" % (b"1 1 " * MB)),
    "a plain table of a million rows": lambda: (
        b"%PDF-1.7\nxref\n0 1000000\n"
        + b"0000000009 00000 n \n" * MB
        + b"trailer\n<</Size 9/Root 1 0 R>>\nstartxref\n9\n%%EOF\n"
    ),
    "a plain table without end": lambda: (
        b"%PDF-1.7\nxref\n0 99999999999\n0000000009 00000 n \ntrailer\n<</Root 1 0 R>>\nstartxref\n9\n%%EOF\n"
    ),
    "a table that follows itself": tables_in_a_circle,
    "20,000 tables": lambda: many_tables(20_000),
    "a catalog that is itself": lambda: wrapped(b"1 0 R", NO_PAGES),
    "references in a circle": lambda: wrapped(b"2 0 R", b"3 0 R", b"1 0 R"),
    "50,000 references": lambda: wrapped(*(b"%d 0 R" % (at + 2) for at in range(50_000)), CATALOG % b""),
    "100,000 objects": lambda: with_entry(b"", *[b"null"] * 100_000),
    "an object stream without end": lambda: in_object_stream(b"1 0 2 9 <</a 1>>", 99_999_999, 9),
    "an object stream of 300 MB": lambda: in_object_stream(zeros(300), 2, 9),
    "an object stream packed twice": lambda: in_object_stream(zeros(300), 2, 9, times=2),
    "an object stream that extends itself": lambda: in_object_stream(b"1 0 2 9 <</a 1>>", 2, 8, b"/Extends 3 0 R"),
    "a catalog of 50 MB in an object stream": lambda: in_object_stream(
        b"1 0 2 9 <</Type/Catalog/A[" + b"1 " * (25 * MB) + b"]>>", 2, 8
    ),
    "a form of 40 levels": lambda: form_tree(40),
    "a form in a circle": lambda: with_entry(b"/AcroForm<</Fields[3 0 R]>>", b"<</T(a)/Kids[3 0 R 3 0 R]>>"),
    "a field that is its own parent": lambda: with_entry(b"/AcroForm<</Fields[3 0 R]>>", b"<</Parent 3 0 R/T(a)>>"),
    "a hundred thousand fields": lambda: with_entry(
        b"/AcroForm<</Fields[%s]>>" % (b"3 0 R " * 100_000), b"<</FT/Sig/T(a)>>"
    ),
    "a form that is itself": lambda: with_entry(b"/AcroForm 3 0 R", b"3 0 R"),
    "pages of 40 levels": lambda: page_tree(40),
    "pages in a circle": lambda: wrapped(CATALOG % b"", b"<</Type/Pages/Kids[2 0 R 2 0 R]/Count 9>>"),
    "a hundred thousand pages that are one": lambda: wrapped(
        CATALOG % b"", b"<</Type/Pages/Count 1/Kids[%s]>>" % (b"3 0 R " * 100_000), PAGE
    ),
    "an outline of 40 levels": lambda: outline(40),
    "an outline in a circle": lambda: with_entry(b"/Outlines 3 0 R", b"<</Title(a)/First 3 0 R/Next 3 0 R>>"),
    "a sealed outline of 40 levels": lambda: sealed(
        b"/Outlines 4 0 R",
        *(b"<</Title(a)/First %d 0 R/Next %d 0 R>>" % (at + 5, at + 5) for at in range(40)),
        b"<</Title(a)>>",
    ),
    "a sealed outline in a circle": lambda: sealed(b"/Outlines 4 0 R", b"<</Title(a)/First 4 0 R/Next 4 0 R>>"),
    "a sealed outline of 100,000 entries": lambda: sealed(
        b"/Outlines 4 0 R", *(b"<</Title(a)/First %d 0 R>>" % (at + 5) for at in range(100_000)), b"<</Title(a)>>"
    ),
    "sealed pages of 40 levels": lambda: pades.seal(
        wrapped(
            CATALOG % b"",
            b"<</Type/Pages/Kids[3 0 R 4 0 R]/Count 1>>",
            PAGE,
            *(b"<</Type/Pages/Count 1/Kids[%d 0 R %d 0 R]>>" % (at + 5, at + 5) for at in range(40)),
            PAGE,
        ),
        samples.signer(),
        samples.SEALED_AT,
    ),
    "sealed names in a circle": lambda: sealed(b"/Names<</EmbeddedFiles 4 0 R>>", b"<</Kids[4 0 R 4 0 R]>>"),
    "a hundred thousand sealed notes": lambda: sealed(
        b"",
        b"<</Subtype/Link/Dest(a)>>",
        first=b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Annots[%s]>>" % (b"4 0 R " * 100_000),
    ),
    "names in a circle": lambda: with_entry(b"/Names<</EmbeddedFiles 3 0 R>>", b"<</Kids[3 0 R 3 0 R]>>"),
    "a hundred thousand attachments": lambda: with_entry(
        b"/Names<</EmbeddedFiles<</Names[%s]>>>>" % (b"(a) 3 0 R " * 100_000), b"<<>>"
    ),
    "a range of a million numbers": lambda: field(b"/Contents<00>/ByteRange[%s]" % (b"1 " * MB)),
    "a range without end": lambda: field(b"/Contents<00>/ByteRange[0 99999999999999999999 99999999999999999999 9]"),
    "a range that is negative": lambda: field(b"/Contents<00>/ByteRange[0 -1 -9 -9]"),
    "a seal that is itself": lambda: with_entry(b"/AcroForm<</Fields[3 0 R]>>", b"<</FT/Sig/T(a)/V 3 0 R>>"),
    "a seal of 15 MB": lambda: seal_of(zeros(15)),
    "a seal in a seal": lambda: seal_of(nested(300_000)),
    "a seal of sets": lambda: seal_of(nested(20_000, 0x31)),
    "a seal without length": lambda: seal_of(b"\x30\x80" * 500_000),
    "a seal longer than any": lambda: seal_of(b"\x30\x88" + b"\xff" * 8),
    "a seal of one long name": lambda: seal_of(
        b"\x30\x84\x00\x98\x96\x86\x06\x84\x00\x98\x96\x80" + b"\x81" * 10_000_000
    ),
    "20,000 lists": lambda: stored(b"CRLs", 20_000, b"\x30\x00"),
    "20,000 certificates": lambda: stored(b"Certs", 20_000, samples.signer().certificate.public_bytes(_der())),
    "a list of 30 MB": lambda: stored(b"CRLs", 1, zeros(30)),
    "metadata of entities": lambda: metadata(packed(laughs(10))),
    "metadata of long entities": lambda: metadata(
        packed(b'<!DOCTYPE a [<!ENTITY b "' + b"x" * 100 + b'">]><a>' + b"&b;" * 100_000 + b"</a>")
    ),
    "metadata in one another": lambda: metadata(packed(b"<a>" * MB + b"</a>" * MB)),
    "metadata of a million attributes": lambda: metadata(
        packed(b"<a " + b"".join(b'b%d="" ' % at for at in range(MB)) + b"/>")
    ),
    "metadata of a million names": lambda: metadata(
        packed(b"<a " + b"".join(b'xmlns:b%d="c" ' % at for at in range(MB // 2)) + b"/>")
    ),
    "metadata from elsewhere": lambda: metadata(packed(b'<!DOCTYPE a SYSTEM "file:///dev/zero"><a>&b;</a>')),
    "keywords of 20 MB": lambda: wrapped(
        CATALOG % b"", NO_PAGES, b"<</Keywords(%s)>>" % (b"haetae-record " * (20 * MB // 14)), trailer=b"/Info 3 0 R"
    ),
    "keywords that nearly fit": lambda: wrapped(
        CATALOG % b"",
        NO_PAGES,
        b"<</Keywords(%s)>>" % (b"haetae-record %s, " % (b"ab" * 31) * 200_000),
        trailer=b"/Info 3 0 R",
    ),
    "a record of 3,000,000 levels": lambda: attachment(packed(b"[" * 3_000_000)),
    "a record of closed levels": lambda: attachment(packed(b"[" * 500_000 + b"]" * 500_000)),
    "a record of one number": lambda: attachment(packed(b'{"a":' + b"9" * (20 * MB) + b"}")),
    "a record of one text": lambda: attachment(packed(b'{"a":"' + b"\\u0041" * (5 * MB) + b'"}')),
    "a record of a million names": lambda: attachment(
        packed(b"{" + b",".join(b'"%d":1' % at for at in range(MB)) + b"}")
    ),
    "a record of objects": lambda: attachment(packed(b"[" + b"{}," * (15 * MB) + b"{}]")),
    "a record of one name": lambda: attachment(packed(b"{" + b'"a":{},' * (5 * MB) + b'"a":1}')),
    "a record of a million answers": lambda: record_with(
        lambda data: data["content"]["answers"]["hiring"].update(
            {f"a{at}": {"answer": "yes", "note": ""} for at in range(200_000)}
        )
    ),
    "a record of a million measures": lambda: record_with(
        lambda data: data["content"].update(measures=data["content"]["measures"] * 100_000)
    ),
    "a record of 10,000 questionnaires": lambda: record_with(
        lambda data: data.update(questionnaires=data["questionnaires"] * 3_000)
    ),
    "a record with a text of 20 MB": lambda: record_with(lambda data: data["decision"].update(reason="가" * (7 * MB))),
    "a questionnaire of aliases": lambda: record_asking(aliases(12)),
    "a questionnaire in one another": lambda: record_asking("[" * 50_000),
    "a questionnaire in one another by lines": lambda: record_asking("\n".join(" " * at + "a:" for at in range(3_000))),
    "a questionnaire of a million lines": lambda: record_asking("- a\n" * MB),
    "a questionnaire of one line": lambda: record_asking("a: " + "x" * (20 * MB)),
    "a questionnaire of tags": lambda: record_asking("!!python/object/apply:time.sleep [9]"),
    "a rule of 5,000 levels": lambda: record_asking(conditions(5_000)),
    "a rule of 100 levels": lambda: record_asking(conditions(100)),
    "a rule of 30,000 conditions": lambda: record_asking(conditions(1, 30_000)),
    **{
        f"20 MB of {name}": lambda piece=piece: b"%PDF-1.7\n" + piece * (20 * MB // len(piece))
        for name, piece in JUNK.items()
    },  # type: ignore[misc]
    **{name: lambda make=make: with_entry(b"/A " + make()) for name, make in VALUES.items()},  # type: ignore[misc]
    **{f"metadata, {name}": lambda make=make: metadata(make()) for name, make in FILTERS.items()},  # type: ignore[misc]
    **{f"attachment, {name}": lambda make=make: attachment(make()) for name, make in FILTERS.items()},  # type: ignore[misc]
}


def _der() -> Any:
    from cryptography.hazmat.primitives.serialization import Encoding

    return Encoding.DER


# --- tried apart --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Exploded:
    """What came of one file in a process of its own."""

    seen: Json
    """What the examination saw. Empty: it was stopped by its limits, or could not read the file."""
    memory_bytes: int
    seconds: float
    """Of processor time."""
    stopped_by: int
    """The signal that ended it; 0: none."""


def examined(files: Iterable[bytes], known: Path, seconds: float) -> Iterator[Exploded]:
    """Each under the limits of memory of verification and so many seconds of processor time, one after the other, without starting anew."""
    settings = {
        "trusted": [], "stampers": [], "guarded": [], "crls": [], "ocsps": [], "folder": str(known), "at": "2026-11-26T05:15:09Z",
    }  # fmt: skip
    head = json.dumps(settings).encode() + b"\n"
    given = [sys.executable, "-m", "tests.bombs", str(seconds)]
    with subprocess.Popen(given, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=own_process.ROOT) as process:
        assert process.stdin and process.stdout
        for file in files:
            process.stdin.write(struct.pack(">Q", len(head) + len(file)) + head + file)
            process.stdin.flush()
            yield Exploded(**json.loads(process.stdout.readline()))
        process.stdin.close()


def main(seconds: float) -> None:
    inspection.prepare()
    while size := sys.stdin.buffer.read(8):
        payload = sys.stdin.buffer.read(struct.unpack(">Q", size)[0])
        with tempfile.NamedTemporaryFile() as made:
            pid = os.fork()
            if pid == 0:
                _in_fork(payload, seconds, Path(made.name))
            _, status, used = os.wait4(pid, 0)
            content = Path(made.name).read_bytes()
        with contextlib.suppress(BrokenPipeError):
            told = {
                "seen": json.loads(content) if content and status == 0 else {},
                "memory_bytes": used.ru_maxrss * 1024,
                "seconds": used.ru_utime + used.ru_stime,
                "stopped_by": os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0,
            }
            sys.stdout.write(json.dumps(told) + "\n")
            sys.stdout.flush()


def _in_fork(payload: bytes, seconds: float, result: Path) -> None:
    """As the other end of `own_process` does it, whose limit counts whole seconds."""
    try:
        own_process.restrict(math.ceil(seconds), verify.MEMORY_BYTES)
        signal.setitimer(signal.ITIMER_PROF, seconds)
        signal.signal(signal.SIGXCPU, signal.SIG_DFL)
        own_process.be_quiet()
        result.write_bytes(inspection.task(payload))
    except BaseException:
        os._exit(own_process.FAILED)
    os._exit(0)


if __name__ == "__main__":
    main(float(sys.argv[1]))
