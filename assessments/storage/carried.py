"""What a reassessment took over, and what of it was confirmed: take_over, of_revision, before, marks, unconfirmed, confirm."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, insert, update
from sqlmodel import Session, col, select

from assessments.model import Assessment, Person, Status
from assessments.rules import carrying
from assessments.rules.carrying import LISTS, Carried, Mark
from assessments.storage import reader
from assessments.storage.life_tables import CarriedRow
from assessments.storage.tables import ResponseRow, RevisionRow, table_of
from assessments.storage.writer import revision_of, touch
from questionnaires.schema import Questionnaire

_CARRIED, _RESPONSE = table_of(CarriedRow), table_of(ResponseRow)


def take_over(session: Session, copy: Assessment, dropped: Collection[str]) -> None:
    """Everything that a copied revision holds is to be confirmed; answers that are no longer offered go.

    copy: with its content. dropped: `questionnaire.question` of the answers that go.
    """
    revision_id, connection = revision_of(session, copy).id, session.connection()
    connection.execute(delete(_CARRIED).where(_CARRIED.c.revision_id == revision_id))
    for where in dropped:
        name, _, question = where.partition(".")
        this = (_RESPONSE.c.questionnaire == name) & (_RESPONSE.c.question == question)
        connection.execute(delete(_RESPONSE).where(this & (_RESPONSE.c.revision_id == revision_id)))
    rows: list[dict[str, Any]] = [
        {"questionnaire": name, "question": question, "lock_version": response.lock_version}
        for name, responses in copy.responses.items()
        for question, response in responses.items()
        if response.answer is not None and f"{name}.{question}" not in dropped
    ]
    rows += [{"questionnaire": "", "question": name, "lock_version": 0} for name in LISTS if getattr(copy, name)]
    if rows:
        connection.execute(insert(_CARRIED), [{**row, "revision_id": revision_id} for row in rows])


def of_revision(session: Session, of: Assessment) -> dict[str, Carried]:
    """`questionnaire.question`, or a list's name → what was taken over; empty for a revision that is no reassessment."""
    rows = session.exec(select(CarriedRow).where(CarriedRow.revision_id == revision_of(session, of).id))
    return {
        _where(row.questionnaire, row.question): Carried(
            row.lock_version, Person(row.by_id, row.by_name or "") if row.by_id else None
        )
        for row in rows
    }


def before(session: Session, of: Assessment) -> Assessment | None:
    """The revision that it is held against: of a reassessment the decided one, else the one before. None: it is the first."""
    if of.revision == 1 or of.id is None:
        return None
    number = None
    if of_revision(session, of):
        query = select(func.max(RevisionRow.number)).where(
            RevisionRow.assessment_id == of.id,
            RevisionRow.number < of.revision,
            col(RevisionRow.ruling).is_not(None),
            RevisionRow.status != Status.REFUSED.value,
        )
        number = session.scalar(query)
    return reader.get_assessment(session, of.id, number or of.revision - 1)


def marks(session: Session, assessment: Assessment) -> dict[str, Mark]:
    """How everything in a revision stands to the one it was copied from; empty for the first."""
    earlier = before(session, assessment)
    return {} if earlier is None else carrying.marks(assessment, earlier, of_revision(session, assessment))


def unconfirmed(
    session: Session, assessment: Assessment, questionnaires: Mapping[str, Questionnaire]
) -> tuple[str, ...]:
    """Places that wait for somebody to confirm them."""
    return carrying.to_confirm(marks(session, assessment), questionnaires, assessment)


def confirm(session: Session, of: Assessment, places: Collection[str], by: Person, at: datetime) -> None:
    revision_id = revision_of(session, of).id
    for where in places:
        name, dot, question = where.partition(".")
        key = (name, question) if dot else ("", name)
        this = (_CARRIED.c.questionnaire == key[0]) & (_CARRIED.c.question == key[1])
        statement = update(_CARRIED).where(this & (_CARRIED.c.revision_id == revision_id))
        session.connection().execute(statement.values(by_id=by.id, by_name=by.name, at=at))
    touch(session, revision_id, by, at)


def _where(questionnaire: str, question: str) -> str:
    return f"{questionnaire}.{question}" if questionnaire else question
