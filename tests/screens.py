"""Screens without a browser: somebody who is signed in, and what the screen in front of them says."""

from __future__ import annotations

import json
import sys
import uuid
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from streamlit.components.v2.component_manager import BidiComponentManager
from streamlit.runtime import context
from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import Button

from assessments.home import home
from assessments.model import Actor, Statement
from assessments.people import add_person, find_person
from tests import doors
from tests.office import Office

PROGRAM = sys.modules["__main__"]
COMPONENTS = BidiComponentManager()
"""No screen has components of other packages; looking for them in all that is installed takes longer than most screens."""
MAIN = Path(__file__).resolve().parent.parent / "pages" / "main.py"


class Screen:
    """What somebody sees; every key and button is named as in the page."""

    def __init__(self, app: AppTest) -> None:
        self.app = app

    @property
    def html(self) -> str:
        """All that is drawn as HTML, in order."""
        return "\n".join(one.proto.body for one in self.app.get("html"))

    def click(self, key: str) -> Screen:
        self.button(key).click().run()
        return self.sound()

    def button(self, key: str) -> Button:
        """As it is drawn now: after each deed a button has another number."""
        return next(button for button in self.app.button if (button.key or "").partition("~")[0] == key)

    def field(self, key: str) -> dict[str, Any] | None:
        """What the field of a question is drawn from. None: there is none."""
        for component in self.app.get("bidi_component"):
            if component.proto.id.endswith(f"-{key}"):
                content: dict[str, Any] = json.loads(component.proto.json)[0]
                return content
        return None

    def shown(self, key: str) -> dict[str, Any]:
        """Answer and note as the field shows them."""
        field = self.field(key)
        assert field is not None, key
        value: dict[str, Any] = field["value"]
        return value

    def verdict(self, key: str) -> dict[str, Any]:
        """What the server last said of what was written there."""
        field = self.field(key)
        assert field is not None and field["verdict"], key
        verdict: dict[str, Any] = field["verdict"]
        return verdict

    def write(self, key: str, **parts: object) -> Screen:
        """Answer or note of a question, as the browser sends them. base, seen, sent, nonce: of an older screen."""
        field = self.field(key)
        assert field is not None, key
        letter = {name: parts.pop(name) for name in ("nonce", "base", "seen", "sent", "dropped") if name in parts}
        own = {
            "nonce": uuid.uuid4().hex,
            "token": field["token"],
            "base": field["base"],
            "seen": field["value"],
            "sent": [],
        }
        self.app.session_state[key] = {"letter": own | {"value": field["value"] | parts} | letter}
        self.app.run()
        return self.sound()

    def fill(self, key: str, text: str) -> Screen:
        if self.field(key):
            return self.write(key, answer=text)
        areas = [one for one in self.app.text_area if one.key == key]
        (areas[0] if areas else self.app.text_input(key=key)).input(text).run()
        return self.sound()

    def type(self, key: str, text: str) -> Screen:
        """Into a field of a form, which says nothing until its button is pressed."""
        if self.field(key):
            return self.enter(key, text)
        areas = [one for one in self.app.text_area if one.key == key]
        (areas[0] if areas else self.app.text_input(key=key)).input(text)
        return self

    def choose(self, key: str, value: object) -> Screen:
        if self.field(key):
            return self.write(key, answer=value)
        self.app.radio(key=key).set_value(value).run()
        return self.sound()

    def enter(self, key: str, value: object) -> Screen:
        """What the browser says of a form's field: words, the value of an option, several, or "yes" for a tick."""
        assert self.field(key) is not None, key
        self.app.session_state[key] = {"text": {"text": value, "nonce": uuid.uuid4().hex}}
        return self

    def state_all(self, key: str) -> Screen:
        """Ticks what a signing officer states. key: of the form."""
        for statement in Statement:
            self.enter(f"{key}-{statement}", "yes")
        return self

    def entered(self, key: str) -> dict[str, Any]:
        """What a form's field is drawn from."""
        field = self.field(key)
        assert field is not None, key
        return field

    def problem(self, key: str) -> str:
        """Why a form was refused at this field; empty: it was not."""
        problem = self.entered(key)["problem"]
        return str(problem["text"]) if problem else ""

    def choose_in_form(self, key: str, value: object) -> Screen:
        if self.field(key):
            return self.enter(key, value)
        self.app.radio(key=key).set_value(value)
        return self

    def has_button(self, key: str) -> bool:
        return any((button.key or "").partition("~")[0] == key for button in self.app.button)

    def unfold(self, key: str) -> Screen:
        """Opens a part that draws what is in it only once it is open."""
        self.app.session_state[key] = True
        self.app.run()
        return self.sound()

    def sound(self) -> Screen:
        """Nothing unforeseen happened. The script of a screen stays behind as the program that runs, and a
        process that `multiprocessing` begins would run it first."""
        sys.modules["__main__"] = PROGRAM
        assert not self.app.exception, [one.value for one in self.app.exception]
        return self


class Visitors:
    """Who is in front of a screen: their session and language are what the browser's cookies say."""

    def __init__(self, office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
        self.office = office
        self.cookies: dict[str, str] = {}
        client = SimpleNamespace(cookies=self.cookies, headers=[], remote_ip="127.0.0.1")
        monkeypatch.setattr(context, "_get_client_context", lambda: client)

    def sign_in(self, actor: Actor, language: str = "ko") -> Visitors:
        if find_person(home(), actor.id) is None:
            add_person(home(), actor.id, actor.name, sorted(actor.roles))
        self.cookies |= doors.cookies_of(actor.id) | {"haetae_language": language}
        return self

    def open(self, screen: str = "home", **query: object) -> Screen:
        """A screen opened anew, as after a reload."""
        app = AppTest.from_file(str(MAIN), default_timeout=120)
        app._bidi_component_manager = COMPONENTS
        for name, value in query.items():
            app.query_params[name] = str(value)
        if screen != "home":
            app.switch_page(
                f"{screen}.py"
            )  # before the first run a page goes by the name of its file, which is that of its path
        app.run()
        return Screen(app).sound()
