"""`haetae check`: whether questionnaire files are sound."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from commands._output import Exit, complain, tell
from questionnaires.check import check_files, check_folder


def check(
    files: Annotated[
        list[Path] | None, typer.Argument(help="Questionnaire files; without any, all that are shipped.")
    ] = None,
) -> None:
    """Check questionnaire files as a whole, and the words of all shipped texts; every problem with file, line, reason and remedy."""
    absent = [file for file in files or () if not file.is_file()]
    if absent:
        for file in absent:
            complain(f"{file}: there is no such file. Check the name.")
        raise typer.Exit(Exit.INPUT)
    report = check_files(files) if files else check_folder()
    for warning in report.warnings:
        complain(f"warning: {warning}")
    for problem in report.problems:
        tell(str(problem))
    problems = f"{len(report.problems)} problems" if report.problems else "no problems"
    tell(f"{report.files} questionnaire files, {problems}, {len(report.warnings)} warnings.")
    if report.problems:
        raise typer.Exit(Exit.BAD)
