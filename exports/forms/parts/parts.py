"""Every part of what a record says, in the order of the report: parts."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from exports.forms.parts import (
    answer_parts,
    conclusion_parts,
    document_parts,
    law_parts,
    log_parts,
    risk_parts,
)
from exports.forms.parts.teller import Teller
from exports.forms.tables import Part
from exports.record import record
from exports.record.record import Record
from exports.report.report import Report

_IN_ORDER: tuple[Callable[[Teller], Iterator[Part]], ...] = (
    document_parts.first,
    conclusion_parts.before_claim,
    conclusion_parts.claim,
    log_parts.parts,
    conclusion_parts.obligations,
    risk_parts.impacts,
    risk_parts.score,
    risk_parts.measures,
    conclusion_parts.coverage,
    document_parts.decision,
    answer_parts.answers,
    answer_parts.evidence,
    law_parts.parts,
    document_parts.basis,
)


def parts(made_from: Record, language: str) -> tuple[Part, ...]:
    """Raises: whatever a malformed record leads to."""
    teller = Teller(Report(made_from, record.recompute(made_from), (language,)), language)
    return tuple(part for make in _IN_ORDER for part in make(teller))
