"""A log's figures as plain lines for the terminal: lines."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from assessments.decision_log.reading import account
from assessments.decision_log.reading.faults import REMEDY, WHAT, Fault
from assessments.decision_log.statistics.analysis_model import LogAnalysis, Quantile, Rate, Segment
from assessments.derived import LogContribution
from questionnaires.wording import (
    between,
    chance,
    day,
    duration,
    duration_between,
    moment,
    percent,
    period,
    points,
    share,
)

_BAD_SHOWN = 10
_ROWS_SHOWN = 12
_WEIGHTS = {account.Weight.NOTE: "  ", account.Weight.BEARS: "Note: ", account.Weight.ASKS: "Question: "}


def lines(analysis: LogAnalysis, contributions: Sequence[LogContribution]) -> Iterator[str]:
    """Lines on what was read, what it shows, and what that means for the claim."""
    yield from _source(analysis)
    yield from _figures(analysis)
    yield from _people(analysis)
    yield from _patterns(analysis)
    for selection in analysis.disparities:
        yield f"Selection rates by {selection.group} (reference {selection.reference}; intervals uncorrected):"
        for row in selection.rows:
            ratio = f", {row.effect.replace('_', ' ')} (ratio moves by {row.shift.value:.2f})" if row.shift else ""
            yield f"  {row.label or 'not stated'}: AI {_rate(row.ai)}; final {_rate(row.final)}{ratio}"
    for contribution in contributions:
        since = f" since {day(contribution.since, 'en')}" if contribution.since else ""
        yield f"{contribution.part}: {contribution.finding.value}{since}."
        for reason in contribution.reasons:
            yield f"  {reason.text.en}"
        for reason in contribution.missing:
            yield f"  To do: {reason.text.en}"


def _source(analysis: LogAnalysis) -> Iterator[str]:
    source = analysis.source
    if source.is_made:
        yield "This log was made by `haetae log make`. It shows nothing about any operator."
    if source.origin is None:
        yield f"{source.name}: {source.kind}, {source.size:,} bytes, SHA-256 {source.sha256}."
    else:
        origin = source.origin
        yield f"{origin.where}, table {origin.table}: counted inside {origin.engine} on {moment(origin.at, 'en')}."
        yield f"SHA-256 of the statements: {origin.statements_sha256}. There is no file, and no digest of one."
    yield "Columns: " + ", ".join(f"{meaning} = {header}" for meaning, header in source.columns.items()) + "."
    for sentence in account.sentences(analysis.reading) if analysis.reading else ():
        yield f"{_WEIGHTS[sentence.weight]}{sentence.text.en}"
    yield f"Rows: {source.total:,}; used {source.used:,} ({share(source.used_share)})."
    for fault, count in source.bad.items():
        kind = Fault(fault)
        yield f"  {count:,} not counted: {WHAT[kind].en}. {REMEDY[kind].en}"
    for row in source.first_bad[:_BAD_SHOWN]:
        other = f" (see line {row.other_line:,})" if row.other_line else ""
        sheet = f"{row.sheet}, " if row.sheet else ""
        yield f"  {sheet}line {row.line:,}: {WHAT[Fault(row.fault)].en}{': ' + row.column if row.column else ''}{other}"
    left = source.set_aside - min(_BAD_SHOWN, len(source.first_bad))
    if left > 0 and source.first_bad:
        yield f"  … and {left:,} more."


def _figures(analysis: LogAnalysis) -> Iterator[str]:
    whole = analysis.whole
    if whole.first:
        yield f"Period: {period(whole.first, whole.last, 'en')} ({analysis.time_zone})."
    yield f"Decided otherwise than the AI: {_rate(whole.divergence)}."
    for direction in analysis.directions:
        yield f"  {direction.output} → {direction.decision}: {_rate(direction.rate)} of cases with that output"
    for table in analysis.breakdowns:
        yield f"  by {table.by} (intervals uncorrected):"
        for row in table.rows[:_ROWS_SHOWN]:
            yield f"    {row.label or 'not stated'}: {_rate(row)}"
    if whole.times:
        shown = ", ".join(
            f"{percent(quantile.percent)} within {_times(quantile)}" for quantile in whole.times.quantiles
        )
        minute = " Times are given to the minute only." if analysis.is_to_the_minute else ""
        yield f"Review time: {shown}; unknown for {whole.times.unknown:,}.{minute}"
    yield f"Without a person: {_rate(analysis.automatic)}."
    if analysis.reasons:
        yield f"Without a reason: {_rate(analysis.reasons.empty)}; {analysis.reasons.different:,} different reasons."
    for change in analysis.changes:
        before, after = _measured(change.before, change.measure), _measured(change.after, change.measure)
        since = f"{day(change.on, 'en')} on ({chance(change.p_value)})"
        yield f"Change of {change.measure.replace('_', ' ')} from {since}: {before}; then {after}."
    for event in analysis.events:
        yield (
            f"Before and after {event.label}: {_rate(event.before)}; {_rate(event.after)}; "
            f"difference {points(event.difference, event.low, event.high).en}."
        )


def _measured(segment: Segment, measure: str) -> str:
    if measure == "review_time" and segment.times:
        median = segment.times.quantile(50)
        return f"median {_times(median)}"
    return _rate(segment.divergence)


def _people(analysis: LogAnalysis) -> Iterator[str]:
    if analysis.workload:
        load = analysis.workload
        yield f"Load: {load.mean:.1f} cases per reviewer and day; {load.cases(100)} at most ({load.reviewer_days:,} days)."
    for flags, what in (
        (analysis.funnel_flags, "apart from the others' rate"),
        (analysis.run_flags, "with a run longer than chance"),
    ):
        if flags:
            names = ", ".join(flags.flagged[:_ROWS_SHOWN]) or "none"
            yield (
                f"Reviewers {what}: {names} (of {flags.tested}; corrected, by chance in {share(flags.alarm_rate)} "
                "of logs at most)."
            )


def _patterns(analysis: LogAnalysis) -> Iterator[str]:
    if analysis.patterns or analysis.later:
        yield "Patterns: what goes together, which proves no cause (intervals uncorrected)."
    for pattern in analysis.patterns:
        yield f"  Departures by {account.column_title(pattern.by).en} (not known for {pattern.unknown:,}):"
        for row, median in zip(pattern.rows, pattern.medians, strict=True):
            time = f"; median review time {_times(median)}" if median else ""
            yield f"    {row.label}: {_rate(row)}{time}"
        difference = points(pattern.difference, pattern.low, pattern.high).en
        yield f"    {pattern.rows[-1].label} against {pattern.rows[0].label}: {difference}"
    if analysis.later:
        yield f"  Outcome that turned out later: known for {_rate(analysis.later.known)}"
        for way in analysis.later.rows[:_ROWS_SHOWN]:
            shown = "; ".join(f"{row.label} {_rate(row)}" for row in way.rows[:_ROWS_SHOWN])
            yield f"    AI {way.output}, decided {way.decision}: {shown}"
        if analysis.later.as_decided and analysis.later.as_the_ai_said:
            yield f"    Departures that turned out as people decided: {_rate(analysis.later.as_decided)}"
            yield f"    Departures that turned out as the AI said: {_rate(analysis.later.as_the_ai_said)}"


def _times(quantile: Quantile) -> str:
    return f"{duration(quantile.seconds).en} ({duration_between(quantile.low, quantile.high).en})"


def _rate(rate: Rate) -> str:
    if not rate.n:
        return "no cases"
    small = ", small" if rate.is_small else ""
    how = "by reviewer" if rate.method == "reviewer_jackknife" else "Wilson"
    return f"{share(rate.value)} ({rate.count:,} of {rate.n:,}; 95% {between(rate.low, rate.high)}, {how}{small})"
