"""Grading of impacts by the declared tables: grades, gravest. Scale, duration and likelihood are rated by people, never computed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import astuple, dataclass

from assessments.derived import ImpactGrade
from assessments.model import Grading, Level, Scenario
from questionnaires.schema import ImpactScales, Label


def grades(scenarios: Sequence[Scenario], scales: ImpactScales) -> tuple[ImpactGrade, ...]:
    """One grade per impact, in order. Without a rating that includes the measures in place, the rating before them counts."""
    return tuple(
        ImpactGrade(
            scenario.id,
            impact.right,
            before=level(impact.before, scales),
            in_place=level(impact.in_place or impact.before, scales),
            target=level(impact.target, scales) if impact.target else None,
        )
        for scenario in scenarios
        for impact in scenario.impacts
    )


@dataclass(frozen=True)
class Place:
    """Of an impact among all: severity in a line, likelihood in a column, each counted from 0."""

    severity: int
    likelihood: int


def gravest(scenarios: Sequence[Scenario], scales: ImpactScales) -> Place | None:
    """Of the impacts with the measures in place: of the highest level, then the most severe, then the likeliest.

    None: there is none, or one is not rated on every scale, so that nobody knows yet which is the gravest.
    """
    gradings = [impact.in_place or impact.before for scenario in scenarios for impact in scenario.impacts]
    if not gradings or not all(all(astuple(grading)) for grading in gradings):
        return None
    rated = [(level(grading, scales).rank, place(grading, scales)) for grading in gradings]
    return max(rated, key=lambda own: (own[0], own[1].severity, own[1].likelihood))[1]


def place(grading: Grading, scales: ImpactScales) -> Place:
    """Severity from scale and duration; an unrated scale counts at its worst."""
    severity = scales.severity[_step(scales.scale, grading.scale)][_step(scales.duration, grading.duration)]
    return Place(severity, _step(scales.likelihood, grading.likelihood))


def level(grading: Grading, scales: ImpactScales) -> Level:
    """From severity and likelihood; an unrated scale counts at its worst."""
    own = place(grading, scales)
    return scales.level[own.severity][own.likelihood]


def is_not_above(lower: Grading, upper: Grading, scales: ImpactScales) -> bool:
    """Whether `lower` exceeds `upper` on no scale."""
    return all(
        _step(labels, getattr(lower, name)) <= _step(labels, getattr(upper, name))
        for name, labels in (("scale", scales.scale), ("duration", scales.duration), ("likelihood", scales.likelihood))
    )


def _step(labels: Sequence[Label], value: str) -> int:
    """Index on the scale; the worst if unrated or not a known label."""
    return next((place for place, label in enumerate(labels) if label.value == value), len(labels) - 1)
