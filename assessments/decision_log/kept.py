"""What an assessment keeps of a decision log: KeptLog; to_json, from_json; what follows from it: said_on. Pure.

The figures are stored, for the raw log is not; what they mean for the claim is derived anew from them each time.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from pydantic import TypeAdapter

from assessments.decision_log.claimed import read_claimed
from assessments.decision_log.columns import LogMapping
from assessments.decision_log.figures import LogAnalysis
from assessments.decision_log.findings import contributions
from assessments.decision_log.triggers import Triggers
from assessments.derived import LogContribution
from assessments.model import Answers


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


@cache
def _adapter() -> TypeAdapter[KeptLog]:
    return TypeAdapter(KeptLog)


def to_json(log: KeptLog) -> dict[str, Any]:
    """Plain JSON values."""
    return dict(_adapter().dump_python(log, mode="json"))


def from_json(data: Mapping[str, Any]) -> KeptLog:
    """The inverse of to_json. Raises: ValueError where it is no such log."""
    return _adapter().validate_python(data)


def said_on(log: KeptLog, answers: Answers) -> tuple[LogContribution, ...]:
    """What the log says on each part of the claim that it can speak about. answers: of questionnaire *involvement*."""
    return contributions(log.analysis, read_claimed(answers), log.triggers)
