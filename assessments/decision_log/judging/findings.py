"""From figures to findings on the parts that a log can speak about: contributions. Pure.

No legal threshold exists and none is invented. Three things decide, each in the open:

1. *The organisation's own trigger.* A figure whose whole interval lies beyond it contradicts the part; within, it
   supports it; else it stays open. A change found in the log is judged on its own: contradicted from that day on.
2. *The organisation's own numbers.* A stated time, load or share that the log does not bear out contradicts the part
   without any trigger (see `own_words`).
3. *What is lacking.* Without a trigger, time and departures are at best indeterminate; so is whatever would hold only
   if rows that could not be read spoke for the organisation.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from assessments.decision_log.judging import own_words
from assessments.decision_log.judging.by_hand import against_own_mark
from assessments.decision_log.judging.claimed import Claimed
from assessments.decision_log.judging.measuring import Measured, Verdict, in_unit, judge, measure, shown
from assessments.decision_log.judging.said import Said
from assessments.decision_log.statistics.analysis_model import LogAnalysis, Segment
from assessments.decision_log.triggers import KINDS, Figure, Trigger, Triggers
from assessments.derived import LogContribution, Reason
from assessments.model import Finding
from questionnaires import named
from questionnaires.particles import with_particle
from questionnaires.vocabulary import Text

PARTS = (
    named.PART_BYPASS,
    named.PART_TIME,
    named.PART_DIVERGENCE,
    named.PART_REASONS,
    named.PART_INDEPENDENCE,
    named.PART_LOGS,
)
"""Parts of the claim that a log can speak about."""
NEEDS_TRIGGER = {
    named.PART_TIME: Figure.MEDIAN_REVIEW_SECONDS,
    named.PART_DIVERGENCE: Figure.DIVERGENCE_RATE,
}
"""Without a trigger these are at best indeterminate; the figure is the one that is suggested."""

_FINDING = {
    Verdict.BEYOND: Finding.CONTRADICTED,
    Verdict.UNCERTAIN: Finding.INDETERMINATE,
    Verdict.WITHIN: Finding.SUPPORTED,
}


def contributions(analysis: LogAnalysis, claimed: Claimed, triggers: Triggers) -> tuple[LogContribution, ...]:
    """One a part that the log can speak about, in the order of the claim; as weak as the weakest thing it shows."""
    said = [*own_words.said(analysis, claimed)]
    for trigger in triggers.triggers:
        said += _by_trigger(analysis, claimed, trigger)
    if not any(one.figure is Figure.DIVERGENCE_RATE for one in triggers.triggers):
        share = measure(Figure.DIVERGENCE_RATE, analysis, analysis.whole, 0.0, None)
        said += against_own_mark(claimed, share)
    said += _lacking(analysis, claimed, triggers)
    found = (_contribution(part, [one for one in said if one.part == part]) for part in PARTS)
    return tuple(one for one in found if one is not None)


def _contribution(part: str, said: Sequence[Said]) -> LogContribution | None:
    if not said:
        return None
    ranks = (Finding.CONTRADICTED, Finding.INDETERMINATE, Finding.SUPPORTED)
    finding = next(rank for rank in ranks if any(one.finding is rank for one in said))
    against = [one for one in said if one.finding is Finding.CONTRADICTED]
    since = min((one.since for one in against if one.since), default=None)
    return LogContribution(
        part,
        finding,
        tuple(dict.fromkeys(one.reason for one in said if one.finding is finding)),
        tuple(dict.fromkeys(one.to_do for one in said if one.to_do is not None)),
        tuple(dict.fromkeys(one.figure for one in said if one.finding is finding)),
        since if against and all(one.since for one in against) else None,
    )


@dataclass(frozen=True)
class _Judged:
    segment: Segment
    measured: Measured
    verdict: Verdict


def _by_trigger(analysis: LogAnalysis, claimed: Claimed, trigger: Trigger) -> list[Said]:
    floor = 60.0 * claimed.floor_minutes if claimed.floor_minutes else None

    def judged(segment: Segment) -> _Judged | None:
        found = measure(trigger.figure, analysis, segment, float(trigger.mark), floor)
        return None if found is None else _Judged(segment, found, judge(found, trigger))

    whole = judged(analysis.whole)
    if whole is None:
        return [_cannot_measure(trigger)]
    since, worst = _since(analysis, whole, judged)
    kind = KINDS[trigger.figure]
    finding = _FINDING[worst.verdict]
    reason = _reason(trigger, worst, since, analysis.whole.last)
    to_do = None if finding is Finding.SUPPORTED else _to_do(trigger, finding)
    return [Said(kind.part, finding, reason, to_do, trigger.figure.value, since)]


def _since(
    analysis: LogAnalysis, whole: _Judged, judged: Callable[[Segment], _Judged | None]
) -> tuple[date | None, _Judged]:
    """The first change after which the mark is passed though it was not before; then what came after is what counts."""
    for change in sorted(analysis.changes, key=lambda one: one.on):
        before, after = judged(change.before), judged(change.after)
        if before and after and after.verdict is Verdict.BEYOND and before.verdict is not Verdict.BEYOND:
            return change.on, after
    return None, whole


def _reason(trigger: Trigger, judged: _Judged, since: date | None, last: date | None) -> Reason:
    kind = KINDS[trigger.figure]
    figure, mark = shown(trigger.figure, judged.measured), in_unit(float(trigger.mark), kind.unit)
    side = ("이상", "at least") if kind.good_is_high else ("이하", "at most")
    ends = {
        Verdict.BEYOND: ("에 미달합니다" if kind.good_is_high else "을 초과합니다", "beyond it"),
        Verdict.UNCERTAIN: ("에 맞는지 이 기록만으로는 확실하지 않습니다", "not surely on either side of it"),
        Verdict.WITHIN: ("에 맞습니다", "within it"),
    }[judged.verdict]
    set_on = f"{trigger.on.year}. {trigger.on.month}. {trigger.on.day}."
    late = (" (집계 기간이 끝난 뒤에 정함)", " (set after the period)") if last and trigger.on > last else ("", "")
    ko = f"{since:%Y-%m-%d}부터 " if since else ""
    en = f"From {since:%Y-%m-%d} on, the" if since else "The"
    text = Text(
        ko=f"{ko}{kind.title.ko}: {figure.ko}. {set_on} 정한 자체 기준{late[0]}({mark.ko} {side[0]}){ends[0]}.",
        en=f"{en} {kind.title.en} is {figure.en}; the operator's trigger of {trigger.on:%Y-%m-%d}{late[1]} is "
        f"{side[1]} {mark.en}: {ends[1]}.",
    )
    return Reason(text, kind.source)


def _to_do(trigger: Trigger, finding: Finding) -> Reason:
    kind = KINDS[trigger.figure]
    mark = in_unit(float(trigger.mark), kind.unit)
    side = ("이상", "at least") if kind.good_is_high else ("이하", "at most")
    subject = with_particle(kind.title.ko, "이", "가")
    if finding is Finding.CONTRADICTED:
        text = Text(
            ko=f"{subject} {mark.ko} {side[0]}이 되도록 절차를 바꾼 뒤, 그 후 기간의 결정 기록으로 확인하십시오.",
            en=f"Change the process so that the {kind.title.en} is {side[1]} {mark.en}, and prove it with a log of the time that follows.",
        )
    else:
        text = Text(
            ko=f"{subject} {mark.ko} {side[0]}임이 드러나도록 더 긴 기간이나 빠진 행을 채운 기록으로 확인하십시오.",
            en=f"Show that the {kind.title.en} is {side[1]} {mark.en} by a longer log, or one with its unread rows mended.",
        )
    return Reason(text, kind.source)


def _cannot_measure(trigger: Trigger) -> Said:
    kind = KINDS[trigger.figure]
    reason = Text(
        ko=f"{kind.title.ko}에 기준을 정하였으나 이 기록에서는 그 값을 구할 수 없습니다.",
        en=f"A trigger is set on the {kind.title.en}, but this log cannot give that figure.",
    )
    wanted = with_particle(kind.title.ko, "을", "를")
    to_do = Text(
        ko=f"{wanted} 구할 수 있는 열이 든 기록을 가져오십시오. 최소 검토 시간에 관한 것이면 그 시간도 답하십시오.",
        en=f"Import a log with the columns for the {kind.title.en}; if it is on the minimum time, answer what that is.",
    )
    return Said(
        kind.part, Finding.INDETERMINATE, Reason(reason, kind.source), Reason(to_do, kind.source), trigger.figure.value
    )


def _lacking(analysis: LogAnalysis, claimed: Claimed, triggers: Triggers) -> list[Said]:
    """Time and departures without a trigger of the organisation's own."""
    set_on = {KINDS[one.figure].part for one in triggers.triggers}
    if claimed.least_percent is not None:
        set_on.add(KINDS[Figure.DIVERGENCE_RATE].part)
    found = []
    for part, figure in NEEDS_TRIGGER.items():
        measured = measure(figure, analysis, analysis.whole, 0.0, None)
        if part in set_on or measured is None:
            continue
        kind, value = KINDS[figure], shown(figure, measured)
        reason = Text(
            ko=f"{with_particle(kind.title.ko, '은', '는')} {value.ko}입니다. 자체 기준이 없어 이 값이 충분한지 판단할 수 없습니다.",
            en=f"The {kind.title.en} is {value.en}. Without a trigger of the operator's own nothing says whether that is enough.",
        )
        to_do = Text(
            ko=f"{kind.title.ko}에 대한 자체 기준을 날짜와 이유와 함께 정하십시오. 법령이 정한 수치는 없습니다.",
            en=f"Set the operator's own trigger on the {kind.title.en}, with day and reason. No law sets a number.",
        )
        found.append(
            Said(part, Finding.INDETERMINATE, Reason(reason, kind.source), Reason(to_do, kind.source), figure.value)
        )
    return found
