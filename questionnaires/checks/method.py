"""Points, dimensions, weights, bands and tables that do not fit together."""

from __future__ import annotations

from collections.abc import Iterator

from questionnaires.checks.place import Checked
from questionnaires.problems import Problem
from questionnaires.question_types import of_type
from questionnaires.schema import UNKNOWN, ImpactScales, Method, Question
from questionnaires.strict_yaml import Path


def find_problems(checked: Checked) -> Iterator[Problem]:
    method = checked.questionnaire.method
    for path, question in checked.questions:
        yield from _points(checked, path, question)
        if question.kind is not None:
            known = [dimension.id for dimension in method.dimensions] if method else []
            if question.dimension not in known:
                what = f"question {question.id} is scored, but its dimension '{question.dimension}' is not declared."
                yield checked.problem(path, what, "Declare it under method.dimensions, or correct the name.")
        elif question.dimension is not None:
            what = f"question {question.id} has a dimension, but no kind."
            yield checked.problem(path, what, "Add `kind: exposure` or `kind: control`, or remove the dimension.")
    if method is not None:
        yield from _method(checked, method)
        if method.impacts is not None:
            yield from _tables(checked, method.impacts)


def _points(checked: Checked, path: Path, question: Question) -> Iterator[Problem]:
    options = [option for option in question.options if option.points is not None]
    for i, option in enumerate(question.options):
        if option.value == UNKNOWN and option.points is not None:
            what = f"question {question.id}: `unknown` carries points."
            yield checked.problem((*path, "options", i), what, "Remove them; an open answer counts at its worst.")
        if option.state is not None and question.kind != "control":
            what = f"question {question.id}: option {option.value} has a state, but the question is no control."
            yield checked.problem((*path, "options", i), what, "Remove the state, or make it a control.")
    if question.kind is None:
        if options or question.bands or question.max is not None:
            what = f"question {question.id} has points, but no kind."
            yield checked.problem(path, what, "Add kind and dimension, or remove the points.")
        return
    if not of_type(question).is_scored:
        yield checked.problem(
            path, f"question {question.id} is a {question.type} and cannot be scored.", "Remove kind."
        )
        return
    if of_type(question).has_bands:
        floors = [band.at_least for band in question.bands]
        if not floors or floors != sorted(set(floors)) or question.minimum is None or floors[0] > question.minimum:
            what = f"question {question.id}: bands must rise and begin at its minimum."
            yield checked.problem(path, what, "State `minimum`, and let the first band begin there.")
        return
    open_ = [o.value for o in question.options if o.points is None and o.value not in (UNKNOWN, question.none_of_these)]
    if open_:
        what = f"question {question.id}: no points for {', '.join(open_)}."
        yield checked.problem(path, what, "Give every option its points (0 is a number too).")
    if question.type.takes_several:
        total = sum(option.points or 0 for option in question.options)
        if question.max is None or not 0 < question.max <= total:
            what = f"question {question.id}: its `max` is missing or above the {total} points of its options."
            yield checked.problem(path, what, "Declare `max`, between 1 and that sum.")
    yield from _control(checked, path, question)


def _control(checked: Checked, path: Path, question: Question) -> Iterator[Problem]:
    if question.kind != "control" or question.type.takes_several:
        return
    stated = [option for option in question.options if option.value != UNKNOWN]
    if any(option.state is None for option in stated):
        what = f"question {question.id} is a control; an option lacks its state."
        yield checked.problem(path, what, "Give each option `state: in_place`, `planned` or `none`.")
    best = max(stated, key=lambda option: option.points or 0)
    if best.state is not None and best.state != "in_place":
        what = f"question {question.id}: the option with the most points is not in place."
        yield checked.problem(path, what, "Give the most points to an option that is in place.")


def _method(checked: Checked, method: Method) -> Iterator[Problem]:
    if method.dimensions:
        total = sum(dimension.weight for dimension in method.dimensions)
        if total != 100:
            what = f"the weights of the dimensions sum to {total}, not to 100."
            yield checked.problem(("method", "dimensions"), what, "Correct the weights.")
        for i, dimension in enumerate(method.dimensions):
            if not any(q.dimension == dimension.id and q.kind == "exposure" for _, q in checked.questions):
                what = f"dimension {dimension.id} has no question with exposure."
                yield checked.problem(("method", "dimensions", i), what, "Add one, or remove the dimension.")
        if method.residual is None or (method.residual.proportional is None) == (method.residual.threshold is None):
            what = "the method has one way from inherent to residual: `proportional` or `threshold`."
            yield checked.problem(("method",), what, "State one of the two under `residual`.")
        bounds = [band.up_to for band in method.bands]
        levels = [band.level.rank for band in method.bands]
        if not bounds or bounds != sorted(set(bounds)) or bounds[-1] != 100 or levels != sorted(set(levels)):
            what = "the bands must rise in bound and level and end at 100."
            yield checked.problem(("method", "bands"), what, "Correct the bands.")


def _tables(checked: Checked, scales: ImpactScales) -> Iterator[Problem]:
    severity, level = scales.severity, scales.level
    fits = len(severity) == len(scales.scale) and all(len(row) == len(scales.duration) for row in severity)
    fits = fits and all(step < len(level) for row in severity for step in row)
    fits = fits and all(len(row) == len(scales.likelihood) for row in level)
    if not fits:
        what = "the tables severity and level do not fit the scales."
        remedy = "severity has a row a scale step and a column a duration step; level a row a severity, a column a likelihood."
        yield checked.problem(("method", "impacts"), what, remedy)
        return
    ranks = [[cell.rank for cell in row] for row in level]
    for name, table in (("severity", [list(row) for row in severity]), ("level", ranks)):
        columns = [list(column) for column in zip(*table, strict=True)]
        if any(row != sorted(row) for row in (*table, *columns)):
            what = f"the table {name} falls somewhere: a worse judgment gives a milder result."
            yield checked.problem(("method", "impacts", name), what, "Let every row and column rise.")
