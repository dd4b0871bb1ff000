"""Reading the history: events, event_count, of_kinds, facets, last_event, event, return_points. The chain is in `history`."""

from __future__ import annotations

import json
from collections.abc import Collection
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, bindparam, func
from sqlalchemy import select as core_select
from sqlmodel import Session, col, select

from assessments.content.canonical import canonical
from assessments.errors import NotFoundError
from assessments.model import Assessment, Person
from assessments.storage.entries import EventChoice, EventFacets, EventLine, ReturnPointLine
from assessments.storage.history import ACTOR
from assessments.storage.tables import EventRow, EventValueRow, table_of
from questionnaires.texts import texts_of
from questionnaires.wording import seoul_midnight

TEXTS = texts_of(__file__)
EVERY = EventChoice()
ANSWER_POINT = "answer_point"
_QUESTION = "question"


_EVENTS, _VALUES = table_of(EventRow), table_of(EventValueRow)
_WANTED = (_EVENTS.c.assessment_id == bindparam("assessment")) & _EVENTS.c.kind.in_(bindparam("kinds", expanding=True))
_OF_KINDS = core_select(_EVENTS).where(_WANTED).order_by(_EVENTS.c.seq)
_VALUES_OF_KINDS = core_select(_VALUES).join(_EVENTS, _EVENTS.c.seq == _VALUES.c.seq).where(_WANTED)


def events(
    session: Session,
    assessment_id: int | None = None,
    limit: int | None = None,
    *,
    before: int | None = None,
    after: int | None = None,
    choice: EventChoice = EVERY,
) -> tuple[EventLine, ...]:
    """Events, newest first. assessment_id None: of the whole history; limit None: no limit.

    before: only events older than this number; after: the `limit` events that directly follow it.
    """
    query = select(EventRow).limit(limit)
    if assessment_id is not None:
        query = query.where(EventRow.assessment_id == assessment_id)
    query = query.where(*_chosen(choice))
    if after is not None:
        rows = session.exec(query.where(col(EventRow.seq) > after).order_by(col(EventRow.seq))).all()[::-1]
    else:
        if before is not None:
            query = query.where(col(EventRow.seq) < before)
        rows = session.exec(query.order_by(col(EventRow.seq).desc())).all()
    values: dict[int, list[EventValueRow]] = {}
    if rows:
        beside = (
            select(EventValueRow)
            .join(EventRow, col(EventRow.seq) == EventValueRow.seq)
            .where(col(EventValueRow.seq).between(rows[-1].seq, rows[0].seq))
        )
        if assessment_id is not None:
            beside = beside.where(EventRow.assessment_id == assessment_id)
        for value in session.exec(beside.order_by(col(EventValueRow.name))):
            values.setdefault(value.seq, []).append(value)
    return tuple(_line(row, values.get(row.seq, [])) for row in rows)


def event_count(session: Session, assessment_id: int, *, after: int = 0, choice: EventChoice = EVERY) -> int:
    """Number of the assessment's events after the event with this number."""
    counted = select(func.count()).where(EventRow.assessment_id == assessment_id, col(EventRow.seq) > after)
    return session.scalar(counted.where(*_chosen(choice)).select_from(EventRow)) or 0


def facets(session: Session, assessment_id: int) -> EventFacets:
    """People, kinds and questions that its events name; what was erased is not among them."""
    of_it = EventRow.assessment_id == assessment_id
    kinds = session.exec(select(EventRow.kind).where(of_it).distinct())
    values = (
        select(EventValueRow.name, EventValueRow.value)
        .join(EventRow, col(EventRow.seq) == EventValueRow.seq)
        .where(of_it, col(EventValueRow.name).in_((ACTOR, _QUESTION)), col(EventValueRow.value).is_not(None))
        .distinct()
    )
    people: dict[str, Person] = {}
    questions: set[str] = set()
    for name, value in session.exec(values):
        content = json.loads(value or "null")
        if name == _QUESTION:
            questions.add(str(content))
        else:
            people[str(content["id"])] = Person(str(content["id"]), str(content["name"]))
    by_name = sorted(people.values(), key=lambda person: (person.name, person.id))
    return EventFacets(tuple(by_name), tuple(sorted(kinds)), tuple(sorted(questions)))


def of_kinds(session: Session, assessment_id: int, kinds: Collection[str]) -> tuple[EventLine, ...]:
    """The assessment's events of these kinds, oldest first."""
    which, connection = {"assessment": assessment_id, "kinds": list(kinds)}, session.connection()
    rows = connection.execute(_OF_KINDS, which).all()
    if not rows:
        return ()
    values: dict[int, list[Any]] = {}
    for value in connection.execute(_VALUES_OF_KINDS, which):
        values.setdefault(value.seq, []).append(value)
    return tuple(_line(row, values.get(row.seq, [])) for row in rows)


def numbered(session: Session, numbers: Collection[int]) -> tuple[EventLine, ...]:
    """Events with these numbers, newest first."""
    rows = session.exec(select(EventRow).where(col(EventRow.seq).in_(numbers)).order_by(col(EventRow.seq).desc())).all()
    values: dict[int, list[EventValueRow]] = {}
    beside = select(EventValueRow).where(col(EventValueRow.seq).in_(numbers)).order_by(col(EventValueRow.name))
    for value in session.exec(beside):
        values.setdefault(value.seq, []).append(value)
    return tuple(_line(row, values.get(row.seq, [])) for row in rows)


def last_event(session: Session, assessment_id: int, kind: str) -> EventLine | None:
    """The newest event of a kind. None: there is none."""
    query = select(EventRow.seq).where(EventRow.assessment_id == assessment_id, EventRow.kind == kind)
    seq = session.exec(query.order_by(col(EventRow.seq).desc()).limit(1)).first()
    return None if seq is None else event(session, seq)


def absent(seq: int) -> NotFoundError:
    return NotFoundError(TEXTS.told("absent", kind=TEXTS.text("absent_event"), which=seq))


def event(session: Session, seq: int) -> EventLine:
    """One event of the history. Raises: NotFoundError."""
    row = session.get(EventRow, seq)
    if row is None:
        raise absent(seq)
    beside = session.exec(select(EventValueRow).where(EventValueRow.seq == seq).order_by(col(EventValueRow.name)))
    return _line(row, list(beside))


def return_points(session: Session, assessment: Assessment) -> tuple[ReturnPointLine, ...]:
    """Of the last return of this revision, with the answers that were given since. Empty: it was never returned, or as a whole."""
    if assessment.id is None:
        return ()
    returned = last_event(session, assessment.id, "return_to_author")
    if returned is None or returned.revision != assessment.revision:
        return ()
    answers = {
        str(line.values.get(_QUESTION)): line
        for line in reversed(events(session, assessment.id, after=returned.seq, choice=EventChoice(kind=ANSWER_POINT)))
    }
    points = []
    for point in returned.values.get("points", ()):
        line = answers.get(point["where"])
        answered = (str(line.values.get("text", "")), line.by, line.at) if line else ("", None, None)
        points.append(ReturnPointLine(point["where"], point["text"], returned.by, returned.at, *answered))
    return tuple(points)


# --- parts -------------------------------------------------------------------------------------------------


def _chosen(choice: EventChoice) -> list[ColumnElement[bool]]:
    """Conditions on the events; values lie beside them as canonical JSON, in which an actor's id comes first."""
    conditions: list[ColumnElement[bool]] = []
    if choice.kind:
        conditions.append(col(EventRow.kind) == choice.kind)
    if choice.since:
        conditions.append(col(EventRow.at) >= seoul_midnight(choice.since))
    if choice.until and choice.until < date.max:
        conditions.append(col(EventRow.at) < seoul_midnight(choice.until + timedelta(days=1)))
    if choice.person:
        begin = canonical({"id": choice.person}).decode().removesuffix("}") + ","
        conditions.append(_has_value(ACTOR, col(EventValueRow.value).startswith(begin, autoescape=True)))
    if choice.question:
        conditions.append(_has_value(_QUESTION, col(EventValueRow.value) == canonical(choice.question).decode()))
    return conditions


def _has_value(name: str, condition: ColumnElement[bool]) -> ColumnElement[bool]:
    values = select(EventValueRow.seq).where(EventValueRow.name == name, condition)
    return col(EventRow.seq).in_(values)


def _line(row: Any, beside: list[Any]) -> EventLine:
    values = {value.name: json.loads(value.value) for value in beside if value.value is not None}
    actor = values.pop(ACTOR, None)
    by = Person(actor["id"], actor["name"]) if actor else None
    erased = tuple(value.name for value in beside if value.value is None)
    return EventLine(row.seq, row.kind, row.at, by, row.assessment_id, row.revision, values, erased)
