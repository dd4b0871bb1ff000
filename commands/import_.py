"""`haetae import`: the record of a report as a new draft in the database."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from assessments import actions
from assessments.storage import database
from commands import _acting
from commands._output import errors_told, tell


def import_(
    file: Annotated[Path, typer.Argument(help="A full report (PDF) or its record.json.")],
    acting: Annotated[str, typer.Option("--as", help="Who opens it; see `haetae user list`.")],
    unit: Annotated[
        int | None,
        typer.Option("--unit", help="Number of the unit for a system that is new here; see `haetae unit list`."),
    ] = None,
) -> None:
    """Open the record as a new draft. Approvals are not taken over; what cannot be is said."""
    from exports.record import attached

    with errors_told():
        assessment = attached.as_assessment(attached.read_file(file.read_bytes()))
        database.prepare()
        actor = _acting.acting(acting)
        with database.transaction() as session:
            taken = actions.take_over(session, assessment, actor, datetime.now(UTC), unit=unit)
    tell(f"Assessment {taken.assessment_id} is a new draft.")
    for text in taken.left_out:
        tell(f"Not taken over: {text.en}")
