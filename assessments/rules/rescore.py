"""What another edition would change in an assessment: compare."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from assessments.model import Assessment, Level, Outcome
from assessments.rules import findings
from questionnaires import conditions
from questionnaires.schema import Questionnaire


@dataclass(frozen=True)
class Change:
    """An assessment under its pinned editions and under others."""

    outcome: tuple[Outcome, Outcome]
    """Before and after."""
    contested: tuple[bool, bool]
    level: tuple[Level, Level]
    residual: tuple[int, int]
    """Upper bounds, before and after."""
    new_questions: tuple[str, ...]
    """`questionnaire.question`, shown under the new editions and not asked before."""
    dropped_questions: tuple[str, ...]
    """Answered, and no longer asked."""
    lost_answers: tuple[str, ...]
    """Answered with an option that is no longer there."""
    reasons: tuple[str, ...]
    """Reasons for the outcome under the new editions, in English."""

    @property
    def is_any(self) -> bool:
        """Whether outcome, level or the questions asked would change."""
        before_after = (self.outcome, self.contested, self.level)
        changed_questions = (self.new_questions, self.dropped_questions, self.lost_answers)
        return any(before != after for before, after in before_after) or any(changed_questions)


def compare(old: Mapping[str, Questionnaire], new: Mapping[str, Questionnaire], assessment: Assessment) -> Change:
    """old: the pinned editions by id; new: the same with one or more replaced."""
    left, lost = still_possible(new, assessment)
    before, after = findings.derive(old, assessment), findings.derive(new, left)
    was, is_ = before.determination.with_claim, after.determination.with_claim
    return Change(
        outcome=(was.outcome, is_.outcome),
        contested=(was.contested, is_.contested),
        level=(before.risk.level, after.risk.level),
        residual=(before.risk.residual.high, after.risk.residual.high),
        new_questions=tuple(_new(old, new, left)),
        dropped_questions=tuple(_dropped(new, assessment)),
        lost_answers=lost,
        reasons=tuple(reason.text.en for reason in is_.reasons),
    )


def _new(old: Mapping[str, Questionnaire], new: Mapping[str, Questionnaire], assessment: Assessment) -> list[str]:
    names = []
    for name, questionnaire in new.items():
        known = set(old[name].question_ids) if name in old else set()
        shown = conditions.visible(questionnaire, assessment.answers(name))
        names += [
            f"{name}.{question_id}"
            for question_id, truth in shown.items()
            if truth is not False and question_id not in known
        ]
    return names


def _dropped(new: Mapping[str, Questionnaire], assessment: Assessment) -> list[str]:
    return [
        f"{name}.{question}"
        for name in assessment.responses
        for question in assessment.answers(name)
        if name not in new or question not in new[name].question_ids
    ]


def still_possible(new: Mapping[str, Questionnaire], assessment: Assessment) -> tuple[Assessment, tuple[str, ...]]:
    """The assessment without the answers that the new editions no longer offer, and the places of those answers."""
    responses = {name: dict(of_questionnaire) for name, of_questionnaire in assessment.responses.items()}
    lost = []
    for name, of_questionnaire in assessment.responses.items():
        questions = {question.id: question for question in new[name].questions()} if name in new else {}
        for question_id, response in of_questionnaire.items():
            if question_id not in questions:
                del responses[name][question_id]
                continue
            options = {option.value for option in questions[question_id].options}
            chosen = response.answer if isinstance(response.answer, tuple) else (response.answer,)
            if options and any(isinstance(value, str) and value not in options for value in chosen):
                lost.append(f"{name}.{question_id}")
                del responses[name][question_id]
    return replace(assessment, responses=responses), tuple(lost)
