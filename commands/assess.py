"""`haetae assess`: turns an assessment file into a record and a report, without screens or database."""

from __future__ import annotations

import gc
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from assessments.own_process import OwnProcess
from commands._output import Exit, ReportLanguage, complain, errors_told, print_json, tell, write_all
from commands._signer import own_signer

if TYPE_CHECKING:
    from assessments.file import assessment_file
    from assessments.model import Json
    from exports.record.record import Record
    from exports.seal.keys import Signer

SIGNS_NAMED = 10


def assess(
    file: Annotated[Path, typer.Argument(help="An assessment file; `haetae template DOMAIN` writes an empty one.")],
    out: Annotated[
        Path | None, typer.Option("--out", help="Folder for record.json, report.pdf and certificate.pem.")
    ] = None,
    language: Annotated[
        ReportLanguage, typer.Option(help="Of the report, and with ko of what is wrong with the file.")
    ] = ReportLanguage.BOTH,
    archive: Annotated[
        bool, typer.Option("--archive", help="Also write archive.pdf, a copy (PDF/A-1b) of the sealed report.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print what was found as JSON.")] = False,
) -> None:
    """Determine, score and report an assessment file; sealed where the file states a decision and nothing is missing."""
    if out is None and not as_json:
        complain("Nothing to do: give --out DIR for record and report, or --json for what was found.")
        raise typer.Exit(Exit.INPUT)
    if archive and out is None:
        complain("--archive writes a file: give --out DIR too.")
        raise typer.Exit(Exit.INPUT)
    with errors_told(language.value), ExitStack() as stack:
        if gc.isenabled():  # what was made is needed to the end, and then the process goes
            gc.disable()
            stack.callback(gc.enable)
        printer = stack.enter_context(OwnProcess("render")) if out is not None else None  # gets ready meanwhile
        from assessments.content import canonical
        from assessments.file import assessment_file
        from assessments.rules import findings, gaps

        stated = assessment_file.read_file(file)
        derived = findings.derive(stated.questionnaires, stated.assessment)
        results = canonical.results(derived, stated.assessment)
        if out is not None and printer is not None:
            _write(stated, out, printer, language, is_archived=archive)
    if as_json:
        print_json(results)
    else:
        _summary(results, len(gaps.open_conditions(stated.assessment)))


def _write(
    stated: assessment_file.StatedAssessment,
    out: Path,
    printer: OwnProcess,
    language: ReportLanguage,
    *,
    is_archived: bool,
) -> None:
    """Produce all outputs before writing any of them. Raises: RecordFileError for an archive copy of a draft."""
    from assessments.content import canonical
    from assessments.home import home
    from exports.forms import archive_copy
    from exports.printing import lettering
    from exports.printing.pdf import REPORT_LANGUAGES, Rendering
    from exports.record import appearance, record

    sign_off = stated.assessment.sign_off
    on = record.day_of(sign_off) if sign_off else stated.assessment.on
    document_id = "HT-FILE-" + canonical.content_sha256(stated.assessment)[:12].upper()
    built = record.build(
        stated.assessment, stated.editions, on=on, document_id=document_id, appearance=appearance.read(home())
    )
    if is_archived and built.is_draft:
        raise archive_copy.of_a_draft()
    if undrawn := lettering.undrawn(built.data["content"]):
        complain(
            f"No font of the report has these signs; they stand there by their number: {', '.join(undrawn[:SIGNS_NAMED])}"
            f"{' and more' if len(undrawn) > SIGNS_NAMED else ''}. Write them otherwise if they are to be read."
        )
    signer = None
    if not built.is_draft:  # a key that cannot be used is told at once
        from exports.issuing import sealing

        signer = own_signer(home(), organisation=record.organisation(built))
        built = sealing.prepare(built, home(), signer=signer)
    printed = Rendering(printer).finish(built, REPORT_LANGUAGES[language])
    made = {"record.json": built.canonical, "report.pdf": printed}
    if signer is not None:
        made |= _sealed(printed, built, signer)
    if is_archived:
        made["archive.pdf"] = archive_copy.made(made["report.pdf"])
    write_all(out, made)
    complain(f"{out}: {', '.join(made)} ({'draft, not sealed' if built.is_draft else 'sealed'}).")


def _sealed(pdf: bytes, of: Record, signer: Signer) -> dict[str, bytes]:
    from assessments.home import home
    from exports.issuing import sealing
    from exports.seal import keys

    sealed = sealing.seal(pdf, of, home(), signer=signer)
    if remark := sealing.remark(sealed):
        complain(remark.en)
    return {"report.pdf": sealed.pdf, "certificate.pem": keys.certificate_pem(signer)}


def _summary(results: Json, conditions: int) -> None:
    determination, risk = results["determination"], results["risk"]
    without = determination["without_claim"]
    tell(f"Determination: {_outcome(determination)}; without the human-involvement claim: {_outcome(without)}.")
    claim = results["claim"]
    tell(f"Human-involvement claim: {claim['whole'] if claim else 'none'}.")
    figures = risk["residual"]
    span = str(figures["high"]) if figures["low"] == figures["high"] else f"{figures['low']} to {figures['high']}"
    tell(f"Risk level: {risk['level']}{' (provisional)' if risk['provisional'] else ''}; residual {span} of 100.")
    of_them = f", {conditions} of them open conditions of the approval" if conditions else ""
    tell(f"Gaps: {len(results['gaps']) + conditions}{of_them}.")


def _outcome(determination: Json) -> str:
    outcome = str(determination["outcome"]).replace("_", " ")
    return f"{outcome} (contested)" if determination["contested"] else outcome
