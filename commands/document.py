"""`haetae document`: an official document made of a record, as PDF, Word or Hangul; `haetae document fields` for what it needs beside."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from commands._output import Exit, complain, errors_told, print_text, write_all

if TYPE_CHECKING:
    from exports.official.document import Document

ENDINGS = (".pdf", ".docx", ".hwpx")


def document(
    kind: Annotated[
        Literal["request", "publication", "notices", "rights", "fields"],
        typer.Argument(help="Which document; `fields` prints the file of what they need beside the record."),
    ],
    file: Annotated[Path | None, typer.Argument(help="A report (PDF) or its record.json.")] = None,
    out: Annotated[
        Path | None, typer.Option("--out", help="The file to write; its ending says the form: pdf, docx, hwpx.")
    ] = None,
    fields: Annotated[
        Path | None, typer.Option("--fields", help="A YAML file as `haetae document fields` prints it, filled in.")
    ] = None,
    language: Annotated[Literal["ko", "en"], typer.Option("--language", help="Of the document and of errors.")] = "ko",
) -> None:
    """Make the request of Act Art. 33, the public notice, notices of Art. 31 or a rights sheet of a record. Never sealed."""
    from assessments.deeds.requesting import read_facts
    from exports.official import making
    from exports.official.material import Material
    from exports.record import attached, record

    if kind == "fields":
        print_text(_fields(language))
        return
    if file is None or out is None or out.suffix.lower() not in ENDINGS:
        complain("Name the report or record.json to read, and with --out a file that ends in .pdf, .docx or .hwpx.")
        raise typer.Exit(Exit.INPUT)
    with errors_told(language):
        facts = read_facts(fields.read_bytes(), fields.name) if fields else {}
        made_from = attached.read_file(file.read_bytes())
        again = record.recompute(made_from)
        material = Material(
            made_from,
            again.assessment,
            again.questionnaires,
            again.findings,
            facts,
            language,
            0,
            made_from.at or datetime.now(UTC),
            out.suffix.lower() != ".pdf",
        )
        made = making.made(kind, material)
        write_all(out.parent, {out.name: _written(made, out.suffix.lower())})
        absent = making.missing(kind, material)
    for field in material.contradicted():
        complain(f"Taken from the answers of the record, not from {fields}: {field.label[language]}")
    for name in absent:
        complain(f"Not filled in: {name}")
    complain(f"{out}: {out.stat().st_size:,} bytes.")


def _written(made: Document, ending: str) -> bytes:
    from exports.forms import hwpx, official_docx
    from exports.printing import document as printing

    match ending:
        case ".docx":
            return official_docx.as_docx(made)
        case ".hwpx":
            return hwpx.as_hwpx(made)
    return printing.make_official(made)


def _fields(language: str) -> str:
    """A file to be filled in: each field empty, under what it is called and what may stand there."""
    from questionnaires.confirmation import form

    lines = []
    for field in form().asked:
        lines.append(f"# {field.label[language]}")
        if field.hint:
            lines.append(f"#   {field.hint[language]}")
        if field.options:
            lines += [f"#   {option.value}: {option.label[language]}" for option in field.options]
        lines.append(f'{field.id}: ""')
    return "\n".join(lines) + "\n"
