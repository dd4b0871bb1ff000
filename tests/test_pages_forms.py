"""Fields of forms when runs are broken off: what is in front of the reader is what a press hands over."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta

import pytest
from streamlit.testing.v1 import AppTest

from assessments.home import home
from assessments.storage import database, done_drafts
from assessments.storage.database import Session
from pages._frame import pressing
from tests.office import KIM, Office
from tests.screens import COMPONENTS, Visitors


def _page() -> None:
    """A form whose fields hold what is saved; a press arrives while a run is at its beginning."""
    import streamlit as st

    from pages._field import forms
    from pages._frame import pressing
    from tests.office import KIM

    entered: list[object] = st.session_state.setdefault("entered", [])

    def deed() -> None:
        forms.begin(KIM)  # of a run that was broken off before it came to the form
        entered.append(forms.complete("form-"))
        entered.append((forms.entered("form-name"), forms.entered("form-note"), forms.is_ticked("form-sure")))
        pressing.tell("Saved.")

    forms.begin(KIM)
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


NEW = "operator-new-"


class PowerCutError(Exception):
    """Ends the server where it stands."""


@contextmanager
def cut_after_the_deed(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Between what is committed and what the browser is told of it."""

    def cut(*_arguments: object, **_more: object) -> None:
        raise PowerCutError

    with monkeypatch.context() as moment:
        moment.setattr(pressing, "tell", cut)
        yield


def operators() -> list[str]:
    with closing(sqlite3.connect(home() / "haetae.db")) as file:
        return [str(name) for (name,) in file.execute("SELECT name FROM operator ORDER BY id")]


@pytest.mark.slow
def test_a_draft_whose_deed_was_done_by_a_server_that_died_is_forgotten_by_the_next(
    office: Office, visitors: Visitors, monkeypatch: pytest.MonkeyPatch
) -> None:
    screen = visitors.sign_in(KIM).open("systems").unfold("register-operator-fold")
    screen.enter(f"{NEW}name", "두 번 있을 사업자")
    nonce = screen.app.session_state[f"{NEW}name"]["text"]["nonce"]
    before = operators()
    with cut_after_the_deed(monkeypatch):
        screen.button(f"{NEW}go").click().run()
    assert operators() == [*before, "두 번 있을 사업자"]
    screen = visitors.open("systems").unfold("register-operator-fold")
    assert nonce in screen.entered(f"{NEW}name")["done"], "the browser learns of it as the field is drawn"
    assert screen.entered(f"{NEW}representative")["done"] == []
    screen = visitors.open("systems")
    token = f"kim:form:{NEW}name"
    screen.app.session_state["unsaved"] = {"post": {"nonce": "heard", "letters": [], "drafts": [[token, nonce]]}}
    screen.app.run()
    assert screen.entered("unsaved")["done"] == [nonce], "or although it is not drawn"
    assert screen.field(f"{NEW}name") is None, "and no fold opens for it"


@pytest.mark.slow
def test_a_draft_whose_deed_was_done_meanwhile_is_not_done_again(office: Office, visitors: Visitors) -> None:
    """A page that was left at once came back before the deed was committed, and offered the draft."""
    visitors.sign_in(KIM)
    first, second = (visitors.open("systems").unfold("register-operator-fold") for _ in range(2))
    first.enter(f"{NEW}name", "한 번 있을 사업자")
    second.app.session_state[f"{NEW}name"] = first.app.session_state[f"{NEW}name"]
    first.click(f"{NEW}go")
    second.enter(f"{NEW}representative", "홍길동").click(f"{NEW}go")
    assert operators().count("한 번 있을 사업자") == 1
    assert "이 내용은 이미 저장되었습니다" in second.html and '"h-notice h-bad' not in second.html
    assert second.unfold("register-operator-fold").entered(f"{NEW}name")["done"]
    second.enter(f"{NEW}name", "다음 사업자").click(f"{NEW}go")
    assert operators()[-2:] == ["한 번 있을 사업자", "다음 사업자"]


@pytest.mark.sqlite
def test_what_was_done_on_a_draft_is_known_as_long_as_browsers_keep_it(office: Office) -> None:
    at = datetime(2026, 11, 1, tzinfo=UTC)

    def noted(nonce: str, when: datetime) -> None:
        with database.transaction() as session:
            done_drafts.note(session, "kim", {nonce: "field"}, when)

    def known(session: Session) -> list[str]:
        return done_drafts.done_by(session, "kim", at + timedelta(days=30)).get("field", [])

    noted("old", at - timedelta(seconds=1))
    noted("young", at)
    with database.reading() as session:
        assert known(session) == ["young"]
        assert done_drafts.done_by(session, "lee", at) == {}
    noted("new", at + timedelta(days=30))
    with closing(sqlite3.connect(home() / "haetae.db")) as file:
        assert {nonce for (nonce,) in file.execute("SELECT nonce FROM done_draft")} == {"young", "new"}
