"""Canada's Algorithmic Impact Assessment: as a questionnaire of ours, as a plain reckoner, and cases drawn from it.

The reckoner knows nothing of the product: it adds up the points of the survey by the published rules. `python -m tests.canada`
draws the cases anew. Loaded without whole-file checks: the survey's conditions break the chain rule.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from questionnaires import conditions
from questionnaires.schema import Questionnaire

FOLDER = Path(__file__).with_name("cases") / "canada"
CASES = FOLDER / "cases.tsv"
COUNT = 200
BLANK = "blank"
"""Stands where a visible question has no answer: no points, where the product would reckon with the worst."""
_KINDS = {"raw": "exposure", "mitigation": "control"}
_HEAD = """\
# Answers to Canada's Algorithmic Impact Assessment (survey.yaml here: source, edition, licence) and what they come to.
# Drawn by lot and reckoned by `python -m tests.canada`; the reckoner gave the same raw, mitigation and current scores, levels and
# visible questions as the reference implementation, version 1.0.1, on a hundred sets of answers of another origin.
# answers: one for each question with options, in the order of survey.yaml: the number of the option from 0, several joined by +, none: -
"""

Given = Mapping[str, tuple[str, ...]]
"""Question id → the chosen options."""


@dataclass(frozen=True)
class Result:
    raw: int
    mitigation: int
    current: int
    level: int
    visible: int
    """How many questions of survey.yaml are shown."""


@dataclass(frozen=True)
class Case:
    id: str
    expected: Result
    given: Given


@cache
def survey() -> Any:
    return yaml.safe_load((FOLDER / "survey.yaml").read_text("utf-8"))


def cases() -> list[Case]:
    """As they lie in the folder."""
    read = []
    for line in CASES.read_text("utf-8").splitlines():
        if not line.startswith(("#", "id\t")):
            name, *figures, answers = line.split("\t")
            read.append(Case(name, Result(*map(int, figures)), _decoded(answers)))
    return read


# --- the plain reckoner -----------------------------------------------------------------------------------------------


def reckoned(given: Given) -> Result:
    """By the published rules, with answers of hidden questions left out."""
    shown = visible(given)
    sums = {"raw": 0, "mitigation": 0}
    for question in survey()["questions"]:
        if "kind" in question and question["id"] in shown:
            sums[question["kind"]] += sum(question["points"][value] for value in given.get(question["id"], ()))
    maximum, deduction = survey()["maximum"], survey()["deduction"]
    current = sums["raw"]
    if sums["mitigation"] * 200 >= deduction["share_of_half"] * maximum["mitigation"]:
        current = (sums["raw"] * (100 - deduction["per_cent_off"]) + 50) // 100
    level = next(at for at, share in enumerate(survey()["levels"], 1) if current * 100 <= share * maximum["raw"])
    return Result(sums["raw"], sums["mitigation"], current, level, len(shown))


def visible(given: Given) -> set[str]:
    """Ids of the questions that are shown once the answers of hidden ones are gone."""
    left = dict(given)
    while True:
        shown = {row["id"] for row in survey()["questions"] if "shown_if" not in row or _holds(row["shown_if"], left)}
        if left.keys() <= shown:
            return shown
        left = {name: values for name, values in left.items() if name in shown}


def _holds(condition: Mapping[str, Any], given: Given) -> bool:
    if "all_of" in condition:
        return all(_holds(part, given) for part in condition["all_of"])
    if "any_of" in condition:
        return any(_holds(part, given) for part in condition["any_of"])
    return bool({*condition["is"]} & {*given.get(condition["question"], ())})


# --- cases drawn by lot -----------------------------------------------------------------------------------------------


def drawn(number: int) -> Given:
    """Answers as somebody could give them, the same for the same number: eager or sparing, harmless or harmful, some left over
    in questions that have been hidden since."""
    chance = random.Random(number)
    answered = (1.0, 0.95, 0.6)[number % 3]
    leaning = {"raw": chance.random(), "mitigation": chance.random() ** 0.5}
    given: dict[str, tuple[str, ...]] = {}
    for question in survey()["questions"]:
        hidden = "shown_if" in question and not _holds(question["shown_if"], given)
        if "points" not in question or chance.random() > (0.05 if hidden else answered):
            continue
        values = sorted(question["points"], key=question["points"].__getitem__)
        lean = leaning.get(question.get("kind", ""), 0.5)
        if question.get("several"):
            chosen = [value for value in values if chance.random() < lean]
        else:
            chosen = [values[-1] if chance.random() < lean else values[int(chance.random() ** 2 * len(values))]]
        if chosen:
            given[question["id"]] = tuple(chosen)
    return given


def written() -> str:
    """All cases as the file holds them."""
    rows = [_HEAD + "id\traw\tmitigation\tcurrent\tlevel\tvisible\tanswers"]
    for number in range(1, COUNT + 1):
        given = drawn(number)
        of = reckoned(given)
        figures = (of.raw, of.mitigation, of.current, of.level, of.visible)
        rows.append("\t".join([f"{number:03}", *map(str, figures), _encoded(given)]))
    return "\n".join(rows) + "\n"


def _encoded(given: Given) -> str:
    parts = []
    for question in _with_options():
        values = list(question["points"])
        parts.append("+".join(str(at) for at in sorted(map(values.index, given.get(question["id"], ())))) or "-")
    return " ".join(parts)


def _decoded(answers: str) -> Given:
    return {
        question["id"]: tuple(list(question["points"])[int(at)] for at in part.split("+"))
        for question, part in zip(_with_options(), answers.split(" "), strict=True)
        if part != "-"
    }


def _with_options() -> Iterator[Any]:
    return (question for question in survey()["questions"] if "points" in question)


# --- in the product's own form ----------------------------------------------------------------------------------------


@cache
def questionnaire() -> Questionnaire:
    """Shaped by the schema; points, conditions and method as published."""
    deduction = survey()["deduction"]
    return Questionnaire.model_validate(
        {
            "id": "canada",
            "version": "1.0",
            "title": _text("AIA"),
            "in_force_from": "2025-01-01",
            "sources": {
                "aia": {"kind": "other", "title": _text("AIA"), "edition": "2025-01-01", "read_on": "2026-11-28"}
            },
            "sections": [
                {"id": "all", "title": _text("all"), "questions": [_question(row) for row in survey()["questions"]]}
            ],
            "method": {
                "summary": _text("AIA"),
                "source": "aia",
                "unit": "points",
                "residual": {
                    "threshold": {"of": 50, "share": deduction["share_of_half"], "off": deduction["per_cent_off"]},
                },
                "dimensions": [{"id": "all", "title": _text("all"), "weight": 100}],
                "bands": [
                    {"level": level, "up_to": share}
                    for level, share in zip(("low", "medium", "high", "very_high"), survey()["levels"], strict=True)
                ],
            },
        }
    )


def answers(asked: Questionnaire, given: Given) -> dict[str, Any]:
    """The given answers; `blank` where a surely visible question has none."""
    several = {question["id"] for question in survey()["questions"] if question.get("several")}
    made: dict[str, Any] = {name: values if name in several else values[0] for name, values in given.items()}
    while True:
        shown = conditions.visible(asked, made)
        empty = [
            question.id
            for question in asked.questions()
            if question.options and shown[question.id] and question.id not in made
        ]
        if not empty:
            return made
        made |= {name: (BLANK,) if name in several else BLANK for name in empty}


def _question(row: Mapping[str, Any]) -> dict[str, Any]:
    question: dict[str, Any] = {"id": row["id"], "text": _text(row["id"]), "type": "text", "source": "aia"}
    if points := row.get("points"):
        question["type"] = "choices" if row.get("several") else "choice"
        question["options"] = [
            {"value": value, "label": _text(value), "points": of} for value, of in {**points, BLANK: 0}.items()
        ]
    if "kind" in row:
        question |= {"kind": _KINDS[row["kind"]], "dimension": "all"}
        if row.get("several"):
            question["max"] = sum(row["points"].values())
    if "shown_if" in row:
        question["shown_if"] = row["shown_if"]
    return question


def _text(text: str) -> dict[str, str]:
    return {"ko": text, "en": text}


if __name__ == "__main__":
    CASES.write_text(written(), "utf-8")
    sys.stdout.write(f"{CASES.name}: {COUNT} cases\n")
