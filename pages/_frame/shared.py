"""Shared by the screens: current actor, language, open assessment, error messages, escaped text.

Makes no decisions: rights and workflow steps always come from `assessments`.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from urllib.parse import urlencode

import streamlit as st
from markupsafe import Markup
from streamlit.delta_generator import DeltaGenerator

from assessments import derivation, editions, viewing
from assessments.derived import Findings
from assessments.errors import AssessmentError, NotFoundError
from assessments.model import Actor, Assessment
from assessments.viewing import Opened
from pages._frame import cookies, database, markup, refusals, sessions, translation
from questionnaires import wording
from questionnaires.legible import legible_line
from questionnaires.load import Edition
from questionnaires.problems import InvalidFileError
from questionnaires.texts import texts_of

MAX_DIGITS = 15
TEXTS = texts_of(__file__)
literal = markup.literal


_LANGUAGE: ContextVar[str] = ContextVar("language")
"""Of the reader whose screens this thread draws: a script's thread belongs to one session, whose cookies never change."""


def language() -> str:
    """The reader's language; asked hundreds of times for a screen."""
    known = _LANGUAGE.get("")
    if not known:
        known = translation.language_of(st.context.cookies)
        if threading.current_thread() is not threading.main_thread():  # there no session is
            _LANGUAGE.set(known)
    return known


def _(message: str, **values: object) -> str:
    """Translate an interface text into the reader's language."""
    return translation.translate(message, language(), **values)


def many(singular: str, other: str, count: int, **values: object) -> str:
    """Translate an interface text with plural forms, for a count."""
    return translation.translate_many(singular, other, count, language(), **values)


def render(template: str, **values: object) -> Markup:
    """Render a template in the reader's language."""
    return markup.render(template, language(), **values)


def draw(template: str, *, width: markup.Width = "stretch", **values: object) -> None:
    markup.show(render(template, **values), width=width)


def now() -> datetime:
    return datetime.now(UTC)


def current_actor() -> Actor:
    """The signed-in person, looked up again; stops the run if there is none. Never call it inside a transaction."""
    actor = sessions.who(cookies.value(st.context.cookies, cookies.SESSION))
    if actor is None:
        again = markup.link("/enter", _("Sign in again"))
        markup.show(markup.notice("bad", _("Your session has ended."), again))
        st.stop()
    database.act_for(actor)
    st.session_state["actor"] = actor
    return actor


def acting() -> Actor:
    """Whom the run that draws this screen began for: main.py has looked that up already. Deeds and fragments look again."""
    actor: Actor = st.session_state["actor"]
    return actor


def open_assessment(actor: Actor) -> Opened:
    """The assessment named by the address, and the actor with the roles that hold there.

    Stops the run with a message if there is none.
    """
    number = whole(st.query_params.get("assessment", ""))
    with problems_shown():
        if not number:
            raise NotFoundError(TEXTS.told("no_assessment_named"))
    if not number:
        st.stop()
    return open_number(actor, number)


def open_number(actor: Actor, number: int) -> Opened:
    """Like open_assessment, of this number."""
    opened = None
    with problems_shown(), database.reading() as session:
        opened = viewing.open_assessment(session, actor, number)
    if opened is None:
        st.stop()
    return opened


def check_right(assessment_id: int, deed: str) -> None:
    """Whoever is here may do this to the assessment. Raises: NotFoundError, NotAllowedError."""
    actor = current_actor()
    with database.reading() as session:
        viewing.checked(session, actor, assessment_id, deed)


def editions_of(assessment: Assessment) -> dict[str, Edition]:
    """The questionnaires it pins; stops the run with a message if a file is missing or changed."""
    pinned = None
    with problems_shown():
        pinned = editions.for_assessment(assessment)
    if pinned is None:
        st.stop()
    return pinned


def findings_of(assessment: Assessment) -> Findings:
    """Of one whose questionnaires `editions_of` has looked at."""
    return derivation.of(assessment, now())


@contextmanager
def fold(label: str, key: str, *, icon: str | None = None, expanded: bool = False) -> Iterator[bool]:
    """An expander. True: it is open; draw its content only then, since hidden fields cost time too."""
    part = st.expander(label, key=f"{key}-fold", icon=icon, expanded=expanded, on_change="rerun")
    with part:
        yield bool(part.open)


def folds(key: str) -> DeltaGenerator:
    """Folds side by side; one that is open takes the whole line, so that what is in it follows its title, for keys too."""
    return st.container(horizontal=True, key=f"{key}-folds", vertical_alignment="top")


# --- problems ----------------------------------------------------------------------------------------


@contextmanager
def problems_shown() -> Iterator[None]:
    """Show errors in the reader's language, at the place of the action."""
    try:
        yield
    except AssessmentError as error:
        refusals.note(error)
        markup.show(markup.notice("bad", error.text[language()]))
    except InvalidFileError as error:
        logging.getLogger("haetae").error("%s", error)
        problems = markup.items(legible_line(problem.sentence(language())) for problem in error.problems)
        markup.show(markup.notice("bad", _("A file of this installation cannot be used."), problems))


# --- texts -------------------------------------------------------------------------------------------


def whole(text: str) -> int:
    """Parse a number from the address; 0, which is never an id, if it is no number that fits the database."""
    return int(text) if text.isdecimal() and len(text) <= MAX_DIGITS else 0


def address(page: str, anchor: str = "", **query: object) -> str:
    """URL of a screen, for a link that reloads the page."""
    query_string = urlencode({name: value for name, value in query.items() if value is not None})
    return f"/{page}" + (f"?{query_string}" if query_string else "") + (f"#{anchor}" if anchor else "")


def moment(at: datetime | None) -> str:
    return wording.moment(at, language()) if at else ""
