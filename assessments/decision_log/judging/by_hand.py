"""Figures that were stated by hand, judged as a log's are: said_by_hand. Pure.

Without the operator's own trigger nothing is said here, and the questionnaire leaves the part open.
"""

from __future__ import annotations

from functools import lru_cache

from assessments.decision_log.judging.claimed import Claimed
from assessments.decision_log.judging.figure_contribution import FigureContribution
from assessments.decision_log.judging.measuring import Measured, Verdict, in_unit, verdict, with_interval
from assessments.decision_log.statistics.one_share import wilson
from assessments.decision_log.texts import TEXTS
from assessments.decision_log.triggers import KINDS, Figure
from assessments.derived import Reason
from assessments.model import Finding

_FIGURE = Figure.DIVERGENCE_RATE
_FINDING = {
    Verdict.BEYOND: Finding.CONTRADICTED,
    Verdict.UNCERTAIN: Finding.INDETERMINATE,
    Verdict.WITHIN: Finding.SUPPORTED,
}


def said_by_hand(claimed: Claimed) -> tuple[FigureContribution, ...]:
    """What the stated departures say, held against the stated trigger; empty where either is missing or impossible."""
    n, count = claimed.decisions, claimed.departures
    if not n or count is None or count > n or claimed.least_percent is None:
        return ()
    return _said(n, count, claimed.least_percent)


@lru_cache(maxsize=1024)
def _said(n: int, count: int, least_percent: int) -> tuple[FigureContribution, ...]:
    low, high = (100 * end for end in wilson(count, n))
    return against_own_mark(Claimed(least_percent=least_percent), Measured(100 * count / n, low, high, n, low))


def against_own_mark(claimed: Claimed, measured: Measured | None) -> tuple[FigureContribution, ...]:
    """The share of departures, however it was found, against the trigger that was answered; empty without one."""
    if claimed.least_percent is None or measured is None:
        return ()
    kind, judged = KINDS[_FIGURE], verdict(measured, float(claimed.least_percent), good_is_high=True)
    value, mark = with_interval(_FIGURE, measured), in_unit(float(claimed.least_percent), kind.unit)
    reason = TEXTS.text(f"departures_{judged.value}", value=value, mark=mark)
    to_do = TEXTS.text("count_longer", mark=mark)
    done = None if judged is Verdict.WITHIN else Reason(to_do, kind.source)
    return (FigureContribution(kind.part, _FINDING[judged], Reason(reason, kind.source), done, _FIGURE.value),)
