"""A form asks for its own fields alone: none of another form on the same screen stops its press."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest

from assessments import actions, people
from assessments.errors import RefusedError
from assessments.home import home
from assessments.model import Actor, Assessment, Impact, Measure, Role, Scenario, Status
from assessments.rules import workflow
from pages._field import forms
from pages._frame import shared
from questionnaires import load
from questionnaires.schema import Text
from questionnaires.texts import Told
from tests.office import AT, KIM, LEE, Office
from tests.screens import Screen, Visitors

ROE = Actor("roe", "노루", frozenset(Role) - {Role.AUDITOR})
SHIPPED = load.FOLDER


@contextmanager
def _open(*_: object, **__: object) -> Iterator[bool]:
    yield True


def _submitted(before: Assessment, actor: Actor, at: datetime, sha256: str, *_: object) -> Assessment:
    """Whatever is missing."""
    return replace(before, status=Status.SUBMITTED, content_sha256=sha256, submitted_by=actor.person, submitted_at=at)


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[set[str]]:
    """Every fold is open; what a press asks for is kept here, and nothing is done."""
    asked: list[set[str]] = []

    def complete(beginning: str) -> bool:
        asked.append({key for key in forms._drafts().fields if key.startswith(beginning)})
        return True

    @contextmanager
    def deed(*beginnings: str, **_: object) -> Iterator[Any]:
        raise RefusedError(Told(Text(ko="아니오", en="no"), Text(ko="하지 마십시오", en="leave it")))
        yield

    monkeypatch.setattr(shared, "fold", _open)
    monkeypatch.setattr(workflow, "submit", _submitted)
    monkeypatch.setattr(forms, "complete", complete)
    monkeypatch.setattr(forms, "deed", deed)
    return asked


def _forms(screen: Screen) -> dict[str, set[str]]:
    """Key of a form → of the fields in it; "" holds those in none."""
    fields: dict[str, set[str]] = {}
    known = sorted(screen.app.session_state["drafts"].fields, key=len, reverse=True)
    for component in screen.app.get("bidi_component"):
        key = next((key for key in known if component.proto.id.endswith(f"-{key}")), "")
        if key:
            fields.setdefault(component.proto.form_id, set()).add(key)
    return fields


@pytest.mark.slow
@pytest.mark.parametrize(
    "page",
    ["systems", "impacts", "involvement", "review", "decide", "comments", "people", "units"],
)
def test_no_form_asks_for_a_field_of_another(
    office: Office, visitors: Visitors, monkeypatch: pytest.MonkeyPatch, asked: list[set[str]], page: str
) -> None:
    monkeypatch.setattr(load, "FOLDER", SHIPPED)
    people.add_person(home(), ROE.id, ROE.name, sorted(ROE.roles))
    number = office.start()
    scenarios = [Scenario("s1", "누가 떨어진다", impacts=(Impact("평등권"),)), Scenario("s2", "누가 다친다")]
    with office.database.transaction() as session:
        actions.set_scenarios(session, number, scenarios, KIM, AT)
        actions.set_measures(session, number, [Measure("m1", "다시 본다"), Measure("m10", "알린다")], KIM, AT)
        for words in ("하나", "둘"):
            actions.comment(session, number, "assessment", words, ROE, AT)
    visitors.sign_in(LEE if page == "decide" else ROE)
    if page == "decide":
        with office.database.transaction() as session:
            actions.submit(session, number, KIM, AT)
    pressed = 0
    screen = visitors.open(page, assessment=number)
    for key in [button.key or "" for button in screen.app.button if button.proto.form_id]:
        screen = visitors.open(page, assessment=number)
        in_forms, button = _forms(screen), screen.button(key.partition("~")[0])
        own = in_forms.get(button.proto.form_id, set())
        if not own:
            continue
        asked.clear()
        button.click().run()
        pressed += 1
        others = set().union(*asked) - own - in_forms.get("", set())
        assert not others, (key, sorted(others))
    assert pressed
