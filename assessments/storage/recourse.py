"""Requests of people concerned: find, listed, every, due_for, everything, figures; and their small writers.

What people wrote is read from the history; the table beside it knows days and states, for lists.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, insert, literal, not_, or_, select, true, tuple_, update
from sqlmodel import Session

from assessments.content.canonical import canonical
from assessments.model import Actor, AISystem, Person
from assessments.rights import Kind
from assessments.rules.recourse import Closing, Extension, Figures, Request, State, median
from assessments.storage import event_lines, lists, mapping, units
from assessments.storage.account_tables import AccountRow
from assessments.storage.due_list import MANAGERS
from assessments.storage.entries import EventLine
from assessments.storage.expressions import DaysBetween
from assessments.storage.lists import PER_PAGE, SYSTEM_COLUMNS, Page, Scope
from assessments.storage.recourse_tables import NO_DAY, RequestEventRow, RequestRow
from assessments.storage.searching import Search, comparable
from assessments.storage.tables import EventValueRow, OperatorRow, SystemRow, table_of

_REQUEST, _OF_REQUEST, _VALUE = table_of(RequestRow), table_of(RequestEventRow), table_of(EventValueRow)
_SYSTEM, _OPERATOR, _ACCOUNT = table_of(SystemRow), table_of(OperatorRow), table_of(AccountRow)
STATED, GIVEN, EXTENDED = "state_request", "give_request", "extend_request"
ANSWERED, REFUSED, WITHDRAWN = "answer_request", "refuse_request", "withdraw_request"
CLOSING = {ANSWERED: State.ANSWERED, REFUSED: State.REFUSED, WITHDRAWN: State.WITHDRAWN}
_IS_OPEN = _REQUEST.c.state == State.OPEN.value
_COUNTS = _REQUEST.c.state != State.WITHDRAWN.value
_AT_ONCE = 500


class Order(StrEnum):
    """Of the list."""

    DUE = "due"
    """What is due first."""
    RECEIVED = "received"
    """What came last."""


@dataclass(frozen=True)
class Choice:
    """Which requests are meant. An empty part leaves them all."""

    state: str = ""
    """A state, OVERDUE or EXTENDED."""
    kind: str = ""
    unit: int = 0
    """With the units below it; 0: all."""
    system: int = 0
    owner: str = ""
    """Account id."""
    since: date | None = None
    """Received on this day or later."""
    until: date | None = None

    def __bool__(self) -> bool:
        return self != Choice()


OVERDUE, EXTENDED_ONES = "overdue", "extended"
EVERYTHING = Choice()


@dataclass(frozen=True)
class FromRequest:
    """A request as last seen: the page starts right after it, or ends right before it."""

    number: int
    is_before: bool = False


@dataclass(frozen=True)
class RequestEntry:
    """One request in a list."""

    number: int
    system_id: int
    unit_id: int
    system: AISystem
    operator_name: str
    kind: str
    received: date
    due: date | None
    extensions: int
    owner: Person | None
    """None: their account is gone."""
    state: State
    closed_on: date | None
    outcome: str
    changed: bool | None
    reference: str = ""
    """Empty: erased, or not read."""
    asked: str = ""


@dataclass(frozen=True)
class DueRequests:
    """The first of a longer list of open requests that somebody sees to."""

    entries: tuple[RequestEntry, ...]
    total: int
    overdue: int


# --- reading ----------------------------------------------------------------------------------------------------


def find(session: Session, number: int) -> Request:
    """Raises: NotFoundError."""
    request = next(_whole(session, [number]), None)
    if request is None:
        raise units.absent(Kind.REQUEST, number)
    return request


def events(session: Session, number: int) -> tuple[EventLine, ...]:
    """Oldest first."""
    query = select(_OF_REQUEST.c.seq).where(_OF_REQUEST.c.request == number)
    numbers = session.connection().execute(query).scalars().all()
    return event_lines.numbered(session, numbers)[::-1] if numbers else ()


def namesake(session: Session, system_id: int, reference: str) -> int | None:
    """The request of this system that has this reference. None: there is none."""
    query = (
        select(_REQUEST.c.seq)
        .join(_VALUE, and_(_VALUE.c.seq == _REQUEST.c.seq, _VALUE.c.name == "reference"))
        .where(_REQUEST.c.system_id == system_id, _COUNTS, _VALUE.c.value == canonical(reference).decode())
    )
    number: int | None = session.connection().execute(query.limit(1)).scalar()
    return number


def listed(
    session: Session,
    scope: Scope,
    choice: Choice,
    today: date,
    search: Search = lists.EVERYTHING,
    *,
    order: Order = Order.DUE,
    start: FromRequest | None = None,
    limit: int = PER_PAGE,
) -> Page[RequestEntry]:
    """start None, or of a request that is not in the scope: the first page."""
    narrowed = and_(_meant(scope, choice, today), _matching(search))
    column, is_ascending = (_REQUEST.c.due_on, True) if order is Order.DUE else (_REQUEST.c.received_on, False)
    key, seen = tuple_(column, _REQUEST.c.seq), _seen(session, scope, column, start)
    is_forward = seen is None or start is None or not start.is_before
    query = select(_REQUEST.c.seq).where(narrowed)
    if seen is not None:
        query = query.where(key > seen if is_forward is is_ascending else key < seen)
    places = (column, _REQUEST.c.seq) if is_forward is is_ascending else (column.desc(), _REQUEST.c.seq.desc())
    numbers = session.execute(query.order_by(*places).limit(limit)).scalars().all()
    if not is_forward:
        numbers = numbers[::-1]
    total = session.execute(select(func.count()).select_from(_REQUEST).where(narrowed)).scalar_one()
    before = 0
    if numbers and seen is not None:
        first = _seen(session, scope, column, FromRequest(numbers[0]))
        earlier = and_(narrowed, key < first if is_ascending else key > first)
        before = session.execute(select(func.count()).select_from(_REQUEST).where(earlier)).scalar_one()
    return Page(_read(session, numbers, with_words=True), before, total)


def every(
    session: Session, scope: Scope, choice: Choice, today: date, search: Search = lists.EVERYTHING
) -> Iterator[Request]:
    """All that are meant, by due day, some at a time."""
    narrowed = and_(_meant(scope, choice, today), _matching(search))
    query = select(_REQUEST.c.seq).where(narrowed).order_by(_REQUEST.c.due_on, _REQUEST.c.seq)
    numbers = session.execute(query).scalars().all()
    for first in range(0, len(numbers), _AT_ONCE):
        yield from _whole(session, numbers[first : first + _AT_ONCE])


def due_for(session: Session, actor: Actor, today: date, days: int, limit: int) -> DueRequests:
    """Open requests that are due within so many days and that somebody sees to: their own, and all of their units for managers."""
    scope = Scope.of(session, actor)
    mine = or_(_REQUEST.c.owner_id == actor.id, _in(scope.holding(MANAGERS)))
    until = today + timedelta(days=min(days, (date.max - today).days))
    narrowed = and_(_IS_OPEN, _in(scope.reading("read_request")), mine, _REQUEST.c.due_on <= until, _has_day())
    query = select(_REQUEST.c.seq).where(narrowed).order_by(_REQUEST.c.due_on, _REQUEST.c.seq).limit(limit)
    numbers = session.execute(query).scalars().all()
    if not numbers:
        return DueRequests((), 0, 0)
    overdue = func.coalesce(func.sum(case((_REQUEST.c.due_on < today, 1), else_=0)), 0)
    total, late = session.execute(select(func.count(), overdue).select_from(_REQUEST).where(narrowed)).one()
    return DueRequests(_read(session, numbers, with_words=True), total, late)


def readable_by(session: Session, actor: Actor, today: date, days: int, limit: int) -> tuple[RequestEntry, ...]:
    """The first open ones that are due within so many days of those that somebody may read, without their words."""
    until = today + timedelta(days=min(days, (date.max - today).days))
    readable = _in(Scope.of(session, actor).reading("read_request"))
    query = select(_REQUEST.c.seq).where(_IS_OPEN, readable, _REQUEST.c.due_on <= until, _has_day())
    numbers = session.execute(query.order_by(_REQUEST.c.due_on, _REQUEST.c.seq).limit(limit)).scalars().all()
    return _read(session, numbers)


def everything(session: Session, today: date, days: int) -> tuple[RequestEntry, ...]:
    """All open ones that are due within so many days, of everybody, without their words: for reminders."""
    until = today + timedelta(days=min(days, (date.max - today).days))
    query = select(_REQUEST.c.seq).where(_IS_OPEN, _REQUEST.c.due_on <= until, _has_day())
    numbers = session.execute(query.order_by(_REQUEST.c.due_on, _REQUEST.c.seq)).scalars().all()
    return tuple(
        entry
        for first in range(0, len(numbers), _AT_ONCE)
        for entry in _read(session, numbers[first : first + _AT_ONCE])
    )


def figures(session: Session, scope: Scope, choice: Choice, today: date, search: Search = lists.EVERYTHING) -> Figures:
    """Of those that are meant and were not withdrawn."""
    narrowed = and_(_meant(scope, choice, today), _matching(search), _COUNTS)
    is_late = case((_IS_OPEN, False), else_=_REQUEST.c.closed_on > _REQUEST.c.due_on)
    counted = select(
        func.count(),
        _number(_IS_OPEN),
        _number(and_(_IS_OPEN, _REQUEST.c.due_on < today)),
        _number(is_late),
        _number(_REQUEST.c.state == State.REFUSED.value),
        _number(_REQUEST.c.changed.is_not(None)),
        _number(_REQUEST.c.changed.is_(True)),
    )
    row = session.execute(counted.select_from(_REQUEST).where(narrowed)).one()
    taken = DaysBetween(_REQUEST.c.received_on, _REQUEST.c.closed_on)
    days = select(taken, func.count()).where(narrowed, not_(_IS_OPEN)).group_by(taken)
    counts = {round(each[0]): each[1] for each in session.execute(days)}
    requests, still_open, overdue, late, refused, reviewed, changed = row
    return Figures(requests, still_open, overdue, late, refused, reviewed, changed, median(counts))


def owners(session: Session, scope: Scope) -> tuple[Person, ...]:
    """Everybody who sees to a request of the scope, by name."""
    named = select(_REQUEST.c.owner_id).where(_in(scope.reading("read_request"))).distinct()
    query = select(_ACCOUNT.c.id, _ACCOUNT.c.name).where(_ACCOUNT.c.id.in_(named))
    return tuple(Person(row.id, row.name) for row in session.execute(query.order_by(_ACCOUNT.c.name, _ACCOUNT.c.id)))


# --- writing ----------------------------------------------------------------------------------------------------


def add(session: Session, number: int, system_id: int, kind: str, received: date, due: date | None, owner: str) -> None:
    row = {
        "seq": number,
        "system_id": system_id,
        "kind": kind,
        "received_on": received,
        "due_on": due or NO_DAY,
        "extensions": 0,
        "owner_id": owner,
        "state": State.OPEN.value,
        "outcome": "",
    }
    session.connection().execute(insert(_REQUEST), row)


def set_columns(session: Session, number: int, **columns: object) -> None:
    session.connection().execute(update(_REQUEST).where(_REQUEST.c.seq == number).values(**columns))


def note(session: Session, number: int, seq: int) -> None:
    """The event is about this request."""
    session.connection().execute(insert(_OF_REQUEST), {"request": number, "seq": seq})


# --- parts ------------------------------------------------------------------------------------------------------


def _has_day() -> ColumnElement[bool]:
    return _REQUEST.c.due_on < NO_DAY


def _number(condition: ColumnElement[Any]) -> ColumnElement[int]:
    return func.coalesce(func.sum(case((condition, 1), else_=0)), 0)


def _in(held: Collection[int] | None) -> ColumnElement[bool]:
    """Its system lies in one of these units. None: in any."""
    if held is None:
        return true()
    return _REQUEST.c.system_id.in_(select(_SYSTEM.c.id).where(lists.in_units(held)))


def _meant(scope: Scope, choice: Choice, today: date) -> ColumnElement[bool]:
    readable = scope.reading("read_request")
    if choice.unit:
        below = scope.tree.below(choice.unit)
        readable = below if readable is None else readable & below
    meant = [_in(readable)]
    if choice.state == OVERDUE:
        meant += [_IS_OPEN, _REQUEST.c.due_on < today]
    elif choice.state == EXTENDED_ONES:
        meant += [_IS_OPEN, _REQUEST.c.extensions > 0]
    elif choice.state:
        meant.append(_REQUEST.c.state == choice.state)
    for column, value in ((_REQUEST.c.kind, choice.kind), (_REQUEST.c.owner_id, comparable(choice.owner))):
        if value:
            meant.append(column == value)
    if choice.system:
        meant.append(_REQUEST.c.system_id == choice.system)
    if choice.since:
        meant.append(_REQUEST.c.received_on >= choice.since)
    if choice.until:
        meant.append(_REQUEST.c.received_on <= choice.until)
    return and_(*meant)


def _matching(search: Search) -> ColumnElement[bool]:
    """Every word stands in the names of its system, in what the operator is called, or is the request's number."""
    condition: ColumnElement[bool] = true()
    for word, digits in search.parts():
        places: list[ColumnElement[bool]] = [_REQUEST.c.system_id.in_(select(_SYSTEM.c.id).where(lists.in_name(word)))]
        if digits is not None:
            places.append(_REQUEST.c.seq == digits)
        condition = and_(condition, or_(*places))
    return condition


def _seen(session: Session, scope: Scope, column: Any, start: FromRequest | None) -> Any:
    if start is None:
        return None
    query = select(column).where(_REQUEST.c.seq == start.number, _in(scope.reading("read_request")))
    value = session.execute(query).scalar()
    return None if value is None else tuple_(literal(value, column.type), literal(start.number))


def _lines(numbers: Collection[int]) -> Select[Any]:
    joined = (
        _REQUEST.join(_SYSTEM, _SYSTEM.c.id == _REQUEST.c.system_id)
        .join(_OPERATOR, _OPERATOR.c.id == _SYSTEM.c.operator_id)
        .outerjoin(_ACCOUNT, _ACCOUNT.c.id == _REQUEST.c.owner_id)
    )
    return (
        select(
            *(column for column in _REQUEST.c if column.name != "system_id"),
            *SYSTEM_COLUMNS,
            _OPERATOR.c.name.label("operator_name"),
            _ACCOUNT.c.name.label("owner_name"),
        )
        .select_from(joined)
        .where(_REQUEST.c.seq.in_(numbers))
    )


def _read(session: Session, numbers: Sequence[int], *, with_words: bool = False) -> tuple[RequestEntry, ...]:
    if not numbers:
        return ()
    rows = {row.seq: row for row in session.execute(_lines(numbers))}
    lines = event_lines.numbered(session, numbers) if with_words else ()
    words: Mapping[int, Mapping[str, Any]] = {line.seq: line.values for line in lines}
    return tuple(_entry(rows[number], words.get(number, {})) for number in numbers)


def _entry(row: Any, words: Mapping[str, Any]) -> RequestEntry:
    return RequestEntry(
        row.seq,
        row.system_id,
        row.system_unit_id,
        mapping.labelled_system(row),
        row.operator_name,
        row.kind,
        row.received_on,
        _due(row.due_on),
        row.extensions,
        Person(row.owner_id, row.owner_name) if row.owner_name else None,
        State(row.state),
        row.closed_on,
        row.outcome,
        row.changed,
        str(words.get("reference", "")),
        str(words.get("asked", "")),
    )


def _whole(session: Session, numbers: Sequence[int]) -> Iterator[Request]:
    """Those that there are, in this order."""
    query = (
        select(_REQUEST, _ACCOUNT.c.name.label("owner_name"))
        .select_from(_REQUEST.outerjoin(_ACCOUNT, _ACCOUNT.c.id == _REQUEST.c.owner_id))
        .where(_REQUEST.c.seq.in_(numbers))
    )
    rows = {row.seq: row for row in session.execute(query)}
    about = select(_OF_REQUEST.c.seq, _OF_REQUEST.c.request).where(_OF_REQUEST.c.request.in_(numbers))
    of_request = {row.seq: row.request for row in session.execute(about)}
    lines: dict[int, list[EventLine]] = {}
    for line in reversed(event_lines.numbered(session, list(of_request)) if of_request else ()):
        lines.setdefault(of_request[line.seq], []).append(line)
    return (_request(rows[number], lines[number]) for number in numbers if number in rows)


def _request(row: Any, lines: Sequence[EventLine]) -> Request:
    """lines: the events about it, oldest first."""
    stated = next(line for line in lines if line.kind == STATED)
    values = stated.values
    return Request(
        row.seq,
        row.system_id,
        row.kind,
        row.received_on,
        _due(row.due_on),
        State(row.state),
        str(values.get("reference", "")),
        str(values.get("asked", "")),
        str(values.get("channel", "")),
        _day(values.get("decision_on")),
        str(values.get("decision", "")),
        Person(row.owner_id, row.owner_name) if row.owner_name else None,
        stated.by,
        stated.at,
        _day(values.get("due")),
        tuple(_extension(line) for line in lines if line.kind == EXTENDED),
        next((_closing(line, row) for line in lines if line.kind in CLOSING), None),
        lines[-1].seq,
    )


def _due(day: date) -> date | None:
    return None if day == NO_DAY else day


def _day(text: Any) -> date | None:
    return date.fromisoformat(text) if text else None


def _extension(line: EventLine) -> Extension:
    values, unknown = line.values, line.at.date()
    return Extension(
        _day(values.get("until")) or unknown,
        _day(values.get("told_on")) or unknown,
        str(values.get("reason", "")),
        line.by,
        line.at,
    )


def _closing(line: EventLine, row: Any) -> Closing:
    values = line.values
    return Closing(
        CLOSING[line.kind],
        row.closed_on,
        row.outcome,
        row.changed,
        str(values.get("reviewer", "")),
        str(values.get("reviewed_by", "")),
        str(values.get("text", "")),
        line.by,
        line.at,
    )
