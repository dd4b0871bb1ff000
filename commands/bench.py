"""`haetae bench`: a portfolio that is made up, to measure with and to show."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

import typer

from commands._output import Exit, complain, errors_told, tell

app = typer.Typer(help="Made data, to measure with and to show.", no_args_is_help=True, add_completion=False)
MOST = 2_000_000


@app.callback()
def _bench() -> None:
    """More than one command may follow."""


@app.command("seed")
def seed(
    assessments: Annotated[int, typer.Option("--assessments", min=1, max=MOST, help="How many are made.")] = 1_000,
    number: Annotated[int, typer.Option("--seed", min=0, help="Of the random draw.")] = 7,
) -> None:
    """Fill an empty home with a made portfolio, marked as made. Refused where somebody has entered something. Exit: 4 refused."""
    from assessments.errors import AssessmentError
    from assessments.keeping import made_home, starting
    from questionnaires.wording import seoul_day

    with errors_told():
        for remark in starting.prepare():
            complain(remark.en)
        try:
            made = made_home.seed(
                assessments,
                number=number,
                today=seoul_day(datetime.now(UTC)),
                tell=lambda done: complain(f"{done:,} of {assessments:,}"),
            )
        except AssessmentError as error:
            complain(error.text.en)
            raise typer.Exit(Exit.REFUSED) from None
    tell(f"Made: {made.assessments:,} assessments of {made.systems:,} systems, with {made.events:,} events.")
    tell("This home says nothing about anybody. Its people have no passwords; add yourself: haetae user add")
