"""What the register says of an AI system beside its details, its incidents, and the events that are about it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, insert, select, update
from sqlmodel import Session

from assessments.model import AISystem, LegalRole, Person, Stage, Upkeep
from assessments.storage import event_lines
from assessments.storage.account_tables import AccountRow
from assessments.storage.entries import EventLine
from assessments.storage.register_tables import IncidentRow, MadeRow, SystemEventRow
from assessments.storage.tables import EventRow, OperatorRow, SystemRow, table_of

STATED, FOLLOWED = "state_incident", "follow_incident"
_SYSTEM, _ACCOUNT, _OPERATOR = table_of(SystemRow), table_of(AccountRow), table_of(OperatorRow)
_EVENT = table_of(EventRow)
_INCIDENT, _OF_SYSTEM, _MADE = table_of(IncidentRow), table_of(SystemEventRow), table_of(MadeRow)


@dataclass(frozen=True)
class IncidentStep:
    """What was done about an incident, and whether it was open after it."""

    text: str
    """Empty: erased."""
    by: Person | None
    """None: erased."""
    at: datetime
    is_open: bool


@dataclass(frozen=True)
class Incident:
    """Something that went wrong with a system."""

    number: int
    """Of the event that stated it."""
    on: date
    text: str
    """Empty: erased."""
    by: Person | None
    """None: erased."""
    at: datetime
    is_open: bool
    steps: tuple[IncidentStep, ...] = ()


@dataclass(frozen=True)
class RegisteredSystem:
    """An AI system as the register has it."""

    id: int
    unit_id: int
    operator_id: int
    operator_name: str
    system: AISystem
    upkeep: Upkeep
    owner: Person | None
    """None: nobody answers for it."""
    created_at: datetime
    updated_at: datetime


def upkeep_of(row: Any) -> Upkeep:
    """From a line whose columns of the system begin with `system_`."""
    return Upkeep(
        row.system_owner_id,
        LegalRole(row.system_legal_role) if row.system_legal_role else None,
        Stage(row.system_stage) if row.system_stage else None,
        row.system_started_on,
    )


def upkeep(session: Session, system_id: int) -> Upkeep:
    """Of a system that is there."""
    columns = [_SYSTEM.c[name].label(f"system_{name}") for name in ("owner_id", "legal_role", "stage", "started_on")]
    return upkeep_of(session.execute(select(*columns).where(_SYSTEM.c.id == system_id)).one())


def note(session: Session, system_ids: Collection[int], seq: int) -> None:
    """The event is about these systems."""
    note_each(session, [(system_id, seq) for system_id in sorted(set(system_ids))])


def note_each(session: Session, pairs: Sequence[tuple[int, int]]) -> None:
    """System and number of an event that is about it."""
    if pairs:
        rows = [{"system_id": system_id, "seq": seq} for system_id, seq in pairs]
        session.connection().execute(insert(_OF_SYSTEM), rows)


def events(
    session: Session, system_id: int, limit: int | None = None, *, before: int | None = None, kinds: Sequence[str] = ()
) -> tuple[EventLine, ...]:
    """About the system itself, newest first; its assessments have their own. kinds: only these."""
    query = select(_OF_SYSTEM.c.seq).where(_OF_SYSTEM.c.system_id == system_id)
    if before is not None:
        query = query.where(_OF_SYSTEM.c.seq < before)
    if kinds:
        query = query.join(_EVENT, _EVENT.c.seq == _OF_SYSTEM.c.seq).where(_EVENT.c.kind.in_(kinds))
    numbers = session.execute(query.order_by(_OF_SYSTEM.c.seq.desc()).limit(limit)).scalars().all()
    return event_lines.numbered(session, numbers)


def event_count(session: Session, system_id: int) -> int:
    counted = select(func.count()).select_from(_OF_SYSTEM).where(_OF_SYSTEM.c.system_id == system_id)
    return int(session.execute(counted).scalar_one())


# --- incidents -----------------------------------------------------------------------------------------------


def add_incident(session: Session, system_id: int, seq: int, on: date) -> None:
    row = {"seq": seq, "system_id": system_id, "on_day": on, "is_open": True}
    session.connection().execute(insert(_INCIDENT), row)


def set_open(session: Session, number: int, *, is_open: bool) -> None:
    session.connection().execute(update(_INCIDENT).where(_INCIDENT.c.seq == number).values(is_open=is_open))


def incidents(session: Session, system_id: int) -> tuple[Incident, ...]:
    """Open ones first, the newest at the head of each."""
    query = select(_INCIDENT).where(_INCIDENT.c.system_id == system_id)
    order = (_INCIDENT.c.is_open.desc(), _INCIDENT.c.on_day.desc(), _INCIDENT.c.seq.desc())
    rows = session.execute(query.order_by(*order)).all()
    if not rows:
        return ()
    lines = events(session, system_id, kinds=(STATED, FOLLOWED))
    stated = {line.seq: line for line in lines if line.kind == STATED}
    steps: dict[Any, list[IncidentStep]] = {}
    for line in reversed(lines):
        if line.kind == FOLLOWED:
            steps.setdefault(line.values.get("incident"), []).append(_step(line))
    return tuple(_incident(row, stated[row.seq], steps.get(row.seq, ())) for row in rows if row.seq in stated)


def incident_system(session: Session, number: int) -> tuple[int, bool] | None:
    """Of which system it is, and whether it is open. None: there is no such incident."""
    row = session.execute(select(_INCIDENT.c.system_id, _INCIDENT.c.is_open).where(_INCIDENT.c.seq == number)).first()
    return None if row is None else (row.system_id, row.is_open)


def open_incidents(session: Session, system_ids: Collection[int]) -> Mapping[int, int]:
    """System → number of its open incidents; systems without any are left out."""
    counted = (
        select(_INCIDENT.c.system_id, func.count())
        .where(_INCIDENT.c.system_id.in_(system_ids), _INCIDENT.c.is_open)
        .group_by(_INCIDENT.c.system_id)
    )
    return {row[0]: row[1] for row in session.execute(counted)}


def _incident(row: Any, line: EventLine, steps: Sequence[IncidentStep]) -> Incident:
    return Incident(row.seq, row.on_day, str(line.values.get("text", "")), line.by, line.at, row.is_open, tuple(steps))


def _step(line: EventLine) -> IncidentStep:
    return IncidentStep(str(line.values.get("text", "")), line.by, line.at, not line.values.get("closes"))


# --- made data -----------------------------------------------------------------------------------------------


def made(session: Session) -> int | None:
    """How many assessments were made for this database. None: it holds what people entered."""
    return session.execute(select(_MADE.c.assessments)).scalar()
