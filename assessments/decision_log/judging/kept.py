"""What a kept decision log says on the claim: said_on; and which log may take its place: may_replace. Pure.

The figures are stored, for the raw log is not; what they mean for the claim is derived anew from them each time. Nobody
is better off without a log than with it: one that is withdrawn stops supporting, and what it shows against the claim
holds until a log takes its place that may (see `in_place_of`).
"""

from __future__ import annotations

from dataclasses import replace

from assessments.decision_log.judging.claimed import read_claimed
from assessments.decision_log.judging.findings import contributions
from assessments.decision_log.kept_log import KeptLog, Withdrawal
from assessments.decision_log.statistics.analysis_model import LogAnalysis
from assessments.derived import LogContribution, Reason
from assessments.model import Answers, Finding, Text
from questionnaires import named


def said_on(log: KeptLog, answers: Answers, *, is_example: bool = False) -> tuple[LogContribution, ...]:
    """What the log says on each part of the claim that it can speak about.

    answers: of questionnaire *involvement*. is_example: of a fictional organisation, where a made log counts as its own.
    """
    said = contributions(log.analysis, read_claimed(answers), log.triggers)
    if not counts(log, is_example=is_example):
        return tuple(_weakened(one, _MADE, _MADE_TO_DO) for one in said)
    if log.withdrawn:
        against = (one for one in said if one.finding is not Finding.SUPPORTED)
        return tuple(_weakened(one, *_withdrawn(log, log.withdrawn)) for one in against)
    return said


def counts(log: KeptLog, *, is_example: bool) -> bool:
    """Whether it says anything about the organisation: a made log does so in examples only."""
    return is_example or not log.analysis.source.is_made


def may_replace(new: LogAnalysis, old: LogAnalysis) -> bool:
    """Whether it ends no earlier, covers a time at least as long, and lacks no column that the old one has.

    Where the old one has no days: whether it holds at least as many decisions.
    """
    if not set(new.left_out) <= set(old.left_out):
        return False
    after, before = new.whole, old.whole
    if before.first is None or before.last is None:
        return after.divergence.n >= before.divergence.n
    if after.first is None or after.last is None:
        return False
    return after.last >= before.last and after.last - after.first >= before.last - before.first


def needed(old: LogAnalysis) -> Text:
    """What a log must be to take this one's place."""
    first, last = old.whole.first, old.whole.last
    if first is None or last is None:
        n = f"{old.whole.divergence.n:,}"
        return Text(
            ko=f"같은 열을 갖추고 결정이 {n}건 이상인 기록",
            en=f"a log with the same columns and at least {n} decisions",
        )
    days = (last - first).days + 1
    return Text(
        ko=f"같은 열을 갖추고 {last:%Y-%m-%d} 이후까지 {days}일 이상을 담은 기록",
        en=f"a log with the same columns that ends on {last:%Y-%m-%d} or later and covers {days} days or more",
    )


def _weakened(one: LogContribution, why: Reason, to_do: Reason) -> LogContribution:
    """At best indeterminate; a contradiction stays one."""
    if one.finding is Finding.CONTRADICTED:
        return replace(one, reasons=(*one.reasons, why), missing=(*one.missing, to_do))
    return replace(one, finding=Finding.INDETERMINATE, reasons=(*one.reasons, why), missing=(*one.missing, to_do))


def _withdrawn(log: KeptLog, withdrawn: Withdrawal) -> tuple[Reason, Reason]:
    until = needed(log.analysis)
    return (
        Reason(
            Text(
                ko=f"이 기록은 {withdrawn.on:%Y-%m-%d}에 철회되었습니다. 철회하여도 주장에 불리한 내용은 남습니다.",
                en=f"The log was withdrawn on {withdrawn.on:%Y-%m-%d}. What it shows against the claim stays.",
            ),
            named.METHOD,
        ),
        Reason(
            Text(
                ko=f"철회한 기록을 대체하여 {until.ko}을 올리십시오.",
                en=f"In the withdrawn log's place hand in {until.en}.",
            ),
            named.METHOD,
        ),
    )


_MADE = Reason(
    Text(
        ko="시연용으로 생성한 가상 기록으로, 실제 사업자의 자료가 아닙니다.",
        en="This log is made for demonstration; it shows nothing about the operator.",
    ),
    named.METHOD,
)
_MADE_TO_DO = Reason(
    Text(ko="사업자의 실제 결정 기록을 올리십시오.", en="Hand in the operator's own decision log."), named.METHOD
)
