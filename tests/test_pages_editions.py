"""The screen that tries another edition on all assessments: what changes is counted and listed, of one's own units alone."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from assessments import actions, people, viewing
from assessments.model import Actor, Grant, Role, Status
from assessments.storage import rescoring
from questionnaires import load
from tests.office import AT, KIM, LEE, Office
from tests.screens import Screen, Visitors

SECONDS = 120
"""Only a hang takes as long."""


def tried(screen: Screen) -> Screen:
    screen.button("edition-try").click().run()
    until = time.monotonic() + SECONDS
    while 'class="h-notice' not in screen.html and time.monotonic() < until:
        time.sleep(0.2)
        screen.app.run()
    return screen.sound()


@pytest.fixture
def second(office: Office, tmp_path: Path) -> str:
    """Another edition of hiring, in which the first route is another one."""
    folder = load.FOLDER / "hiring"
    text = (folder / "1.0.yaml").read_text("utf-8").replace("1.0", "1.1", 1)
    (folder / "1.1.yaml").write_text(text.replace("outcome: high_impact", "outcome: cannot_determine"), "utf-8")
    load.forget()
    return "hiring-1.1"


def test_what_would_change_is_counted_and_listed_with_its_system(
    office: Office, visitors: Visitors, second: str
) -> None:
    office.start()
    screen = visitors.sign_in(KIM).open("editions", edition=second)
    assert "결과는 저장되지 않으며" in screen.html
    html = tried(screen).html
    assert "평가 1건 가운데" in html
    assert html.count("서류 도우미") == ("평가 1건 가운데 1건이" in html)


def test_nothing_of_another_unit_is_tried_or_named(office: Office) -> None:
    office.start()
    with office.database.transaction() as session:
        unit = actions.add_unit(session, "다른 부서", 1, people.command_line(session), AT)
    elsewhere = Actor("elsewhere", "가", frozenset({Role.CHAIR}), frozenset({Grant(Role.CHAIR, unit)}))
    with office.database.reading() as session:
        held = viewing.readable_units(session, elsewhere)
        assert held == {unit} and not rescoring.whole_portfolio(session, list(Status), held)
        assert viewing.summaries(session, elsewhere, [1]) == ()
        mine = viewing.readable_units(session, KIM)
        assert len(rescoring.whole_portfolio(session, list(Status), mine)) == 1
        assert [entry.id for entry in viewing.summaries(session, KIM, [1])] == [1]


def test_without_a_choice_nothing_is_tried(office: Office, visitors: Visitors) -> None:
    office.start()
    screen = visitors.sign_in(LEE).open("editions")
    assert not screen.has_button("edition-try") and 'class="h-notice' not in screen.html
