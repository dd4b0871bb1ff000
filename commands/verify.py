"""`haetae verify`: whether a sealed report can be relied on."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from assessments.home import home
from commands._output import Exit, complain, errors_told, print_json, tell, tell_folded

if TYPE_CHECKING:
    from assessments.registration import Registration
    from exports.verify import Verification

SIGNS = {"ok": "[ok]  ", "bad": "[BAD] ", "open": "[?]   ", "note": "[note]"}


def verify(
    file: Annotated[Path, typer.Argument(help="A report as PDF.")],
    trust: Annotated[
        list[Path] | None,
        typer.Option("--trust", help="A certificate that you trust (PEM or DER); may be given several times."),
    ] = None,
    trust_tsa: Annotated[
        list[Path] | None,
        typer.Option(
            "--trust-tsa", help="A certificate of a time-stamp authority that you trust; else --trust counts."
        ),
    ] = None,
    revoked: Annotated[
        list[Path] | None,
        typer.Option("--revocation", help="A revocation list or OCSP response, beside those in the file."),
    ] = None,
    here: Annotated[
        bool, typer.Option("--here", help="Also trust this installation's certificates, and look into its register.")
    ] = False,
    pages: Annotated[
        bool, typer.Option("--pages/--no-pages", help="Print the record anew and compare every page.")
    ] = True,
    language: Annotated[Literal["ko", "en"], typer.Option("--language", help="Language of the findings.")] = "en",
    as_json: Annotated[bool, typer.Option("--json", help="Print everything found as JSON.")] = False,
) -> None:
    """Check the seal, recompute the results and look up the questionnaires. Exit: 0 passed, 1 failed, 3 indeterminate."""
    from exports import ours
    from exports import verify as verification

    with errors_told():
        with file.open("rb") as stream:
            pdf = stream.read(verification.MAX_BYTES + 1)
        trusted, stampers, lists = ([one.read_bytes() for one in given or ()] for given in (trust, trust_tsa, revoked))
        own = ours.read(home()) if here else None
        if own is not None:
            trusted += own.certificates
            stampers += own.stampers
    try:
        with errors_told():
            found = verification.verify(
                pdf,
                trusted,
                at=datetime.now(UTC),
                is_reprinting=pages,
                register=_look_up if here else None,
                stampers=stampers,
                revoked=lists,
            )
    except ValueError as error:
        complain(
            f"A file given with --trust, --trust-tsa or --revocation cannot be used ({error}). Give certificates, lists "
            "and answers as PEM or DER."
        )
        raise typer.Exit(Exit.INPUT) from None
    if own is not None:
        found = ours.judged(found, own, is_given=bool(trust))
    if as_json:
        print_json(found.to_json())
    else:
        _tell(found, language)
    raise typer.Exit(found.verdict.exit_code)


def _look_up(pdf: bytes, file_sha256: str, record_sha256: str | None) -> Registration | None:
    from assessments import register

    return register.look_up(pdf, file_sha256, record_sha256)


def _tell(found: Verification, language: str) -> None:
    """The verdict first, and last again, where a reader's eye is when a long answer has gone by."""
    from exports import about
    from exports.labels import labels

    tell(found.verdict_text[language])
    for one in found.facts:
        tell_folded(f"  {SIGNS[one.state.value]} {one.text[language]}", 9)
    tell(f"{labels('verification.yaml')['says'][language]}:")
    for row in about.rows(found, language):
        tell_folded(f"  {row.name}: {row.value}", 4)
    meaning = found.verdict.meaning[language].replace("✕", SIGNS["bad"].strip())
    tell_folded(f"{found.verdict_text[language]}. {meaning}", 4)
