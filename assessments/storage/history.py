"""The append-only history: a hash chain over every deed. add_event, checkpoint, verify, erase.

Every column of an event goes into its hash, together with the hash before it. The chain holds salted digests of the
values; the values lie beside it, so that personal data can be erased without breaking the chain. Erasing is itself an
event. Whoever owns the file could rewrite it whole: only checkpoints that left the house (printed in sealed reports)
show that.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, NamedTuple

from rfc8785 import CanonicalizationError
from sqlalchemy import insert, text
from sqlalchemy import select as select_core
from sqlalchemy.event import listen
from sqlmodel import Session, select

from assessments import security_log
from assessments.content.canonical import canonical
from assessments.errors import NotAllowedError, NotFoundError
from assessments.model import Actor, Text
from assessments.security_log import Deed, Outcome
from assessments.storage import walls
from assessments.storage.columns import utc_text
from assessments.storage.tables import EventRow, EventValueRow, table_of
from questionnaires.texts import texts_of

TEXTS = texts_of(__file__)
_EVENT = table_of(EventRow)
_LAST = select_core(_EVENT.c.seq, _EVENT.c.hash, _EVENT.c.at).order_by(_EVENT.c.seq.desc()).limit(1)
_ADD = insert(_EVENT)
_ADD_VALUES = insert(table_of(EventValueRow))

SECURITY: Mapping[str, Deed] = {
    **dict.fromkeys(("add_person", "change_person", "disable_person", "enable_person"), Deed.RIGHTS),
    **dict.fromkeys(("give_role", "take_role", "take_over_people"), Deed.RIGHTS),
    **dict.fromkeys(("add_unit", "add_organisation", "change_unit", "move_unit"), Deed.RIGHTS),
    **dict.fromkeys(("move_operator", "move_system"), Deed.RIGHTS),
    "make_link": Deed.CREDENTIAL,
    "end_sessions": Deed.SESSION_ENDED,
    "demand_second_factor": Deed.SETTINGS,
}
"""Kinds of events that stand in the security log too: who may come in, and who may do what."""
_NOTED = ("role", "roles", "unit", "demanded", "parent", "operator", "system", "purpose")
FORMAT = 1
"""Version of the hashed form of an event; raised when that changes, so that old events still verify."""
FIRST = "0" * 64
"""Previous hash of the first event."""
ACTOR = "actor"
ERASE = "erase_values"
_TELL_EVERY = 500
"""Number of events between two progress reports."""


@dataclass(frozen=True)
class Checkpoint:
    """Head of the chain at a moment; seq 0: no event yet."""

    seq: int
    hash: str
    at: datetime


class Fault(StrEnum):
    """Kinds of damage to the history."""

    MISSING = "missing"
    ALTERED = "altered"
    VALUE_ALTERED = "value_altered"
    VALUE_MISSING = "value_missing"
    STRAY_VALUE = "stray_value"
    CHECKPOINT = "checkpoint"


FAULTS: Mapping[Fault, Text] = {fault: TEXTS.text(f"fault_{fault}") for fault in Fault}


@dataclass(frozen=True)
class HistoryFault:
    """One place where the history was altered."""

    seq: int
    fault: Fault
    name: str = ""
    """The value's name; empty: the event itself."""

    @property
    def text(self) -> Text:
        return FAULTS[self.fault]


@dataclass(frozen=True)
class HistoryVerification:
    """Result of re-deriving the chain; intact if there is no fault."""

    events: int
    faults: tuple[HistoryFault, ...]
    erased: tuple[tuple[int, str], ...]
    """Event number and name of each value that an event erased."""
    checkpoints: int
    """Number of checkpoints compared."""

    @property
    def is_intact(self) -> bool:
        return not self.faults


def add_event(
    session: Session,
    kind: str,
    actor: Actor,
    at: datetime,
    assessment_id: int | None = None,
    revision: int | None = None,
    values: Mapping[str, Any] | None = None,
) -> Checkpoint:
    """Appends one event in the caller's transaction. values: plain JSON, each erasable by name."""
    return add_events(session, [Adding(kind, actor, values or {}, assessment_id, revision)], at)[0]


class Adding(NamedTuple):
    """An event that is to be appended."""

    kind: str
    actor: Actor
    values: Mapping[str, Any]
    assessment_id: int | None = None
    revision: int | None = None


def add_events(session: Session, events: Sequence[Adding], at: datetime) -> list[Checkpoint]:
    """The same of several, in their order, all of them written in one go."""
    if not events:
        return []
    before = checkpoint(session)
    seq, previous = (before.seq, before.hash) if before else (0, FIRST)
    columns: list[dict[str, Any]] = []
    beside: list[dict[str, Any]] = []
    for event in events:
        seq, actor = seq + 1, event.actor
        person = {"id": actor.id, "name": actor.name, "roles": sorted(role.value for role in actor.roles)}
        written = {name: canonical(value).decode() for name, value in {**event.values, ACTOR: person}.items()}
        salts = {name: secrets.token_hex(16) for name in written}
        digests = {name: _digest(salts[name], value) for name, value in written.items()}
        about = event.assessment_id, event.revision
        line = _Line(seq, FORMAT, event.kind, utc_text(at), *about, json.dumps(digests), previous, "")
        previous = line.derived_hash()
        columns.append({**vars(line), "at": at, "digests": digests, "hash": previous})
        beside += [{"seq": seq, "name": name, "salt": salts[name], "value": value} for name, value in written.items()]
    connection = session.connection()
    connection.execute(_ADD, columns)
    connection.execute(_ADD_VALUES, beside)
    for event in events:
        if event.kind in SECURITY:
            _note_once_committed(session, event.kind, event.actor, event.values)
    return [Checkpoint(row["seq"], row["hash"], at) for row in columns]


def _note_once_committed(session: Session, kind: str, actor: Actor, values: Mapping[str, Any]) -> None:
    """In the security log; what is rolled back was never done. Ids, roles and numbers only, no name."""
    person = values.get("person", "")
    subject = str(person["id"] if isinstance(person, Mapping) else person)
    parts = [f"{name} {values[name]}" for name in _NOTED if name in values]
    reason = ", ".join([kind, *parts])

    def note(_: object) -> None:
        security_log.note(SECURITY[kind], Outcome.DONE, actor=actor.id, subject=subject, reason=reason)

    listen(session, "after_commit", note, once=True)


def checkpoint(session: Session) -> Checkpoint | None:
    """The current head of the chain. None: no event yet."""
    with walls.lowered(session):
        row = session.connection().execute(_LAST).first()
    return Checkpoint(row.seq, row.hash, row.at) if row else None


def place_of(session: Session, seq: int) -> int | None:
    """The assessment that an event is about. None: about none, or there is no such event."""
    return session.connection().execute(select_core(_EVENT.c.assessment_id).where(_EVENT.c.seq == seq)).scalar()


def kind_of(session: Session, seq: int) -> str | None:
    """None: there is no such event."""
    return session.connection().execute(select_core(_EVENT.c.kind).where(_EVENT.c.seq == seq)).scalar()


def erase(session: Session, seq: int, names: Sequence[str], reason: str, actor: Actor, at: datetime) -> Checkpoint:
    """Permanently erases values of one event and records that in a new event. Raises: NotFoundError."""
    rows = {row.name: row for row in session.exec(select(EventValueRow).where(EventValueRow.seq == seq))}
    unknown = [name for name in names if name not in rows or rows[name].value is None]
    if unknown or not names:
        known = ", ".join(name for name, row in rows.items() if row.value is not None) or "-"
        raise NotFoundError(TEXTS.told("no_value_to_erase", seq=seq, known=known, names=", ".join(unknown) or "-"))
    event = session.get_one(EventRow, seq)
    if event.kind == ERASE:
        raise NotAllowedError(TEXTS.told("erasure_is_kept", seq=seq))
    for name in names:
        rows[name].value = rows[name].salt = None
    session.flush()
    values = {"seq": seq, "names": list(names), "reason": reason}
    return add_event(session, ERASE, actor, at, event.assessment_id, event.revision, values)


def verify(
    session: Session,
    checkpoints: Iterable[Checkpoint] = (),
    *,
    since: Checkpoint | None = None,
    tell: Callable[[float], None] = lambda _: None,
) -> HistoryVerification:
    """Re-derives the chain and compares it with checkpoints kept elsewhere.

    since: verify only events after this checkpoint, which is trusted; None: the whole chain.
    tell: called with the share done, 0 to 1.
    """
    with walls.lowered(session):
        return _verified(session, checkpoints, since, tell)


def _verified(
    session: Session, checkpoints: Iterable[Checkpoint], since: Checkpoint | None, tell: Callable[[float], None]
) -> HistoryVerification:
    faults: list[HistoryFault] = []
    gone: set[tuple[int, str]] = set()
    erased: set[tuple[int, str]] = set()
    hashes: dict[int, str] = {}
    start = since.seq if since else 0
    values = _Values(session, start)
    previous, expected = since.hash if since else FIRST, start + 1
    count = max(1, (session.connection().execute(text("SELECT max(seq) FROM event")).scalar() or 0) - start)
    for done, event in enumerate(_events(session, start)):
        if done % _TELL_EVERY == 0:
            tell(min(1.0, done / count))
        faults += [HistoryFault(seq, Fault.MISSING) for seq in range(expected, min(event.seq, expected + 1000))]
        if event.previous != previous or event.derived_hash() != event.hash:
            faults.append(HistoryFault(event.seq, Fault.ALTERED))
        event_values = values.of(event.seq)
        faults += _value_faults(event, event_values, gone)
        if event.kind == ERASE:
            erased |= _named(event_values)
        hashes[event.seq] = event.hash
        previous, expected = event.hash, event.seq + 1
    faults += [HistoryFault(row.seq, Fault.STRAY_VALUE, row.name) for row in values.rest()]
    faults += [HistoryFault(seq, Fault.VALUE_MISSING, name) for seq, name in sorted(gone - erased)]
    compared, events = list(checkpoints), len(hashes)
    if since is not None:
        hashes |= _hash_at(session, since.seq)
    faults += [
        HistoryFault(checkpoint.seq, Fault.CHECKPOINT)
        for checkpoint in compared
        if checkpoint.seq and hashes.get(checkpoint.seq) != checkpoint.hash
    ]
    return HistoryVerification(events, tuple(faults), tuple(sorted(gone & erased)), len(compared))


# --- parts -------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Line:
    """An event as stored, unparsed, so that a corrupt column is a fault rather than an exception."""

    seq: int
    format: int
    kind: str
    at: str
    assessment_id: int | None
    revision: int | None
    digests: str
    previous: str
    hash: str

    def named_digests(self) -> dict[str, str]:
        try:
            digests = json.loads(self.digests)
        except (TypeError, ValueError):
            return {}
        return digests if isinstance(digests, dict) else {}

    def derived_hash(self) -> str:
        """SHA-256 over the canonical JSON of every column except the hash; empty if a column cannot be serialised."""
        columns = {name: value for name, value in vars(self).items() if name != "hash"}
        try:
            return hashlib.sha256(canonical({**columns, "digests": self.named_digests()})).hexdigest()
        except (ValueError, TypeError, CanonicalizationError):
            return ""


@dataclass(frozen=True)
class _Value:
    seq: int
    name: str
    salt: str | None
    value: str | None


def _events(session: Session, after: int) -> Iterator[_Line]:
    columns = "seq, format, kind, at, assessment_id, revision, digests, previous, hash"
    statement = text(f"SELECT {columns} FROM event WHERE seq > :after ORDER BY seq")  # noqa: S608 - fixed names
    return (_Line(*row) for row in session.connection().execute(statement, {"after": after}))


def _hash_at(session: Session, seq: int) -> dict[int, str]:
    """Event number → hash; empty if there is no such event."""
    row = session.connection().execute(select_core(_EVENT.c.hash).where(_EVENT.c.seq == seq)).first()
    return {seq: row.hash} if row else {}


class _Values:
    """Reads the values in event order, in one pass alongside the chain."""

    def __init__(self, session: Session, after: int) -> None:
        statement = text("SELECT seq, name, salt, value FROM event_value WHERE seq > :after ORDER BY seq, name")
        rows = session.connection().execute(statement, {"after": after})
        self._rows = (_Value(*row) for row in rows)
        self._next = next(self._rows, None)
        self._stray: list[_Value] = []

    def of(self, seq: int) -> dict[str, _Value]:
        values = {}
        while self._next is not None and self._next.seq <= seq:
            if self._next.seq == seq:
                values[self._next.name] = self._next
            else:
                self._stray.append(self._next)
            self._next = next(self._rows, None)
        return values

    def rest(self) -> list[_Value]:
        """Values whose event does not exist."""
        return [*self._stray, *([self._next] if self._next else ()), *self._rows]


def _digest(salt: str, value: str) -> str:
    return hashlib.sha256(f"{salt}:{value}".encode()).hexdigest()


def _value_faults(event: _Line, values: Mapping[str, _Value], gone: set[tuple[int, str]]) -> list[HistoryFault]:
    """Faults in one event's values; empty values are added to `gone`, because a later event may have erased them."""
    digests = event.named_digests()
    faults = [HistoryFault(event.seq, Fault.STRAY_VALUE, name) for name in values if name not in digests]
    for name, digest in digests.items():
        row = values.get(name)
        if row is None:
            faults.append(HistoryFault(event.seq, Fault.VALUE_MISSING, name))
        elif row.value is None:
            gone.add((event.seq, name))
        elif _digest(row.salt or "", row.value) != digest:
            faults.append(HistoryFault(event.seq, Fault.VALUE_ALTERED, name))
    return faults


def _named(values: Mapping[str, _Value]) -> set[tuple[int, str]]:
    """Event number and name of each value that an erasure event lists."""
    try:
        seq, names = (json.loads(values[name].value or "") for name in ("seq", "names"))
    except (KeyError, ValueError):
        return set()
    return {(seq, str(name)) for name in names} if isinstance(seq, int) and isinstance(names, list) else set()
