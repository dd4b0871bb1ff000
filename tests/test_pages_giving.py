"""Sections given to people, on screen: given, found, done, taken back, and never lost while the form is filled in."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from assessments import actions
from assessments.home import home
from assessments.people import add_person
from pages._frame import shared
from questionnaires.wording import seoul_day
from tests.office import KIM, LEE, SEO, Office
from tests.screens import Visitors

PLACE = "hiring/all"
KEY = "section-1-hiring/all"


@pytest.fixture
def number(office: Office) -> int:
    for actor in (KIM, SEO, LEE):
        add_person(home(), actor.id, actor.name, sorted(actor.roles))
    return office.start()


def _give(office: Office, number: int, due: date, place: str = PLACE) -> None:
    with office.database.transaction() as session:
        at = shared.now() - timedelta(days=30)
        actions.give_section(session, number, place, SEO.id, due, KIM, at)


@pytest.mark.slow
def test_a_section_is_given_found_on_the_first_screen_marked_as_done_and_taken_back(
    office: Office, visitors: Visitors, number: int
) -> None:
    form = f"section-give-{number}"
    screen = visitors.sign_in(KIM).open("assessment", assessment=number).unfold(f"{form}-fold")
    assert {option["value"] for option in screen.entered(f"{form}-person")["field"]["options"]} == {KIM.id, SEO.id}
    screen.enter(f"{form}-place", PLACE).enter(f"{form}-person", SEO.id).enter(f"{form}-due", "2001-01-01")
    screen.click(f"{form}-go")
    assert screen.problem(f"{form}-due") and "이미 지났습니다" in screen.html
    screen.enter(f"{form}-due", "2099-12-31").click(f"{form}-go")
    assert "맡겼습니다" in screen.html and "서두리, 2099. 12. 31.까지" in screen.html
    own = visitors.sign_in(SEO).open()
    assert f"/answer?assessment={number}&amp;section=all#section-all" in own.html and "2099. 12. 31.까지" in own.html
    section = visitors.open("answer", assessment=number)
    assert "서두리, 2099. 12. 31.까지" in section.html and f"/assessment?assessment={number}#given" in section.html
    listed = visitors.open("assessment", assessment=number)
    assert not listed.has_button(f"{KEY}-back") and not listed.has_button(f"{form}-go")
    listed.click(f"{KEY}-done")
    assert "서두리: 완료" in listed.html and "2099. 12. 31.까지" not in visitors.open().html
    again = visitors.sign_in(KIM).open("assessment", assessment=number).click(f"{KEY}-back")
    assert "거두었습니다" in again.html and "서두리: 완료" not in again.html


def test_what_is_overdue_stands_first_and_says_so(office: Office, visitors: Visitors, number: int) -> None:
    today = seoul_day(shared.now())
    _give(office, number, today + timedelta(days=2), "scenarios")
    _give(office, number, today - timedelta(days=1))
    shown = visitors.sign_in(SEO).open().html
    assert shown.index("기한 지남") < shown.index("까지") and "김하나님이 맡김" in shown
    assert "기한 지남" in visitors.sign_in(LEE).open("assessment", assessment=number).html
    assert "기한 지남" not in visitors.open().html, "it waits for nobody else"
    office.submit(number)
    assert "기한 지남" not in visitors.sign_in(SEO).open().html
