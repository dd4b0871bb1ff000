"""The supervision record of Act Art. 34(1)4 as the report shows it, ready for the template: rows, SupervisionRow."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from assessments.derived import SupervisionItem
from assessments.rules.supervision import NAMED
from exports.report.answers import AskedQuestion
from exports.report.cited import CitedSource
from exports.report.reading import Reading
from exports.words import signs
from questionnaires.schema import Text


@dataclass(frozen=True)
class SupervisionRow:
    """One item of the supervision record with its question and source."""

    item: SupervisionItem
    symbol: str
    state: Text
    contacts: tuple[str, ...]
    """Of the operator's own fields: name and contact, as far as given."""
    question: AskedQuestion | None
    """None: no question asks it."""
    source: CitedSource | None
    """None: no questionnaire of the record names it."""


def rows(report: Reading) -> Iterator[SupervisionRow]:
    """Every item, in the order of the findings."""
    operator = report.assessment.operator
    for item in report.findings.supervision:
        is_person = item.where == NAMED
        known = any(item.source in questionnaire.sources for questionnaire in report.questionnaires.values())
        yield SupervisionRow(
            item,
            signs.SUPERVISION[item.state],
            report.t(f"supervision_{item.state}"),
            tuple(contact for contact in (operator.supervisor.with_position, operator.supervisor_contact) if contact)
            if is_person
            else (),
            report.asked_question(*item.where.split(".", 1)) if item.where and not is_person else None,
            report.cite(item.source, report.domain) if known else None,
        )
