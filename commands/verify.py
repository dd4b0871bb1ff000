"""`haetae verify`: whether a sealed report can be relied on."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal, NoReturn

import typer

from assessments.home import home
from commands._many_reports import verify_many
from commands._output import Exit, complain, errors_told, print_json, tell, tell_folded
from questionnaires.legible import legible
from questionnaires.texts import texts_of

if TYPE_CHECKING:
    from assessments.registration import Registration
    from exports.verification.verdict import Verification

TEXTS = texts_of(__file__)
SIGNS = {"ok": "[ok]  ", "bad": "[BAD] ", "open": "[?]   ", "note": "[note]"}


def verify(
    file: Annotated[Path, typer.Argument(help="A report as PDF; with --table a folder of them.")],
    table: Annotated[
        Path | None,
        typer.Option("--table", help="Verify every report in the folder; results go to this .xlsx, .csv or .parquet."),
    ] = None,
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
    original: Annotated[
        Path | None, typer.Option("--original", help="With an archive copy: the sealed report that it is made of.")
    ] = None,
    here: Annotated[
        bool, typer.Option("--here", help="Also trust this installation's certificates, and look into its register.")
    ] = False,
    pages: Annotated[
        bool | None,
        typer.Option(
            "--pages/--no-pages",
            help="Print the record anew and compare every page. Of one file that is done, of a folder only if asked for.",
        ),
    ] = None,
    language: Annotated[Literal["ko", "en"], typer.Option("--language", help="Language of the findings.")] = "en",
    as_json: Annotated[bool, typer.Option("--json", help="Print everything found as JSON.")] = False,
    fresh: Annotated[
        bool, typer.Option("--fresh", help="With --table: verify anew what the journal beside the table knows.")
    ] = False,
    replace: Annotated[
        bool, typer.Option("--replace", help="With --table: write over a file that no such run made.")
    ] = False,
    cluster: Annotated[
        str, typer.Option("--cluster", help="With --table: a Dask scheduler to verify on, as tcp://10.0.0.5:8786.")
    ] = "",
    shared: Annotated[
        bool, typer.Option("--shared", help="With --cluster: workers read the folder themselves, under the same path.")
    ] = False,
) -> None:
    """Check the seal, recompute the results and look up the questionnaires. Exit: 0 passed, 1 failed, 3 indeterminate."""
    alone = {"--original": original is not None, "--here": here, "--json": as_json}
    many = {"--fresh": fresh, "--replace": replace, "--cluster": bool(cluster), "--shared": shared}
    if table is not None:
        _check_options(alone, "not_with_table", language)
        trusted, stampers, lists = _certificates(trust, trust_tsa, revoked, language)
        verify_many(
            file,
            table,
            trusted=trusted,
            stampers=stampers,
            revoked=lists,
            language=language,
            is_reprinting=bool(pages),
            is_fresh=fresh,
            may_replace=replace,
            cluster=cluster,
            is_shared=shared,
        )
        return
    _check_options(many, "only_with_table", language)
    if file.is_dir():
        complain(TEXTS.told("table_needed", file=legible(str(file))).text[language])
        raise typer.Exit(Exit.INPUT)
    from exports.issuing import ours
    from exports.verification import verify as verification

    pdf = _content(file, language)
    of = _content(original, language) if original else None
    trusted, stampers, lists = _certificates(trust, trust_tsa, revoked, language)
    with errors_told(language):
        own = ours.read(home()) if here else None
        if own is not None:
            trusted += own.certificates
            stampers += own.stampers
        result = verification.verify(
            pdf,
            trusted,
            at=datetime.now(UTC),
            is_reprinting=pages is not False,
            register=_look_up if here else None,
            stampers=stampers,
            revoked=lists,
            original=of,
        )
        if original and result.archive is None:
            _refuse(file, "no_copy", language)
    if own is not None:
        result = ours.judged(result, own, is_given=bool(trust))
    if as_json:
        print_json(result.to_json())
    else:
        _tell(result, language)
    raise typer.Exit(result.verdict.exit_code)


def _check_options(options: Mapping[str, bool], problem: str, language: str) -> None:
    """options: name → whether it was stated, though it does not belong here."""
    for option, is_stated in options.items():
        if is_stated:
            complain(TEXTS.told(problem, option=option).text[language])
            raise typer.Exit(Exit.INPUT)


def _certificates(
    trust: list[Path] | None, trust_tsa: list[Path] | None, revoked: list[Path] | None, language: str
) -> tuple[list[bytes], list[bytes], list[bytes]]:
    """Whose seals are trusted, whose time stamps, and what is revoked."""
    from exports.seal import certificates, revocation

    trusted, stampers, lists = (
        [_usable(path, read, problem, language) for path in paths or ()]
        for paths, read, problem in (
            (trust, certificates.as_pem, "trust_unusable"),
            (trust_tsa, certificates.as_pem, "trust_unusable"),
            (revoked, revocation.read, "lists_unusable"),
        )
    )
    return trusted, stampers, lists


def _content(file: Path, language: str) -> bytes:
    """Read at most one byte more than the examination limit; that byte shows that the file is too large."""
    from exports.verification.verify import MAX_BYTES

    try:
        with file.open("rb") as stream:
            return stream.read(MAX_BYTES + 1)
    except OSError as error:
        kinds = {FileNotFoundError: "absent", IsADirectoryError: "folder", PermissionError: "forbidden"}
        _refuse(file, f"file_{kinds.get(type(error), 'unreadable')}", language)


def _usable(file: Path, read: Callable[[bytes], object], problem: str, language: str) -> bytes:
    """Content of a file of certificates or revocation data, checked to be readable as such."""
    content = _content(file, language)
    try:
        read(content)
    except ValueError:
        _refuse(file, problem, language)
    return content


def _refuse(file: Path, problem: str, language: str) -> NoReturn:
    from exports.words.labels import labels

    complain(labels("verification.yaml")[problem][language].format(file=legible(str(file))))
    raise typer.Exit(Exit.INPUT)


def _look_up(pdf: bytes, file_sha256: str, record_sha256: str | None) -> Registration | None:
    from assessments import register

    return register.look_up(pdf, file_sha256, record_sha256)


def _tell(verification: Verification, language: str) -> None:
    """Print the verdict first and again last, where the eye rests after long output."""
    from exports.verification import about
    from exports.words.labels import labels

    tell(verification.verdict_text[language])
    for fact in verification.facts:
        tell_folded(f"  {SIGNS[fact.state.value]} {fact.text[language]}", 9)
    tell(f"{labels('verification.yaml')['says'][language]}:")
    for row in about.rows(verification, language):
        tell_folded(f"  {row.name}: {row.value}", 4)
    meaning = verification.meaning[language].replace("✕", SIGNS["bad"].strip())
    tell_folded(f"{verification.verdict_text[language]}. {meaning}", 4)
