"""Conditions that dangle, look ahead or name what cannot be; questions and routes that are put together wrongly."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from questionnaires import conditions
from questionnaires.checks.place import Checked, Used, leaves
from questionnaires.problems import Problem
from questionnaires.question_types import of_type
from questionnaires.schema import (
    ASSESSMENT_DAY,
    UNKNOWN,
    Above,
    AtLeast,
    ClaimIs,
    Condition,
    ProductAbove,
    Question,
    QuestionIs,
)
from questionnaires.strict_yaml import Path


def find_problems(checked: Checked) -> Iterator[Problem]:
    for used in checked.used_conditions():
        yield from of_condition(checked, used)
    for path, question in checked.questions:
        yield from _question(checked, path, question)
        for i, column in enumerate(question.questions):
            yield from _question(checked, (*path, "questions", i), column)
            if column.shown_if is not None or column.kind is not None or of_type(column).has_rows:
                what = f"column {column.id} of {question.id} has a condition, points or rows of its own."
                yield checked.problem((*path, "questions", i), what, "Keep columns plain.")
    yield from _routes(checked)
    for m, matrix in enumerate(checked.questionnaire.coverage):
        for i, item in enumerate(matrix.items):
            for k, need in enumerate(item.needs):
                if (need.when is None) == (need.record is None):
                    what = f"coverage {matrix.id} {item.item}: a need names either `when` or `record`."
                    yield checked.problem(("coverage", m, "items", i, "needs", k), what, "Keep one of the two.")
    for path, ground in checked.grounds():
        if (ground.when is None) == (ground.always is None):
            yield checked.problem(path, "a ground has either `when` or `always: true`.", "Keep one of the two.")


def of_condition(checked: Checked, used: Used) -> Iterator[Problem]:
    """What is wrong with one condition on the questions of this file."""
    for path, leaf in leaves(used.condition, used.path):
        yield from _leaf(checked, used, path, leaf)


def _leaf(checked: Checked, used: Used, path: Path, leaf: Condition) -> Iterator[Problem]:
    if isinstance(leaf, ClaimIs):
        if not used.may_claim:
            what = f"{used.user}: `claim` may stand in routes and grounds only."
            yield checked.problem(path, what, "Ask about the facts with a question condition.")
        return
    problems = [problem for name in conditions.questions_named(leaf) for problem in _named(checked, used, path, name)]
    yield from problems
    if problems:
        return
    named = [checked.questions[checked.order[name]][1] for name in conditions.questions_named(leaf)]
    if isinstance(leaf, AtLeast | ProductAbove):
        word = "at_least" if isinstance(leaf, AtLeast) else "product"
        for question in named:
            if of_type(question).compared_as is not int:
                what = f"{used.user}: `{word}` asks '{question.id}', which is no number."
                yield checked.problem(path, what, "Use `is` with its options.")
    if isinstance(leaf, Above):
        compared = {of_type(question).compared_as for question in named}
        if leaf.above == ASSESSMENT_DAY:
            compared.add(date)
        if compared not in ({int}, {date}):
            what = f"{used.user}: `above` compares two numbers or two days, and nothing else."
            yield checked.problem(path, what, "Name two numbers, two days, or a day and assessment_day.")
        if leaf.above == ASSESSMENT_DAY and not used.user.startswith("part "):
            what = f"{used.user}: assessment_day is known in parts of the claim only."
            yield checked.problem(path, what, "Name another question.")
    if isinstance(leaf, QuestionIs):
        yield from _values(checked, used, path, leaf, checked.questions[checked.order[leaf.question]][1])


def _named(checked: Checked, used: Used, path: Path, name: str) -> Iterator[Problem]:
    if name not in checked.order:
        what = f"{used.user}: its condition names '{name}', which is no question of this file."
        yield checked.problem(path, what, "Correct the id, or add the question.")
    elif used.limit is not None and checked.order[name] >= used.limit:
        what = f"{used.user}: its condition names '{name}', which comes later."
        yield checked.problem(path, what, f"Move '{name}' before it, or refer to an earlier question.")


def _values(checked: Checked, used: Used, path: Path, leaf: QuestionIs, question: Question) -> Iterator[Problem]:
    if not of_type(question).has_options:
        what = f"{used.user}: `is` asks '{question.id}', which has no options."
        yield checked.problem(path, what, "Use `at_least` or `answered: true`.")
        return
    options = {option.value for option in question.options}
    for value in leaf.is_:
        if value == UNKNOWN:
            what = f"{used.user}: `is` names unknown, which decides nothing."
            yield checked.problem(path, what, "Name the options that decide.")
        elif value not in options:
            what = f"{used.user}: '{value}' is no option of {question.id}."
            yield checked.problem(path, what, f"Options are {', '.join(sorted(options))}.")


def _question(checked: Checked, path: Path, question: Question) -> Iterator[Problem]:
    values = [option.value for option in question.options]
    answer_type = of_type(question)
    if answer_type.has_options:
        if len(values) < 2:
            yield checked.problem(path, f"question {question.id} has fewer than two options.", "Add options.")
        if not question.type.takes_several and UNKNOWN not in values:
            what = f"question {question.id} does not offer `unknown`."
            yield checked.problem(path, what, "Add an option with value unknown and no points.")
    elif values:
        yield checked.problem(path, f"question {question.id} is a {question.type} and has options.", "Remove them.")
    if answer_type.has_rows != bool(question.questions):
        what = f"question {question.id}: a group, and only a group, has questions of its own."
        yield checked.problem(path, what, "Correct the type, or its questions.")
    if question.none_of_these is not None and (not question.type.takes_several or question.none_of_these not in values):
        what = f"question {question.id}: none_of_these names no option of a `choices`."
        yield checked.problem(path, what, "Name the option that excludes the others.")
    if question.involvement != (question.denies is not None) or (question.denies and question.denies not in values):
        what = f"question {question.id}: `involvement: true` and the option it `denies` belong together."
        yield checked.problem(path, what, "Name an option of the question under `denies`.")
    if question.not_about_people and (question.denies is None or not set(question.not_about_people) <= set(values)):
        what = f"question {question.id}: not_about_people names options of a question that `denies`."
        yield checked.problem(path, what, "Name its own options, or remove the key.")


def _routes(checked: Checked) -> Iterator[Problem]:
    routes = checked.questionnaire.routes
    for i, route in enumerate(routes):
        is_last = i == len(routes) - 1
        if (route.when == "otherwise") != is_last:
            what = f"route {i + 1}: the last route, and only the last, says `otherwise`."
            yield checked.problem(("routes", i, "when"), what, "End the routes with one `when: otherwise`.")
        if route.outcome == "continue" and checked.questionnaire.id != "area":
            what = f"route {i + 1}: `continue` leads on from `area` only."
            yield checked.problem(("routes", i, "outcome"), what, "State one of the three outcomes.")
        if route.at_least is not None and route.outcome != "continue":
            what = f"route {i + 1}: `at_least` belongs to `continue`."
            yield checked.problem(("routes", i), what, "Remove it.")
