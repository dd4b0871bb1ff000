"""Seal and verification, measured: `python -m tests.bench.seals`."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pyperf

from exports.seal import keys, pades
from exports.seal.keys import Signer
from exports.verification import inspection
from tests.bench import examples

SEALED = "seal, B-B"
VERIFIED = "verify with recomputation"
SIZE = "size of a report in one language, a page"


def main() -> None:
    """Wall seconds; and how large the report is, which no clock changes."""
    runner = pyperf.Runner(processes=2, values=5, loops=1, program_args=("-m", "tests.bench.seals"))
    runner.bench_time_func(SIZE, _size, metadata={"unit": "byte"})
    runner.bench_time_func(SEALED, _sealed)
    runner.bench_time_func(VERIFIED, _verified)


def _size(_loops: int) -> float:
    return len(examples.printed()) / examples.pages()


def _sealed(loops: int) -> float:
    printed, signer = examples.printed(), _signer()
    began = pyperf.perf_counter()
    for _ in range(loops):
        pades.seal(printed, signer)
    return pyperf.perf_counter() - began


def _verified(loops: int) -> float:
    sealed, trusted = _report()
    began = pyperf.perf_counter()
    for _ in range(loops):
        verdict = inspection.examine(sealed, trusted)
    seconds = pyperf.perf_counter() - began
    if not (verdict["is_intact"] and verdict["is_recomputed"] and verdict["content_matches"]):
        raise ValueError("the report that is verified for measuring does not pass")
    return seconds


@cache
def _signer() -> Signer:
    with TemporaryDirectory() as home:
        return keys.load_or_create(Path(home))


@cache
def _report() -> tuple[bytes, list[bytes]]:
    return pades.seal(examples.printed(), _signer()), [keys.certificate_pem(_signer())]


if __name__ == "__main__":
    main()
