"""Canada's Algorithmic Impact Assessment in the product's own form: questionnaire, answers.

Translates the published definition, so that the product's conditions and scoring can be held against numbers
that another program computed. Loaded without whole-file checks: its gates break the chain rule.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from questionnaires import conditions
from questionnaires.schema import Questionnaire

BLANK = "blank"
_TYPES = {"radiogroup": "choice", "dropdown": "choice", "checkbox": "choices", "text": "text", "comment": "text"}
_KINDS = {"raw": "exposure", "mitigation": "control"}
_TERM = re.compile(r'\{([^}]+)\}\s*(=|contains)\s*(\[[^\]]*\]|"[^"]*")')
_TOKEN = re.compile(_TERM.pattern + r"|\(|\)|\band\b|\bor\b")


def name(text: str) -> str:
    """`projectDetailsDepartment-NS` → `project_details_department__ns`: an id of ours."""
    return re.sub(r"[A-Z]", lambda sign: "_" + sign.group().lower(), text).replace("-", "_").lstrip("_")


def questionnaire(definition: Mapping[str, Any]) -> Questionnaire:
    """Shaped by the schema; points, gates and method as published."""
    kinds = {row["name"]: _TYPES[row["type"]] for row in definition["questions"]}
    options = {row["name"]: [str(one["value"]) for one in row["options"]] for row in definition["questions"]}
    questions = [_question(row, kinds, options) for row in definition["questions"]]
    return Questionnaire.model_validate(
        {
            "id": "canada",
            "version": "1.0",
            "title": _text("AIA"),
            "in_force_from": "2025-01-01",
            "sources": {
                "aia": {"kind": "other", "title": _text("AIA"), "edition": "2025-01-01", "read_on": "2025-01-01"}
            },
            "sections": [{"id": "all", "title": _text("all"), "questions": questions}],
            "method": {
                "summary": _text("AIA"),
                "source": "aia",
                "unit": "points",
                "residual": {"threshold": {"of": 50, "share": 80, "off": 15}},
                "dimensions": [{"id": "all", "title": _text("all"), "weight": 100}],
                "bands": [
                    {"level": "low", "up_to": 25},
                    {"level": "medium", "up_to": 50},
                    {"level": "high", "up_to": 75},
                    {"level": "very_high", "up_to": 100},
                ],
            },
        }
    )


def answers(asked: Questionnaire, definition: Mapping[str, Any], given: Mapping[str, Any]) -> dict[str, Any]:
    """The given answers without those that are no options; `blank` where a surely visible question is empty."""
    kept: dict[str, Any] = {}
    for row in definition["questions"]:
        value = given.get(row["name"])
        known = [str(one["value"]) for one in row["options"]]
        kind = _TYPES[row["type"]]
        if kind == "text":
            if value:
                kept[name(row["name"])] = str(value)
        elif kind == "choice":
            if value in known:
                kept[name(row["name"])] = _value(value)
        else:
            chosen = tuple(_value(one) for one in (value if isinstance(value, list) else []) if one in known)
            if chosen:
                kept[name(row["name"])] = chosen
    while True:
        shown = conditions.visible(asked, kept)
        empty = [one for one in asked.questions() if one.options and shown[one.id] and one.id not in kept]
        if not empty:
            return kept
        kept |= {one.id: (BLANK,) if one.type == "choices" else BLANK for one in empty}


def _question(row: Mapping[str, Any], kinds: Mapping[str, str], options: Mapping[str, list[str]]) -> dict[str, Any]:
    kind = _TYPES[row["type"]]
    question: dict[str, Any] = {"id": name(row["name"]), "text": _text(row["name"]), "type": kind, "source": "aia"}
    if kind != "text":
        question["options"] = [
            {"value": _value(one["value"]), "label": _text(one["value"]), "points": one["score"] or 0}
            for one in row["options"]
        ] + [{"value": BLANK, "label": _text(BLANK), "points": 0}]
    if row["kind"] in _KINDS:
        question |= {"kind": _KINDS[row["kind"]], "dimension": "all"}
        if kind == "choices":
            question["max"] = sum(one["score"] or 0 for one in row["options"])
    gates = [_parse(text, kinds, options) for text in row["visible_if_all"]]
    if gates:
        question["shown_if"] = {"all_of": gates}
    return question


def _parse(text: str, kinds: Mapping[str, str], options: Mapping[str, list[str]]) -> dict[str, Any]:
    tokens = list(_TOKEN.finditer(text))
    place = 0

    def either() -> dict[str, Any]:
        nonlocal place
        terms = [both()]
        while place < len(tokens) and tokens[place].group() == "or":
            place += 1
            terms.append(both())
        return terms[0] if len(terms) == 1 else {"any_of": terms}

    def both() -> dict[str, Any]:
        nonlocal place
        terms = [single()]
        while place < len(tokens) and tokens[place].group() == "and":
            place += 1
            terms.append(single())
        return terms[0] if len(terms) == 1 else {"all_of": terms}

    def single() -> dict[str, Any]:
        nonlocal place
        token = tokens[place]
        place += 1
        if token.group() == "(":
            inner = either()
            place += 1
            return inner
        asked, verb, wanted = token.group(1), token.group(2), re.findall(r'"([^"]*)"', token.group(3))
        if verb == "contains" and kinds[asked] == "choice":  # on a text: part of it
            wanted = [one for one in options[asked] if wanted[0] in one]
        conditions_ = [{"question": name(asked), "is": [_value(one)]} for one in wanted]
        if verb == "contains" and kinds[asked] == "choices":  # all listed values
            return conditions_[0] if len(conditions_) == 1 else {"all_of": conditions_}
        return conditions_[0] if len(conditions_) == 1 else {"any_of": conditions_}

    return either()


def _value(text: Any) -> str:
    return str(text).replace("-", "_").lower()


def _text(text: Any) -> dict[str, str]:
    return {"ko": str(text) or "-", "en": str(text) or "-"}
