"""Shared by the screens: current actor, language, open assessment, error messages, escaped text.

Makes no decisions: rights and workflow steps always come from `assessments`.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from urllib.parse import urlencode

import streamlit as st
from markupsafe import Markup

from assessments import editions
from assessments.derived import Findings
from assessments.errors import AssessmentError, NotFoundError
from assessments.model import Actor, Assessment
from assessments.rules import findings
from assessments.storage import database, reader
from pages._frame import markup, sessions, translation
from questionnaires import wording
from questionnaires.legible import legible_line
from questionnaires.load import Edition
from questionnaires.problems import COMMON, InvalidFileError
from questionnaires.schema import Text
from questionnaires.texts import texts_of
from questionnaires.wording import seoul_day

MAX_DIGITS = 15
_AT_FIRST = 5
"""Number of a file's problems shown before the rest is folded."""
TEXTS = texts_of(__file__)
_MARKDOWN = re.compile(r"([\\`*_\[\]<>~$|]|:(?=[A-Za-z_/])|^[#+=-])")
_NUMBERED = re.compile(r"^(\d+)([.)])")


def language() -> str:
    return translation.language_of(st.context.cookies)


def _(message: str, **values: object) -> str:
    """Translate an interface text into the reader's language."""
    return translation.translate(message, language(), **values)


def many(singular: str, other: str, count: int) -> str:
    """Translate an interface text with plural forms, for a count."""
    return translation.translate_many(singular, other, count, language())


def render(template: str, **values: object) -> Markup:
    """Render a template in the reader's language."""
    return markup.render(template, language(), **values)


def draw(template: str, *, width: markup.Width = "stretch", **values: object) -> None:
    markup.show(render(template, **values), width=width)


def now() -> datetime:
    return datetime.now(UTC)


def current_actor() -> Actor:
    """The signed-in person, looked up again; stops the run if there is none. Never call it inside a transaction."""
    actor = sessions.who(st.context.cookies.get(sessions.COOKIE))
    if actor is None:
        again = markup.link("/enter", _("Sign in again"))
        markup.show(markup.notice("bad", _("Your session has ended."), again))
        st.stop()
    st.session_state["actor"] = actor
    return actor


def open_assessment(actor: Actor) -> Assessment:
    """The current state of the assessment named by the address; stops the run with a message if there is none."""
    assessment = None
    with problems_shown(), database.reading() as session:
        number = whole(st.query_params.get("assessment", ""))
        if not number:
            raise NotFoundError(TEXTS.told("no_assessment_named"))
        assessment = reader.get_assessment(session, number)
    if assessment is None:
        st.stop()
    st.session_state["assessment_id"] = assessment.id
    return assessment


def editions_of(assessment: Assessment) -> dict[str, Edition]:
    """The questionnaires it pins; stops the run with a message if a file is missing or changed."""
    pinned = None
    with problems_shown():
        pinned = editions.for_assessment(assessment)
    if pinned is None:
        st.stop()
    return pinned


def findings_of(assessment: Assessment, pinned: dict[str, Edition]) -> Findings:
    return findings.derive(
        {name: edition.questionnaire for name, edition in pinned.items()},
        assessment,
        judged_on=assessment.day_judged(seoul_day(now())),
    )


@contextmanager
def fold(label: str, key: str, *, icon: str | None = None, expanded: bool = False) -> Iterator[bool]:
    """An expander. True: it is open; draw its content only then, since hidden fields cost time too."""
    part = st.expander(label, key=f"{key}-fold", icon=icon, expanded=expanded, on_change="rerun")
    with part:
        yield bool(part.open)


# --- problems and news ---------------------------------------------------------------------------------


@contextmanager
def problems_shown() -> Iterator[None]:
    """Show errors in the reader's language, at the place of the action."""
    try:
        yield
    except AssessmentError as error:
        markup.show(markup.notice("bad", error.text[language()]))
    except InvalidFileError as error:
        logging.getLogger("haetae").error("%s", error)
        problems = markup.items(legible_line(problem.sentence(language())) for problem in error.problems)
        markup.show(markup.notice("bad", _("A file of this installation cannot be used."), problems))


@contextmanager
def problems_kept(key: str = "problem") -> Iterator[None]:
    """For callbacks: store an error and show it when the screen is drawn."""
    st.session_state.pop(key, None)
    try:
        yield
    except AssessmentError as error:
        st.session_state[key] = error.text


def tell(message: str) -> None:
    """For callbacks: a message shown once, at the top of the next run."""
    st.session_state["news"] = message


def show_news() -> None:
    """The result of the last action, at the top and as a toast, since its button may be far below."""
    news, problem = st.session_state.pop("news", None), st.session_state.pop("problem", None)
    if news:
        markup.show(markup.notice("good", news))
        st.toast(literal(news), icon=":material/check:")
    if problem:
        if isinstance(problem, tuple):  # problems of a file, all of them
            message = COMMON.text("found" if len(problem) > 1 else "found_one", count=len(problem))[language()]
            markup.show(markup.notice("bad", message, _folded([text[language()] for text in problem])))
        else:
            message = problem[language()] if isinstance(problem, Text) else problem
            markup.show(markup.notice("bad", message))
        st.toast(literal(message), icon=":material/error:")


def _folded(problems: Sequence[str]) -> Markup:
    """One line per problem; those after the first few are folded."""
    shown = [legible_line(problem) for problem in problems]
    return render("frame/problems.html.j2", first=shown[:_AT_FIRST], others=shown[_AT_FIRST:])


# --- texts -------------------------------------------------------------------------------------------


def whole(text: str) -> int:
    """Parse a number from the address; 0, which is never an id, if it is no number that fits the database."""
    return int(text) if text.isdecimal() and len(text) <= MAX_DIGITS else 0


def literal(text: str) -> str:
    """Escape text for a widget label, which is read as Markdown, so that every character is shown literally."""
    return _NUMBERED.sub(r"\1\\\2", _MARKDOWN.sub(r"\\\1", " ".join(text.split())))


def address(page: str, anchor: str = "", **query: object) -> str:
    """URL of a screen, for a link that reloads the page."""
    query_string = urlencode({name: value for name, value in query.items() if value is not None})
    return f"/{page}" + (f"?{query_string}" if query_string else "") + (f"#{anchor}" if anchor else "")


def moment(at: datetime | None) -> str:
    return wording.moment(at, language()) if at else ""
