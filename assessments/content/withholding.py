"""What may be left out of a redacted copy: places. Texts, notes, titles and people; never what decides a result.

A path names a value as its author sees it, such as `answers.impact.overview`, `answers.impact.data_register.2`,
`notes.hiring.profiles`, `evidence.ev-log`, `scenarios.s1`, `measures.m2`, `operator.representative`, `sign_off.by`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from assessments.details import details
from assessments.model import AISystem, Json, Operator
from questionnaires.question_types import of_type
from questionnaires.schema import Question, Questionnaire

Locator = tuple[str | int, ...]
"""The way to one value in a record's data."""
ACTS = ("authors", "evidence_reviews", "decision.reason", "decision.by", "sign_off.by", "votes")
"""May be marked before they exist: they stand outside the content, or come after it is frozen."""
_SCENARIO = ("text", "affected_direct", "affected_indirect", "affected_unintended")


def places(data: Json, questionnaires: Mapping[str, Questionnaire]) -> dict[str, tuple[Locator, ...]]:
    """Path → the values it stands for; only what is there. data: a record's, or `{"content": …}` alone."""
    locators_by_path: dict[str, list[Locator]] = {}
    for path, locator in _all(data, questionnaires):
        if _is_text(data, locator):
            locators_by_path.setdefault(path, []).append(locator)
    return {path: tuple(locators) for path, locators in locators_by_path.items()} | {
        act: tuple(_of_act(data, act)) for act in ACTS
    }


def _all(data: Json, questionnaires: Mapping[str, Questionnaire]) -> Iterator[tuple[str, Locator]]:
    inside = data["content"]
    for part, of in (("operator", Operator), ("system", AISystem)):
        for name, detail in details(of).items():
            if detail.may_be_withheld and name in inside[part]:
                yield f"{part}.{name}", ("content", part, name)
    for questionnaire_id, responses in inside["answers"].items():
        for name, response in responses.items():
            here: Locator = ("content", "answers", questionnaire_id, name)
            yield f"notes.{questionnaire_id}.{name}", (*here, "note")
            question = questionnaires[questionnaire_id].question(name)
            yield from _of_answer(f"answers.{questionnaire_id}.{name}", (*here, "answer"), question, response["answer"])
    for place, evidence in enumerate(inside["evidence"]):
        for name in ("title", "file_name"):
            yield f"evidence.{evidence['id']}", ("content", "evidence", place, name)
    for place, scenario in enumerate(inside["scenarios"]):
        for name in _SCENARIO:
            yield f"scenarios.{scenario['id']}", ("content", "scenarios", place, name)
        for at in range(len(scenario["impacts"])):
            for name in ("effect", "reason"):
                yield f"scenarios.{scenario['id']}", ("content", "scenarios", place, "impacts", at, name)
    for place, explanation in enumerate(inside.get("explanations", ())):
        yield f"explanations.{explanation['check']}", ("content", "explanations", place, "text")
    for place, measure in enumerate(inside["measures"]):
        for name in ("text", "owner"):
            yield f"measures.{measure['id']}", ("content", "measures", place, name)


def _of_answer(path: str, here: Locator, question: Question, answer: Any) -> Iterator[tuple[str, Locator]]:
    """A text as a whole; of a group the texts of one row."""
    for row, steps in of_type(question).prose(question, answer):
        yield path + row, (*here, *steps)


def _of_act(data: Json, act: str) -> Iterator[Locator]:
    name, _, part = act.partition(".")
    if name == "votes":
        yield from _of_votes(data)
        return
    done = data.get(name)
    if not done:
        return
    if name == "authors":
        for place, author in enumerate(done):
            yield from _of_person(author, (name, place))
        return
    if name == "evidence_reviews":
        for place, review in enumerate(done):
            yield from _of_person(review["by"], (name, place, "by"))
            if review["reason"]:
                yield (name, place, "reason")
        return
    if part == "by":
        yield from _of_person(done["by"], (name, "by"))
    else:
        yield (name, part)
        for place in range(len(done["conditions"])):
            yield (name, "conditions", place)
        for place in range(len(done.get("condition_terms", ()))):
            yield (name, "condition_terms", place, "owner")


def _of_votes(data: Json) -> Iterator[Locator]:
    """Who voted, and in what words; how they voted stays, for the decision follows from it."""
    for place, vote in enumerate((data.get("committee") or {"votes": ()})["votes"]):
        here: Locator = ("committee", "votes", place)
        yield from _of_person(vote["by"], (*here, "by"))
        yield (*here, "reason")
        for name, of in (("conditions", None), ("condition_terms", "owner"), ("points", "text")):
            for at in range(len(vote.get(name, ()))):
                yield (*here, name, at) if of is None else (*here, name, at, of)


def _of_person(person: Json, here: Locator) -> Iterator[Locator]:
    """Everything that is said of a person who did something; a position only where one is stated."""
    yield (*here, "name")
    yield (*here, "id")
    if person.get("position"):
        yield (*here, "position")


def _is_text(data: Json, locator: Locator) -> bool:
    value: Any = data
    for step in locator:
        value = value[step]
    return isinstance(value, str) and value != ""
