"""The fewest of the stated measures that bring the level down: fewest.

Only what somebody has stated counts: a control that is answered as planned, and the target of an impact. The search is exact: the
level is the highest of several terms, each of which either cannot be moved by these steps, or falls with the points of a dimension,
so that within a dimension the steps of the most points are the best of that number.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from assessments.derived import RiskScore
from assessments.model import Answers, Assessment, Level
from assessments.rules import findings, impacts, scoring
from assessments.rules.supposing import AnswerChange, TargetReached, suppose
from questionnaires import conditions
from questionnaires.schema import Questionnaire

MOST_TRIED = 20_000
"""Sets of steps that are tried before the search is given up."""
Step = AnswerChange | TargetReached


@dataclass(frozen=True)
class WayDown:
    """What the search came to."""

    level: Level
    """As it is."""
    goal: Level | None
    """One below. None: there is none below."""
    stated: tuple[Step, ...]
    """Every step that was stated, in the order of asking; controls first."""
    steps: tuple[Step, ...] | None
    """The fewest. None: they are not known, see `is_complete`."""
    then: Level
    """With the fewest, else with all that are stated."""
    holding: tuple[str, ...] = ()
    """Where there is none: terms that stay above the goal with all that are stated."""
    is_complete: bool = True
    """False: more than MOST_TRIED sets would have to be tried; all that are stated together are enough."""
    ruled_out: int = 0
    """Where it is not complete: no set of so few steps is enough."""


def fewest(questionnaires: Mapping[str, Questionnaire], assessment: Assessment) -> WayDown:
    """The smallest set of stated steps that takes the level at least one down; of several the first in the order of asking.

    Raises: ValueError if the domain's questionnaire declares no method.
    """
    search = _Search(questionnaires, assessment)
    now = search.score(())
    goal = next((level for level in Level if level.rank == now.level.rank - 1), None)
    stated = search.stated
    if goal is None:
        return WayDown(now.level, None, stated, None, now.level)
    all_of_them = search.score(stated)
    if all_of_them.level.rank > goal.rank:
        holding = tuple(name for name, level in all_of_them.terms.items() if level.rank > goal.rank)
        return WayDown(now.level, goal, stated, None, all_of_them.level, holding)
    tried = 0
    for size in range(1, len(stated) + 1):
        for steps in search.sets(size, goal):
            if tried == MOST_TRIED:
                return WayDown(now.level, goal, stated, None, all_of_them.level, is_complete=False, ruled_out=size - 1)
            tried += 1
            then = search.score(steps).level
            if then.rank <= goal.rank:
                return WayDown(now.level, goal, stated, steps, then)
    raise AssertionError("All stated steps are enough, and the largest set is all of them.")


class _Search:
    def __init__(self, questionnaires: Mapping[str, Questionnaire], assessment: Assessment) -> None:
        self._domain = questionnaires[assessment.domain]
        self._scales = findings.scales_of(questionnaires)
        self._assessment = assessment
        controls = _controls(self._domain, assessment.answers(assessment.domain))
        entangled = _entangled(self._domain, {step.question for step in controls})
        self._bound = [step for step in controls if step.question in entangled]
        """A condition names them: what they do besides their points is tried out."""
        self._free: dict[str, list[AnswerChange]] = {}
        gains = {step: self._gain(step) for step in controls}
        for step in sorted(controls, key=lambda step: -gains[step]):  # the order of asking stays among equal ones
            if step.question not in entangled and gains[step] > 0:
                dimension = self._domain.question(step.question).dimension or ""
                self._free.setdefault(dimension, []).append(step)
        self._targets = self._find_targets()
        self.stated: tuple[Step, ...] = (*controls, *self._targets)
        self._place = {step: place for place, step in enumerate(self.stated)}

    def score(self, steps: Sequence[Step]) -> RiskScore:
        supposed = suppose(self._assessment, steps)
        answers = supposed.answers(supposed.domain)
        return scoring.score(self._domain, answers, supposed.scenarios, self._scales)

    def sets(self, size: int, goal: Level) -> Iterator[tuple[Step, ...]]:
        """Sets of this size of which each other is no better than one; impacts above the goal are in all of them."""
        forced = self._above(goal)
        left = size - len(forced)
        if left < 0:
            return
        for count in range(min(left, len(self._bound)) + 1):
            for bound in combinations(self._bound, count):
                for free in self._distributions(left - count, list(self._free.values())):
                    yield tuple(sorted((*bound, *free, *forced), key=self._place.__getitem__))

    def _distributions(self, count: int, groups: list[list[AnswerChange]]) -> Iterator[tuple[Step, ...]]:
        """The best of each dimension, so many in all; more of the earlier dimensions first."""
        if not groups:
            if count == 0:
                yield ()
            return
        for taken in range(min(count, len(groups[0])), -1, -1):
            for rest in self._distributions(count - taken, groups[1:]):
                yield (*groups[0][:taken], *rest)

    def _above(self, goal: Level) -> tuple[TargetReached, ...]:
        grades = {(grade.scenario, grade.right): grade for grade in self.score(()).impacts}
        return tuple(step for step in self._targets if grades[step.scenario, step.right].in_place.rank > goal.rank)

    def _find_targets(self) -> tuple[TargetReached, ...]:
        """Targets that are graded below what is judged now, and on no scale above what was judged before."""
        if self._scales is None:
            return ()
        stated = {
            (scenario.id, impact.right): impact
            for scenario in self._assessment.scenarios
            for impact in scenario.impacts
            if impact.target is not None and impacts.is_not_above(impact.target, impact.before, self._scales)
        }
        return tuple(
            TargetReached(grade.scenario, grade.right)
            for grade in impacts.grades(self._assessment.scenarios, self._scales)
            if (grade.scenario, grade.right) in stated
            and grade.target is not None
            and grade.target.rank < grade.in_place.rank
        )

    def _gain(self, step: AnswerChange) -> int:
        """Points in place that it adds to its dimension."""
        before, after = (
            next(row.low for row in self.score(steps).trace if row.question == step.question) for steps in ((), (step,))
        )
        return after - before


def _controls(questionnaire: Questionnaire, answers: Answers) -> tuple[AnswerChange, ...]:
    """Controls that are answered as planned, put in place; where there are several ways to be in place, the least of them."""
    shown = conditions.visible(questionnaire, answers)
    steps = []
    for question in questionnaire.scored_questions:
        answer = answers.get(question.id)
        chosen = question.option(answer) if isinstance(answer, str) else None
        in_place = [option for option in question.options if option.state == "in_place"]
        if chosen is not None and chosen.state == "planned" and in_place and shown[question.id] is not False:
            least = min(in_place, key=lambda option: option.points or 0)
            steps.append(AnswerChange(questionnaire.id, question.id, least.value))
    return tuple(steps)


def _entangled(questionnaire: Questionnaire, controls: Collection[str]) -> frozenset[str]:
    """Those of the controls that do more than give points, or whose points hang on another of them."""
    gates = {
        question.id: set(conditions.questions_named(question.shown_if))
        for question in questionnaire.questions()
        if question.shown_if is not None
    }
    floors = questionnaire.method.floors if questionnaire.method else ()
    named = {name for floor in floors for name in conditions.questions_named(floor)}.union(*gates.values())

    def rests_on(name: str) -> set[str]:
        return gates.get(name, set()).union(*(rests_on(gate) for gate in gates.get(name, ())))

    return frozenset(name for name in controls if name in named or rests_on(name) & set(controls))
