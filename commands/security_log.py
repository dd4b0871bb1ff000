"""`haetae security-log`: who came in, what was refused, handed out and allowed."""

from __future__ import annotations

from typing import Annotated

import typer

from assessments import security_log as log
from commands._output import errors_told, tell
from questionnaires.legible import legible


def security_log(
    lines: Annotated[int, typer.Option("--lines", "-n", min=1, help="How many of the newest.")] = 50,
) -> None:
    """Print the newest entries of the security log, the oldest of them first."""
    with errors_told():
        entries = log.newest(lines)
    for entry in entries:
        row = "\t".join(
            legible(entry.get(name, "-")) for name in ("at", "outcome", "deed", "actor", "address", "subject")
        )
        tell(f"{row}\t{legible(entry['reason'])}" if "reason" in entry else row)
    if not entries:
        tell("Nothing was noted yet.")
