"""What a questionnaire may say of the risk score's method: Method and its parts. The method is the tool's own."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from questionnaires.condition_schema import QuestionIs
from questionnaires.vocabulary import Id, Level, Model, Percent, Points, SourceId, Text


class Dimension(Model):
    id: Id
    title: Text
    weight: Annotated[int, Field(strict=True, ge=1, le=100)]


class LevelBand(Model):
    """Figures up to and including `up_to` (percent) have this level."""

    level: Level
    up_to: Percent


class Proportional(Model):
    """Controls take off up to `at_most` percent, in proportion to their strength."""

    at_most: Percent


class Threshold(Model):
    """Controls worth `share` % of `of` % of all control points take off `off` %; weaker ones nothing."""

    of: Percent
    share: Percent
    off: Percent


class Residual(Model):
    proportional: Proportional | None = None
    threshold: Threshold | None = None


class Floor(QuestionIs):
    """A named answer below which the level never falls."""

    level: Level
    because: Text
    source: SourceId


class Label(Model):
    """One step of a scale, mildest first; the guideline's words."""

    value: Id
    label: Text


class ImpactScales(Model):
    """The guideline's three scales and the tool's own two tables that grade an impact.

    `severity[s][d]` is 0 or more for scale step s and duration step d; `level[v][l]` the level for
    that severity and likelihood step l.
    """

    scale: Annotated[tuple[Label, ...], Field(min_length=1)]
    duration: Annotated[tuple[Label, ...], Field(min_length=1)]
    likelihood: Annotated[tuple[Label, ...], Field(min_length=1)]
    severity: tuple[tuple[Points, ...], ...]
    level: tuple[tuple[Level, ...], ...]
    about: Text | None = None
    """What the guideline says of the steps, and what no text defines. None: nothing more than their names."""
    source: SourceId


class Method(Model):
    """The tool's own method, declared because Decree Art. 28(1)5 asks for indicators and derivation."""

    summary: Text
    source: SourceId
    unit: Literal["percent", "points"] = "percent"
    residual: Residual | None = None
    dimensions: tuple[Dimension, ...] = ()
    bands: tuple[LevelBand, ...] = ()
    worst_dimension_steps_down: Annotated[int, Field(strict=True, ge=0, le=3)] = 1
    floors: tuple[Floor, ...] = ()
    impacts: ImpactScales | None = None
