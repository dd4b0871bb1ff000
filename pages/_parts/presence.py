"""Who else has an assessment open now, and what a colleague changed on the page in front of the reader: show.

One small look every few seconds. It draws nothing anew but its own line, unless something changed: then the page is drawn anew, in
which every field keeps what is typed in it, as after any other message. A look is no use of a session and writes nothing, but for
the note that the reader is here, twice a minute.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime, timedelta

import streamlit as st

from assessments import viewing
from assessments.errors import AssessmentError
from assessments.model import Assessment
from assessments.storage.entries import AnswerSeen, Look
from pages._frame import database, shared
from pages._frame.shared import _
from questionnaires.load import Edition

LOOK_EVERY = 5.0
_PATIENCE_SECONDS = 0.1
"""For which the note that the reader is here waits for other writers; the next look tries again."""
_FIRST = timedelta(seconds=2)
"""A look so soon after the page was drawn is part of the drawing, which writes nothing."""
_MOST_TOLD = 5
_MOST_KEPT = 100
_LATE = timedelta(minutes=1)
"""By which what is written last may bear an earlier time than what was written before it: a deed has its time before its turn."""


def show(assessment: Assessment, edition: Edition | None = None) -> None:
    """edition: the questionnaire whose answers the page shows. None: it shows none that change under its reader."""
    here = f"{assessment.id}-{assessment.revision}-{st.session_state.get('screen', '')}-{st.query_params.to_dict()}"
    news = st.session_state.get("presence-news")
    if news is None or news[0] != here:
        st.session_state["presence-news"] = (here, ())
    names = _numbered(edition) if edition else {}
    questionnaire = edition.id if edition else ""
    with st.container(
        key="presence"
    ):  # always there, so that what comes and goes in it moves nothing else to another place
        _look(assessment, questionnaire, names, shared.now())


@st.fragment(run_every=LOOK_EVERY)
def _look(assessment: Assessment, questionnaire: str, names: Mapping[str, str], drawn: datetime) -> None:
    """names: question → its number. drawn: when the page was."""
    actor, at = shared.current_actor(), shared.now()
    since = (assessment.updated_at or drawn) - _LATE
    look = None
    with suppress(AssessmentError), database.reading() as session:
        look = viewing.look(session, actor, assessment, questionnaire, since, at)
    if look is None:  # it lies elsewhere now, or the role is gone: the whole page says so
        st.rerun()
        return
    if at - drawn < _FIRST:
        st.session_state["presence-seen"] = look.last_news
    else:
        if look.is_note_due:
            _note(assessment.id or 0, at)
        news = _unknown(look, assessment, questionnaire)
        if news or look.last_news != st.session_state.get("presence-seen", look.last_news):
            here, before = st.session_state["presence-news"]
            st.session_state["presence-news"] = (here, (*before, *news)[-_MOST_KEPT:])
            st.rerun()
    _line(look, names)


def _note(assessment_id: int, at: datetime) -> None:
    actor = shared.current_actor()
    try:
        with database.transaction(_PATIENCE_SECONDS) as session:
            viewing.note_presence(session, actor, assessment_id, at)
    except AssessmentError:  # somebody else writes, or the disk is full: nothing hangs on it
        return


def _unknown(look: Look, assessment: Assessment, questionnaire: str) -> tuple[AnswerSeen, ...]:
    """What the page shows otherwise, and was not drawn anew for yet."""
    shown = {name: response.at for name, response in assessment.responses.get(questionnaire, {}).items()}
    known: tuple[AnswerSeen, ...] = st.session_state["presence-news"][1]
    return tuple(answer for answer in look.answers if shown.get(answer.question) != answer.at and answer not in known)


def _line(look: Look, names: Mapping[str, str]) -> None:
    who = ", ".join(look.present)
    text = _("Here now besides you: {names}", names=who) if who else _("Nobody else is here now.")
    news: tuple[AnswerSeen, ...] = st.session_state["presence-news"][1]
    lines = [
        (
            f"#{answer.question}" if answer.question in names else "",
            _(
                "{name} changed {number} at {time}",
                name=answer.by,
                number=names.get(answer.question, answer.question),
                time=shared.moment(answer.at),
            ),
        )
        for answer in news[: -_MOST_TOLD - 1 : -1]
    ]
    shared.draw("parts/presence.html.j2", text=text, lines=lines)


def _numbered(edition: Edition) -> dict[str, str]:
    """Question → number, as its heading has it."""
    return {
        question.id: f"{place}.{number}"
        for place, section in enumerate(edition.questionnaire.sections, start=1)
        for number, question in enumerate(section.questions, start=1)
    }
