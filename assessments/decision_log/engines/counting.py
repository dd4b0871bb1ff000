"""A log counted where it lies: TableCounts, which `statistics` reckons with. Each question is one grouping in the engine."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any

import ibis
import numpy as np
import numpy.typing as npt
from ibis import deferred as _

from assessments.decision_log.engines.engine import Engine
from assessments.decision_log.engines.relation import Maker, Texts
from assessments.decision_log.reading.columns import Column
from assessments.decision_log.reading.faults import refused
from assessments.decision_log.reading.log import Cases, DecisionLog
from assessments.decision_log.reading.numbering import DIGEST_SIGNS
from assessments.decision_log.statistics.counts import Cells, Days, Times

_ROWS_A_SPAN = 40
"""About so many decisions of one reviewer fall into the spans of time by which runs are looked for."""
_DAY = 86_400_000_000


def answered(engine: Engine, question: Any) -> dict[str, npt.NDArray[Any]]:
    """The columns of an answer."""
    table = engine.answer(question)
    return {name: table[name].to_numpy() for name in table.column_names}


class TableCounts:
    """Of rows that are counted: `rows` has person, departs, output, decision, micros, review_ms and what stands beside."""

    def __init__(
        self, maker: Maker, rows: Any, whole: DecisionLog, codes: Mapping[int, int], numbered: Any | None = None
    ) -> None:
        """codes: person in the engine → place in the log's reviewers. numbered: the reasons, where rows hold their numbers."""
        self.maker, self.whole, self.numbered = maker, whole, numbered
        self.people = whole.where(~whole.automatic) if whole.automatic.any() else whole
        self.has_days = Column.DECIDED in whole.has and len(self.people) > 0
        self.rows = rows.mutate(day=maker.day(rows.micros)) if self.has_days else rows
        self._numbers: dict[str, Cells] = {}
        self.size = max([*codes, 0]) + 2
        self.codes = np.full(self.size, -1, np.int32)
        for person, code in codes.items():
            self.codes[person] = code

    def _reviewer(self, persons: npt.NDArray[Any]) -> npt.NDArray[np.int32]:
        return self.codes[persons.astype(np.int64)]

    def _checked(self, cases: Cases, *, expected: int | None = None) -> Cases:
        """Raises: LogRefusedError where rows came or went between two questions."""
        cases = cases.astype(np.int64)
        if int(cases.sum()) != (len(self.people) if expected is None else expected):
            raise refused("engine_changed", table=self.maker.name)
        return cases

    def _check_people(self, cells: Cells) -> None:
        """Raises: LogRefusedError where it is not as many decisions and departures of each reviewer as before."""
        people = self.people
        assert cells.cases is not None
        assert people.cases is not None
        before = self._by_reviewer(people.reviewer, people.output != people.decision, people.cases)
        if before != self._by_reviewer(cells.reviewer, cells.departs, cells.cases):
            raise refused("engine_changed", table=self.maker.name)

    def _by_reviewer(
        self, reviewer: npt.NDArray[Any], departs: npt.NDArray[np.bool_], cases: Cases
    ) -> list[tuple[int, int]]:
        size = len(self.people.reviewers) + 1
        counted = (np.bincount(reviewer[chosen] + 1, cases[chosen], size) for chosen in (departs, ~departs))
        return [(int(left), int(right)) for left, right in zip(*counted, strict=True)]

    def _cells(self, rows: Any, name: str) -> Cells:
        held = answered(self.maker.engine, rows.group_by("person", "departs", name).agg(n=_.count()))
        departs = held["departs"].astype(np.bool_)
        cases = self._checked(held["n"])
        cells = Cells(held[name].astype(np.int64), self._reviewer(held["person"]), departs, cases)
        self._check_people(cells)
        return cells

    @cached_property
    def _days(self) -> Cells:
        return self._cells(self.rows, "day")

    def days(self) -> Cells:
        return self._days

    def times(self, before: int | None = None, since: int | None = None) -> Times:
        rows = self.rows
        expected = len(self.people)
        if before is not None or since is not None:
            rows = rows.filter(rows.day < before if before is not None else rows.day >= since)
            chosen = self._days.values < before if before is not None else self._days.values >= since
            assert self._days.cases is not None
            expected = int(self._days.cases[chosen].sum())
        return self._times(rows, expected)

    def _times(self, rows: Any, expected: int) -> Times:
        held = answered(self.maker.engine, rows.group_by("person", "review_ms").agg(n=_.count()))
        cases = self._checked(held["n"], expected=expected)
        return Times(held["review_ms"].astype(np.int64), self._reviewer(held["person"]), cases)

    def shorter(self, twice_ms: int) -> tuple[npt.NDArray[np.bool_], Days, Cases | None]:
        known = self.rows.filter(_.review_ms >= 0)
        held = answered(
            self.maker.engine,
            known.mutate(is_short=2 * known.review_ms < twice_ms).group_by("day", "is_short").agg(n=_.count()),
        )
        return held["is_short"].astype(np.bool_), held["day"].astype(np.int64), held["n"].astype(np.int64)

    def longest_runs(self) -> npt.NDArray[np.int64]:
        return LongestRuns(self).longest(len(self.people.reviewers))

    def reasons(self) -> tuple[Cells, int]:
        engine = self.maker.engine
        if self.numbered is not None:
            counted = self.rows.group_by("person", "departs", number="reason").agg(n=_.count())
            reasons = self.numbered.select(its_number="number", reason="reason")
            written = counted.join(reasons, counted.number == reasons.its_number)
        else:
            texts = self.rows.group_by("person", "departs", "reason_text").agg(n=_.count())
            written = texts.mutate(reason=reason_key(self.maker.texts, texts.reason_text))
        written = engine.keep(written.group_by("person", "departs", "reason").agg(n=_.n.sum()))
        totals = written.filter(_.reason != "").group_by("reason").agg(n=_.n.sum())
        different = engine.whole_number(totals.count())
        kinds = written.mutate(kind=ibis.literal(0).cast("int64"))
        if different:
            most = engine.whole_number(totals.n.max())
            digest = engine.words.sha256(totals.reason).substr(0, DIGEST_SIGNS)
            first = totals.mutate(digest=digest).filter(_.n == most).order_by("digest").limit(1)
            chosen = first.select(most_common="reason")
            joined = written.left_join(chosen, written.reason == chosen.most_common)
            kinds = joined.mutate(
                kind=ibis.cases((joined.reason == "", 0), (joined.most_common.notnull(), 1), else_=2).cast("int64")
            )
        held = answered(engine, kinds.group_by("person", "departs", "kind").agg(n=_.n.sum()))
        cases = self._checked(held["n"])
        departs = held["departs"].astype(np.bool_)
        cells = Cells(held["kind"].astype(np.int8), self._reviewer(held["person"]), departs, cases)
        self._check_people(cells)
        return cells, different

    def numbers(self, name: str) -> Cells:
        if name not in self._numbers:
            self._numbers[name] = self._cells(self.rows, f"number_{name}")
        return self._numbers[name]

    def times_by_number(self, name: str, ends: Sequence[int]) -> Sequence[Times]:
        number, cells = self.rows[f"number_{name}"], self.numbers(name)
        assert cells.cases is not None
        part = ibis.cases((number < 0, -1), *((number <= end, place) for place, end in enumerate(ends)), else_=-1)
        parted = self.rows.mutate(part=part.cast("int64")).filter(_.part >= 0)
        held = answered(self.maker.engine, parted.group_by("part", "person", "review_ms").agg(n=_.count()))
        self._checked(held["n"], expected=int(cells.cases[cells.values >= 0].sum()))
        return [
            Times(held["review_ms"][chosen].astype(np.int64), self._reviewer(held["person"][chosen]), held["n"][chosen])
            for chosen in (held["part"] == place for place in range(len(ends)))
        ]


def reason_key(texts: Texts, text: Any) -> Any:
    """What makes two reasons the same; empty for a missing one."""
    key = texts.flat(texts.constant(text)).replace(" ", "").translate(*_fold())
    return ((key == "") | texts.is_missing(key)).ifelse("", key)


def _fold() -> tuple[str, str]:
    from assessments.decision_log.engines import signs

    return signs.fold()


class LongestRuns:
    """The longest run of agreement of each reviewer, without putting all decisions in order.

    Time is cut into spans. Of each span and reviewer the engine counts the decisions, the departures, and the agreements before the
    first and behind the last departure; from these follow all runs that reach over a span's end, and how long a run within a span
    can be at most. Only spans that could hold a longer one are put in order.
    """

    def __init__(self, counts: TableCounts) -> None:
        self.counts = counts
        days = counts.days()
        assert days.cases is not None
        reviewer_days = len(np.unique(days.reviewer.astype(np.int64) * 200_000 + days.values))
        a_day = int(days.cases.sum()) / max(1, reviewer_days)
        self.span = _DAY // max(1, round(a_day / _ROWS_A_SPAN))
        ways = len(counts.people.outcomes)
        rows = counts.rows
        order = rows.micros * (ways * ways) + rows.output.cast("int64") * ways + rows.decision.cast("int64")
        self.rows = rows.select("person", "departs", order=order, span=rows.micros.floordiv(self.span))

    def longest(self, size: int) -> npt.NDArray[np.int64]:
        spans = self._spans()
        best = np.zeros(size, np.int64)
        codes = self.counts._reviewer(spans["person"])
        order = np.lexsort((spans["span"], codes))
        names = ("n", "departures", "before", "behind")
        n, departures, before, behind = (spans[name].astype(np.int64)[order] for name in names)
        codes = codes[order]
        known = codes >= 0
        run, last = 0, -1
        for code, cases, leaving, first, rest in zip(
            *(values[known].tolist() for values in (codes, n, departures, before, behind)), strict=True
        ):
            if code != last:
                run, last = 0, code
            run += cases if not leaving else first
            if run > best[code]:
                best[code] = run
            if leaving:
                run = rest
                if run > best[code]:
                    best[code] = run
        inner = np.where(departures > 1, n - departures - before - behind, 0)
        open_spans = known & (inner > best[np.maximum(codes, 0)])
        if open_spans.any():
            self._within(best, np.unique(codes[open_spans]), int(inner[open_spans].min()))
        return best

    def _spans(self) -> dict[str, npt.NDArray[Any]]:
        rows = self.rows
        limits = rows.group_by("person", "span").agg(
            n=_.count(),
            departures=_.departs.sum(),
            first=_.order.min(where=_.departs),
            final=_.order.max(where=_.departs),
        )
        limits = self.counts.maker.engine.keep(limits)
        ends = limits.filter(_.departures > 0).select(its="person", its_span="span", first="first", final="final")
        joined = rows.filter(~_.departs).join(ends, [rows.person == ends.its, rows.span == ends.its_span])
        sides = joined.group_by("person", "span").agg(
            before=(joined.order < joined.first).sum(), behind=(joined.order > joined.final).sum()
        )
        sides = sides.select(its="person", its_span="span", before="before", behind="behind")
        every = limits.left_join(sides, [limits.person == sides.its, limits.span == sides.its_span])
        held = answered(
            self.counts.maker.engine,
            every.select(
                "person",
                "span",
                "n",
                "departures",
                before=every.before.fill_null(0),
                behind=every.behind.fill_null(0),
            ),
        )
        self.counts._checked(held["n"])
        return held

    def _within(self, best: npt.NDArray[np.int64], codes: npt.NDArray[Any], least: int) -> None:
        """Puts in order the spans of these reviewers that hold more agreements than the shortest run that could be longer."""
        persons = [person for person, code in enumerate(self.counts.codes.tolist()) if code in set(codes.tolist())]
        rows = self.rows.filter(_.person.isin(persons))
        busy = rows.group_by("person", "span").agg(agreeing=(~_.departs).sum()).filter(_.agreeing >= least)
        busy = busy.select(its="person", its_span="span")
        chosen = rows.semi_join(busy, [rows.person == busy.its, rows.span == busy.its_span])
        window = ibis.window(group_by=["person", "span"], order_by=["order"], preceding=None, following=0)
        parted = chosen.mutate(part=chosen.departs.cast("int64").sum().over(window))
        lengths = parted.filter(~_.departs).group_by("person", "span", "part").agg(n=_.count())
        held = answered(self.counts.maker.engine, lengths.group_by("person").agg(n=_.n.max()))
        np.maximum.at(best, self.counts._reviewer(held["person"]), held["n"].astype(np.int64))
