"""What stands against an assessment file beyond its shape: days_ahead, of_marks, of_decision."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from assessments.derived import Gap
from assessments.file.shape import DecisionShape, ExplanationShape, FileShape, WithheldShape
from assessments.model import Assessment, Grading, Ruling
from assessments.rules import impacts
from questionnaires.load import Edition
from questionnaires.problems import ProblemTexts
from questionnaires.schema import ImpactScales

TEXTS = ProblemTexts(Path(__file__).with_name("problems.yaml"))


@dataclass(frozen=True)
class StatedProblem:
    """A place in the file and the kind of what is wrong there."""

    place: tuple[str | int, ...]
    kind: str
    values: Mapping[str, Any] = field(default_factory=dict)
    """For the places in the texts of its kind."""


def days_ahead(shape: FileShape, today: date) -> Iterator[StatedProblem]:
    """Every day that tells of something done or begun, and lies after today."""
    days: list[tuple[tuple[str | int, ...], date | None]] = [(("on",), shape.on)]
    days += [(("evidence", i, "on"), evidence.on) for i, evidence in enumerate(shape.evidence)]
    days += [(("log", "events", i, "on"), event.on) for i, event in enumerate(shape.log.events if shape.log else ())]
    days += [
        (("log", "triggers", i, "on"), trigger.on) for i, trigger in enumerate(shape.log.triggers if shape.log else ())
    ]
    if shape.decision is not None:
        days.append((("decision", "on"), shape.decision.on))
        days.append((("decision", "sign_off", "on"), shape.decision.sign_off.on))
    for place, day in days:
        if day is not None and day > today:
            yield StatedProblem(place, "day_ahead", {"where": ".".join(map(str, place)), "day": day, "today": today})


def of_marks(marks: Sequence[WithheldShape], known: Container[str]) -> Iterator[StatedProblem]:
    """known: the paths that may be left out of a copy."""
    seen: set[str] = set()
    for i, withheld in enumerate(marks):
        if withheld.path not in known or withheld.path in seen:
            yield StatedProblem(("withheld", i, "path"), "mark_place", {"path": withheld.path})
        if not re.fullmatch("[0-9a-f]{32,64}", withheld.salt):
            yield StatedProblem(("withheld", i), "mark_salt", {"path": withheld.path})
        seen.add(withheld.path)


def of_impacts(shape: FileShape, scales: ImpactScales | None) -> Iterator[StatedProblem]:
    """A judgment with measures in place has a reason and is not above the one before; measures name scenarios of the file."""
    for i, scenario in enumerate(shape.scenarios):
        for j, impact in enumerate(scenario.impacts):
            if impact.in_place is None:
                continue
            place = ("scenarios", i, "impacts", j)
            if not impact.reason.strip():
                yield StatedProblem(place, "impact_without_reason")
            in_place, before = (Grading(**judged.model_dump()) for judged in (impact.in_place, impact.before))
            if scales is not None and not impacts.is_not_above(in_place, before, scales):
                values = {"scenario": scenario.id, "right": impact.right}
                yield StatedProblem((*place, "in_place"), "impact_above_before", values)
    known = {scenario.id for scenario in shape.scenarios}
    for i, measure in enumerate(shape.measures):
        for j, name in enumerate(measure.scenarios):
            if name not in known:
                values = {"measure": measure.id, "scenario": name}
                yield StatedProblem(("measures", i, "scenarios", j), "no_scenario", values)


def of_explanations(
    explanations: Sequence[ExplanationShape], editions: Mapping[str, Edition]
) -> Iterator[StatedProblem]:
    """Each explains a consistency check of these editions, once."""
    known = {f"{name}.{check.id}" for name, edition in editions.items() for check in edition.questionnaire.consistency}
    named = [explanation.check for explanation in explanations]
    for i, check in enumerate(named):
        if check not in known or named.index(check) < i:
            yield StatedProblem(("explanations", i, "check"), "no_check", {"count": i + 1, "check": check})


def of_decision(assessment: Assessment, decision: DecisionShape, gaps: Sequence[Gap]) -> Iterator[StatedProblem]:
    """Everything at once: people, conditions, days, and required questions without an answer."""
    yield from _people(assessment, decision)
    if (decision.ruling is Ruling.APPROVED_WITH_CONDITIONS) != bool(decision.conditions):
        yield StatedProblem(("decision",), "conditions")
    if decision.sign_off.on < decision.on:
        yield StatedProblem(("decision", "sign_off", "on"), "signed_before_decided")
    missing = [gap.where for gap in gaps if gap.is_required and not gap.check]
    for check in dict.fromkeys(gap.check for gap in gaps if gap.is_required and gap.check):
        places = ", ".join(gap.where for gap in gaps if gap.check == check)
        yield StatedProblem(("decision",), "contradiction", {"check": check, "places": places})
    if missing:
        yield StatedProblem(("decision",), "unanswered", {"questions": ", ".join(missing)})


def _people(assessment: Assessment, decision: DecisionShape) -> Iterator[StatedProblem]:
    if not assessment.authors:
        yield StatedProblem(("decision",), "no_author")
        return
    decider, signer = decision.by.name, decision.sign_off.by.name
    for author in assessment.authors:
        if _same(author.name) in (_same(decider), _same(signer)):
            yield StatedProblem(("decision",), "author_decides", {"name": author.name})
    if _same(decider) == _same(signer) and assessment.operator.separation == 3:
        yield StatedProblem(("decision", "sign_off"), "decider_signs", {"name": decider})


def _same(name: str) -> str:
    """What two spellings of one name have in common: spaces, width and case apart."""
    return "".join(unicodedata.normalize("NFKC", name).casefold().split())
