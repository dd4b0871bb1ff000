"""Routes, options and questions that nobody can reach, and scored gates that break the chain rule.

An assignment is looked for by search; three-valued conditions cut off branches early. Beyond MAX_STEPS a
warning says that it was not shown either way.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import product

from questionnaires import conditions
from questionnaires.checks.place import Checked, leaves
from questionnaires.conditions import Answer, Truth
from questionnaires.problems import Problem
from questionnaires.question_types import of_type
from questionnaires.schema import (
    Condition,
    ConsistencyCheck,
    Finding,
    Question,
    Questionnaire,
    Route,
)
from questionnaires.strict_yaml import Path

MAX_STEPS = 100_000
_CLAIMS = (Finding.ABSENT, Finding.SUPPORTED, Finding.INDETERMINATE, Finding.CONTRADICTED)


@dataclass
class Reach:
    problems: list[Problem] = field(default_factory=list)
    warnings: list[Problem] = field(default_factory=list)


class _TooManyError(Exception):
    """The search was given up."""


def search(checked: Checked) -> Reach:
    """Problems, and what could not be shown."""
    reach = Reach()
    search = _Search(checked)
    routes = checked.questionnaire.routes
    for path, question in checked.questions:
        if question.shown_if is not None:
            goal = _Wanted(
                _goal_shown(question), (question.id,), (*path, "shown_if"), f"question {question.id} is never shown."
            )
            _try(reach, search, goal)
    for i, route in enumerate(routes):
        named = tuple(name for route in routes[: i + 1] for name in _named(route))
        goal = _Wanted(_decides(routes[:i], route), named, ("routes", i), f"route {i + 1} can never decide.")
        _try(reach, search, goal)
    for i, check in enumerate(checked.questionnaire.consistency):
        _try(reach, search, _fires(checked, i, check))
    reach.problems += _chain(search, reach)
    return reach


@dataclass(frozen=True)
class _Wanted:
    """Something that some answers should bring about."""

    goal: Goal
    named: tuple[str, ...]
    path: Path
    otherwise: str
    """What is wrong if they cannot."""


def _try(reach: Reach, search: _Search, wanted: _Wanted) -> None:
    try:
        if not search.can(wanted.goal, wanted.named):
            remedy = "Correct its condition, or those before it."
            reach.problems.append(search.checked.problem(wanted.path, wanted.otherwise, remedy))
    except _TooManyError:
        doubt = f"it was not shown that this is possible: {wanted.otherwise}"
        reach.warnings.append(search.checked.problem(wanted.path, doubt, "Check it by hand; too many combinations."))


def _fires(checked: Checked, place: int, check: ConsistencyCheck) -> _Wanted:
    """What this file says of a consistency check: both sides where both are here, else its own."""
    sides = [check.here]
    if check.against.when is not None and check.against.in_ in (None, checked.questionnaire.id):
        sides.append(check.against.when)

    def goal(questionnaire: Questionnaire, answers: dict[str, Answer], claim: Finding) -> Truth:
        shown = conditions.visible(questionnaire, answers)
        return conditions.all_of(conditions.holds(side, shown, answers) for side in sides)

    names = tuple(name for side in sides for name in conditions.questions_named(side))
    return _Wanted(goal, names, ("consistency", place, "here"), f"consistency {check.id} can never speak.")


def can_hold(checked: Checked, condition: Condition) -> bool | None:
    """Whether some answers make it true. None: not shown either way."""

    def goal(questionnaire: Questionnaire, answers: dict[str, Answer], claim: Finding) -> Truth:
        return conditions.holds(condition, conditions.visible(questionnaire, answers), answers)

    try:
        return _Search(checked, condition).can(goal, tuple(conditions.questions_named(condition)))
    except _TooManyError:
        return None


Goal = Callable[[Questionnaire, dict[str, Answer], Finding], Truth]


def _goal_shown(question: Question) -> Goal:
    return lambda questionnaire, answers, claim: conditions.visible(questionnaire, answers)[question.id]


def _decides(earlier: Sequence[Route], route: Route) -> Goal:
    def goal(questionnaire: Questionnaire, answers: dict[str, Answer], claim: Finding) -> Truth:
        shown = conditions.visible(questionnaire, answers)
        passed = conditions.any_of(
            conditions.holds(route.when, shown, answers, claim) for route in earlier if route.when != "otherwise"
        )
        here: Truth = True if route.when == "otherwise" else conditions.holds(route.when, shown, answers, claim)
        return conditions.all_of((None if passed is None else not passed, here))

    return goal


def _named(route: Route) -> Iterator[str]:
    if route.when != "otherwise":
        yield from conditions.questions_named(route.when)


class _Search:
    """Looks for answers under which a goal surely holds."""

    def __init__(self, checked: Checked, from_elsewhere: Condition | None = None) -> None:
        """from_elsewhere: a condition on this file that stands in another one."""
        self.checked = checked
        self.asked = checked.questionnaire
        self.questions = {question.id: question for _, question in checked.questions}
        self.order = checked.order
        tests = [leaf for used in checked.used_conditions() for _, leaf in leaves(used.condition, used.path)]
        tests += [leaf for _, leaf in leaves(from_elsewhere, ())] if from_elsewhere is not None else []
        self.values = {
            name: tuple(
                of_type(question).telling_answers(
                    question, (edge for leaf in tests for edge in conditions.edges(leaf, question))
                )
            )
            for name, question in self.questions.items()
        }

    def closure(self, named: Sequence[str]) -> list[str]:
        """These questions and all that their visibility hangs on, in order of asking."""
        todo, seen = list(named), set()
        while todo:
            name = todo.pop()
            if name in seen:
                continue
            seen.add(name)
            shown_if = self.questions[name].shown_if
            todo += conditions.questions_named(shown_if) if shown_if is not None else []
        return sorted(seen, key=lambda name: self.order[name])

    def can(self, goal: Goal, named: Sequence[str]) -> bool:
        """Raises: _TooManyError."""
        names = self.closure(named)
        self.steps = 0
        return any(self._descend(goal, names, {}, claim) for claim in _CLAIMS)

    def _descend(self, goal: Goal, names: Sequence[str], answers: dict[str, Answer], claim: Finding) -> bool:
        self.steps += 1
        if self.steps > MAX_STEPS:
            raise _TooManyError
        truth = goal(self.asked, answers, claim)
        if truth is not None or not names:
            return truth is True
        return any(
            self._descend(goal, names[1:], {**answers, names[0]: value}, claim) for value in self.values[names[0]]
        )


# --- the chain rule ----------------------------------------------------------------------------------


def _chain(search: _Search, reach: Reach) -> Iterator[Problem]:
    for path, question in search.checked.questions:
        if question.kind is None or question.shown_if is None:
            continue
        gates = search.closure(list(conditions.questions_named(question.shown_if)))
        scored = [name for name in gates if search.questions[name].kind is not None]
        where = (*path, "shown_if")
        if scored and question.kind == "control":
            what = f"control {question.id} is shown by the scored question {scored[0]}."
            yield search.checked.problem(where, what, "Let controls hang on unscored questions only.")
            continue
        for gate in scored:
            if len(list(_assignments(search, gates, MAX_STEPS))) >= MAX_STEPS:
                doubt = f"the chain rule was not shown for question {question.id}."
                reach.warnings.append(search.checked.problem(where, doubt, "Check it by hand; too many combinations."))
            elif _breaks(search, question, gate, gates):
                what = f"a better answer to {gate} brings the scored question {question.id} up (chain rule)."
                yield search.checked.problem(
                    where, what, "Let it hang on an unscored question, or turn the condition round."
                )


def _breaks(search: _Search, question: Question, gate: str, gates: Sequence[str]) -> bool:
    gate_question = search.questions[gate]
    better = [
        (worse, good)
        for worse, good in product(search.values[gate], repeat=2)
        if _goodness(gate_question, good) > _goodness(gate_question, worse)
    ]
    for answers in _assignments(search, [name for name in gates if name != gate], MAX_STEPS):
        for worse, good in better:
            before = conditions.visible(search.asked, {**answers, gate: worse})[question.id]
            if before is False and conditions.visible(search.asked, {**answers, gate: good})[question.id]:
                return True
    return False


def _assignments(search: _Search, names: Sequence[str], most: int) -> Iterator[dict[str, Answer]]:
    for place, values in enumerate(product(*(search.values[name] for name in names))):
        if place >= most:
            return
        yield dict(zip(names, values, strict=True))


def _goodness(question: Question, value: Answer) -> int:
    """Higher is better: fewer exposure or more control points."""
    if isinstance(value, tuple):
        points = min(question.max or 0, sum(question.points_of(str(choice)) for choice in value))
    elif isinstance(value, int):
        points = next((band.points for band in reversed(question.bands) if value >= band.at_least), 0)
    else:
        points = question.points_of(str(value))
    return -points if question.kind == "exposure" else points
