"""`haetae rescore`: which open assessments another edition would change, and how."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

import typer

from assessments import editions
from assessments.model import Assessment, Status
from assessments.rules.rescore import Change, compare
from commands._output import Exit, complain, errors_told, print_json, tell
from questionnaires import load
from questionnaires.legible import legible
from questionnaires.schema import Questionnaire

OPEN = (Status.DRAFT, Status.RETURNED, Status.SUBMITTED)


def rescore(
    questionnaire: Annotated[str, typer.Option("--questionnaire", help="Its id, for example hiring.")],
    edition: Annotated[str, typer.Option("--edition", help="The version to try, for example 1.1.")],
    as_json: Annotated[bool, typer.Option("--json", help="As JSON.")] = False,
) -> None:
    """List the open assessments whose outcome, level or questions would change. Nothing is written."""
    try:
        new = load.edition(questionnaire, edition).questionnaire
    except load.UnknownEditionError as error:
        complain(f"{error} See `haetae check` for what is there.")
        raise typer.Exit(Exit.INPUT) from None
    with errors_told():
        found = [(one, _compared(one, new)) for one in _open_assessments() if questionnaire in _pinned(one)]
    changed = [(one, change) for one, change in found if change.is_any]
    if as_json:
        print_json([{"assessment": one.id, "revision": one.revision, **asdict(change)} for one, change in changed])
        return
    for one, change in changed:
        _tell(one, change)
    tell(f"{len(found)} open assessments ask {questionnaire}; {len(changed)} would change with {edition}.")


def _open_assessments() -> list[Assessment]:
    from assessments.storage import database, reader  # takes half a second, which other commands need not wait

    with database.reading() as session:
        rows = [row for row in reader.list_assessments(session) if row.status in OPEN]
        return [reader.get_assessment(session, row.id) for row in rows]


def _pinned(assessment: Assessment) -> set[str]:
    return {edition.id for edition in assessment.editions}


def _compared(assessment: Assessment, new: Questionnaire) -> Change:
    old = editions.questionnaires(assessment)
    return compare(old, {**old, new.id: new}, assessment)


def _tell(assessment: Assessment, change: Change) -> None:
    name = assessment.system.name_en or assessment.system.name_ko
    tell(f"Assessment {assessment.id}, revision {assessment.revision}: {legible(name)}")
    for what, (before, after) in (("outcome", change.outcome), ("level", change.level)):
        if before != after:
            tell(f"  {what}: {before} → {after}")
    if change.contested[0] != change.contested[1]:
        tell(f"  contested: {'yes → no' if change.contested[0] else 'no → yes'}")
    if change.outcome[0] != change.outcome[1]:
        for reason in change.reasons:
            tell(f"    because: {reason}")
    for what, names in (
        ("new questions", change.new_questions),
        ("no longer asked", change.dropped_questions),
        ("answers no longer offered", change.lost_answers),
    ):
        if names:
            tell(f"  {what}: {', '.join(names)}")
