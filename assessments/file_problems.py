"""What stands against an assessment file beyond its shape: days_ahead, of_marks, of_decision."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Container, Iterator, Mapping, Sequence
from datetime import date

from assessments.derived import Gap
from assessments.file_shape import DecisionShape, ExplanationShape, FileShape, WithheldShape
from assessments.model import Assessment, Grading, Ruling
from assessments.rules import impacts
from questionnaires.load import Edition
from questionnaires.schema import ImpactScales

StatedProblem = tuple[tuple[str | int, ...], str, str]
"""Place in the file, what is wrong, what to do."""


def days_ahead(shape: FileShape, today: date) -> Iterator[StatedProblem]:
    """Every day that tells of something done or begun, and lies after today."""
    days: list[tuple[tuple[str | int, ...], date | None]] = [(("on",), shape.on)]
    days += [(("evidence", i, "on"), one.on) for i, one in enumerate(shape.evidence)]
    days += [(("log", "events", i, "on"), one.on) for i, one in enumerate(shape.log.events if shape.log else ())]
    days += [(("log", "triggers", i, "on"), one.on) for i, one in enumerate(shape.log.triggers if shape.log else ())]
    if shape.decision is not None:
        days.append((("decision", "on"), shape.decision.on))
        days.append((("decision", "sign_off", "on"), shape.decision.sign_off.on))
    for place, day in days:
        if day is not None and day > today:
            what = f"{'.'.join(map(str, place))}: {day} lies ahead; today is {today} in Seoul."
            yield place, what, "State the day on which it was, or leave it out until then."


def of_marks(marks: Sequence[WithheldShape], known: Container[str]) -> Iterator[StatedProblem]:
    """known: the paths that may be left out of a copy."""
    seen: set[str] = set()
    for i, one in enumerate(marks):
        if one.path not in known or one.path in seen:
            what = f"'{one.path}' cannot be left out of a copy, is empty, or stands here twice."
            remedy = "Only texts, notes, titles and people can be: answers.<questionnaire>.<question>, notes.…, evidence.<id>, …"
            yield ("withheld", i, "path"), what, remedy
        if not re.fullmatch("[0-9a-f]{32,64}", one.salt):
            what = (
                f"the mark on '{one.path}' has no salt of 32 to 64 hexadecimal digits, so its value could be guessed."
            )
            yield ("withheld", i), what, "Make one for each mark with: openssl rand -hex 16"
        seen.add(one.path)


def of_impacts(shape: FileShape, scales: ImpactScales | None) -> Iterator[StatedProblem]:
    """A judgment with measures in place has a reason and is not above the one before; measures name scenarios of the file."""
    for i, scenario in enumerate(shape.scenarios):
        for j, one in enumerate(scenario.impacts):
            if one.in_place is None:
                continue
            place = ("scenarios", i, "impacts", j)
            if not one.reason.strip():
                what = "an impact is judged with its measures in place, without a reason."
                yield place, what, "Give the `reason`, or leave out `in_place`."
            in_place, before = (Grading(**judged.model_dump()) for judged in (one.in_place, one.before))
            if scales is not None and not impacts.is_not_above(in_place, before, scales):
                what = f"scenario {scenario.id}, {one.right}: the judgment with measures in place is above the one before them."
                yield (*place, "in_place"), what, "Lower it, or raise `before`: measures make nothing worse."
    known = {one.id for one in shape.scenarios}
    for i, measure in enumerate(shape.measures):
        for j, name in enumerate(measure.scenarios):
            if name not in known:
                yield (
                    ("measures", i, "scenarios", j),
                    f"measure {measure.id}: there is no scenario '{name}'.",
                    "Correct the id.",
                )


def of_explanations(given: Sequence[ExplanationShape], editions: Mapping[str, Edition]) -> Iterator[StatedProblem]:
    """Each explains a consistency check of these editions, once."""
    known = {f"{name}.{one.id}" for name, edition in editions.items() for one in edition.questionnaire.consistency}
    named = [one.check for one in given]
    for i, check in enumerate(named):
        if check not in known or named.index(check) < i:
            what = f"explanation {i + 1}: '{check}' is no consistency check here, or stands a second time."
            yield ("explanations", i, "check"), what, "`haetae assess --json` names those that found something."


def of_decision(assessment: Assessment, decision: DecisionShape, gaps: Sequence[Gap]) -> Iterator[StatedProblem]:
    """Everything at once: people, conditions, days, and required questions without an answer."""
    yield from _people(assessment, decision)
    if (decision.ruling is Ruling.APPROVED_WITH_CONDITIONS) != bool(decision.conditions):
        what = "an approval with conditions names at least one condition, any other ruling none."
        yield ("decision",), what, "Correct ruling or conditions."
    if decision.sign_off.on < decision.on:
        yield (
            ("decision", "sign_off", "on"),
            "the sign-off is dated before the decision.",
            "Correct one of the two days.",
        )
    missing = [gap.where for gap in gaps if gap.is_required and not gap.check]
    for check in dict.fromkeys(gap.check for gap in gaps if gap.is_required and gap.check):
        places = ", ".join(gap.where for gap in gaps if gap.check == check)
        what = f"a decision is stated, but two answers cannot both hold ({check}: {places})."
        yield ("decision",), what, "Correct one of them, or write why both hold under `explanations`."
    if missing:
        what = f"a decision is stated, but required questions have no answer: {', '.join(missing)}."
        yield ("decision",), what, "Answer them, or leave out the decision for a draft."


def _people(assessment: Assessment, decision: DecisionShape) -> Iterator[StatedProblem]:
    if not assessment.authors:
        remedy = "Add `authors: [{name: …}]`; authors, decider and signing officer are told apart."
        yield ("decision",), "a decision is stated, but no author.", remedy
        return
    decider, signer = decision.by.name, decision.sign_off.by.name
    for author in assessment.authors:
        if _same(author.name) in (_same(decider), _same(signer)):
            what = f"{author.name} is an author and also decides or signs."
            yield ("decision",), what, "Let somebody else decide and sign."
    if _same(decider) == _same(signer) and assessment.operator.separation == 3:
        what = f"{decider} decides and signs, and the organisation keeps three people apart."
        yield ("decision", "sign_off"), what, "Let somebody else sign, or state `separation: 2`."


def _same(name: str) -> str:
    """What two spellings of one name have in common: spaces, width and case apart."""
    return "".join(unicodedata.normalize("NFKC", name).casefold().split())
