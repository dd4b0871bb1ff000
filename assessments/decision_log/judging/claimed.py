"""What the organisation's own answers say in numbers, for the log to be held against: Claimed, read_claimed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from assessments.model import Answers
from questionnaires import named


@dataclass(frozen=True)
class Claimed:
    """Answers of the questionnaire *involvement*. None: not answered. A text is never among them."""

    minutes: int | None = None
    """Stated review time per case, on average."""
    cases_a_day: int | None = None
    """Stated decisions per person and day, on average."""
    floor_minutes: int | None = None
    """The organisation's own minimum of review time."""
    decisions: int | None = None
    departures: int | None = None
    least_percent: int | None = None
    """The organisation's own trigger: below this share of departures it examines itself."""
    no_automatic_path: bool | None = None
    reasons_departing: bool | None = None
    """Reasons are said to be recorded where people depart from the AI."""
    reasons_following: bool | None = None


def read_claimed(answers: Answers) -> Claimed:
    """From the answers of questionnaire *involvement* 1.x."""
    return Claimed(
        _number(answers, named.TIME_MINUTES),
        _number(answers, named.TIME_CASES),
        _number(answers, named.TIME_FLOOR),
        _number(answers, named.DECISIONS),
        _number(answers, named.DEPARTURES),
        _number(answers, named.LEAST_PERCENT),
        _says(answers, named.BYPASS, {named.NO: True, named.YES: False}),
        _says(answers, named.REASONS_DEPARTING, {named.YES: True, named.NO: False}),
        _says(answers, named.REASONS_FOLLOWING, {named.YES: True, named.NO: False}),
    )


def _number(answers: Answers, question: str) -> int | None:
    value = answers.get(question)
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _says(answers: Answers, question: str, meant: Mapping[str, bool]) -> bool | None:
    value = answers.get(question)
    return meant.get(value) if isinstance(value, str) else None
