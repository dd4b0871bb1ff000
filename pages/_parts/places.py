"""Where a questionnaire is answered: screen_of; and what the address of a section says: address_query."""

from __future__ import annotations

from assessments.model import Assessment
from questionnaires.named import CLAIM


def address_query(assessment: Assessment, questionnaire_id: str, section: str | None = None) -> dict[str, str]:
    """Query parameters of a section's address; the domain's questionnaire is the default and omitted."""
    query = {"assessment": str(assessment.id)}
    if questionnaire_id not in (assessment.domain, CLAIM):
        query["questionnaire"] = questionnaire_id
    return query | ({"section": section} if section else {})


def screen_of(questionnaire_id: str) -> str:
    """The screen on which a questionnaire is answered."""
    return "involvement" if questionnaire_id == CLAIM else "answer"
