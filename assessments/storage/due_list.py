"""What is due of decided assessments, over all of them: due_for one person, readable_by them, of some, and everything, for reminders."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import partial
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, literal, not_, or_, select, true
from sqlmodel import Session

from assessments import editions
from assessments.model import Actor, Role
from assessments.rules.lifecycle import COUNTS_TO_THE_END, Cause, Duty
from assessments.storage import following, mapping, portfolio_sums
from assessments.storage.concerns import CONDITIONAL, plain
from assessments.storage.entries import DueEntry
from assessments.storage.expressions import Unindexed
from assessments.storage.facets import Facets
from assessments.storage.life_tables import ArchivedRow, DutyRow
from assessments.storage.lists import Scope
from assessments.storage.portfolio import AGAIN, Meant
from assessments.storage.tables import (
    AssessmentRow,
    EditionRow,
    OperatorRow,
    ProjectionRow,
    RevisionRow,
    SystemRow,
    table_of,
)

MANAGERS = frozenset({Role.PRODUCT_MANAGER})
"""See to what has no owner, and to what its owner does not see to."""
_DUTY, _ASSESSMENT, _SYSTEM = table_of(DutyRow), table_of(AssessmentRow), table_of(SystemRow)
_OPERATOR, _REVISION, _PINNED = table_of(OperatorRow), table_of(RevisionRow), table_of(EditionRow)
_ARCHIVED, _RESULT = table_of(ArchivedRow), table_of(ProjectionRow)
_SYSTEM_COLUMNS = tuple(column.label(f"system_{column.name}") for column in _SYSTEM.c)
_UNORDERED: ColumnElement[date] = Unindexed(_DUTY.c.on_day)
_PLAIN_CAUSE: ColumnElement[str] = Unindexed(_DUTY.c.cause)
"""By no index."""
_OF_RESULTS: Mapping[Cause, tuple[ColumnElement[date], ColumnElement[bool]]] = {
    Cause.REASSESSMENT: (_RESULT.c.reassess_on, AGAIN),
    Cause.CONDITION: (_RESULT.c.condition_on, CONDITIONAL),
}
"""Cause → the earliest day of it that the projection knows, and whether it knows any: in the words of an index that begins with the day."""
_NARROWED: Mapping[Cause, ColumnElement[bool]] = {
    Cause.REASSESSMENT: _RESULT.c.reassess_on.is_not(None),
    Cause.CONDITION: plain("conditions") > 0,
}
"""The same in words that leave the choice to an index of something else, which holds these columns."""
Counting = Callable[[], tuple[int, int]]
"""All, and those that are reached."""
_JOINED = _DUTY.join(_ASSESSMENT, _ASSESSMENT.c.id == _DUTY.c.assessment_id).join(
    _SYSTEM, _SYSTEM.c.id == _ASSESSMENT.c.system_id
)


@dataclass(frozen=True)
class DueList:
    """The first of a longer list."""

    entries: tuple[DueEntry, ...]
    """The earliest first."""
    total: int
    reached: int
    """Whose day has come or passed."""


def due_for(session: Session, actor: Actor, today: date, days: int, limit: int) -> DueList:
    """What somebody has to see to that is due or comes up within so many days.

    Owners see to what is theirs, product managers to everything in their units.
    """
    scope = Scope.of(session, actor)
    is_own = or_(_DUTY.c.owner_id == actor.id, and_(_DUTY.c.owner_id == "", _DUTY.c.owner == actor.name))
    is_managed = _in(scope.holding(MANAGERS))
    mine = and_(_in(scope.reading("read_assessment")), or_(is_own, is_managed))
    return _first(session, [_Stored(mine)], is_managed, today, days, limit)


def readable_by(session: Session, actor: Actor, today: date, days: int, limit: int) -> DueList:
    """All that is due or comes up of the assessments that somebody may read."""
    readable = _in(Scope.of(session, actor).reading("read_assessment"))
    return _first(session, [_Stored(readable)], readable, today, days, limit)


def of(
    session: Session, meant: Meant | None, today: date, limit: int, causes: Collection[Cause] = tuple(Cause)
) -> DueList:
    """All that is due because of these, however far ahead. meant None: of all assessments.

    Of few each is looked up. Of many the projection tells the days of reassessment and of open conditions beside what is asked of it,
    so that a page looks up those that come first, and a count reads an index alone; other causes are looked for one by one.
    """
    which: ColumnElement[bool] = true()
    some: ColumnElement[bool] = which
    are_few = meant is not None and meant.are_few
    if meant is not None:
        some = which = _DUTY.c.assessment_id.in_(meant.numbers)
        if not are_few:
            own_result = _RESULT.c.assessment_id == _DUTY.c.assessment_id
            some = select(_RESULT.c.assessment_id).where(meant.condition, own_result).exists()
    outdated = some if Cause.EDITION in causes else None
    days = (date.max - today).days
    if meant is None or are_few:
        column = _DUTY.c.cause if len(causes) == 1 and not are_few else _PLAIN_CAUSE
        own = column.in_([cause.value for cause in causes])
        bare = _bare(and_(which, own), today, days)
        is_all = meant is None
        counted: Counting = (
            partial(_counted_of, session, causes, today) if is_all else partial(_counted, session, bare, today)
        )
        lists = [_Stored(and_(some, own), counted)]
    else:
        lists = [_of_results(session, meant, cause, today, limit) for cause in _OF_RESULTS if cause in causes]
        if others := [cause.value for cause in causes if cause not in _OF_RESULTS and cause is not Cause.EDITION]:
            of_others = and_(some, _DUTY.c.cause.in_(others))
            lists.append(_Stored(of_others, partial(_counted, session, _bare(of_others, today, days), today)))
    return _first(session, lists, outdated, today, days, limit, by_day=not are_few)


def everything(session: Session, today: date, days: int) -> tuple[DueEntry, ...]:
    """Of everybody, however much it is."""
    return _first(session, [_Stored(true())], true(), today, days, None).entries


@dataclass(frozen=True)
class _Stored:
    """Some of what is stored."""

    narrowed: ColumnElement[bool]
    counted: Counting | None = None
    """Counts all of it. None: as it is read."""


def _first(
    session: Session,
    stored: Sequence[_Stored],
    outdated: ColumnElement[bool] | None,
    today: date,
    days: int,
    limit: int | None,
    *,
    by_day: bool = True,
) -> DueList:
    """outdated: of which assessments newer editions are told. None: of none.

    by_day: along the order of days; else what is named is sorted.
    """
    on_day = _DUTY.c.on_day if by_day else _UNORDERED
    queries: list[tuple[Select[Any], Counting | None]] = [
        (
            _stored(each.narrowed, today, days) if by_day else _stored_first(each.narrowed, today, days, limit),
            each.counted,
        )
        for each in stored
    ]
    read = _read(session, queries, on_day, today, limit)
    entries = sorted(read.entries, key=lambda entry: (entry.duty.on, entry.assessment_id))[:limit]
    newer = _DueAll()
    if outdated is not None:
        newer = _read(
            session, [(query, None) for query in _of_editions(session, outdated, today)], on_day, today, limit
        )
    entries += newer.entries
    first = tuple(sorted(entries, key=_place)[:limit])
    return DueList(first, read.total + newer.total, read.reached + newer.reached)


@dataclass
class _DueAll:
    """Of several queries, not yet in one order."""

    entries: list[DueEntry] = field(default_factory=list)
    total: int = 0
    reached: int = 0


def _read(
    session: Session,
    queries: Sequence[tuple[Select[Any], Counting | None]],
    on_day: ColumnElement[date],
    today: date,
    limit: int | None,
) -> _DueAll:
    due = _DueAll()
    for query, counted in queries:
        rows = session.connection().execute(query.order_by(on_day, _DUTY.c.assessment_id).limit(limit)).all()
        read = [_entry(row) for row in rows]
        due.entries += read
        if limit is None or len(rows) < limit:
            counts = (len(read), sum(entry.duty.reached_on <= today for entry in read))
        elif counted is not None:
            counts = counted()
        else:
            counts = _counted(session, query, today)
        due.total, due.reached = due.total + counts[0], due.reached + counts[1]
    return due


def _counted_of(session: Session, causes: Collection[Cause], today: date) -> tuple[int, int]:
    """All that is stored because of these, and what is reached of it: days of reassessment by sums, all others by the index of causes
    and days alone, the archive taken off."""
    every = select(func.count()).select_from(_DUTY)
    archived = every.where(_DUTY.c.assessment_id.in_(select(_ARCHIVED.c.assessment_id)))

    def count(those: Collection[Cause], until: date | None) -> ColumnElement[int]:
        def wanted(cause: ColumnElement[Any], on_day: ColumnElement[Any]) -> tuple[ColumnElement[bool], ...]:
            own = cause.in_([each.value for each in those])
            return (own,) if until is None else (own, on_day <= until)

        whole = every.where(*wanted(_DUTY.c.cause, _DUTY.c.on_day)).scalar_subquery()
        return whole - archived.where(*wanted(_PLAIN_CAUSE, _UNORDERED)).scalar_subquery()

    by_sums = (0, 0)
    if Cause.REASSESSMENT in causes:
        every_one = Facets(today=today)
        come = portfolio_sums.come(session, every_one, None)
        by_sums = portfolio_sums.of(session, every_one, None).again, come.number
    looked_for = [cause for cause in causes if cause is not Cause.REASSESSMENT]
    to_the_end = [cause for cause in looked_for if cause in COUNTS_TO_THE_END]
    others = [cause for cause in looked_for if cause not in COUNTS_TO_THE_END]
    reached = count(others, today) + count(to_the_end, today - timedelta(days=1))
    row = session.connection().execute(select(count(looked_for, None), reached)).one()
    return by_sums[0] + int(row[0]), by_sums[1] + int(row[1])


def _of_results(session: Session, meant: Meant, cause: Cause, today: date, limit: int) -> _Stored:
    """One cause of many assessments. Those with the earliest day hold the earliest duties: each has one on that very day."""
    day, is_any = _OF_RESULTS[cause]
    connection = session.connection()
    archived = select(_ARCHIVED.c.assessment_id)
    those = select(_RESULT.c.assessment_id).where(meant.condition, is_any)
    first = those.where(_RESULT.c.assessment_id.not_in(archived)).order_by(day, _RESULT.c.assessment_id).limit(limit)
    numbers = list(connection.execute(first).scalars())
    return _Stored(
        and_(_DUTY.c.assessment_id.in_(numbers), _PLAIN_CAUSE.in_([cause.value])),
        partial(_counted_of_results, session, meant, cause, today),
    )


def _counted_of_results(session: Session, meant: Meant, cause: Cause, today: date) -> tuple[int, int]:
    """What sums say of all of them, or an index of the projection."""
    day, is_any = _OF_RESULTS[cause]
    connection = session.connection()

    is_open = _NARROWED[cause] if meant.is_narrow else is_any
    condition = meant.counted if meant.is_narrow else meant.condition

    def number(of: ColumnElement[int], *conditions: ColumnElement[bool]) -> int:
        summed = select(func.coalesce(func.sum(of), 0)).where(is_open, *conditions)
        query, in_archive = summed.where(condition), _RESULT.c.assessment_id.in_(select(_ARCHIVED.c.assessment_id))
        archived = summed.where(meant.condition, in_archive)
        return int(connection.execute(select(query.scalar_subquery() - archived.scalar_subquery())).scalar_one())

    if cause is Cause.REASSESSMENT:
        total = number(literal(1)) if meant.sums is None else meant.sums.again
        return total, number(literal(1), day <= today) if meant.come is None else meant.come.number
    total = number(_RESULT.c.conditions) if meant.sums is None else meant.sums.conditions
    seen = number(_RESULT.c.overdue) if meant.sums is None else meant.sums.overdue
    return total, portfolio_sums.overdue(session, meant.condition, today, seen)


def _counted(session: Session, query: Select[Any], today: date) -> tuple[int, int]:
    """All, and those that are reached, as `Duty.reached_on` has it."""
    row = query.subquery().c
    is_last_day = and_(row.on_day == today, row.cause.in_([cause.value for cause in COUNTS_TO_THE_END]))
    is_reached = case((and_(row.on_day <= today, not_(is_last_day)), 1), else_=0)
    total, reached = session.connection().execute(select(func.count(), func.coalesce(func.sum(is_reached), 0))).one()
    return total, reached


def _in(held: Collection[int] | None) -> ColumnElement[bool]:
    """The system lies in one of these units. None: in any."""
    return true() if held is None else _SYSTEM.c.unit_id.in_(held)


def _stored(narrowed: ColumnElement[bool], today: date, days: int) -> Select[Any]:
    return select(_DUTY, *_SYSTEM_COLUMNS).select_from(_JOINED).where(*_is_stored(narrowed, today, days))


def _stored_first(narrowed: ColumnElement[bool], today: date, days: int, limit: int | None) -> Select[Any]:
    """The same of those that come first, which are sorted before anything is looked up for them."""
    keys = tuple(_DUTY.primary_key.columns)
    first = select(*keys).where(*_is_stored(narrowed, today, days, _UNORDERED))
    own = first.order_by(_UNORDERED, _DUTY.c.assessment_id).limit(limit).subquery("first_due")
    source = own.join(_DUTY, and_(*(own.c[key.name] == key for key in keys)))
    source = source.join(_ASSESSMENT, _ASSESSMENT.c.id == _DUTY.c.assessment_id)
    source = source.join(_SYSTEM, _SYSTEM.c.id == _ASSESSMENT.c.system_id)
    return select(_DUTY, *_SYSTEM_COLUMNS).select_from(source)


def _bare(narrowed: ColumnElement[bool], today: date, days: int) -> Select[Any]:
    """The same lines without their systems, read as they lie and not by day: whoever counts all needs no order."""
    return select(_DUTY.c.on_day, _DUTY.c.cause).where(*_is_stored(narrowed, today, days, _UNORDERED))


def _is_stored(
    narrowed: ColumnElement[bool], today: date, days: int, on_day: ColumnElement[date] = _DUTY.c.on_day
) -> tuple[ColumnElement[bool], ...]:
    until = today + timedelta(days=min(days, (date.max - today).days))
    return narrowed, on_day <= until, _DUTY.c.assessment_id.not_in(select(_ARCHIVED.c.assessment_id))


def _of_editions(session: Session, narrowed: ColumnElement[bool], today: date) -> Iterator[Select[Any]]:
    """Decided assessments of which a newer edition of some questionnaire is in force; each has a day of reassessment."""
    newest = {domain: following.in_force(domain, today) for domain in editions.domains()}
    is_behind = _behind(
        session, {name: edition.version for every in newest.values() for name, edition in every.items()}
    )
    of_revision = and_(_REVISION.c.assessment_id == _DUTY.c.assessment_id, _REVISION.c.number == _DUTY.c.revision)
    pinned = _JOINED.join(_REVISION, of_revision).join(_PINNED, _PINNED.c.revision_id == _REVISION.c.id)
    for domain, every in newest.items():
        for name, edition in every.items():
            if not is_behind[name]:
                continue
            columns = {
                "cause": literal(Cause.EDITION.value),
                "which": literal(name),
                "on_day": literal(edition.since, _DUTY.c.on_day.type),
                "text": literal(edition.version),
                "owner": literal(""),
                "owner_id": literal(""),
            }
            own = [columns[column.name].label(column.name) if column.name in columns else column for column in _DUTY.c]
            yield (
                select(*own, *_SYSTEM_COLUMNS)
                .select_from(pinned)
                .where(narrowed, _DUTY.c.cause == Cause.REASSESSMENT.value, _ASSESSMENT.c.domain == domain)
                .where(_PINNED.c.questionnaire == name, _PINNED.c.version != edition.version)
            )


def _behind(session: Session, versions: Mapping[str, str]) -> dict[str, bool]:
    """Of each questionnaire whether some revision holds another version than this one."""

    def is_any(name: str, version: str) -> ColumnElement[bool]:
        others = (_PINNED.c.version < version, _PINNED.c.version > version)  # each by the index
        return or_(
            *(select(_PINNED.c.version).where(_PINNED.c.questionnaire == name, other).exists() for other in others)
        )

    if not versions:
        return {}
    columns = (is_any(name, version).label(f"of_{place}") for place, (name, version) in enumerate(versions.items()))
    return dict(zip(versions, map(bool, session.connection().execute(select(*columns)).one()), strict=True))


def _entry(row: Any) -> DueEntry:
    duty = Duty(Cause(row.cause), row.which, row.on_day, row.text, row.owner, row.owner_id)
    return DueEntry(row.assessment_id, row.system_unit_id, mapping.labelled_system(row), duty)


def _place(entry: DueEntry) -> tuple[date, int, int, str]:
    return entry.duty.reached_on, entry.assessment_id, _CAUSES[entry.duty.cause], entry.duty.which


_CAUSES: Mapping[Cause, int] = {cause: place for place, cause in enumerate(Cause)}
