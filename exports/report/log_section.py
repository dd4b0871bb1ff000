"""The decision log as the report shows it, ready for the template: LogView. Figures as computed, with n and interval."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from assessments.decision_log.judging.claimed import read_claimed
from assessments.decision_log.kept_log import KeptLog
from assessments.decision_log.reading import account
from assessments.decision_log.reading.choices import How
from assessments.decision_log.reading.faults import WHAT, Fault
from assessments.decision_log.statistics.analysis_model import Breakdown, Disparity, Quantile, Rate, Ratio, Segment
from assessments.rules import findings as rules
from exports.report import log_charts
from exports.report.reading import Reading
from questionnaires.schema import Text
from questionnaires.wording import duration, percent

_LEAST_P = 0.001
_MOST_REVIEWERS = 30
"""Rows of the reviewers' table: those who stand out first, then the busiest. The attached record holds them all."""


def share(count: int, n: int) -> str:
    """`12.5%`; `–` of nothing."""
    return percent(100 * count / n) if n else "–"


def interval(rate: Rate) -> str:
    """`12.5% (10.1–15.2)`."""
    return f"{share(rate.count, rate.n)} ({100 * rate.low:.1f}–{100 * rate.high:.1f})" if rate.n else "–"


def ratio(figure: Ratio | None) -> str:
    """`0.78 (0.70–0.86)`."""
    if figure is None:
        return "–"
    return f"{figure.value:.2f}" + (
        "" if figure.low is None or figure.high is None else f" ({figure.low:.2f}–{figure.high:.2f})"
    )


def seconds(value: float, language: str) -> str:
    """`9 s`, `5 min`, or as Korean writes it."""
    return duration(value)[language]


@dataclass(frozen=True)
class FigureRow:
    """One figure of the table at the top."""

    title: Text
    value: str
    n: str


class LogView:
    """One decision log of one report."""

    def __init__(self, report: Reading, log: KeptLog) -> None:
        self._report = report
        self.kept = log
        self.analysis = log.analysis

    @property
    def source(self) -> str:
        """File, digest and what became of its rows, in the leading language."""
        source = self.analysis.source
        used = f"{source.used:,} / {source.total:,} ({share(source.used, source.total)})"
        return f"{source.name} · {source.size:,} B · {self._word('log_used')} {used} · SHA-256 {source.sha256}"

    @property
    def set_aside(self) -> Iterator[tuple[Text, int]]:
        """Why rows were not counted, and how many."""
        for fault, count in self.analysis.source.bad.items():
            yield WHAT[Fault(fault)], count

    @property
    def reading(self) -> Iterator[Text]:
        """Remarks from reading the file: what was merged, set aside, guessed, assumed, asked or not computed."""
        for sentence in account.sentences(self.analysis.reading) if self.analysis.reading else ():
            if sentence.weight is not account.Weight.NOTE:
                yield sentence.text

    @property
    def guesses(self) -> tuple[tuple[Text, str], ...]:
        """Columns whose meaning was guessed: meaning, header."""
        columns = self.analysis.reading.columns if self.analysis.reading else ()
        return tuple(
            (account.column_title(column_reading.meaning), column_reading.header)
            for column_reading in columns
            if column_reading.how is How.GUESSED
        )

    @cached_property
    def rows(self) -> tuple[FigureRow, ...]:
        return tuple(self._rows())

    def _rows(self) -> Iterator[FigureRow]:
        analysis, whole = self.analysis, self.analysis.whole
        yield self._rate("log_divergence", whole.divergence)
        if whole.times is not None:
            median = whole.times.quantile(50)
            yield FigureRow(
                self._report.t("log_median"),
                f"{self.seconds(median.seconds)} ({self.seconds(median.low)}–{self.seconds(median.high)})",
                f"{whole.times.n:,}",
            )
        yield self._rate("log_automatic", analysis.automatic)
        if analysis.reasons is not None:
            yield self._rate("log_empty_reasons", analysis.reasons.empty)
            yield self._rate("log_common_reason", analysis.reasons.most_common)
        if analysis.workload is not None:
            yield FigureRow(
                self._report.t("log_load"),
                f"{analysis.workload.mean:.1f} (90%: {analysis.workload.cases(90)})",
                f"{analysis.workload.reviewer_days:,}",
            )
        if analysis.run_flags is not None:
            yield FigureRow(
                self._report.t("log_runs"), f"{len(analysis.run_flags.flagged)}", f"{analysis.run_flags.tested:,}"
            )
        if analysis.funnel_flags is not None:
            flags = analysis.funnel_flags
            yield FigureRow(self._report.t("log_funnel"), f"{len(flags.flagged)}", f"{flags.tested:,}")

    @property
    def in_short(self) -> str:
        """How many rows were counted, departures and the median time, in the leading language."""
        first = self._report.first
        rows = self.rows[: 1 if self.analysis.whole.times is None else 2]
        figures = ", ".join(f"{row.title[first]} {row.value}" for row in rows)
        return f"{self._word('log')} ({self.analysis.source.used:,}): {figures}"

    def _rate(self, key: str, rate: Rate) -> FigureRow:
        return FigureRow(self._report.t(key), interval(rate), f"{rate.n:,}{self.small(rate)}")

    @property
    def changes(self) -> Iterator[str]:
        """The days from which people decided differently, in the leading language."""
        for change in self.analysis.changes:
            day = self._report.day(change.on)[self._report.first]
            before, after = (self._measured(change.measure, part) for part in (change.before, change.after))
            chance = "p < 0.001" if change.p_value < _LEAST_P else f"p {change.p_value:.2g}"
            yield f"{self._word('log_change_' + change.measure)} {day}: {before} → {after} ({chance})"

    def _measured(self, measure: str, part: Segment) -> str:
        if measure == "divergence" or part.times is None:
            return f"{self._word('log_divergence')} {interval(part.divergence)}"
        return f"{self._word('log_median')} {self.seconds(part.times.quantile(50).seconds)}"

    @property
    def months(self) -> Breakdown | None:
        return self._by("month")

    def _by(self, name: str) -> Breakdown | None:
        return next(
            (breakdown for breakdown in self.analysis.breakdowns if breakdown.by == name and len(breakdown.rows) > 1),
            None,
        )

    @cached_property
    def reviewers(self) -> tuple[tuple[str, ...], ...]:
        """Pseudonym, cases, departures with interval, median time, remark."""
        standing_out = sorted(
            self.analysis.reviewers,
            key=lambda reviewer: (reviewer.funnel == "inside" and not reviewer.run_is_long, -reviewer.n),
        )
        return tuple(
            (
                reviewer.name,
                f"{reviewer.n:,}",
                f"{share(reviewer.departures, reviewer.n)} ({100 * reviewer.low:.1f}–{100 * reviewer.high:.1f})",
                "–" if reviewer.median_seconds is None else self.seconds(reviewer.median_seconds),
                ", ".join(self._remarks(reviewer.funnel, is_long=reviewer.run_is_long)),
            )
            for reviewer in standing_out[:_MOST_REVIEWERS]
        )

    def _remarks(self, funnel: str, *, is_long: bool) -> Iterator[str]:
        if funnel != "inside":
            yield self._word(f"log_funnel_{funnel}")
        if is_long:
            yield self._word("log_long_run")

    @cached_property
    def patterns(self) -> tuple[tuple[str, tuple[tuple[str, ...], ...], str], ...]:
        """Title, rows (label, n, departures, median time) and difference, in the leading language."""
        return tuple(
            (
                account.column_title(pattern.by)[self._report.first],
                tuple(
                    (row.label, f"{row.n:,}", interval(row) + self.small(row), self._median(median))
                    for row, median in zip(pattern.rows, pattern.medians, strict=True)
                ),
                f"{100 * pattern.difference:+.1f} ({100 * pattern.low:+.1f}–{100 * pattern.high:+.1f})",
            )
            for pattern in self.analysis.patterns
        )

    def _median(self, quantile: Quantile | None) -> str:
        return (
            "–"
            if quantile is None
            else f"{self.seconds(quantile.seconds)} ({self.seconds(quantile.low)}–{self.seconds(quantile.high)})"
        )

    @property
    def disparities(self) -> tuple[Disparity, ...]:
        return tuple(disparity for disparity in self.analysis.disparities if len(disparity.rows) > 1)

    @property
    def flows(self) -> list[tuple[str, list[tuple[str, int]]]]:
        """AI output → what was decided, the agreeing decision first."""
        rows_of: dict[str, list[tuple[str, int]]] = {}
        for flow in self.analysis.flows:
            rows_of.setdefault(flow.output, []).append((flow.decision, flow.count))
        return [(output, sorted(rows, key=lambda row: (row[0] != output, -row[1]))) for output, rows in rows_of.items()]

    @cached_property
    def charts(self) -> dict[str, str]:
        """Name → SVG."""
        drawn = {"log-flow": log_charts.decided_as(self.flows)}
        whole = self.analysis.whole
        if self.months is not None:
            drawn["log-time"] = log_charts.over_time(self.months.rows, whole.divergence)
        if whole.times is not None:
            drawn["log-review"] = log_charts.review_times(whole.times, list(self._marks()), self._report.first)
        if self.analysis.funnel and len(self.analysis.reviewers) > 1:
            drawn["log-funnel"] = log_charts.funnel(self.analysis.reviewers, self.analysis.funnel, whole.divergence)
        words = (self._word("log_by_ai"), self._word("log_in_the_end"))
        for at, disparity in enumerate(self.disparities):
            drawn[f"log-group-{at}"] = log_charts.selection(disparity, words)
        return drawn

    def _marks(self) -> Iterator[tuple[str, float]]:
        claimed = read_claimed(self._report.assessment.answers(rules.CLAIM))
        if claimed.minutes:
            yield f"{self._word('log_claimed')} {self.seconds(60 * claimed.minutes)}", 60.0 * claimed.minutes
        if claimed.floor_minutes:
            yield f"{self._word('log_floor')} {self.seconds(60 * claimed.floor_minutes)}", 60.0 * claimed.floor_minutes

    def small(self, rate: Rate) -> str:
        return f" ({self._word('log_small')})" if rate.is_small else ""

    interval = staticmethod(interval)
    ratio = staticmethod(ratio)

    def seconds(self, value: float) -> str:
        return seconds(value, self._report.first)

    def _word(self, key: str) -> str:
        return self._report.t(key)[self._report.first]
