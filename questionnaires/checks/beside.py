"""What the files beside the questionnaires say of them: the questions, parts, items and duties that they name are there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from questionnaires import crosswalk as walked
from questionnaires import enforcement as enforced
from questionnaires import named
from questionnaires.crosswalk import Crosswalk
from questionnaires.enforcement import Enforcement
from questionnaires.problems import Problem
from questionnaires.schema import Questionnaire

_REMEDY = "Correct it, or take it out of the cross-walk."
_NAMED = "Say what its breach leads to, or where else that is said."


def find_problems(
    crosswalk: Crosswalk, enforcement: Enforcement, questionnaires: Mapping[str, Questionnaire]
) -> Iterator[Problem]:
    """questionnaires: by id, the newest editions."""
    yield from (Problem(walked.FILE.name, 0, what, _REMEDY) for what in _differences(crosswalk, questionnaires))
    yield from (Problem(enforced.FILE.name, 0, what, _NAMED) for what in _unnamed(enforcement, questionnaires))


def _unnamed(enforcement: Enforcement, questionnaires: Mapping[str, Questionnaire]) -> Iterator[str]:
    """Every duty of the rule stands in one place of the file, and the file names no other."""
    rule = questionnaires[named.DUTIES].duties
    duties = {duty.id for duty in rule.items} if rule else set()
    for duty in sorted(duties):
        if enforcement.breach_of(duty) is None and enforcement.elsewhere_of(duty) is None:
            yield f"the duty {duty} stands neither under `breaches` nor under `elsewhere`."
    stated = {duty for breach in enforcement.breaches for duty in breach.duties}
    stated |= {duty for other in enforcement.elsewhere for duty in other.duties}
    yield from (f"there is no duty {duty} in the rule of duties." for duty in sorted(stated - duties))


def _differences(crosswalk: Crosswalk, questionnaires: Mapping[str, Questionnaire]) -> Iterator[str]:
    claim = questionnaires[named.CLAIM].claim
    parts = {part.id for part in claim.parts} if claim else set()
    for answering in crosswalk.answering:
        for place in answering.questions:
            questionnaire, _, question = place.partition(".")
            if questionnaire not in questionnaires or question not in questionnaires[questionnaire].question_ids:
                yield f"answering {answering.id}: there is no question {place}."
        if answering.claim is not None and answering.claim not in parts:
            yield f"answering {answering.id}: the claim has no part {answering.claim}."
    matrices = {matrix.id: matrix for matrix in questionnaires[named.IMPACT].coverage}
    matrix = matrices.get(crosswalk.duty.matrix or "")
    if matrix is None:
        yield f"framework {crosswalk.duty.id}: there is no matrix {crosswalk.duty.matrix}."
        return
    items = {item.item for item in matrix.items}
    walked = {cell.item for row in crosswalk.rows for cell in row.cells.values() if cell.item}
    yield from (f"item {item} of the matrix {matrix.id} stands in no row." for item in sorted(items - walked))
    yield from (f"the matrix {matrix.id} has no item {item}." for item in sorted(walked - items))
