"""`haetae register`: the register of AI systems written as a table, and taken over from one."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from commands import _acting
from commands._output import Exit, complain, errors_told, tell

if TYPE_CHECKING:
    from assessments.actions import Imported

app = typer.Typer(help="The register of AI systems as CSV or XLSX.", no_args_is_help=True, add_completion=False)
Acting = Annotated[str, typer.Option("--as", help="Who does it; see `haetae user list`.")]


@app.command("export")
def export(
    file: Annotated[Path, typer.Argument(help="File to write: XLSX, or CSV if its name ends in .csv.")],
    acting: Acting,
    language: Annotated[str, typer.Option("--language", help="Of headings and fixed words: ko or en.")] = "ko",
) -> None:
    """Write every AI system that this person may read."""
    from assessments import viewing
    from assessments.storage import database
    from exports.forms import register

    if language not in ("ko", "en"):
        complain(f"There is no language '{language}'. Choose ko or en.")
        raise typer.Exit(Exit.INPUT)
    with errors_told(language):  # type: ignore[arg-type]
        database.prepare()
        actor = _acting.acting(acting)
        with database.reading() as session:
            rows = list(viewing.register_rows(session, actor, viewing.Wanted(), viewing.Search(), language))
        is_csv = file.suffix.lower() == ".csv"
        at = datetime.now(UTC)
        file.write_bytes(register.as_csv(rows, language) if is_csv else register.as_workbook(rows, language, at))
    tell(f"{file}: {len(rows):,} systems.")


@app.command("import")
def import_(
    file: Annotated[
        Path, typer.Argument(help="CSV (UTF-8, UTF-16 or CP949) or XLSX, with headings in Korean or English.")
    ],
    acting: Acting,
    take_over: Annotated[
        bool, typer.Option("--take-over", help="Do it. Without this, it is only said what would be done.")
    ] = False,
    leave_out: Annotated[
        bool, typer.Option("--leave-out-wrong-rows", help="Take over all other rows; else a wrong row stops them all.")
    ] = False,
) -> None:
    """Say what a table of AI systems would change, or change it. Exit: 1 rows are wrong and nothing was done for them."""
    from assessments import actions
    from assessments.register_file import reading
    from assessments.storage import database

    with errors_told():
        sheet = reading.read(file.read_bytes())
        database.prepare()
        actor = _acting.acting(acting)
        imported = None
        try:
            with database.transaction() as session:
                imported = actions.import_systems(session, sheet, actor, datetime.now(UTC))
                if not take_over or (imported.problems and not leave_out):
                    raise _NothingDoneError
        except _NothingDoneError:
            is_done = False
        else:
            is_done = True
    _say(imported, sheet.unknown, is_done)
    if imported is not None and imported.problems:
        raise typer.Exit(Exit.BAD)


class _NothingDoneError(Exception):
    """Rolls back."""


def _say(imported: Imported | None, unknown: tuple[str, ...], is_done: bool) -> None:
    from assessments.register_file import columns

    if imported is None:
        return
    for heading in unknown:
        complain(f"Left out: the column '{heading}', which the register does not have.")
    for problem in imported.problems:
        column = f", {columns.title(problem.column).en}" if problem.column else ""
        complain(f"Line {problem.line}{column}: {problem.text.en}")
    new, changed = len(imported.registered), len(imported.changed)
    counts = f"{new:,} new, {changed:,} changed, {imported.unchanged:,} as they were, {imported.wrong:,} wrong"
    tell(f"Taken over: {counts}." if is_done else f"Nothing was done. It would be: {counts}.")
    if not is_done and not imported.problems:
        tell("To do it: --take-over")
