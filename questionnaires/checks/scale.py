"""A second scale whose maxima do not add up, whose bands leave a hole, or whose items are not asked."""

from __future__ import annotations

from collections.abc import Iterator

from questionnaires.checks.place import Checked
from questionnaires.problems import Problem
from questionnaires.question_types import of_type
from questionnaires.schema import Question, Scale
from questionnaires.strict_yaml import Path


def find_problems(checked: Checked) -> Iterator[Problem]:
    scale = checked.questionnaire.scale
    if scale is None:
        return
    yield from _items(checked, scale)
    yield from _bands(checked, scale)
    for path, question in checked.questions:
        if question.required:
            what = f"question {question.id} is required, but a second scale is optional as a whole."
            yield checked.problem(path, what, "Remove `required`.")


def _items(checked: Checked, scale: Scale) -> Iterator[Problem]:
    questions = {question.id: question for _, question in checked.questions}
    used: set[str] = set()
    sums: list[int] = []
    for i, principle in enumerate(scale.principles):
        maxima: list[int] = []
        for j, item in enumerate(principle.items):
            path: Path = ("scale", "principles", i, "items", j)
            both = [questions.get(name) for name in (item.inherent, item.mitigation)]
            for name, question in zip((item.inherent, item.mitigation), both, strict=True):
                yield from _asked(checked, path, item.id, name, question)
                if name in used:
                    what = f"scale item {item.id}: '{name}' is asked for a second time."
                    yield checked.problem(path, what, "Name a question for each, and none twice.")
                used.add(name)
            inherent, mitigation = ((question.maximum or 0) if question else 0 for question in both)
            if all(both) and inherent != mitigation:
                what = f"scale item {item.id}: up to {inherent} points, but {mitigation} may be taken away."
                yield checked.problem(path, what, "Give both questions the same `maximum`.")
            maxima.append(inherent)
        sums.append(principle.points)
        if sum(maxima) != principle.points:
            what = f"scale {principle.id}: the maxima of its items sum to {sum(maxima)}, not to {principle.points}."
            yield checked.problem(("scale", "principles", i), what, "Correct the maxima, or `points`.")
    if sum(sums) != scale.total:
        what = f"scale: the points of its principles sum to {sum(sums)}, not to {scale.total}."
        yield checked.problem(("scale", "total"), what, "Correct the principles, or `total`.")


def _asked(checked: Checked, path: Path, item: str, name: str, question: Question | None) -> Iterator[Problem]:
    if question is None:
        what = f"scale item {item}: '{name}' is no question of this file."
        yield checked.problem(path, what, "Correct the id, or add the question.")
    elif not of_type(question).is_decimal or question.maximum is None or question.minimum != 0:
        what = f"scale item {item}: '{name}' is no decimal from 0 to a maximum."
        yield checked.problem(path, what, "Give it `type: decimal`, `minimum: 0` and a `maximum`.")
    elif question.shown_if is not None:
        what = f"scale item {item}: '{name}' is shown on a condition, so the item could never be stated."
        yield checked.problem(path, what, "Remove `shown_if`.")


def _bands(checked: Checked, scale: Scale) -> Iterator[Problem]:
    bounds = [band.at_least for band in scale.bands]
    if bounds[0] != 0 or bounds != sorted(set(bounds)) or bounds[-1] > scale.total:
        what = f"scale: the bands must begin at 0, rise, and lie within {scale.total}."
        yield checked.problem(("scale", "bands"), what, "Correct `at_least`; a band ends where the next begins.")
    known = [band.id for band in scale.bands]
    for i, floor in enumerate(scale.at_least):
        if floor.band not in known:
            what = f"scale: the outcome {floor.outcome} asks for the band '{floor.band}', which is not there."
            yield checked.problem(("scale", "at_least", i), what, f"Bands are {', '.join(known)}.")
