"""`haetae rescore`: which open assessments another edition would change, and how."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
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
        assessed, changed = 0, []
        for assessment in _open_assessments():
            if questionnaire in _pinned(assessment):
                assessed += 1
                change = _compared(assessment, new)
                if change.is_any:
                    changed.append((_AssessmentName.of(assessment), change))
    if as_json:
        print_json(
            [
                {"assessment": named_item.id, "revision": named_item.revision, **asdict(change)}
                for named_item, change in changed
            ]
        )
        return
    for named_item, change in changed:
        _tell(named_item, change)
    tell(f"{assessed} open assessments ask {questionnaire}; {len(changed)} would change with {edition}.")


@dataclass(frozen=True)
class _AssessmentName:
    """What is reported of an assessment; the rest is released before the next one is read."""

    id: int | None
    revision: int
    name: str

    @classmethod
    def of(cls, assessment: Assessment) -> _AssessmentName:
        return cls(assessment.id, assessment.revision, assessment.system.name_en or assessment.system.name_ko)


def _open_assessments() -> Iterator[Assessment]:
    """Yields the open assessments one by one, all from the same snapshot."""
    from assessments.storage import database, lists, reader  # takes half a second, which other commands need not wait

    with database.reading() as session:
        for number in lists.numbers_of(session, OPEN):
            yield reader.get_assessment(session, number)


def _pinned(assessment: Assessment) -> set[str]:
    return {edition.id for edition in assessment.editions}


def _compared(assessment: Assessment, new: Questionnaire) -> Change:
    old = editions.questionnaires(assessment)
    return compare(old, {**old, new.id: new}, assessment)


def _tell(named_item: _AssessmentName, change: Change) -> None:
    tell(f"Assessment {named_item.id}, revision {named_item.revision}: {legible(named_item.name)}")
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
