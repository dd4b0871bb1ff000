"""The organisation's own numbers against its own log, which needs no trigger: statements.

A stated average is whole; it is taken at its kindest (half a unit less). It is contradicted where three quarters of
the cases (or of the days) are worse than stated, with the interval; where half are, it is open. These quarters belong to
this tool's method and bind nobody. The distribution, not the mean, decides, so that a case left open overnight hides nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from assessments.decision_log.judging.claimed import Claimed
from assessments.decision_log.judging.figure_contribution import FigureContribution
from assessments.decision_log.method import whole
from assessments.decision_log.statistics.analysis_model import LogAnalysis, Rate, ReviewTimes
from assessments.decision_log.texts import TEXTS
from assessments.derived import Reason
from assessments.model import Finding
from questionnaires import named
from questionnaires.wording import between, day_text, duration, percent

_METHOD, _CASE_14, _CASE_15 = named.METHOD, named.CASE_14, named.CASE_15
_HALF, _MOST = whole("half"), whole("three_quarters")
_ALL = 100
_HOURS_OF_A_DAY = whole("working_day_minutes") / 60
_AGAINST, _OPEN, _FOR = Finding.CONTRADICTED, Finding.INDETERMINATE, Finding.SUPPORTED


def statements(analysis: LogAnalysis, claimed: Claimed) -> Iterator[FigureContribution]:
    """All that follows without any trigger."""
    yield from _time(analysis, claimed)
    yield from _minimum(analysis, claimed)
    yield from _load(analysis, claimed)
    yield from _departures(analysis, claimed)
    yield from _doubtful(analysis)
    yield from _automatic(analysis, claimed)
    yield from _reasons(analysis, claimed)


def _time(analysis: LogAnalysis, claimed: Claimed) -> Iterator[FigureContribution]:
    if not claimed.minutes:
        return
    least = (claimed.minutes - 1 / 2) * 60
    periods = [(None, analysis.whole), *((change.on, change.after) for change in analysis.changes)]
    judged = [
        (since, segment.times, _faster(segment.times, least)) for since, segment in periods if segment.times is not None
    ]
    if not judged:
        return
    if judged[0][2] is not _AGAINST:
        later = [word for word in judged[1:] if word[2] is _AGAINST]
        judged = later[:1] or judged[:1]
    since, times, finding = judged[0]
    if finding is not _FOR:
        yield _too_fast(claimed.minutes, times, finding, since)


def _faster(times: ReviewTimes, least: float) -> Finding:
    if times.quantile(_MOST).high < least:
        return _AGAINST
    return _OPEN if times.quantile(_HALF).high < least else _FOR


def _too_fast(minutes: int, times: ReviewTimes, finding: Finding, since: date | None) -> FigureContribution:
    median, three_quarters = times.quantile(_HALF), times.quantile(_MOST)
    values = {
        "minutes": duration(60 * minutes),
        "half": duration(median.seconds),
        "most": duration(three_quarters.seconds),
        "n": times.n,
    }
    reason = TEXTS.text("faster_since", since=day_text(since), **values) if since else TEXTS.text("faster", **values)
    to_do = TEXTS.text("correct_time")
    return FigureContribution(
        named.PART_TIME, finding, Reason(reason, _METHOD), Reason(to_do, _METHOD), "review_time", since
    )


def _minimum(analysis: LogAnalysis, claimed: Claimed) -> Iterator[FigureContribution]:
    times = analysis.whole.times
    if times is None or not claimed.floor_minutes or times.quantile(_HALF).high >= claimed.floor_minutes * 60:
        return
    reason = TEXTS.text(
        "below_minimum",
        minimum=duration(60 * claimed.floor_minutes),
        median=duration(times.quantile(_HALF).seconds),
        n=times.n,
    )
    to_do = TEXTS.text("keep_minimum")
    yield FigureContribution(named.PART_TIME, _AGAINST, Reason(reason, _METHOD), Reason(to_do, _METHOD), "review_time")


def _load(analysis: LogAnalysis, claimed: Claimed) -> Iterator[FigureContribution]:
    load = analysis.workload
    if load is None:
        return
    on_half, on_most = load.cases(_ALL - _HALF), load.cases(_ALL - _MOST)
    to_do = TEXTS.text("correct_load")
    if claimed.cases_a_day and on_half > claimed.cases_a_day + 1 / 2:
        finding = _AGAINST if on_most > claimed.cases_a_day + 1 / 2 else _OPEN
        reason = TEXTS.text("load", claimed=claimed.cases_a_day, half=on_half, most=on_most, days=load.reviewer_days)
        yield FigureContribution(named.PART_TIME, finding, Reason(reason, _METHOD), Reason(to_do, _METHOD), "workload")
    if claimed.minutes:
        hours = on_half * (claimed.minutes - 1 / 2) / 60
        if hours > _HOURS_OF_A_DAY:
            reason = TEXTS.text("hours_needed", hours=f"{hours:.0f}")
            yield FigureContribution(
                named.PART_TIME, _AGAINST, Reason(reason, _METHOD), Reason(to_do, _METHOD), "workload"
            )


def _departures(analysis: LogAnalysis, claimed: Claimed) -> Iterator[FigureContribution]:
    rate = analysis.whole.divergence
    if not claimed.decisions or claimed.departures is None or not rate.n:
        return
    stated = claimed.departures / claimed.decisions
    if stated <= rate.high:
        return
    reason = TEXTS.text(
        "departures_stated",
        share=percent(100 * stated),
        found=percent(100 * rate.value),
        interval=between(rate.low, rate.high),
        n=rate.n,
    )
    to_do = TEXTS.text("correct_departures")
    yield FigureContribution(
        named.PART_DIVERGENCE, _AGAINST, Reason(reason, _CASE_15), Reason(to_do, _CASE_15), "divergence_rate"
    )


def _doubtful(analysis: LogAnalysis) -> Iterator[FigureContribution]:
    for question, why, to_do in (
        ("outcomes_in_doubt", "one_sided_outcomes", "say_what_outcomes_mean"),
        ("ids_repeat", "repeated_ids", "say_what_tells_cases_apart"),
    ):
        if analysis.reading and analysis.reading.is_asked(question):
            reason, remedy = TEXTS.text(why), TEXTS.text(to_do)
            yield FigureContribution(
                named.PART_DIVERGENCE, _OPEN, Reason(reason, _METHOD), Reason(remedy, _METHOD), "divergence_rate"
            )


def _automatic(analysis: LogAnalysis, claimed: Claimed) -> Iterator[FigureContribution]:
    rate = analysis.automatic
    if claimed.no_automatic_path is None:
        return
    if claimed.no_automatic_path and rate.count:
        reason = TEXTS.text("automatic_found", count=rate.count, share=percent(100 * rate.value))
        to_do = TEXTS.text("remove_automatic")
        yield FigureContribution(
            named.PART_BYPASS, _AGAINST, Reason(reason, _CASE_14), Reason(to_do, _CASE_14), "automatic_share"
        )
    elif claimed.no_automatic_path and analysis.reading and analysis.reading.is_asked("machine_names"):
        reason, to_do = TEXTS.text("machine_like"), TEXTS.text("say_who_is_a_person")
        yield FigureContribution(
            named.PART_BYPASS, _OPEN, Reason(reason, _METHOD), Reason(to_do, _METHOD), "automatic_share"
        )
    elif claimed.no_automatic_path and "automatic" not in analysis.left_out:
        reason = TEXTS.text("none_automatic", n=rate.n)
        yield FigureContribution(named.PART_BYPASS, _FOR, Reason(reason, _CASE_14), None, "automatic_share")


def _reasons(analysis: LogAnalysis, claimed: Claimed) -> Iterator[FigureContribution]:
    reasons = analysis.reasons
    if reasons is None:
        return
    for claims, rate, key in (
        (claimed.reasons_departing, reasons.empty_departing, "empty_departing"),
        (claimed.reasons_following, reasons.empty_following, "empty_following"),
    ):
        if claims and rate.n:
            yield _recorded(rate, key)


def _recorded(rate: Rate, key: str) -> FigureContribution:
    finding = _FOR if not rate.count else _AGAINST if rate.count == rate.n else _OPEN
    reason = TEXTS.text(key, n=rate.n, count=rate.count)
    to_do = TEXTS.text("save_with_reason")
    done = None if finding is _FOR else Reason(to_do, _METHOD)
    return FigureContribution(named.PART_REASONS, finding, Reason(reason, _METHOD), done, "empty_reasons")
