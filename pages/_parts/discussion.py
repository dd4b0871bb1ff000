"""Comments: beside what they are about, counted where one decides, and written on a screen of their own, which `comments` draws."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import streamlit as st
from markupsafe import Markup

from assessments import actions, viewing
from assessments.deeds.commenting import MOST_CHARACTERS
from assessments.model import Actor, Assessment, Person, Status
from assessments.rights import may
from assessments.storage.entries import CommentLine, CommentThread
from pages._field import forms
from pages._frame import database, markup, pressing, shared, translation
from pages._frame.shared import _, many
from pages._parts import gaps
from questionnaires.load import Edition

PLACES_SHOWN = 8
"""Places with open comments that other screens list; the rest are counted."""
_LONGEST_SUBJECT = 80
_BESIDE = "parts/beside_comments.html.j2"


@dataclass(frozen=True)
class Talk:
    """What is said about an assessment, for one reader."""

    assessment: Assessment
    threads: tuple[CommentThread, ...]
    is_open: bool
    """The reader may say something."""

    def at(self, where: str) -> tuple[CommentThread, ...]:
        return tuple(thread for thread in self.threads if thread.place == where)

    def open_at(self, where: str) -> tuple[CommentThread, ...]:
        return tuple(thread for thread in self.at(where) if thread.is_open)

    def address(self, where: str = "", anchor: str = "") -> str:
        return shared.address("comments", anchor, assessment=self.assessment.id, at=where or None)


def of(assessment: Assessment, actor: Actor) -> Talk:
    with database.reading() as session:
        return of_threads(viewing.threads(session, actor, assessment.id or 0), assessment, actor)


def of_threads(threads: tuple[CommentThread, ...], assessment: Assessment, actor: Actor) -> Talk:
    return Talk(assessment, threads, may(actor, "comment") and assessment.status is not Status.WITHDRAWN)


# --- on other screens --------------------------------------------------------------------------------------------


def beside(where: str, subject: str, talk: Talk, label: str = "") -> Markup:
    """At a question, a section or a list: what is open there, and the way to say something.

    subject: its words. label: of the link, where it is no question.
    """
    threads = talk.open_at(where)
    if not threads and not talk.is_open:
        return markup.NOTHING
    if not threads:
        return _way_to_say(talk.assessment.id or 0, where, subject, label, shared.language())
    about = _about(talk.address(where), subject, label or _("Add a comment"))
    return shared.render(
        _BESIDE,
        threads=[_thread(thread) for thread in threads],
        count=many("{count} open comment", "{count} open comments", len(threads)),
        may=talk.is_open,
        **about,
    )


@lru_cache(4096)
def _way_to_say(assessment_id: int, where: str, subject: str, label: str, language: str) -> Markup:
    """Where nobody said anything yet: at most questions, after each answer."""
    address = shared.address("comments", assessment=assessment_id, at=where)
    about = _about(address, subject, label or translation.translate("Add a comment", language))
    return markup.render(_BESIDE, language, threads=(), count="", may=True, **about)


def _about(address: str, subject: str, label: str) -> dict[str, str]:
    short = subject if len(subject) <= _LONGEST_SUBJECT else f"{subject[:_LONGEST_SUBJECT]}…"
    return {"address": address, "subject": short, "label": label}


def open_count(talk: Talk) -> int:
    return sum(thread.is_open for thread in talk.threads)


def counted(talk: Talk, pinned: Mapping[str, Edition]) -> None:
    """How many are open, with the way to each place; nothing where nobody said anything and this reader cannot."""
    waiting = [thread for thread in talk.threads if thread.is_open]
    if not talk.threads and not talk.is_open:
        return
    by_place: dict[str, int] = {}
    for thread in waiting:
        by_place[thread.place] = by_place.get(thread.place, 0) + 1
    places = [(talk.address(where), name_of(where, pinned), count) for where, count in by_place.items()]
    rest = len(places) - PLACES_SHOWN
    shared.draw(
        "parts/open_comments.html.j2",
        count=many("{count} open comment", "{count} open comments", len(waiting)) if waiting else _("No open comments"),
        address=talk.address(),
        places=places[:PLACES_SHOWN],
        more=many("and {count} further place", "and {count} further places", rest) if rest > 0 else "",
    )


def name_of(where: str, pinned: Mapping[str, Edition]) -> str:
    return gaps.name_of(where, pinned) or where


# --- on their own screen -----------------------------------------------------------------------------------------


def new_form(talk: Talk, where: str, people: Sequence[Person]) -> None:
    """To begin a thread."""
    assessment_id = talk.assessment.id or 0
    key = f"comment-{assessment_id}-{where}"
    with st.form(key, border=False):
        _fields(key, people)
        add, about = _("Add a comment"), (actions.comment, assessment_id, where, key, _("Your comment is there."))
        pressing.button(add, f"{key}-go", _write, *about, in_form=True, type="primary")


def show(talk: Talk, thread: CommentThread, people: Sequence[Person], actor: Actor) -> None:
    """A thread with what can be done about it."""
    assessment_id, key = talk.assessment.id or 0, f"thread-{thread.seq}"
    with st.container(border=True, key=key):
        markup.show(_thread(thread))
        if not talk.is_open:
            return
        with shared.folds(key):
            if thread.is_open:
                with forms.fold(_("Reply"), f"{key}-reply", of=f"{key}-reply-") as is_open:
                    if is_open:
                        _reply_form(assessment_id, thread, people)
            own = [comment for comment in thread.comments if comment.by == actor.person and not comment.withdrawn_at]
            beginnings = tuple(f"own-{comment.seq}-" for comment in own)
            if own and thread.is_open:
                with forms.fold(_("Correct or withdraw"), f"{key}-own", of=beginnings) as is_open:
                    if is_open:
                        for comment in own:
                            _own_form(assessment_id, comment, people)
        if thread.is_open:
            pressing.button(_("Mark as resolved"), f"{key}-resolve", _resolve, assessment_id, thread.seq)
        elif thread.resolved_at is not None:
            pressing.button(_("Open again"), f"{key}-reopen", _reopen, assessment_id, thread.seq)


def _reply_form(assessment_id: int, thread: CommentThread, people: Sequence[Person]) -> None:
    key = f"thread-{thread.seq}-reply"
    with st.form(key, border=False):
        _fields(key, people)
        about = (actions.reply_comment, assessment_id, thread.seq, key, _("Your reply is there."))
        pressing.button(_("Send the reply"), f"{key}-go", _write, *about, in_form=True)


def _own_form(assessment_id: int, comment: CommentLine, people: Sequence[Person]) -> None:
    key = f"own-{comment.seq}"
    with st.form(key, border=False):
        _fields(key, people, comment)
        with st.container(horizontal=True):
            about = (actions.correct_comment, assessment_id, comment.seq, key, _("The comment is corrected."))
            pressing.button(_("Save the correction"), f"{key}-correct", _write, *about, in_form=True)
            pressing.button(
                _("Withdraw this comment"), f"{key}-withdraw", _withdraw, assessment_id, comment.seq, key, in_form=True
            )


def _fields(key: str, people: Sequence[Person], comment: CommentLine | None = None) -> None:
    names = _labels(people)
    chosen = [names[person.id] for person in comment.mentions if person.id in names] if comment else []
    forms.text(
        _("Comment"),
        key=f"{key}-text",
        value=comment.text if comment else "",
        kind="long",
        max_chars=MOST_CHARACTERS,
        required=True,
    )
    forms.several_words(
        _("People it is for"),
        list(names.values()),
        key=f"{key}-people",
        value=chosen,
        hint=_("They find it among what waits for them. A name after an @ in the comment does the same."),
        max_chars=200,
    )


def _labels(people: Sequence[Person]) -> dict[str, str]:
    """Id → name; of namesakes with the id."""
    names = [person.name for person in people]
    return {
        person.id: person.name if names.count(person.name) == 1 else f"{person.name} ({person.id})" for person in people
    }


def _thread(thread: CommentThread) -> Markup:
    lines = [_line(comment) for comment in thread.comments]
    state = ""
    if thread.resolved_at is not None:
        who = thread.resolved_by.name if thread.resolved_by else _("erased")
        state = _("Resolved by {name} · {at}", name=who, at=shared.moment(thread.resolved_at))
    return shared.render("parts/thread.html.j2", lines=lines, state=state)


def _line(comment: CommentLine) -> dict[str, object]:
    facts = [shared.moment(comment.at), _("revision {number}", number=comment.revision)]
    if comment.corrected_at and not comment.withdrawn_at:
        facts.append(_("corrected {at}", at=shared.moment(comment.corrected_at)))
    if comment.withdrawn_at:
        instead = _(
            "Withdrawn by its author {at}; the words stand in the history.", at=shared.moment(comment.withdrawn_at)
        )
    else:
        instead = _("The words were erased.")
    return {
        "seq": comment.seq,
        "name": comment.by.name if comment.by else _("erased"),
        "facts": " · ".join(facts),
        "text": comment.text,
        "instead": instead,
        "named": ", ".join(person.name for person in comment.mentions),
        "is_gone": not comment.text,
    }


# --- deeds -------------------------------------------------------------------------------------------------------


def _named(key: str, assessment_id: int, actor: Actor) -> list[str]:
    """Ids of those who were chosen; what is nobody's name stays as it is, for the deed to refuse it."""
    with database.reading() as session:
        people = [other.person for other in viewing.readers(session, actor, assessment_id)]
    ids = {label: person_id for person_id, label in _labels(people).items()}
    return [ids.get(word, word) for word in forms.several_entered(f"{key}-people")]


def _write(deed: Callable[..., object], assessment_id: int, about: str | int, key: str, success: str) -> None:
    """deed: comments on a place, or answers or corrects a comment of this number. success: what is said once it is done."""
    actor = shared.current_actor()
    if not forms.complete(f"{key}-"):
        return
    with pressing.problems_kept():
        named, words = _named(key, assessment_id, actor), forms.entered(f"{key}-text")
        with forms.deed(f"{key}-") as session:
            deed(session, assessment_id, about, words, actor, shared.now(), mentions=named)
        pressing.tell(success)


def _withdraw(assessment_id: int, number: int, key: str) -> None:
    actor = shared.current_actor()
    with pressing.problems_kept():
        with forms.deed(f"{key}-") as session:
            actions.withdraw_comment(session, assessment_id, number, actor, shared.now())
        pressing.tell(_("The comment is withdrawn."))


def _resolve(assessment_id: int, thread: int) -> None:
    actor = shared.current_actor()
    with pressing.problems_kept():
        with database.transaction() as session:
            actions.resolve_comment(session, assessment_id, thread, actor, shared.now())
        pressing.tell(_("Marked as resolved."))


def _reopen(assessment_id: int, thread: int) -> None:
    actor = shared.current_actor()
    with pressing.problems_kept():
        with database.transaction() as session:
            actions.reopen_comment(session, assessment_id, thread, actor, shared.now())
        pressing.tell(_("It is open again."))
