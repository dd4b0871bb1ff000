"""The risk score: score. Exact fractions throughout; each figure is rounded half up once, and that figure is compared.

The method (points, weights, bands, floors, tables) is data in the questionnaire; see its `method:` block.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from assessments.derived import DimensionScore, FloorHit, ImpactGrade, PointTrace, Range, Reason, RiskScore
from assessments.model import Answers, Level, Scenario
from assessments.rules import exact, impacts, points
from assessments.rules.exact import PERCENT, Ends, Sums, mean
from questionnaires import conditions
from questionnaires.conditions import Judge, Truth
from questionnaires.once import once_for_each
from questionnaires.schema import Floor, ImpactScales, Method, Questionnaire


class Traced(NamedTuple):
    """What the answers come to before any method: which questions are shown, and the points of each."""

    visibility: Mapping[str, Truth]
    trace: tuple[PointTrace, ...]


def traced(questionnaire: Questionnaire, answers: Answers) -> Traced:
    visibility = conditions.visible(questionnaire, answers)
    return Traced(visibility, points.trace(questionnaire, answers, visibility))


def score(
    questionnaire: Questionnaire,
    answers: Answers,
    scenarios: Sequence[Scenario] = (),
    scales: ImpactScales | None = None,
    known: Traced | None = None,
) -> RiskScore:
    """The score: range, level, and the trace of every point.

    scales: for grading the scenarios; without scales or scenarios the level is provisional. known: of a questionnaire that asks
    and scores alike, and of the same answers.
    Raises: ValueError if the questionnaire declares no method.
    """
    method = questionnaire.method
    if method is None:
        raise ValueError(f"{questionnaire.id} {questionnaire.version} declares no method.")
    visibility, trace = known or traced(questionnaire, answers)
    sums = exact.sums(trace, [dimension.id for dimension in method.dimensions])
    inherents = [own.inherent() for own in sums.values()]
    residuals = [own.residual(method.residual) for own in sums.values()]
    each = zip(sums, inherents, residuals, strict=True)
    dimensions = tuple([DimensionScore(name, before.rounded(), after.rounded()) for name, before, after in each])
    is_in_points = method.unit == "points"
    whole = in_points(sums.values(), method) if is_in_points else in_percent(inherents, residuals, method)
    inherent, residual, maximum = whole.inherent, whole.residual, whole.maximum
    floors = _floors(method, answers, visibility)
    grades = impacts.grades(scenarios, scales) if scales else ()
    terms = _terms(method, residual, maximum, dimensions, grades, floors)
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


def level_under(questionnaire: Questionnaire, answers: Answers, known: Traced, scored: RiskScore) -> Level:
    """The level of a score in percent under another edition, which differs in bands, floors or steps alone.

    Raises: ValueError if the questionnaire declares no method, or counts in points.
    """
    method = questionnaire.method
    if method is None or method.unit != "percent":
        raise ValueError(f"{questionnaire.id} {questionnaire.version} declares no method in percent.")
    floors = _floors(method, answers, known.visibility)
    return _highest(_terms(method, scored.residual, PERCENT, scored.dimensions, scored.impacts, floors).values())


def _terms(
    method: Method,
    residual: Range,
    maximum: int,
    dimensions: Sequence[DimensionScore],
    grades: Sequence[ImpactGrade],
    floors: Sequence[FloorHit],
) -> dict[str, Level]:
    """What the level is the highest of."""
    terms = {"overall": band(method, residual.high, maximum)}
    if dimensions and method.unit == "percent":
        worst = band(method, max([dimension.residual.high for dimension in dimensions]), PERCENT)
        terms["worst_dimension"] = worst.steps_down(method.worst_dimension_steps_down)
    if grades:
        terms["impacts"] = _highest(grade.in_place for grade in grades)
    if floors:
        terms["floors"] = _highest(hit.level for hit in floors)
    return terms


@dataclass(frozen=True)
class _Overall:
    inherent: Range
    residual: Range
    maximum: int
    """The figure that stands for 100 %: 100, or the maximum of points."""


def in_points(sums: Iterable[Sums], method: Method) -> _Overall:
    """The overall figures in points: the sum over dimensions, with the residual rounded once."""
    whole = Sums()
    for row_sums in sums:
        whole.exposure_low += row_sums.exposure_low
        whole.exposure_high += row_sums.exposure_high
        whole.exposure_max += row_sums.exposure_max
        whole.control_least += row_sums.control_least
        whole.control_most += row_sums.control_most
        whole.control_max += row_sums.control_max
    residual = whole.residual(method.residual, unit=whole.exposure_max).rounded()
    return _Overall(Range(whole.exposure_low, whole.exposure_high), residual, whole.exposure_max)


def in_percent(inherents: Sequence[Ends], residuals: Sequence[Ends], method: Method) -> _Overall:
    """The overall figures in percent: the weighted mean over dimensions, rounded once. inherents, residuals: in the method's order."""
    weights = [dimension.weight for dimension in method.dimensions]
    return _Overall(mean(inherents, weights).rounded(), mean(residuals, weights).rounded(), PERCENT)


def band(method: Method, figure: int, maximum: int) -> Level:
    """The level whose band contains the rounded figure; bounds are inclusive."""
    for band in method.bands:
        if figure * PERCENT <= band.up_to * maximum:
            return band.level
    return method.bands[-1].level if method.bands else Level.LOW


def _highest(levels: Iterable[Level]) -> Level:
    return max(levels, key=lambda level: level.rank)


# --- floors ------------------------------------------------------------------------------------------


def _floors(method: Method, answers: Answers, visibility: Mapping[str, Truth]) -> tuple[FloorHit, ...]:
    hits = []
    for is_hit, sure, possible in _prepared(method):
        truth = is_hit(visibility, answers, None)
        if truth is not False:
            hits.append(sure if truth else possible)
    return tuple(hits)


@once_for_each
def _prepared(method: Method) -> list[tuple[Judge, FloorHit, FloorHit]]:
    """The floors, each with its compiled condition and its two hits: if it certainly holds, and if it may."""
    return [(conditions.judge(floor), _hit(floor, True), _hit(floor, False)) for floor in method.floors]


def _hit(floor: Floor, is_certain: bool) -> FloorHit:
    return FloorHit(floor.question, floor.level, is_certain, Reason(floor.because, floor.source))
