"""`haetae assess`: a file in, a record and a report out, without screen or database."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from assessments import content, files
from assessments.home import home
from assessments.model import Json
from assessments.rules import findings
from commands._output import Exit, complain, errors_told, print_json, write_all


def assess(
    file: Annotated[Path, typer.Argument(help="An assessment file; `haetae template DOMAIN` writes an empty one.")],
    out: Annotated[
        Path | None, typer.Option("--out", help="Folder for record.json, report.pdf and certificate.pem.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print what was found as JSON.")] = False,
) -> None:
    """Determine, score and report an assessment file; sealed where the file states a decision and nothing is missing."""
    if out is None and not as_json:
        complain("Nothing to do: give --out DIR for record and report, or --json for what was found.")
        raise typer.Exit(Exit.INPUT)
    with errors_told():
        stated = files.read_file(file)
        found = findings.derive(stated.questionnaires, stated.assessment)
        results = content.results(found, stated.assessment)
        if out is not None:
            _write(stated, out)
    if as_json:
        print_json(results)
    else:
        _summary(results)


def _write(stated: files.StatedAssessment, out: Path) -> None:
    """Everything is made before anything is written."""
    from exports import keys, pdf, record, sign

    at = stated.assessment.sign_off.at if stated.assessment.sign_off else files.at_noon(stated.assessment.on)
    document_id = "HT-FILE-" + content.content_sha256(stated.assessment)[:12].upper()
    built = record.build(stated.assessment, stated.editions, at=at, document_id=document_id)
    made = {"record.json": built.canonical, "report.pdf": pdf.render(built)}
    if not built.is_draft:
        signer = keys.load_or_create(home())
        made["report.pdf"] = sign.seal(made["report.pdf"], signer)
        made["certificate.pem"] = keys.certificate_pem(signer)
    write_all(out, made)
    typer.echo(f"{out}: {', '.join(made)} ({'draft, not sealed' if built.is_draft else 'sealed'}).", err=True)


def _summary(results: Json) -> None:
    found, risk = results["determination"], results["risk"]
    without = found["without_claim"]
    typer.echo(f"Determination: {_outcome(found)}; without the human-involvement claim: {_outcome(without)}.")
    claim = results["claim"]
    typer.echo(f"Human-involvement claim: {claim['whole'] if claim else 'none'}.")
    figures = risk["residual"]
    span = str(figures["high"]) if figures["low"] == figures["high"] else f"{figures['low']} to {figures['high']}"
    typer.echo(f"Risk level: {risk['level']}{' (provisional)' if risk['provisional'] else ''}; residual {span} of 100.")
    typer.echo(f"Gaps: {len(results['gaps'])}.")


def _outcome(found: Json) -> str:
    outcome = str(found["outcome"]).replace("_", " ")
    return f"{outcome} (contested)" if found["contested"] else outcome
