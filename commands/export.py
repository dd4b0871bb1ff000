"""`haetae export`: the record of a report in another form."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from commands._output import Exit, complain, errors_told, write_all


def export(
    file: Annotated[
        Path | None, typer.Argument(help="A report (PDF) or its record.json; not needed for the schema.")
    ] = None,
    form: Annotated[
        Literal["json", "xlsx", "markdown", "schema", "archive"], typer.Option("--format", help="What to write.")
    ] = "json",
    out: Annotated[Path | None, typer.Option("--out", help="The file to write.")] = None,
    language: Annotated[
        Literal["ko", "en"] | None,
        typer.Option(
            "--language", help="Of headings, labels and errors; without it headings are Korean, errors English."
        ),
    ] = None,
) -> None:
    """Write the record as JSON, workbook or Markdown, the archive copy (PDF/A-1b) of a sealed report, or the JSON Schema."""
    from exports.forms import archive_copy, outputs
    from exports.record import attached

    if out is None or (file is None and form != "schema"):
        complain("Name the file to write with --out, and the report or record.json to read.")
        raise typer.Exit(Exit.INPUT)
    with errors_told(language or "en"):
        if file is None:
            made = outputs.schema()
        elif form == "archive":
            made = archive_copy.made(file.read_bytes())
        else:
            made = outputs.render(attached.read_file(file.read_bytes()), form, language or "ko")
        write_all(out.parent, {out.name: made})
    complain(f"{out}: {len(made):,} bytes.")
