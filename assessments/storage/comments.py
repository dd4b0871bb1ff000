"""Comments on an assessment, which are events of its history, and who is still to look at one: threads, mentions_of, and small writers.

What was written is read from the history alone, so that a value that is erased there is gone here too. Only who still waits to be
answered stands in a table, for the first screen has to find it among all assessments.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace

from sqlalchemy import delete, insert, select
from sqlmodel import Session

from assessments.model import Actor, Person
from assessments.storage import event_lines, mapping
from assessments.storage.entries import CommentLine, CommentThread, EventLine, MentionEntry, WaitingMention
from assessments.storage.life_tables import ArchivedRow
from assessments.storage.lists import SYSTEM_COLUMNS, Scope, in_units
from assessments.storage.tables import AssessmentRow, EventRow, SystemRow, table_of
from assessments.storage.work_tables import MentionRow

COMMENT, REPLY, CORRECT, WITHDRAW = "comment", "reply_comment", "correct_comment", "withdraw_comment"
RESOLVE, REOPEN = "resolve_comment", "reopen_comment"
KINDS = (COMMENT, REPLY, CORRECT, WITHDRAW, RESOLVE, REOPEN)
_MENTION, _ASSESSMENT, _SYSTEM = table_of(MentionRow), table_of(AssessmentRow), table_of(SystemRow)
_EVENT, _ARCHIVED = table_of(EventRow), table_of(ArchivedRow)


def threads(session: Session, assessment_id: int) -> tuple[CommentThread, ...]:
    """All of an assessment, of every revision, in the order in which they were begun."""
    begun: dict[int, CommentThread] = {}
    head_of: dict[int, int] = {}
    for line in event_lines.of_kinds(session, assessment_id, KINDS):
        about = line.values.get("comment")
        if line.kind == COMMENT:
            head_of[line.seq] = line.seq
            begun[line.seq] = CommentThread(str(line.values.get("question", "")), (_comment(line),))
        elif isinstance(about, int) and about in head_of:
            head = head_of[about]
            if line.kind == REPLY:
                head_of[line.seq] = head
            begun[head] = _after(begun[head], line, about)
    return tuple(begun.values())


def _after(thread: CommentThread, line: EventLine, about: int) -> CommentThread:
    """The thread once this has happened to it."""
    if line.kind == REPLY:
        return replace(thread, comments=(*thread.comments, _comment(line)))
    if line.kind == RESOLVE:
        return replace(thread, resolved_by=line.by, resolved_at=line.at)
    if line.kind == REOPEN:
        return replace(thread, resolved_by=None, resolved_at=None)
    changed = tuple(_changed(comment, line) if comment.seq == about else comment for comment in thread.comments)
    return replace(thread, comments=changed)


def _comment(line: EventLine) -> CommentLine:
    text = str(line.values.get("text", ""))
    return CommentLine(
        line.seq, line.by, line.at, line.revision or 0, text, _mentions(line), is_erased="text" in line.erased
    )


def _changed(comment: CommentLine, line: EventLine) -> CommentLine:
    if line.kind == WITHDRAW:
        return replace(comment, text="", mentions=(), withdrawn_at=line.at)
    text = str(line.values.get("text", ""))
    return replace(comment, text=text, mentions=_mentions(line), corrected_at=line.at, is_erased="text" in line.erased)


def _mentions(line: EventLine) -> tuple[Person, ...]:
    people = line.values.get("mentions", ())
    return tuple(Person(str(person["id"]), str(person["name"])) for person in people)


# --- who still waits -------------------------------------------------------------------------------------------


def add_mentions(session: Session, assessment_id: int, thread: int, seq: int, people: Collection[Person]) -> None:
    rows = [{"seq": seq, "person_id": person.id, "assessment_id": assessment_id, "thread": thread} for person in people]
    if rows:
        session.connection().execute(insert(_MENTION), rows)


def drop_mentions(
    session: Session, *, thread: int = 0, seq: int = 0, person_id: str = "", assessment_id: int = 0
) -> None:
    """Those of a thread, a comment or an assessment; of this person only, where one is named."""
    columns = {"thread": thread, "seq": seq, "person_id": person_id, "assessment_id": assessment_id}
    conditions = [_MENTION.c[name] == value for name, value in columns.items() if value]
    session.connection().execute(delete(_MENTION).where(*conditions))


def waiting(session: Session) -> tuple[WaitingMention, ...]:
    """Comments that anybody has still to look at, of assessments that are not archived, oldest first."""
    rows = session.execute(
        select(_MENTION, _EVENT.c.at, *SYSTEM_COLUMNS)
        .join(_EVENT, _EVENT.c.seq == _MENTION.c.seq)
        .join(_ASSESSMENT, _ASSESSMENT.c.id == _MENTION.c.assessment_id)
        .join(_SYSTEM, _SYSTEM.c.id == _ASSESSMENT.c.system_id)
        .where(_MENTION.c.assessment_id.not_in(select(_ARCHIVED.c.assessment_id)))
        .order_by(_MENTION.c.seq, _MENTION.c.person_id)
    )
    return tuple(
        WaitingMention(row.seq, row.person_id, row.at, row.assessment_id, mapping.labelled_system(row)) for row in rows
    )


def mentions_of(session: Session, actor: Actor, limit: int) -> tuple[MentionEntry, ...]:
    """Comments that name this person, in assessments that they may read now, newest first."""
    readable = in_units(Scope.of(session, actor).reading("read_assessment"))
    rows = session.execute(
        select(_MENTION, _ASSESSMENT.c.domain, *SYSTEM_COLUMNS)
        .join(_ASSESSMENT, _ASSESSMENT.c.id == _MENTION.c.assessment_id)
        .join(_SYSTEM, _SYSTEM.c.id == _ASSESSMENT.c.system_id)
        .where(_MENTION.c.person_id == actor.id, readable)
        .order_by(_MENTION.c.seq.desc())
        .limit(limit)
    ).all()
    by_assessment: dict[int, Sequence[CommentThread]] = {
        number: threads(session, number) for number in {row.assessment_id for row in rows}
    }
    entries = []
    for row in rows:
        thread = next((thread for thread in by_assessment[row.assessment_id] if thread.seq == row.thread), None)
        comment = next((comment for comment in thread.comments if comment.seq == row.seq), None) if thread else None
        if thread is not None and comment is not None:
            entries.append(
                MentionEntry(
                    row.seq,
                    row.thread,
                    thread.place,
                    comment.by,
                    comment.at,
                    comment.text,
                    row.assessment_id,
                    mapping.labelled_system(row),
                    row.domain,
                )
            )
    return tuple(entries)
