"""Questionnaires and rules, measured: a yardstick, loading, determination with score. `python -m tests.bench.rules`"""

from __future__ import annotations

import random
from collections.abc import Mapping
from datetime import date
from functools import cache
from time import process_time

import pyperf

from assessments.file import assessment_file
from assessments.model import Answer, Answers, Finding
from assessments.rules import determination, scoring
from assessments.rules.findings import examine_claim
from questionnaires import load
from questionnaires.schema import Questionnaire, QuestionType
from tests.bench import examples

YARDSTICK = "yardstick: 3,000,000 additions"
COLD = "load all questionnaires, cold"
CACHED = "load all questionnaires, cached"
JUDGED = "determine and score with trace, one set of answers"
SETS = 500
"""Sets of answers that one measurement goes through."""
CHANGED = 0.3
"""The share of choices that a set answers in its own way."""


def main() -> None:
    """Processor seconds, so that what else the machine does counts less. Sets are met once in a turn: nothing is remembered of them."""
    runner = pyperf.Runner(processes=3, values=3, loops=1, program_args=("-m", "tests.bench.rules"))
    runner.bench_time_func(YARDSTICK, additions)
    runner.bench_time_func(COLD, _cold)
    runner.bench_time_func(CACHED, _cached)
    runner.bench_time_func(JUDGED, _judged, inner_loops=SETS)


def variants(asked: Questionnaire, answers: Answers, count: int) -> list[Mapping[str, Answer]]:
    """Sets of answers around the given ones, all different, the same in every run."""
    chance = random.Random(1)
    sets: dict[tuple[tuple[str, Answer], ...], Mapping[str, Answer]] = {}
    while len(sets) < count:
        changed = dict(answers)
        for question in asked.questions():
            values = [option.value for option in question.options]
            if question.type is QuestionType.CHOICE and chance.random() < CHANGED:
                changed[question.id] = chance.choice(values)
            elif question.type is QuestionType.CHOICES and chance.random() < CHANGED:
                changed[question.id] = (chance.choice(values),)
        sets[tuple(changed.items())] = changed
    return list(sets.values())


def additions(loops: int) -> float:
    """How fast the machine is in this very minute, for figures of two runs to be told apart from their machines."""
    began = process_time()
    for _ in range(loops):
        total = 0
        for number in range(3_000_000):
            total += number
    return process_time() - began


def _cold(loops: int) -> float:
    began = process_time()
    for _ in range(loops):
        load.forget()
        load.editions()
    return process_time() - began


def _cached(loops: int) -> float:
    load.editions()
    began = process_time()
    for _ in range(loops):
        for edition in load.editions():
            load.in_force(edition.id, date(2026, 11, 20))
    return process_time() - began


def _judged(loops: int) -> float:
    asked, claim, sets = _example()
    began = process_time()
    for _ in range(loops):
        for answers in sets:
            determination.determine(asked, answers, claim)
            scoring.score(asked, answers)
    return process_time() - began


@cache
def _example() -> tuple[Questionnaire, Finding, list[Mapping[str, Answer]]]:
    stated = assessment_file.read_file(examples.EXAMPLE)
    asked = stated.questionnaires[stated.assessment.domain]
    claim = examine_claim(stated.questionnaires, stated.assessment).whole
    return asked, claim, variants(asked, stated.assessment.answers(stated.assessment.domain), SETS)


if __name__ == "__main__":
    main()
