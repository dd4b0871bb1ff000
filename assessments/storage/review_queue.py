"""What waits for the committee or for a signature, over all units of its reader: waiting; and who reviews what: reviewer, put, take."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, FromClause, and_, case, delete, func, insert, literal, select, tuple_
from sqlmodel import Session

from assessments.model import Assessment, Person
from assessments.storage import lists
from assessments.storage.account_tables import AccountRow
from assessments.storage.entries import AssessmentSummary
from assessments.storage.expressions import Literally
from assessments.storage.facets import Facets
from assessments.storage.lists import PER_PAGE, Page, Scope
from assessments.storage.register_tables import AssignedReviewRow
from assessments.storage.searching import Search
from assessments.storage.tables import AssessmentRow, ProjectionRow, RevisionRow, SystemRow, table_of

_ASSIGNED, _ACCOUNT = table_of(AssignedReviewRow), table_of(AccountRow)
_RESULT, _REVISION = table_of(ProjectionRow), table_of(RevisionRow)
_ASSESSMENT, _SYSTEM = table_of(AssessmentRow), table_of(SystemRow)
_NAME = func.coalesce(_ACCOUNT.c.name, _ASSIGNED.c.person_id)
_COUNTED = Literally("projection.status IN ('submitted', 'decided')")
"""As `lists.WAITS`, where those that wait are counted and not put in an order: by the indices that begin with the status, or everything
would be read for the few of a unit."""
_BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)
NOBODY = "-"
"""In place of a person: of what nobody was to review."""


NO_FACETS = Facets()


class Order(StrEnum):
    """Of the queue."""

    LONGEST = "longest"
    """Waiting longest first."""
    NEWEST = "newest"
    RISK = "risk"
    """The highest score first."""


@dataclass(frozen=True)
class Choice:
    """Which of the queue are meant. An empty part leaves them all."""

    facets: Facets = NO_FACETS
    """Unit, domain, determination, level, and the status: submitted or decided."""
    reviewer: str = ""
    """Account id, or NOBODY."""
    order: Order = Order.LONGEST


@dataclass(frozen=True)
class InQueue:
    """One that waits."""

    assessment: AssessmentSummary
    since: datetime
    """Of its submission or its decision."""
    reviewer: Person | None
    """None: it waits for the whole committee."""


@dataclass(frozen=True)
class FromQueue:
    """Keyset of a row as last seen: the page starts right after it, or ends right before it."""

    value: int
    """Microseconds since 1970, or the score."""
    id: int
    is_before: bool = False


def waiting(
    session: Session,
    scope: Scope,
    choice: Choice,
    search: Search = lists.EVERYTHING,
    *,
    start: FromQueue | None = None,
    limit: int = PER_PAGE,
) -> Page[InQueue]:
    """In the chosen order; start None: the first page. limit 0: how many there are, and nothing else."""
    meant = lists.units_meant(scope, choice.facets)
    narrowed = and_(choice.facets.condition(meant), lists.not_archived())
    source: FromClause = _RESULT
    if search:
        narrowed = and_(narrowed, lists.matching(search))
    everybody = narrowed
    if choice.reviewer:
        source = source.join(_REVISION, _OF_RESULT).outerjoin(_ASSIGNED, _STANDS)
        has = _ASSIGNED.c.person_id.is_(None) if choice.reviewer == NOBODY else _ASSIGNED.c.person_id == choice.reviewer
        narrowed = and_(narrowed, has)
    column, ascending = _ORDERS[choice.order]
    key = tuple_(column, _RESULT.c.assessment_id)
    query = select(_RESULT.c.assessment_id, column.label("value")).select_from(source).where(lists.WAITS, narrowed)
    is_forward = start is None or not start.is_before
    if start is not None:
        query = query.where(_beyond(key, column, start, is_after=ascending is is_forward))
    ordered = (
        (column, _RESULT.c.assessment_id)
        if ascending is is_forward
        else (column.desc(), _RESULT.c.assessment_id.desc())
    )
    is_counted_along = bool(search) and start is None and limit > 0  # what is searched is looked through once
    if is_counted_along:
        query = query.add_columns(func.count().over().label("total"))
    rows = session.execute(query.order_by(*ordered).limit(limit)).all() if limit else []
    if not is_forward:
        rows = rows[::-1]
    earlier: ColumnElement[Any] = literal(0)
    if rows and start is not None:
        first = FromQueue(_value(rows[0].value), rows[0].assessment_id)
        earlier = func.coalesce(func.sum(case((_beyond(key, column, first, is_after=not ascending), 1), else_=0)), 0)
    waits = _COUNTED if start is None else lists.WAITS
    if is_counted_along:
        total, before = rows[0].total if rows else 0, 0
    elif choice.reviewer == NOBODY and start is None:
        total, before = _of_nobody(session, and_(waits, everybody)), 0
    else:
        total, before = session.execute(select(func.count(), earlier).select_from(source).where(waits, narrowed)).one()
    return Page(_entries(session, [row.assessment_id for row in rows], scope), before, total)


def _of_nobody(session: Session, wanted: ColumnElement[bool]) -> int:
    """All that wait but those that somebody is to review, who are looked up: few are."""
    every = select(func.count()).select_from(_RESULT).where(wanted)
    named = select(func.count()).select_from(_RESULT.join(_REVISION, _OF_RESULT).join(_ASSIGNED, _STANDS)).where(wanted)
    return int(session.execute(select(every.scalar_subquery() - named.scalar_subquery())).scalar_one())


def keyset(entry: InQueue, order: Order) -> tuple[int, int]:
    """Of an entry, as FromQueue takes it."""
    value = entry.assessment.score if order is Order.RISK else _value(entry.since)
    return value, entry.assessment.id


def reviewers(session: Session, scope: Scope) -> tuple[Person, ...]:
    """Everybody who is to review something that waits in the scope, by name."""
    readable = lists.in_units(scope.reading("read_assessment"))
    query = (
        select(_ASSIGNED.c.person_id, _NAME.label("name"))
        .select_from(_ASSIGNED.outerjoin(_ACCOUNT, _ACCOUNT.c.id == _ASSIGNED.c.person_id))
        .join(_ASSESSMENT, _ASSESSMENT.c.id == _ASSIGNED.c.assessment_id)
        .join(_SYSTEM, _SYSTEM.c.id == _ASSESSMENT.c.system_id)
        .where(readable)
        .distinct()
    )
    return tuple(
        sorted(
            (Person(row.person_id, row.name) for row in session.execute(query)),
            key=lambda person: (person.name, person.id),
        )
    )


def reviewer(session: Session, assessment: Assessment) -> Person | None:
    """Of what was submitted last. None: nobody was named."""
    query = select(_ASSIGNED.c.person_id, _NAME.label("name")).select_from(
        _ASSIGNED.outerjoin(_ACCOUNT, _ACCOUNT.c.id == _ASSIGNED.c.person_id)
    )
    mine = (_ASSIGNED.c.assessment_id == assessment.id, _ASSIGNED.c.submission == assessment.submission)
    row = session.execute(query.where(*mine)).first()
    return None if row is None else Person(row.person_id, row.name)


def put(session: Session, assessment: Assessment, person_id: str, by: Person, at: datetime) -> None:
    """In the place of whoever was named before."""
    take(session, assessment.id or 0)
    columns = {
        "assessment_id": assessment.id,
        "submission": assessment.submission,
        "person_id": person_id,
        "by_id": by.id,
        "by_name": by.name,
        "at": at,
    }
    session.connection().execute(insert(_ASSIGNED), columns)


def take(session: Session, assessment_id: int) -> None:
    session.connection().execute(delete(_ASSIGNED).where(_ASSIGNED.c.assessment_id == assessment_id))


# --- parts ---------------------------------------------------------------------------------------------------

_OF_RESULT = and_(_REVISION.c.assessment_id == _RESULT.c.assessment_id, _REVISION.c.number == _RESULT.c.revision)
_STANDS = and_(_ASSIGNED.c.assessment_id == _RESULT.c.assessment_id, _ASSIGNED.c.submission == _REVISION.c.submission)
_ORDERS = {
    Order.LONGEST: (_RESULT.c.since, True),
    Order.NEWEST: (_RESULT.c.since, False),
    Order.RISK: (_RESULT.c.score, False),
}
"""By which column, and whether the least comes first."""


def _beyond(key: Any, column: Any, start: FromQueue, *, is_after: bool) -> ColumnElement[bool]:
    value = start.value if column is _RESULT.c.score else _BEGINNING + timedelta(microseconds=start.value)
    seen = tuple_(literal(value, column.type), literal(start.id))
    beyond: ColumnElement[bool] = key > seen if is_after else key < seen
    return beyond


def _value(value: Any) -> int:
    return (value - _BEGINNING) // timedelta(microseconds=1) if isinstance(value, datetime) else int(value)


def _entries(session: Session, numbers: Sequence[int], scope: Scope) -> tuple[InQueue, ...]:
    if not numbers:
        return ()
    summaries = {each.id: each for each in lists.summarised(session, numbers, scope.tree)}
    query = (
        select(_RESULT.c.assessment_id, _RESULT.c.since, _ASSIGNED.c.person_id, _NAME.label("name"))
        .select_from(_RESULT.join(_REVISION, _OF_RESULT).outerjoin(_ASSIGNED, _STANDS))
        .outerjoin(_ACCOUNT, _ACCOUNT.c.id == _ASSIGNED.c.person_id)
        .where(_RESULT.c.assessment_id.in_(numbers))
    )
    rows = {row.assessment_id: row for row in session.execute(query)}
    return tuple(
        InQueue(
            summaries[number],
            rows[number].since,
            Person(rows[number].person_id, rows[number].name) if rows[number].person_id else None,
        )
        for number in numbers
    )
