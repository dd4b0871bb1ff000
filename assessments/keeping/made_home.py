"""A portfolio made up for measuring and for showing, any size, written in bulk: seed. Marked as made, and never beside real data.

All of it is one transaction: what is broken off leaves the home empty. Indices are made anew at its end, which takes a part of
the time that keeping them right row by row would.

Systems, people, units, days, statuses and results are drawn at random from words in the YAML file beside this one; equal
arguments give equal portfolios but for salts. Answers are not made up: results are those that were drawn, so nothing derives them
anew. The history is a whole chain, and what was submitted has its digest.
"""

from __future__ import annotations

import hashlib
import json
import random
import secrets
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from itertools import accumulate
from operator import itemgetter
from pathlib import Path
from typing import Any

import yaml
from sqlalchemy.engine import Connection

from assessments import editions
from assessments.content.canonical import canonical, content, described
from assessments.decision_log import kept_log, making
from assessments.decision_log.kept_log import KeptLog
from assessments.errors import AssessmentError
from assessments.file import decision_log
from assessments.file.shape import LogShape, MadeLogShape
from assessments.model import (
    FIRST_UNIT,
    AISystem,
    Assessment,
    EditionRef,
    Grant,
    Level,
    Operator,
    Outcome,
    Person,
    Role,
    Stage,
    Statement,
    Status,
)
from assessments.rules import ENGINE
from assessments.rules.lifecycle import Cause
from assessments.storage import append_only, database, guards, history, mapping, system_life, units
from assessments.storage.columns import utc_text
from assessments.storage.database import Session
from assessments.storage.dialects.sqlite import KEPT_KIB, SQLite
from assessments.storage.searching import folded
from assessments.storage.tables import SystemRow, table_of
from assessments.storage.units import Account
from questionnaires.texts import texts_of
from questionnaires.wording import SEOUL

TEXTS = texts_of(__file__)
AT_ONCE = 2_000
"""Assessments whose rows are written together."""
_PAGES_KIB = 400_000
"""Of memory for the database while it is filled."""
_FIRST_EDITIONS = date(2026, 7, 1)
"""Earlier days pin what was in force then."""
_SYSTEMS_PER_TEN = 8
"""Some systems are assessed more than once."""
_STATUSES = (
    (Status.SIGNED_OFF, 70),
    (Status.DRAFT, 12),
    (Status.SUBMITTED, 5),
    (Status.DECIDED, 2),
    (Status.RETURNED, 3),
    (Status.WITHDRAWN, 5),
    (Status.REFUSED, 3),
)
_OUTCOMES = ((Outcome.HIGH_IMPACT, 55), (Outcome.NOT_HIGH_IMPACT, 30), (Outcome.CANNOT_DETERMINE, 15))
_STAGES = ((Stage.IN_USE, 62), (Stage.PLANNED, 18), (Stage.CHANGED, 9), (Stage.RETIRED, 8), (None, 3))
_ROLES = (("using_operator", 55), ("developer", 20), ("developer_and_using_operator", 15), ("user", 4), (None, 6))
Row = dict[str, Any]


@dataclass(frozen=True)
class Seeded:
    """What `seed` made."""

    assessments: int
    systems: int
    events: int


def seed(count: int, *, number: int = 7, today: date, tell: Callable[[int], None] = lambda _: None) -> Seeded:
    """Fills the database in use. number: of the random draw. tell: how many there are so far.

    Raises: AssessmentError where anybody has entered something here, or it was filled before.
    """
    with database.transaction() as session:
        _check_empty(session)
        row = {"id": 1, "assessments": count, "at": utc_text(datetime.now(UTC))}
        _insert(session.connection(), "made_data", [row])
        making_ = _Making(session, random.Random(number), today)  # noqa: S311 - nothing secret is drawn
        done = 0
        with _in_bulk(session.connection(), today) as connection:
            while done < count:
                some = min(AT_ONCE, count - done)
                making_.write(connection, some)
                done += some
                tell(done)
    return Seeded(done, making_.systems, making_.events)


def _check_empty(session: Session) -> None:
    if system_life.made(session) is not None:
        raise AssessmentError(TEXTS.told("made_already"))
    connection = session.connection()
    entered = "SELECT 1 FROM operator WHERE NOT is_example LIMIT 1"
    if connection.exec_driver_sql(entered).first() is not None:
        raise AssessmentError(TEXTS.told("holds_real_data"))


@cache
def _words() -> dict[str, Any]:
    read: dict[str, Any] = yaml.safe_load(Path(__file__).with_suffix(".yaml").read_text("utf-8"))
    return read


@dataclass(frozen=True)
class _Place:
    """An operator with the unit in which its systems lie, and who works there."""

    operator: Operator
    unit: int
    author: Person
    decider: Person
    signer: Person
    owners: tuple[Person, ...]


@dataclass
class _System:
    id: int
    place: _Place
    domain: str
    system: AISystem
    stage: Stage | None
    begun: datetime
    owner_id: str
    described: str
    """As the content of an assessment holds it."""
    frozen: str
    """With its operator, as a submitted revision keeps them."""


@dataclass(frozen=True)
class _Log:
    kept: KeptLog
    sha256: str
    text: str
    """As the table holds it."""


_EVENT = ("seq", "format", "kind", "at", "assessment_id", "revision", "digests", "previous", "hash")
_EVENT_VALUE = ("seq", "name", "salt", "value")
_PINNED = ("revision_id", "position", "questionnaire", "version", "sha256")
_text = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode
"""As `canonical`, in a tenth of the time, of what holds no fraction and no name beyond ASCII: of all that is made here."""


@dataclass
class _Batch:
    """Rows by table; of the most frequent without the names of their columns."""

    rows: dict[str, list[Row]] = field(default_factory=dict)
    events: list[tuple[Any, ...]] = field(default_factory=list)
    values: list[tuple[int, str, str, str]] = field(default_factory=list)
    pinned: list[tuple[Any, ...]] = field(default_factory=list)

    def add(self, table: str, row: Row) -> None:
        self.rows.setdefault(table, []).append(row)

    def write(self, connection: Connection) -> None:
        _insert_rows(connection, "event", _EVENT, self.events)
        _insert_rows(connection, "event_value", _EVENT_VALUE, self.values)
        for table in _ORDER:
            _insert(connection, table, self.rows.get(table, []))
            if table == "revision":
                _insert_rows(connection, "pinned_edition", _PINNED, self.pinned)


class _Chain:
    """Goes on with the history."""

    def __init__(self, session: Session) -> None:
        last = history.checkpoint(session)
        self.seq, self.previous = (last.seq, last.hash) if last else (0, history.FIRST)
        self._people: dict[tuple[str, Role], str] = {}
        self._salts = _salts()

    def add(
        self, batch: _Batch, kind: str, by: tuple[Person, Role], at: datetime, on: tuple[int, int] | None, values: Row
    ) -> int:
        self.seq += 1
        seq, digests = self.seq, dict[str, str]()
        texts = [(name, _text(value)) for name, value in values.items()]
        for name, value in (*texts, (history.ACTOR, self._person(*by))):
            salt = next(self._salts)
            digests[name] = hashlib.sha256(f"{salt}:{value}".encode()).hexdigest()
            batch.values.append((seq, name, salt, value))
        assessment, revision = on or (None, None)
        line: Row = {
            "seq": seq,
            "format": history.FORMAT,
            "kind": kind,
            "at": utc_text(at),
            "assessment_id": assessment,
            "revision": revision,
            "digests": digests,
            "previous": self.previous,
        }
        hashed = hashlib.sha256(_text(line).encode()).hexdigest()
        batch.events.append((*{**line, "digests": json.dumps(digests, sort_keys=True)}.values(), hashed))
        self.previous = hashed
        return seq

    def _person(self, person: Person, role: Role) -> str:
        known = self._people.get((person.id, role))
        if known is None:
            known = self._people[person.id, role] = _text({"id": person.id, "name": person.name, "roles": [role.value]})
        return known


def _salts() -> Iterator[str]:
    """Each as `secrets.token_hex(16)` gives one."""
    while True:
        many = secrets.token_hex(16 * 4096)
        for begin in range(0, len(many), 32):
            yield many[begin : begin + 32]


class _Contents:
    """SHA-256 of the content of made assessments, which differ in their system and day alone where the rest is the same."""

    _ON, _SYSTEM = "\x00on", "\x00system"

    def __init__(self) -> None:
        self._known: dict[tuple[int | None, str, str], tuple[str, ...]] = {}

    def sha256(self, system: _System, on: date, pinned: tuple[EditionRef, ...], log: _Log | None) -> str:
        operator = system.place.operator
        key = (operator.id, system.domain, log.sha256 if log else "")
        parts = self._known.get(key)
        if parts is None:
            figures = log.kept if log else None
            whole = content(Assessment(system.system, operator, system.domain, on, pinned, log=figures))
            written = canonical({**whole, "on": self._ON, "system": self._SYSTEM}).decode()
            parts = self._known[key] = _split(written, (_text(self._ON), _text(self._SYSTEM)))
        filled = {_text(self._ON): f'"{on.isoformat()}"', _text(self._SYSTEM): system.described}
        return hashlib.sha256("".join(filled.get(part, part) for part in parts).encode()).hexdigest()


def _split(written: str, marks: tuple[str, ...]) -> tuple[str, ...]:
    """The text between marks, and the marks."""
    parts = [written]
    for mark in marks:
        parts = [piece for part in parts for piece in _around(part, mark)]
    return tuple(parts)


def _around(part: str, mark: str) -> tuple[str, ...]:
    before, there, after = part.partition(mark)
    return (before, mark, after) if there else (part,)


class _Making:
    """Draws one assessment after the other."""

    def __init__(self, session: Session, draw: random.Random, today: date) -> None:
        self.draw, self.today, self.events, self.systems = draw, today, 0, 0
        self.domains = editions.domains()
        self.pinned = {domain: editions.pinned_for(domain, max(today, _FIRST_EDITIONS)) for domain in self.domains}
        self.places = tuple(self._places(session))
        self.logs = tuple(_logs(today))
        connection = session.connection()
        self.next = {
            table: connection.exec_driver_sql(f"SELECT coalesce(max(id), 0) + 1 FROM {table}").scalar_one()  # noqa: S608
            for table in (_SYSTEMS, "assessment", "revision", "condition")
        }
        self.chain, self.contents = _Chain(session), _Contents()
        self.pinned_text = {
            domain: f" {' '.join(sorted(f'{each.id}={each.version}' for each in pinned))} "
            for domain, pinned in self.pinned.items()
        }
        self.end = datetime.combine(today, time(0), SEOUL).astimezone(UTC) - timedelta(minutes=1)
        self.last: list[_System] = []
        self.agreed: dict[tuple[int, int], list[int]] = {}
        """Revision → numbers of the conditions of its approval."""
        self.again: dict[int, str] = {}
        """Assessment → day of reassessment of what holds."""

    def write(self, connection: Connection, count: int) -> None:
        batch, chain = _Batch(), self.chain
        first = chain.seq
        for _ in range(count):
            is_new = not self.last or self.draw.randrange(10) < _SYSTEMS_PER_TEN
            system = self._system(batch, chain) if is_new else self.draw.choice(self.last)
            self._assessment(batch, chain, system)
        batch.write(connection)
        self.events += chain.seq - first
        self.agreed.clear()
        self.again.clear()

    # --- operators, units, people ------------------------------------------------------------------------------------

    def _places(self, session: Session) -> Iterator[_Place]:
        words, at = _words(), datetime.combine(self.today - timedelta(days=365 * _words()["years"]), time(9), SEOUL)
        teams = []
        for division, below in words["units"]:
            above = units.add_unit(session, division, FIRST_UNIT)
            teams += [units.add_unit(session, team, above) for team in below]
        names = [family + first_name for first_name in words["given"] for family in words["family"]]
        self.draw.shuffle(names)
        people = iter(Person(f"made-{place:03}", name) for place, name in enumerate(names, 1))
        made = self._operators(session, at)
        deciders = [self._account(session, next(people), FIRST_UNIT, Role.COMMITTEE_MEMBER, at) for _ in range(5)]
        deciders.append(self._account(session, next(people), FIRST_UNIT, Role.CHAIR, at))
        signers = [self._account(session, next(people), FIRST_UNIT, Role.SIGNING_OFFICER, at) for _ in range(3)]
        for place, unit in enumerate(teams):
            owners = [self._account(session, next(people), unit, Role.PRODUCT_MANAGER, at) for _ in range(4)]
            for operator in (made[place % len(made)], made[(place * 3 + 1) % len(made)]):
                for owner in owners[:2]:
                    decider, signer = self.draw.choice(deciders), self.draw.choice(signers)
                    yield _Place(operator, unit, owner, decider, signer, tuple(owners))

    def _operators(self, session: Session, at: datetime) -> list[Operator]:
        from assessments.storage import writer

        by = Person("made-000", TEXTS.text("made_by").ko)
        made = []
        for name, number in _words()["operators"]:
            operator = Operator(name, number, supervisor_name=by.name, supervisor_contact="-", is_example=True)
            made.append(replace(operator, id=writer.add_operator(session, FIRST_UNIT, operator, by, at)))
        return made

    def _account(self, session: Session, person: Person, unit: int, role: Role, at: datetime) -> Person:
        grants = frozenset({Grant(role, unit)})
        units.add_account(session, Account(person.id, unit, person.name, "", True, at, grants))
        return person

    # --- a system --------------------------------------------------------------------------------------------

    def _system(self, batch: _Batch, chain: _Chain) -> _System:
        draw, words, number = self.draw, _words(), self._id(_SYSTEMS)
        place, domain = draw.choice(self.places), draw.choice(self.domains)
        kind_ko, kind_en = draw.choice(words["domains"].get(domain) or words["domains"]["other"])
        where_ko, where_en = draw.choice(words["places"])
        serial = number % 997 + 1
        system = AISystem(
            f"{where_ko} {kind_ko} {serial}",
            f"{kind_en} {where_en} {serial}",
            f"{draw.randint(1, 6)}.{draw.randint(0, 9)}",
            vendor=draw.choice(words["vendors"]),
            model=draw.choice(words["models"]),
        )
        days = int(365 * _words()["years"] * draw.random() ** 0.7)
        begun = self._moment(self.today - timedelta(days=max(30, days)))
        stage = self._drawn(_STAGES)
        owner = draw.choice(place.owners) if draw.random() < 0.93 else None
        started = (begun + timedelta(days=draw.randint(10, 200))).date() if stage in _USED else None
        batch.add(
            _SYSTEMS,
            {
                **vars(system),
                "id": number,
                "operator_id": place.operator.id,
                "unit_id": place.unit,
                "created_at": utc_text(begun),
                "updated_at": utc_text(begun),
                "updated_by": place.author.name,
                "owner_id": owner.id if owner else "",
                "legal_role": self._drawn(_ROLES),
                "stage": stage.value if stage else None,
                "started_on": started.isoformat() if started and started <= self.today else None,
                "folded": folded(f"{system.name_ko}\n{system.name_en}"),
            },
        )
        system = replace(system, id=number)
        values = {"operator_id": place.operator.id, "system": vars(system), "unit": place.unit}
        seq = chain.add(batch, "register_system", (place.author, Role.PRODUCT_MANAGER), begun, None, values)
        batch.add("system_event", {"system_id": number, "seq": seq})
        frozen_json = json.dumps(mapping.frozen(system, place.operator), ensure_ascii=False, sort_keys=True)
        owner_id, described_text = owner.id if owner else "", _text(described(system))
        made = _System(number, place, domain, system, stage, begun, owner_id, described_text, frozen_json)
        if stage in _USED and draw.random() < 0.05:
            self._incident(batch, chain, made)
        self.systems += 1
        self.last = [*self.last, made][-200:]
        return made

    def _incident(self, batch: _Batch, chain: _Chain, system: _System) -> None:
        at = self._after(system.begun, 300)
        by = (system.place.author, Role.PRODUCT_MANAGER)
        values = {"system": system.id, "on": at.date().isoformat(), "text": _words()["reason"]["incident"]["ko"]}
        seq = chain.add(batch, system_life.STATED, by, at, None, values)
        batch.add("incident", {"seq": seq, "system_id": system.id, "on_day": values["on"], "is_open": True})
        batch.add("system_event", {"system_id": system.id, "seq": seq})

    # --- an assessment ---------------------------------------------------------------------------------------

    def _assessment(self, batch: _Batch, chain: _Chain, system: _System) -> None:
        draw, number = self.draw, self._id("assessment")
        begun = self._after(system.begun, 700)
        age = (self.today - begun.date()).days
        status = self._drawn(_STATUSES) if age < 150 or draw.random() < 0.15 else Status.SIGNED_OFF
        earlier = [Status.SIGNED_OFF] * (draw.random() < 0.18) if age > 60 else []
        batch.add(
            "assessment",
            {"id": number, "system_id": system.id, "domain": system.domain, "created_at": utc_text(begun)},
        )
        at = begun
        has_log = status is not Status.WITHDRAWN and draw.random() < 0.01
        log = draw.choice(self.logs) if has_log else None
        for revision, reached in enumerate([*earlier, status], 1):
            is_last = revision == len(earlier) + 1
            at = self._revision(batch, chain, system, (number, revision), reached, at, log if is_last else None)
        if earlier and status is Status.SIGNED_OFF:
            former = batch.rows["revision"][-2]
            former["status"] = Status.SUPERSEDED.value
            void = {"was": Status.SIGNED_OFF.value, "content_sha256": former["content_sha256"]}
            chain.add(batch, "void_approval", (system.place.author, Role.PRODUCT_MANAGER), at, (number, 1), void)
        self._duties(batch, batch.rows["revision"][-len(earlier) - 1 :])
        outcome, level = self._drawn(_OUTCOMES), self._level()
        open_required = draw.randint(1, 40) if status in (Status.DRAFT, Status.RETURNED) and draw.random() < 0.7 else 0
        self._result(batch, system, (number, len(earlier) + 1), status, outcome, level, open_required, at, log)

    def _revision(
        self,
        batch: _Batch,
        chain: _Chain,
        system: _System,
        which: tuple[int, int],
        reached: Status,
        at: datetime,
        log: _Log | None,
    ) -> datetime:
        place, revision_id = system.place, self._id("revision")
        author, author_role = place.author, (place.author, Role.PRODUCT_MANAGER)
        pinned = self.pinned[system.domain]
        on = at.astimezone(SEOUL).date()
        row: Row = {
            "id": revision_id,
            "assessment_id": which[0],
            "number": which[1],
            "status": reached.value,
            "on_day": on.isoformat(),
            "lock_version": 0,
            "created_at": utc_text(at),
            "updated_by": author.name,
        }
        begun = {"system_id": system.id, "domain": system.domain, "on": on.isoformat(), "editions": _editions(pinned)}
        kind, values = ("start_assessment", begun) if which[1] == 1 else ("reassess", {"from": which[1] - 1})
        chain.add(batch, kind, author_role, at, which, values)
        batch.pinned += [
            (revision_id, position, edition.id, edition.version, edition.sha256)
            for position, edition in enumerate(pinned)
        ]
        batch.add(
            "author",
            {"revision_id": revision_id, "person_id": author.id, "position": 0, "person_name": author.name},
        )
        if reached in (Status.SUBMITTED, Status.DECIDED, Status.SIGNED_OFF, Status.REFUSED):
            at = self._submitted(batch, chain, system, which, row, at, pinned, on, log)
        elif reached is Status.WITHDRAWN:
            at = self._after(at, 60)
            chain.add(batch, "withdraw", author_role, at, which, {"reason": "-"})
        elif reached is Status.RETURNED:
            at = self._returned(batch, chain, system, which, row, at, pinned, on, log)
        if reached in (Status.DECIDED, Status.SIGNED_OFF, Status.REFUSED):
            at = self._decided(batch, chain, system, which, row, at)
        if reached is Status.SIGNED_OFF:
            at = self._signed(batch, chain, system, which, row, at)
        elif reached is Status.REFUSED:
            at = self._refused(batch, chain, system, which, row, at)
        batch.add("revision", {**_EMPTY, **row, "updated_at": utc_text(at)})
        return at

    def _submitted(
        self,
        batch: _Batch,
        chain: _Chain,
        system: _System,
        which: tuple[int, int],
        row: Row,
        at: datetime,
        pinned: tuple[EditionRef, ...],
        on: date,
        log: _Log | None,
    ) -> datetime:
        at, by = self._after(at, 40), system.place.author
        sha256 = self.contents.sha256(system, on, pinned, log)
        seq = chain.add(batch, "submit", (by, Role.PRODUCT_MANAGER), at, which, {"content_sha256": sha256})
        row |= {"content_sha256": sha256, "frozen": system.frozen, "submission": seq}
        row |= {"submitted_by_id": by.id, "submitted_by_name": by.name, "submitted_at": utc_text(at)}
        return at

    def _returned(
        self,
        batch: _Batch,
        chain: _Chain,
        system: _System,
        which: tuple[int, int],
        row: Row,
        at: datetime,
        pinned: tuple[EditionRef, ...],
        on: date,
        log: _Log | None,
    ) -> datetime:
        at = self._submitted(batch, chain, system, which, dict(row), at, pinned, on, log)
        at = self._after(at, 20)
        decider = (system.place.decider, Role.COMMITTEE_MEMBER)
        chain.add(batch, "return_to_author", decider, at, which, {"reason": "-", "points": []})
        return at

    def _decided(
        self,
        batch: _Batch,
        chain: _Chain,
        system: _System,
        which: tuple[int, int],
        row: Row,
        at: datetime,
    ) -> datetime:
        at, by, draw = self._after(at, 30), system.place.decider, self.draw
        ruling = draw.choices(("approved", "approved_with_conditions", "rejected"), (70, 22, 8))[0]
        reason = _words()["reason"]["decided"]["ko"]
        due = (at + timedelta(days=draw.randint(60, 500))).date()
        owner = draw.choice(system.place.owners)
        words = _words()["reason"]["condition"]["ko"]
        conditions = [{"text": words, "owner": owner.name, "owner_id": owner.id, "due": due.isoformat()}]
        conditions = conditions if ruling == "approved_with_conditions" else []
        committee = {"quorum": 1, "chair_votes": True}
        values = {"ruling": ruling, "reason": reason, "conditions": conditions, "committee": committee}
        values["content_sha256"] = row["content_sha256"]
        chain.add(batch, "record_decision", (by, Role.COMMITTEE_MEMBER), at, which, values)
        row |= {
            "origin": "recorded",
            "ruling": ruling,
            "decision_reason": reason,
            "decision_conditions": json.dumps(conditions, ensure_ascii=False, sort_keys=True),
            "decided_by_id": by.id,
            "decided_by_name": by.name,
            "decided_at": utc_text(at),
            "decided_sha256": row["content_sha256"],
            "committee": json.dumps(committee, sort_keys=True),
        }
        agreed_numbers = self.agreed.setdefault((which[0], which[1]), [])
        for place, condition in enumerate(conditions, 1):
            number = self._id("condition")
            agreed = {"id": number, "assessment_id": which[0], "revision": which[1], "number": place}
            agreed |= {"text": condition["text"], "owner": condition["owner"], "owner_id": condition["owner_id"]}
            batch.add("condition", {**agreed, "due": condition["due"]})
            agreed_numbers.append(number)
        return at

    def _duties(self, batch: _Batch, revisions: Sequence[Row]) -> None:
        """Of the newest that stands, if it was approved."""
        standing = [row for row in revisions if row["status"] in (Status.DECIDED.value, Status.SIGNED_OFF.value)]
        for row in standing[-1:]:
            if row["ruling"] not in ("approved", "approved_with_conditions"):
                continue
            common = {"assessment_id": row["assessment_id"], "revision": row["number"]}
            again = (datetime.fromisoformat(row["decided_at"]) + timedelta(days=365)).date()
            empty = {"which": "", "text": "", "owner": "", "owner_id": ""}
            batch.add("duty", {**common, "cause": Cause.REASSESSMENT.value, "on_day": again.isoformat(), **empty})
            self.again[row["assessment_id"]] = again.isoformat()
            for number, condition in zip(
                self.agreed[row["assessment_id"], row["number"]], json.loads(row["decision_conditions"]), strict=True
            ):
                owed = {name: condition[name] for name in ("text", "owner", "owner_id")}
                day = {"cause": Cause.CONDITION.value, "on_day": condition["due"], "which": str(number)}
                batch.add("duty", {**common, **day, **owed})

    def _signed(
        self, batch: _Batch, chain: _Chain, system: _System, which: tuple[int, int], row: Row, at: datetime
    ) -> datetime:
        at, by = self._after(at, 15), system.place.signer
        statements = [statement.value for statement in Statement]
        values = {"content_sha256": row["content_sha256"], "statements": statements}
        chain.add(batch, "sign_off", (by, Role.SIGNING_OFFICER), at, which, values)
        row |= {"signed_by_id": by.id, "signed_by_name": by.name, "signed_at": utc_text(at)}
        row |= {"signed_sha256": row["content_sha256"], "signed_statements": json.dumps(statements, sort_keys=True)}
        result = {"outcome": self._drawn(_OUTCOMES).value, "contested": False, "level": self._level().value}
        batch.add("signed_result", {"assessment_id": which[0], "revision": which[1], **result})
        return at

    def _refused(
        self, batch: _Batch, chain: _Chain, system: _System, which: tuple[int, int], row: Row, at: datetime
    ) -> datetime:
        at, by = self._after(at, 15), system.place.signer
        chain.add(batch, "refuse_sign_off", (by, Role.SIGNING_OFFICER), at, which, {"reason": "-", "goal": "author"})
        row |= {"refused_by_id": by.id, "refused_by_name": by.name, "refused_at": utc_text(at)}
        row |= {"refusal_reason": "-", "refused_to": "author"}
        return at

    def _result(
        self,
        batch: _Batch,
        system: _System,
        which: tuple[int, int],
        status: Status,
        outcome: Outcome,
        level: Level,
        open_required: int,
        at: datetime,
        log: _Log | None,
    ) -> None:
        draw, revision = self.draw, batch.rows["revision"][-1]
        low, high = _SCORES[level]
        if log is not None:
            by = {"by_id": system.place.author.id, "by_name": system.place.author.name, "at": utc_text(at)}
            batch.add("decision_log", {"revision_id": revision["id"], "sha256": log.sha256, "kept": log.text, **by})
        if status is Status.SIGNED_OFF:
            batch.rows["signed_result"][-1] |= {"outcome": outcome.value, "level": level.value}
        row: Row = {
            "assessment_id": which[0],
            "revision": which[1],
            "domain": system.domain,
            "status": status.value,
            "outcome": outcome.value,
            "contested": status is not Status.SIGNED_OFF and draw.random() < 0.04,
            "level": level.value,
            "score": draw.randint(low, high),
            "open_required": open_required,
            "engine": ENGINE,
            "updated_at": utc_text(at),
            "since": utc_text(at),
            "has_log": log is not None,
        }
        again = self.again.get(which[0])
        has_come = again is not None and again <= self.today.isoformat()
        more: Row = {  # what dashboards count by
            "unit_id": system.place.unit,
            "owner_id": system.owner_id,
            "inherent": draw.choice(list(Level)[level.rank :]).value,
            "impact": "" if draw.random() < 0.1 else f"{min(4, level.rank + draw.randint(0, 1))}-{draw.randint(0, 3)}",
            "claim": self._drawn(_CLAIMS),
            "evidence": draw.randint(0, 12),
            "pinned": self.pinned_text[system.domain],
            "decided_on": (revision.get("decided_at") or "")[:10] or None,
            "result_at": utc_text(at),
            "reassess_on": again,
            "came_on": again if has_come else None,
            "ahead_on": None if has_come else again,
        }
        batch.add("projection", row | more)

    # --- drawing ---------------------------------------------------------------------------------------------

    def _id(self, table: str) -> int:
        self.next[table] += 1
        return int(self.next[table]) - 1

    def _drawn(self, weighted: Sequence[tuple[Any, int]]) -> Any:
        values, sums = _summed(weighted)
        return self.draw.choices(values, cum_weights=sums)[0]

    def _level(self) -> Level:
        return Level(self._drawn(tuple(_words()["levels"].items())))

    def _moment(self, on: date) -> datetime:
        """At some time of a working day."""
        minutes = self.draw.randint(0, 9 * 60)
        return datetime.combine(on, time(9), SEOUL).astimezone(UTC) + timedelta(minutes=minutes)

    def _after(self, at: datetime, most: int) -> datetime:
        """So many days later, and never after yesterday."""
        span = min(timedelta(days=self.draw.randint(1, most)), max(self.end - at, timedelta(0)))
        return at + span + timedelta(microseconds=self.draw.randint(1, 999))


# --- parts ---------------------------------------------------------------------------------------------------

_CLAIMS = (("absent", 45), ("supported", 25), ("indeterminate", 20), ("contradicted", 10))
_USED = (Stage.IN_USE, Stage.CHANGED, Stage.RETIRED)
_SCORES: Mapping[Level, tuple[int, int]] = {
    level: (25 * place, 25 * place + 24)
    for place, level in enumerate((Level.LOW, Level.MEDIUM, Level.HIGH, Level.VERY_HIGH))
}
_SYSTEMS = table_of(SystemRow).name
_EMPTY: Row = dict.fromkeys(
    (
        *("content_sha256", "frozen", "submitted_by_id", "submitted_by_name", "submitted_at", "submission", "origin"),
        *("ruling", "decision_reason", "decision_conditions", "decided_by_id", "decided_by_name", "decided_at"),
        *("decided_sha256", "committee", "signed_by_id", "signed_by_name", "signed_at", "signed_sha256"),
        *("signed_statements", "refused_by_id", "refused_by_name", "refused_at", "refusal_reason", "refused_to"),
    )
)
_ORDER = (
    *(_SYSTEMS, "system_event", "incident", "assessment", "revision"),
    *("author", "decision_log", "condition", "signed_result", "duty", "projection"),
)


_FILLED = frozenset({"event", "event_value", "pinned_edition", *_ORDER})


def _editions(pinned: Iterable[EditionRef]) -> list[Row]:
    return [{"id": edition.id, "version": edition.version, "sha256": edition.sha256} for edition in pinned]


@cache
def _summed(weighted: tuple[tuple[Any, int], ...]) -> tuple[list[Any], list[int]]:
    return [value for value, _ in weighted], list(accumulate(weight for _, weight in weighted))


def _insert(connection: Connection, table: str, rows: Sequence[Row]) -> None:
    """All rows have the columns of the first."""
    if rows:
        columns = tuple(rows[0])
        values = itemgetter(*columns)
        _insert_rows(connection, table, columns, [values(row) for row in rows])


def _insert_rows(connection: Connection, table: str, columns: Sequence[str], rows: list[tuple[Any, ...]]) -> None:
    if rows:
        marks = ", ".join("?" * len(columns))
        statement = f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({marks})"  # noqa: S608 - our own names
        connection.exec_driver_sql(statement, rows)


class _in_bulk:  # noqa: N801 - reads as a statement
    """Without indices, and without the triggers that look at each row whether it may be written: what is made is written finished.

    At its end all of them stand again, made by the very statements by which they stood before. What goes wrong rolls that back.
    """

    def __init__(self, connection: Connection, today: date) -> None:
        self._connection, self._today = connection, today
        self._indices: list[str] = []

    def __enter__(self) -> Connection:
        ask = self._connection.exec_driver_sql
        ask(f"PRAGMA cache_size = -{_PAGES_KIB}")
        for name in SQLite().trigger_statements():
            if name.endswith(("_frozen_insert", "_no_replace")) or name in guards.PLACED:
                ask(f"DROP TRIGGER IF EXISTS {name}")
        for name, table, statement in ask("SELECT name, tbl_name, sql FROM sqlite_master WHERE type = 'index'").all():
            if table in _FILLED and statement and statement.startswith("CREATE INDEX"):
                self._indices.append(statement)
                ask(f"DROP INDEX {name}")
        return self._connection

    def __exit__(self, kind: object, *_: object) -> None:
        ask = self._connection.exec_driver_sql
        if kind is None:
            conditions = f"conditions = {guards.CONDITIONS}, condition_on = {guards.CONDITION_ON}"
            overdue = guards.overdue(f"'{self._today.isoformat()}'")
            ask(f"UPDATE projection SET cell = {guards.CELL}, {conditions}, {overdue} WHERE cell = ''")  # noqa: S608 - our own names
            for table, added_up in guards.SUMS_ADDED_UP.items():
                ask(f"DELETE FROM {table}")  # noqa: S608
                ask(added_up)
            for statement in self._indices:
                ask(statement)
            append_only.create(self._connection)
        ask(f"PRAGMA cache_size = -{KEPT_KIB}")


def _logs(on: date) -> Iterator[_Log]:
    """A few decision logs, counted as any that is read in, and marked as made."""
    for number, style in enumerate(making.Style):
        shape = LogShape(made=MadeLogShape(style=style.value, reviewers=6, cases=1_500, seed=number))
        log = decision_log.read(Path(), shape, on=on, answers={})
        as_text = json.dumps(kept_log.to_json(log), ensure_ascii=False, allow_nan=False, sort_keys=True)
        yield _Log(log, log.analysis.source.sha256, as_text)
