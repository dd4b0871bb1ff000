"""What several screens need: who acts, the language, the open assessment, problems as sentences, harmless text.

Nothing here decides anything: rights and steps are asked of `assessments`, every time.
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

MAX_DIGITS = 15
_AT_FIRST = 5
"""Problems of a file that are seen at once."""
TEXTS = texts_of(__file__)
_MARKDOWN = re.compile(r"([\\`*_\[\]<>~$|]|:(?=[A-Za-z_/])|^[#+=-])")
_NUMBERED = re.compile(r"^(\d+)([.)])")


def language() -> str:
    return translation.language_of(st.context.cookies)


def _(message: str, **values: object) -> str:
    """An interface text in the reader's language."""
    return translation.translate(message, language(), **values)


def many(singular: str, other: str, count: int) -> str:
    """An interface text for a count."""
    return translation.translate_many(singular, other, count, language())


def render(template: str, **values: object) -> Markup:
    """A template in the reader's language."""
    return markup.render(template, language(), **values)


def draw(template: str, *, width: markup.Width = "stretch", **values: object) -> None:
    markup.show(render(template, **values), width=width)


def now() -> datetime:
    return datetime.now(UTC)


def current_actor() -> Actor:
    """Who is signed in, looked up anew; ends the run where nobody is. Never call it inside a transaction."""
    actor = sessions.who(st.context.cookies.get(sessions.COOKIE))
    if actor is None:
        again = markup.link("/enter", _("Sign in again"))
        markup.show(markup.notice("bad", _("Your session has ended."), again))
        st.stop()
    st.session_state["actor"] = actor
    return actor


def open_assessment(actor: Actor) -> Assessment:
    """The assessment that the address names, as it is now; ends the run with a sentence where there is none."""
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
    """The questionnaires that it pins; ends the run with a sentence where a file is gone or changed."""
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
        judged_on=assessment.day_judged(editions.seoul_day(now())),
    )


@contextmanager
def fold(label: str, key: str, *, icon: str | None = None, expanded: bool = False) -> Iterator[bool]:
    """A part that opens. True: it is open; only then draw what is in it, for fields cost time even where nobody sees them."""
    part = st.expander(label, key=f"{key}-fold", icon=icon, expanded=expanded, on_change="rerun")
    with part:
        yield bool(part.open)


# --- problems and news ---------------------------------------------------------------------------------


@contextmanager
def problems_shown() -> Iterator[None]:
    """What cannot be done is said in the reader's language, where it was tried."""
    try:
        yield
    except AssessmentError as error:
        markup.show(markup.notice("bad", error.text[language()]))
    except InvalidFileError as error:
        logging.getLogger("haetae").error("%s", error)
        problems = markup.items(legible_line(problem.told(language())) for problem in error.problems)
        markup.show(markup.notice("bad", _("A file of this installation cannot be used."), problems))


@contextmanager
def problems_kept(key: str = "problem") -> Iterator[None]:
    """For callbacks: what cannot be done is kept under a key and said when the screen is drawn."""
    st.session_state.pop(key, None)
    try:
        yield
    except AssessmentError as error:
        st.session_state[key] = error.text


def tell(message: str) -> None:
    """For callbacks: a sentence that is shown once, at the top of the next drawing."""
    st.session_state["news"] = message


def show_news() -> None:
    """What the last deed led to, at the top and in a corner of the window: its button may be far below."""
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
    """A line each; behind the first few one has to ask for the others."""
    shown = [legible_line(problem) for problem in problems]
    return render("frame/problems.html.j2", first=shown[:_AT_FIRST], others=shown[_AT_FIRST:])


# --- texts -------------------------------------------------------------------------------------------


def whole(text: str) -> int:
    """The number in an address; 0, which nothing has, where there is none that a database could hold."""
    return int(text) if text.isdecimal() and len(text) <= MAX_DIGITS else 0


def literal(text: str) -> str:
    """A text as a visible label of a widget, which reads Markdown: every character stands for itself."""
    return _NUMBERED.sub(r"\1\\\2", _MARKDOWN.sub(r"\\\1", " ".join(text.split())))


def address(page: str, anchor: str = "", **query: object) -> str:
    """Where a screen lies, for a link that loads it anew."""
    query_string = urlencode({name: value for name, value in query.items() if value is not None})
    return f"/{page}" + (f"?{query_string}" if query_string else "") + (f"#{anchor}" if anchor else "")


def moment(at: datetime | None) -> str:
    return wording.moment(at, language()) if at else ""
