"""`haetae template`: an empty assessment file."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

import typer

from assessments.editions import domains
from assessments.file.writing import template as empty
from commands._output import Exit, complain, errors_told, print_text
from questionnaires.wording import seoul_day


def template(domain: Annotated[str, typer.Argument(help="hiring, credit, medical: whichever is shipped.")]) -> None:
    """Print a complete, commented assessment file for a domain."""
    if domain not in domains():
        complain(f"There is no questionnaire for the domain '{domain}'. There are: {', '.join(domains())}.")
        raise typer.Exit(Exit.INPUT)
    with errors_told():
        print_text(empty(domain, seoul_day(datetime.now(UTC))))
