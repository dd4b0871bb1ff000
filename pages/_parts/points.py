"""Points of a return: asked for by the committee, shown beside what they are about, ticked off by the author."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st
from markupsafe import Markup

from assessments import actions, viewing
from assessments.deeds.steps import PLACES
from assessments.model import Actor, Assessment, ReturnPoint, Status
from assessments.rights import may
from assessments.storage.entries import ReturnPointLine
from pages._field import forms
from pages._frame import database, markup, pressing, shared
from pages._frame.shared import _
from pages._parts import gaps
from questionnaires.load import Edition

MOST = 6
"""Points of one return; what is more stands in its reason."""
MAX_TEXT = 1000
_MOST_OF_NAME = 90


def of(assessment: Assessment, actor: Actor) -> tuple[ReturnPointLine, ...]:
    """Those of the last return, while it is at work or waits for the committee again."""
    if assessment.status not in (Status.RETURNED, Status.SUBMITTED):
        return ()
    with database.reading() as session:
        return viewing.return_points(session, actor, assessment)


def beside(where: str, points: Sequence[ReturnPointLine], assessment: Assessment) -> None:
    """At the question or on the screen that a point is about."""
    for notice in notices(where, points, assessment):
        markup.show(notice)


def notices(where: str, points: Sequence[ReturnPointLine], assessment: Assessment) -> tuple[Markup, ...]:
    """What `beside` shows."""
    made = []
    for point in points:
        if point.where == where:
            more = markup.free_text(point.text) + _done(point)
            if assessment.status is Status.RETURNED:
                text = _("Change what was done about it") if point.answer else _("Say what was done about it")
                link = markup.link(shared.address("review", "points", assessment=assessment.id), text)
                more += markup.paragraph(link)
            made.append(markup.notice("note", _("Asked for by {name}", name=_name(point)), more))
    return tuple(made)


def listed(assessment: Assessment, pinned: Mapping[str, Edition], actor: Actor) -> None:
    """All of them, with what was done about each; the author says so here."""
    points = of(assessment, actor)
    if not points:
        return
    markup.show(markup.h2(_("What the committee asked for"), id="points"))
    is_editable = assessment.status is Status.RETURNED and may(actor, "answer_point")
    for number, point in enumerate(points, start=1):
        name, address = name_of(point.where, pinned), gaps.place_of(point.where, assessment, pinned)
        with st.container(border=True, key=f"point-{number}"):
            head = markup.link(address, name) if address else markup.bold(name)
            markup.show(head + markup.free_text(point.text) + _done(point))
            if is_editable:
                _form(assessment, number, point)


def name_of(where: str, pinned: Mapping[str, Edition]) -> str:
    """Of a question its words; else the screen's or the section's name."""
    named = {"scenarios": _("Scenarios"), "measures": _("Measures")}
    return named.get(where) or gaps.name_of(where, pinned) or where


def fields(key: str, pinned: Mapping[str, Edition], value: Sequence[ReturnPoint] = ()) -> None:
    """In the form of a return: where, and what has to change there. value: what was named before."""
    places = {where: name_of(where, pinned) for where in PLACES}
    for edition in pinned.values():
        for section in edition.questionnaire.sections:
            title = section.title[shared.language()]
            for question in section.questions:
                text = f"{title} · {question.text[shared.language()]}"
                places[f"{edition.id}.{question.id}"] = (
                    text if len(text) <= _MOST_OF_NAME else f"{text[:_MOST_OF_NAME]}…"
                )
    with st.expander(
        _("Points at single questions (optional)"), expanded=bool(value) or forms.is_held(f"{key}-point-")
    ):
        for number in range(1, MOST + 1):
            named = value[number - 1] if number <= len(value) else ReturnPoint("", "")
            forms.choice(
                _("Point {number}: about", number=number),
                places,
                key=f"{key}-point-{number}-where",
                value=named.where,
                is_list=True,
            )
            label = _("What has to change there")
            forms.text(label, key=f"{key}-point-{number}-text", value=named.text, max_chars=MAX_TEXT)


def entered(key: str) -> list[ReturnPoint]:
    """As the form has them. Of words without a place the deed says what is missing."""
    points = []
    for number in range(1, MOST + 1):
        where, text = (forms.entered(f"{key}-point-{number}-{name}") for name in ("where", "text"))
        if where or text.strip():
            points.append(ReturnPoint(where, text))
    return points


def _name(point: ReturnPointLine) -> str:
    return f"{point.by.name if point.by else _('erased')} · {shared.moment(point.at)}"


def _done(point: ReturnPointLine) -> Markup:
    if not point.answer:
        return markup.tags(markup.tag(_("not done yet"), "open"))
    who = f"{point.answered_by.name if point.answered_by else _('erased')} · {shared.moment(point.answered_at)}"
    return markup.tags(markup.tag(_("done"), "good")) + markup.free_text(point.answer) + markup.quiet(who)


def _form(assessment: Assessment, number: int, point: ReturnPointLine) -> None:
    key = f"point-{assessment.id}-{assessment.revision}-{number}-{point.at.timestamp():.0f}"
    with st.form(key, border=False):
        forms.text(
            _("What was done about it, or why nothing was"),
            key=f"{key}-text",
            value=point.answer,
            kind="long",
            max_chars=MAX_TEXT,
            required=True,
        )
        pressing.button(_("Mark as done"), f"point-{number}-go", _answer, assessment.id, point.where, key, in_form=True)


def _answer(assessment_id: int, where: str, key: str) -> None:
    actor = shared.current_actor()
    if not forms.complete(f"{key}-"):
        return
    text = forms.entered(f"{key}-text")
    with pressing.problems_kept():
        with forms.deed(f"{key}-") as session:
            actions.answer_point(session, assessment_id, where, text, actor, shared.now())
        pressing.tell(_("Saved."))
