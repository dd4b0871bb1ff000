"""What follows from an assessment as it stands, derived once for the deed that stores it and the screens that show it: of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from assessments import editions
from assessments.derived import Findings
from assessments.model import Answer, Assessment
from assessments.rules.findings import derive
from questionnaires import conditions
from questionnaires.once import once_for_each
from questionnaires.question_types import of_type
from questionnaires.schema import Questionnaire
from questionnaires.wording import seoul_day

MOST = 64
"""Assessments whose results are remembered."""
WORDS = "x"
"""Stands for every text that says something."""
Read = Mapping[str, Mapping[str, tuple[Answer | None, bool]]]
"""Questionnaire → question → what rules read of an answer, and whether there is a note."""


@dataclass(frozen=True)
class _Derived:
    content: Assessment
    """Without answers, and without the marks of its last change, which a deed sets after it has derived and no rule reads."""
    read: Read
    judged_on: date
    findings: Findings


_remembered: dict[int, _Derived] = {}
"""Assessment id → what was derived last. An assessment is frozen and names its questionnaires by their digests."""


def of(assessment: Assessment, at: datetime) -> Findings:
    """The results as they are judged at that time. Raises: QuestionnaireChangedError; InvalidFileError."""
    questionnaires, judged_on = editions.questionnaires(assessment), assessment.day_judged(seoul_day(at))
    number, read = assessment.id or 0, _read_by_rules(questionnaires, assessment)
    content = replace(assessment, responses={}, lock_version=0, updated_at=None)
    last = _remembered.get(number)
    if last is not None and last.judged_on == judged_on and last.read == read and last.content == content:
        return last.findings
    findings = derive(questionnaires, assessment, judged_on=judged_on)
    if len(_remembered) >= MOST:
        _remembered.clear()
    _remembered[number] = _Derived(content, read, judged_on, findings)
    return findings


def _read_by_rules(questionnaires: Mapping[str, Questionnaire], assessment: Assessment) -> Read:
    """Of a text and of a note only that there is one: whoever words either otherwise changes no result. Nothing of who and when."""
    read: dict[str, Mapping[str, tuple[Answer | None, bool]]] = {}
    for name, responses in assessment.responses.items():
        texts = _texts(questionnaires[name]) if name in questionnaires else ()
        read[name] = {
            question: (
                WORDS if question in texts and not conditions.is_open(response.answer) else response.answer,
                bool(response.note),
            )
            for question, response in responses.items()
        }
    return read


@once_for_each
def _texts(questionnaire: Questionnaire) -> frozenset[str]:
    """Its questions that are answered in words."""
    kinds = ((question.id, of_type(question)) for question in questionnaire.questions())
    return frozenset(name for name, kind in kinds if kind.is_prose and not kind.has_rows)
