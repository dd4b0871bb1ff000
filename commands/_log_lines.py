"""A log's figures as plain lines for the terminal: lines."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from assessments.decision_log.reading import told
from assessments.decision_log.reading.faults import REMEDY, WHAT, Fault
from assessments.decision_log.statistics.analysis_model import LogAnalysis, Quantile, Rate, Segment
from assessments.derived import LogContribution
from questionnaires.wording import duration

_BAD_SHOWN = 10
_ROWS_SHOWN = 12
_WEIGHTS = {told.Weight.NOTE: "  ", told.Weight.BEARS: "Note: ", told.Weight.ASKS: "Question: "}


def lines(found: LogAnalysis, said: Sequence[LogContribution]) -> Iterator[str]:
    """What was read, what it shows, and what that means for the claim."""
    yield from _source(found)
    yield from _figures(found)
    yield from _people(found)
    yield from _patterns(found)
    for selection in found.disparities:
        yield f"Selection rates by {selection.group} (reference {selection.reference}; intervals uncorrected):"
        for row in selection.rows:
            ratio = f", {row.effect.replace('_', ' ')} (ratio moves by {row.shift.value:.2f})" if row.shift else ""
            yield f"  {row.label or 'not stated'}: AI {_rate(row.ai)}; final {_rate(row.final)}{ratio}"
    for one in said:
        since = f" since {one.since}" if one.since else ""
        yield f"{one.part}: {one.finding.value}{since}."
        for reason in one.reasons:
            yield f"  {reason.text.en}"
        for reason in one.missing:
            yield f"  To do: {reason.text.en}"


def _source(found: LogAnalysis) -> Iterator[str]:
    source = found.source
    if source.is_made:
        yield "This log was made by `haetae log make`. It shows nothing about any operator."
    yield f"{source.name}: {source.kind}, {source.size:,} bytes, SHA-256 {source.sha256}."
    yield "Columns: " + ", ".join(f"{meaning} = {header}" for meaning, header in source.columns.items()) + "."
    for sentence in told.sentences(found.reading) if found.reading else ():
        yield f"{_WEIGHTS[sentence.weight]}{sentence.text.en}"
    yield f"Rows: {source.total:,}; used {source.used:,} ({100 * source.used_share:.2f}%)."
    for fault, count in source.bad.items():
        kind = Fault(fault)
        yield f"  {count:,} not counted: {WHAT[kind].en}. {REMEDY[kind].en}"
    for row in source.first_bad[:_BAD_SHOWN]:
        other = f" (see line {row.other_line:,})" if row.other_line else ""
        sheet = f"{row.sheet}, " if row.sheet else ""
        yield f"  {sheet}line {row.line:,}: {WHAT[Fault(row.fault)].en}{': ' + row.column if row.column else ''}{other}"
    left = source.set_aside - min(_BAD_SHOWN, len(source.first_bad))
    if left > 0:
        yield f"  … and {left:,} more."


def _figures(found: LogAnalysis) -> Iterator[str]:
    whole = found.whole
    if whole.first:
        yield f"Period: {whole.first} to {whole.last} ({found.time_zone})."
    yield f"Decided otherwise than the AI: {_rate(whole.divergence)}."
    for direction in found.directions:
        yield f"  {direction.output} → {direction.decision}: {_rate(direction.rate)} of cases with that output"
    for table in found.breakdowns:
        yield f"  by {table.by} (intervals uncorrected):"
        for row in table.rows[:_ROWS_SHOWN]:
            yield f"    {row.label or 'not stated'}: {_rate(row)}"
    if whole.times:
        shown = ", ".join(
            f"{one.percent}% within {duration(one.seconds).en} ({duration(one.low).en} to {duration(one.high).en})"
            for one in whole.times.quantiles
        )
        minute = " Times are given to the minute only." if found.is_to_the_minute else ""
        yield f"Review time: {shown}; unknown for {whole.times.unknown:,}.{minute}"
    yield f"Without a person: {_rate(found.automatic)}."
    if found.reasons:
        yield f"Without a reason: {_rate(found.reasons.empty)}; {found.reasons.different:,} different reasons."
    for change in found.changes:
        p = f"p = {change.p_value:.2g}" if change.p_value else "p < 0.000001"
        before, after = _measured(change.before, change.measure), _measured(change.after, change.measure)
        yield f"Change of {change.measure.replace('_', ' ')} from {change.on} on ({p}): {before}; then {after}."
    for event in found.events:
        yield (
            f"Before and after {event.label}: {_rate(event.before)}; {_rate(event.after)}; "
            f"difference {100 * event.difference:+.1f} points ({100 * event.low:+.1f} to {100 * event.high:+.1f})."
        )


def _measured(segment: Segment, measure: str) -> str:
    if measure == "review_time" and segment.times:
        median = segment.times.quantile(50)
        return f"median {duration(median.seconds).en} ({duration(median.low).en} to {duration(median.high).en})"
    return _rate(segment.divergence)


def _people(found: LogAnalysis) -> Iterator[str]:
    if found.workload:
        load = found.workload
        yield f"Load: {load.mean:.1f} cases per reviewer and day; {load.cases(100)} at most ({load.reviewer_days:,} days)."
    for flags, what in (
        (found.funnel_flags, "apart from the others' rate"),
        (found.run_flags, "with a run longer than chance"),
    ):
        if flags:
            names = ", ".join(flags.flagged[:_ROWS_SHOWN]) or "none"
            yield (
                f"Reviewers {what}: {names} (of {flags.tested}; corrected, by chance in {100 * flags.alarm_rate:.0f}% "
                "of logs at most)."
            )


def _patterns(found: LogAnalysis) -> Iterator[str]:
    if found.patterns or found.later:
        yield "Patterns: what goes together, which proves no cause (intervals uncorrected)."
    for one in found.patterns:
        yield f"  Departures by {told.column_title(one.by).en} (not known for {one.unknown:,}):"
        for row, median in zip(one.rows, one.medians, strict=True):
            time = f"; median review time {_times(median)}" if median else ""
            yield f"    {row.label}: {_rate(row)}{time}"
        points = f"{100 * one.difference:+.1f} points ({100 * one.low:+.1f} to {100 * one.high:+.1f})"
        yield f"    {one.rows[-1].label} against {one.rows[0].label}: {points}"
    if found.later:
        yield f"  Outcome that turned out later: known for {_rate(found.later.known)}"
        for way in found.later.rows[:_ROWS_SHOWN]:
            shown = "; ".join(f"{row.label} {_rate(row)}" for row in way.rows[:_ROWS_SHOWN])
            yield f"    AI {way.output}, decided {way.decision}: {shown}"
        if found.later.as_decided and found.later.as_the_ai_said:
            yield f"    Departures that turned out as people decided: {_rate(found.later.as_decided)}"
            yield f"    Departures that turned out as the AI said: {_rate(found.later.as_the_ai_said)}"


def _times(one: Quantile) -> str:
    return f"{duration(one.seconds).en} ({duration(one.low).en} to {duration(one.high).en})"


def _rate(rate: Rate) -> str:
    if not rate.n:
        return "no cases"
    small = ", small" if rate.is_small else ""
    how = "by reviewer" if rate.method == "reviewer_jackknife" else "Wilson"
    return f"{100 * rate.value:.2f}% ({rate.count:,} of {rate.n:,}; 95% {100 * rate.low:.2f} to {100 * rate.high:.2f}%, {how}{small})"
