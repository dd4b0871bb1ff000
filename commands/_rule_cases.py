"""What `haetae bench` measures of questionnaires and rules: cases."""

from __future__ import annotations

import random
import time
from collections.abc import Mapping
from datetime import date
from pathlib import Path

from assessments import files
from assessments.model import Answer, Answers
from assessments.rules import determination, scoring
from assessments.rules.findings import examine_claim
from commands._turns import Case, timed
from questionnaires import load
from questionnaires.schema import Questionnaire, QuestionType

SETS = 500
"""Sets of answers that one measurement of the rules goes through."""
CHANGED = 0.3
"""The share of choices that a set answers in its own way."""


def cases(example: Path) -> list[Case]:
    """A yardstick, loading, and determination with score on many sets of answers, each met once in a turn. Processor time."""
    stated = files.read_file(example)
    asked = stated.questionnaires[stated.assessment.domain]
    claim = examine_claim(stated.questionnaires, stated.assessment).whole
    sets = variants(asked, stated.assessment.answers(stated.assessment.domain), SETS)

    def rules() -> None:
        for answers in sets:
            determination.determine(asked, answers, claim)
            scoring.score(asked, answers)

    return [
        Case("yardstick: 3,000,000 additions", "ms", timed(_additions, time.process_time)),
        Case("load all questionnaires, cold", "ms", timed(_cold, time.process_time), limit=300),
        Case("load all questionnaires, cached", "ms", timed(_cached, time.process_time), limit=5),
        Case(
            f"determine and score with trace, {SETS} sets", "ms each", timed(rules, time.process_time, SETS), limit=0.2
        ),
    ]


def variants(asked: Questionnaire, answers: Answers, count: int) -> list[Mapping[str, Answer]]:
    """Sets of answers around the given ones, all different, the same in every run."""
    chance = random.Random(1)  # noqa: S311 - nothing secret: answers to be measured with
    found: dict[tuple[tuple[str, Answer], ...], Mapping[str, Answer]] = {}
    while len(found) < count:
        one = dict(answers)
        for question in asked.questions():
            values = [option.value for option in question.options]
            if question.type is QuestionType.CHOICE and chance.random() < CHANGED:
                one[question.id] = chance.choice(values)
            elif question.type is QuestionType.CHOICES and chance.random() < CHANGED:
                one[question.id] = (chance.choice(values),)
        found[tuple(one.items())] = one
    return list(found.values())


def _additions() -> object:
    """How fast the machine is in this very minute, for figures of two runs to be told apart from their machines."""
    total = 0
    for number in range(3_000_000):
        total += number
    return total


def _cold() -> object:
    load.forget()
    return load.editions()


def _cached() -> object:
    return [load.in_force(one.id, date(2026, 11, 20)) for one in load.editions()]
