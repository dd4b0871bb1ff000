"""Meetings of committees, read from the history: read, of_units, last_day, outcomes, addenda, documents; and their small writers."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, insert, select, update
from sqlmodel import Session

from assessments.model import Json, Person, Status, Vote
from assessments.rights import Kind
from assessments.rules.meetings import Attendance, Form, Item, Meeting, Minute, Presence, State, Subject
from assessments.storage import committee, event_lines, mapping, sealed_documents, units
from assessments.storage.committee_tables import VoteRow
from assessments.storage.entries import EventLine
from assessments.storage.meeting_tables import MeetingDocumentRow, MeetingEventRow, MeetingRow
from assessments.storage.tables import EventRow, RevisionRow, table_of

_MEETING, _OF_MEETING, _DOCUMENT = table_of(MeetingRow), table_of(MeetingEventRow), table_of(MeetingDocumentRow)
_EVENT, _VOTE, _REVISION = table_of(EventRow), table_of(VoteRow), table_of(RevisionRow)
CONVENED, CHANGED, AGENDA = "convene_meeting", "change_meeting", "set_agenda"
ATTENDANCE, MINUTE, CLOSED = "set_attendance", "take_minutes", "close_meeting"
CANCELLED, ADDED, KEPT = "cancel_meeting", "add_addendum", "keep_document"
_DECIDED = ("record_decision", "return_to_author")


@dataclass(frozen=True)
class MeetingEntry:
    """One meeting in a list."""

    id: int
    unit: int
    number: int
    on: date
    state: State


@dataclass(frozen=True)
class Ahead:
    """A meeting that lies ahead, or did until it was cancelled."""

    id: int
    unit: str
    """Its name."""
    number: int
    on: date
    place: str
    state: State


@dataclass(frozen=True)
class Outcome:
    """What the votes on an item were, and what came of them, as they stand elsewhere."""

    votes: tuple[Vote, ...] = ()
    decision: EventLine | None = None
    """The event that decided it or gave it back. None: neither has happened."""


@dataclass(frozen=True)
class Addendum:
    """What was added to closed minutes."""

    number: int
    text: str
    """Empty: erased."""
    by: Person | None
    at: datetime


@dataclass(frozen=True)
class MeetingDocument:
    """A sealed document of a meeting."""

    number: int
    meeting: int
    kind: str
    language: str
    content_sha256: str
    file_sha256: str
    at: datetime


@dataclass(frozen=True)
class Proceedings:
    """A meeting with what was written after its end."""

    meeting: Meeting
    closed_by: Person | None
    closed_at: datetime | None
    """None: it is not closed."""
    why_cancelled: str
    minutes_sha256: str | None
    addenda: tuple[Addendum, ...]
    references: Mapping[int, Json]
    """Number of an item → which votes and which decision its closed minutes refer to; empty: they are not closed."""


# --- reading ----------------------------------------------------------------------------------------------------


def find(session: Session, meeting_id: int) -> Proceedings:
    """Raises: NotFoundError."""
    row = session.connection().execute(select(_MEETING).where(_MEETING.c.id == meeting_id)).first()
    if row is None:
        raise units.absent(Kind.MEETING, meeting_id)
    lines = events(session, meeting_id)
    counted = lines if row.minutes is None else [line for line in lines if line.seq in _referred(row.minutes)]
    last = {line.kind: line for line in lines}
    closed, cancelled = last.get(CLOSED), last.get(CANCELLED)
    return Proceedings(
        _meeting(row, counted, lines[-1].seq if lines else 0),
        closed.by if closed else None,
        closed.at if closed else None,
        str(cancelled.values.get("reason", "")) if cancelled else "",
        row.minutes_sha256,
        tuple(
            Addendum(line.seq, str(line.values.get("text", "")), line.by, line.at)
            for line in lines
            if line.kind == ADDED
        ),
        {item["number"]: item for item in row.minutes["items"]} if row.minutes else {},
    )


def events(session: Session, meeting_id: int) -> tuple[EventLine, ...]:
    """Oldest first."""
    numbers = select(_OF_MEETING.c.seq).where(_OF_MEETING.c.meeting_id == meeting_id)
    seqs = session.connection().execute(numbers).scalars().all()
    return event_lines.numbered(session, seqs)[::-1] if seqs else ()


def of_units(
    session: Session, unit_ids: Collection[int] | None, limit: int, states: Collection[State] = tuple(State)
) -> tuple[MeetingEntry, ...]:
    """The latest day first. unit_ids None: of all units."""
    query = select(_MEETING).where(_MEETING.c.state.in_([state.value for state in states]))
    if unit_ids is not None:
        query = query.where(_MEETING.c.unit_id.in_(unit_ids))
    rows = session.connection().execute(query.order_by(_MEETING.c.on_day.desc(), _MEETING.c.id.desc()).limit(limit))
    return tuple(MeetingEntry(row.id, row.unit_id, row.number, row.on_day, State(row.state)) for row in rows)


def ahead(
    session: Session, unit_ids: Collection[int] | None, since: date, until: date, limit: int
) -> tuple[Ahead, ...]:
    """From day to day, the earliest first, cancelled ones too. unit_ids None: of all units."""
    query = select(_MEETING.c.id).where(_MEETING.c.on_day.between(since, until), _MEETING.c.state != State.CLOSED.value)
    if unit_ids is not None:
        query = query.where(_MEETING.c.unit_id.in_(unit_ids))
    numbers = session.connection().execute(query.order_by(_MEETING.c.on_day, _MEETING.c.id).limit(limit)).scalars()
    tree = units.tree(session)
    convened = [find(session, number).meeting for number in numbers.all()]
    return tuple(
        Ahead(meeting.id, tree.names(meeting.unit)[-1], meeting.number, meeting.on, meeting.place, meeting.state)
        for meeting in convened
    )


def last_day(session: Session, unit_ids: Collection[int] | None, before: date | None = None) -> date | None:
    """Of the newest closed meeting of these units; before: of those before that day. unit_ids None: of all units."""
    query = select(func.max(_MEETING.c.on_day)).where(_MEETING.c.state == State.CLOSED.value)
    if unit_ids is not None:
        query = query.where(_MEETING.c.unit_id.in_(unit_ids))
    if before is not None:
        query = query.where(_MEETING.c.on_day < before)
    day: date | None = session.connection().execute(query).scalar()
    return day


def outcomes(session: Session, of: Proceedings) -> Mapping[int, Outcome]:
    """Number of each item that waited for votes → those that stand, or that the closed minutes refer to."""
    items = [item for item in of.meeting.items if item.subject is Subject.DECISION and item.assessment is not None]
    if not items:
        return {}
    if of.references:
        return _referred_outcomes(session, items, of.references)
    submissions = {int(item.which): item.number for item in items}
    assessments = {item.assessment for item in items}
    query = (
        select(_VOTE)
        .join(_REVISION, _REVISION.c.id == _VOTE.c.revision_id)
        .where(_REVISION.c.assessment_id.in_(assessments), _VOTE.c.submission.in_(submissions))
        .order_by(_VOTE.c.seq)
    )
    cast: dict[int, list[Vote]] = {}
    for row in session.connection().execute(query):
        cast.setdefault(submissions[row.submission], []).append(mapping.vote(row))
    decided = {item.number: _decision(session, item) for item in items}
    return {item.number: Outcome(committee.standing(cast.get(item.number, ())), decided[item.number]) for item in items}


def submissions(session: Session, assessment_ids: Collection[int]) -> Mapping[int, int]:
    """Assessment → number of the event that submitted what waits for the committee; those of which nothing does are left out."""
    query = select(_REVISION.c.assessment_id, _REVISION.c.submission).where(
        _REVISION.c.assessment_id.in_(assessment_ids),
        _REVISION.c.status == Status.SUBMITTED.value,
        _REVISION.c.submission.is_not(None),
    )
    return {row.assessment_id: row.submission for row in session.connection().execute(query)}


def _decision(session: Session, item: Item) -> EventLine | None:
    """The first thing that came of the submission."""
    query = select(func.min(_EVENT.c.seq)).where(
        _EVENT.c.assessment_id == item.assessment, _EVENT.c.seq > int(item.which), _EVENT.c.kind.in_(_DECIDED)
    )
    seq = session.connection().execute(query).scalar()
    return None if seq is None else event_lines.event(session, seq)


def _referred_outcomes(
    session: Session, items: Iterable[Item], references: Mapping[int, Json]
) -> Mapping[int, Outcome]:
    of_items = {item.number: references.get(item.number, {}) for item in items}
    numbers = [seq for reference in of_items.values() for seq in reference.get("votes", ())]
    rows = session.connection().execute(select(_VOTE).where(_VOTE.c.seq.in_(numbers)).order_by(_VOTE.c.seq))
    votes = {row.seq: mapping.vote(row) for row in rows}
    return {
        number: Outcome(
            tuple(votes[seq] for seq in reference.get("votes", ()) if seq in votes),
            event_lines.event(session, reference["decision"]) if reference.get("decision") else None,
        )
        for number, reference in of_items.items()
    }


def references(session: Session, of: Proceedings) -> Json:
    """Numbers of the events that the minutes consist of as they stand, for closing them."""
    lines = events(session, of.meeting.id)
    last = {line.kind: line.seq for line in lines}
    discussion = {line.values.get("item"): line.seq for line in lines if line.kind == MINUTE}
    outcome_of = outcomes(session, of)
    items = []
    for item in of.meeting.on_agenda:
        outcome = outcome_of.get(item.number, Outcome())
        votes = {"votes": [vote.seq for vote in outcome.votes]} if item.subject is Subject.DECISION else {}
        decision = {"decision": outcome.decision.seq} if outcome.decision else {}
        minute = {"discussion": discussion[item.number]} if item.number in discussion else {}
        items.append({"number": item.number, **minute, **votes, **decision})
    return {
        "meeting": of.meeting.id,
        "details": max(last.get(CONVENED, 0), last.get(CHANGED, 0)),
        "convened": last.get(CONVENED, 0),
        "agenda": max(last.get(CONVENED, 0), last.get(AGENDA, 0)),
        **({"attendance": last[ATTENDANCE]} if ATTENDANCE in last else {}),
        "items": items,
    }


def documents(session: Session, meeting_id: int) -> tuple[MeetingDocument, ...]:
    """The newest first, without their files."""
    rows = sealed_documents.listed(session, _DOCUMENT, _DOCUMENT.c.meeting_id, meeting_id)
    return tuple(_document(row) for row in rows)


def file_of(session: Session, meeting_id: int, number: int) -> tuple[MeetingDocument, Json, bytes]:
    """With what was frozen in it, and its file. Raises: NotFoundError."""
    row = sealed_documents.with_file(session, _DOCUMENT, _DOCUMENT.c.meeting_id, meeting_id, number)
    if row is None:
        raise units.absent(Kind.MEETING, meeting_id)
    return _document(row), row.content, bytes(row.file)


def sealed_like(session: Session, file_sha256: str, content_sha256: str | None) -> tuple[tuple[int, bytes], ...]:
    """Meeting and file of each kept document that is this very file, or in which the same was frozen."""
    return sealed_documents.sealed_like(session, _DOCUMENT, _DOCUMENT.c.meeting_id, file_sha256, content_sha256)


# --- writing ----------------------------------------------------------------------------------------------------


def add(session: Session, unit: int, on: date) -> int:
    """The next of the unit's meetings. Returns its id."""
    query = select(func.coalesce(func.max(_MEETING.c.number), 0)).where(_MEETING.c.unit_id == unit)
    number = session.connection().execute(query).scalar_one() + 1
    row = {"unit_id": unit, "number": number, "on_day": on, "state": State.OPEN.value}
    made = session.connection().execute(insert(_MEETING), row).inserted_primary_key
    return int(made[0]) if made else 0


def note(session: Session, meeting_id: int, seq: int) -> None:
    """The event is about this meeting."""
    session.connection().execute(insert(_OF_MEETING), {"meeting_id": meeting_id, "seq": seq})


def set_columns(session: Session, meeting_id: int, **columns: object) -> None:
    session.connection().execute(update(_MEETING).where(_MEETING.c.id == meeting_id).values(**columns))


def add_document(session: Session, document: MeetingDocument, content: Json, file: bytes) -> None:
    row = {
        "seq": document.number,
        "meeting_id": document.meeting,
        "kind": document.kind,
        "language": document.language,
        "content": content,
        "content_sha256": document.content_sha256,
        "file": file,
        "file_sha256": document.file_sha256,
        "at": document.at,
    }
    session.connection().execute(insert(_DOCUMENT), row)


# --- parts ------------------------------------------------------------------------------------------------------


def item_json(item: Item) -> Json:
    """Without the chair's words, which lie beside so that they can be erased by themselves."""
    more = {"struck": True} if item.is_struck else {}
    which = {"assessment": item.assessment, "which": item.which} if item.assessment is not None else {}
    return {"number": item.number, "subject": item.subject.value, **which, **more}


def texts_json(items: Sequence[Item]) -> dict[str, str]:
    return {str(item.number): item.text for item in items if item.text}


def _referred(minutes: Json) -> set[int]:
    """Events that closed minutes consist of."""
    discussion = {item["discussion"] for item in minutes["items"] if "discussion" in item}
    return discussion | {minutes[name] for name in ("details", "convened", "agenda", "attendance") if name in minutes}


def _meeting(row: Any, lines: Sequence[EventLine], newest: int) -> Meeting:
    convened = next(line for line in lines if line.kind == CONVENED)
    details: Mapping[str, Any] = {}
    items: tuple[Item, ...] = ()
    attendance: tuple[Attendance, ...] = ()
    guests = ""
    minutes: dict[int, Minute] = {}
    for line in lines:
        values = line.values
        if line.kind in (CONVENED, CHANGED):
            details = values
        if line.kind in (CONVENED, AGENDA):
            items = _items(values)
        elif line.kind == ATTENDANCE:
            attendance = tuple(
                Attendance(Person(each["id"], each["name"]), Presence(each["presence"]), each.get("left", ""))
                for each in values.get("attendance", ())
            )
            guests = str(values.get("guests", ""))
        elif line.kind == MINUTE:
            minutes[values.get("item", 0)] = Minute(
                str(values.get("discussion", "")), str(values.get("resolution", ""))
            )
    return Meeting(
        row.id,
        row.unit_id,
        row.number,
        row.on_day,
        Form(details.get("form", Form.IN_PERSON.value)),
        str(details.get("place", "")),
        State(row.state),
        convened.by,
        convened.at,
        items,
        attendance,
        guests,
        minutes,
        newest,
    )


def _items(values: Mapping[str, Any]) -> tuple[Item, ...]:
    texts = values.get("texts", {})
    return tuple(
        Item(
            item["number"],
            Subject(item["subject"]),
            item.get("assessment"),
            item.get("which", ""),
            texts.get(str(item["number"]), ""),
            bool(item.get("struck")),
        )
        for item in values.get("items", ())
    )


def _document(row: Any) -> MeetingDocument:
    return MeetingDocument(row.seq, row.meeting_id, row.kind, row.language, row.content_sha256, row.file_sha256, row.at)
