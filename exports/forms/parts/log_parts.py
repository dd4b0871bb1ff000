"""The decision log: its file, how it was read, every figure with its n and interval, what it says on the claim: parts."""

from __future__ import annotations

from collections.abc import Iterator

from assessments.decision_log.kept_log import KeptLog
from assessments.decision_log.reading import account, naming
from assessments.decision_log.reading.choices import Reading
from assessments.decision_log.reading.columns import LogMapping
from assessments.decision_log.reading.faults import WHAT, Fault
from assessments.decision_log.statistics.analysis_model import (
    Change,
    Flags,
    LogAnalysis,
    Quantile,
    Rate,
    Ratio,
    ReviewTimes,
    Segment,
)
from assessments.decision_log.triggers import KINDS
from exports.forms.parts.teller import Teller
from exports.forms.tables import Cell, Column, Figure, Part, Several, Table, Unit, columns, reading
from exports.report import log_section
from questionnaires import wording

_Rows = Iterator[tuple[Cell, ...]]


class _Log:
    """One log, told by one teller."""

    def __init__(self, teller: Teller, log: KeptLog) -> None:
        self.teller, self.log = teller, log
        self.analysis: LogAnalysis = log.analysis
        self.label, self.word, self.text = teller.label, teller.word, teller.text

    # --- columns -------------------------------------------------------------------------------------------

    def interval(self, title: str) -> Column:
        """A value with its 95 % interval."""
        return Column(title, (title, self.word("interval_low"), self.word("interval_high")))

    def rate_columns(self) -> tuple[Column, ...]:
        counts = ("n", self.word("cases"), self.word("interval_method"), self.label("log_small"))
        return columns(self.interval(self.label("log_value")), *counts)

    def rate(self, rate: Rate | None) -> tuple[Cell, ...]:
        if rate is None:
            return (None,) * 5
        shares = (rate.value if rate.n else None, rate.low, rate.high)
        values = tuple(None if each is None else Figure(each, Unit.SHARE) for each in shares)
        method = self.word(f"method_{rate.method}")
        return Several(log_section.interval(rate), values), rate.n, rate.count, method, rate.is_small

    def seconds(self, quantile: Quantile) -> Several:
        language = self.teller.language
        ends = wording.duration_between(quantile.low, quantile.high)[language]
        values = tuple(Figure(each, Unit.SECONDS) for each in (quantile.seconds, quantile.low, quantile.high))
        return Several(f"{wording.duration(quantile.seconds)[language]} ({ends})", values)

    # --- tables --------------------------------------------------------------------------------------------

    def tables(self) -> Iterator[Table]:
        label, word = self.label, self.word
        yield self.teller.facts(word("log_file"), self.file())
        yield Table(
            word("log_settings"),
            columns(self.teller.key(), label("sheet_what"), label("sheet_value")),
            tuple(self.settings(self.log.mapping)),
        )
        yield Table(
            word("log_columns"),
            columns(*(word(key) for key in ("meaning", "header", "how_known", "known_word", "other_headers"))),
            tuple(self.columns_read()),
        )
        yield Table(
            word("log_aside"),
            columns(label("sheet_because"), word("count"), word("line"), word("log_sheet"), self.teller.key()),
            tuple(self.aside()),
        )
        yield Table(word("log_remarks"), columns(label("sheet_text")), tuple(self.remarks()))
        yield Table(
            label("log_figure"),
            columns(label("sheet_kind"), word("of_what"), label("log_figure"), *self.rate_columns()),
            tuple(self.rates()),
        )
        yield Table(
            word("log_times"),
            columns(word("period"), word("measure"), "%", self.interval(label("sheet_value")), "n"),
            tuple(self.times()),
        )
        yield Table(
            word("distribution"),
            columns(word("period"), word("under"), *self.rate_columns()),
            tuple(self.distribution()),
            is_for_reckoning=True,
        )
        yield Table(
            label("log_flow"), columns(label("log_by_ai"), label("log_in_the_end"), word("count")), tuple(self.flows())
        )
        yield Table(
            label("log_reviewers"),
            columns(
                label("log_reviewer"),
                "n",
                word("departures"),
                self.interval(label("log_divergence")),
                word("limits"),
                label("log_median"),
                word("longest_run"),
                word("run_chance"),
                label("log_long_run"),
                word("days_worked"),
                word("most_a_day"),
            ),
            tuple(self.reviewers()),
        )
        yield Table(
            word("funnel_lines"),
            columns(
                "n", *(word(key) for key in ("limit_low", "limit_high", "limit_low_corrected", "limit_high_corrected"))
            ),
            tuple(
                (
                    line.n,
                    *(
                        Figure(each, Unit.SHARE)
                        for each in (line.low, line.high, line.low_corrected, line.high_corrected)
                    ),
                )
                for line in self.analysis.funnel
            ),
            is_for_reckoning=True,
        )
        yield Table(
            word("log_others"),
            columns(label("log_figure"), "%", label("sheet_value"), "n", label("sheet_note")),
            tuple(self.others()),
        )
        yield Table(
            word("log_changes"),
            columns(
                word("measure"),
                word("from_day"),
                word("p_value"),
                word("p_level"),
                *(word(key) for key in ("before_first", "before_last", "after_first", "after_last")),
            ),
            tuple(self.changes()),
        )
        yield Table(
            word("differences"),
            columns(word("of_what"), word("from_day"), self.interval(label("log_difference")), word("unknown")),
            tuple(self.differences()),
        )
        yield Table(
            label("log_selection"),
            columns(
                word("group"),
                word("label"),
                word("reference"),
                self.interval(f"{label('log_ratio')}: {label('log_by_ai')}"),
                self.interval(f"{label('log_ratio')}: {label('log_in_the_end')}"),
                self.interval(word("ratio_shift")),
            ),
            tuple(self.selection()),
        )
        yield Table(
            word("log_triggers"),
            columns(
                word("figure"),
                word("at_least"),
                word("at_most"),
                word("unit"),
                word("from_day"),
                label("part_reasons"),
                label("who"),
            ),
            tuple(self.triggers()),
        )
        yield Table(
            word("log_says"),
            columns(
                label("part"),
                label("finding"),
                word("contradicted_from"),
                label("part_reasons"),
                label("missing"),
                self.teller.key(),
            ),
            tuple(self.says()),
        )

    def file(self) -> Iterator[tuple[str, Cell]]:
        label, word, source = self.label, self.word, self.analysis.source
        analysis, whole = self.analysis, self.analysis.whole
        origin = source.origin
        if origin is None:
            yield label("sheet_file"), source.name
            yield label("sheet_sha256"), source.sha256
            yield label("size"), Figure(source.size, Unit.BYTES)
            yield word("file_kind"), source.kind
            yield word("encoding"), source.encoding
            yield word("delimiter"), source.delimiter.replace("\t", "TAB")
        else:
            yield word("table"), f"{origin.where} · {origin.table}"
            yield word("engine_counted"), origin.engine
            yield word("counted_at"), origin.at
            yield label("log_statements"), origin.statements_sha256
        yield word("made_log"), source.is_made
        yield word("raw_kept"), self.log.is_raw_kept
        yield word("rows_total"), source.total
        yield label("log_used"), source.used
        yield word("first_day"), whole.first
        yield word("last_day"), whole.last
        yield word("time_zone"), analysis.time_zone
        yield word("to_the_minute"), analysis.is_to_the_minute
        yield word("outcomes"), ", ".join(analysis.outcomes)
        yield word("favourable"), ", ".join(analysis.favourable)
        yield word("not_covered"), ", ".join(self.text(account.column_title(name)) for name in analysis.left_out)
        yield word("reviewer_count"), analysis.reviewer_count
        yield word("log_method"), analysis.method
        if analysis.reading:
            yield word("header_line"), analysis.reading.header_line
            yield word("blank_rows"), analysis.reading.blank_rows
        if self.log.withdrawn:
            yield word("withdrawn_on"), self.log.withdrawn.on
            yield word("withdrawn_because"), self.log.withdrawn.reason

    def settings(self, mapping: LogMapping) -> _Rows:
        """As they were said or guessed, by their names in a mapping file."""
        settings = mapping.model_dump(mode="json")
        for name, value in settings.items():
            for path, leaf in _leaves(name, value):
                yield name, path, leaf

    def columns_read(self) -> _Rows:
        read = self.analysis.reading
        if read is None:
            for meaning, header in self.analysis.source.columns.items():
                yield self.text(account.column_title(meaning)), header, None, None, None
            return
        for column in read.columns:
            how = self.word(f"how_{column.how}")
            others = ", ".join(column.others) or None
            yield self.text(account.column_title(column.meaning)), column.header, how, column.word or None, others

    def aside(self) -> _Rows:
        """How many rows of each fault, then the first of them by their lines."""
        source = self.analysis.source
        for fault, count in source.bad.items():
            yield self.text(WHAT[Fault(fault)]), count, None, None, fault
        for bad in source.first_bad:
            line = f"{bad.line} ({bad.other_line})" if bad.other_line else str(bad.line)
            yield self.text(WHAT[Fault(bad.fault)]), None, line, bad.sheet or None, bad.column or bad.fault

    def remarks(self) -> _Rows:
        read: Reading | None = self.analysis.reading
        for sentence in account.sentences(read) if read else ():
            yield (self.text(sentence.what),)

    def rates(self) -> _Rows:
        """Every share of cases of the whole log, of each part of it, and of what was compared."""
        label, word, analysis = self.label, self.word, self.analysis
        whole = word("whole_log")
        yield whole, whole, label("log_divergence"), *self.rate(analysis.whole.divergence)
        yield whole, whole, label("log_automatic"), *self.rate(analysis.automatic)
        if reasons := analysis.reasons:
            for key, rate in (
                ("log_empty_reasons", reasons.empty),
                ("empty_departing", reasons.empty_departing),
                ("empty_following", reasons.empty_following),
                ("log_common_reason", reasons.most_common),
            ):
                title = label(key) if key.startswith("log_") else word(key)
                yield whole, whole, title, *self.rate(rate)
        for breakdown in analysis.breakdowns:
            by = self.by(breakdown.by)
            for row in breakdown.rows:
                yield by, self.broken_down(breakdown.by, row.label), label("log_divergence"), *self.rate(row)
        for direction in analysis.directions:
            yield (
                label("log_flow"),
                self.way(direction.output, direction.decision),
                word("share_of_output"),
                *self.rate(direction.rate),
            )
        for pattern in analysis.patterns:
            for row in pattern.rows:
                yield self.text(account.column_title(pattern.by)), row.label, label("log_divergence"), *self.rate(row)
        if later := analysis.later:
            yield label("log_later"), whole, label("log_later_known"), *self.rate(later.known)
            for way in later.rows:
                for row in way.rows:
                    yield label("log_later"), self.way(way.output, way.decision), row.label, *self.rate(row)
            for key, known in (("log_as_decided", later.as_decided), ("log_as_ai_said", later.as_the_ai_said)):
                if known:
                    yield label("log_later"), whole, label(key), *self.rate(known)
        for change in analysis.changes:
            kind = self.changed(change)
            for key, segment in (("before_that_day", change.before), ("from_that_day", change.after)):
                yield kind, word(key), label("log_divergence"), *self.rate(segment.divergence)
        for event in analysis.events:
            for key, rate in (("before_that_day", event.before), ("from_that_day", event.after)):
                yield event.label, word(key), label("log_divergence"), *self.rate(rate)
        for disparity in analysis.disparities:
            for row_of in disparity.rows:
                for key, rate in (("log_by_ai", row_of.ai), ("log_in_the_end", row_of.final)):
                    member = self.member(row_of.label, disparity.group)
                    yield (
                        f"{label('log_selection')}: {self.group(disparity.group)}",
                        member,
                        label(key),
                        *self.rate(rate),
                    )

    def by(self, name: str) -> str:
        """What rows are broken down by, in words."""
        if name.startswith("group:"):
            return f"{self.word('group')}: {self.group(name.removeprefix('group:'))}"
        return self.word(f"by_{name}")

    def broken_down(self, by: str, label: str) -> str:
        """A row of a breakdown as readers call it; `not given` where the log says nothing."""
        if by.startswith("group:"):
            return self.member(label, by.removeprefix("group:"))
        if by == "output":
            return self.outcome(label)
        return wording.month(label, self.teller.language) if label else self.label("not_given")

    def times(self) -> _Rows:
        """Mean and quantiles of review times, of the whole log and before and after each change."""
        for period, segment in self.segments():
            if segment.times:
                yield from self.times_of(period, segment.times)
        for pattern in self.analysis.patterns:
            for row, median in zip(pattern.rows, pattern.medians, strict=True):
                if median:
                    period = f"{self.text(account.column_title(pattern.by))} {row.label}"
                    yield period, self.word("quantile"), median.percent, self.seconds(median), None

    def segments(self) -> Iterator[tuple[str, Segment]]:
        """The whole log, and what lies before and after each change, with its name."""
        yield self.word("whole_log"), self.analysis.whole
        for change in self.analysis.changes:
            name = self.changed(change)
            yield f"{name}, {self.word('before_that_day')}", change.before
            yield f"{name}, {self.word('from_that_day')}", change.after

    def changed(self, change: Change) -> str:
        """`Review time changed on 3 Mar 2026`."""
        return f"{self.label('log_change_' + change.measure)} {reading(change.on, self.teller.language)}"

    def distribution(self) -> _Rows:
        """How many decisions took less than so long."""
        for period, segment in self.segments():
            times = segment.times
            if times is None:
                continue
            for below in times.below:
                rate = Rate(below.cases, times.n, below.low, below.high, times.method)
                yield period, Figure(below.seconds, Unit.SECONDS), *self.rate(rate)

    def times_of(self, period: str, times: ReviewTimes) -> _Rows:
        word = self.word
        mean = Several(
            reading(Figure(times.mean_seconds, Unit.SECONDS), self.teller.language),
            (Figure(times.mean_seconds, Unit.SECONDS), None, None),
        )
        yield period, word("mean_time"), None, mean, times.n
        yield period, word("unknown"), None, None, times.unknown
        for quantile in times.quantiles:
            yield period, word("quantile"), quantile.percent, self.seconds(quantile), times.n

    def flows(self) -> _Rows:
        for flow in self.analysis.flows:
            yield self.outcome(flow.output), self.outcome(flow.decision), flow.count

    def outcome(self, value: str) -> str:
        return self.text(naming.outcome_title(value))

    def way(self, output: str, decision: str) -> str:
        return f"{self.outcome(output)} → {self.outcome(decision)}"

    def group(self, name: str) -> str:
        """A group of people by its name for readers."""
        return self.text(naming.group_title(name, self.analysis.source.columns.get(name, "")))

    def member(self, label: str, group: str) -> str:
        return self.text(naming.member_title(label, group))

    def reviewers(self) -> _Rows:
        for reviewer in self.analysis.reviewers:
            rate = Rate(reviewer.departures, reviewer.n, reviewer.low, reviewer.high)
            share, *_ = self.rate(rate)
            outside = "" if reviewer.funnel == "inside" else self.label(f"log_funnel_{reviewer.funnel}")
            yield (
                reviewer.name,
                reviewer.n,
                reviewer.departures,
                share,
                outside or self.word("inside"),
                None if reviewer.median_seconds is None else Figure(reviewer.median_seconds, Unit.SECONDS),
                reviewer.longest_run,
                None if reviewer.run_p is None else Figure(reviewer.run_p, Unit.CHANCE),
                reviewer.run_is_long,
                reviewer.days,
                reviewer.most_a_day,
            )

    def others(self) -> _Rows:
        """Figures that are no share: counts, workload, who stands out."""
        label, word, analysis = self.label, self.word, self.analysis
        if analysis.reasons:
            yield word("different_reasons"), None, analysis.reasons.different, None, None
        if load := analysis.workload:
            yield label("log_load"), None, Figure(load.mean, Unit.POINTS), load.reviewer_days, word("reviewer_days")
            for percent, cases in load.quantiles:
                yield f"{label('log_load')} ({word('quantile')})", percent, cases, load.reviewer_days, None
        for key, flags in (("log_runs", analysis.run_flags), ("log_funnel", analysis.funnel_flags)):
            if flags:
                yield label(key), None, len(flags.flagged), flags.tested, self.flagged(flags)

    def flagged(self, flags: Flags) -> str:
        alarm = reading(Figure(flags.alarm_rate, Unit.SHARE), self.teller.language)
        return ", ".join((*flags.flagged, f"{self.word('alarm_rate')} {alarm}", flags.correction.title()))

    def changes(self) -> _Rows:
        for change in self.analysis.changes:
            days = (change.before.first, change.before.last, change.after.first, change.after.last)
            chances = (Figure(change.p_value, Unit.CHANCE), Figure(change.level, Unit.CHANCE))
            yield self.label(f"log_change_{change.measure}"), change.on, *chances, *days

    def differences(self) -> _Rows:
        for pattern in self.analysis.patterns:
            apart = self.apart(pattern.difference, pattern.low, pattern.high)
            yield self.text(account.column_title(pattern.by)), None, apart, pattern.unknown
        for event in self.analysis.events:
            yield event.label, event.on, self.apart(event.difference, event.low, event.high), None

    def apart(self, difference: float, low: float, high: float) -> Several:
        values = tuple(Figure(each, Unit.SHARE_APART) for each in (difference, low, high))
        return Several(wording.points(difference, low, high)[self.teller.language], values)

    def selection(self) -> _Rows:
        for disparity in self.analysis.disparities:
            for row in disparity.rows:
                ratios = map(self.ratio, (row.ai_ratio, row.final_ratio, row.shift))
                members = (self.member(each, disparity.group) for each in (row.label, disparity.reference))
                yield self.group(disparity.group), *members, *ratios

    def ratio(self, ratio: Ratio | None) -> Cell:
        if ratio is None:
            return None
        ends = (None if each is None else Figure(each, Unit.RATIO) for each in (ratio.low, ratio.high))
        return Several(log_section.ratio(ratio), (Figure(ratio.value, Unit.RATIO), *ends))

    def triggers(self) -> _Rows:
        for trigger in self.log.triggers.triggers:
            kind = KINDS[trigger.figure]
            marks = (
                None if each is None else Figure(float(each), Unit.POINTS)
                for each in (trigger.at_least, trigger.at_most)
            )
            yield (
                self.text(kind.title),
                *marks,
                self.word(f"unit_{kind.unit}"),
                trigger.on,
                trigger.reason,
                trigger.by or None,
            )

    def says(self) -> _Rows:
        titles = {part.part.id: self.text(part.part.title) for part in self.teller.report.claim_parts}
        for contribution in self.teller.findings.log:
            reasons, missing = (
                " ".join(self.text(reason.text) for reason in each) or None
                for each in (contribution.reasons, contribution.missing)
            )
            yield (
                titles.get(contribution.part, contribution.part),
                self.label(f"finding_{contribution.finding.value}"),
                contribution.since,
                reasons,
                missing,
                ", ".join((contribution.part, *contribution.figures)),
            )


def _leaves(path: str, value: object) -> Iterator[tuple[str, Cell]]:
    """Each value that a setting holds, with its path; a list of texts as one."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _leaves(f"{path} · {key}", inner)
    elif isinstance(value, list):
        if value:
            yield path, ", ".join(map(str, value))
    elif isinstance(value, bool | int | str) and value != "":
        yield path, value


def parts(teller: Teller) -> Iterator[Part]:
    """None: no decision log was read."""
    log = teller.assessment.log
    if log is None:
        return
    label = teller.label
    sentences = (
        label("log_intro"),
        label("log_made") if log.analysis.source.is_made else "",
        label("log_withdrawn") if log.withdrawn else "",
        *(teller.report.log.changes if teller.report.log else ()),
        label("log_funnel_note") if log.analysis.funnel else "",
        label("log_patterns_note") if log.analysis.patterns else "",
        label("log_later_note") if log.analysis.later else "",
        label("log_selection_note") if log.analysis.disparities else "",
    )
    yield from teller.part(label("log"), *_Log(teller, log).tables(), sentences=sentences)
