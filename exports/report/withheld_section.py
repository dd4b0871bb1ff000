"""What a redacted copy lacks as the report lists it: rows, WithheldRow, LABELS."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from assessments.details import details
from assessments.model import AISystem, Operator
from exports.report.reading import Reading
from questionnaires.schema import Text

LABELS = {
    **{f"operator.{name}": detail.label for name, detail in details(Operator).items()},
    **{f"system.{name}": detail.label for name, detail in details(AISystem).items()},
    "authors": "authors",
    "evidence_reviews": "evidence_reviews",
    "decision.reason": "decision_reason",
    "decision.by": "decided_by",
    "sign_off.by": "signed_off_by",
    "votes": "votes",
}
"""Marked place → label of what stands there."""
_PARTS = {"explanations": "explanation", "evidence": "one_evidence", "scenarios": "scenario", "measures": "measure"}


@dataclass(frozen=True)
class WithheldRow:
    """One value that is left out."""

    place: str
    """In the leading language."""
    kind: Text
    reason: str


def rows(report: Reading) -> Iterator[WithheldRow]:
    """Every mark, in the order of the record."""
    for mark in report.assessment.withheld:
        yield WithheldRow(_place(report, mark.path), report.t(f"withheld_{mark.kind}"), mark.reason)


def _place(report: Reading, path: str) -> str:
    area, _, rest = path.partition(".")
    if path in LABELS:
        return report.t(LABELS[path])[report.first]
    if area in _PARTS:
        return f"{report.t(_PARTS[area])[report.first]} {rest}"
    questionnaire, _, name = rest.partition(".")
    question, _, row = name.partition(".")
    asked_question = report.asked_question(questionnaire, question)
    ends = f" ({row})" if row else f" – {report.t('note')[report.first]}" if area == "notes" else ""
    return f"{asked_question.number} {asked_question.heading[report.first]}{ends}"
