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
    """Derive the chain of events anew; compare checkpoints, evidence, sealed reports and revisions. Exit: 1 where one differs."""
    with errors_told():
        from assessments.keeping import auditing
        from assessments.storage import database
        from exports.record import attached

        with database.reading() as session:
            found = auditing.audit(session, attached.checkpoint_of)
    if as_json:
        counted = {name: value for name, value in vars(found).items() if isinstance(value, int)}
        findings = [_finding(one) for one in found.findings]
        print_json({"is_intact": found.is_intact, **counted, "head": _head(found), "findings": findings})
    else:
        say(found)
    if not found.is_intact:
        raise typer.Exit(Exit.BAD)


@app.command("show")
def show(event: Annotated[int, typer.Argument(help="Its number, as on the history screen.")]) -> None:
    """What one event is and which values it holds, by name."""
    with errors_told():
        from assessments.storage import database, reader

        with database.reading() as session:
            line = reader.event(session, event)
    who = legible(line.by.name) if line.by else "erased"
    tell(f"Event {line.seq}: {line.kind}, {line.at:%Y-%m-%d %H:%M:%S} UTC, {who}")
    if line.assessment_id:
        tell(f"Assessment {line.assessment_id}, revision {line.revision}")
    tell(f"Values: {', '.join([*(['actor'] if line.by else []), *line.values]) or 'none'}")
    if line.erased:
        tell(f"Erased: {', '.join(line.erased)}")


def say(found: Audit) -> None:
    """What was compared, what is wrong with it, and the checkpoint to note elsewhere."""
    for one in found.findings:
        complain(one.sentence("en"))
    tell(
        f"Compared: {found.events:,} events ({found.erased:,} values erased), {found.checkpoints:,} checkpoints, "
        f"{found.evidence:,} evidence files, {found.reports:,} sealed reports, {found.revisions:,} submitted revisions."
    )
    if found.head:
        tell(f"Checkpoint: {found.head.seq} {found.head.hash} ({found.head.at:%Y-%m-%d %H:%M:%S} UTC)")
    if found.is_intact:
        tell("Intact: everything is what was kept.")
    else:
        complain(
            f"NOT INTACT: {len(found.findings):,} findings. Keep database and files as they are, and restore the newest "
            "backup that verifies: haetae restore DIR."
        )


def _head(found: Audit) -> dict[str, object] | None:
    return {"seq": found.head.seq, "hash": found.head.hash, "at": found.head.at.isoformat()} if found.head else None


def _finding(one: Finding) -> dict[str, object]:
    return {"thing": one.thing.value, "harm": one.harm.value, "which": one.which, "text": one.text.model_dump()}
