"""`haetae history`: whether everything that was kept is still what it was."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from commands._output import Exit, complain, errors_told, print_json, tell
from questionnaires.legible import legible

if TYPE_CHECKING:
    from assessments.keeping.audit_findings import Finding
    from assessments.keeping.auditing import Audit

app = typer.Typer(help="The history and all that it tells of.", no_args_is_help=True, add_completion=False)


@app.command("verify")
def verify(as_json: Annotated[bool, typer.Option("--json", help="As JSON.")] = False) -> None:
    """Derive the chain of events anew; compare checkpoints, evidence, sealed reports and revisions. Exit: 1 where one differs.

    Where all is intact, what a process left half written goes.
    """
    with errors_told():
        from assessments.keeping import auditing, leftovers
        from assessments.storage import database
        from exports.record import attached

        with database.reading() as session:
            audit = auditing.audit(session, attached.checkpoint_of)
        if audit.is_intact:  # else everything stays as it is
            with database.transaction() as session:
                remarks = leftovers.sweep(session)
            for remark in remarks:
                complain(remark.en)
    if as_json:
        counted = {name: value for name, value in vars(audit).items() if isinstance(value, int)}
        findings = [_finding(finding) for finding in audit.findings]
        print_json({"is_intact": audit.is_intact, **counted, "head": _head(audit), "findings": findings})
    else:
        say(audit)
    if not audit.is_intact:
        raise typer.Exit(Exit.BAD)


@app.command("show")
def show(event: Annotated[int, typer.Argument(help="Its number, as on the history screen.")]) -> None:
    """Show one event and its values, by name."""
    with errors_told():
        from assessments.storage import database, event_lines

        with database.reading() as session:
            line = event_lines.event(session, event)
    who = legible(line.by.name) if line.by else "erased"
    tell(f"Event {line.seq}: {line.kind}, {line.at:%Y-%m-%d %H:%M:%S} UTC, {who}")
    if line.assessment_id:
        tell(f"Assessment {line.assessment_id}, revision {line.revision}")
    tell(f"Values: {', '.join([*(['actor'] if line.by else []), *line.values]) or 'none'}")
    if line.erased:
        tell(f"Erased: {', '.join(line.erased)}")


def say(audit: Audit) -> None:
    """Print what was compared, what is wrong, and the checkpoint to note elsewhere."""
    for finding in audit.findings:
        complain(finding.sentence("en"))
    tell(
        f"Compared: {audit.events:,} events ({audit.erased:,} values erased), {audit.checkpoints:,} checkpoints, "
        f"{audit.evidence:,} evidence files, {audit.reports:,} sealed reports, {audit.revisions:,} submitted revisions."
    )
    if audit.head:
        tell(f"Checkpoint: {audit.head.seq} {audit.head.hash} ({audit.head.at:%Y-%m-%d %H:%M:%S} UTC)")
    if audit.is_intact:
        tell("Intact: everything is what was kept.")
    else:
        complain(
            f"NOT INTACT: {len(audit.findings):,} findings. Keep database and files as they are, and restore the newest "
            "backup that verifies: haetae restore DIR."
        )


def _head(audit: Audit) -> dict[str, object] | None:
    return {"seq": audit.head.seq, "hash": audit.head.hash, "at": audit.head.at.isoformat()} if audit.head else None


def _finding(finding: Finding) -> dict[str, object]:
    return {
        "thing": finding.thing.value,
        "harm": finding.harm.value,
        "which": finding.which,
        "text": finding.text.model_dump(),
    }
