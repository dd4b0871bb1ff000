"""A folder of reports verified at once, beside one after another: `python -m tests.bench.collection`.

The reports are made cheaply. A few hundred records, each of another system and other answers, are printed on one page with a
line instead of thirty; every further file is one of them sealed at another minute, so that all bytes differ. What is verified
without comparing pages stands in them all: seal, structure, metadata, record, questionnaires, results.
"""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import timedelta
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pyperf

from assessments.own_process import ROOT
from exports.seal import keys, pades
from exports.verification import verify
from tests import many_reports as many
from tests import report_samples as samples
from tests import tampering
from tests.many_reports import NOW

COUNT, DISTINCT, TAMPERED = 300, 29, 10
IN_A_FOLDER = "verify, each of 300 in a folder"
ALONE = "verify, each in a process from nothing"
MEMORY_GROWTH = "memory of 300 reports, of that of 29"


def fill(folder: Path, count: int, distinct: int, tampered: int) -> set[str]:
    """So many reports in folders of a thousand, and the names of those that somebody changed."""
    shorts = [
        many.short(many.record_of(many.assessment(f"시스템 {number}", applicants=number), number=f"HT-{number:05d}"))
        for number in range(distinct)
    ]
    bad = {place * count // tampered + count // tampered // 2 for place in range(tampered)} if tampered else set()
    changes = (
        tampering.comment_appended,
        tampering.page_changed,
        tampering.title_changed,
        tampering.truncated,
        _flipped,
    )
    signer, names = samples.signer(), set()
    for number in range(count):
        place = folder / f"{number // 1000:03d}"
        place.mkdir(exist_ok=True)
        at = samples.SEALED_AT + timedelta(seconds=number)
        pdf = pades.seal(shorts[number % distinct], signer, at)
        if number in bad:
            pdf = changes[len(names) % len(changes)](pdf)
            names.add(f"{place.name}/{number:06d}.pdf")
        (place / f"{number:06d}.pdf").write_bytes(pdf)
    return names


def _flipped(pdf: bytes) -> bytes:
    return tampering.flipped(pdf, len(pdf) // 3)


def verified(folder: Path, table: Path) -> dict[str, Any]:
    """What `verify_folder` of this package says of a run with two cores."""
    known, certificate = table.parent / "known", table.parent / "certificate.pem"
    if not known.exists():
        samples.known_folder(known)
    certificate.write_bytes(keys.certificate_pem(samples.signer()))
    command = [
        sys.executable,
        "-m",
        "tests.bench.verify_folder",
        *map(str, (folder, table, known, certificate)),
        NOW.isoformat(),
    ]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    took: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return took


def main() -> None:
    """Processor seconds a report, which do not depend on what else the machine does; and a ratio of memory."""
    runner = pyperf.Runner(processes=1, values=2, warmups=0, loops=1, program_args=("-m", "tests.bench.collection"))
    runner.bench_time_func(ALONE, _alone)
    runner.bench_time_func(IN_A_FOLDER, lambda _loops: _run(COUNT)["processor_seconds"] / COUNT)
    runner.bench_time_func(
        MEMORY_GROWTH,
        lambda _loops: _run(COUNT)["most_bytes"] / _run(DISTINCT)["most_bytes"],
        metadata={"unit": "integer"},
    )


def _alone(_loops: int) -> float:
    import resource

    pdf = many.sealed(many.short(many.record_of(many.assessment())))
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    verification = verify.verify(pdf, at=NOW, is_reprinting=False)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if not verification.is_readable:
        raise ValueError("the report that is verified for measuring cannot be read")
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


@cache
def _folder(count: int) -> tuple[TemporaryDirectory[str], Path]:
    holder = TemporaryDirectory()
    folder = Path(holder.name) / "reports"
    folder.mkdir()
    fill(folder, count, DISTINCT, TAMPERED if count == COUNT else 0)
    return holder, folder


def _run(count: int) -> dict[str, Any]:
    _holder, folder = _folder(count)
    with TemporaryDirectory() as place:
        took = verified(folder, Path(place, "out.csv"))
    if took["verdicts"].get("failed", 0) != (TAMPERED if count == COUNT else 0):
        raise ValueError("the run that is measured did not find what was changed")
    return took


if __name__ == "__main__":
    main()
