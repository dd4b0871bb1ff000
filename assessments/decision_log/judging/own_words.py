"""The organisation's own numbers against its own log, which needs no trigger: said.

A stated average is whole; it is taken at its kindest (half a unit less). It is contradicted where three quarters of
the cases (or of the days) are worse than stated, with the interval; where half are, it is open. These quarters belong to
this tool's method and bind nobody. The distribution, not the mean, decides, so that a case left open overnight hides nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from assessments.decision_log.judging.claimed import Claimed
from assessments.decision_log.judging.measuring import in_unit, seconds
from assessments.decision_log.judging.said import Said
from assessments.decision_log.method import whole
from assessments.decision_log.statistics.analysis_model import LogAnalysis, Rate, ReviewTimes
from assessments.derived import Reason
from assessments.model import Finding
from questionnaires import named
from questionnaires.vocabulary import Text

_METHOD, _CASE_14, _CASE_15 = named.METHOD, named.CASE_14, named.CASE_15
_HALF, _MOST = whole("half"), whole("three_quarters")
_ALL = 100
_HOURS_OF_A_DAY = whole("working_day_minutes") / 60
_AGAINST, _OPEN, _FOR = Finding.CONTRADICTED, Finding.INDETERMINATE, Finding.SUPPORTED


def said(analysis: LogAnalysis, claimed: Claimed) -> Iterator[Said]:
    """All that follows without any trigger."""
    yield from _time(analysis, claimed)
    yield from _minimum(analysis, claimed)
    yield from _load(analysis, claimed)
    yield from _departures(analysis, claimed)
    yield from _doubtful(analysis)
    yield from _automatic(analysis, claimed)
    yield from _reasons(analysis, claimed)


def _time(analysis: LogAnalysis, claimed: Claimed) -> Iterator[Said]:
    if not claimed.minutes:
        return
    least = (claimed.minutes - 1 / 2) * 60
    periods = [(None, analysis.whole), *((change.on, change.after) for change in analysis.changes)]
    judged = [(since, one.times, _faster(one.times, least)) for since, one in periods if one.times is not None]
    if not judged:
        return
    if judged[0][2] is not _AGAINST:
        later = [one for one in judged[1:] if one[2] is _AGAINST]
        judged = later[:1] or judged[:1]
    since, times, finding = judged[0]
    if finding is not _FOR:
        yield _too_fast(claimed.minutes, times, finding, since)


def _faster(times: ReviewTimes, least: float) -> Finding:
    if times.quantile(_MOST).high < least:
        return _AGAINST
    return _OPEN if times.quantile(_HALF).high < least else _FOR


def _too_fast(minutes: int, times: ReviewTimes, finding: Finding, since: date | None) -> Said:
    median, three_quarters = times.quantile(_HALF), times.quantile(_MOST)
    half, most = seconds(median.seconds), seconds(three_quarters.seconds)
    ko = f"{since:%Y-%m-%d}부터 " if since else ""
    en = f"From {since:%Y-%m-%d} on, half" if since else "Half"
    reason = Text(
        ko=f"검토 시간을 한 건에 평균 {minutes}분이라고 답하였으나, {ko}기록의 절반은 {half.ko} 이하, 4분의 3은 {most.ko} 이하에 "
        f"결정되었습니다(n = {times.n:,}).",
        en=f"{minutes} minutes a case are claimed on average. {en} of the cases were decided within {half.en}, "
        f"three quarters within {most.en} (n = {times.n:,}).",
    )
    to_do = Text(
        ko="답한 검토 시간을 실제에 맞게 고치거나, 실제 검토 시간을 늘린 뒤 그 후 기간의 결정 기록으로 확인하십시오.",
        en="Correct the stated review time, or give cases that time and prove it with a log of the time that follows.",
    )
    return Said(named.PART_TIME, finding, Reason(reason, _METHOD), Reason(to_do, _METHOD), "review_time", since)


def _minimum(analysis: LogAnalysis, claimed: Claimed) -> Iterator[Said]:
    times = analysis.whole.times
    if times is None or not claimed.floor_minutes or times.quantile(_HALF).high >= claimed.floor_minutes * 60:
        return
    median = seconds(times.quantile(_HALF).seconds)
    reason = Text(
        ko=f"자체 최소 검토 시간은 {claimed.floor_minutes}분인데, 기록의 절반은 {median.ko} 이하에 결정되었습니다"
        f"(n = {times.n:,}).",
        en=f"The operator's own minimum is {claimed.floor_minutes} minutes; half of the cases were decided within "
        f"{median.en} (n = {times.n:,}).",
    )
    to_do = Text(
        ko="실제 검토 시간을 자체 최소 시간 이상으로 늘린 뒤, 그 후 기간의 결정 기록으로 확인하십시오.",
        en="Give cases at least the minimum that was set, and prove it with a log of the time that follows.",
    )
    yield Said(named.PART_TIME, _AGAINST, Reason(reason, _METHOD), Reason(to_do, _METHOD), "review_time")


def _load(analysis: LogAnalysis, claimed: Claimed) -> Iterator[Said]:
    load = analysis.workload
    if load is None:
        return
    on_half, on_most = load.cases(_ALL - _HALF), load.cases(_ALL - _MOST)
    to_do = Text(
        ko="답한 건수와 시간을 실제에 맞게 고치거나, 인력을 늘린 뒤 그 후 기간의 결정 기록으로 확인하십시오.",
        en="Correct the stated numbers, or add staff and prove it with a log of the time that follows.",
    )
    if claimed.cases_a_day and on_half > claimed.cases_a_day + 1 / 2:
        finding = _AGAINST if on_most > claimed.cases_a_day + 1 / 2 else _OPEN
        reason = Text(
            ko=f"한 사람이 하루에 평균 {claimed.cases_a_day}건을 결정한다고 답하였으나, 기록에서는 근무일의 절반에 "
            f"{on_half}건 이상, 4분의 3에 {on_most}건 이상을 결정하였습니다(근무일 {load.reviewer_days:,}일).",
            en=f"{claimed.cases_a_day} cases per person and day are claimed on average. The log has {on_half} or more "
            f"on half of the working days, {on_most} or more on three quarters ({load.reviewer_days:,} days).",
        )
        yield Said(named.PART_TIME, finding, Reason(reason, _METHOD), Reason(to_do, _METHOD), "workload")
    if claimed.minutes:
        hours = on_half * (claimed.minutes - 1 / 2) / 60
        if hours > _HOURS_OF_A_DAY:
            reason = Text(
                ko=f"답한 시간대로 검토하였다면 근무일의 절반에서 한 사람이 하루에 {hours:.0f}시간 이상을 썼어야 합니다.",
                en=f"At the claimed time a case, one person would have needed {hours:.0f} hours or more on half of the days.",
            )
            yield Said(named.PART_TIME, _AGAINST, Reason(reason, _METHOD), Reason(to_do, _METHOD), "workload")


def _departures(analysis: LogAnalysis, claimed: Claimed) -> Iterator[Said]:
    rate = analysis.whole.divergence
    if not claimed.decisions or claimed.departures is None or not rate.n:
        return
    stated = claimed.departures / claimed.decisions
    if stated <= rate.high:
        return
    share, found = in_unit(100 * stated, "percent"), in_unit(100 * rate.value, "percent")
    low, high = in_unit(100 * rate.low, "percent"), in_unit(100 * rate.high, "percent")
    reason = Text(
        ko=f"다르게 결정한 비율을 {share.ko}로 답하였으나, 기록에서는 {found.ko}(95% 신뢰구간 {low.ko}~{high.ko}, n = {rate.n:,})입니다.",
        en=f"A share of departures of {share.en} is stated; the log shows {found.en} (95% interval {low.en} to {high.en}, "
        f"n = {rate.n:,}).",
    )
    to_do = Text(
        ko="답한 건수를 기록에 맞게 고치거나, 답한 기간과 같은 기간의 기록을 가져오십시오.",
        en="Correct the stated numbers, or import the log of the period they stand for.",
    )
    yield Said(named.PART_DIVERGENCE, _AGAINST, Reason(reason, _CASE_15), Reason(to_do, _CASE_15), "divergence_rate")


def _doubtful(analysis: LogAnalysis) -> Iterator[Said]:
    if not analysis.reading or not analysis.reading.is_asked("outcomes_in_doubt"):
        return
    reason = Text(
        ko="인공지능이나 사람 한쪽만 쓴 결과값이 있어, 그 건이 정말로 다르게 결정되었는지 알 수 없습니다.",
        en="Some outcomes are used by the AI only, or by people only, so it is not known whether those cases were decided otherwise.",
    )
    to_do = Text(
        ko="그 결과값이 무엇과 같은 뜻인지 대응표에 정하여 기록을 다시 가져오십시오.",
        en="Say in the mapping what those outcomes mean, and import the log again.",
    )
    yield Said(named.PART_DIVERGENCE, _OPEN, Reason(reason, _METHOD), Reason(to_do, _METHOD), "divergence_rate")


def _automatic(analysis: LogAnalysis, claimed: Claimed) -> Iterator[Said]:
    rate = analysis.automatic
    if claimed.no_automatic_path is None:
        return
    share = in_unit(100 * rate.value, "percent")
    if claimed.no_automatic_path and rate.count:
        reason = Text(
            ko=f"사람을 거치지 않는 경로가 없다고 답하였으나, 기록에는 사람 없이 처리된 건이 {rate.count:,}건({share.ko}) 있습니다.",
            en=f"By the answers there is no automatic path; the log has {rate.count:,} cases ({share.en}) that no person decided.",
        )
        to_do = Text(
            ko="자동으로 처리되는 경로를 없애고, 그 후 기간의 결정 기록으로 확인하십시오.",
            en="Remove the automatic path, and prove it with a log of the time that follows.",
        )
        yield Said(named.PART_BYPASS, _AGAINST, Reason(reason, _CASE_14), Reason(to_do, _CASE_14), "automatic_share")
    elif claimed.no_automatic_path and analysis.reading and analysis.reading.is_asked("machine_names"):
        reason = Text(
            ko="기록에 사람이 아닐 수 있는 이름의 검토자가 있어, 사람 없이 처리된 건이 없다고 할 수 없습니다.",
            en="The log has reviewers whose names may be a machine's, so it does not show that a person decided every case.",
        )
        to_do = Text(
            ko="그 검토자가 사람인지 대응표에 정하여 기록을 다시 가져오십시오.",
            en="Say in the mapping whether those reviewers are people, and import the log again.",
        )
        yield Said(named.PART_BYPASS, _OPEN, Reason(reason, _METHOD), Reason(to_do, _METHOD), "automatic_share")
    elif claimed.no_automatic_path and "automatic" not in analysis.left_out:
        reason = Text(
            ko=f"기록 {rate.n:,}건에 사람 없이 처리된 건이 없습니다.",
            en=f"None of {rate.n:,} cases was decided without a person.",
        )
        yield Said(named.PART_BYPASS, _FOR, Reason(reason, _CASE_14), None, "automatic_share")


def _reasons(analysis: LogAnalysis, claimed: Claimed) -> Iterator[Said]:
    reasons = analysis.reasons
    if reasons is None:
        return
    for claims, rate, ko, en in (
        (claimed.reasons_departing, reasons.empty_departing, "다르게", "departures from"),
        (claimed.reasons_following, reasons.empty_following, "같게", "decisions following"),
    ):
        if claims and rate.n:
            yield _recorded(rate, ko, en)


def _recorded(rate: Rate, ko: str, en: str) -> Said:
    finding = _FOR if not rate.count else _AGAINST if rate.count == rate.n else _OPEN
    reason = Text(
        ko=f"인공지능과 {ko} 결정한 {rate.n:,}건 가운데 {rate.count:,}건에 사유가 비어 있습니다.",
        en=f"Of {rate.n:,} {en} the AI, {rate.count:,} have no reason recorded.",
    )
    to_do = Text(
        ko="사유 없이는 결정을 저장할 수 없게 하고, 그 후 기간의 결정 기록으로 확인하십시오.",
        en="Let no decision be saved without a reason, and prove it with a log of the time that follows.",
    )
    done = None if finding is _FOR else Reason(to_do, _METHOD)
    return Said(named.PART_REASONS, finding, Reason(reason, _METHOD), done, "empty_reasons")
