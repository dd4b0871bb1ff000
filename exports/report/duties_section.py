"""What the report says of duties: groups, rows, duty_of, DutyGroupRows. What is documented or not owed is named in a line."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from assessments.derived import DutyFinding, DutyState
from exports.report.reading import Reading
from exports.words import signs
from questionnaires.duty_schema import Duty
from questionnaires.schema import Questionnaire, Source, Text

_FEW = 3
_IN_A_LINE = (DutyState.DOCUMENTED, DutyState.NOT_APPLICABLE)


@dataclass(frozen=True)
class DutyRow:
    """One duty with something to say of it."""

    duty: Duty
    finding: DutyFinding
    source: Source
    sign: str
    texts: tuple[Text, ...]
    """Why it is as found, what to do, how far another law's performance counts."""


@dataclass(frozen=True)
class NotOwed:
    """Duties that are not owed for the same reason."""

    reason: Text
    duties: tuple[Duty, ...]


@dataclass(frozen=True)
class DutyGroupRows:
    title: Text
    rows: tuple[DutyRow, ...]
    documented: tuple[DutyRow, ...]
    not_owed: tuple[NotOwed, ...]


@dataclass(frozen=True)
class DutyCount:
    state: DutyState
    sign: str
    label: Text
    count: int


def stated_in(report: Reading) -> Questionnaire:
    """The questionnaire with the rule. Raises: StopIteration where there is none."""
    return next(each for each in report.questionnaires.values() if each.duties is not None)


def duty_of(report: Reading, duty_id: str) -> Duty:
    """Raises: StopIteration where no rule has it."""
    rule = stated_in(report).duties
    return next(duty for duty in (rule.items if rule else ()) if duty.id == duty_id)


def groups(report: Reading) -> Iterator[DutyGroupRows]:
    """In the order of the rule; a group of which nothing is owed has no rows."""
    rule, all_rows = stated_in(report).duties, rows(report, (*doubts(report), *shared(report)))
    for group in rule.groups if rule else ():
        inside = [row for row in all_rows if row.duty.group == group.id]
        yield DutyGroupRows(
            group.title,
            tuple(row for row in inside if row.finding.state not in _IN_A_LINE),
            tuple(row for row in inside if row.finding.state is DutyState.DOCUMENTED),
            _not_owed(inside),
        )


def _not_owed(inside: Sequence[DutyRow]) -> tuple[NotOwed, ...]:
    by_reason: dict[Text, list[Duty]] = {}
    for row in inside:
        if row.finding.state is DutyState.NOT_APPLICABLE:
            by_reason.setdefault(row.finding.reasons[0].text, []).append(row.duty)
    return tuple(NotOwed(reason, tuple(duties)) for reason, duties in by_reason.items())


def rows(report: Reading, told_once: tuple[Text, ...] = ()) -> tuple[DutyRow, ...]:
    """Every duty of the rule, in its order. told_once: what need not be said at each."""
    questionnaire = stated_in(report)
    by_duty = {finding.duty: finding for finding in report.findings.duties}
    rule = questionnaire.duties
    return tuple(_row(questionnaire, duty, by_duty[duty.id], told_once) for duty in (rule.items if rule else ()))


def shared(report: Reading) -> tuple[Text, ...]:
    """How far another law's performance counts, where several duties say the same."""
    counted = Counter(
        reason.text for finding in report.findings.duties if finding.is_unmet for reason in finding.partly
    )
    return tuple(text for text, count in counted.items() if count > 1)


def doubts(report: Reading) -> tuple[Text, ...]:
    """Why duties are contested, where it is the same for all of them, or for many: the role or the outcome, told once."""
    contested = [finding for finding in report.findings.duties if finding.state is DutyState.CONTESTED]
    counted = Counter(reason.text for finding in contested for reason in finding.reasons)
    return tuple(text for text, count in counted.items() if count == len(contested) > 1 or count > _FEW)


def _row(questionnaire: Questionnaire, duty: Duty, finding: DutyFinding, told_once: tuple[Text, ...]) -> DutyRow:
    reasons = (*finding.reasons, *finding.missing, *(finding.partly if finding.is_unmet else ()))
    texts = tuple(text for text in dict.fromkeys(reason.text for reason in reasons) if text not in told_once)
    return DutyRow(duty, finding, questionnaire.sources[duty.source], signs.DUTIES[finding.state], texts)


def counts(report: Reading) -> tuple[DutyCount, ...]:
    """How many duties of each state there are, those with something to do first."""
    counted = Counter(finding.state for finding in report.findings.duties)
    order = (DutyState.GAP, DutyState.CONTESTED, DutyState.PLANNED, DutyState.OPEN_QUESTION, DutyState.INHERITED)
    states = (*order, DutyState.DEEMED, DutyState.DOCUMENTED, DutyState.NOT_APPLICABLE)
    return tuple(
        DutyCount(state, signs.DUTIES[state], report.t(f"duty_{state}"), counted[state])
        for state in states
        if counted[state]
    )
