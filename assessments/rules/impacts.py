"""Grading of impacts by the declared tables: grades. Scale, duration and likelihood are rated by people, never computed."""

from __future__ import annotations

from collections.abc import Sequence

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


def level(grading: Grading, scales: ImpactScales) -> Level:
    """Severity from scale and duration, level from severity and likelihood; an unrated scale counts at its worst."""
    severity = scales.severity[_step(scales.scale, grading.scale)][_step(scales.duration, grading.duration)]
    return scales.level[severity][_step(scales.likelihood, grading.likelihood)]


def is_not_above(lower: Grading, upper: Grading, scales: ImpactScales) -> bool:
    """Whether `lower` exceeds `upper` on no scale."""
    return all(
        _step(labels, getattr(lower, name)) <= _step(labels, getattr(upper, name))
        for name, labels in (("scale", scales.scale), ("duration", scales.duration), ("likelihood", scales.likelihood))
    )


def _step(labels: Sequence[Label], value: str) -> int:
    """Index on the scale; the worst if unrated or not a known label."""
    return next((place for place, label in enumerate(labels) if label.value == value), len(labels) - 1)
