"""The figures of a decision log as HTML tables; every share with n, interval, and whether it is small. All text escaped."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from assessments.decision_log.reading import naming
from assessments.decision_log.reading.columns import COLUMN_TITLES, Column
from assessments.decision_log.reading.faults import REMEDY, WHAT, Fault
from assessments.decision_log.statistics.analysis_model import (
    BY_REVIEWER,
    Breakdown,
    Disparity,
    LogAnalysis,
    Rate,
    Ratio,
    Segment,
)
from pages._frame import markup, shared
from pages._frame.shared import _
from questionnaires import wording
from questionnaires.wording import duration

ROWS_SHOWN = 40
BAD_SHOWN = 50


def table(head: Sequence[str], rows: Sequence[Sequence[str]], kind: str = "") -> Markup:
    """A table whose heads begin with a capital."""
    return markup.table(tuple(title[:1].upper() + title[1:] for title in head), rows, kind=kind)


def named(label: str) -> str:
    """A value's display name; an empty value reads *not stated*."""
    return label or _("not stated")


def share(rate: Rate) -> str:
    """`8.3%`, its interval, n, and a mark where the sample is small."""
    if not rate.n:
        return _("no cases")
    small = markup.tag(_("few cases on one side"), "cannot") if rate.is_small else ""
    text = _("95% interval {interval}, n = {n}", interval=wording.between(rate.low, rate.high), n=f"{rate.n:,}")
    return markup.bold(wording.share(rate.value)) + " " + markup.aside(f"({text})") + " " + small


def method(rate: Rate) -> str:
    return _("by reviewer (jackknife)") if rate.method == BY_REVIEWER else _("independent cases (Wilson)")


def rates(breakdown: Breakdown, head: str) -> Markup:
    """One share a label."""
    rows = [(named(rate.label), share(rate), method(rate)) for rate in breakdown.rows[:ROWS_SHOWN]]
    return table((head, _("departures from the AI"), _("interval")), rows) + uncorrected()


def uncorrected() -> Markup:
    text = _("95% intervals, each for itself: not corrected for there being several.")
    return markup.quiet(text)


def months(analysis: LogAnalysis) -> Markup:
    breakdown = next((breakdown for breakdown in analysis.breakdowns if breakdown.by == "month"), None)
    if breakdown is None:
        return markup.NOTHING
    rows = [(wording.month(rate.label, shared.language()), share(rate), method(rate)) for rate in breakdown.rows]
    for change in analysis.changes:
        if change.measure == "divergence":
            rows += [(_period(part), share(part.divergence), "") for part in (change.before, change.after)]
    heads = (_("month"), _("departures from the AI"), _("interval"))
    return table(heads, rows) + uncorrected() + changes(analysis)


def changes(analysis: LogAnalysis) -> Markup:
    """Days from which on people decided differently, and days that the organisation named."""
    language = shared.language()
    lines = []
    for change in analysis.changes:
        what = _("departures") if change.measure == "divergence" else _("review time")
        lines.append(
            _(
                "From {day} on: change of {what} ({p}, corrected for the measures looked at).",
                day=wording.day(change.on, language),
                what=what,
                p=wording.chance(change.p_value),
            )
        )
        times_before, times_after = change.before.times, change.after.times
        if change.measure == "review_time" and times_before and times_after:
            before, after = (duration(part.quantile(50).seconds)[language] for part in (times_before, times_after))
            lines[-1] += " " + _("Median {before} before, {after} after.", before=before, after=after)
    for event in analysis.events:
        lines.append(
            _(
                "{label} ({day}): {before} before, {after} after; difference {difference}.",
                label=event.label,
                day=wording.day(event.on, language),
                before=wording.share(event.before.value),
                after=wording.share(event.after.value),
                difference=wording.points(event.difference, event.low, event.high)[language],
            )
        )
    return markup.items(lines, "h-reasons")


def times(analysis: LogAnalysis, floor_minutes: int | None) -> Markup:
    """Quantiles with intervals, and the share below whole minutes."""
    review_times, language = analysis.whole.times, shared.language()
    if review_times is None:
        return markup.NOTHING
    rows: list[tuple[str, ...]] = [
        (
            _("{share} within", share=wording.percent(quantile.percent)),
            markup.bold(duration(quantile.seconds)[language]),
            wording.duration_between(quantile.low, quantile.high)[language],
        )
        for quantile in review_times.quantiles
    ]
    for minutes in sorted({1, 5, *([floor_minutes] if floor_minutes else [])}):
        below = review_times.share_below(60.0 * minutes)
        if below is not None:
            rows.append((_("under {time}", time=duration(60 * minutes)[language]), share(below), method(below)))
    notes = [
        _(
            "n = {n}; review time is not known for {unknown}.",
            n=f"{review_times.n:,}",
            unknown=f"{review_times.unknown:,}",
        )
    ]
    if analysis.is_to_the_minute:
        notes.append(_("Times are given to the minute only."))
    return table((_("review time"), _("figure"), _("95% interval")), rows) + markup.quiet(" ".join(notes))


def people(analysis: LogAnalysis) -> Markup:
    """A row a reviewer, as a pseudonym."""
    language = shared.language()
    outside = {"low": _("below the limits"), "high": _("above the limits")}
    rows = []
    for reviewer in analysis.reviewers[:ROWS_SHOWN]:
        flags = [markup.tag(outside[reviewer.funnel], "cannot")] if reviewer.funnel in outside else []
        if reviewer.run_is_long:
            flags.append(markup.tag(_("run longer than chance"), "cannot"))
        rate = Rate(reviewer.departures, reviewer.n, reviewer.low, reviewer.high, is_small=False)
        median = duration(reviewer.median_seconds)[language] if reviewer.median_seconds is not None else "–"
        cells = (reviewer.name, share(rate), median, str(reviewer.longest_run), f"{reviewer.most_a_day:,}")
        rows.append((*cells, markup.joined(flags) or "–"))
    heads = (
        _("reviewer"), _("departures from the AI"), _("median time"), _("longest run of agreement"),
        _("most a day"), _("stands out"),
    )  # fmt: skip
    notes = []
    for flags_of, what in (
        (analysis.funnel_flags, _("Limits of the funnel")),
        (analysis.run_flags, _("Runs of agreement")),
    ):
        if flags_of:
            notes.append(
                _(
                    "{what}: {flagged} of {tested} stand out; corrected (Bonferroni), so that chance alone flags anybody in "
                    "{share} of logs at most.",
                    what=what,
                    flagged=len(flags_of.flagged),
                    tested=flags_of.tested,
                    share=wording.share(flags_of.alarm_rate),
                )
            )
    if analysis.reviewer_count > ROWS_SHOWN:
        notes.append(
            _("The busiest {shown} of {count} are shown.", shown=ROWS_SHOWN, count=f"{analysis.reviewer_count:,}")
        )
    remarks = markup.joined(markup.quiet(note) for note in notes)
    return table(heads, rows, kind="h-people") + remarks


def flows(analysis: LogAnalysis) -> Markup:
    rates_of = {(direction.output, direction.decision): direction.rate for direction in analysis.directions}
    rows = [
        (
            naming.outcome_title(flow.output)[shared.language()],
            naming.outcome_title(flow.decision)[shared.language()],
            f"{flow.count:,}",
            share(rates_of[flow.output, flow.decision]) if (flow.output, flow.decision) in rates_of else "–",
        )
        for flow in analysis.flows[:ROWS_SHOWN]
    ]
    heads = (_("AI output"), _("final decision"), _("cases"), _("share of this output"))
    return table(heads, rows) + uncorrected()


def selection(disparity: Disparity) -> Markup:
    """Selection rates and ratios to the reference, by the AI and in the end."""
    effects = {
        "lessen": _("people lessen the disparity"),
        "enlarge": _("people enlarge the disparity"),
        "not_shown": _("no effect of people is shown"),
    }
    rows = [
        (
            naming.member_title(row.label, disparity.group)[shared.language()],
            share(row.ai),
            share(row.final),
            _ratio(row.ai_ratio),
            _ratio(row.final_ratio),
            effects[row.effect] if row.shift else _("reference"),
        )
        for row in disparity.rows[:ROWS_SHOWN]
    ]
    heads = (
        _("group"), _("AI output"), _("final decision"), _("ratio, AI"), _("ratio, final"), _("what people do to it"),
    )  # fmt: skip
    note = _(
        "Ratio to the group with the highest rate by the AI ({reference}). Four fifths is a customary mark of United States "
        "practice (29 CFR 1607.4 D), no Korean rule.",
        reference=naming.member_title(disparity.reference, disparity.group)[shared.language()],
    )
    return table(heads, rows) + markup.quiet(note) + uncorrected()


def bad_rows(analysis: LogAnalysis) -> Markup:
    """Rows set aside, why, and what to do; then the first ones by line."""
    source, language = analysis.source, shared.language()
    kinds = [
        (f"{count:,}", WHAT[Fault(fault)][language], REMEDY[Fault(fault)][language])
        for fault, count in source.bad.items()
    ]
    lines = [
        (
            f"{bad.line:,}",
            WHAT[Fault(bad.fault)][language],
            title(bad.column) if bad.column else "–",
            f"{bad.other_line:,}" if bad.other_line else "–",
        )
        for bad in source.first_bad[:BAD_SHOWN]
    ]
    if not kinds:
        return markup.quiet(_("Every row is counted."))
    first = table((_("rows"), _("why they are not counted"), _("what to do")), kinds)
    more = table((_("line"), _("why"), _("column"), _("line that is counted instead")), lines)
    left = source.set_aside - len(lines)
    note = markup.quiet(_("and {count} more", count=f"{left:,}")) if left > 0 else ""
    return first + more + note


def columns(analysis: LogAnalysis) -> Markup:
    """Which column was taken for what, and what is missing."""
    rows = [(title(meaning), header) for meaning, header in analysis.source.columns.items()]
    rows += [(title(figure), _("no column: figures that need it are left out")) for figure in analysis.left_out]
    return table((_("meaning"), _("column of the file")), rows)


def title(column: str) -> str:
    """Of a column, or of a group by its own name."""
    return COLUMN_TITLES[Column(column)][shared.language()] if column in set(Column) else column


def _ratio(ratio: Ratio | None) -> str:
    if ratio is None:
        return "–"
    value, _blank, ends = wording.ratio(ratio.value, ratio.low, ratio.high).partition(" ")
    return markup.bold(value) + (" " + markup.aside(ends) if ends else "")


def _period(part: Segment) -> str:
    return wording.period(part.first, part.last, shared.language())
