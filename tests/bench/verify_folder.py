"""One run over a folder in a process of its own, with what it took. Arguments: FOLDER TABLE KNOWN CERTIFICATE MOMENT."""

from __future__ import annotations

import json
import resource
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from exports.collection.examination import Settings
from exports.collection.run import LocalExaminer, Progress, verify_folder


def main(folder: Path, table: Path, known: Path, certificate: Path, at: datetime) -> None:
    settings = Settings([certificate.read_bytes()], folder=known)
    examiner = LocalExaminer(settings, 2)
    halfway: list[int] = []

    def note(progress: Progress) -> None:
        if not halfway and 2 * progress.done >= progress.total:
            halfway.append(_most_memory())

    with _measured() as took:
        try:
            summary = verify_folder(folder, table, settings, at=at, examiner=examiner, tell=note)
        finally:
            examiner.stop()
    took |= {"verdicts": summary.verdicts, "findings": summary.findings, "examined": summary.examined}
    took |= {"halfway_bytes": halfway[0] if halfway else 0, "most_bytes": _most_memory()}
    took["most_of_a_process_bytes"] = 1024 * resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    sys.stdout.write(json.dumps(took) + "\n")


def _most_memory() -> int:
    """Of this process, so far. What getrusage says begins with what the process that started this one held."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmHWM:"):
            return 1024 * int(line.split()[1])
    return 1024 * resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


@contextmanager
def _measured() -> Iterator[dict[str, object]]:
    took: dict[str, object] = {}
    began = time.perf_counter()
    yield took
    own, others = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    took["seconds"] = time.perf_counter() - began
    took["processor_seconds"] = own.ru_utime + own.ru_stime + others.ru_utime + others.ru_stime
    took["own_processor_seconds"] = own.ru_utime + own.ru_stime


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:-1]), datetime.fromisoformat(sys.argv[-1]))
