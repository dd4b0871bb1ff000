"""Hypothesis strategies: small sound questionnaires, answers to them, and the draws that a property gets."""

from __future__ import annotations

import os
from collections.abc import Mapping
from functools import cache
from itertools import product
from random import Random
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from questionnaires.conditions import Answer
from questionnaires.schema import UNKNOWN, Question, Questionnaire, QuestionType

FEW = 40
DRAWS = int(os.environ.get("HAETAE_DRAWS", FEW))
"""Draws a property gets: few in `make check`, 60 in `make test`, 20,000 in `make torture`."""
thorough = settings(
    max_examples=DRAWS,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much],
)

chances = st.randoms(use_true_random=DRAWS > FEW)
"""A generator of random numbers. With few draws Hypothesis draws each number itself, so that it can shrink a failure."""

Part = dict[str, Any]
"""A part of a questionnaire as YAML gives it."""
OUTCOMES = ("high_impact", "not_high_impact", "cannot_determine")
LEVELS = ("low", "medium", "high", "very_high")
CLAIMS = ("supported", "indeterminate", "contradicted", "absent")
_DIMENSIONS = ("d1", "d2")


def text(words: str) -> dict[str, str]:
    return {"ko": words, "en": words}


def build(
    questions: list[dict[str, Any]],
    routes: list[dict[str, Any]] | None = None,
    floors: list[dict[str, Any]] | None = None,
    **more: Any,
) -> Questionnaire:
    """A questionnaire of one section around these parts; sources and method are filled in."""
    asked: dict[str, Any] = {
        "id": "made",
        "version": "1.0",
        "title": text("made"),
        "in_force_from": "2026-01-22",
        "sources": {"s1": {"kind": "method", "title": text("made"), "edition": "2026-01-22", "read_on": "2026-01-22"}},
        "sections": [{"id": "all", "title": text("all"), "questions": questions}],
        "routes": routes or [],
        "method": {
            "summary": text("made"),
            "source": "s1",
            "residual": {"proportional": {"at_most": 60}},
            "dimensions": [{"id": name, "title": text(name), "weight": 50} for name in _DIMENSIONS],
            "bands": [{"level": level, "up_to": up_to} for level, up_to in zip(LEVELS, (25, 50, 75, 100), strict=True)],
            "floors": floors or [],
        },
    }
    return Questionnaire.model_validate(asked | more)


def choice(name: str, values: tuple[str, ...] = ("a", "b"), **more: Any) -> dict[str, Any]:
    """A choice question with `unknown` as its last option."""
    options = [{"value": value, "label": text(value)} for value in (*values, UNKNOWN)]
    return {"id": name, "text": text(name), "type": "choice", "source": "s1", "options": options} | more


def scored(name: str, kind: str, points: tuple[int, ...], dimension: str = "d1", **more: Any) -> dict[str, Any]:
    """A scored choice with options p0, p1, … of these points; of a control the options with points are in place."""
    state = {} if kind == "exposure" else {"state": "in_place"}
    options: list[dict[str, Any]] = [
        {"value": f"p{place}", "label": text(f"p{place}"), "points": one}
        | (state if one else dict.fromkeys(state, "none"))
        for place, one in enumerate(points)
    ]
    options.append({"value": UNKNOWN, "label": text(UNKNOWN)})
    return {
        "id": name,
        "text": text(name),
        "type": "choice",
        "source": "s1",
        "options": options,
        "kind": kind,
        "dimension": dimension,
    } | more


@st.composite
def routed(draw: st.DrawFn, most: int = 5, *, mostly_once: bool = False) -> Questionnaire:
    """Unscored choices with visibility and routes; at most five of three values, so that completions can be listed.

    mostly_once: hardly any question occurs twice among routes and `shown_if`.
    """
    chance = draw(chances)
    named: set[str] | None = set() if mostly_once else None
    questions: list[Part] = []
    for place in range(chance.randint(2, most)):
        more: Part = {}
        if questions and chance.randint(0, 1):
            more["shown_if"] = _condition(chance, questions, depth=1, named=named)
        questions.append(choice(f"q{place}", chance.choice([("a", "b"), ("a", "b", "c")]), **more))
    cited: Part = {"because": text("x"), "source": "s1"}
    routes = [
        cited
        | {
            "when": _condition(chance, questions, claims=True, named=named),
            "outcome": chance.choice(OUTCOMES),
            "contested_if": [
                cited | {"when": _condition(chance, questions, claims=True, depth=1)}
                for _ in range(chance.randint(0, 2))
            ],
        }
        for _ in range(chance.randint(1, 4))
    ]
    return build(questions, [*routes, cited | {"when": "otherwise", "outcome": chance.choice(OUTCOMES)}])


@st.composite
def scorable(draw: st.DrawFn) -> Questionnaire:
    """Scored questions that keep the chain rule: gates are unscored, or hide when they get better; and some floors."""
    chance = draw(chances)
    gates = [choice(f"g{place}", ("a", "b")) for place in range(chance.randint(0, 2))]
    questions: list[Part] = list(gates)
    for place in range(chance.randint(2, 7)):
        kind = chance.choice(["exposure", "exposure", "control"])
        points = tuple(sorted(chance.randint(0, 6) for _ in range(chance.randint(2, 4))))
        if kind == "control":
            points = (0, *points)
        more: Part = {}
        worse = [one for one in questions if one.get("kind") == "exposure"]
        if gates and chance.randint(0, 1):
            more["shown_if"] = _condition(chance, gates, depth=1)
        elif kind == "exposure" and worse and chance.randint(0, 1):
            more["shown_if"] = _worst_of(chance.choice(worse), chance.randint(1, 2))
        questions.append(scored(f"s{place}", kind, points, chance.choice(_DIMENSIONS), **more))
    floors = [
        {"question": one["id"], "is": [one["options"][-2]["value"]], "level": chance.choice(LEVELS)}
        | {"because": text("x"), "source": "s1"}
        for one in questions
        if one.get("kind") == "exposure" and chance.randint(0, 1)
    ]
    return build(questions, floors=floors)


@st.composite
def answered(draw: st.DrawFn, asked: Questionnaire) -> dict[str, Answer]:
    """Some of the questions answered, unknown among the answers."""
    chance = draw(chances)
    return {
        question.id: chance.choice([option.value for option in question.options])
        for question in asked.questions()
        if question.type is QuestionType.CHOICE and chance.randint(0, 4)
    }


def _condition(
    chance: Random, questions: list[Part], *, claims: bool = False, depth: int = 2, named: set[str] | None = None
) -> Part:
    """A condition over these questions. named: those that need not occur again; what is used here is added."""
    fresh = [one for one in questions if named is None or one["id"] not in named]
    kinds = ["is"] * 3 + (["claim"] if claims else []) + (["all_of", "any_of", "not", "count"] if depth else [])
    kind = chance.choice(kinds) if fresh or not claims else "claim"

    def several() -> list[Part]:
        return [inner() for _ in range(chance.randint(1, 3))]

    def inner() -> Part:
        return _condition(chance, questions, claims=claims, depth=depth - 1, named=named)

    match kind:
        case "claim":
            return {"claim": chance.sample(CLAIMS, chance.randint(1, 2))}
        case "all_of" | "any_of":
            return {kind: several()}
        case "not":
            return {"not": inner()}
        case "count":
            items = [{"when": one, "counts": chance.randint(1, 2)} for one in several()]
            return {"count_at_least": {"total": chance.randint(1, 4), "of": items}}
    question = chance.choice(fresh or questions)
    if named is not None:
        named.add(question["id"])
    values = [one["value"] for one in question["options"] if one["value"] != UNKNOWN]
    return {"question": question["id"], "is": chance.sample(values, chance.randint(1, max(1, len(values) - 1)))}


def _worst_of(question: Part, count: int) -> Part:
    """Shown for the worst options only, equal points together, so that no better option brings anything up."""
    options = question["options"][:-1]
    least = options[max(0, len(options) - count)]["points"]
    return {"question": question["id"], "is": [one["value"] for one in options if one["points"] >= least]}


def completions(asked: Questionnaire, answers: Mapping[str, Answer]) -> list[dict[str, Answer]]:
    """Every way to answer what is open."""
    open_ = [one for one in asked.questions() if answers.get(one.id, UNKNOWN) == UNKNOWN]
    return [
        dict(answers) | dict(zip([one.id for one in open_], values, strict=True)) for values in _product(tuple(open_))
    ]


@cache
def _product(questions: tuple[Question, ...]) -> list[tuple[str, ...]]:
    return list(product(*([o.value for o in one.options if o.value != UNKNOWN] for one in questions)))
