"""From a decision log to its figures: analyse."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import date, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt

from assessments.decision_log.reading import meaning
from assessments.decision_log.reading.choices import Reading, Remark
from assessments.decision_log.reading.columns import Column
from assessments.decision_log.reading.log import DecisionLog, ImportedLog
from assessments.decision_log.reading.source import Bad, Source
from assessments.decision_log.reading.times import local_days
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
from assessments.decision_log.statistics.rates import Clusters, independent, rate, rounded
from assessments.decision_log.statistics.review_times import SortedTimes

Days = npt.NDArray[np.int64]
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


def analyse(imported: ImportedLog, settings: Settings = Settings()) -> LogAnalysis:
    """All figures of a log. Only decisions by people count, except for the share decided automatically."""
    whole_log = imported.log
    log = whole_log.where(~whole_log.automatic) if whole_log.automatic.any() else whole_log
    clusters = Clusters(log.reviewer, len(log.reviewers))
    departs = log.output != log.decision
    has_days = Column.DECIDED in log.has and len(log) > 0
    with ThreadPoolExecutor(1) as beside:  # sorting takes longest, and leaves the other core free
        coming = beside.submit(SortedTimes, log.review_ms, clusters)
        days = local_days(log.decided, ZoneInfo(log.time_zone)) if has_days else None
        reviewer_figures, funnel_flags, run_flags = (
            reviewers.reviewers(log, days, clusters, coming) if clusters.size and len(log) else ((), None, None)
        )
        times = coming.result()
    n = np.array([reviewer.n for reviewer in reviewer_figures], np.int64)
    rate_of_all = float(departs.mean()) if len(log) else 0.0
    return LogAnalysis(
        source=_source(imported),
        time_zone=log.time_zone,
        is_to_the_minute=log.is_to_the_minute,
        outcomes=log.outcomes,
        favourable=tuple(log.outcomes[code] for code in sorted(log.favourable)),
        whole=_segment(log, days, clusters, times, settings),
        automatic=independent(int(whole_log.automatic.sum()), len(whole_log)),
        breakdowns=_breakdowns(log, days, departs, clusters),
        flows=departures.flows(log),
        directions=departures.directions(log, clusters),
        reviewers=reviewer_figures[: reviewers.MOST_REVIEWERS],
        reviewer_count=len(reviewer_figures),
        funnel=funnel.lines(n, rate_of_all),
        funnel_flags=funnel_flags,
        run_flags=run_flags,
        reasons=reviewers.reasons(log, clusters) if Column.REASON in log.has else None,
        workload=reviewers.workload(log.reviewer, days) if days is not None and clusters.size else None,
        changes=_changes(log, days, departs, clusters, settings) if days is not None else (),
        events=_events(days, departs, clusters, settings.events) if days is not None else (),
        disparities=_disparities(log, clusters),
        left_out=tuple(column.value for column in _OPTIONAL if column not in log.has),
        reading=_reading(imported, log, clusters),
        patterns=patterns.patterns(log, clusters),
        later=patterns.later(log, clusters),
    )


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
    )


def _reading(imported: ImportedLog, log: DecisionLog, clusters: Clusters) -> Reading:
    """The reading, plus what could not be computed and which outcomes were taken as favourable."""
    reading = imported.reading
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
        missing += disparity.remarks(name, codes, log.group_labels[name])
    named = {str(remark.values.get("column")) for remark in missing}
    missing += patterns.remarks(log)
    remarks = list(reading.asked)
    doubtful, cases = meaning.in_doubt(log, imported.mapping)
    if doubtful:
        remarks.append(Remark("outcomes_in_doubt", {"labels": ", ".join(doubtful), "n": f"{cases:,}"}))
    missing += [
        Remark("column_absent", {"column": column.value})
        for column in _OPTIONAL
        if column not in log.has and column not in named
    ]
    stated = {Column.SHOWN, Column.SECONDS, Column.MINUTES} & log.has
    if stated and len(log) and not (log.review_ms >= 0).any():
        missing.append(Remark("times_unknown"))
    return replace(reading, assumed=tuple(assumed), not_computed=tuple(missing), asked=tuple(remarks))


def _segment(
    log: DecisionLog, days: Days | None, clusters: Clusters, times: SortedTimes, settings: Settings
) -> Segment:
    has_days = days is not None and len(days) > 0
    return Segment(
        _date(int(days.min())) if has_days and days is not None else None,
        _date(int(days.max())) if has_days and days is not None else None,
        rate(log.output != log.decision, clusters),
        times.distribution(settings.floor_seconds),
    )


def _breakdowns(
    log: DecisionLog, days: Days | None, departs: npt.NDArray[np.bool_], clusters: Clusters
) -> tuple[Breakdown, ...]:
    """Rates by AI output, stage, month and group; `reviewers` has those by reviewer."""
    breakdowns = [departures.by_label("output", log.output, log.outcomes, departs, clusters)]
    if log.stages:
        breakdowns.append(departures.by_label("stage", log.stage, log.stages, departs, clusters))
    if days is not None:
        breakdowns.append(departures.by_month(days, departs, clusters))
    for name, codes in log.groups.items():
        breakdowns.append(departures.by_label(f"group:{name}", codes, log.group_labels[name], departs, clusters))
    return tuple(breakdowns)


def _changes(
    log: DecisionLog, days: Days, departs: npt.NDArray[np.bool_], clusters: Clusters, settings: Settings
) -> tuple[Change, ...]:
    known = log.review_ms >= 0
    short = log.review_ms < np.median(log.review_ms[known]) if known.any() else known
    measures = {
        "divergence": changes.change_point(departs, days),
        "review_time": changes.change_point(short[known], days[known]),
    }
    answer_changes = []
    for measure, point in measures.items():
        if point is not None and point.p_value < changes.LEVEL:
            after = days >= point.first_day_after
            parts = []
            for part in (~after, after):
                rows, own = log.where(part), Clusters(clusters.codes[part], clusters.size)
                parts.append(_segment(rows, days[part], own, SortedTimes(rows.review_ms, own), settings))
            on = _date(point.first_day_after)
            answer_changes.append(Change(measure, on, rounded(point.p_value), changes.LEVEL, parts[0], parts[1]))
    return tuple(answer_changes)


def _events(
    days: Days, departs: npt.NDArray[np.bool_], clusters: Clusters, events: Sequence[tuple[date, str]]
) -> tuple[Event, ...]:
    compared = []
    for on, label in sorted(events):
        after = days >= (on - _EPOCH).days
        before_rate, after_rate = (_rate_of(departs, part, clusters) for part in (~after, after))
        difference, low, high = changes.difference(before_rate, after_rate)
        compared.append(Event(on, label, before_rate, after_rate, rounded(difference), rounded(low), rounded(high)))
    return tuple(compared)


def _rate_of(departs: npt.NDArray[np.bool_], part: npt.NDArray[np.bool_], clusters: Clusters) -> Rate:
    return rate(departs[part], Clusters(clusters.codes[part] if clusters.size else clusters.codes, clusters.size))


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
