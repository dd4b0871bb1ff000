"""The decision log as the report shows it, ready for the template: LogView. Figures as computed, with n and interval."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from assessments.decision_log.judging.claimed import read_claimed
from assessments.decision_log.kept_log import KeptLog
from assessments.decision_log.reading import account, naming
from assessments.decision_log.reading.choices import How
from assessments.decision_log.reading.faults import WHAT, Fault
from assessments.decision_log.statistics.analysis_model import (
    Breakdown,
    Disparity,
    Quantile,
    Rate,
    Ratio,
    Segment,
    Selection,
)
from assessments.rules import findings as rules
from exports.report.log_pictures import (
    TITLES,
    OutputRow,
    Picture,
    Pictures,
    group_name,
    marks,
    months_of,
    outputs,
    shown_disparities,
    texts,
)
from exports.report.reading import Reading
from questionnaires import wording
from questionnaires.schema import Text

_MOST_REVIEWERS = 30
"""Rows of the reviewers' table: those who stand out first, then the busiest. The attached record holds them all."""
_MOST_DAYS = 90
"""Per cent."""
MOST_ROWS = 24
"""Rows of a table of outputs or groups, those with the most cases."""


def share(count: int, n: int) -> str:
    """`12.5%`; `–` of nothing."""
    return wording.share(count / n) if n else "–"


def interval(rate: Rate) -> str:
    """`12.5% (10.1–15.2%)`; `–` of nothing."""
    return wording.with_interval(rate.value, rate.low, rate.high) if rate.n else "–"


def ratio(figure: Ratio | None) -> str:
    """`0.78 (0.70–0.86)`; `–` where there is none."""
    return "–" if figure is None else wording.ratio(figure.value, figure.low, figure.high)


def seconds(value: float, language: str) -> str:
    """`9 s`, `5 min`, or as Korean writes it."""
    return wording.duration(value)[language]


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
        if source.origin is None:
            return f"{source.name} · {source.size:,} B · {self._word('log_used')} {used} · SHA-256 {source.sha256}"
        origin = source.origin
        at = wording.moment(origin.at, self._report.first)
        counted = self._word("log_counted").format(engine=origin.engine, at=at)
        place = f"{origin.where} · {origin.table} · {counted}"
        return f"{place} · {self._word('log_used')} {used} · {self._word('log_statements')} {origin.statements_sha256}"

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
                yield sentence.what

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
                self._median(median),
                f"{whole.times.n:,}",
            )
        yield self._rate("log_automatic", analysis.automatic)
        if analysis.reasons is not None:
            yield self._rate("log_empty_reasons", analysis.reasons.empty)
            yield self._rate("log_common_reason", analysis.reasons.most_common)
        if analysis.workload is not None:
            yield FigureRow(
                self._report.t("log_load"),
                texts().text("load", mean=f"{analysis.workload.mean:.1f}", most=analysis.workload.cases(_MOST_DAYS))[
                    self._report.first
                ],
                f"{analysis.workload.reviewer_days:,}",
            )
        if analysis.run_flags is not None:
            yield FigureRow(
                self._report.t("log_runs"), f"{len(analysis.run_flags.flagged):,}", f"{analysis.run_flags.tested:,}"
            )
        if analysis.funnel_flags is not None:
            flags = analysis.funnel_flags
            yield FigureRow(self._report.t("log_funnel"), f"{len(flags.flagged):,}", f"{flags.tested:,}")

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
            chance = wording.chance(change.p_value)
            yield f"{self._word('log_change_' + change.measure)} {day}: {before} → {after} ({chance})"

    def _measured(self, measure: str, part: Segment) -> str:
        if measure == "divergence" or part.times is None:
            return f"{self._word('log_divergence')} {interval(part.divergence)}"
        return f"{self._word('log_median')} {self.seconds(part.times.quantile(50).seconds)}"

    @property
    def months(self) -> Breakdown | None:
        return months_of(self.analysis)

    def month(self, label: str) -> str:
        return wording.month(label, self._report.first)

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
                interval(Rate(reviewer.departures, reviewer.n, reviewer.low, reviewer.high)),
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
                wording.points(pattern.difference, pattern.low, pattern.high)[self._report.first],
            )
            for pattern in self.analysis.patterns
        )

    def _median(self, quantile: Quantile | None) -> str:
        if quantile is None:
            return "–"
        ends = wording.duration_between(quantile.low, quantile.high)[self._report.first]
        return f"{self.seconds(quantile.seconds)} ({ends})"

    @property
    def quantiles(self) -> Iterator[tuple[str, str]]:
        """Share of the decisions and the time within which they were made, with its interval."""
        for quantile in self.analysis.whole.times.quantiles if self.analysis.whole.times else ():
            yield wording.percent(quantile.percent), self._median(quantile)

    @property
    def disparities(self) -> tuple[Disparity, ...]:
        return shown_disparities(self.analysis)

    def group_name(self, disparity: Disparity) -> str:
        return group_name(self.analysis, disparity, self._report.first)

    def group_rows(self, disparity: Disparity) -> tuple[Selection, ...]:
        """Those with the most cases, in the order of the log."""
        busiest = sorted(disparity.rows, key=lambda row: -max(row.ai.n, row.final.n))[:MOST_ROWS]
        return tuple(row for row in disparity.rows if row in busiest)

    def member(self, label: str, disparity: Disparity) -> str:
        return naming.member_title(label, disparity.group)[self._report.first]

    def ratios(self, row: Selection, disparity: Disparity) -> str:
        """By the AI and in the end; that a group is the one to which the others are compared."""
        if row.label == disparity.reference:
            return self.words["reference"][self._report.first]
        return f"{ratio(row.ai_ratio)} → {ratio(row.final_ratio)}"

    @cached_property
    def outputs(self) -> tuple[OutputRow, ...]:
        """What became of each output of the AI, those with the most cases first."""
        return outputs(self.analysis, self._report.first)[:MOST_ROWS]

    def outcome(self, value: str) -> str:
        return naming.outcome_title(value)[self._report.first]

    def cut(self, shown: int, whole: int) -> str:
        """That a table does not hold all rows; empty where it does."""
        return texts().text("rows_shown", shown=shown, all=whole)[self._report.first] if shown < whole else ""

    @property
    def output_count(self) -> int:
        return len({flow.output for flow in self.analysis.flows})

    @property
    def words(self) -> Mapping[str, Text]:
        """What stands in the pictures, for the tables beside them."""
        return texts()

    @cached_property
    def pictures(self) -> dict[str, Picture]:
        """Name → picture with the words read out in its place."""
        titles = {name: self._word(key) for name, key in TITLES.items()}
        claimed = read_claimed(self._report.assessment.answers(rules.CLAIM))
        return dict(Pictures(self.analysis, self._report.first, titles).of(tuple(marks(claimed))))

    @property
    def charts(self) -> dict[str, str]:
        """Name → SVG."""
        return {name: picture.svg for name, picture in self.pictures.items()}

    def small(self, rate: Rate) -> str:
        return f" ({self._word('log_small')})" if rate.is_small else ""

    interval = staticmethod(interval)
    share = staticmethod(share)

    def seconds(self, value: float) -> str:
        return seconds(value, self._report.first)

    def _word(self, key: str) -> str:
        return self._report.t(key)[self._report.first]
