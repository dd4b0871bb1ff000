"""Which answers decide the level: decisive."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from assessments.model import Answers, Level, Scenario
from assessments.rules.scoring import score
from questionnaires import conditions
from questionnaires.question_types import of_type
from questionnaires.schema import ImpactScales, Questionnaire


@dataclass(frozen=True)
class Decisive:
    """A scored question that alone can change the level, all other answers being equal."""

    question: str
    is_open: bool
    best: Level
    """The level with its best answer."""
    worst: Level
    """The level with its worst answer."""


def decisive(
    questionnaire: Questionnaire,
    answers: Answers,
    scenarios: Sequence[Scenario] = (),
    scales: ImpactScales | None = None,
) -> tuple[Decisive, ...]:
    """Questions whose best or worst answer alone would give another level, in the order of asking."""
    now = score(questionnaire, answers, scenarios, scales).level
    visibility = conditions.visible(questionnaire, answers)
    decisive_questions = []
    for question in questionnaire.scored_questions:
        if visibility[question.id] is False:
            continue
        levels = [
            score(questionnaire, {**answers, question.id: answer}, scenarios, scales).level
            for answer in of_type(question).extremes(question)
        ]
        best, worst = (choose(levels, key=lambda level: level.rank) for choose in (min, max))
        if best is not now or worst is not now:
            decisive_questions.append(Decisive(question.id, conditions.is_open(answers.get(question.id)), best, worst))
    return tuple(decisive_questions)
