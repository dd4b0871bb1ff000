"""What is advised where official sources differ: label. A request under Art. 33 is made by operators only."""

from __future__ import annotations

from collections.abc import Mapping

from assessments.derived import RoleFinding
from assessments.model import Assessment
from assessments.rules.operators import is_operator
from questionnaires.schema import Questionnaire


def label(role: RoleFinding | None, assessment: Assessment, questionnaires: Mapping[str, Questionnaire]) -> str:
    """Label of the advice: ask, ask the supplier to ask, or compare with the reply received.

    Only a reply under Art. 33 counts as one; confirmation that something is AI and certificates do not.
    """
    for questionnaire in questionnaires.values():
        answer = (
            assessment.answers(questionnaire.id).get(questionnaire.papers.question) if questionnaire.papers else None
        )
        if (
            questionnaire.papers
            and isinstance(answer, tuple)
            and set(questionnaire.papers.answers_request) & {*map(str, answer)}
        ):
            return "recommend_33_answered"
    return "recommend_33" if is_operator(role, questionnaires) else "recommend_33_user"
