"""Thresholds set by the organisation: Figure, Trigger, Triggers, read_triggers.

No statute, guideline or casebook sets a number, and this tool sets none. A figure beyond the organisation's own trigger
contradicts the part of the claim to which it relates.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from assessments.decision_log.reading.shape_problems import read_shape
from assessments.decision_log.texts import TEXTS
from questionnaires import named
from questionnaires.vocabulary import Text

_ALL = 100
"""Percent."""


class Figure(StrEnum):
    """Figures on which a trigger can be set."""

    DIVERGENCE_RATE = "divergence_rate"
    MEDIAN_REVIEW_SECONDS = "median_review_seconds"
    SHARE_BELOW_FLOOR = "share_below_floor"
    MOST_CASES_A_DAY = "most_cases_a_day"
    EMPTY_REASONS = "empty_reasons"
    MOST_COMMON_REASON = "most_common_reason"
    AUTOMATIC_SHARE = "automatic_share"
    LONG_RUNS = "long_runs"
    ROWS_USED = "rows_used"


@dataclass(frozen=True)
class FigureKind:
    """The part a figure relates to, its unit, and which side of a threshold is the good one."""

    part: str
    title: Text
    unit: str
    """`percent`, `seconds` or `count`."""
    good_is_high: bool
    source: str = named.METHOD


KINDS: Mapping[Figure, FigureKind] = {
    Figure.DIVERGENCE_RATE: FigureKind(
        named.PART_DIVERGENCE, TEXTS.text("figure_divergence_rate"), "percent", True, named.CASE_15
    ),
    Figure.MEDIAN_REVIEW_SECONDS: FigureKind(
        named.PART_TIME, TEXTS.text("figure_median_review_seconds"), "seconds", True
    ),
    Figure.SHARE_BELOW_FLOOR: FigureKind(named.PART_TIME, TEXTS.text("figure_share_below_floor"), "percent", False),
    Figure.MOST_CASES_A_DAY: FigureKind(named.PART_TIME, TEXTS.text("figure_most_cases_a_day"), "count", False),
    Figure.EMPTY_REASONS: FigureKind(named.PART_REASONS, TEXTS.text("figure_empty_reasons"), "percent", False),
    Figure.MOST_COMMON_REASON: FigureKind(
        named.PART_REASONS, TEXTS.text("figure_most_common_reason"), "percent", False
    ),
    Figure.AUTOMATIC_SHARE: FigureKind(
        named.PART_BYPASS,
        TEXTS.text("figure_automatic_share"),
        "percent",
        False,
        named.CASE_14,
    ),
    Figure.LONG_RUNS: FigureKind(
        named.PART_INDEPENDENCE,
        TEXTS.text("figure_long_runs"),
        "count",
        False,
    ),
    Figure.ROWS_USED: FigureKind(named.PART_LOGS, TEXTS.text("figure_rows_used"), "percent", True),
}


class Trigger(BaseModel):
    """One threshold: exactly one of at_least and at_most, namely the good side."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    figure: Figure
    at_least: Annotated[Decimal, Field(allow_inf_nan=False, ge=0)] | None = None
    """Lower threshold, in the figure's unit. None: low values are good."""
    at_most: Annotated[Decimal, Field(allow_inf_nan=False, ge=0)] | None = None
    """Upper threshold, in the figure's unit. None: high values are good."""
    on: date
    """The day on which the organisation set it."""
    reason: Annotated[str, Field(min_length=1, max_length=2000)]
    """Why this threshold, in the organisation's own words; printed, never evaluated."""
    by: str = ""

    @model_validator(mode="after")
    def _has_the_right_side(self) -> Trigger:
        kind = KINDS[self.figure]
        right, wrong = ("at_least", "at_most") if kind.good_is_high else ("at_most", "at_least")
        if getattr(self, right) is None or getattr(self, wrong) is not None:
            values = {"figure": self.figure.value, "right": right}
            raise PydanticCustomError("trigger_side", "a trigger on {figure} needs `{right}` and nothing else", values)
        if kind.unit == "percent" and float(self.mark) > 100:
            values = {"figure": self.figure.value, "mark": str(self.mark)}
            raise PydanticCustomError("trigger_percent", "{figure} is in percent; {mark} is more than 100", values)
        return self

    @property
    def mark(self) -> Decimal:
        number = self.at_least if self.at_least is not None else self.at_most
        assert number is not None  # the validator saw to it
        return number

    @property
    def is_never_missed(self) -> bool:
        """Whether every log keeps it, such as at least 0 %, so that it says nothing. One that was kept before stays as it is."""
        return (
            not self.mark if self.at_least is not None else KINDS[self.figure].unit == "percent" and self.mark == _ALL
        )


def check_named_once(triggers: Sequence[Trigger]) -> None:
    """Validator for models that hold triggers. Raises: PydanticCustomError if one figure has two."""
    figures = [trigger.figure for trigger in triggers]
    twice = sorted({figure.value for figure in figures if figures.count(figure) > 1})
    if twice:
        message = "more than one trigger is set on {figures}; keep the one in force"
        raise PydanticCustomError("triggers_twice", message, {"figures": ", ".join(twice)})


def check_can_be_missed(triggers: Sequence[Trigger]) -> None:
    """Validator for what is stated anew. Raises: PydanticCustomError if no log could miss a trigger."""
    for trigger in triggers:
        if trigger.is_never_missed:
            message = "no log could miss the trigger on {figure} ({mark})"
            raise PydanticCustomError(
                "trigger_vacuous", message, {"figure": trigger.figure.value, "mark": str(trigger.mark)}
            )


class Triggers(BaseModel):
    """All triggers of one organisation for one system."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    triggers: tuple[Trigger, ...] = ()

    @model_validator(mode="after")
    def _names_each_figure_once(self) -> Triggers:
        check_named_once(self.triggers)
        return self


class _Stated(Triggers):
    """Triggers as a file states them."""

    @model_validator(mode="after")
    def _can_each_be_missed(self) -> _Stated:
        check_can_be_missed(self.triggers)
        return self


def read_triggers(path: Path) -> Triggers:
    """Reads triggers from a YAML file. Raises: InvalidFileError with every problem and its line; OSError."""
    return Triggers(triggers=read_shape(_Stated, path.read_bytes(), path.name).triggers)
