"""What the file of the cross-walk says of the questionnaires: the questions, parts and items that it names are there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from questionnaires import named
from questionnaires.crosswalk import FILE, Crosswalk
from questionnaires.problems import Problem
from questionnaires.schema import Questionnaire

_REMEDY = "Correct it, or take it out of the cross-walk."


def find_problems(crosswalk: Crosswalk, questionnaires: Mapping[str, Questionnaire]) -> Iterator[Problem]:
    """questionnaires: by id, the newest editions."""
    return (Problem(FILE.name, 0, what, _REMEDY) for what in _differences(crosswalk, questionnaires))


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
