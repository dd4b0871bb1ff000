"""`haetae redact`: a copy of a report without what is marked as trade secret or personal."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from assessments.home import home
from commands._output import ReportLanguage, complain, errors_told, write_all


def redact(
    file: Annotated[Path, typer.Argument(help="A full report (PDF) or its record.json.")],
    out: Annotated[Path, typer.Option("--out", help="Folder for redacted.json and redacted.pdf.")],
    language: Annotated[ReportLanguage, typer.Option(help="Of the copy.")] = ReportLanguage.BOTH,
) -> None:
    """Leave out every marked value, of pages and attachment; sealed where the full record is signed off."""
    from exports import attached, keys, pdf, record, redaction, sealing

    with errors_told():
        full = attached.read_file(file.read_bytes())
        questionnaires = record.questionnaires_of(full)
        made = redaction.redact(full, questionnaires)
        for path, where in redaction.also_at(full, questionnaires):
            complain(
                f"What is left out of {path} also stands in {where}, which is not marked. Mark it too if it must go."
            )
        files = {"redacted.json": made.canonical, "redacted.pdf": pdf.render(made, pdf.REPORT_LANGUAGES[language])}
        if not made.is_draft:
            sealed = sealing.seal(files["redacted.pdf"], home())
            files["redacted.pdf"] = sealed.pdf
            files["certificate.pem"] = (home() / keys.CERTIFICATE_FILE).read_bytes()
            if remark := sealing.remark(sealed):
                complain(remark.en)
        write_all(out, files)
    marks = len(made.data["content"]["withheld"])
    complain(f"{out}: {', '.join(files)}; {marks} values of record {full.sha256} are left out.")
