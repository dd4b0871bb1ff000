"""What one questionnaire says of another: a domain's areas and the answers on them that it contradicts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from questionnaires.checks.place import Checked, leaves
from questionnaires.problems import Problem
from questionnaires.schema import QuestionIs, Questionnaire


def find(files: Sequence[Checked]) -> Iterator[Problem]:
    """Each domain's edition against every edition that names areas. Nothing where no such edition is among the files."""
    naming = [one.questionnaire for one in files if one.questionnaire.areas is not None]
    for checked in files:
        for area in naming:
            yield from _named(checked, area)


def _named(checked: Checked, area: Questionnaire) -> Iterator[Problem]:
    examined = checked.questionnaire.area
    if examined is None or area.areas is None:
        return
    options = {question.id: {one.value for one in question.options} for question in area.questions()}
    here, against = f"{area.id} {area.version}", ("area", "contradicted_if")
    for unknown in sorted(set(examined.examines) - options.get(area.areas.question, set())):
        what = f"area: '{unknown}' is no option of {area.areas.question} in {here}."
        yield checked.problem(("area", "examines"), what, "Correct it, or add the option there.")
    for i, one in enumerate(examined.contradicted_if):
        for path, leaf in leaves(one.area, (*against, i, "area")):
            if not isinstance(leaf, QuestionIs):
                yield checked.problem(path, f"area contradiction {i + 1} asks {here} by `is` only.", "Use `is`.")
            elif missing := sorted(set(leaf.is_) - options.get(leaf.question, set())):
                what = f"area contradiction {i + 1}: {leaf.question} in {here} has no {', '.join(missing)}."
                yield checked.problem(path, what, "Correct the question or its option.")
