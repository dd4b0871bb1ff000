"""What is said about an assessment: all threads, those that are open first; or those at one place, where something new is said."""

from __future__ import annotations

import streamlit as st

from assessments import viewing
from assessments.model import Person, Response
from assessments.rules import topics
from assessments.rules.topics import WHOLE
from assessments.storage.entries import CommentThread
from pages._frame import database, frame, markup, screens, shared
from pages._frame.shared import _
from pages._parts import discussion, events, gaps, presence, questions

PER_PAGE = 20

actor = shared.acting()
actor, assessment = shared.open_assessment(actor)
pinned = shared.editions_of(assessment)
talk = discussion.of(assessment, actor)
people: tuple[Person, ...] = ()
if talk.is_open:
    with shared.problems_shown(), database.reading() as session:
        people = tuple(other.person for other in viewing.readers(session, actor, assessment.id or 0))
place = st.query_params.get("at", "")
questionnaires = {name: edition.questionnaire for name, edition in pinned.items()}
if not topics.is_place(place, questionnaires):
    place = ""
frame.head(assessment, pinned)
frame.heading(screens.title_of("comments", shared.language()))
presence.show(assessment)


def _page_of(threads: list[CommentThread]) -> list[CommentThread]:
    """Those of the page that the address names, with links to the others."""
    pages = max(1, -(-len(threads) // PER_PAGE))
    page = min(max(1, shared.whole(st.query_params.get("part", ""))), pages)
    if pages > 1:
        links = [
            (
                shared.address("comments", assessment=assessment.id, at=place or None, part=number),
                str(number),
                number == page,
            )
            for number in range(1, pages + 1)
        ]
        shared.draw("parts/states.html.j2", title=_("Page"), links=links)
    return threads[(page - 1) * PER_PAGE : page * PER_PAGE]


def _subject(where: str) -> None:
    """What the comments are about: its words with the way there, and of a question the answer as it is now."""
    name, address = discussion.name_of(where, pinned), gaps.place_of(where, assessment, pinned)
    markup.show(markup.h2(markup.link(address, name) if address else name))
    question = events.question_of(where, pinned)
    if question is not None:
        response = assessment.responses.get(where.partition(".")[0], {}).get(question.id)
        answer = questions.reading(question, response or Response(question.id, None), shared.language())
        markup.show(markup.card(answer))


if not talk.is_open:
    markup.show(markup.notice("note", _("The comments can be read here; you cannot write any.")))
if place:
    markup.show(markup.paragraph(markup.link(talk.address(), _("All comments"))))
    _subject(place)
    if talk.is_open:
        discussion.new_form(talk, place, people)
    shown = list(talk.at(place))
else:
    if talk.is_open:
        lead = _("A comment on a question or a section is begun there; here, one on the assessment as a whole.")
        markup.show(markup.paragraph(lead, "h-lead"))
        discussion.new_form(talk, WHOLE, people)
    shown = list(talk.threads)
shown.sort(key=lambda thread: (not thread.is_open, -thread.seq))
if not shown:
    markup.show(markup.empty(_("Nobody has said anything yet.")))
before = ""
for thread in _page_of(shown):
    head = _("Open") if thread.is_open else _("Resolved or withdrawn")
    if head != before:
        count = sum(other.is_open is thread.is_open for other in shown)
        markup.show(markup.h2(f"{head} ({count})"))
        before = head
    if not place:
        name, address = discussion.name_of(thread.place, pinned), talk.address(thread.place)
        markup.show(markup.paragraph(markup.link(address, name), "h-thread-place"))
    discussion.show(talk, thread, people, actor)
