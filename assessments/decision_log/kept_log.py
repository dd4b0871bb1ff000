"""What an assessment stores of a decision log: KeptLog; to_json, from_json. Pure.

The figures are stored because the raw log is not; what they mean for the claim is derived from them each time.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import Any

from pydantic import TypeAdapter

from assessments.decision_log.reading.columns import LogMapping
from assessments.decision_log.statistics.analysis_model import LogAnalysis, without_what_is_not_kept
from assessments.decision_log.triggers import Triggers


@dataclass(frozen=True)
class Withdrawal:
    """A statement that the organisation no longer relies on a log, with the reason."""

    on: date
    reason: str


@dataclass(frozen=True)
class KeptLog:
    """The analysis of one file with its settings; the file's name, size and SHA-256 are in `analysis.source`."""

    analysis: LogAnalysis
    mapping: LogMapping
    """The mapping that was used. The columns read are in `analysis.source.columns` too."""
    triggers: Triggers = field(default_factory=Triggers)
    """The organisation's own triggers, each with date and reason."""
    is_raw_kept: bool = False
    """Whether the organisation chose to keep the file itself, which contains names."""
    withdrawn: Withdrawal | None = None
    """None: the log is relied on."""


@cache
def _adapter() -> TypeAdapter[KeptLog]:
    return TypeAdapter(KeptLog)


def to_json(log: KeptLog) -> dict[str, Any]:
    """The log as JSON values. The key `withdrawn` is present only if the log is withdrawn."""
    data = dict(_adapter().dump_python(log, mode="json"))
    data["analysis"] = without_what_is_not_kept(data["analysis"])
    return data if log.withdrawn else {name: value for name, value in data.items() if name != "withdrawn"}


def from_json(data: Mapping[str, Any]) -> KeptLog:
    """The inverse of to_json. Raises: ValueError if data is not a stored log."""
    return _adapter().validate_python(data)


MOST = 64
"""Stored logs that are remembered."""
_remembered: dict[int, tuple[Mapping[str, Any], KeptLog]] = {}


def stored(assessment_id: int, data: Mapping[str, Any]) -> KeptLog:
    """Like from_json, of an assessment; the same object as long as the same is stored, for every answer reads it again."""
    last = _remembered.get(assessment_id)
    if last is not None and last[0] == data:
        return last[1]
    log = from_json(data)
    if len(_remembered) >= MOST:
        _remembered.clear()
    _remembered[assessment_id] = (data, log)
    return log
