"""What would follow if some things were otherwise: suppose, moved. On a copy; what is stored is another matter.

A change is an answer, whether a part of the claim is proven, whether a measure is in place, how an impact is judged with the
measures in place, or that its target is reached.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import NamedTuple

from assessments.derived import DimensionScore, Findings, FloorHit, PointTrace
from assessments.model import Answer, Assessment, Evidence, Finding, Grading, Impact, Level, Response, Text
from assessments.rules import determination, findings
from assessments.rules.results import Results, results_of
from questionnaires import conditions, named
from questionnaires.conditions import Truth
from questionnaires.schema import Questionnaire, Route


@dataclass(frozen=True)
class AnswerChange:
    questionnaire: str
    question: str
    answer: Answer | None
    """None: it is not answered."""


@dataclass(frozen=True)
class ProofChange:
    """Whether evidence in force is attached to a part of the claim."""

    part: str
    is_proven: bool


@dataclass(frozen=True)
class MeasureChange:
    """Whether a measure is in place. What it does to an impact people judge: no figure follows from it."""

    measure: str
    is_in_place: bool


@dataclass(frozen=True)
class GradingChange:
    """One of the three scales of an impact, judged with the measures in place."""

    scenario: str
    right: str
    scale: str
    """scale, duration or likelihood."""
    value: str


@dataclass(frozen=True)
class TargetReached:
    """The impact is judged as its stated target says."""

    scenario: str
    right: str


Change = AnswerChange | ProofChange | MeasureChange | GradingChange | TargetReached


_Judge = Callable[[Impact], Impact]


def suppose(assessment: Assessment, changes: Sequence[Change]) -> Assessment:
    """The content as it would be; a later change goes before an earlier one. What a change names and is not there stays away."""
    supposed = assessment
    for change in changes:
        supposed = _with(supposed, change)
    return supposed


def _with(assessment: Assessment, change: Change) -> Assessment:
    match change:
        case AnswerChange():
            responses = dict(assessment.responses.get(change.questionnaire, {}))
            before = responses.pop(change.question, None)
            if (before.answer if before else None) == change.answer:
                return assessment
            if change.answer is not None:
                note = before.note if before else ""
                responses[change.question] = Response(change.question, change.answer, note)
            return replace(assessment, responses={**assessment.responses, change.questionnaire: responses})
        case ProofChange():
            evidence = tuple(piece for piece in assessment.evidence if piece.part != change.part)
            proof = (Evidence(f"supposed-{change.part}", "", "", "", 0, "", part=change.part),)
            return replace(assessment, evidence=evidence + (proof if change.is_proven else ()))
        case MeasureChange():
            measures = tuple(
                replace(measure, is_in_place=change.is_in_place) if measure.id == change.measure else measure
                for measure in assessment.measures
            )
            return replace(assessment, measures=measures)
        case GradingChange():
            return _judged(assessment, change.scenario, change.right, lambda impact: _graded(impact, change))
        case TargetReached():
            return _judged(assessment, change.scenario, change.right, _reached)


def _judged(assessment: Assessment, scenario_id: str, right: str, judge: _Judge) -> Assessment:
    return replace(
        assessment,
        scenarios=tuple(
            replace(
                scenario,
                impacts=tuple(judge(impact) if impact.right == right else impact for impact in scenario.impacts),
            )
            if scenario.id == scenario_id
            else scenario
            for scenario in assessment.scenarios
        ),
    )


def _graded(impact: Impact, change: GradingChange) -> Impact:
    now = impact.in_place or impact.before
    values = {name: getattr(now, name) for name in ("scale", "duration", "likelihood")} | {change.scale: change.value}
    return replace(impact, in_place=Grading(**values))


def _reached(impact: Impact) -> Impact:
    return impact if impact.target is None else replace(impact, in_place=impact.target)


# --- what moved ----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class RouteShift:
    """A route whose condition holds otherwise than before, or which decides otherwise."""

    questionnaire: str
    place: int
    """From 1, in the order in which routes are tried."""
    because: Text
    source: str
    before: Truth
    after: Truth
    questions: tuple[str, ...]
    """Questions of its condition whose answer or visibility changed."""


class Shift(NamedTuple):
    """A level before and after. None: not there."""

    name: str
    before: Level | None
    after: Level | None


class PartShift(NamedTuple):
    part: str
    before: Finding | None
    """None: there was no claim."""
    after: Finding | None


@dataclass(frozen=True)
class Cause:
    """What one of the changes does."""

    change: Change
    alone: Results
    """If it were the only one."""
    without: Results
    """With all changes but this."""


@dataclass(frozen=True)
class Moved:
    """Everything derived, before and after, and what differs."""

    before: Findings
    after: Findings
    routes: tuple[RouteShift, ...]
    shown: tuple[str, ...]
    """`questionnaire.question`, asked or perhaps asked now and surely not before."""
    hidden: tuple[str, ...]
    """The other way round."""
    points: tuple[tuple[PointTrace, PointTrace], ...]
    dimensions: tuple[tuple[DimensionScore, DimensionScore], ...]
    terms: tuple[Shift, ...]
    """What the level is the highest of."""
    floors: tuple[tuple[FloorHit | None, FloorHit | None], ...]
    impacts: tuple[Shift, ...]
    """Named `scenario` and right, with a tab between."""
    parts: tuple[PartShift, ...]
    causes: tuple[Cause, ...]

    @property
    def is_any(self) -> bool:
        """Whether outcome, claim, score or level differ."""
        return _first(self.before) != _first(self.after)


def moved(
    questionnaires: Mapping[str, Questionnaire],
    assessment: Assessment,
    changes: Sequence[Change],
    *,
    judged_on: date | None = None,
) -> Moved:
    """What the changes come to, with the trace of what moved it. judged_on: as in `findings.derive`."""
    day = judged_on or assessment.day_judged()
    supposed = suppose(assessment, changes)
    before = findings.derive(questionnaires, assessment, judged_on=day)
    after = findings.derive(questionnaires, supposed, judged_on=day)
    was, now = before.risk, after.risk
    shown, hidden = _visible(questionnaires, assessment, supposed)
    return Moved(
        before,
        after,
        routes=tuple(_routes(questionnaires, assessment, supposed, before.claim.whole, after.claim.whole)),
        shown=shown,
        hidden=hidden,
        points=tuple((old, new) for old, new in zip(was.trace, now.trace, strict=True) if old != new),
        dimensions=tuple((old, new) for old, new in zip(was.dimensions, now.dimensions, strict=True) if old != new),
        terms=_shifts(was.terms, now.terms),
        floors=tuple(_floors(was.floors, now.floors)),
        impacts=_shifts(
            {f"{grade.scenario}\t{grade.right}": grade.in_place for grade in was.impacts},
            {f"{grade.scenario}\t{grade.right}": grade.in_place for grade in now.impacts},
        ),
        parts=tuple(_parts(before, after)),
        causes=tuple(
            Cause(
                change,
                results_of(questionnaires, suppose(assessment, [change]), judged_on=day),
                results_of(
                    questionnaires,
                    suppose(assessment, [other for other in changes if other is not change]),
                    judged_on=day,
                ),
            )
            for change in changes
        ),
    )


def _first(derived: Findings) -> tuple[object, ...]:
    with_claim, without = derived.determination.with_claim, derived.determination.without_claim
    determined = (with_claim.outcome, with_claim.contested, without.outcome, without.contested)
    return *determined, derived.claim.whole, derived.risk.level, derived.risk.inherent, derived.risk.residual


def _shifts(before: Mapping[str, Level], after: Mapping[str, Level]) -> tuple[Shift, ...]:
    names = dict.fromkeys([*before, *after])
    return tuple(
        Shift(name, before.get(name), after.get(name)) for name in names if before.get(name) != after.get(name)
    )


def _floors(before: Sequence[FloorHit], after: Sequence[FloorHit]) -> Iterator[tuple[FloorHit | None, FloorHit | None]]:
    def by_reason(hits: Sequence[FloorHit]) -> dict[tuple[str, str], FloorHit]:
        return {(hit.question, hit.reason.text.en): hit for hit in hits}

    old, new = by_reason(before), by_reason(after)
    for key in dict.fromkeys([*old, *new]):
        if old.get(key) != new.get(key):
            yield old.get(key), new.get(key)


def _parts(before: Findings, after: Findings) -> Iterator[PartShift]:
    old = {part.part: part.finding for part in before.claim.parts}
    new = {part.part: part.finding for part in after.claim.parts}
    for name in dict.fromkeys([*old, *new]):
        if old.get(name) is not new.get(name):
            yield PartShift(name, old.get(name), new.get(name))


def _visible(
    questionnaires: Mapping[str, Questionnaire], before: Assessment, after: Assessment
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    shown, hidden = [], []
    for name, questionnaire in questionnaires.items():
        old = conditions.visible(questionnaire, before.answers(name))
        new = conditions.visible(questionnaire, after.answers(name))
        shown += [f"{name}.{question}" for question in new if old[question] is False and new[question] is not False]
        hidden += [f"{name}.{question}" for question in new if old[question] is not False and new[question] is False]
    return tuple(shown), tuple(hidden)


def _routes(
    questionnaires: Mapping[str, Questionnaire], before: Assessment, after: Assessment, was: Finding, now: Finding
) -> Iterator[RouteShift]:
    for name in (named.AREA, before.domain):
        questionnaire = questionnaires.get(name)
        if questionnaire is None:
            continue
        old, new = before.answers(name), after.answers(name)
        shown, shown_then = conditions.visible(questionnaire, old), conditions.visible(questionnaire, new)
        changed = {
            question
            for question in questionnaire.question_ids
            if old.get(question) != new.get(question) or shown[question] is not shown_then[question]
        }
        truths = determination.truths(determination.AnsweredQuestionnaire(questionnaire, old), was)
        truths_then = determination.truths(determination.AnsweredQuestionnaire(questionnaire, new), now)
        for place, (route, truth, then) in enumerate(zip(questionnaire.routes, truths, truths_then, strict=True), 1):
            if truth is not then:
                questions = tuple(dict.fromkeys(question for question in _named(route) if question in changed))
                yield RouteShift(name, place, route.because, route.source, truth, then, questions)


def _named(route: Route) -> Iterator[str]:
    if route.when != "otherwise":
        yield from conditions.questions_named(route.when)
