"""Fields of forms when runs are broken off: what is in front of the reader is what a press hands over."""

from __future__ import annotations

from streamlit.testing.v1 import AppTest

from tests.office import KIM, Office
from tests.screens import COMPONENTS, Visitors


def _page() -> None:
    """A form whose fields hold what is saved; a press arrives while a run is at its beginning."""
    import streamlit as st

    from pages._field import forms
    from pages._frame import pressing

    entered: list[object] = st.session_state.setdefault("entered", [])

    def deed() -> None:
        forms.begin()  # of a run that was broken off before it came to the form
        entered.append(forms.complete("form-"))
        entered.append((forms.entered("form-name"), forms.entered("form-note"), forms.is_ticked("form-sure")))
        pressing.tell("Saved.")

    forms.begin()
    with st.form("form"):
        forms.text("Name", key="form-name", value=st.session_state.get("stored", "해태"), required=True)
        forms.text("Note", key="form-note", value="그대로")
        forms.tick("Sure", key="form-sure", value=True)
        pressing.button("Save", "form-go", deed, in_form=True)
    forms.end()


def test_a_form_pressed_while_a_run_begins_hands_over_what_it_shows(office: Office, visitors: Visitors) -> None:
    """Otherwise what nobody touched would be taken as empty, and a required field as there is none."""
    visitors.sign_in(KIM)
    app = AppTest.from_function(_page, default_timeout=60)
    app._bidi_component_manager = COMPONENTS
    app.run().button[0].click().run()
    assert not app.exception
    assert app.session_state["entered"] == [True, ("해태", "그대로", True)]
    app.session_state["stored"] = ""
    app.run().button[0].click().run()
    assert app.session_state["entered"][2] is False
