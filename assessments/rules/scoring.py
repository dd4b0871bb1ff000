"""The risk score: score. Exact fractions throughout; each figure is rounded half up once, and that figure is compared.

The method (points, weights, bands, floors, tables) is data in the questionnaire; see its `method:` block.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from assessments.derived import DimensionScore, FloorHit, PointTrace, Range, Reason, RiskScore
from assessments.model import Answer, Answers, Level, Scenario
from assessments.rules import impacts
from assessments.rules.figures import PERCENT, Ends, Sums, mean
from questionnaires import conditions
from questionnaires.conditions import Truth
from questionnaires.schema import (
    UNKNOWN,
    ImpactScales,
    Method,
    Question,
    Questionnaire,
    QuestionType,
)


def score(
    questionnaire: Questionnaire,
    answers: Answers,
    scenarios: Sequence[Scenario] = (),
    scales: ImpactScales | None = None,
) -> RiskScore:
    """Range, level and trace of every point.

    scales: grades the scenarios; without scales or scenarios the level is provisional.
    Raises: ValueError where the questionnaire declares no method.
    """
    method = questionnaire.method
    if method is None:
        raise ValueError(f"{questionnaire.id} {questionnaire.version} declares no method.")
    visibility = conditions.visible(questionnaire, answers)
    trace = tuple([_trace(one, answers.get(one.id), visibility[one.id]) for one in questionnaire.scored_questions])
    sums = {dimension.id: Sums() for dimension in method.dimensions}
    for row in trace:
        sums[row.dimension].add(row)
    ends = {name: (one.inherent(), one.residual(method.residual)) for name, one in sums.items()}
    dimensions = tuple([DimensionScore(name, own[0].rounded(), own[1].rounded()) for name, own in ends.items()])
    whole = in_points(sums.values(), method) if method.unit == "points" else in_percent(ends, method)
    inherent, residual, maximum = whole.inherent, whole.residual, whole.maximum
    floors = _floors(method, answers, visibility)
    grades = impacts.grades(scenarios, scales) if scales else ()
    terms = {"overall": band(method, residual.high, maximum)}
    if method.unit == "percent" and dimensions:
        worst = _highest(band(method, one.residual.high, PERCENT) for one in dimensions)
        terms["worst_dimension"] = worst.steps_down(method.worst_dimension_steps_down)
    if grades:
        terms["impacts"] = _highest(grade.in_place for grade in grades)
    if floors:
        terms["floors"] = _highest(hit.level for hit in floors)
    return RiskScore(
        inherent=inherent,
        residual=residual,
        level=_highest(terms.values()),
        inherent_level=band(method, inherent.high, maximum),
        is_provisional=not grades,
        floors=floors,
        dimensions=dimensions,
        impacts=grades,
        trace=trace,
        terms=terms,
    )


@dataclass(frozen=True)
class _Overall:
    inherent: Range
    residual: Range
    maximum: int
    """What is 100 % of them: 100, or the maximum of points."""


def in_points(sums: Iterable[Sums], method: Method) -> _Overall:
    """The whole as the sum of the dimensions' points, the residual rounded once, in points."""
    whole = Sums()
    for one in sums:
        whole.exposure_low += one.exposure_low
        whole.exposure_high += one.exposure_high
        whole.exposure_max += one.exposure_max
        whole.control_least += one.control_least
        whole.control_most += one.control_most
        whole.control_max += one.control_max
    residual = whole.residual(method.residual, unit=whole.exposure_max).rounded()
    return _Overall(Range(whole.exposure_low, whole.exposure_high), residual, whole.exposure_max)


def in_percent(ends: Mapping[str, tuple[Ends, Ends]], method: Method) -> _Overall:
    """The whole as the weighted mean of the dimensions. ends: inherent and residual of each."""
    weights = [dimension.weight for dimension in method.dimensions]
    inherent = [ends[dimension.id][0] for dimension in method.dimensions]
    residual = [ends[dimension.id][1] for dimension in method.dimensions]
    return _Overall(_mean_of(inherent, weights), _mean_of(residual, weights), PERCENT)


def _mean_of(ends: Sequence[Ends], weights: Sequence[int]) -> Range:
    return Range(
        mean([one.low for one in ends], weights).rounded(), mean([one.high for one in ends], weights).rounded()
    )


def band(method: Method, figure: int, maximum: int) -> Level:
    """The level whose band holds the rounded figure; bounds are inclusive."""
    for band in method.bands:
        if figure * PERCENT <= band.up_to * maximum:
            return band.level
    return method.bands[-1].level if method.bands else Level.LOW


def _highest(levels: Iterable[Level]) -> Level:
    return max(levels, key=lambda level: level.rank)


# --- points of one question -----------------------------------------------------------------------


def _trace(question: Question, answer: Answer | None, shown: Truth) -> PointTrace:
    is_open = conditions.is_open(answer)
    low, high = (0, 0) if shown is False else _points(question, answer, is_open)
    if shown is None or (is_open and question.kind == "control"):
        low = 0  # a control counts only where it surely is shown, answered and in place
    given = "" if is_open else answer if isinstance(answer, str) else _plain(answer)
    dimension, kind = question.dimension or "", question.kind or ""
    return PointTrace(question.id, dimension, kind, given, low, high, question.maximum_points, shown)


def _plain(answer: Answer | None) -> str:
    return ", ".join(map(str, answer)) if isinstance(answer, tuple) else str(answer)


def _points(question: Question, answer: Answer | None, is_open: bool) -> tuple[int, int]:
    """Fewest and most points that this answer, or a completion of it, can give."""
    if isinstance(answer, str) and not is_open:
        points = question.ladder.get(answer, 0)
        return points, points
    if question.type is QuestionType.CHOICES:
        chosen = answer if isinstance(answer, tuple) else ()
        sure = min(question.maximum_points, sum(question.ladder.get(str(value), 0) for value in chosen))
        return sure, question.maximum_points if is_open or UNKNOWN in chosen else sure
    if is_open:
        return question.minimum_points, question.maximum_points
    points = 0
    if isinstance(answer, int):
        points = next((band.points for band in reversed(question.bands) if answer >= band.at_least), 0)
    return points, points


# --- floors ------------------------------------------------------------------------------------------


def _floors(method: Method, answers: Answers, visibility: Mapping[str, Truth]) -> tuple[FloorHit, ...]:
    hits = []
    for floor in method.floors:
        truth = conditions.holds(floor, visibility, answers)
        if truth is not False:
            hits.append(FloorHit(floor.question, floor.level, truth is True, Reason(floor.because, floor.source)))
    return tuple(hits)
