"""Figures that were stated by hand, judged as a log's are: said_by_hand. Pure.

Without the operator's own trigger nothing is said here, and the questionnaire leaves the part open.
"""

from __future__ import annotations

from assessments.decision_log.judging.claimed import Claimed
from assessments.decision_log.judging.measuring import Measured, Verdict, in_unit, shown, verdict
from assessments.decision_log.judging.said import Said
from assessments.decision_log.statistics.one_share import wilson
from assessments.decision_log.triggers import KINDS, Figure
from assessments.derived import Reason
from assessments.model import Finding
from questionnaires.vocabulary import Text

_FIGURE = Figure.DIVERGENCE_RATE
_FINDING = {
    Verdict.BEYOND: Finding.CONTRADICTED,
    Verdict.UNCERTAIN: Finding.INDETERMINATE,
    Verdict.WITHIN: Finding.SUPPORTED,
}


def said_by_hand(claimed: Claimed) -> tuple[Said, ...]:
    """What the stated departures say, held against the stated trigger; empty where either is missing or impossible."""
    n, count = claimed.decisions, claimed.departures
    if not n or count is None or count > n:
        return ()
    low, high = (100 * end for end in wilson(count, n))
    return against_own_mark(claimed, Measured(100 * count / n, low, high, n, low))


def against_own_mark(claimed: Claimed, measured: Measured | None) -> tuple[Said, ...]:
    """The share of departures, however it was found, against the trigger that was answered; empty without one."""
    if claimed.least_percent is None or measured is None:
        return ()
    kind, found = KINDS[_FIGURE], verdict(measured, float(claimed.least_percent), good_is_high=True)
    value, mark = shown(_FIGURE, measured), in_unit(float(claimed.least_percent), kind.unit)
    ends = {
        Verdict.BEYOND: ("에 미달합니다", "beyond it"),
        Verdict.UNCERTAIN: ("에 맞는지 이 건수만으로는 확실하지 않습니다", "not surely on either side of it"),
        Verdict.WITHIN: ("에 맞습니다", "within it"),
    }[found]
    reason = Text(
        ko=f"다르게 결정한 비율은 {value.ko}로, 자체 기준({mark.ko} 이상){ends[0]}.",
        en=f"The share of departures is {value.en}; the operator's own trigger is at least {mark.en}: {ends[1]}.",
    )
    to_do = Text(
        ko=f"다르게 결정한 비율이 {mark.ko} 이상임이 드러나도록 더 긴 기간을 집계하거나, 절차를 바꾼 뒤의 기간으로 확인하십시오.",
        en=f"Show by a longer period, or by one after the process is changed, that the share of departures is at least {mark.en}.",
    )
    done = None if found is Verdict.WITHIN else Reason(to_do, kind.source)
    return (Said(kind.part, _FINDING[found], Reason(reason, kind.source), done, _FIGURE.value),)
