"""`haetae bench`: measured figures against stated limits and peers, in turns; never a timed test."""

from __future__ import annotations

import json
import os
import platform
from pathlib import Path
from typing import Annotated

import typer

from commands import _rule_cases, _turns
from commands._output import Exit, complain, tell

EXAMPLE = Path(__file__).resolve().parent.parent / "examples" / "hiring.yaml"


def bench(
    out: Annotated[Path | None, typer.Option("--json", help="Write the figures as JSON.")] = None,
    base: Annotated[Path | None, typer.Option("--base", help="An earlier run's JSON, to compare with.")] = None,
    rules_only: Annotated[bool, typer.Option("--rules-only", help="Leave out what concerns reports and logs.")] = False,
) -> None:
    """Measure loading, rules and reports on the example and logs of a million rows, case by case in turns."""
    earlier = _medians(base) if base is not None else {}
    cases = _rule_cases.cases(EXAMPLE)
    if rules_only:
        figures = _turns.measure(cases, earlier)
    else:
        from commands import _log_cases, _report_cases

        with _report_cases.cases(EXAMPLE) as more:
            figures = _turns.measure([*cases, *more], earlier)
        with _log_cases.cases() as more:
            figures += _turns.measure(more, earlier)
    for line in _turns.table(figures):
        tell(line)
    if out is not None:
        machine = {"python": platform.python_version(), "processors": os.cpu_count(), "machine": platform.machine()}
        told = {"machine": machine, "figures": _turns.as_json(figures)}
        out.write_text(json.dumps(told, indent=2) + "\n", "utf-8")


def _medians(file: Path) -> dict[str, float]:
    try:
        figures = json.loads(file.read_text("utf-8"))["figures"]
        return {one["name"]: float(one["median"]) for one in figures if one["median"] is not None}
    except (OSError, ValueError, KeyError, TypeError):
        complain(f"{file}: holds no figures of an earlier run. Give a file that `haetae bench --json` wrote.")
        raise typer.Exit(Exit.INPUT) from None
