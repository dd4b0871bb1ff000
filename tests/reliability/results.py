"""What the suite found, kept in .bench/reliability and written into docs/reliability.md: note, yardstick, write.

`python -m tests.reliability.results` writes the page anew from what is kept.
"""

from __future__ import annotations

import json
import os
import platform
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from tests.bench.rules import additions

ROOT = Path(__file__).resolve().parents[2]
KEPT = ROOT / ".bench" / "reliability"
PAGE = ROOT / "docs" / "reliability.md"
HEAD = """# What holds when something breaks

Made by `make reliability`; nothing in it is written by hand. Each row is a test that fails if what it says does not come of it:
what was acknowledged is there, the chain of the history verifies, and whoever was at it is told in one sentence what to do.

{machine}

| scenario | database | what was done | what came of it | figure |
|---|---|---|---|---|
"""


@dataclass(frozen=True)
class Result:
    """One row of the page."""

    scenario: str
    database: str
    done: str
    outcome: str
    figure: str = ""


def note(place: str, result: Result) -> None:
    """place: orders the rows, and names this one: noted again it takes the place of the former."""
    KEPT.mkdir(parents=True, exist_ok=True)
    (KEPT / f"{place}.json").write_text(json.dumps(asdict(result), ensure_ascii=False, indent=1), "utf-8")


def yardstick() -> float:
    """Seconds that this machine takes for three million additions, the best of three."""
    return min(additions(1) for _ in range(3))


def machine() -> str:
    seconds, cores = yardstick(), len(os.sched_getaffinity(0))
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return (
        f"Machine: {cores} cores, {memory:.0f} GB, Python {platform.python_version()}; three million additions took it "
        f"{seconds:.2f} s when this was written ({datetime.now(UTC):%Y-%m-%d %H:%M} UTC). Everything, people, servers, database, "
        "workers and nginx, shared these cores."
    )


def write() -> None:
    rows = [
        "| "
        + " | ".join(
            str(cell).replace("|", "/").replace("\n", " ") for cell in json.loads(file.read_text("utf-8")).values()
        )
        + " |"
        for file in sorted(KEPT.glob("*.json"))
    ]
    PAGE.write_text(HEAD.format(machine=machine()) + "\n".join(rows) + "\n", "utf-8")


if __name__ == "__main__":
    write()
