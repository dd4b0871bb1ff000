"""What a committee leaves: add_conditions, conditions."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import insert, select
from sqlmodel import Session

from assessments.model import Assessment, Condition
from assessments.storage.committee_tables import ConditionRow
from assessments.storage.tables import table_of

_CONDITION = table_of(ConditionRow)


@dataclass(frozen=True)
class AgreedCondition:
    """A condition with the number by which what was done about it refers to it."""

    id: int
    assessment_id: int
    revision: int
    number: int
    """Its place in the decision, from 1."""
    condition: Condition


def add_conditions(session: Session, assessment: Assessment) -> None:
    """Those of its decision, for whoever sees to them."""
    decision = assessment.decision
    if decision is None or not decision.conditions:
        return
    rows = [
        {
            "assessment_id": assessment.id,
            "revision": assessment.revision,
            "number": number,
            "text": condition.text,
            "owner_id": condition.owner_id,
            "owner": condition.owner,
            "due": condition.due,
        }
        for number, condition in enumerate(decision.conditions, start=1)
    ]
    session.connection().execute(insert(_CONDITION), rows)


def conditions(session: Session, assessment_id: int) -> tuple[AgreedCondition, ...]:
    """Of all revisions of an assessment, in their order."""
    query = select(_CONDITION).where(_CONDITION.c.assessment_id == assessment_id)
    return tuple(
        AgreedCondition(
            row.id, row.assessment_id, row.revision, row.number, Condition(row.text, row.owner, row.due, row.owner_id)
        )
        for row in session.connection().execute(query.order_by(_CONDITION.c.revision, _CONDITION.c.number))
    )
