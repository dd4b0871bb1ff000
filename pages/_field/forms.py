"""Fields of forms that keep what was entered in this browser until the form's deed is done.

Drop-in for Streamlit's own, inside `st.form` or outside of it; all of a form's fields are drawn of these, so that a form that was
half filled comes back whole:

    with forms.fold(_("Register an operator"), "register-operator", of="operator-new-") as is_open:
        if is_open:
            with st.form("operator-new"):
                forms.text(_("Name of the operator"), key="operator-new-name", required=True)
                pressing.button(_("Save"), "operator-new-go", _save, in_form=True)

    def _save() -> None:
        if not forms.complete("operator-new-"):     # says beside each required field that it is empty
            return
        with pressing.problems_kept():
            with forms.deed("operator-new-") as session:   # a transaction
                actions.register_operator(session, Operator(name=forms.entered("operator-new-name")), …)
            pressing.tell(_("Saved."))

Inside `st.form` Streamlit holds back what a component says until the button is pressed, as with its own fields; the browser's
store does not wait for that. After a reload, the back button or a new server it stands in the field again, with a button to
discard it; a fold with such a field opens itself. After a `deed` all fields whose key begins so are forgotten, on the server and
in the browser; each then shows its `value`. Which drafts it was done on is written with the deed itself, so that a browser whose
server died before it could say so learns of it from the next, and nothing is done a second time. The key names the draft, so it
contains what the form belongs to, such as an assessment's number, and no turn of a button.

A field that is a deed of its own is handed what is to be done once it was left, `on_left`, which says `forms.settled(key)` after
its deed. Until then its words are a draft as those of a form.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from datetime import date
from functools import partial
from typing import Any, Literal

import streamlit as st

from assessments.content.answers import MAX_CHARACTERS
from assessments.errors import AlreadyDoneError, AssessmentError, InvalidAnswerError
from assessments.model import Actor
from assessments.storage import done_drafts
from pages._field import component
from pages._frame import database, pressing, shared
from pages._frame.database import Session
from pages._frame.shared import _
from questionnaires import reading
from questionnaires.schema import Text
from questionnaires.texts import Told

Kind = Literal["short", "long", "day", "number"]
Entry = str | list[str]
"""What a field holds: words, the value of the chosen option, or several."""
_YES = "yes"
_DAY_CHARACTERS = 40
_MOST = 1000
"""Drafts whose end the browser is told of on every screen; it learns of it within the next run."""
_MOST_OF_FIELD = 100
"""Drafts of a field whose end it is told of when it is drawn."""
_NONCE_CHARACTERS = 64


@dataclass(frozen=True)
class _Field:
    """A field as the last run drew it."""

    label: str
    value: Entry
    is_required: bool
    options: tuple[str, ...] | None = None
    """None: it takes any words."""
    is_day: bool = False
    nonce: str = ""
    """Of what was last read from it; empty: nothing was entered."""


@dataclass(frozen=True)
class _Problem:
    """Why the form was refused at this field, as long as it holds what it held then."""

    text: str | Text
    nonce: str
    press: str
    is_first: bool


@dataclass
class _Drafts:
    """A plain object, since any look at Streamlit's own state ends a run for the click that waits; see pressing."""

    fields: dict[str, _Field] = field(default_factory=dict)
    """Those that are in front of the reader: of the last run that came to its end, and of one that is under way."""
    drawn: set[str] = field(default_factory=set)
    """Keys of the fields of the run that is under way."""
    person: str = ""
    """Whose they are; empty: no run has begun."""
    is_done_read: bool = False
    """What was done on this person's drafts in earlier sessions is in `done`."""
    done: dict[str, list[str]] = field(default_factory=dict)
    """Key of a field → nonces of its drafts whose deed was done, in this session or before."""
    lately: list[str] = field(default_factory=list)
    """Those of `done` that the browser is told of whether their fields are drawn or not."""
    ended: list[tuple[str, str]] = field(default_factory=list)
    """Beginnings of keys whose deed was done, each with an id of its own; for fields that are drawn no longer."""
    problems: dict[str, _Problem] = field(default_factory=dict)
    left: dict[str, str] = field(default_factory=dict)
    """Key of a field that is a deed of its own → nonce of what it held when it was left."""
    leaving: list[Callable[[], None]] = field(default_factory=list)
    """What a session that has just begun has yet to do: no run knew the field when the browser said what is in it."""
    press: str = ""
    waiting: set[str] = field(default_factory=set)
    """Keys that the browser holds a draft of and that no fold was opened for yet."""
    held: set[str] = field(default_factory=set)
    """All that were ever waiting in this session."""
    heard: str = ""

    def is_done(self, key: str, nonce: str) -> bool:
        return nonce in self.done.get(key, ())

    def end(self, key: str, nonce: str) -> None:
        """The deed was done on this draft."""
        self.done[key] = [*self.done.get(key, ()), nonce][-_MOST_OF_FIELD:]
        self.lately = [*self.lately, nonce][-_MOST:]


_AT_HAND: ContextVar[_Drafts | None] = ContextVar("drafts", default=None)


def _drafts() -> _Drafts:
    if "drafts" not in st.session_state:
        st.session_state["drafts"] = _Drafts()
    drafts: _Drafts = st.session_state["drafts"]
    _AT_HAND.set(drafts)
    return drafts


# --- fields ----------------------------------------------------------------------------------------------


def text(
    label: str,
    *,
    key: str,
    value: str = "",
    kind: Kind = "short",
    max_chars: int = MAX_CHARACTERS,
    required: bool = False,
    hint: str = "",
    placeholder: str = "",
    hides_label: bool = False,
    on_left: Callable[[], None] | None = None,
) -> str:
    """Draw the field and return what it holds. value: what is saved, shown where nothing was typed."""
    spec = {"kind": kind, "limit": max_chars, "hint": hint, "placeholder": placeholder, "hidesLabel": hides_label}
    _draw(spec, key, _Field(label, value, required), on_left)
    return entered(key)


def several_words(
    label: str,
    suggested: Sequence[str],
    *,
    key: str,
    value: Sequence[str] = (),
    hint: str = "",
    max_chars: int,
    on_left: Callable[[], None] | None = None,
) -> list[str]:
    """Words one by one, of which some are suggested while one types."""
    spec = {"kind": "words", "limit": max_chars, "hint": hint, "suggested": list(dict.fromkeys(suggested))}
    _draw(spec, key, _Field(label, [*value], is_required=False), on_left)
    return several_entered(key)


def day(label: str, *, key: str, value: date | None = None, required: bool = False) -> None:
    """A day as people write it, with a calendar; `day_entered` reads it."""
    spec = {"kind": "day", "limit": _DAY_CHARACTERS, "hint": _("Day, like 2026-11-20")}
    _draw(spec, key, _Field(label, value.isoformat() if value else "", required, is_day=True))


def choice(
    label: str,
    options: Mapping[str, str],
    *,
    key: str,
    value: str = "",
    required: bool = False,
    is_list: bool = False,
    is_horizontal: bool = False,
) -> str:
    """One of a few: value → label. is_list: many, folded into a list. Returns the chosen value; empty: none."""
    spec = {"kind": "list" if is_list else "choice", "options": _options(options), "isHorizontal": is_horizontal}
    _draw(spec, key, _Field(label, value, required, tuple(options)))
    return entered(key)


def choices(
    label: str, options: Mapping[str, str], *, key: str, value: Sequence[str] = (), required: bool = False
) -> list[str]:
    """Some of these, in their order."""
    spec = {"kind": "choices", "options": _options(options), "alone": [], "isHorizontal": True}
    _draw(spec, key, _Field(label, [*value], required, options=tuple(options)))
    return several_entered(key)


def tick(label: str, *, key: str, value: bool = False, required: bool = False) -> bool:
    """A box of its own."""
    _draw({"kind": "tick"}, key, _Field(label, _YES if value else "", required, options=(_YES,)))
    return is_ticked(key)


def _options(options: Mapping[str, str]) -> list[dict[str, str]]:
    return [{"value": value, "label": label} for value, label in options.items()]


def _draw(spec: Mapping[str, Any], key: str, drawn: _Field, on_left: Callable[[], None] | None = None) -> None:
    actor: Actor = st.session_state.get("actor") or shared.current_actor()
    drafts = _of(actor)
    _read_done(drafts)
    drafts.fields[key] = replace(drawn, nonce=_nonce(key))
    drafts.drawn.add(key)
    problem = drafts.problems.get(key)
    content = {
        "kind": "form",
        "token": f"{_mine(actor)}{key}",
        "person": actor.id,
        "label": drawn.label,
        "value": drawn.value,
        "done": drafts.done.get(key, []),
        "problem": _problem_json(problem) if problem and problem.nonce == _nonce(key) else None,
        "field": {
            **spec,
            "waits": on_left is not None,
            "label": drawn.label,
            "required": drawn.is_required,
            "mark": _("required") if drawn.is_required else "",
        },
    }
    component.mount(key, content, on_text_change=partial(_leave, key, on_left))
    if on_left is not None and _is_new(key):
        drafts.leaving.append(partial(_leave, key, on_left))


def _is_new(key: str) -> bool:
    drafts, nonce = _drafts(), _nonce(key)
    return bool(nonce) and not drafts.is_done(key, nonce) and drafts.left.get(key) != nonce


def _leave(key: str, on_left: Callable[[], None] | None) -> None:
    """Once for what a field holds when it is left."""
    if on_left is not None and _is_new(key):
        _drafts().left[key] = _nonce(key)
        on_left()


def _mine(actor: Actor) -> str:
    return f"{actor.id}:form:"


def _problem_json(problem: _Problem) -> dict[str, object]:
    language = shared.language()
    worded = problem.text[language] if isinstance(problem.text, Text) else problem.text
    return {"text": worded, "nonce": problem.nonce, "press": problem.press, "isFirst": problem.is_first}


# --- what they hold --------------------------------------------------------------------------------------


def entered(key: str) -> str:
    """What the field holds, also for the callback of a button; of a choice its value."""
    entry = _entry(key)
    return entry if isinstance(entry, str) else ""


def several_entered(key: str) -> list[str]:
    """Values chosen in the field, in the order of its options."""
    entry = _entry(key)
    return entry if isinstance(entry, list) else []


def is_ticked(key: str) -> bool:
    return entered(key) == _YES


def day_entered(key: str) -> date | None:
    """None: the field is empty. Raises: InvalidAnswerError, said beside the field too."""
    typed = entered(key).strip()
    with refused_at(key):
        try:
            return reading.day(typed) if typed else None
        except reading.UnreadableError as error:
            raise InvalidAnswerError(Told(error.message.what, error.message.remedy)) from None


def _entry(key: str) -> Entry:
    drafts = _drafts()
    drawn = drafts.fields.get(key)
    nonce = _nonce(key)
    if drawn is not None:
        drafts.fields[key] = replace(drawn, nonce=nonce)
    if not nonce or drafts.is_done(key, nonce):
        return drawn.value if drawn else ""
    entry = _typed(key).get("text")
    options = drawn.options if drawn else None
    if isinstance(entry, list):
        words = [word for word in entry if isinstance(word, str)]
        return words if options is None else [option for option in options if option in words]
    if not isinstance(entry, str) or (options is not None and entry not in options):
        return ""
    return entry


def _nonce(key: str) -> str:
    """Empty: what is saved stands there untouched."""
    nonce = _typed(key).get("nonce")
    return nonce if isinstance(nonce, str) and len(nonce) <= _NONCE_CHARACTERS else ""


def _typed(key: str) -> Mapping[str, Any]:
    state = st.session_state.get(key)
    typed = state.get("text") if isinstance(state, Mapping) else None
    return typed if isinstance(typed, Mapping) else {}


# --- what becomes of them --------------------------------------------------------------------------------


def complete(beginning: str) -> bool:
    """False: of the fields whose key begins so a required one is empty, or a day is unreadable.

    Said beside each of them and beside the button. So no field of another form begins like those of this one.
    """
    _forget_problems(beginning)
    drawn = [(key, drawn) for key, drawn in _drafts().fields.items() if key.startswith(beginning)]
    empty = [(key, drawn_field) for key, drawn_field in drawn if drawn_field.is_required and not _is_filled(key)]
    unreadable = [error for key, drawn_field in drawn if drawn_field.is_day and (error := _unreadable_day(key))]
    for key, drawn_field in empty:
        is_written = drawn_field.options is None
        refuse_at(key, _("Nothing is written here yet.") if is_written else _("Nothing is chosen here yet."))
    if empty:
        labels = ", ".join(dict.fromkeys(_in_a_row(drawn_field.label) for _key, drawn_field in empty))
        pressing.refuse(_("Nothing was saved. Fill in first: {fields}", fields=labels))
    elif unreadable:
        pressing.refuse(unreadable[0].text)
    return not empty and not unreadable


def _in_a_row(label: str) -> str:
    """Among others; a sentence, such as what is ticked, in quotation marks and without its end."""
    return f"‘{label.removesuffix('.')}’" if label.endswith(".") else label


def _is_filled(key: str) -> bool:
    entry = _entry(key)
    return bool(entry.strip() if isinstance(entry, str) else entry)


def _unreadable_day(key: str) -> AssessmentError | None:
    """None: the day can be read, or there is none."""
    try:
        day_entered(key)
    except AssessmentError as error:
        return error
    return None


def _forget_problems(beginning: str) -> None:
    drafts = _drafts()
    drafts.press = secrets.token_hex(8)
    drafts.problems = {key: problem for key, problem in drafts.problems.items() if not key.startswith(beginning)}


def refuse_at(key: str, problem: str | Text) -> None:
    """Says it beside the field, until something else is entered there."""
    drafts = _drafts()
    is_first = all(other.press != drafts.press for other in drafts.problems.values())
    drafts.problems[key] = _Problem(problem, _nonce(key), drafts.press, is_first)


@contextmanager
def refused_at(key: str, *, where: bool = True) -> Iterator[None]:
    """What is refused here is said beside the field, too. where: it is this field that it comes of."""
    try:
        yield
    except AlreadyDoneError:
        raise
    except AssessmentError as error:
        if where:
            refuse_at(key, error.text)
        raise


@contextmanager
def deed(*beginnings: str, patience_seconds: float = database.BUSY_SECONDS) -> Iterator[Session]:
    """A transaction that does what the fields whose keys begin so say, once: with it is written which drafts it was done on.

    Raises: AlreadyDoneError if it was done on any of them before, by a server that died or for a page that was left at once.
    """
    drafts = _AT_HAND.get() or _drafts()
    nonces = {
        drawn.nonce: key
        for key, drawn in drafts.fields.items()
        if key.startswith(beginnings) and drawn.nonce and not drafts.is_done(key, drawn.nonce)
    }
    try:
        with database.transaction(patience_seconds) as session:
            done_drafts.check_new(session, drafts.person, nonces)
            yield session
            done_drafts.note(session, drafts.person, nonces, shared.now())
    except AlreadyDoneError:
        succeeded(*beginnings)
        raise
    succeeded(*beginnings)


def succeeded(*beginnings: str) -> None:
    """What is not done in a transaction is done: drafts of the fields whose key begins so are forgotten."""
    drafts = _AT_HAND.get() or _drafts()
    for key, drawn in drafts.fields.items():
        if key.startswith(beginnings) and drawn.nonce and not drafts.is_done(key, drawn.nonce):
            drafts.end(key, drawn.nonce)
    ended = [(secrets.token_hex(8), beginning) for beginning in beginnings]
    drafts.ended = [*drafts.ended, *ended][-_MOST:]
    drafts.problems = {key: problem for key, problem in drafts.problems.items() if not key.startswith(beginnings)}


def settled(key: str) -> None:
    """What this field holds is saved; the next drawing shows it as such."""
    drafts, nonce = _drafts(), _nonce(key)
    if nonce:
        drafts.end(key, nonce)
    drafts.problems.pop(key, None)


# --- what the browser holds ------------------------------------------------------------------------------


def begin(actor: Actor) -> dict[str, object]:
    """At the beginning of a run; what the browser has to know of drafts that are no longer drawn."""
    drafts = _of(actor)
    drafts.drawn, drafts.leaving = set(), []
    return {"done": drafts.lately, "ended": [list(end) for end in drafts.ended]}


def _of(actor: Actor) -> _Drafts:
    drafts = _drafts()
    if drafts.person != actor.id:
        drafts.person, drafts.done, drafts.is_done_read = actor.id, {}, False
    return drafts


def _read_done(drafts: _Drafts) -> None:
    """With the first field or draft of a session: what was done on this person's drafts before."""
    if not drafts.is_done_read:
        with database.reading() as session:
            drafts.done = done_drafts.done_by(session, drafts.person, shared.now())
        drafts.is_done_read = True


def end() -> None:
    """At the end of a run, when all fields are drawn: what it drew no more is gone.

    A run that is broken off forgets none, for what it had not come to is still in front of the reader, and may be what is pressed.
    """
    drafts = _drafts()
    drafts.fields = {key: drawn for key, drawn in drafts.fields.items() if key in drafts.drawn}
    leaving, drafts.leaving = drafts.leaving, []
    for leave in leaving:
        leave()
    if leaving:
        st.rerun()


def hear(post: Mapping[str, Any], actor: Actor) -> None:
    """The browser holds drafts whose fields are not drawn on this screen, perhaps in a fold."""
    drafts, nonce, entries = _of(actor), post.get("nonce"), post.get("drafts")
    if not isinstance(entries, list) or not isinstance(nonce, str) or nonce == drafts.heard:
        return
    drafts.heard, drafts.waiting = nonce, set()
    mine = _mine(actor)
    if entries:
        _read_done(drafts)
    for entry in entries[:_MOST]:
        match entry:
            case [str(token), str(draft)] if token.startswith(mine):
                key = token.removeprefix(mine)
                if drafts.is_done(key, draft):
                    drafts.lately = [*drafts.lately, draft][-_MOST:]
                else:
                    drafts.waiting.add(key)
    drafts.held |= drafts.waiting


def is_held(*beginnings: str) -> bool:
    """Whether the browser came back with a draft whose key begins so; what is folded within a form is then open."""
    return any(key.startswith(beginnings) for key in _drafts().held)


def opened(of: str | tuple[str, ...], state: str) -> None:
    """Opens what is about to be drawn under the state key, once, if the browser holds a draft whose key begins with `of`."""
    drafts = _drafts()
    waiting = {key for key in drafts.waiting if key.startswith(of)}
    if waiting:
        drafts.waiting -= waiting
        st.session_state[state] = True


@contextmanager
def fold(
    label: str, key: str, *, of: str | tuple[str, ...], icon: str | None = None, expanded: bool = False
) -> Iterator[bool]:
    """shared.fold that opens itself where the browser holds a draft. of: how the keys of its fields begin."""
    opened(of, f"{key}-fold")
    with shared.fold(label, key, icon=icon, expanded=expanded) as is_open:
        yield is_open
