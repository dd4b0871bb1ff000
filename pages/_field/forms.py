"""A field of a form that keeps what was typed in this browser until the form's deed is done: text, entered, succeeded.

Drop-in for `st.text_input` and `st.text_area`, inside `st.form` or outside of it:

    with st.form(key):
        name = forms.text(_("Name of the operator"), key=f"{key}-name", value=operator.name)
        pressing.button(_("Save"), f"{key}-go", _save, key, in_form=True)

    def _save(key: str) -> None:
        with pressing.problems_kept():
            with database.transaction() as session:
                actions.register_operator(session, Operator(name=forms.entered(f"{key}-name")), …)
            forms.succeeded(f"{key}-")          # after the deed, never before it

Inside `st.form` Streamlit holds back what a component says until the button is pressed, as with its own fields; the browser's
store does not wait for that. After a reload, the back button or a new server the words stand in the field again, with a button
to discard them. `succeeded` forgets all fields whose key begins so, on the server and in the browser; each then shows its
`value`. The key names the draft, so it contains what the form belongs to, such as an assessment's number; a turn that
pressing.key_of puts behind it does not count.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal

import streamlit as st

from assessments.content.answers import MAX_CHARACTERS
from assessments.model import Actor
from pages._field import component
from pages._frame import shared

Kind = Literal["short", "long", "day", "number"]
_DONE = "field-done"
_MOST = 100
"""Drafts whose end is remembered; a browser learns of it within the next run."""


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
    problem: str = "",
) -> str:
    """Draw the field and return what it holds. value: what is saved, shown where nothing was typed. problem: why it was refused."""
    actor: Actor = st.session_state.get("actor") or shared.current_actor()
    content = {
        "kind": "form",
        "token": f"{actor.id}:form:{key.partition('~')[0]}",
        "person": actor.id,
        "label": label,
        "value": value,
        "done": done(),
        "problem": problem,
        "field": {
            "kind": kind,
            "label": label,
            "limit": max_chars,
            "required": required,
            "hint": hint,
            "placeholder": placeholder,
            "hidesLabel": hides_label,
        },
    }
    st.session_state[f"{key}-saved"] = value
    component.mount(key, content, on_text_change=lambda: None)
    return entered(key)


def entered(key: str) -> str:
    """What the field holds, also for the callback of a button."""
    typed = _typed(key)
    if typed is None or typed.get("nonce") in done():
        return str(st.session_state.get(f"{key}-saved") or "")
    words = typed.get("text")
    return words if isinstance(words, str) else ""


def succeeded(*beginnings: str) -> None:
    """The deed is done: drafts of the fields whose key begins so are forgotten."""
    keys = [name for name in st.session_state if isinstance(name, str) and name.startswith(beginnings)]
    nonces = [typed["nonce"] for key in keys if (typed := _typed(key)) is not None and typed.get("nonce")]
    st.session_state[_DONE] = [*done(), *nonces][-_MOST:]


def done() -> Sequence[str]:
    """Drafts that the browser may forget."""
    return st.session_state.get(_DONE) or []


def _typed(key: str) -> dict[str, Any] | None:
    """None: the browser has said nothing yet."""
    state = st.session_state.get(key)
    typed = state.get("text") if isinstance(state, Mapping) else None
    return typed if isinstance(typed, dict) else None
