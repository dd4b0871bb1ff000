"""The risk score: score. Exact fractions throughout; each figure is rounded half up once, and that figure is compared.

The method (points, weights, bands, floors, tables) is data in the questionnaire; see its `method:` block.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from assessments.derived import DimensionScore, FloorHit, ImpactGrade, PointTrace, Range, Reason, RiskScore
from assessments.model import Answers, Level, Scenario
from assessments.rules import exact, impacts, points
from assessments.rules.exact import PERCENT, Ends, Sums, mean
from questionnaires import conditions
from questionnaires.conditions import Judge, Truth
from questionnaires.once import once_for_each
from questionnaires.schema import Floor, ImpactScales, Method, Questionnaire

_REMEMBERED = 4096
"""Most figures of dimensions remembered for a method."""


def score(
    questionnaire: Questionnaire,
    answers: Answers,
    scenarios: Sequence[Scenario] = (),
    scales: ImpactScales | None = None,
) -> RiskScore:
    """The score: range, level, and the trace of every point.

    scales: for grading the scenarios; without scales or scenarios the level is provisional.
    Raises: ValueError if the questionnaire declares no method.
    """
    method = _method(questionnaire)
    visibility = conditions.visible(questionnaire, answers)
    trace = points.trace(questionnaire, answers, visibility)
    sums = exact.sums(trace, [dimension.id for dimension in method.dimensions])
    floors = _floors(method, answers, visibility)
    grades = impacts.grades(scenarios, scales) if scales else ()
    figures = _figures(method, sums)
    whole, dimensions, terms = *figures, _terms(method, figures, grades, floors)
    return RiskScore(
        inherent=whole.inherent,
        residual=whole.residual,
        level=_highest(terms.values()),
        inherent_level=band(method, whole.inherent.high, whole.maximum),
        is_provisional=not grades,
        floors=floors,
        dimensions=dimensions,
        impacts=grades,
        trace=trace,
        terms=terms,
    )


# --- part by part, as many assessments are scored ------------------------------------------------------------


def row_of(questionnaire: Questionnaire, question_id: str, answers: Answers) -> PointTrace:
    """The points of one scored question. answers: any mapping of which single answers are got."""
    return points.row_of(questionnaire, question_id, answers, conditions.ShownWhenAsked(questionnaire, answers))


def sums_of(dimension: str, rows: Iterable[PointTrace]) -> Sums:
    """Of all its scored questions."""
    return exact.sums(rows, [dimension])[dimension]


def floors_of(questionnaire: Questionnaire, answers: Answers) -> tuple[FloorHit, ...]:
    """answers: as in `row_of`."""
    return _floors(_method(questionnaire), answers, conditions.ShownWhenAsked(questionnaire, answers))


def are_figured_alike(questionnaire: Questionnaire, other: Questionnaire) -> bool:
    """Whether equal points come to equal figures; levels may still differ, by bands, floors and impacts."""
    methods = (_method(questionnaire), _method(other))
    figured = [(method.unit, method.residual, method.dimensions) for method in methods]
    return figured[0] == figured[1]


class Figures(NamedTuple):
    """What the points come to."""

    whole: _Overall
    dimensions: tuple[DimensionScore, ...]


def figures_of(questionnaire: Questionnaire, sums: Mapping[str, Sums]) -> Figures:
    """sums: by dimension, in the method's order."""
    return _figures(_method(questionnaire), sums)


def level_of(
    questionnaire: Questionnaire, figures: Figures, floors: Sequence[FloorHit], grades: Sequence[ImpactGrade]
) -> tuple[Level, Range]:
    """Level and residual figure that `score` comes to by these."""
    return _highest(_terms(_method(questionnaire), figures, grades, floors).values()), figures.whole.residual


def _figures(method: Method, sums: Mapping[str, Sums]) -> Figures:
    figured = _figured(method)
    each = [figured(name, *own.counted()) for name, own in sums.items()]
    whole = (
        in_points(sums.values(), method)
        if method.unit == "points"
        else in_percent([own.inherent for own in each], [own.residual for own in each], method)
    )
    return Figures(whole, tuple([own.scored for own in each]))


def _method(questionnaire: Questionnaire) -> Method:
    """Raises: ValueError if the questionnaire declares none."""
    if questionnaire.method is None:
        raise ValueError(f"{questionnaire.id} {questionnaire.version} declares no method.")
    return questionnaire.method


def _terms(
    method: Method, figures: Figures, grades: Sequence[ImpactGrade], floors: Sequence[FloorHit]
) -> dict[str, Level]:
    """What the level is the highest of."""
    whole, dimensions = figures
    terms = {"overall": band(method, whole.residual.high, whole.maximum)}
    if dimensions and method.unit == "percent":
        worst = band(method, max([dimension.residual.high for dimension in dimensions]), PERCENT)
        terms["worst_dimension"] = worst.steps_down(method.worst_dimension_steps_down)
    if grades:
        terms["impacts"] = _highest(grade.in_place for grade in grades)
    if floors:
        terms["floors"] = _highest(hit.level for hit in floors)
    return terms


class _Figured(NamedTuple):
    """One dimension: exact, and as it is told."""

    inherent: Ends
    residual: Ends
    scored: DimensionScore


@once_for_each
def _figured(method: Method) -> Callable[..., _Figured]:
    """Takes a dimension and what its `Sums` counted. Remembered, because few sums occur in many assessments."""

    @lru_cache(_REMEMBERED)
    def figured(name: str, *counted: int) -> _Figured:
        sums = Sums(*counted)
        inherent, residual = sums.inherent(), sums.residual(rule)
        return _Figured(inherent, residual, DimensionScore(name, inherent.rounded(), residual.rounded()))

    rule = method.residual
    return figured


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
