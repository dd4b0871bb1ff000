"""`haetae bench`: measured figures against stated limits, as medians; never a timed test."""

from __future__ import annotations

import json
import statistics
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from assessments import files
from assessments.rules import determination, scoring
from assessments.rules.findings import examine_claim
from questionnaires import load

ROOT = Path(__file__).resolve().parent.parent
ROUNDS = 9


def bench(out: Annotated[Path | None, typer.Option("--out", help="Write the figures as JSON.")] = None) -> None:
    """Measure loading and rules on the example."""
    rows = [
        _row("load all questionnaires, cold", 300, _cold),
        _row("load all questionnaires, cached", 5, _cached),
        _row("determine and score with trace", 0.2, _rules(), inner=200),
    ]
    for row in rows:
        met = "met" if row.median_ms <= row.limit_ms else "NOT met"
        typer.echo(f"{row.what:<36} {row.median_ms:>9.3f} ms   limit {row.limit_ms:g} ms   {met}")
    if out is not None:
        out.write_text(json.dumps([asdict(row) for row in rows], indent=2) + "\n", "utf-8")


@dataclass(frozen=True)
class Figure:
    what: str
    median_ms: float
    limit_ms: float


def _row(what: str, limit_ms: float, act: Callable[[], object], inner: int = 1) -> Figure:
    taken = []
    act()
    for _ in range(ROUNDS):
        begun = time.perf_counter()
        for _ in range(inner):
            act()
        taken.append((time.perf_counter() - begun) * 1000 / inner)
    return Figure(what, statistics.median(taken), limit_ms)


def _cold() -> object:
    load.forget()
    return load.editions()


def _cached() -> object:
    return [load.in_force(one.id, date(2026, 11, 20)) for one in load.editions()]


def _rules() -> Callable[[], object]:
    stated = files.read_file(ROOT / "examples" / "hiring.yaml")
    asked = stated.questionnaires[stated.assessment.domain]
    answers = stated.assessment.answers(stated.assessment.domain)
    claim = examine_claim(stated.questionnaires, stated.assessment).whole

    def act() -> object:
        return determination.determine(asked, answers, claim), scoring.score(asked, answers)

    return act
