"""`haetae rescore`: which open assessments another edition would change, and how."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Annotated

import typer

from assessments import editions
from assessments.errors import AssessmentError
from assessments.model import Assessment
from assessments.rules.rescore import Change, compare
from commands._output import Exit, complain, errors_told, print_json, tell
from questionnaires import load
from questionnaires.legible import legible
from questionnaires.schema import Questionnaire
from questionnaires.texts import Told

if TYPE_CHECKING:
    from assessments.rescoring import Rescored
    from assessments.rescoring_process import Row


def rescore(
    questionnaire: Annotated[str, typer.Option("--questionnaire", help="Its id, for example hiring.")],
    edition: Annotated[str, typer.Option("--edition", help="The version to try, for example 1.1.")],
    everything: Annotated[bool, typer.Option("--all", help="Also what is decided or signed off.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="As JSON.")] = False,
) -> None:
    """List the open assessments whose outcome, level, duties or questions would change. Nothing is written."""
    try:
        new = load.edition(questionnaire, edition).questionnaire
    except load.UnknownEditionError as error:
        complain(f"{error} See `haetae check` for what is there.")
        raise typer.Exit(Exit.INPUT) from None
    with errors_told():
        rescored = _rescored(questionnaire, edition, everything=everything)
        changed = list(_details(rescored.rows, new))
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
    if rescored.apart:
        complain(
            f"{rescored.apart} assessments are left out: the questionnaires that they pin are gone or were changed."
        )
    which = "" if everything else "open "
    tell(f"{rescored.counted} {which}assessments ask {questionnaire}; {len(changed)} would change with {edition}.")


@dataclass(frozen=True)
class _AssessmentName:
    """What is reported of an assessment; the rest is released before the next one is read."""

    id: int | None
    revision: int
    name: str

    @classmethod
    def of(cls, assessment: Assessment) -> _AssessmentName:
        return cls(assessment.id, assessment.revision, assessment.system.name_en or assessment.system.name_ko)


def _rescored(questionnaire: str, edition: str, *, everything: bool) -> Rescored:
    """Which change. Raises: AssessmentError."""
    from assessments.rescoring import IN_FORCE, OPEN, Run  # takes half a second, which other commands need not wait

    run = Run()
    run.go([(questionnaire, edition)], (*OPEN, *IN_FORCE) if everything else OPEN, None)
    if run.result is None:
        raise AssessmentError(Told(run.problem)) if run.problem else AssertionError("It was neither done nor stopped.")
    return run.result


def _details(rows: Sequence[Row], new: Questionnaire) -> Iterator[tuple[_AssessmentName, Change]]:
    """Yields those that change one by one, each with what changes and why."""
    from assessments.storage import database, reader

    for row in rows:
        with database.reading() as session:
            assessment = reader.get_assessment(session, row.assessment_id)
        old = editions.questionnaires(assessment)
        change = compare(old, {**old, new.id: new}, assessment)
        if change.is_any:
            yield _AssessmentName.of(assessment), change


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
    is_same_outcome = change.outcome[0] == change.outcome[1]
    if change.duties and not is_same_outcome:
        tell(f"  duties found otherwise: {len(change.duties)}")
    for duty, duty_before, duty_after in change.duties if is_same_outcome else ():
        tell(f"  duty {duty}: {duty_before or 'none'} → {duty_after or 'none'}")
    for what, names in (
        ("new questions", change.new_questions),
        ("no longer asked", change.dropped_questions),
        ("answers no longer offered", change.lost_answers),
    ):
        if names:
            tell(f"  {what}: {', '.join(names)}")
