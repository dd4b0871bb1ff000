"""The signs of reports and screens, each beside its words: OUTCOMES, LEVELS, FINDINGS, DUTIES and others.

Triangles are the outcome, squares the level, circles what is stated and performed, `+ ± ×` what bears a claim out. No sign
means two things, and a dash is always *not applicable*.
"""

from __future__ import annotations

from collections.abc import Mapping

from assessments.derived import DutyState, SupervisionState
from assessments.rules.crosswalk import CellState, Evidence
from questionnaires.vocabulary import Finding, Level, Outcome

CONTESTED = "◆"
"""Another official source says otherwise."""
TO_DO = "▷"
NOT_APPLICABLE = "–"
_DOCUMENTED, _IN_PART, _MISSING, _CARRIED_OVER, _UNSETTLED = "●", "◐", "○", "◉", "◇"
_FOR, _PARTLY_FOR, _UNCLEAR, _AGAINST = "+", "(+)", "±", "×"

OUTCOMES: Mapping[Outcome, str] = {
    Outcome.HIGH_IMPACT: "▲",
    Outcome.NOT_HIGH_IMPACT: "△",
    Outcome.CANNOT_DETERMINE: "▽",
}
LEVELS: Mapping[Level, str] = {
    Level.LOW: "■□□□",
    Level.MEDIUM: "■■□□",
    Level.HIGH: "■■■□",
    Level.VERY_HIGH: "■■■■",
}
FINDINGS: Mapping[Finding, str] = {
    Finding.SUPPORTED: _FOR,
    Finding.INDETERMINATE: _UNCLEAR,
    Finding.CONTRADICTED: _AGAINST,
    Finding.NOT_APPLICABLE: NOT_APPLICABLE,
}
EVIDENCE: Mapping[Evidence, str] = {
    Evidence.FOR: _FOR,
    Evidence.PARTLY_FOR: _PARTLY_FOR,
    Evidence.AGAINST: _AGAINST,
    Evidence.MIXED: _UNCLEAR,
    Evidence.NONE: _MISSING,
}
DUTIES: Mapping[DutyState, str] = {
    DutyState.DOCUMENTED: _DOCUMENTED,
    DutyState.INHERITED: _CARRIED_OVER,
    DutyState.DEEMED: _CARRIED_OVER,
    DutyState.PLANNED: _IN_PART,
    DutyState.GAP: _MISSING,
    DutyState.CONTESTED: CONTESTED,
    DutyState.OPEN_QUESTION: _UNSETTLED,
    DutyState.NOT_APPLICABLE: NOT_APPLICABLE,
}
SUPERVISION: Mapping[SupervisionState, str] = {
    SupervisionState.DOCUMENTED: _DOCUMENTED,
    SupervisionState.PLANNED: _IN_PART,
    SupervisionState.GAP: _MISSING,
    SupervisionState.OPEN: TO_DO,
    SupervisionState.NOT_OWED: NOT_APPLICABLE,
    SupervisionState.NOT_ASKED: NOT_APPLICABLE,
}
CELLS: Mapping[CellState, str] = {
    CellState.ANSWERED: _DOCUMENTED,
    CellState.PARTLY: _IN_PART,
    CellState.NOT_ANSWERED: _MISSING,
    CellState.NOT_ASKED: NOT_APPLICABLE,
}
