"""Questions with autosave: each answer is saved when its field loses focus.

The database is the draft. What a field shows was read from it, together with the lock version; if somebody else
wrote in the meantime, nothing typed is lost: both texts are shown and the reader chooses.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import streamlit as st
from markupsafe import Markup

from assessments import actions
from assessments.content.answers import MAX_CHARACTERS
from assessments.errors import AssessmentError, StaleAssessmentError
from assessments.model import Response
from assessments.storage import database
from pages._frame import enum_names, markup, shared
from pages._frame.shared import _
from pages._parts import fields
from questionnaires import wording
from questionnaires.load import Edition
from questionnaires.question_types import of_type
from questionnaires.schema import Question, Source, Text


@dataclass(frozen=True)
class Place:
    """Where an answer belongs; widget keys contain all of it, so that two assessments never share a field."""

    assessment_id: int
    revision: int
    questionnaire: str

    def key(self, question: str) -> str:
        return f"a{self.assessment_id}-{self.revision}-{self.questionnaire}-{question}"


def show(
    place: Place,
    edition: Edition,
    question: Question,
    number: str,
    response: Response | None,
    *,
    maybe: bool,
    editable: bool,
    against: Callable[[], None],
) -> None:
    """One question with its field, its note and their saving status.

    maybe: an open answer decides whether it applies. against: draws what stands against the answer, right under it.
    """
    language, key = shared.language(), place.key(question.id)
    stored = response or Response(question.id, None)
    _settle(key, question, stored)
    with st.container(key=f"{key}-box"):
        st.subheader(f"{number} {shared.literal(question.text[language])}", anchor=question.id)
        hints = []
        if not question.required:
            hints.append(_("optional"))
        if maybe:
            hints.append(_("may not apply, depending on an answer that is still open"))
        if question.id == st.query_params.get("question"):
            hints.append(_("you came here from the list of what is missing"))
        if hints:
            markup.show(markup.quiet(" · ".join(hints)))
        if editable:
            fields.draw(question, key, _save, (place, question), language)
            _notice(place, question, stored)
            against()
            _note(place, question)
        else:
            markup.show(reading(question, stored, language))
            against()
        markup.show(about(edition, question, language))


def reading(question: Question, response: Response, language: str) -> Markup:
    """An answer for read-only display, with its note and when it was saved."""
    answer = fields.html_of(question, response.answer, language) or markup.quiet(_("Not provided"))
    if response.note:
        answer += markup.paragraph(enum_names.word("note", language), "h-quiet h-note") + markup.free_text(
            response.note
        )
    return answer + (markup.paragraph(saved(response), "h-saved") if response.at else "")


def about(edition: Edition, question: Question, language: str) -> Markup:
    """Why the question is asked, what evidence supports the answer, and the source."""
    source_line = source(edition.questionnaire.sources[question.source], language)
    return markup.render("parts/why.html.j2", language, question=question, source=source_line)


def source(cited: Source, language: str, *, briefly: bool = False) -> Markup:
    """Title, edition and location of a source; unless briefly, also its caveats."""
    day = wording.day(cited.edition, language)
    return markup.render("parts/source.html.j2", language, source=cited, day=day, briefly=briefly)


def reasoned(text: Text, cited: Source, language: str) -> Markup:
    """A reason with its source."""
    return markup.joined((text[language], markup.span(source(cited, language, briefly=True), "h-source")))


def _settle(key: str, question: Question, response: Response) -> None:
    """Fill fields that are new on this screen with the stored answer; leave fields with content alone."""
    seen = st.session_state.get(f"{key}-seen")
    is_drawn = fields.is_drawn(question, key)
    is_waiting = st.session_state.get(f"{key}-conflict") or st.session_state.get(f"{key}-problem")
    is_typed = of_type(question).is_prose
    if not is_drawn or (response.lock_version > (seen or 0) and not is_waiting and not is_typed):
        fields.fill(question, key, response.answer)
        st.session_state[f"{key}-note"] = response.note
        st.session_state[f"{key}-seen"] = response.lock_version
        st.session_state[f"{key}-opened"] = bool(response.note)
        st.session_state.pop(f"{key}-problem", None)
        st.session_state.pop(f"{key}-conflict", None)
    st.session_state.setdefault(f"{key}-note", response.note)


def _save(place: Place, question: Question, changed: str = "") -> None:
    """Save field and note; errors are shown under the field."""
    actor = shared.current_actor()
    key = place.key(question.id)
    fields.make_exclusive(question, key, changed)
    response = Response(
        question.id,
        fields.value(question, key),
        note=st.session_state.get(f"{key}-note") or "",
        lock_version=st.session_state.get(f"{key}-seen", 0),
    )
    st.session_state.pop(f"{key}-problem", None)
    try:
        with database.transaction() as session:
            stored = actions.record_response(
                session, place.assessment_id, place.questionnaire, response, actor, shared.now()
            )
    except StaleAssessmentError as error:
        st.session_state[f"{key}-problem"] = error.text
        st.session_state[f"{key}-conflict"] = True
    except AssessmentError as error:
        st.session_state[f"{key}-problem"] = error.text
    else:
        st.session_state[f"{key}-seen"] = stored.lock_version
        st.session_state.pop(f"{key}-conflict", None)


def _notice(place: Place, question: Question, response: Response) -> None:
    """Below the field: an error, a conflicting change by somebody else, or when it was saved."""
    key = place.key(question.id)
    problem = st.session_state.get(f"{key}-problem")
    is_newer = response.lock_version > st.session_state.get(f"{key}-seen", 0)
    if isinstance(problem, Text):
        markup.show(markup.notice("bad", problem[shared.language()]))
    if st.session_state.get(f"{key}-conflict") or is_newer:
        theirs = fields.text_of(question, response.answer, shared.language())
        who = _(
            "{name} saved this at {time}:",
            name=response.by.name if response.by else "",
            time=shared.moment(response.at),
        )
        markup.show(
            markup.notice(
                "note", who, markup.free_text(theirs) + (markup.free_text(response.note) if response.note else "")
            )
        )
        with st.container(horizontal=True, key=f"{key}-choice"):
            st.button(
                _("Keep what I wrote"),
                key=f"{key}-mine",
                on_click=_keep_mine,
                args=(place, question, response.lock_version),
            )
            st.button(_("Take the saved text"), key=f"{key}-theirs", on_click=_take_theirs, args=(key,))
    elif response.at is not None and not isinstance(problem, Text):
        markup.show(markup.paragraph(f"✓ {saved(response)}", "h-saved"))


def saved(response: Response) -> str:
    """When and by whom it was saved, as a sentence."""
    time = wording.clock(response.at, shared.language()) if response.at else ""
    today = (
        response.at is not None
        and response.at.astimezone(wording.SEOUL).date() == shared.now().astimezone(wording.SEOUL).date()
    )
    name = response.by.name if response.by else ""
    return _("Saved at {time} by {name}", time=time if today else shared.moment(response.at), name=name)


def _keep_mine(place: Place, question: Question, their_version: int) -> None:
    st.session_state[f"{place.key(question.id)}-seen"] = their_version
    _save(place, question)


def _take_theirs(key: str) -> None:
    for name in [name for name in st.session_state if isinstance(name, str) and name.startswith(key)]:
        del st.session_state[name]


def _note(place: Place, question: Question) -> None:
    key = place.key(question.id)
    with st.expander(_("Note: why, and where it can be seen"), expanded=st.session_state.get(f"{key}-opened", False)):
        st.text_area(
            _("Note: why, and where it can be seen"),
            key=f"{key}-note",
            max_chars=MAX_CHARACTERS,
            height="content",
            label_visibility="collapsed",
            on_change=_save,
            args=(place, question),
        )
