"""The register of AI systems as a list: registered, owners; one system with what surrounds it: system, assessments_of, reports_of."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, bindparam, func, literal, or_, select, true, tuple_
from sqlalchemy.sql.elements import True_
from sqlmodel import Session

from assessments.model import AISystem, LegalRole, Person, Stage
from assessments.storage import lists, mapping
from assessments.storage.account_tables import AccountRow
from assessments.storage.expressions import Unindexed
from assessments.storage.lists import PER_PAGE, SYSTEM_COLUMNS, Page, Scope
from assessments.storage.register_tables import IncidentRow
from assessments.storage.searching import Search, comparable
from assessments.storage.system_life import RegisteredSystem, upkeep_of
from assessments.storage.tables import AssessmentRow, OperatorRow, SystemRow, table_of

_SYSTEM, _OPERATOR, _ACCOUNT = table_of(SystemRow), table_of(OperatorRow), table_of(AccountRow)
_ASSESSMENT, _INCIDENT = table_of(AssessmentRow), table_of(IncidentRow)
NOBODY = "-"
"""In place of an owner: nobody answers for it. In place of a stage or a role: it is not stated."""
_AT_ONCE = 2_000


class Order(StrEnum):
    """Of the register."""

    NAME = "name"
    CHANGED = "changed"
    """What was changed last comes first."""


@dataclass(frozen=True)
class Wanted:
    """Which systems are meant. An empty part leaves them all."""

    unit: int = 0
    """With the units below it; 0: all."""
    stage: str = ""
    legal_role: str = ""
    owner: str = ""
    """Account id, or NOBODY."""
    operator: int = 0
    incidents: bool = False
    """Only those with an open incident."""

    def __bool__(self) -> bool:
        return self != Wanted()

    def known(self) -> Wanted:
        """Without words that name nothing there is, for an address may say anything."""
        stage = self.stage if self.stage in {*Stage, NOBODY} else ""
        role = self.legal_role if self.legal_role in {*LegalRole, NOBODY} else ""
        return Wanted(self.unit, stage, role, comparable(self.owner), self.operator, self.incidents)

    def condition(self) -> ColumnElement[bool]:
        """Without the unit, which the scope decides on."""
        wanted: list[ColumnElement[bool]] = []
        for column, value in ((_SYSTEM.c.stage, self.stage), (_SYSTEM.c.legal_role, self.legal_role)):
            if value:
                wanted.append(column.is_(None) if value == NOBODY else column == value)
        if self.owner:
            wanted.append(_SYSTEM.c.owner_id == ("" if self.owner == NOBODY else self.owner))
        if self.operator:
            wanted.append(_SYSTEM.c.operator_id == self.operator)
        if self.incidents:
            is_open = select(_INCIDENT.c.system_id).where(_INCIDENT.c.is_open)
            wanted.append(_SYSTEM.c.id.in_(is_open))
        return and_(true(), *wanted)


@dataclass(frozen=True)
class FromSystem:
    """A system as last seen: the page starts right after it, or ends right before it."""

    id: int
    is_before: bool = False


EVERYTHING = Wanted()


def registered(
    session: Session,
    scope: Scope,
    wanted: Wanted = EVERYTHING,
    search: Search = lists.EVERYTHING,
    *,
    order: Order = Order.NAME,
    start: FromSystem | None = None,
    limit: int = PER_PAGE,
) -> Page[RegisteredSystem]:
    """start None, or of a system that is not in the scope: the first page."""
    looked_at = and_(wanted.condition(), _matching(search))
    is_plain = not search and wanted == Wanted(unit=wanted.unit)
    narrowed = and_(_meant(scope, wanted), looked_at)
    column, is_ascending = (_SYSTEM.c.folded, True) if order is Order.NAME else (_SYSTEM.c.updated_at, False)
    key, seen = tuple_(column, _SYSTEM.c.id), _seen(session, scope, column, start)
    is_forward = seen is None or start is None or not start.is_before
    query = select(_SYSTEM.c.id).where(narrowed)
    if seen is not None:
        query = query.where(key > seen if is_forward is is_ascending else key < seen)
    places = (column, _SYSTEM.c.id) if is_forward is is_ascending else (column.desc(), _SYSTEM.c.id.desc())
    numbers = session.execute(query.order_by(*places).limit(limit)).scalars().all()
    if not is_forward:
        numbers = numbers[::-1]
    counted = _meant(scope, wanted, by_index=True) if is_plain else narrowed
    every = select(func.count()).select_from(_SYSTEM)
    # The number of all rows is there at once where nothing is required of them.
    total = session.execute(every if isinstance(counted, True_) else every.where(counted)).scalar_one()
    before = 0
    if numbers and seen is not None:
        first = _seen(session, scope, column, FromSystem(numbers[0]))
        earlier = (
            select(func.count()).select_from(_SYSTEM).where(narrowed, key < first if is_ascending else key > first)
        )
        before = session.execute(earlier).scalar_one()
    return Page(_read(session, numbers), before, total)


def every(
    session: Session, scope: Scope, wanted: Wanted = EVERYTHING, search: Search = lists.EVERYTHING
) -> Iterator[RegisteredSystem]:
    """All that are meant, by name, some at a time."""
    narrowed = and_(_meant(scope, wanted), wanted.condition(), _matching(search))
    query = select(_SYSTEM.c.id).where(narrowed).order_by(_SYSTEM.c.folded, _SYSTEM.c.id)
    numbers = session.execute(query).scalars().all()
    for first in range(0, len(numbers), _AT_ONCE):
        yield from _read(session, numbers[first : first + _AT_ONCE])


def system(session: Session, system_id: int) -> RegisteredSystem | None:
    """None: there is no such system."""
    return next(iter(_read(session, [system_id])), None)


def owners(session: Session, scope: Scope) -> tuple[Person, ...]:
    """Everybody who answers for a system of the scope, by name."""
    named = select(_SYSTEM.c.owner_id).where(_meant(scope, EVERYTHING)).distinct()
    query = select(_ACCOUNT.c.id, _ACCOUNT.c.name).where(_ACCOUNT.c.id.in_(named))
    return tuple(Person(row.id, row.name) for row in session.execute(query.order_by(_ACCOUNT.c.name, _ACCOUNT.c.id)))


def operators(session: Session, scope: Scope) -> tuple[tuple[int, str, int], ...]:
    """Id, name and unit of the operators that the scope sees, by name."""
    query = select(_OPERATOR.c.id, _OPERATOR.c.name, _OPERATOR.c.unit_id).where(lists.operators_of(scope))
    return tuple(
        (row.id, row.name, row.unit_id) for row in session.execute(query.order_by(_OPERATOR.c.name, _OPERATOR.c.id))
    )


def namesake(session: Session, operator_id: int, like: AISystem) -> int | None:
    """A system of this operator that is called alike in both languages. None: there is none."""
    called = {"operator": operator_id, "ko": like.name_ko, "en": like.name_en}
    number: int | None = session.connection().execute(_NAMESAKE, called).scalar()
    return number


_NAMESAKE = (
    select(_SYSTEM.c.id)
    .where(
        _SYSTEM.c.operator_id == bindparam("operator"),
        _SYSTEM.c.name_ko == bindparam("ko"),
        _SYSTEM.c.name_en == bindparam("en"),
    )
    .limit(1)
)


def numbers_of(session: Session, system_id: int) -> tuple[int, ...]:
    """All assessments of a system, newest first."""
    query = select(_ASSESSMENT.c.id).where(_ASSESSMENT.c.system_id == system_id).order_by(_ASSESSMENT.c.id.desc())
    return tuple(session.execute(query).scalars())


def named_in(session: Session, unit_ids: Collection[int] | None, limit: int) -> tuple[tuple[int, str, str], ...]:
    """Number and both names of the first systems of these units, by name. unit_ids None: of all."""
    query = select(_SYSTEM.c.id, _SYSTEM.c.name_ko, _SYSTEM.c.name_en).where(lists.in_units(unit_ids))
    rows = session.execute(query.order_by(_SYSTEM.c.folded, _SYSTEM.c.id).limit(limit))
    return tuple((row.id, row.name_ko, row.name_en) for row in rows)


def of_assessment(session: Session, assessment_id: int) -> int:
    """Of an assessment that there is."""
    return int(session.execute(select(_ASSESSMENT.c.system_id).where(_ASSESSMENT.c.id == assessment_id)).scalar_one())


def domains_of(session: Session, system_id: int) -> tuple[str, ...]:
    """In which the system was assessed, or begun to be. Empty: in none."""
    query = select(_ASSESSMENT.c.domain).where(_ASSESSMENT.c.system_id == system_id).distinct()
    return tuple(sorted(session.execute(query).scalars()))


# --- parts ---------------------------------------------------------------------------------------------------


def _meant(scope: Scope, wanted: Wanted, *, by_index: bool = False) -> ColumnElement[bool]:
    """by_index: nothing but the unit is looked at. The sign before the column keeps SQLite from taking that index otherwise, which
    would look up and sort all systems of a unit for one page."""
    readable = scope.reading("read_system")
    if wanted.unit:
        below = scope.tree.below(wanted.unit)
        readable = below if readable is None else readable & below
    if readable is None or by_index:
        return lists.in_units(readable)
    return Unindexed(_SYSTEM.c.unit_id).in_(readable)


def _matching(search: Search) -> ColumnElement[bool]:
    """Every word stands in the system's names, in what its operator is called, or is an assessment's number."""
    condition: ColumnElement[bool] = true()
    for word, digits in search.parts():
        places = [lists.in_name(word)]
        if digits is not None:
            places.append(_SYSTEM.c.id.in_(select(_ASSESSMENT.c.system_id).where(_ASSESSMENT.c.id == digits)))
        condition = and_(condition, or_(*places))
    return condition


def _seen(session: Session, scope: Scope, column: Any, start: FromSystem | None) -> Any:
    if start is None:
        return None
    query = select(column).where(_SYSTEM.c.id == start.id, _meant(scope, EVERYTHING))
    value = session.execute(query).scalar()
    return None if value is None else tuple_(literal(value, column.type), literal(start.id))


def _lines(numbers: Collection[int]) -> Select[Any]:
    return (
        select(*SYSTEM_COLUMNS, _OPERATOR.c.name.label("operator_name"), _ACCOUNT.c.name.label("owner_name"))
        .select_from(
            _SYSTEM.join(_OPERATOR, _OPERATOR.c.id == _SYSTEM.c.operator_id).outerjoin(
                _ACCOUNT, _ACCOUNT.c.id == _SYSTEM.c.owner_id
            )
        )
        .where(_SYSTEM.c.id.in_(numbers))
    )


def _read(session: Session, numbers: Sequence[int]) -> tuple[RegisteredSystem, ...]:
    rows = {row.system_id: row for row in session.execute(_lines(numbers))}
    return tuple(_registered(rows[number]) for number in numbers if number in rows)


def _registered(row: Any) -> RegisteredSystem:
    changed: datetime = row.system_updated_at
    owner = Person(row.system_owner_id, row.owner_name or row.system_owner_id) if row.system_owner_id else None
    return RegisteredSystem(
        row.system_id,
        row.system_unit_id,
        row.system_operator_id,
        row.operator_name,
        mapping.labelled_system(row),
        upkeep_of(row),
        owner,
        row.system_created_at,
        changed,
    )
