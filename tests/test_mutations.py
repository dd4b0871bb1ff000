"""Mutated reports, random files and small bombs: no exception, no hang, never passed.

With HAETAE_TORTURE=1 20,000 of each file and every bomb; else a part of them, of the bombs every third.
"""

from __future__ import annotations

import json
import os
import random
import re
import signal
import subprocess
import sys
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from exports.seal import keys
from exports.verification import inspection, verify
from exports.verification.seal_inspection import Trust
from exports.words.facts import Verdict
from tests import authority, bombs, tampering
from tests import report_samples as samples

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[1]
IS_TORTURE = bool(os.environ.get("HAETAE_TORTURE"))
COUNT = 20_000 if IS_TORTURE else 320
PARTS = 4
"""So that several processes share the work."""
TRIED = list(bombs.BOMBS)[:: 1 if IS_TORTURE else 3]
"""Kinds of bombs that are like each other stand side by side."""
BOMB_PARTS = PARTS if IS_TORTURE else 2
BOMB_SECONDS = verify.SECONDS if IS_TORTURE else 0.4
"""Of processor time: whatever is not through by then is ended, and its memory counts until then."""
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


@pytest.mark.parametrize("part", range(PARTS))
def test_no_mutated_report_passes_or_holds_the_verifier_up(part: int, known: Path) -> None:
    source = random.Random(SEED + part)
    genuine = (samples.sealed(), tampering.stamped())
    assert all(verdict(raw, known) is Verdict.PASSED for raw in genuine), "else nothing is shown by the others"
    for number in range(COUNT // PARTS):
        raw = source.choice(genuine)
        made = rebuilt(raw, source) if number % 5 == 0 else mutated(raw, source)
        if made != raw:
            assert verdict(made, known) is Verdict.FAILED, f"seed {SEED + part}, number {number}"


def test_no_random_file_passes_or_holds_the_verifier_up(known: Path) -> None:
    source = random.Random(SEED)
    parts = [
        *re.findall(rb"\d+ 0 obj.*?endobj", samples.sealed(), re.DOTALL)[:400],
        b"%PDF-1.7\n", b"<<", b">>", b"stream\n", b"\nendstream", b"xref\n0 1\n", b"trailer\n<</Root 1 0 R/Size 9>>\n",
        b"startxref\n9\n%%EOF\n", b"/ByteRange [0 10 20 30]", b"/Contents <00>",
    ]  # fmt: skip
    for number in range(COUNT if IS_TORTURE else 300):
        if number % 2:
            raw = b"%PDF-1.7\n" + b"\n".join(source.choices(parts, k=source.randint(1, 60)))
        else:
            raw = source.choice([b"", b"%PDF-1.7\n"]) + source.randbytes(source.randint(0, 20_000))
        assert verdict(raw, known) is Verdict.FAILED, f"seed {SEED}, number {number}"


# --- small files that would cost a lot ----------------------------------------------------------------------------------

REAL = ("rows of nothing in another spelling", "300 MB packed twice", "a name of 30 MB", "20 MB of starts")
REAL_TRIED = REAL if IS_TORTURE else REAL[:2]
"""The way is the same for all, and what each leads to is tried above: one that is ended for its memory, one that is refused by itself."""


@pytest.mark.parametrize("part", range(BOMB_PARTS))
def test_a_small_bomb_fails_within_a_gigabyte(part: int, known: Path) -> None:
    """Each in a process of its own under the limits of verification; nothing that it leads to reaches the reader as an error."""
    names = TRIED[part::BOMB_PARTS]
    for name, came in zip(
        names, bombs.examined((bombs.BOMBS[name]() for name in names), known, BOMB_SECONDS), strict=True
    ):
        assert came.memory_bytes < 1.1 * verify.MEMORY_BYTES, name
        assert came.stopped_by in (0, signal.SIGKILL, signal.SIGXCPU, signal.SIGPROF), name
        found = verify.conclude(came.seen, b"", at=tampering.NOW)
        assert found.verdict is Verdict.FAILED, name
        assert found.to_json()["facts"], name


def test_there_are_a_hundred_kinds_of_bombs() -> None:
    assert len(bombs.BOMBS) > 100


VERIFIED = """
import json, resource, sys
from pathlib import Path
from exports.verification import verify
from tests import tampering
file, certificate, folder = map(Path, sys.argv[1:])
found = verify.verify(file.read_bytes(), [certificate.read_bytes()], at=tampering.NOW, folder=folder)
print(json.dumps([found.verdict, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024]))
"""
"""Says the verdict and the most memory, in bytes, that a process needed which was begun for it."""


@pytest.mark.parametrize("name", REAL_TRIED)
def test_a_bomb_is_not_readable_to_whoever_verifies(name: str, known: Path, tmp_path: Path) -> None:
    """The whole way, with the process and the limits of the product; by a small process: one that
    is begun counts the memory of whoever began it as its own."""
    make = bombs.BOMBS.get(name) or bombs.BOMBS[f"metadata, {name}"]
    file, certificate = tmp_path / "bomb.pdf", tmp_path / "certificate.pem"
    file.write_bytes(make())
    certificate.write_bytes(keys.certificate_pem(samples.signer()))
    words = [sys.executable, "-c", VERIFIED, str(file), str(certificate), str(known)]
    said = subprocess.run(words, cwd=ROOT, stdout=subprocess.PIPE, check=True, timeout=600).stdout
    verdict, memory_bytes = json.loads(said)
    assert Verdict(verdict) is Verdict.FAILED
    assert 0 < memory_bytes < 1.1 * verify.MEMORY_BYTES
