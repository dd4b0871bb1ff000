"""What an assessment keeps of a decision log: KeptLog; to_json, from_json. Pure.

The figures are stored, for the raw log is not; what they mean for the claim is derived anew from them each time.
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
    """That the organisation no longer relies on a log, and why."""

    on: date
    reason: str


@dataclass(frozen=True)
class KeptLog:
    """The analysis of one file with what it was made by; name, size and SHA-256 of the file are in `analysis.source`."""

    analysis: LogAnalysis
    mapping: LogMapping
    """As it was used. What was read is in `analysis.source.columns` too."""
    triggers: Triggers = field(default_factory=Triggers)
    """The organisation's own marks, each with day and reason."""
    is_raw_kept: bool = False
    """Whether the organisation asked to keep the file itself, which holds names."""
    withdrawn: Withdrawal | None = None
    """None: it is relied on."""


@cache
def _adapter() -> TypeAdapter[KeptLog]:
    return TypeAdapter(KeptLog)


def to_json(log: KeptLog) -> dict[str, Any]:
    """Plain JSON values. The key `withdrawn` is there only where the log is."""
    data = dict(_adapter().dump_python(log, mode="json"))
    data["analysis"] = without_what_is_not_kept(data["analysis"])
    return data if log.withdrawn else {name: value for name, value in data.items() if name != "withdrawn"}


def from_json(data: Mapping[str, Any]) -> KeptLog:
    """The inverse of to_json. Raises: ValueError where it is no such log."""
    return _adapter().validate_python(data)
