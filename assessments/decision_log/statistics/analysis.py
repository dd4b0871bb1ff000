"""From a decision log to its figures: analyse."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import date, timedelta

import numpy as np
import numpy.typing as npt

from assessments.decision_log.reading import meaning, naming
from assessments.decision_log.reading.choices import Reading, Remark
from assessments.decision_log.reading.columns import Column
from assessments.decision_log.reading.faults import Fault
from assessments.decision_log.reading.log import DecisionLog, ImportedLog
from assessments.decision_log.reading.source import Bad, Source
from assessments.decision_log.statistics import changes, departures, disparity, funnel, patterns, reviewers
from assessments.decision_log.statistics.analysis_model import (
    Breakdown,
    Change,
    Disparity,
    Event,
    LogAnalysis,
    Rate,
    Segment,
)
from assessments.decision_log.statistics.counts import Cells, Counts, RowCounts, Times
from assessments.decision_log.statistics.rates import Clusters, independent, rate, rounded
from assessments.decision_log.statistics.review_times import SortedTimes

_EPOCH = date(1970, 1, 1)
_BAD_SHOWN = 50
_OPTIONAL = (Column.SHOWN, Column.DECIDED, Column.REVIEWER, Column.REASON, Column.STAGE, Column.AUTOMATIC)


@dataclass(frozen=True)
class Settings:
    """What the operator sets before looking at the figures."""

    floor_seconds: float | None = None
    """The operator's own minimum review time in seconds, an extra point of the distribution besides the whole minutes up to 60."""
    events: tuple[tuple[date, str], ...] = ()
    """(first day after the event, label), for example training, a new version or a new rule."""


def analyse(imported: ImportedLog, settings: Settings = Settings(), counts: Counts | None = None) -> LogAnalysis:
    """All figures of a log. Only decisions by people count, except for the share decided automatically.

    counts: by whoever counted the log where it lies. None: it is counted here, row by row.
    """
    counts = counts or RowCounts(imported.log)
    log = counts.people
    size = len(log.reviewers)
    clusters = Clusters(log.reviewer, size, log.cases)
    departs = log.output != log.decision
    with ThreadPoolExecutor(1) as beside:  # sorting takes longest, and leaves the other core free
        coming = beside.submit(_sorted, counts.times(), size)
        days = counts.days() if counts.has_days else None
        reviewer_figures, funnel_flags, run_flags = (
            reviewers.reviewers(counts, days, clusters, coming) if size and len(log) else ((), None, None)
        )
        times = coming.result()
    n = np.array([reviewer.n for reviewer in reviewer_figures], np.int64)
    rate_of_all = log.sum(departs) / len(log) if len(log) else 0.0
    return LogAnalysis(
        source=_source(imported),
        time_zone=log.time_zone,
        is_to_the_minute=log.is_to_the_minute,
        outcomes=log.outcomes,
        favourable=tuple(log.outcomes[code] for code in sorted(log.favourable)),
        whole=_segment(departs, days, clusters, times, settings),
        automatic=independent(counts.whole.sum(counts.whole.automatic), len(counts.whole)),
        breakdowns=_breakdowns(log, days, departs, clusters),
        flows=departures.flows(log),
        directions=departures.directions(log, clusters),
        reviewers=reviewer_figures[: reviewers.MOST_REVIEWERS],
        reviewer_count=len(reviewer_figures),
        funnel=funnel.lines(n, rate_of_all),
        funnel_flags=funnel_flags,
        run_flags=run_flags,
        reasons=reviewers.reasons(counts, size) if Column.REASON in log.has else None,
        workload=reviewers.workload(days) if days is not None and size else None,
        changes=_changes(counts, days, times, size, settings) if days is not None else (),
        events=_events(days, size, settings.events) if days is not None else (),
        disparities=_disparities(log, clusters),
        left_out=tuple(column.value for column in _OPTIONAL if column not in log.has),
        reading=_reading(imported, counts, len(times)),
        patterns=patterns.patterns(counts, size),
        later=patterns.later(log, clusters),
    )


def _sorted(times: Times, size: int) -> SortedTimes:
    return SortedTimes(times.review_ms, Clusters(times.reviewer, size, times.cases))


def _source(imported: ImportedLog) -> Source:
    file, rows = imported.file, imported.rows
    return Source(
        file.name,
        file.sha256,
        file.size,
        file.kind,
        file.encoding,
        file.delimiter,
        file.is_made,
        dict(sorted(imported.columns.items())),
        rows.total,
        rows.used,
        {fault.value: count for fault, count in rows.bad.items()},
        tuple(
            Bad(bad_row.line, bad_row.fault.value, bad_row.column, bad_row.other_line, bad_row.sheet)
            for bad_row in rows.first_bad[:_BAD_SHOWN]
        ),
        file.origin,
    )


def _reading(imported: ImportedLog, counts: Counts, times: int) -> Reading:
    """The reading, plus what could not be computed and which outcomes were taken as favourable. times: how many are known."""
    reading, log = imported.reading, counts.people
    favour = meaning.favour(log.outcomes, imported.mapping)
    assumed, missing = list(reading.assumed), list(reading.not_computed)
    if favour.third:
        assumed.append(Remark("third_outcomes", {"labels": ", ".join(favour.third)}))
    if log.groups and favour.is_guess:
        good = ", ".join(log.outcomes[code] for code in sorted(favour.codes))
        assumed.append(Remark("favourable_guessed", {"labels": good}))
    if log.groups and not favour.codes:
        unknown = ", ".join(favour.unknown)
        missing.append(
            Remark("rates_unknown_labels", {"labels": unknown}) if unknown else Remark("rates_none_favourable")
        )
    for name, codes in log.groups.items() if favour.codes else ():
        missing += disparity.remarks(name, codes, log.group_labels[name], log.cases)
    named = {str(remark.values.get("column")) for remark in missing}
    missing += patterns.remarks(counts)
    remarks = list(reading.asked)
    doubtful, cases = meaning.in_doubt(log, imported.mapping)
    if doubtful:
        remarks.append(Remark("outcomes_in_doubt", {"labels": ", ".join(doubtful), "n": f"{cases:,}"}))
    for name, labels_of_group in log.group_labels.items():
        of_mapping = imported.mapping.names.get(name, {})
        alike = naming.alike_members([label for label in labels_of_group if label not in of_mapping], name)
        if alike:
            listed = "; ".join(", ".join(labels) for labels in alike)
            remarks.append(Remark("labels_alike", {"column": name, "labels": listed}))
    again = sum(imported.rows.bad.get(fault, 0) for fault in (Fault.DUPLICATE, Fault.REPLACED))
    if again > imported.rows.used:
        used = {"used": f"{imported.rows.used:,}", "total": f"{imported.rows.total:,}"}
        remarks.append(Remark("ids_repeat", {"header": imported.columns[Column.CASE.value], **used}))
    cutoff, labels = imported.mapping.cutoff, np.unique(log.output)
    if cutoff and len(labels) == 1:
        label = log.outcomes[int(labels[0])]
        assumed.append(Remark("cutoff_one_side", {"mark": cutoff.at_least, "label": label, "n": f"{len(log):,}"}))
    missing += [
        Remark("column_absent", {"column": column.value})
        for column in _OPTIONAL
        if column not in log.has and column not in named
    ]
    stated = {Column.SHOWN, Column.SECONDS, Column.MINUTES} & log.has
    if stated and len(log) and not times:
        missing.append(Remark("times_unknown"))
    return replace(reading, assumed=tuple(assumed), not_computed=tuple(missing), asked=tuple(remarks))


def _segment(
    departs: npt.NDArray[np.bool_], days: Cells | None, clusters: Clusters, times: SortedTimes, settings: Settings
) -> Segment:
    has_days = days is not None and len(days.values) > 0
    return Segment(
        _date(int(days.values.min())) if has_days and days is not None else None,
        _date(int(days.values.max())) if has_days and days is not None else None,
        rate(departs, clusters),
        times.distribution(settings.floor_seconds),
    )


def _breakdowns(
    log: DecisionLog, days: Cells | None, departs: npt.NDArray[np.bool_], clusters: Clusters
) -> tuple[Breakdown, ...]:
    """Rates by AI output, stage, month and group; `reviewers` has those by reviewer."""
    breakdowns = [departures.by_label("output", log.output, log.outcomes, departs, clusters)]
    if log.stages:
        breakdowns.append(departures.by_label("stage", log.stage, log.stages, departs, clusters))
    if days is not None:
        by_day = Clusters(days.reviewer, clusters.size, days.cases)
        breakdowns.append(departures.by_month(days.values, days.departs, by_day))
    for name, codes in log.groups.items():
        breakdowns.append(departures.by_label(f"group:{name}", codes, log.group_labels[name], departs, clusters))
    return tuple(breakdowns)


def _changes(counts: Counts, days: Cells, times: SortedTimes, size: int, settings: Settings) -> tuple[Change, ...]:
    twice_the_median = times.twice_the_median()
    measures = {
        "divergence": changes.change_point(days.departs, days.values, days.cases),
        "review_time": None if twice_the_median is None else changes.change_point(*counts.shorter(twice_the_median)),
    }
    answer_changes = []
    for measure, point in measures.items():
        if point is not None and point.p_value < changes.LEVEL:
            first = point.first_day_after
            after = days.values >= first
            parts = []
            for part, period in ((~after, counts.times(before=first)), (after, counts.times(since=first))):
                own = days.where(part)
                own_clusters = Clusters(own.reviewer, size, own.cases)
                parts.append(_segment(own.departs, own, own_clusters, _sorted(period, size), settings))
            on = _date(first)
            answer_changes.append(Change(measure, on, rounded(point.p_value), changes.LEVEL, parts[0], parts[1]))
    return tuple(answer_changes)


def _events(days: Cells, size: int, events: Sequence[tuple[date, str]]) -> tuple[Event, ...]:
    compared = []
    for on, label in sorted(events):
        after = days.values >= (on - _EPOCH).days
        before_rate, after_rate = (_rate_of(days.where(part), size) for part in (~after, after))
        difference, low, high = changes.difference(before_rate, after_rate)
        compared.append(Event(on, label, before_rate, after_rate, rounded(difference), rounded(low), rounded(high)))
    return tuple(compared)


def _rate_of(days: Cells, size: int) -> Rate:
    return rate(days.departs, Clusters(days.reviewer, size, days.cases))


def _disparities(log: DecisionLog, clusters: Clusters) -> tuple[Disparity, ...]:
    if not log.favourable:
        return ()
    is_good = np.zeros(len(log.outcomes), np.bool_)
    is_good[sorted(log.favourable)] = True
    ai, final = is_good[log.output], is_good[log.decision]
    disparities = (
        disparity.disparity(name, codes, log.group_labels[name], ai, final, clusters)
        for name, codes in log.groups.items()
    )
    return tuple(breakdown for breakdown in disparities if breakdown is not None)


def _date(day: int) -> date:
    return _EPOCH + timedelta(days=day)
