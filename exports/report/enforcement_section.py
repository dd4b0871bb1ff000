"""What the law provides for duties whose performance is not documented, as the report shows it: rows, grace, cited."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from assessments.rules import enforcement as rules
from assessments.rules.enforcement import AmountRange, Consequence
from exports.report.cited import CitedSource
from exports.report.reading import Reading
from questionnaires import wording
from questionnaires.enforcement import Breach, Route, enforcement
from questionnaires.schema import Source, Text


@dataclass(frozen=True)
class SourcedBreach:
    breach: Breach
    source: CitedSource


@dataclass(frozen=True)
class EnforcementRow:
    """Breaches on the same route: its steps in order, and the amounts at its end."""

    breaches: tuple[SourcedBreach, ...]
    route: Route
    steps: str
    """Empty: there are none."""
    amounts: tuple[str, ...]


def rows(report: Reading) -> Iterator[EnforcementRow]:
    sources = enforcement().sources
    for alike in rules.by_route(report.followed):
        first = alike[0]
        yield EnforcementRow(
            tuple(SourcedBreach(each.breach, report.cited(sources[each.breach.source])) for each in alike),
            first.route,
            steps_text(report, first),
            tuple(amount_text(report, amount) for amount in first.amounts),
        )


def steps_text(report: Reading, consequence: Consequence) -> str:
    return " → ".join(step.title[report.first] for step in consequence.steps)


def amount_text(report: Reading, amount: AmountRange) -> str:
    """`1st KRW 5,000,000 (KRW 2,500,000 – KRW 7,500,000)`, in the leading language."""
    lowest, stated, highest = (wording.won(won)[report.first] for won in (amount.lowest, amount.stated, amount.highest))
    return f"{number_text(report, amount)} {stated} ({lowest} – {highest})"


def number_text(report: Reading, amount: AmountRange) -> str:
    """The first, the third and after; where there is one amount alone, each time."""
    if amount.number == 1 and amount.is_for_every_further:
        return report.t("enforcement_each")[report.first]
    key = "enforcement_nth_on" if amount.is_for_every_further else "enforcement_nth"
    return report.t(key)[report.first].format(number=amount.number)


def grace(report: Reading) -> Text:
    """Where the day judged lies in the announced grace period."""
    law = enforcement().grace
    on = report.record.judged_on or report.assessment.on
    sentence = report.t(f"grace_{rules.grace_on(law, on)}")
    day, last = wording.day_text(on), wording.day_text(rules.last_certain_day(law))
    return Text(ko=sentence.ko.format(day=day.ko, last=last.ko), en=sentence.en.format(day=day.en, last=last.en))


def cited(report: Reading) -> Iterator[Source]:
    """Every source that the section names; none where it is not printed."""
    law = enforcement()
    for consequence in report.followed:
        yield law.sources[consequence.breach.source]
        yield from (law.sources[step.source] for step in consequence.steps)
        if consequence.fine:
            yield law.sources[consequence.fine.source]
        if consequence.breach.doubt:
            yield law.sources[consequence.breach.doubt.source]
    if report.followed:
        yield law.sources[law.grace.source]
