"""Hypothesis strategies: small sound questionnaires, answers to them, and the draws that a property gets."""

from __future__ import annotations

import os
from collections.abc import Mapping
from functools import cache
from itertools import product
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from questionnaires.conditions import Answer
from questionnaires.schema import UNKNOWN, Question, Questionnaire, QuestionType

DRAWS = int(os.environ.get("HAETAE_DRAWS", "40"))
"""Draws a property gets: few in `make check`, 2,000 in `make test`."""
thorough = settings(
    max_examples=DRAWS,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much],
)

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
def conditions(
    draw: st.DrawFn, questions: list[dict[str, Any]], claims: bool = False, depth: int = 2
) -> dict[str, Any]:
    """A condition over these questions."""
    kinds = ["is"] * 3 + (["claim"] if claims else []) + (["all_of", "any_of", "not", "count"] if depth else [])
    kind = draw(st.sampled_from(kinds))
    inner = conditions(questions, claims, depth - 1)
    if kind == "claim":
        return {"claim": draw(st.lists(st.sampled_from(CLAIMS), min_size=1, max_size=2, unique=True))}
    if kind in ("all_of", "any_of"):
        return {kind: draw(st.lists(inner, min_size=1, max_size=3))}
    if kind == "not":
        return {"not": draw(inner)}
    if kind == "count":
        items = draw(
            st.lists(st.fixed_dictionaries({"when": inner, "counts": st.integers(1, 2)}), min_size=1, max_size=3)
        )
        return {"count_at_least": {"total": draw(st.integers(1, 4)), "of": items}}
    question = draw(st.sampled_from(questions))
    values = [one["value"] for one in question["options"] if one["value"] != UNKNOWN]
    return {
        "question": question["id"],
        "is": draw(st.lists(st.sampled_from(values), min_size=1, max_size=max(1, len(values) - 1), unique=True)),
    }


@st.composite
def routed(draw: st.DrawFn, most: int = 5) -> Questionnaire:
    """Unscored choices with visibility and routes; at most five of three values, so that completions can be listed."""
    questions: list[dict[str, Any]] = []
    for place in range(draw(st.integers(2, most))):
        values = draw(st.sampled_from([("a", "b"), ("a", "b", "c")]))
        more: dict[str, Any] = {}
        if questions and draw(st.booleans()):
            more["shown_if"] = draw(conditions(questions, depth=1))
        questions.append(choice(f"q{place}", values, **more))
    grounds = st.lists(
        st.fixed_dictionaries(
            {
                "when": conditions(questions, claims=True, depth=1),
                "because": st.just(text("x")),
                "source": st.just("s1"),
            }
        ),
        max_size=2,
    )
    routes = [
        {
            "when": draw(conditions(questions, claims=True)),
            "outcome": draw(st.sampled_from(OUTCOMES)),
            "because": text("x"),
            "source": "s1",
            "contested_if": draw(grounds),
        }
        for _ in range(draw(st.integers(1, 4)))
    ]
    last = {"when": "otherwise", "outcome": draw(st.sampled_from(OUTCOMES)), "because": text("x"), "source": "s1"}
    return build(questions, [*routes, last])


@st.composite
def scorable(draw: st.DrawFn) -> Questionnaire:
    """Scored questions that keep the chain rule: gates are unscored, or hide when they get better; and some floors."""
    gates = [choice(f"g{place}", ("a", "b")) for place in range(draw(st.integers(0, 2)))]
    questions: list[dict[str, Any]] = list(gates)
    for place in range(draw(st.integers(2, 7))):
        kind = draw(st.sampled_from(["exposure", "exposure", "control"]))
        points = tuple(sorted(draw(st.lists(st.integers(0, 6), min_size=2, max_size=4))))
        if kind == "control":
            points = (0, *points)
        more: dict[str, Any] = {}
        if gates and draw(st.booleans()):
            more["shown_if"] = draw(conditions(gates, depth=1))
        elif kind == "exposure" and draw(st.booleans()):
            worse = [one for one in questions if one.get("kind") == "exposure"]
            if worse:
                more["shown_if"] = _worst_of(draw(st.sampled_from(worse)), draw(st.integers(1, 2)))
        questions.append(scored(f"s{place}", kind, points, draw(st.sampled_from(_DIMENSIONS)), **more))
    floors = [
        {"question": one["id"], "is": [one["options"][-2]["value"]], "level": draw(st.sampled_from(LEVELS))}
        | {"because": text("x"), "source": "s1"}
        for one in questions
        if one.get("kind") == "exposure" and draw(st.booleans())
    ]
    return build(questions, floors=floors)


def _worst_of(question: dict[str, Any], count: int) -> dict[str, Any]:
    """Shown for the worst options only, equal points together, so that no better option brings anything up."""
    options = question["options"][:-1]
    least = options[max(0, len(options) - count)]["points"]
    return {"question": question["id"], "is": [one["value"] for one in options if one["points"] >= least]}


@st.composite
def answered(draw: st.DrawFn, asked: Questionnaire) -> dict[str, Answer]:
    """Some of the questions answered, unknown among the answers."""
    return {
        question.id: draw(st.sampled_from([option.value for option in question.options]))
        for question in asked.questions()
        if question.type is QuestionType.CHOICE and draw(st.integers(0, 4))
    }


def completions(asked: Questionnaire, answers: Mapping[str, Answer]) -> list[dict[str, Answer]]:
    """Every way to answer what is open."""
    open_ = [one for one in asked.questions() if answers.get(one.id, UNKNOWN) == UNKNOWN]
    return [
        dict(answers) | dict(zip([one.id for one in open_], values, strict=True)) for values in _product(tuple(open_))
    ]


@cache
def _product(questions: tuple[Question, ...]) -> list[tuple[str, ...]]:
    return list(product(*([o.value for o in one.options if o.value != UNKNOWN] for one in questions)))
