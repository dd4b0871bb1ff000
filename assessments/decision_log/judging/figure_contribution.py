"""One thing that a log says on one part of the claim: FigureContribution."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from assessments.derived import Reason
from assessments.model import Finding


@dataclass(frozen=True)
class FigureContribution:
    """A figure's contribution before the weakest is taken."""

    part: str
    finding: Finding
    reason: Reason
    to_do: Reason | None
    """What would have to change. None: nothing, it supports the part."""
    figure: str
    since: date | None = None
    """The day from which on it contradicts. None: all along, or it does not."""
