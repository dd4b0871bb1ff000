"""Mutated reports, random files and small bombs: no exception, no hang, never passed. 20,000 of each with HAETAE_TORTURE=1."""

from __future__ import annotations

import os
import random
import re
import resource
import signal
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from exports import inspection, keys, verify
from exports.facts import Verdict
from exports.seal_inspection import Trust
from tests import authority, tampering
from tests import report_samples as samples

pytestmark = pytest.mark.slow

COUNT = 20_000 if os.environ.get("HAETAE_TORTURE") else 600
SECONDS = 60
"""Of processor time, so that a hang fails; no measure of speed."""
SEED = 20261122


class TooLong(BaseException):
    """A file took longer than a reader would wait."""


@contextmanager
def at_most(seconds: float) -> Iterator[None]:
    """Of this process's own time, for the machine may be busy. Raises: TooLong."""

    def stop(*_given: object) -> None:
        raise TooLong

    before = signal.signal(signal.SIGPROF, stop)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


def verdict(raw: bytes, known: Path) -> Verdict:
    """As `verify`, which examines in a process of its own and takes whatever goes wrong there as "not readable"."""
    trust = Trust([keys.certificate_pem(samples.signer()), authority.root().pem])
    with at_most(SECONDS):
        try:
            seen = inspection.examine(raw, trust, known)
        except Exception:
            seen = {}
        found = verify.conclude(seen, raw, at=tampering.NOW)
        assert found.to_json()["facts"]
        return found.verdict


def mutated(raw: bytes, source: random.Random) -> bytes:
    """One to three changes of a kind that breaks readers."""
    made = bytearray(raw)
    for _ in range(source.randint(1, 3)):
        place = source.randrange(len(made))
        match source.randrange(8):
            case 0:
                made[place] ^= 1 << source.randrange(8)
            case 1:
                del made[place : place + source.randint(1, 3_000)]
            case 2:
                made[place:place] = made[place : place + source.randint(1, 3_000)]
            case 3:
                made[place:place] = source.randbytes(source.randint(1, 300))
            case 4:
                del made[place + 100 :]
            case 5:  # a number becomes huge, negative or another
                found = list(re.finditer(rb"\d+", bytes(made[place : place + 4_000])))
                if found:
                    one = source.choice(found)
                    new = source.choice([b"0", b"-1", b"99999999999999999999", b"1e9", str(place).encode()])
                    made[place + one.start() : place + one.end()] = new
            case 6:  # one name takes another's place
                names = list(re.finditer(rb"/[A-Z][A-Za-z]+", bytes(made[place : place + 8_000])))
                if len(names) > 1:
                    one, other = source.sample(names, 2)
                    made[place + one.start() : place + one.end()] = other[0]
            case 7:  # a reference leads elsewhere, perhaps in a circle
                found = list(re.finditer(rb"\d+ 0 R", bytes(made[place : place + 8_000])))
                if found:
                    one = source.choice(found)
                    made[place + one.start() : place + one.end()] = f"{source.randrange(4_000)} 0 R".encode()
    return bytes(made)


def rebuilt(raw: bytes, source: random.Random) -> bytes:
    """An update behind the file that puts something odd in the place of an object, well formed but hostile."""
    end = int(re.findall(rb"startxref\s+(\d+)", raw)[-1])
    number = source.choice([1, 2, source.randrange(1, 3_600)])
    odd = source.choice(
        [
            b"<</Type/Pages/Kids[%d 0 R]/Count 1>>" % number,
            b"[" * 2_000 + b"]" * 2_000,
            b"<</Length 10/Filter[/FlateDecode/FlateDecode]>>stream\n%s\nendstream" % zlib.compress(bytes(10**6))[:40],
            b"<</Length %d 0 R>>stream\nx\nendstream" % number,
            b"null",
            source.randbytes(60),
        ]
    )
    place = len(raw)
    head = b"%d 0 obj\n%s\nendobj\n" % (number, odd)
    size = int(re.findall(rb"/Size (\d+)", raw)[-1]) if b"/Size " in raw else 9_999
    table = b"xref\n%d 1\n%010d 00000 n \ntrailer\n<</Size %d/Root 1 0 R/Prev %d>>\n" % (number, place, size, end)
    return raw + head + table + b"startxref\n%d\n%%%%EOF\n" % (place + len(head))


@pytest.fixture(scope="module")
def known(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return samples.known_folder(tmp_path_factory.mktemp("known"))


def test_no_mutated_report_passes_or_holds_the_verifier_up(known: Path) -> None:
    source = random.Random(SEED)
    genuine = (samples.sealed(), tampering.stamped())
    assert all(verdict(raw, known) is Verdict.PASSED for raw in genuine), "else nothing is shown by the others"
    for number in range(COUNT):
        raw = source.choice(genuine)
        made = rebuilt(raw, source) if number % 5 == 0 else mutated(raw, source)
        if made != raw:
            assert verdict(made, known) is Verdict.FAILED, f"seed {SEED}, number {number}"


def test_no_random_file_passes_or_holds_the_verifier_up(known: Path) -> None:
    source = random.Random(SEED)
    parts = [
        *re.findall(rb"\d+ 0 obj.*?endobj", samples.sealed(), re.DOTALL)[:400],
        b"%PDF-1.7\n", b"<<", b">>", b"stream\n", b"\nendstream", b"xref\n0 1\n", b"trailer\n<</Root 1 0 R/Size 9>>\n",
        b"startxref\n9\n%%EOF\n", b"/ByteRange [0 10 20 30]", b"/Contents <00>",
    ]  # fmt: skip
    for number in range(COUNT):
        if number % 2:
            raw = b"%PDF-1.7\n" + b"\n".join(source.choices(parts, k=source.randint(1, 60)))
        else:
            raw = source.choice([b"", b"%PDF-1.7\n"]) + source.randbytes(source.randint(0, 20_000))
        assert verdict(raw, known) is Verdict.FAILED, f"seed {SEED}, number {number}"


# --- small files that would cost a lot ----------------------------------------------------------------------------------


def wrapped(*objects: bytes, root: int = 1) -> bytes:
    """A file of these objects, numbered from one, with a plain table."""
    out, places = b"%PDF-1.7\n", []
    for number, one in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, one)
    table = b"".join(b"%010d 00000 n \n" % one for one in places)
    head = b"xref\n0 %d\n0000000000 65535 f \n%s" % (len(objects) + 1, table)
    tail = b"trailer\n<</Size %d/Root %d 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, root, len(out))
    return out + head + tail


def rows(widths: bytes, count: int, content: bytes) -> bytes:
    """A file whose table is a stream of so many rows."""
    packed = zlib.compress(content)
    head = b"%%PDF-1.7\n1 0 obj\n<</Type/XRef/W[%s]/Size %d/Root 2 0 R/Filter/FlateDecode/Length %d>>\nstream\n"
    return head % (widths, count, len(packed)) + packed + b"\nendstream\nendobj\nstartxref\n9\n%%EOF\n"


def packed(content: bytes, *, times: int = 1) -> bytes:
    for _ in range(times):
        content = zlib.compress(content, 9)
    filters = b"/FlateDecode" * times
    return b"<</Filter[%s]/Length %d>>stream\n%s\nendstream" % (filters, len(content), content)


CATALOG = b"<</Type/Catalog/Pages 2 0 R%s>>"
NO_PAGES = b"<</Type/Pages/Kids[]/Count 0>>"


def form_tree(levels: int) -> bytes:
    fields = [b"<</T(a)/Kids[%d 0 R %d 0 R]>>" % (at + 4, at + 4) for at in range(levels)]
    return wrapped(CATALOG % b"/AcroForm<</Fields[3 0 R]>>", NO_PAGES, *fields, b"<</T(a)/FT/Sig>>")


BOMBS = {
    "rows of nothing": lambda: rows(b"0 0 0", 10**8, b""),
    "rows of nothing in another spelling": lambda: rows(b"0 0 0", 10**8, b"").replace(b"/XRef", b"/XR#65f"),
    "a wide row of nothing": lambda: rows(b"1 0 0", 10**8, b"\x01"),
    "60 MB of rows": lambda: rows(b"1 2 1", 15_000_000, bytes(60_000_000)),
    "more rows than bytes": lambda: rows(b"1 2 1", 9_999_999, bytes(4)),
    "a name of 30 MB": lambda: wrapped(CATALOG % (b"/A /" + b"#41" * 10_000_000), NO_PAGES),
    "a form of 40 levels": lambda: form_tree(40),
    "a form in a circle": lambda: wrapped(CATALOG % b"/AcroForm<</Fields[3 0 R]>>", NO_PAGES, b"<</T(a)/Kids[3 0 R 3 0 R]>>"),
    "20,000 arrays in one another": lambda: wrapped(CATALOG % (b"/A " + b"[" * 20_000 + b"]" * 20_000), NO_PAGES),
    "metadata of 200 MB": lambda: wrapped(CATALOG % b"/Metadata 3 0 R", NO_PAGES, packed(bytes(200_000_000))),
    "metadata packed twice": lambda: wrapped(CATALOG % b"/Metadata 3 0 R", NO_PAGES, packed(bytes(300_000_000), times=2)),
    "an attachment of 300 MB": lambda: wrapped(
        CATALOG % b"/Names<</EmbeddedFiles<</Names[(record.json) 3 0 R]>>>>", NO_PAGES, b"<</EF<</F 4 0 R>>>>", packed(bytes(300_000_000))
    ),
    "20 MB of junk": lambda: b"%PDF-1.7\n" + b"\x00startxref" * 2_000_000,
    "declared entities": lambda: wrapped(
        CATALOG % b"/Metadata 3 0 R", NO_PAGES,
        packed(b'<!DOCTYPE a [<!ENTITY b "' + b"x" * 100 + b'">]><a>' + b"&b;" * 100_000 + b"</a>"),
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", BOMBS)
def test_a_small_bomb_fails_within_a_gigabyte(name: str, known: Path) -> None:
    """In the process of its own, whose limits of memory and time end it; no exception reaches the reader."""
    found = verify.verify(BOMBS[name](), [keys.certificate_pem(samples.signer())], at=tampering.NOW, folder=known)
    assert found.verdict is Verdict.FAILED
    assert found.to_json()["facts"]
    assert resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024 < 1.1 * verify.MEMORY_BYTES
