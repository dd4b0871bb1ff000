"""What a stored decision log contributes to the claim: contributions_to_claim; and which log may replace it: may_replace. Pure.

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
from assessments.decision_log.texts import TEXTS
from assessments.derived import LogContribution, Reason
from assessments.model import Answers, Finding, Text
from questionnaires import named
from questionnaires.wording import day_text


def contributions_to_claim(log: KeptLog, answers: Answers, *, is_example: bool = False) -> tuple[LogContribution, ...]:
    """What the log says on each part of the claim that it can speak about.

    answers: of questionnaire *involvement*. is_example: of a fictional organisation, where a made log counts as its own.
    """
    log_contributions = contributions(log.analysis, read_claimed(answers), log.triggers)
    if not counts(log, is_example=is_example):
        return tuple(_weakened(contribution, _MADE, _MADE_TO_DO) for contribution in log_contributions)
    if log.withdrawn:
        against = (contribution for contribution in log_contributions if contribution.finding is not Finding.SUPPORTED)
        return tuple(_weakened(contribution, *_withdrawn(log, log.withdrawn)) for contribution in against)
    return log_contributions


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
        return TEXTS.text("log_of_so_many", n=old.whole.divergence.n)
    days = (last - first).days + 1
    return TEXTS.text("log_of_so_long", last=day_text(last), days=days)


def _weakened(contribution: LogContribution, why: Reason, to_do: Reason) -> LogContribution:
    """At best indeterminate; a contradiction stays one."""
    if contribution.finding is Finding.CONTRADICTED:
        return replace(contribution, reasons=(*contribution.reasons, why), missing=(*contribution.missing, to_do))
    return replace(
        contribution,
        finding=Finding.INDETERMINATE,
        reasons=(*contribution.reasons, why),
        missing=(*contribution.missing, to_do),
    )


def _withdrawn(log: KeptLog, withdrawn: Withdrawal) -> tuple[Reason, Reason]:
    return (
        Reason(TEXTS.text("withdrawn", day=day_text(withdrawn.on)), named.METHOD),
        Reason(TEXTS.text("in_place_of_withdrawn", until=needed(log.analysis)), named.METHOD),
    )


_MADE = Reason(TEXTS.text("made"), named.METHOD)
_MADE_TO_DO = Reason(TEXTS.text("made_to_do"), named.METHOD)
