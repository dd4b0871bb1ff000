"""How long what follows after a decision takes: current. As periods.yaml says, unless the environment says otherwise."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from assessments.errors import AssessmentError
from questionnaires.strict_yaml import parse
from questionnaires.texts import texts_of

TEXTS = texts_of(__file__)
REASSESS = "HAETAE_REASSESS_MONTHS"
KEEP = "HAETAE_KEEP_YEARS"
BASIS = "HAETAE_KEEP_BASIS"
REMIND = "HAETAE_REMIND_DAYS"
_MOST = 999
"""Of any period: three digits."""


class Period(BaseModel):
    """One period with where it comes from and why it is that."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    value: Annotated[int, Field(strict=True, ge=0)] | tuple[Annotated[int, Field(strict=True, ge=0)], ...]
    source: Annotated[str, Field(min_length=1)]
    why: Annotated[str, Field(min_length=1)]


@dataclass(frozen=True)
class Periods:
    """The periods that hold here."""

    reassess_months: int
    """From the decision to the day of reassessment, where no other day was set."""
    soon_days: int
    remind_days: tuple[int, ...]
    """Days before a duty's day on which a reminder is sent, the longest first."""
    remind_after_days: int
    """Days after it, once more."""
    still_days: int
    """So long nobody has changed what lies begun or returned, before it is said to stand still."""
    keep_years: int | None = None
    """The organisation's own period of keeping. None: it states none."""
    keep_basis: str = ""
    """What that rests on, in the organisation's own words."""


@cache
def stated() -> Mapping[str, Period]:
    """What periods.yaml says, by name."""
    file = Path(__file__).with_name("periods.yaml")
    return TypeAdapter(dict[str, Period]).validate_python(parse(file.read_bytes(), file.name).data)


def current() -> Periods:
    """As the environment says now. Raises: AssessmentError."""
    return read(os.environ)


def read(environment: Mapping[str, str]) -> Periods:
    """Raises: AssessmentError where a period is no number that fits, or a period of keeping has no basis."""
    years, basis = _number(environment, KEEP), environment.get(BASIS, "").strip()
    if years is not None and not basis:
        raise AssessmentError(TEXTS.told("keeping_without_basis", keep=KEEP, basis=BASIS))
    months = _number(environment, REASSESS)
    return Periods(
        reassess_months=_whole("reassess_months") if months is None else months,
        soon_days=_whole("soon_days"),
        remind_days=_days(environment.get(REMIND, "").strip()),
        remind_after_days=_whole("remind_after_days"),
        still_days=_whole("still_days"),
        keep_years=years,
        keep_basis=basis,
    )


def _whole(name: str) -> int:
    value = stated()[name].value
    if not isinstance(value, int):
        raise ValueError(f"periods.yaml: {name} is no whole number.")
    return value


def _number(environment: Mapping[str, str], name: str) -> int | None:
    """None: the environment says nothing of it."""
    text = environment.get(name, "").strip()
    if not text:
        return None
    if not (text.isascii() and text.isdecimal()) or not 1 <= int(text) <= _MOST:
        raise AssessmentError(TEXTS.told("no_period", name=name, stated=text[:40]))
    return int(text)


def _days(text: str) -> tuple[int, ...]:
    if not text:
        value = stated()["remind_days"].value
        return value if isinstance(value, tuple) else (value,)
    parts = [part.strip() for part in text.split(",")]
    if not all(part.isascii() and part.isdecimal() and int(part) <= _MOST for part in parts):
        raise AssessmentError(TEXTS.told("no_days", name=REMIND, stated=text[:40]))
    return tuple(sorted({int(part) for part in parts}, reverse=True))
