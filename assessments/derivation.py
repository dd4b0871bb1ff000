"""What follows from an assessment as it stands, derived once for the deed that stores it and the screens that show it: of."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime

from assessments import editions
from assessments.derived import Findings
from assessments.model import Assessment
from assessments.rules.findings import derive
from questionnaires.wording import seoul_day

MOST = 64
"""Assessments whose results are remembered."""


@dataclass(frozen=True)
class _Derived:
    content: Assessment
    """Without the marks of its last change, which a deed sets after it has derived and no rule reads."""
    judged_on: date
    findings: Findings


_remembered: dict[int, _Derived] = {}
"""Assessment id → what was derived last. An assessment is frozen and names its questionnaires by their digests."""


def of(assessment: Assessment, at: datetime) -> Findings:
    """The results as they are judged at that time. Raises: QuestionnaireChangedError; InvalidFileError."""
    questionnaires, judged_on = editions.questionnaires(assessment), assessment.day_judged(seoul_day(at))
    number, content = assessment.id or 0, replace(assessment, lock_version=0, updated_at=None)
    last = _remembered.get(number)
    if last is not None and last.judged_on == judged_on and last.content == content:
        return last.findings
    findings = derive(questionnaires, assessment, judged_on=judged_on)
    if len(_remembered) >= MOST:
        _remembered.clear()
    _remembered[number] = _Derived(content, judged_on, findings)
    return findings
