"""Sections of a revision that were given to people: of_assessment, of_person, and their small writers."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import bindparam, delete, func, insert, select, update
from sqlmodel import Session

from assessments.model import Actor, Assessment, Person, Status
from assessments.storage import mapping
from assessments.storage.account_tables import AccountRow
from assessments.storage.entries import GivenEntry, GivenSection
from assessments.storage.life_tables import ArchivedRow
from assessments.storage.lists import SYSTEM_COLUMNS, Scope, in_units
from assessments.storage.tables import AssessmentRow, ProjectionRow, SystemRow, table_of
from assessments.storage.work_tables import GivenSectionRow

_GIVEN, _ACCOUNT, _RESULT = table_of(GivenSectionRow), table_of(AccountRow), table_of(ProjectionRow)
_ARCHIVED = table_of(ArchivedRow)
_ASSESSMENT, _SYSTEM = table_of(AssessmentRow), table_of(SystemRow)
_NAME = func.coalesce(_ACCOUNT.c.name, _GIVEN.c.person_id).label("person_name")
_WITH_NAME = _GIVEN.outerjoin(_ACCOUNT, _ACCOUNT.c.id == _GIVEN.c.person_id)
_OF_REVISION = (
    select(_GIVEN, _NAME)
    .select_from(_WITH_NAME)
    .where(_GIVEN.c.assessment_id == bindparam("assessment"), _GIVEN.c.revision == bindparam("number"))
    .order_by(_GIVEN.c.due, _GIVEN.c.place)
)


def of_assessment(session: Session, assessment: Assessment) -> tuple[GivenSection, ...]:
    """Of this revision, the one that is due first at the head."""
    rows = session.connection().execute(_OF_REVISION, {"assessment": assessment.id, "number": assessment.revision})
    return tuple(_read(row) for row in rows)


def of_person(session: Session, actor: Actor) -> tuple[GivenEntry, ...]:
    """What is still to be done by this person in assessments that they may write in now, due first at the head."""
    writable = in_units(Scope.of(session, actor).reading("record_response"))
    editable = _RESULT.c.status.in_([status.value for status in Status if status.is_editable])
    query = (
        select(_GIVEN, _NAME, _ASSESSMENT.c.domain, *SYSTEM_COLUMNS)
        .select_from(_WITH_NAME)
        .join(_RESULT, (_RESULT.c.assessment_id == _GIVEN.c.assessment_id) & (_RESULT.c.revision == _GIVEN.c.revision))
        .join(_ASSESSMENT, _ASSESSMENT.c.id == _GIVEN.c.assessment_id)
        .join(_SYSTEM, _SYSTEM.c.id == _ASSESSMENT.c.system_id)
        .where(_GIVEN.c.person_id == actor.id, _GIVEN.c.done_at.is_(None), writable, editable)
        .order_by(_GIVEN.c.due, _GIVEN.c.assessment_id, _GIVEN.c.place)
    )
    return tuple(
        GivenEntry(_read(row), row.assessment_id, mapping.labelled_system(row), row.domain)
        for row in session.execute(query)
    )


def waiting(session: Session) -> tuple[GivenEntry, ...]:
    """What is still to be done by anybody, in drafts that are not archived."""
    editable = _RESULT.c.status.in_([status.value for status in Status if status.is_editable])
    query = (
        select(_GIVEN, _NAME, _ASSESSMENT.c.domain, *SYSTEM_COLUMNS)
        .select_from(_WITH_NAME)
        .join(_RESULT, (_RESULT.c.assessment_id == _GIVEN.c.assessment_id) & (_RESULT.c.revision == _GIVEN.c.revision))
        .join(_ASSESSMENT, _ASSESSMENT.c.id == _GIVEN.c.assessment_id)
        .join(_SYSTEM, _SYSTEM.c.id == _ASSESSMENT.c.system_id)
        .where(_GIVEN.c.done_at.is_(None), editable)
        .where(_GIVEN.c.assessment_id.not_in(select(_ARCHIVED.c.assessment_id)))
        .order_by(_GIVEN.c.due, _GIVEN.c.assessment_id, _GIVEN.c.place)
    )
    return tuple(
        GivenEntry(_read(row), row.assessment_id, mapping.labelled_system(row), row.domain)
        for row in session.execute(query)
    )


def put(
    session: Session, assessment: Assessment, place: str, person: Person, due: date, by: Person, at: datetime
) -> None:
    """In the place of what was given there before."""
    take(session, assessment, place)
    columns = {
        "assessment_id": assessment.id,
        "place": place,
        "revision": assessment.revision,
        "person_id": person.id,
        "due": due,
        "by_id": by.id,
        "by_name": by.name,
        "at": at,
    }
    session.connection().execute(insert(_GIVEN), columns)


def take(session: Session, assessment: Assessment, place: str) -> None:
    session.connection().execute(delete(_GIVEN).where(_is(assessment, place)))


def finish(session: Session, assessment: Assessment, place: str, at: datetime) -> None:
    session.connection().execute(update(_GIVEN).where(_is(assessment, place)).values(done_at=at))


def drop(session: Session, assessment_id: int) -> None:
    """All of an assessment whose draft is deleted."""
    session.connection().execute(delete(_GIVEN).where(_GIVEN.c.assessment_id == assessment_id))


def _is(assessment: Assessment, place: str) -> Any:
    return (_GIVEN.c.assessment_id == assessment.id) & (_GIVEN.c.place == place)


def _read(row: Any) -> GivenSection:
    return GivenSection(
        row.place, Person(row.person_id, row.person_name), row.due, Person(row.by_id, row.by_name), row.at, row.done_at
    )
