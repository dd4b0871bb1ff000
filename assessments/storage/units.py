"""The tree of units, and who holds which role in it: path_of, tree, find_actor, actors; their small writers."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, bindparam, delete, func, insert, or_, select, update
from sqlmodel import Session

from assessments.errors import NotFoundError
from assessments.model import OF_ONE, Actor, Committee, Grant, Person, Role
from assessments.rights import Kind
from assessments.storage import database
from assessments.storage.account_tables import AccountRow, GrantRow, UnitRow
from assessments.storage.committee_tables import CommitteeRow
from assessments.storage.meeting_tables import MeetingRow
from assessments.storage.recourse_tables import RequestRow
from assessments.storage.tables import AssessmentRow, OperatorRow, SystemRow, table_of
from questionnaires.texts import texts_of

TEXTS = texts_of(__file__)
_UNIT, _ACCOUNT, _GRANT = table_of(UnitRow), table_of(AccountRow), table_of(GrantRow)
_TREE = "haetae_units"
_HELD = "haetae_units_held"
_COMMITTEE, _MEETING = table_of(CommitteeRow), table_of(MeetingRow)
_REQUEST = table_of(RequestRow)
_OPERATOR, _SYSTEM, _ASSESSMENT = table_of(OperatorRow), table_of(SystemRow), table_of(AssessmentRow)


@dataclass(frozen=True)
class Unit:
    """A part of an organisation; without a parent it is the organisation itself."""

    id: int
    name: str
    parent: int | None
    committee: Committee | None = None
    """How its committee decides. None: as that of the unit above."""


@dataclass(frozen=True)
class Account:
    """Somebody who may act, or could once."""

    id: str
    unit: int
    """Whose administrators look after it."""
    name: str
    email: str
    is_active: bool
    created_at: datetime
    grants: frozenset[Grant]
    """As they were given; an auditor's role holds in the whole organisation of its unit."""
    position: str = ""
    """Position and department; empty: not stated."""


@dataclass(frozen=True)
class Tree:
    """All units of this installation."""

    units: Mapping[int, Unit]

    def path(self, unit_id: int) -> tuple[int, ...]:
        """The unit and all above it, up to the organisation; empty: there is no such unit."""
        path: list[int] = []
        unit = self.units.get(unit_id)
        while unit is not None and unit.id not in path:
            path.append(unit.id)
            unit = self.units.get(unit.parent or 0)
        return tuple(path)

    def organisation(self, unit_id: int) -> int:
        """The unit at the top of its path."""
        return self.path(unit_id)[-1]

    def below(self, unit_id: int) -> frozenset[int]:
        """The unit and all below it."""
        return frozenset(other for other in self.units if unit_id in self.path(other))

    def where(self, actor: Actor, roles: Iterable[Role]) -> frozenset[int]:
        """The units in which the actor holds one of these roles."""
        wanted = frozenset(roles)
        at = {grant.unit for grant in actor.held if grant.role in wanted}
        return frozenset(unit for unit in self.units if not at.isdisjoint(self.path(unit)))

    def above(self, units: Iterable[int]) -> frozenset[int]:
        """These units and all above them."""
        return frozenset(above for unit in units for above in self.path(unit))

    def tops(self, units: Collection[int]) -> tuple[int, ...]:
        """Those of these units that lie below none of the others."""
        return tuple(unit for unit in self.units if unit in units and self.units[unit].parent not in units)

    def committee(self, unit_id: int) -> Committee:
        """The settings of the unit or of the nearest above it that has any."""
        settings = (self.units[unit].committee for unit in self.path(unit_id))
        return next((each for each in settings if each is not None), OF_ONE)

    def names(self, unit_id: int) -> tuple[str, ...]:
        """From the organisation down to the unit."""
        return tuple(self.units[unit].name for unit in reversed(self.path(unit_id)))


def tree(session: Session) -> Tree:
    """All units. Where nothing can change before the session ends, they are read once."""
    read: Tree | None = session.info.get(_TREE)
    if read is None:
        read = _tree(session)
        if database.SNAPSHOT in session.info or _HELD in session.info:
            session.info[_TREE] = read
    return read


@contextmanager
def held(session: Session) -> Iterator[None]:
    """Within it no unit, role or account changes and nothing moves, as in deeds on each row of a table: it is all read once."""
    known: dict[object, Any] = {}
    session.info[_HELD] = known
    try:
        yield
    finally:
        del session.info[_HELD]
        session.info.pop(_TREE, None)


def _tree(session: Session) -> Tree:
    query = select(_UNIT, _COMMITTEE.c.quorum, _COMMITTEE.c.chair_votes)
    query = query.outerjoin(_COMMITTEE, _COMMITTEE.c.unit_id == _UNIT.c.id).order_by(_UNIT.c.id)
    rows = session.connection().execute(query)
    return Tree({row.id: Unit(row.id, row.name, row.parent_id, _committee(row)) for row in rows})


def _committee(row: Any) -> Committee | None:
    return None if row.quorum is None else Committee(row.quorum, bool(row.chair_votes))


# --- where something lies -------------------------------------------------------------------------------------


def _path(start: Select[Any]) -> Select[Any]:
    """Ids of a unit and of all above it. start: its id and its parent's."""
    path = start.cte("path", recursive=True)
    path = path.union(select(_UNIT.c.id, _UNIT.c.parent_id).join(path, path.c.parent_id == _UNIT.c.id))
    return select(path.c.id)


_OF = select(_UNIT.c.id, _UNIT.c.parent_id)
_PATHS: Mapping[Kind, Select[Any]] = {
    Kind.UNIT: _path(_OF.where(_UNIT.c.id == bindparam("which"))),
    Kind.OPERATOR: _path(
        _OF.join(_OPERATOR, _OPERATOR.c.unit_id == _UNIT.c.id).where(_OPERATOR.c.id == bindparam("which"))
    ),
    Kind.ACCOUNT: _path(
        _OF.join(_ACCOUNT, _ACCOUNT.c.unit_id == _UNIT.c.id).where(_ACCOUNT.c.id == bindparam("which"))
    ),
    Kind.SYSTEM: _path(_OF.join(_SYSTEM, _SYSTEM.c.unit_id == _UNIT.c.id).where(_SYSTEM.c.id == bindparam("which"))),
    Kind.ASSESSMENT: _path(
        _OF.join(_SYSTEM, _SYSTEM.c.unit_id == _UNIT.c.id)
        .join(_ASSESSMENT, _ASSESSMENT.c.system_id == _SYSTEM.c.id)
        .where(_ASSESSMENT.c.id == bindparam("which"))
    ),
    Kind.REQUEST: _path(
        _OF.join(_SYSTEM, _SYSTEM.c.unit_id == _UNIT.c.id)
        .join(_REQUEST, _REQUEST.c.system_id == _SYSTEM.c.id)
        .where(_REQUEST.c.seq == bindparam("which"))
    ),
    Kind.MEETING: _path(
        _OF.join(_MEETING, _MEETING.c.unit_id == _UNIT.c.id).where(_MEETING.c.id == bindparam("which"))
    ),
}


def path_of(session: Session, kind: Kind, which: int | str) -> tuple[int, ...]:
    """The unit to which something belongs and all above it, up to the organisation; empty: there is no such thing."""
    known: dict[object, Any] = session.info.get(_HELD, {})
    path: tuple[int, ...] | None = known.get((kind, which))
    if path is None:
        path = tuple(session.connection().execute(_PATHS[kind], {"which": which}).scalars())
        if path:  # what is not there may come
            known[kind, which] = path
    return path


def unit_of(session: Session, kind: Kind, which: int | str) -> int:
    """Raises: NotFoundError."""
    path = path_of(session, kind, which)
    if not path:
        raise absent(kind, which)
    return path[0]


def absent(kind: Kind, which: int | str) -> NotFoundError:
    """There is none such, or none that may be seen: both are told alike."""
    return NotFoundError(TEXTS.told("absent", kind=TEXTS.text(f"absent_{kind}"), which=which))


# --- people ---------------------------------------------------------------------------------------------------

_ACCOUNTS = (
    select(
        _ACCOUNT.c.id,
        _ACCOUNT.c.unit_id.label("account_unit"),
        _ACCOUNT.c.name,
        _ACCOUNT.c.email,
        _ACCOUNT.c.is_active,
        _ACCOUNT.c.created_at,
        _ACCOUNT.c.position,
        _GRANT.c.unit_id,
        _GRANT.c.role,
    )
    .outerjoin(_GRANT, _GRANT.c.account_id == _ACCOUNT.c.id)
    .order_by(_ACCOUNT.c.created_at, _ACCOUNT.c.id, _GRANT.c.unit_id, _GRANT.c.role)
)
_ACCOUNT_OF = _ACCOUNTS.where(_ACCOUNT.c.id == bindparam("id"))


def accounts(session: Session, units: Collection[int] | None = None) -> tuple[Account, ...]:
    """In the order in which they were added. units: whom these look after or have given a role; None: everybody."""
    query = _ACCOUNTS
    if units is not None:
        holding = select(_GRANT.c.account_id).where(_GRANT.c.unit_id.in_(units))
        query = query.where(or_(_ACCOUNT.c.unit_id.in_(units), _ACCOUNT.c.id.in_(holding)))
    return _accounts(session.connection().execute(query).all())


def find_account(session: Session, account_id: str) -> Account | None:
    """None: there is nobody of that id."""
    return next(iter(_accounts(session.connection().execute(_ACCOUNT_OF, {"id": account_id}).all())), None)


def find_actor(session: Session, account_id: str) -> Actor | None:
    """None: there is nobody of that id, or they may not act any more."""
    account = find_account(session, account_id)
    if account is None or not account.is_active:
        return None
    return _actor(
        account, {grant.unit: _organisation(session, grant.unit) for grant in account.grants if _is_wide(grant)}
    )


def actors(session: Session) -> tuple[Actor, ...]:
    """Everybody who may act."""
    units = tree(session)
    return tuple(
        _actor(account, {grant.unit: units.organisation(grant.unit) for grant in account.grants if _is_wide(grant)})
        for account in accounts(session)
        if account.is_active
    )


def people_at(session: Session, path: Collection[int], roles: Collection[Role] = tuple(Role)) -> tuple[Person, ...]:
    """Those who may act and hold one of these roles in one of these units, by name."""
    known: dict[object, Any] = session.info.get(_HELD, {})
    key = (frozenset(path), frozenset(roles))
    people: tuple[Person, ...] | None = known.get(key)
    if people is None:
        people = known[key] = _people_at(session, path, roles)
    return people


def _people_at(session: Session, path: Collection[int], roles: Collection[Role]) -> tuple[Person, ...]:
    query = (
        select(_ACCOUNT.c.id, _ACCOUNT.c.name)
        .join(_GRANT, _GRANT.c.account_id == _ACCOUNT.c.id)
        .where(_GRANT.c.unit_id.in_(path), _GRANT.c.role.in_([role.value for role in roles]), _ACCOUNT.c.is_active)
        .distinct()
        .order_by(_ACCOUNT.c.name, _ACCOUNT.c.id)
    )
    return tuple(Person(row.id, row.name) for row in session.connection().execute(query))


def _accounts(rows: Sequence[Any]) -> tuple[Account, ...]:
    grants: dict[str, set[Grant]] = {}
    for row in rows:
        of_account = grants.setdefault(row.id, set())
        if row.role is not None:
            of_account.add(Grant(Role(row.role), row.unit_id))
    first = {row.id: row for row in reversed(rows)}
    return tuple(
        Account(
            *(row.id, row.account_unit, row.name, row.email, row.is_active, row.created_at),
            frozenset(grants[row.id]),
            row.position,
        )
        for row in (first[account_id] for account_id in grants)
    )


def _is_wide(grant: Grant) -> bool:
    return grant.role is Role.AUDITOR


def _actor(account: Account, organisations: Mapping[int, int]) -> Actor:
    """organisations: of the units at which the account audits."""
    grants = frozenset(
        Grant(grant.role, organisations[grant.unit]) if _is_wide(grant) else grant for grant in account.grants
    )
    return Actor(account.id, account.name, frozenset(grant.role for grant in grants), grants, account.position)


def _organisation(session: Session, unit_id: int) -> int:
    return path_of(session, Kind.UNIT, unit_id)[-1]


# --- systems --------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class PlacedSystem:
    """Where an AI system and its operator belong."""

    id: int
    unit: int
    operator: int
    operator_unit: int


def placed_systems(session: Session) -> tuple[PlacedSystem, ...]:
    query = select(_SYSTEM.c.id, _SYSTEM.c.unit_id, _OPERATOR.c.id, _OPERATOR.c.unit_id)
    rows = session.connection().execute(query.join(_OPERATOR, _OPERATOR.c.id == _SYSTEM.c.operator_id))
    return tuple(PlacedSystem(*row) for row in rows)


@dataclass(frozen=True)
class Holding:
    """How much belongs to a unit itself, not to those below it."""

    people: int = 0
    """Active accounts that it looks after."""
    operators: int = 0
    systems: int = 0


def holdings(session: Session) -> dict[int, Holding]:
    """Unit → what belongs to it."""
    queries = (
        select(_ACCOUNT.c.unit_id, func.count()).where(_ACCOUNT.c.is_active).group_by(_ACCOUNT.c.unit_id),
        select(_OPERATOR.c.unit_id, func.count()).group_by(_OPERATOR.c.unit_id),
        select(_SYSTEM.c.unit_id, func.count()).group_by(_SYSTEM.c.unit_id),
    )
    counts = [{row[0]: row[1] for row in session.connection().execute(query)} for query in queries]
    return {unit: Holding(*(count.get(unit, 0) for count in counts)) for unit in tree(session).units}


# --- writing --------------------------------------------------------------------------------------------------


def add_account(session: Session, account: Account) -> None:
    """With what was given to it."""
    columns = {
        "id": account.id,
        "unit_id": account.unit,
        "name": account.name,
        "email": account.email,
        "is_active": account.is_active,
        "created_at": account.created_at,
        "position": account.position,
    }
    session.connection().execute(insert(_ACCOUNT), columns)
    for grant in sorted(account.grants, key=lambda grant: (grant.unit, grant.role)):
        add_grant(session, account.id, grant)


def change_account(session: Session, account_id: str, **columns: object) -> None:
    session.connection().execute(update(_ACCOUNT).where(_ACCOUNT.c.id == account_id).values(**columns))


def add_grant(session: Session, account_id: str, grant: Grant) -> None:
    columns = {"account_id": account_id, "unit_id": grant.unit, "role": grant.role.value}
    session.connection().execute(insert(_GRANT), columns)


def remove_grant(session: Session, account_id: str, grant: Grant) -> None:
    session.connection().execute(
        delete(_GRANT).where(
            _GRANT.c.account_id == account_id, _GRANT.c.unit_id == grant.unit, _GRANT.c.role == grant.role.value
        )
    )


def add_unit(session: Session, name: str, parent: int | None) -> int:
    """Returns its id."""
    row = UnitRow(name=name, parent_id=parent)
    session.add(row)
    session.flush()
    return row.id or 0


def change_unit(session: Session, unit: Unit) -> None:
    session.connection().execute(
        update(_UNIT).where(_UNIT.c.id == unit.id).values(name=unit.name, parent_id=unit.parent)
    )


def move_operator(session: Session, operator_id: int, unit_id: int) -> None:
    session.connection().execute(update(_OPERATOR).where(_OPERATOR.c.id == operator_id).values(unit_id=unit_id))


def move_system(session: Session, system_id: int, unit_id: int) -> None:
    session.connection().execute(update(_SYSTEM).where(_SYSTEM.c.id == system_id).values(unit_id=unit_id))
