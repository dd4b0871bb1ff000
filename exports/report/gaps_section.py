"""What is missing as the report lists it, the gravest first: by_kind, GapsAt."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from assessments.derived import Gap
from assessments.model import Finding
from assessments.rules.gaps import open_conditions
from exports.report import duties_section
from exports.report.reading import Reading
from questionnaires.schema import Text

_KINDS = ("gap_required", "gap_answers", "gap_contradicted", "gap_duties", "gap_conditions", "gap_shown")
"""Labels: needed before submission, answers that contradict each other, what contradicts the claim, duties not performed,
conditions of the approval that are still to be met, all others."""


@dataclass(frozen=True)
class SaidGap:
    """One thing that is missing, or that contradicts another."""

    text: Text
    explanation: str
    """Why both hold all the same, as an author wrote it. Empty: not explained, or nothing to explain."""


@dataclass(frozen=True)
class GapsAt:
    """Gaps at one place; a number may precede its title."""

    where: str
    """Kind of place: a questionnaire, `claim`, `duty`, `measures` …"""
    number: str
    title: Text
    texts: tuple[SaidGap, ...]
    shown_in: str
    """The section that says all of it already. Empty: none."""


def by_kind(report: Reading) -> Mapping[str, tuple[GapsAt, ...]]:
    """Label of a kind of gap → its places."""
    parts = report.findings.claim.parts
    contradicted = {f"claim.{part.part}" for part in parts if part.finding is Finding.CONTRADICTED}
    gaps: dict[str, dict[str, list[SaidGap]]] = {kind: {} for kind in _KINDS}
    for gap in report.findings.gaps:
        kind = _kind(gap, contradicted)
        gaps[kind].setdefault(gap.where, []).append(SaidGap(gap.text, gap.explanation))
    for condition in open_conditions(report.assessment):
        texts = gaps["gap_conditions"].setdefault("decision", [])
        texts.append(SaidGap(Text(ko=condition, en=condition), ""))
    return {
        kind: tuple(
            GapsAt(where.partition(".")[0], *place(report, where), tuple(dict.fromkeys(texts)), _shown_in(kind, where))
            for where, texts in places.items()
        )
        for kind, places in gaps.items()
        if places
    }


def place(report: Reading, where: str) -> tuple[str, Text]:
    """A gap's or a file's place in the reader's words: a number (or nothing) and what stands there."""
    kind, _, name = where.partition(".")
    if kind == "claim" and report.claim and report.claim.claim:
        title = next((part.title for part in report.claim.claim.parts if part.id == name), None)
        return "", title or report.t("claim")
    if kind in report.questionnaires and name:
        question = report.asked_question(kind, name)
        return question.number, question.heading
    if kind == "coverage":
        matrix, _, item = name.partition(".")
        covered_item = next(
            covered for covered in report.findings.coverage if (covered.matrix, covered.item) == (matrix, item)
        )
        return item, covered_item.title
    if kind == "duty":
        return "", duties_section.duty_of(report, name).title
    named = {"operator.supervisor_name": "supervisor", "operator.supervisor_contact": "contact"}
    kinds = {"scenarios": "s_scenarios", "measures": "s_measures", "log": "log", "decision": "s_decision"}
    key = named.get(where) or kinds.get(kind, "s_system")
    return "", report.t(key)


def _shown_in(kind: str, where: str) -> str:
    """Parts of the claim, duties and conditions stand in sections of their own with all that they lack."""
    if kind in ("gap_required", "gap_answers"):
        return ""
    return {"claim": "claim", "duty": "duties", "decision": "measures", "measures": "measures"}.get(
        where.partition(".")[0], ""
    )


def _kind(gap: Gap, contradicted: set[str]) -> str:
    if gap.is_required:
        return "gap_required"
    if gap.is_contradiction:
        return "gap_answers"
    if gap.where.startswith("duty."):
        return "gap_duties"
    return "gap_contradicted" if gap.where in contradicted else "gap_shown"
