"""Talking about an assessment: comment; reply_, correct_, withdraw_, resolve_, reopen_comment; see_mention.

Comments are about the work on an assessment and no part of what is decided on; they go on from revision to revision.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from assessments import authority, editions
from assessments.content.answers import clean_text
from assessments.errors import IncompleteError, InvalidAnswerError, NotAllowedError, NotFoundError, WrongStatusError
from assessments.model import Actor, Assessment, Person
from assessments.rules import topics, workflow
from assessments.storage import comments, history, reader
from assessments.storage.database import Session
from assessments.storage.entries import CommentLine, CommentThread
from questionnaires.texts import texts_of

TEXTS = texts_of(__file__)
MOST_CHARACTERS = 2000
MOST_MENTIONS = 20
MOST_REPLIES = 100
"""Comments of one thread; what goes on longer is another subject."""
MOST_THREADS = 1000
_MARK = "@"


def comment(
    session: Session,
    assessment_id: int,
    place: str,
    text: str,
    actor: Actor,
    at: datetime,
    *,
    mentions: Collection[str] = (),
) -> int:
    """Begins a thread at a question, a section, a list or the whole; returns its number. mentions: ids, besides names after an @.

    Raises: NotAllowedError, NotFoundError, WrongStatusError, IncompleteError, InvalidAnswerError.
    """
    actor, assessment = _open(session, assessment_id, "comment", actor)
    if not topics.is_place(place, editions.questionnaires(assessment)):
        raise InvalidAnswerError(TEXTS.told("no_place_to_comment", where=place))
    if len(comments.threads(session, assessment_id)) >= MOST_THREADS:
        raise InvalidAnswerError(TEXTS.told("too_many_threads", most=MOST_THREADS))
    return _write(session, comments.COMMENT, assessment, {"question": place}, text, mentions, actor, at)


def reply_comment(
    session: Session,
    assessment_id: int,
    thread: int,
    text: str,
    actor: Actor,
    at: datetime,
    *,
    mentions: Collection[str] = (),
) -> int:
    """Answers a thread; what waited there for whoever answers waits no more. Returns the reply's number. Raises: like comment."""
    actor, assessment = _open(session, assessment_id, "reply_comment", actor)
    begun = _thread(session, assessment_id, thread)
    if len(begun.comments) >= MOST_REPLIES:
        raise InvalidAnswerError(TEXTS.told("too_many_replies", most=MOST_REPLIES))
    comments.drop_mentions(session, thread=begun.seq, person_id=actor.id)
    about = {"question": begun.place, "comment": begun.seq}
    return _write(session, comments.REPLY, assessment, about, text, mentions, actor, at, thread=begun.seq)


def correct_comment(
    session: Session,
    assessment_id: int,
    number: int,
    text: str,
    actor: Actor,
    at: datetime,
    *,
    mentions: Collection[str] = (),
) -> None:
    """Says one's own comment in other words; that it was corrected is shown, the former words stay in the history. Raises: like comment."""
    actor, assessment = _open(session, assessment_id, "correct_comment", actor)
    thread, own = _own(session, assessment_id, number, actor)
    comments.drop_mentions(session, seq=own.seq)
    about = {"question": thread.place, "comment": own.seq}
    _write(session, comments.CORRECT, assessment, about, text, mentions, actor, at, thread=thread.seq, seq=own.seq)


def withdraw_comment(session: Session, assessment_id: int, number: int, actor: Actor, at: datetime) -> None:
    """Takes one's own comment back: that it was there is shown, its words stay in the history alone. Raises: like comment."""
    actor, assessment = _open(session, assessment_id, "withdraw_comment", actor)
    thread, own = _own(session, assessment_id, number, actor)
    comments.drop_mentions(session, seq=own.seq)
    _note(session, comments.WITHDRAW, assessment, {"question": thread.place, "comment": own.seq}, actor, at)


def resolve_comment(session: Session, assessment_id: int, thread: int, actor: Actor, at: datetime) -> None:
    """Nothing is open in it any more. Raises: NotAllowedError, NotFoundError, WrongStatusError."""
    actor, assessment = _open(session, assessment_id, "resolve_comment", actor)
    begun = _thread(session, assessment_id, thread)
    if begun.resolved_at is not None:
        raise WrongStatusError(TEXTS.told("resolved_already", by=begun.resolved_by.name if begun.resolved_by else "–"))
    comments.drop_mentions(session, thread=begun.seq)
    _note(session, comments.RESOLVE, assessment, {"question": begun.place, "comment": begun.seq}, actor, at)


def reopen_comment(session: Session, assessment_id: int, thread: int, actor: Actor, at: datetime) -> None:
    """Something is open in it after all. Raises: NotAllowedError, NotFoundError, WrongStatusError."""
    actor, assessment = _open(session, assessment_id, "reopen_comment", actor)
    begun = _thread(session, assessment_id, thread)
    if begun.resolved_at is None:
        raise WrongStatusError(TEXTS.told("open_already"))
    _note(session, comments.REOPEN, assessment, {"question": begun.place, "comment": begun.seq}, actor, at)


def see_mention(session: Session, assessment_id: int, number: int, actor: Actor, at: datetime) -> None:
    """The actor has looked at a comment that names them: it waits for them no more. Raises: NotFoundError."""
    actor = authority.over(session, assessment_id, "see_mention", actor)
    for thread in comments.threads(session, assessment_id):
        if any(written.seq == number for written in thread.comments):
            comments.drop_mentions(session, seq=number, person_id=actor.id)
            about = {"question": thread.place, "comment": number}
            _note(session, "see_mention", reader.get_assessment(session, assessment_id), about, actor, at)
            return
    raise NotFoundError(TEXTS.told("no_such_comment", number=number))


# --- parts ---------------------------------------------------------------------------------------------------


def _open(session: Session, assessment_id: int, deed: str, actor: Actor) -> tuple[Actor, Assessment]:
    """Whoever may do this, and the newest revision, where comments are still of use."""
    there = authority.over(session, assessment_id, deed, actor)
    assessment = reader.get_assessment(session, assessment_id)
    workflow.check_may_comment(assessment)
    return there, assessment


def _thread(session: Session, assessment_id: int, number: int) -> CommentThread:
    for thread in comments.threads(session, assessment_id):
        if thread.seq == number:
            return thread
    raise NotFoundError(TEXTS.told("no_such_comment", number=number))


def _own(session: Session, assessment_id: int, number: int, actor: Actor) -> tuple[CommentThread, CommentLine]:
    for thread in comments.threads(session, assessment_id):
        for written in thread.comments:
            if written.seq != number:
                continue
            if written.by is None or written.by.id != actor.id:
                raise NotAllowedError(TEXTS.told("comment_of_another"))
            if written.withdrawn_at is not None:
                raise WrongStatusError(TEXTS.told("comment_withdrawn"))
            return thread, written
    raise NotFoundError(TEXTS.told("no_such_comment", number=number))


def _write(
    session: Session,
    kind: str,
    assessment: Assessment,
    about: dict[str, object],
    text: str,
    mentions: Collection[str],
    actor: Actor,
    at: datetime,
    *,
    thread: int = 0,
    seq: int = 0,
) -> int:
    """Notes the words and whom they name. thread 0: they begin one; seq 0: they are a comment of their own."""
    words = clean_text(text, "comment", MOST_CHARACTERS)
    if not words:
        raise IncompleteError(TEXTS.told("comment_without_text"))
    people = _named(session, assessment.id or 0, words, mentions)
    values = about | {"text": words, "mentions": [{"id": person.id, "name": person.name} for person in people]}
    number = _note(session, kind, assessment, values, actor, at)
    others = [person for person in people if person.id != actor.id]
    comments.add_mentions(session, assessment.id or 0, thread or number, seq or number, others)
    return number


def _note(
    session: Session, kind: str, assessment: Assessment, values: dict[str, object], actor: Actor, at: datetime
) -> int:
    return history.add_event(session, kind, actor, at, assessment.id, assessment.revision, values).seq


def _named(session: Session, assessment_id: int, text: str, mentions: Collection[str]) -> list[Person]:
    """Those who were chosen, and those whose names stand after an @; of readers of the assessment only.

    Raises: InvalidAnswerError; whether somebody of that id exists elsewhere is not told.
    """
    readers = {other.id: other.person for other in authority.readers(session, assessment_id)}
    strangers = [name for name in mentions if name not in readers]
    if strangers:
        raise InvalidAnswerError(TEXTS.told("nobody_who_reads", names=", ".join(strangers)))
    chosen = {person_id: readers[person_id] for person_id in mentions}
    people = list((chosen | {person.id: person for person in called(text, readers.values())}).values())
    if len(people) > MOST_MENTIONS:
        raise InvalidAnswerError(TEXTS.told("too_many_mentions", most=MOST_MENTIONS))
    return people


def called(text: str, people: Collection[Person]) -> list[Person]:
    """Those whose name follows an @ in the text; of names of which one begins like another the longest that fits."""
    named: dict[str, Person] = {}
    for part in text.split(_MARK)[1:]:
        fitting = [person for person in people if _begins(part, person.name)]
        longest = max((len(person.name) for person in fitting), default=0)
        named |= {person.id: person for person in fitting if len(person.name) == longest}
    return list(named.values())


def _begins(text: str, name: str) -> bool:
    """A particle may follow a Korean name at once; a name in Latin letters ends where the word ends."""
    following = text[len(name) : len(name) + 1]
    return text.startswith(name) and not (name[-1:].isascii() and following.isascii() and following.isalnum())
