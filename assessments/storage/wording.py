"""Which drafts show the words of an AI system or an organisation, and who changed these: drafts_of_system, changers."""

from __future__ import annotations

import json

from sqlalchemy import func
from sqlmodel import Session, col, select

from assessments.model import Assessment, Person, Status
from assessments.storage.history import ACTOR
from assessments.storage.tables import AssessmentRow, EventRow, EventValueRow, RevisionRow, SystemRow

_EDITABLE = [status.value for status in Status if status.is_editable]
_CHANGES = {"change_system": "system", "change_operator": "operator"}
"""Kind of event → whose words it changed."""


def drafts_of_system(session: Session, system_id: int) -> tuple[int, ...]:
    """Assessments with a draft or returned revision; submitted ones keep the words that they were submitted with."""
    query = (
        select(RevisionRow.assessment_id)
        .join(AssessmentRow, col(AssessmentRow.id) == RevisionRow.assessment_id)
        .where(AssessmentRow.system_id == system_id, col(RevisionRow.status).in_(_EDITABLE))
    )
    return tuple(session.exec(query.distinct()))


def drafts_of_operator(session: Session, operator_id: int) -> tuple[int, ...]:
    """The same, of all its systems."""
    systems = session.exec(select(SystemRow.id).where(SystemRow.operator_id == operator_id)).all()
    return tuple(draft for system_id in systems for draft in drafts_of_system(session, system_id or 0))


def changers(session: Session, assessment: Assessment) -> tuple[Person, ...]:
    """Who changed the words of system or organisation since this revision was submitted, in order; nobody erased is among them.

    A revision that is edited again, or copied, shows the changed words.
    """
    submitted = session.exec(
        select(func.max(EventRow.seq)).where(
            col(EventRow.kind).in_(("submit", "submit_again")),
            EventRow.assessment_id == assessment.id,
            EventRow.revision == assessment.revision,
        )
    ).one()
    system_id, operator_id = session.exec(
        select(SystemRow.id, SystemRow.operator_id)
        .join(AssessmentRow, col(AssessmentRow.system_id) == SystemRow.id)
        .where(AssessmentRow.id == assessment.id)
    ).one()
    concerned = {"system": system_id, "operator": operator_id}
    changes = (
        select(EventRow.seq, EventRow.kind, EventValueRow.name, EventValueRow.value)
        .join(EventValueRow, col(EventValueRow.seq) == EventRow.seq)
        .where(col(EventRow.kind).in_(_CHANGES), EventRow.seq > (submitted or 0))
        .order_by(col(EventRow.seq))
    )
    values: dict[tuple[int, str], dict[str, str]] = {}
    for seq, kind, name, value in session.exec(changes):
        if value is not None:
            values.setdefault((seq, kind), {})[name] = value
    people = {}
    for (_, kind), event_values in values.items():
        new, actor = json.loads(event_values.get("new", "{}")), json.loads(event_values.get(ACTOR, "{}"))
        if actor and new.get("id") == concerned[_CHANGES[kind]]:
            people[actor["id"]] = Person(actor["id"], actor["name"])
    return tuple(people.values())
