"""Buttons that do something, each press once, and what came of it: button, submit, tell, problems_kept, news, news_at_top.

Whoever clicks twice has pressed one drawing of a button. After a deed the button is drawn under another key, so that the
second click of the old drawing finds nothing to do, and what is shown is the success of the first.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

import streamlit as st
from markupsafe import Markup
from streamlit.delta_generator import DeltaGenerator
from streamlit.runtime.scriptrunner import RerunException

from assessments.errors import AlreadyDoneError, AssessmentError
from pages._frame import markup, refusals, translation
from pages._frame.markup import render
from questionnaires.legible import legible_line
from questionnaires.problems import COMMON
from questionnaires.schema import Text

_AT_FIRST = 5
"""Number of a file's problems shown before the rest is folded."""
_LATE_SECONDS = 3.0
"""How long after the screen that a deed led to was drawn the second click of a double click may still arrive."""
_MOST_BROKEN = 20
"""How often a deed is begun anew; each time needs another message of the same browser."""


@dataclass
class _Act:
    """What this reader pressed last and what came of it.

    A plain object, since any look at Streamlit's own state ends a run for the click that waits: between a deed and the note
    that it was done there must be none.
    """

    turns: dict[str, int] = field(default_factory=dict)
    """Key → how often its button did something."""
    key: str = ""
    """Of the button that was pressed last."""
    turn: int = 0
    is_in_hand: bool = False
    """Its deed is being done; what else happens is no deed of this button."""
    waiting: tuple[str, int] | None = None
    """The form's button that was pressed, and the turn of its drawing, until its deed was done or the screen drawn without it."""
    told: tuple[str, str, Markup] | None = None
    problem: str | Text | Sequence[Text] | None = None
    more: Markup = markup.NOTHING
    """Below the problem, such as a link to its remedy."""
    shown_on: str | None = None
    """The screen on which that was first said. None: not yet."""
    screen: str = ""
    place: DeltaGenerator | None = None
    """At the top, while nothing further down has said it."""
    due: tuple[str, dict[str, str]] | None = None
    """The screen that the last deed led to, with its query."""
    left: str = ""
    """The screen on which that was pressed."""
    is_there: bool = True
    """The screen of `due` was drawn."""
    there_at: float = 0.0
    """When it was, by time.monotonic."""
    remembered: dict[str, Any] = field(default_factory=dict)
    lasting: set[str] = field(default_factory=set)
    """What of it does not end with the screen."""

    def begin(self, key: str) -> None:
        """A new act: what is said of the last one goes."""
        self.told = self.problem = self.shown_on = None
        self.key, self.turn, self.is_in_hand = key, self.turns.get(key, 0), True

    def done(self) -> None:
        """The drawing that was pressed is used up."""
        if self.is_in_hand:
            self.turns[self.key] = self.turn + 1

    def said(self) -> None:
        self.shown_on = None
        if not self.is_in_hand:  # it came of a field or of the screen itself, and stands at the top
            self.key = ""


_AT_HAND: ContextVar[_Act | None] = ContextVar("act", default=None)
"""That of the run in this thread, to be reached without a look at Streamlit's state."""


def _act() -> _Act:
    if "act" not in st.session_state:
        st.session_state["act"] = _Act()
    act: _Act = st.session_state["act"]
    _AT_HAND.set(act)
    return act


def _act_in_hand() -> _Act:
    return _AT_HAND.get() or _act()


def button(
    label: str,
    key: str,
    deed: Callable[..., None],
    *args: Any,
    in_form: bool = False,
    then: Callable[[], None] | None = None,
    **drawing: Any,
) -> None:
    """A button whose press calls `deed(*args)`, once for each drawing; below it, what came of the last press.

    then: is called after the deed, and says what else is to be drawn anew besides the part in which the button stands.
    """
    draw = st.form_submit_button if in_form else st.button
    draw(label, key=key_of(key), on_click=_press, args=(then, key, _act().turns.get(key, 0), deed, *args), **drawing)
    news(key)


def submit(label: str, key: str, deed: Callable[..., None], *args: Any, **drawing: Any) -> None:
    """A form's button like `button`, for a deed on the values that its fields return. The screen is drawn anew after it.

    The deed is reached only where the button stands on the screen. A field that sends itself before that breaks the drawing off,
    and in the next one Streamlit knows of no press: it is noted where nothing can come between.
    """
    act = _act()
    turn = act.turns.get(key, 0)
    is_pressed = st.form_submit_button(label, key=key_of(key), on_click=_wait, args=(key, turn), **drawing)
    if not is_pressed and act.waiting != (key, turn):
        news(key)
        return
    unbroken(_once_waited_for, key, turn, deed, args)
    st.rerun()


def _wait(key: str, turn: int) -> None:
    _act().waiting = key, turn


def key_of(key: str, of: str = "") -> str:
    """Widget key of the button, or of a field of its form, as it is drawn now: after a deed fields are new and empty."""
    turn = _act().turns.get(key, 0)
    return f"{of or key}~{turn}" if turn else of or key


def _press(then: Callable[[], None] | None, key: str, turn: int, deed: Callable[..., None], *args: Any) -> None:
    unbroken(_once, key, turn, deed, args)
    if then is not None:
        then()


def _once(key: str, turn: int, deed: Callable[..., None], args: tuple[Any, ...]) -> None:
    """The second click waits for the end of the first, since a session runs one message after the other, and finds the drawing
    used up."""
    act = _act()
    if turn != act.turns.get(key, 0):
        return
    act.begin(key)
    try:
        deed(*args)
        if act.problem is None:
            act.done()
    finally:  # where a part of a screen alone is drawn after it, `left_over` is not reached
        act.is_in_hand = False


def _once_waited_for(key: str, turn: int, deed: Callable[..., None], args: tuple[Any, ...]) -> None:
    act = _act()
    _once(key, turn, deed, args)
    act.waiting = None


def unbroken(deed: Callable[..., None], *args: Any) -> None:
    """Does it to its end, though other messages of the same browser arrive meanwhile.

    At the next look at its state after one has arrived Streamlit breaks off and begins anew with that message, in which the press
    or choice that led here stands no longer: it would be forgotten without a word. So the deed is begun once more, a transaction
    that was broken off having been rolled back, and the other message has its turn afterwards. What is done twice must be what is
    done once; a press is, for the drawing of its button is used up.
    """
    waiting: RerunException | None = None
    for _attempt in range(_MOST_BROKEN):
        try:
            deed(*args)
            break
        except RerunException as other:
            waiting = other
    if waiting is not None:
        raise waiting


# --- what came of it -----------------------------------------------------------------------------------


@contextmanager
def problems_kept() -> Iterator[None]:
    """Around a deed: an error is stored, to be shown beside the button once the screen is drawn."""
    act = _act()
    act.problem = None
    try:
        yield
    except AlreadyDoneError as error:  # nothing went wrong: the success of the first press was not seen
        tell(error.text[_language()], kind="note")
    except AssessmentError as error:
        refusals.note(error)
        refuse(error.text, act)
    else:
        if act.problem is None:
            act.done()


def refuse(problem: str | Text | Sequence[Text], act: _Act | None = None, *, more: Markup = markup.NOTHING) -> None:
    """The deed was not done, and why. more: below it, such as a link to the remedy."""
    act = act or _act()
    act.said()
    act.told, act.problem, act.more = None, problem, more


def tell(message: str, more: Markup = markup.NOTHING, kind: str = "good") -> None:
    """What was done; shown until the next act, beside its button or, where that is gone, at the top. kind: as of a notice."""
    act = _act_in_hand()
    act.said()
    act.told, act.problem = (kind, message, more), None
    act.done()


def news(key: str) -> None:
    """What came of the last act, if this is its button."""
    act = _act()
    if act.key == key and (notice := _notice(act)):
        act.place = None  # and not at the top besides
        markup.show(notice)
        _afar(act)


def said_last() -> object:
    """Differs once there is something else to be said of an act, or nothing more of the one before."""
    act = _act()
    return act.key, act.told, act.problem, act.more


def at_top() -> None:
    """Keeps the place at the top for news of an act whose button is gone."""
    _act().place = st.empty()


def left_over() -> None:
    """Fills the place at the top if nothing further down has said it; the end of every screen calls it."""
    act = _act()
    if act.place is not None and (notice := _notice(act)):
        act.place.html(notice)
        _afar(act)
    if not act.is_there:
        act.there_at = time.monotonic()
    act.place, act.is_in_hand, act.is_there, act.waiting = None, False, True, None


def forget_elsewhere(screen: str) -> None:
    """News stands on the screen on which it was first shown, and on no other."""
    act = _act()
    if act.shown_on is not None and act.shown_on != screen:
        act.told = act.problem = act.shown_on = None
        act.key = ""
    act.screen = screen


def go_to(screen: str, **query: object) -> None:
    """After this deed another screen follows."""
    act = _act_in_hand()
    _lead(act, screen, query)


def follow(screen: str, **query: object) -> None:
    """Another screen is drawn next: a mark in a picture was pressed, which writes nothing."""
    act = _act()
    _lead(act, screen, query)


def _lead(act: _Act, screen: str, query: Mapping[str, object]) -> None:
    act.due, act.is_there = (screen, {name: str(value) for name, value in query.items()}), False
    act.left = act.screen.split(" ")[0]


def due(screen: str, query: Mapping[str, str]) -> tuple[str, dict[str, str]] | None:
    """The screen to draw instead of the one asked for. None: that one is right.

    The second click of a double click may still ask for the screen of its button, with the query of the one that followed; it comes
    right behind. Whoever asks for any other screen, or for that one later, has followed a link and is led nowhere.
    """
    act = _act()
    if act.due is None or (screen, dict(query)) == act.due:
        return None
    if screen == act.left:
        if not act.is_there:
            return act.due
        is_late = bool(act.due[1]) and dict(query) == act.due[1]
        if is_late and time.monotonic() - act.there_at < _LATE_SECONDS:
            return act.due
    act.due, act.is_there = None, True
    return None


def remember(name: str, value: Any, *, lasts: bool = False) -> None:
    """Keeps what the screen has to know after a deed. lasts: also when its reader leaves it and comes back."""
    act = _act_in_hand()
    act.remembered[name] = value
    if lasts:
        act.lasting.add(name)


def leave() -> None:
    """Another screen is drawn from now on."""
    act = _act()
    act.remembered = {name: value for name, value in act.remembered.items() if name in act.lasting}


def remembered(name: str) -> Any:
    """None: nothing is kept under this name."""
    return _act().remembered.get(name)


def _notice(act: _Act) -> Markup | None:
    """None: there is nothing to say."""
    if act.problem is not None:
        return _problem(act.problem, act.more)
    return markup.notice(*act.told) if act.told else None


def _problem(problem: str | Text | Sequence[Text], more: Markup) -> Markup:
    if isinstance(problem, str | Text):
        return markup.notice("bad", _worded(problem), more)
    message = COMMON.text("found" if len(problem) > 1 else "found_one", count=len(problem))[_language()]
    return markup.notice("bad", message, _folded([_worded(text) for text in problem]))


def _afar(act: _Act) -> None:
    """Said once more where it is seen from anywhere on a long screen."""
    if act.shown_on is not None:
        return
    act.shown_on = act.screen
    if act.problem is None and act.told:
        st.toast(markup.literal(act.told[1]), icon=":material/check:" if act.told[0] == "good" else None)
    elif isinstance(act.problem, str | Text):
        st.toast(markup.literal(_worded(act.problem)), icon=":material/error:")


def _worded(text: str | Text) -> str:
    return text[_language()] if isinstance(text, Text) else text


def _folded(problems: Sequence[str]) -> Markup:
    """One line per problem; those after the first few are folded."""
    shown = [legible_line(problem) for problem in problems]
    return render("frame/problems.html.j2", _language(), first=shown[:_AT_FIRST], others=shown[_AT_FIRST:])


def _language() -> str:
    return translation.language_of(st.context.cookies)
