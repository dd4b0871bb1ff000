"""The pictures of a decision log in one language, each with the words that are read out in its place: pictures, Picture.

The words give every figure that the picture shows.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from assessments.decision_log.judging.claimed import Claimed
from assessments.decision_log.reading import naming
from assessments.decision_log.statistics.analysis_model import (
    Breakdown,
    Change,
    Disparity,
    LogAnalysis,
    Quantile,
    Rate,
    Reviewer,
)
from exports.report import log_charts
from exports.report.log_charts import Decided, Point, Turn
from exports.words.labels import labels
from questionnaires import wording
from questionnaires.texts import Texts

TITLES = {
    "log-time": "log_over_time",
    "log-review": "log_review_times",
    "log-flow": "log_flow",
    "log-funnel": "log_reviewers",
    "log-group": "log_selection",
}
"""Picture → label of its title."""
_FILE = "log_pictures.yaml"
_MOST_READ = 18
"""So many months are read out one by one."""
_MONTHS_OF_A_YEAR = 12
_QUARTILES = (10, 25, 50, 75, 90)
_HALF = 50


def texts() -> Texts:
    return labels(_FILE)


@dataclass(frozen=True)
class Mark:
    """A time that the organisation stated. kind: claimed or minimum."""

    kind: str
    seconds: float


@dataclass(frozen=True)
class Picture:
    svg: str
    words: str
    note: str = ""
    """Says how much of a long list is drawn; empty: all."""


@dataclass(frozen=True)
class OutputRow:
    """One output of the AI: its title, cases decided the same, and the other decisions with theirs, the most frequent first."""

    title: str
    same: int
    others: tuple[tuple[str, int], ...]

    @property
    def n(self) -> int:
        return self.same + self.differing

    @property
    def differing(self) -> int:
        return sum(count for _, count in self.others)


def marks(claimed: Claimed) -> Iterator[Mark]:
    """The times that the organisation claims of its reviews."""
    if claimed.minutes:
        yield Mark("claimed", 60.0 * claimed.minutes)
    if claimed.floor_minutes:
        yield Mark("minimum", 60.0 * claimed.floor_minutes)


def months_of(analysis: LogAnalysis) -> Breakdown | None:
    """Month by month. None: there are fewer than two."""
    return next((table for table in analysis.breakdowns if table.by == "month" and len(table.rows) > 1), None)


def outputs(analysis: LogAnalysis, language: str) -> tuple[OutputRow, ...]:
    """What became of each output of the AI, those with the most cases first."""
    rows: dict[str, list[tuple[str, int]]] = {}
    for flow in analysis.flows:
        rows.setdefault(flow.output, []).append((flow.decision, flow.count))
    shown = (_output(output, decided, language) for output, decided in rows.items())
    return tuple(sorted(shown, key=lambda row: -row.n))


def _output(output: str, decided: Sequence[tuple[str, int]], language: str) -> OutputRow:
    return OutputRow(
        naming.outcome_title(output)[language],
        sum(count for decision, count in decided if decision == output),
        tuple(
            (naming.outcome_title(decision)[language], count)
            for decision, count in sorted(decided, key=lambda pair: -pair[1])
            if decision != output
        ),
    )


class Pictures:
    """Of one log. titles: of each picture, by its name."""

    def __init__(self, analysis: LogAnalysis, language: str, titles: Mapping[str, str]) -> None:
        self._analysis = analysis
        self._language = language
        self._titles = titles
        self._words = {key: text[language] for key, text in texts().items()}

    def of(self, marks: Sequence[Mark]) -> Iterator[tuple[str, Picture]]:
        """Name and picture, of each that the log allows. marks: what the organisation says of its review time."""
        analysis = self._analysis
        if analysis.flows:
            yield "log-flow", self._flow()
        months = months_of(analysis)
        if months is not None:
            yield "log-time", self._over_time(months.rows)
        if analysis.whole.times is not None and analysis.whole.times.n:
            yield "log-review", self._review_times(marks)
        people = [reviewer for reviewer in analysis.reviewers if reviewer.n]
        if analysis.funnel and len(people) > 1:
            yield "log-funnel", self._funnel(people)
        for at, disparity in enumerate(shown_disparities(analysis)):
            yield f"log-group-{at}", self._selection(disparity)

    def _t(self, key: str, **values: object) -> str:
        return texts().text(key, **values)[self._language]

    def _over_time(self, rows: Sequence[Rate]) -> Picture:
        whole = self._analysis.whole.divergence
        points = [Point(wording.month(rate.label, self._language) or "–", rate) for rate in rows]
        changes = [change for change in self._analysis.changes if change.measure == "divergence"]
        turns = [turn for change in changes if (turn := self._turn(change, rows)) is not None]
        named = self._t("whole_period", share=wording.share(whole.value))
        read = [f"{point.name} {_read(point.rate)}" for point in points]
        if len(read) > _MOST_READ:
            lowest, highest = (by(points, key=lambda point: point.rate.value) for by in (min, max))
            ends = (lowest, highest, points[0], points[-1])
            values = dict(
                zip(
                    ("lowest", "highest", "first", "last"),
                    (f"{point.name} {_read(point.rate)}" for point in ends),
                    strict=True,
                )
            )
            read = [self._t("read_more_months", months=len(points), **values)]
        words = self._t(
            "read_time",
            title=self._titles["log-time"],
            whole=_read(whole),
            rows="; ".join([*read, *(turn.name for turn in turns)]),
        )
        return Picture(log_charts.over_time(points, whole, turns, self._words, named), words)

    def _turn(self, change: Change, rows: Sequence[Rate]) -> Turn | None:
        """None: its month is not among the rows."""
        place = next((at for at, rate in enumerate(rows) if rate.label == f"{change.on:%Y-%m}"), None)
        if place is None:
            return None
        days = (_next_month(change.on) - change.on.replace(day=1)).days
        name = self._t("turned_on", day=wording.day(change.on, self._language))
        return Turn(place + (change.on.day - 1) / days, name)

    def _review_times(self, marks: Sequence[Mark]) -> Picture:
        times = self._analysis.whole.times
        assert times is not None
        median = times.quantile(_HALF)
        named = [(mark.kind, self._t(mark.kind, time=self._duration(mark.seconds)), mark.seconds) for mark in marks]
        half = ("median", self._t("half", time=self._duration(median.seconds)), median.seconds)
        drawn = log_charts.review_times(times, [half, *named], self._language, self._words)
        quantiles = [quantile for quantile in times.quantiles if quantile.percent in _QUARTILES]
        below = [
            self._t("read_below", mark=name, share=_read(rate))
            for _, name, seconds in named
            if (rate := times.share_below(seconds)) is not None
        ]
        words = self._t(
            "read_review",
            title=self._titles["log-review"],
            n=f"{times.n:,}",
            rows=", ".join(self._within(quantile) for quantile in quantiles),
            marks="".join(below),
        )
        return Picture(drawn, words)

    def _within(self, quantile: Quantile) -> str:
        return self._t("read_within", share=wording.percent(quantile.percent), time=self._duration(quantile.seconds))

    def _flow(self) -> Picture:
        rows = outputs(self._analysis, self._language)
        shown = list(rows[: log_charts.MOST_ROWS])
        rest = rows[log_charts.MOST_ROWS :]
        if rest:
            name = self._t("others", n=len(rest))
            shown.append(OutputRow(name, sum(row.same for row in rest), (("", sum(row.differing for row in rest)),)))
        bars = [Decided(row.title, row.same, tuple(count for _, count in row.others if count)) for row in shown]
        read = [
            self._t(
                "read_output",
                name=row.title,
                n=f"{row.n:,}",
                same=f"{row.same:,} ({wording.share(row.same / row.n)})",
                differing=f"{row.differing:,} ({wording.share(row.differing / row.n)})",
            )
            for row in shown
            if row.n
        ]
        words = self._t("read_flow", title=self._titles["log-flow"], rows="; ".join(read))
        return Picture(log_charts.decided_as(bars, self._words), words)

    def _funnel(self, people: Sequence[Reviewer]) -> Picture:
        analysis = self._analysis
        whole = analysis.whole.divergence
        named = self._t("whole_period", share=wording.share(whole.value))
        shares = [reviewer.departures / reviewer.n for reviewer in people]
        outside = [reviewer for reviewer in people if reviewer.funnel != "inside"]
        names = ", ".join(
            f"{reviewer.name} {wording.share(reviewer.departures / reviewer.n)}" for reviewer in outside[:_MOST_READ]
        )
        words = self._t(
            "read_funnel",
            title=self._titles["log-funnel"],
            people=f"{len(people):,}",
            least=f"{min(reviewer.n for reviewer in people):,}",
            most=f"{max(reviewer.n for reviewer in people):,}",
            lowest=wording.share(min(shares)),
            highest=wording.share(max(shares)),
            whole=wording.share(whole.value),
            outside=self._t("read_outside", count=len(outside), names=names)
            if outside
            else self._t("read_none_outside"),
        )
        return Picture(log_charts.funnel(people, analysis.funnel, whole, self._words, named), words)

    def _selection(self, disparity: Disparity) -> Picture:
        rows = sorted(disparity.rows, key=lambda row: -max(row.ai.n, row.final.n))[: log_charts.MOST_ROWS]
        rows = [row for row in disparity.rows if row in rows]
        names = [naming.member_title(row.label, disparity.group)[self._language] for row in rows]
        read = [
            self._t("read_group", name=name, ai=_read(row.ai), final=_read(row.final))
            for row, name in zip(rows, names, strict=True)
        ]
        title = f"{self._titles['log-group']}: {group_name(self._analysis, disparity, self._language)}"
        words = self._t("read_selection", title=title, rows="; ".join(read))
        is_cut = len(rows) < len(disparity.rows)
        note = self._t("some_shown", shown=len(rows), all=len(disparity.rows)) if is_cut else ""
        return Picture(log_charts.selection(rows, names, self._words), words, note)

    def _duration(self, seconds: float) -> str:
        return wording.duration(seconds)[self._language]


def shown_disparities(analysis: LogAnalysis) -> tuple[Disparity, ...]:
    """Those with groups to compare, of which something is known."""
    return tuple(
        disparity
        for disparity in analysis.disparities
        if len(disparity.rows) > 1 and any(rate.n for row in disparity.rows for rate in (row.ai, row.final))
    )


def group_name(analysis: LogAnalysis, disparity: Disparity, language: str) -> str:
    """A group's name for readers, else that of its column."""
    return naming.group_title(disparity.group, analysis.source.columns.get(disparity.group, ""))[language]


def _read(rate: Rate) -> str:
    return wording.with_interval(rate.value, rate.low, rate.high) if rate.n else "–"


def _next_month(on: date) -> date:
    following = on.month % _MONTHS_OF_A_YEAR + 1
    return date(on.year + (following == 1), following, 1)
