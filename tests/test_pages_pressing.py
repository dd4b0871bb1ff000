"""Every button does its deed once, however often the same drawing of it is pressed, and its success is what is shown."""

from __future__ import annotations

import ast
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from assessments import actions
from assessments.model import Actor, Measure, Ruling, Scenario, Status
from assessments.storage import database, event_lines, lists
from pages._frame import pressing, translation
from questionnaires import load
from tests import pressed, sources
from tests.office import AT, KIM, LEE, Office
from tests.screens import Screen, Visitors

REAL = load.FOLDER
FOLDER = Path(translation.__file__).parents[1]
NO_DEEDS = {"bundle-go", "audit-go", "edition-try", "edition-stop"}
"""Buttons that only show something; pressing them twice shows it twice."""


@pytest.fixture
def twice(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each press arrives a second time before the screen is drawn anew, as a double click does."""
    press: Callable[..., None] = pressing._press

    def pressed_twice(*args: Any) -> None:
        press(*args)
        press(*args)

    monkeypatch.setattr(pressing, "_press", pressed_twice)


def succeeded(screen: Screen) -> None:
    assert 'class="h-notice h-bad"' not in screen.html
    assert 'class="h-notice h-good"' in screen.html


@pytest.mark.slow
def test_every_button_of_the_screens_counts_its_presses() -> None:
    """Fields of answers and of repeated entries are no deeds of their own."""
    for path in sorted(FOLDER.rglob("*.py")):
        if path.name in ("pressing.py", "questions.py", "fields.py"):
            continue
        for node in sources.nodes(path):
            if isinstance(node, ast.Call) and getattr(node.func, "attr", "") in ("button", "form_submit_button"):
                assert isinstance(node.func, ast.Attribute)
                if getattr(node.func.value, "id", "") == "pressing":
                    continue
                keys = {keyword.value.value for keyword in node.keywords if isinstance(keyword.value, ast.Constant)}
                assert keys & NO_DEEDS, (path.name, node.lineno)


@pytest.mark.slow
@pytest.mark.usefixtures("twice")
def test_a_double_click_registers_and_starts_nothing_twice(office: Office, visitors: Visitors) -> None:
    screen = visitors.sign_in(KIM).open("systems")
    succeeded(screen.type("operator-new-name", "해태 주식회사").click("operator-new-go"))
    succeeded(screen.type("system-new-1-name_ko", "서류 도우미").click("system-new-1-go"))
    screen.unfold("start-1-fold").choose_in_form("start-1-domain", "hiring")
    succeeded(screen.click("start-1-go"))
    with database.reading() as session:
        (entry,) = lists.register(session).entries
        assert entry.system is not None
        assert lists.assessments(session).total == 1


STEPS: list[tuple[str, Actor, str, Status]] = [
    ("review", KIM, "submit-1-go", Status.SUBMITTED),
    ("decide", LEE, "decide-1-1-go", Status.DECIDED),
    ("assessment", KIM, "revise-1-go", Status.DRAFT),
    ("assessment", KIM, "withdraw-1-go", Status.WITHDRAWN),
]


@pytest.mark.slow
@pytest.mark.usefixtures("twice")
def test_a_double_click_on_a_step_takes_it_once_and_shows_that_it_worked(office: Office, visitors: Visitors) -> None:
    office.start()
    office.fill(1)
    for page, actor, key, status in STEPS:
        screen = visitors.sign_in(actor).open(page, assessment=1)
        if key == "decide-1-1-go":
            screen.choose_in_form("decide-1-1-ruling", Ruling.APPROVED).type("decide-1-1-reason", "충분하다.")
        if key == "withdraw-1-go":
            screen.unfold("withdraw-1-fold").type("withdraw-1-2-reason", "쓰지 않는다.")
        succeeded(screen.click(key))
        assert office.read(1).status is status, key
    assert office.read(1).revision == 2


@pytest.mark.slow
@pytest.mark.usefixtures("twice")
def test_a_double_click_returns_once(office: Office, visitors: Visitors) -> None:
    office.start()
    office.submit(1)
    screen = visitors.sign_in(LEE).open("decide", assessment=1).unfold("return-1-1-fold")
    succeeded(screen.type("return-1-1-reason", "3번을 고치십시오.").click("return-1-1-go"))
    with database.reading() as session:
        assert len([line for line in event_lines.events(session, 1) if line.kind == "return_to_author"]) == 1


@pytest.mark.slow
def test_what_came_of_a_press_stands_beside_its_button_until_the_next_act(office: Office, visitors: Visitors) -> None:
    office.start()
    screen = visitors.sign_in(KIM).open("review", assessment=1)
    shown = screen.click("submit-1-go").html
    assert shown.count('class="h-notice h-bad"') == 1, "beside the button and not at the top besides"
    assert shown.index('class="h-notice h-bad"') > shown.index('class="h-title"')
    screen.app.run()
    assert 'class="h-notice h-bad"' in screen.html, "it does not go by itself"
    assert 'class="h-notice h-bad"' not in visitors.open("home").html


@pytest.mark.slow
def test_a_form_that_worked_is_drawn_as_another_and_one_that_failed_as_the_same(
    office: Office, visitors: Visitors, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second click of a double click names a button that is no longer there."""
    monkeypatch.setattr(load, "FOLDER", REAL)
    office.start()
    screen = visitors.sign_in(KIM).open("impacts", assessment=1).unfold("measure-new-fold")
    drawn = screen.button("measure-new-save").key
    screen.type("measure-1-1-new-due", "31.12.2026").click("measure-new-save")
    assert 'class="h-notice h-bad"' in screen.html
    assert "날짜로 읽을 수 없습니다" in screen.problem("measure-1-1-new-due")
    assert screen.button("measure-new-save").key == drawn and not office.read(1).measures
    screen.type("measure-1-1-new-due", "2026-12-31").type("measure-1-1-new-text", "다시 듣습니다.")
    screen.choose_in_form("measure-1-1-new-kind", "prevention").click("measure-new-save")
    assert screen.button("measure-new-save").key != drawn and len(office.read(1).measures) == 1


@pytest.mark.slow
def test_a_new_measure_is_for_the_only_scenario_unless_it_is_said_otherwise(
    office: Office, visitors: Visitors, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(load, "FOLDER", REAL)
    office.start()

    def offered(*names: str) -> object:
        scenarios = [Scenario(name, f"거절됩니다 {name}.") for name in names]
        with office.database.transaction() as session:
            actions.set_scenarios(session, 1, scenarios, KIM, AT)
        screen = visitors.sign_in(KIM).open("impacts", assessment=1).unfold("measure-new-fold")
        return screen.entered("measure-1-1-new-scenarios")["value"]

    assert offered("s1") == ["s1"] and offered("s1", "s2") == []


@pytest.mark.slow
def test_saving_one_measure_leaves_the_others_as_they_are(
    office: Office, visitors: Visitors, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(load, "FOLDER", REAL)
    office.start()
    measures = [Measure("m1", "다시 듣습니다.", kind="prevention"), Measure("m2", "되돌립니다.", kind="recovery")]
    with office.database.transaction() as session:
        actions.set_measures(session, 1, measures, KIM, AT)
    screen = visitors.sign_in(KIM).open("impacts", assessment=1).unfold("measure-m1-fold")
    screen.type("measure-1-1-m1-text", "두 번 듣습니다.").click("measure-m1-save")
    assert [measure.text for measure in office.read(1).measures] == ["두 번 듣습니다.", "되돌립니다."]
    screen.enter("measure-1-1-m1-out", "yes").click("measure-m1-save")
    assert [measure.text for measure in office.read(1).measures] == ["되돌립니다."]


def test_a_session_runs_one_message_after_the_other() -> None:
    """With fast reruns each message gets a thread of its own, and the one before is stopped wherever it is: a press that has not
    begun, or is being done, is gone, and what the second thread draws was read before the first one saved."""
    settings = tomllib.loads((FOLDER.parent / ".streamlit" / "config.toml").read_text("utf-8"))
    assert settings["runner"]["fastReruns"] is False


def _interrupted() -> None:
    """A page whose deed looks at its state while another message waits, once at its beginning and once at its end."""
    import streamlit as st
    from streamlit.runtime.scriptrunner import RerunData, get_script_run_ctx

    from pages._frame import pressing

    done: list[str] = st.session_state.setdefault("done", [])
    asked: list[str] = st.session_state.setdefault("asked", [])

    def look(place: str) -> None:
        run = get_script_run_ctx()
        assert run is not None and run.script_requests is not None
        if place not in asked:
            asked.append(place)
            run.script_requests.request_rerun(RerunData(page_script_hash=run.page_script_hash))
        st.session_state.get("anything")

    def deed() -> None:
        look("before")
        done.append("deed")
        pressing.tell("Saved.")
        look("after")

    def choose() -> None:
        look("choice")
        done.append("choice")

    pressing.button("go", "go", deed)
    st.checkbox("choice", key="choice", on_change=pressing.unbroken, args=(choose,))


@pytest.mark.slow
def test_a_press_or_a_choice_is_not_forgotten_for_a_message_that_arrives_meanwhile() -> None:
    app = AppTest.from_function(_interrupted, default_timeout=60).run()
    app.button[0].click().run()
    assert app.session_state["asked"] == ["before", "after"] and app.session_state["done"] == ["deed"]
    app.checkbox[0].check().run()
    assert app.session_state["done"] == ["deed", "choice"]


def _broken_off() -> None:
    """A page that another message breaks off above the form whose button was pressed; without a form, where `hidden` is set."""
    import streamlit as st
    from streamlit.runtime.scriptrunner import RerunData, get_script_run_ctx

    from pages._frame import pressing

    done: list[str] = st.session_state.setdefault("done", [])
    run = get_script_run_ctx()
    assert run is not None and run.script_requests is not None
    if st.session_state.pop("arrives", False):
        run.script_requests.request_rerun(RerunData(page_script_hash=run.page_script_hash))
    st.session_state.get("anything")
    if not st.session_state.get("hidden", False):
        with st.form("form"):
            pressing.submit("add", "add", lambda: done.append("deed"))
    pressing.left_over()


@pytest.mark.slow
def test_a_form_that_was_sent_is_done_though_a_message_arrives_before_its_button_is_drawn() -> None:
    app = AppTest.from_function(_broken_off, default_timeout=60).run()
    app.session_state["arrives"] = True
    app.button[0].click().run()
    assert app.session_state["done"] == ["deed"]
    app.run()
    assert app.session_state["done"] == ["deed"], "once"
    app.session_state["arrives"] = app.session_state["hidden"] = True
    app.button[0].click().run()
    app.session_state["hidden"] = False
    app.run()
    assert app.session_state["done"] == ["deed"], "not later, where the form was not there any more"


def _parted() -> None:
    """A page whose end is not drawn, as when a part of it is drawn by itself."""
    import streamlit as st

    from pages._frame import pressing

    pressing.button("go", "go", lambda: pressing.tell("Saved."))
    st.checkbox("choice", key="choice", on_change=lambda: pressing.tell("Noted."))


@pytest.mark.slow
def test_what_happens_after_a_press_is_no_deed_of_its_button() -> None:
    app = AppTest.from_function(_parted, default_timeout=60).run()
    app.button[0].click().run()
    act = app.session_state["act"]
    assert (act.key, act.turns) == ("go", {"go": 1})
    app.checkbox[0].check().run()
    assert act.told is not None and act.told[1] == "Noted."
    assert (act.key, act.turns) == ("", {"go": 1}), "beside the button stands nothing that it did not do"


def _hiding() -> None:
    """Questions were answered together, and the answers have hidden all of them but the first."""
    import streamlit as st

    from pages._frame import markup, pressing
    from pages._parts import together
    from pages._parts.questions import Place
    from questionnaires import load

    place, key = Place(1, 1, "credit"), "together-a1-1-credit-applicant_notice-in_place"
    st.session_state["act"] = pressing._Act(key=key, told=("good", "4 answered", markup.NOTHING), shown_on="answer")
    for section in load.newest("credit").questionnaire.sections:
        if any(question.id == "applicant_notice" for question in section.questions):
            first = [question for question in section.questions if question.id == "applicant_notice"]
            together.offer(place, section.questions, first, ())


@pytest.mark.slow
def test_that_questions_were_answered_is_told_though_they_are_hidden_by_it() -> None:
    app = AppTest.from_function(_hiding, default_timeout=60).run()
    assert not app.exception
    assert [notice for notice in app.main.children.values() if "4 answered" in str(notice.proto)]


@pytest.mark.slow
def test_every_button_that_does_something_is_double_clicked_in_a_browser() -> None:
    """A new one is double-clicked in tests/browser/test_double_clicks.py and named in tests/pressed.py."""
    drawn, walked = pressed.keys(), [key for keys in pressed.DOUBLE_CLICKED.values() for key in keys]
    assert not {key: place for key, place in drawn.items() if key not in walked}
    assert sorted(walked) == sorted(drawn)


@pytest.mark.slow
def test_the_pattern_of_a_drawn_button_is_the_one_that_says_most() -> None:
    assert pressed.pattern_of("stElementContainer st-key-measure-new-save-2 x") == "measure-new-save"
    assert pressed.pattern_of("st-key-measure-m1-save") == "measure-*-save"
    assert pressed.pattern_of("st-key-unit-below-3-go") == "*go"
    assert pressed.pattern_of("st-key-nothing-that-is-drawn") == ""
