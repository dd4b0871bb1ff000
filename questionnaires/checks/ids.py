"""Ids that stand twice."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from questionnaires.checks.place import Checked
from questionnaires.problems import Problem
from questionnaires.strict_yaml import Path


def find_problems(checked: Checked) -> Iterator[Problem]:
    questionnaire = checked.questionnaire
    yield from _twice(checked, "section", ((("sections", i, "id"), s.id) for i, s in enumerate(questionnaire.sections)))
    yield from _twice(checked, "question", (((*path, "id"), question.id) for path, question in checked.questions))
    for path, question in checked.questions:
        options = (((*path, "options", i), option.value) for i, option in enumerate(question.options))
        yield from _twice(checked, f"question {question.id}, option", options)
        columns = (((*path, "questions", i), column.id) for i, column in enumerate(question.questions))
        yield from _twice(checked, f"question {question.id}, column", columns)
    checks = ((("consistency", i, "id"), check.id) for i, check in enumerate(questionnaire.consistency))
    yield from _twice(checked, "consistency check", checks)
    if questionnaire.method is not None:
        dimensions = (
            (("method", "dimensions", i), dimension.id) for i, dimension in enumerate(questionnaire.method.dimensions)
        )
        yield from _twice(checked, "dimension", dimensions)
    if questionnaire.scale is not None:
        principles = questionnaire.scale.principles
        items = (
            (("scale", "principles", i, "items", j, "id"), item.id)
            for i, principle in enumerate(principles)
            for j, item in enumerate(principle.items)
        )
        yield from _twice(checked, "scale item", items)
        named = ((("scale", "principles", i, "id"), principle.id) for i, principle in enumerate(principles))
        yield from _twice(checked, "principle", named)
        bands = ((("scale", "bands", i, "id"), band.id) for i, band in enumerate(questionnaire.scale.bands))
        yield from _twice(checked, "band", bands)
    if questionnaire.claim is not None:
        parts = ((("claim", "parts", i), part.id) for i, part in enumerate(questionnaire.claim.parts))
        yield from _twice(checked, "part", parts)


def _twice(checked: Checked, kind: str, named: Iterable[tuple[Path, str]]) -> Iterator[Problem]:
    seen: set[str] = set()
    for path, name in named:
        if name in seen:
            yield checked.problem(path, f"{kind} {name} stands here a second time.", "Give it an id of its own.")
        seen.add(name)
