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
from assessments.decision_log.judging.figure_contribution import FigureContribution
from assessments.decision_log.judging.measuring import Measured, Verdict, in_unit, judge, measure, with_interval
from assessments.decision_log.statistics.analysis_model import LogAnalysis, Segment
from assessments.decision_log.texts import TEXTS
from assessments.decision_log.triggers import KINDS, Figure, FigureKind, Trigger, Triggers
from assessments.derived import LogContribution, Reason
from assessments.model import Finding
from questionnaires import named
from questionnaires.vocabulary import Text
from questionnaires.wording import day_text

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
    statements = [*own_words.statements(analysis, claimed)]
    for trigger in triggers.triggers:
        statements += _by_trigger(analysis, claimed, trigger)
    if not any(trigger.figure is Figure.DIVERGENCE_RATE for trigger in triggers.triggers):
        share = measure(Figure.DIVERGENCE_RATE, analysis, analysis.whole, 0.0, None)
        statements += against_own_mark(claimed, share)
    statements += _lacking(analysis, claimed, triggers)
    by_part = (_contribution(part, [statement for statement in statements if statement.part == part]) for part in PARTS)
    return tuple(contribution for contribution in by_part if contribution is not None)


def beyond(analysis: LogAnalysis, claimed: Claimed, triggers: Triggers) -> tuple[Figure, ...]:
    """Figures that lie wholly beyond their trigger, whatever else the log shows."""
    return tuple(
        trigger.figure
        for trigger in triggers.triggers
        if any(statement.finding is Finding.CONTRADICTED for statement in _by_trigger(analysis, claimed, trigger))
    )


def _contribution(part: str, statements: Sequence[FigureContribution]) -> LogContribution | None:
    if not statements:
        return None
    ranks = (Finding.CONTRADICTED, Finding.INDETERMINATE, Finding.SUPPORTED)
    finding = next(rank for rank in ranks if any(statement.finding is rank for statement in statements))
    against = [statement for statement in statements if statement.finding is Finding.CONTRADICTED]
    since = min((statement.since for statement in against if statement.since), default=None)
    return LogContribution(
        part,
        finding,
        tuple(dict.fromkeys(statement.reason for statement in statements if statement.finding is finding)),
        tuple(dict.fromkeys(statement.to_do for statement in statements if statement.to_do is not None)),
        tuple(dict.fromkeys(statement.figure for statement in statements if statement.finding is finding)),
        since if against and all(statement.since for statement in against) else None,
    )


@dataclass(frozen=True)
class _Judged:
    segment: Segment
    measured: Measured
    verdict: Verdict


def _by_trigger(analysis: LogAnalysis, claimed: Claimed, trigger: Trigger) -> list[FigureContribution]:
    floor = 60.0 * claimed.floor_minutes if claimed.floor_minutes else None

    def judged(segment: Segment) -> _Judged | None:
        measured = measure(trigger.figure, analysis, segment, float(trigger.mark), floor)
        return None if measured is None else _Judged(segment, measured, judge(measured, trigger))

    whole = judged(analysis.whole)
    if whole is None:
        return [_cannot_measure(trigger)]
    since, worst = _since(analysis, whole, judged)
    kind = KINDS[trigger.figure]
    finding = _FINDING[worst.verdict]
    reason = _reason(trigger, worst, since, analysis.whole.last)
    to_do = None if finding is Finding.SUPPORTED else _to_do(trigger, finding)
    return [FigureContribution(kind.part, finding, reason, to_do, trigger.figure.value, since)]


def _since(
    analysis: LogAnalysis, whole: _Judged, judged: Callable[[Segment], _Judged | None]
) -> tuple[date | None, _Judged]:
    """The first change after which the mark is passed though it was not before; then what came after is what counts."""
    for change in sorted(analysis.changes, key=lambda answer_change: answer_change.on):
        before, after = judged(change.before), judged(change.after)
        if before and after and after.verdict is Verdict.BEYOND and before.verdict is not Verdict.BEYOND:
            return change.on, after
    return None, whole


def _reason(trigger: Trigger, judged: _Judged, since: date | None, last: date | None) -> Reason:
    kind = KINDS[trigger.figure]
    values = {"title": kind.title, "figure": with_interval(trigger.figure, judged.measured)}
    of_day = {"since": day_text(since)} if since else {}
    figure = TEXTS.text("figure_is_since" if since else "figure_is", **values, **of_day)
    is_late = last is not None and trigger.on > last
    set_on = TEXTS.text("trigger_set_late" if is_late else "trigger_set", day=day_text(trigger.on))
    side = "above" if judged.verdict is Verdict.BEYOND and not kind.good_is_high else judged.verdict.value
    return Reason(TEXTS.text(f"mark_{side}", figure=figure, trigger=set_on, mark=_side(trigger, kind)), kind.source)


def _side(trigger: Trigger, kind: FigureKind) -> Text:
    mark = in_unit(float(trigger.mark), kind.unit)
    return TEXTS.text("at_least" if kind.good_is_high else "at_most", mark=mark)


def _to_do(trigger: Trigger, finding: Finding) -> Reason:
    kind = KINDS[trigger.figure]
    key = "change_process" if finding is Finding.CONTRADICTED else "show_by_longer_log"
    return Reason(TEXTS.text(key, title=kind.title, mark=_side(trigger, kind)), kind.source)


def _cannot_measure(trigger: Trigger) -> FigureContribution:
    kind = KINDS[trigger.figure]
    reason, to_do = (TEXTS.text(key, title=kind.title) for key in ("figure_unknown", "import_columns"))
    return FigureContribution(
        kind.part, Finding.INDETERMINATE, Reason(reason, kind.source), Reason(to_do, kind.source), trigger.figure.value
    )


def _lacking(analysis: LogAnalysis, claimed: Claimed, triggers: Triggers) -> list[FigureContribution]:
    """Time and departures without a trigger of the organisation's own."""
    set_on = {KINDS[trigger.figure].part for trigger in triggers.triggers}
    if claimed.least_percent is not None:
        set_on.add(KINDS[Figure.DIVERGENCE_RATE].part)
    statements = []
    for part, figure in NEEDS_TRIGGER.items():
        measured = measure(figure, analysis, analysis.whole, 0.0, None)
        if part in set_on or measured is None:
            continue
        kind, value = KINDS[figure], with_interval(figure, measured)
        reason = TEXTS.text("no_trigger", title=kind.title, value=value)
        to_do = TEXTS.text("set_trigger", title=kind.title)
        statements.append(
            FigureContribution(
                part, Finding.INDETERMINATE, Reason(reason, kind.source), Reason(to_do, kind.source), figure.value
            )
        )
    return statements
