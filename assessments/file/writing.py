"""Writes an assessment as a commented YAML file that `assessment_file` reads back without loss: yaml_text, template."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import asdict, replace
from datetime import date
from pathlib import Path
from typing import Any

from assessments.details import details
from assessments.editions import asked_in, with_second_scale
from assessments.file.problems import TEXTS
from assessments.file.shape import FORMAT
from assessments.model import AISystem, Assessment, Condition, Decision, EditionRef, Operator, Person, Response, SignOff
from questionnaires import load
from questionnaires.load import Edition
from questionnaires.question_types import of_type, to_json
from questionnaires.schema import Question, Text
from questionnaires.wording import SEOUL

_NOT_PRINTABLE = re.compile("[\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff]")


_EXPLAINED = {"supervisor": "   # who manages and supervises (Decree Art. 27(1)4)"}
"""Behind a detail of the file."""


def template(domain: str, on: date, folder: Path | None = None) -> str:
    """An empty file for a domain with the editions in force on the day. Raises: UnknownEditionError, InvalidFileError."""
    required = {name: load.in_force(name, on, folder) for name in asked_in(domain, folder)}
    editions = with_second_scale(required, domain, on, folder)
    pinned = tuple(EditionRef(edition.id, edition.version, edition.sha256) for edition in editions.values())
    empty = Assessment(AISystem(""), Operator(""), domain, on, pinned)
    return yaml_text(empty, editions)


def yaml_text(assessment: Assessment, editions: Mapping[str, Edition]) -> str:
    """The assessment as a YAML file with every question, answered or not."""
    return "\n".join(_lines(assessment, editions)) + "\n"


def _lines(assessment: Assessment, editions: Mapping[str, Edition]) -> Iterator[str]:
    operator, system = assessment.operator, assessment.system
    head = TEXTS.text("head")
    yield from (f"# {line}" for line in (*head.en.splitlines(), *head.ko.splitlines()))
    yield f"format: {FORMAT}"
    yield f"example: {_value(operator.is_example)}"
    yield f'"on": {assessment.on}                     # the day (Asia/Seoul) whose editions apply'
    yield f"domain: {assessment.domain}"
    if assessment.authors:
        yield f"authors: {_value(list(map(_person, assessment.authors)))}   # who wrote the answers"
    else:
        yield '# authors: [{name: "", position: ""}]   # who wrote the answers; needed where a decision is stated'
    yield "operator:"
    yield from _details(replace(operator, name=operator.name or "-"))
    yield f"  separation: {operator.separation}                    # author, decider and signing officer: 3 people, or 2"
    yield "system:"
    yield from _details(replace(system, name_ko=system.name_ko or ("" if system.name_en else "-")))
    yield f"editions: {_value({edition.id: edition.version for edition in editions.values()})}"
    yield "answers:"
    for edition in editions.values():
        yield from _answers(edition, assessment.responses.get(edition.id, {}))
    yield from _lists(assessment)
    yield from _decision(assessment)


def _details(described: Operator | AISystem) -> Iterator[str]:
    """Every detail where it stands in a file."""
    stated: dict[str, Any] = {}
    for name, detail in details(type(described)).items():
        head, *below = detail.file
        if below:
            stated.setdefault(head, {})[below[0]] = getattr(described, name)
        else:
            stated[head] = getattr(described, name)
    for head, value in stated.items():
        yield f"  {head}: {_value(value)}{_EXPLAINED.get(head, '')}"


def _answers(edition: Edition, responses: Mapping[str, Response]) -> Iterator[str]:
    yield f"  {edition.id}:"
    for section in edition.questionnaire.sections:
        yield ""
        yield f"    # ── {section.title.ko} · {section.title.en}"
        for question in section.questions:
            yield from _comment(question)
            yield f"    {question.id}: {_answer(responses.get(question.id))}".rstrip()


def _comment(question: Question) -> Iterator[str]:
    need = " (required)" if question.required else ""
    yield f"    # {_one_line(question.text)}"
    yield f"    #   {of_type(question).hint(question, need)}"
    if question.shown_if is not None:
        yield "    #   asked only where earlier answers lead to it"


def _one_line(text: Text) -> str:
    return " ".join(f"{text.ko} · {text.en}".split())


def _answer(response: Response | None) -> str:
    if response is None:
        return ""
    answer = to_json(response.answer)
    return _value({"answer": answer, "note": response.note} if response.note else answer)


def _lists(assessment: Assessment) -> Iterator[str]:
    yield (
        "evidence:"
        if assessment.evidence
        else 'evidence: []      # - {id: ev1, title: "", file: evidence/x.pdf, for: [authority]}'
    )
    for evidence in assessment.evidence:
        row = {name: value for name, value in asdict(evidence).items() if name not in ("added_by", "added_at")}
        yield f"  - {_value(_filled(row))}"
    yield "scenarios:" if assessment.scenarios else "scenarios: []"
    for scenario in assessment.scenarios:
        affected = {kind: getattr(scenario, f"affected_{kind}") for kind in ("direct", "indirect", "unintended")}
        impacts = [_filled(asdict(impact)) for impact in scenario.impacts]
        yield f"  - {_value({'id': scenario.id, 'text': scenario.text, 'affected': affected, 'impacts': impacts})}"
    yield "measures:" if assessment.measures else "measures: []"
    for measure in assessment.measures:
        row = asdict(measure)
        row["in_place"] = row.pop("is_in_place")
        yield f"  - {_value(_filled(row))}"
    if assessment.explanations:
        yield "explanations:"
    for explained in assessment.explanations:
        yield f"  - {_value({'check': explained.check, 'text': explained.text})}"
    if assessment.withheld:
        yield "withheld:"
    for one_mark in assessment.withheld:
        row = {"path": one_mark.path, "kind": one_mark.kind.value, "reason": one_mark.reason, "salt": one_mark.salt}
        yield f"  - {_value(row)}"


def _decision(assessment: Assessment) -> Iterator[str]:
    decision, signed = assessment.decision, assessment.sign_off
    if decision is None or signed is None:
        return
    yield "decision:"
    yield f"  ruling: {decision.ruling}"
    yield f"  reason: {_value(decision.reason)}"
    yield f"  conditions: {_value(list(map(_condition, decision.conditions)))}"
    yield f"  by: {_value(_person(decision.by))}"
    yield f'  "on": {_day(decision)}'
    yield f"  sign_off: {_value({'by': _person(signed.by), 'on': _day(signed)})}"


def _person(person: Person) -> dict[str, str]:
    """The position only where one is stated."""
    return {"name": person.name, **({"position": person.position} if person.position else {})}


def _condition(condition: Condition) -> Any:
    if not (condition.owner or condition.due):
        return condition.text
    return _filled({"text": condition.text, "owner": condition.owner, "due": condition.due})


def _day(act: Decision | SignOff) -> date | None:
    """As it was stated, or in Seoul."""
    return act.at.astimezone(SEOUL).date() if act.at else act.on


def _filled(row: dict[str, Any]) -> dict[str, Any]:
    """Without what is not stated."""
    return {name: value for name, value in row.items() if value is not None}


def _value(value: Any) -> str:
    """In one line; JSON is YAML, but for a few characters that YAML takes for line ends."""
    text = json.dumps(value, ensure_ascii=False, default=str)
    return _NOT_PRINTABLE.sub(lambda match: f"\\u{ord(match.group()):04x}", text)
