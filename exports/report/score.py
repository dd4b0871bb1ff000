"""The score as the report shows it, ready for the template: Score, with its dimensions, chart and judgments."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from assessments.derived import PointTrace, Range
from assessments.model import Grading
from assessments.rules import findings as rules
from assessments.rules.sensitivity import Decisive, decisive
from exports.report import charts
from exports.report.charts import Band
from exports.report.reading import Reading
from exports.words import labels
from questionnaires.schema import Label, Text


@dataclass(frozen=True)
class DimensionRow:
    title: Text
    weight: int
    inherent: Range
    residual: Range
    exposure: str
    """What added points, question by question: `A4.1 3/4 · A4.2 1/4`."""
    control: str
    """What took some away."""


@dataclass(frozen=True)
class Judgment:
    """One of the three times an impact is judged. labels: scale, duration, likelihood; None: not judged."""

    when: str
    labels: tuple[Text | None, Text | None, Text | None]
    level: str


class Score:
    """Dimensions, chart and judgments of one report."""

    def __init__(self, report: Reading) -> None:
        self._report = report
        self._risk = report.findings.risk
        self._domain = report.domain

    @cached_property
    def dimensions(self) -> tuple[DimensionRow, ...]:
        method = self._domain.method
        named = {dimension.id: dimension for dimension in method.dimensions} if method else {}
        return tuple(
            DimensionRow(
                named[dimension.dimension].title,
                named[dimension.dimension].weight,
                dimension.inherent,
                dimension.residual,
                self._points_of(dimension.dimension, "exposure"),
                self._points_of(dimension.dimension, "control"),
            )
            for dimension in self._risk.dimensions
        )

    def _points_of(self, dimension: str, kind: str) -> str:
        rows = (row for row in self._risk.trace if (row.dimension, row.kind) == (dimension, kind))
        return " · ".join(
            f"{self._report.asked_question(self._domain.id, row.question).number}\u00a0{_fraction(row)}" for row in rows
        )

    @cached_property
    def charts(self) -> dict[str, str]:
        """Name → SVG. Only figures in percent can be drawn on the scale to 100."""
        lead = self._report.first
        method = self._domain.method
        if method is None or method.unit != "percent":
            return {}
        words = (self._report.t("inherent")[lead], self._report.t("residual")[lead])
        bands = [Band(self._report.t(f"level_{band.level}")[lead], band.up_to) for band in method.bands]
        risk = self._risk
        return {"overall": charts.overall(risk.inherent, risk.residual, bands, words)}

    @cached_property
    def chart_words(self) -> str:
        """Text alternative of the chart."""
        lead, risk = self._report.first, self._risk
        inherent, residual = self._report.t("inherent")[lead], self._report.t("residual")[lead]
        values = f"{inherent} {charts.figure(risk.inherent)}, {residual} {charts.figure(risk.residual)}"
        return f"{self._report.t('chart_overall')[lead]}. {self._report.t('overall')[lead]}: {values}."

    @cached_property
    def decisive(self) -> tuple[Decisive, ...]:
        scales = rules.scales_of(self._report.questionnaires)
        return decisive(
            self._domain, self._report.assessment.answers(self._domain.id), self._report.assessment.scenarios, scales
        )

    def judgments(self, scenario_id: str, right: str) -> Iterator[Judgment]:
        scenario = next(scenario for scenario in self._report.assessment.scenarios if scenario.id == scenario_id)
        impact = next(impact for impact in scenario.impacts if impact.right == right)
        grade = next(
            (grade for grade in self._risk.impacts if (grade.scenario, grade.right) == (scenario_id, right)), None
        )
        yield Judgment("before", self._labels(impact.before), grade.before if grade else "")
        if impact.in_place is not None:
            yield Judgment("in_place", self._labels(impact.in_place), grade.in_place if grade else "")
        if impact.target is not None:
            yield Judgment("target", self._labels(impact.target), (grade.target or "") if grade else "")

    def _labels(self, grading: Grading) -> tuple[Text | None, Text | None, Text | None]:
        questionnaire = self._report.questionnaires.get(rules.IMPACT)
        scales = questionnaire.method.impacts if questionnaire and questionnaire.method else None
        if scales is None:
            return (
                self._guideline("scale", grading),
                self._guideline("duration", grading),
                self._guideline("likelihood", grading),
            )
        return (
            _label(scales.scale, grading.scale),
            _label(scales.duration, grading.duration),
            _label(scales.likelihood, grading.likelihood),
        )

    def _guideline(self, scale: str, grading: Grading) -> Text | None:
        """The guideline's own words where no questionnaire brings the scales; another value as it was written."""
        value = str(getattr(grading, scale))
        return labels.labels().get(f"{scale}_{value}", Text(ko=value, en=value)) if value else None


def _fraction(row: PointTrace) -> str:
    """Points out of the maximum: `3/4`, `1–3/4`; `–` if the question was definitely not asked."""
    if row.visibility is False:
        return "–"
    return f"{charts.figure(Range(row.low, row.high))}/{row.maximum}"


def _label(labels_of_scale: tuple[Label, ...], value: str) -> Text | None:
    return next((label.label for label in labels_of_scale if label.value == value), None)
