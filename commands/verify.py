"""`haetae verify`: whether a sealed report can be relied on."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from commands._output import Exit, complain, errors_told, print_json

if TYPE_CHECKING:
    from exports.verify import Verification

SIGNS = {"ok": "[ok]  ", "bad": "[BAD] ", "open": "[?]   ", "note": "[note]"}


def verify(
    file: Annotated[Path, typer.Argument(help="A report as PDF.")],
    trust: Annotated[
        list[Path] | None,
        typer.Option("--trust", help="A certificate that you trust (PEM or DER); may be given several times."),
    ] = None,
    pages: Annotated[
        bool, typer.Option("--pages", help="Also print the record anew and compare every page; takes a while.")
    ] = False,
    language: Annotated[Literal["ko", "en"], typer.Option("--language", help="Language of the findings.")] = "en",
    as_json: Annotated[bool, typer.Option("--json", help="Print everything found as JSON.")] = False,
) -> None:
    """Check the seal, recompute the results and look up the questionnaires. Exit: 0 passed, 1 failed, 3 indeterminate."""
    from exports import verify as verification

    if pages:
        complain("Printing the record anew to compare the pages …")
    with errors_told():
        with file.open("rb") as stream:
            pdf = stream.read(verification.MAX_BYTES + 1)
        trusted = [one.read_bytes() for one in trust or ()]
    try:
        found = verification.verify(pdf, trusted, at=datetime.now(UTC), is_reprinting=pages)
    except ValueError as error:
        complain(f"A file given with --trust holds no certificate that can be read ({error}). Give a PEM or DER file.")
        raise typer.Exit(Exit.INPUT) from None
    if as_json:
        print_json(found.to_json())
    else:
        _tell(found, language)
    raise typer.Exit(found.verdict.exit_code)


def _tell(found: Verification, language: str) -> None:
    typer.echo(f"{found.verdict_text[language]}")
    for one in found.facts:
        typer.echo(f"  {SIGNS[one.state.value]} {one.text[language]}")
    if found.document:
        typer.echo(f"  {found.document['id']}, {found.record_sha256}")
    if found.certificate:
        typer.echo(f"  {found.certificate['subject']}, SHA-256 {found.certificate['fingerprint']}, {found.sealed_at}")
